import { ByteText, copyValue } from '@ansinh/copy-text';
import { CellSealer, type ListPart, type RawRow, rowsOf, rowsPerBlock } from '@ansinh/payment-list';
import type { Sealer } from '@ansinh/sealing';
import type { ImportKind } from './import-columns.js';
import { importFindings } from './import-findings.js';
import { RowStager, stagedColumns } from './staged-row.js';

/** Whole blocks, and enough rows that handing them to a thread and back costs little beside the work. */
export const rowsPerTask = 4 * rowsPerBlock;

/** Rows that follow each other; the first begins a block. */
export interface ListRows {
  id: string;
  kind: ImportKind;
  office: string;
  /** When the list came, in milliseconds: the ids of its rows go by it. */
  at: number;
  parts: ListPart[];
}

/** Text in COPY's format for three tables. */
export interface StagedText {
  rows: Uint8Array;
  cells: Uint8Array;
  findings: Uint8Array;
}

/** The table of the cells. */
export const importCells = 'import_cells';

/** A thread makes one text at a time, from beginning to end. */
const written = { rows: new ByteText(), cells: new ByteText(), findings: new ByteText() };

/** Checks rows, keys and seals them. One at a time: what is kept of thousands costs the collector of garbage more. */
export function stageRows({ id, kind, office, at, parts }: ListRows, sealer: Sealer): StagedText {
  for (const text of Object.values(written)) text.clear();
  const stager = new RowStager(kind, office, at, sealer);
  const cells = new CellSealer(importCells, id, sealer);
  for (const part of parts) {
    for (const raw of rowsOf(part)) {
      addRow(id, kind, raw, stager);
      written.cells.add(cells.add(raw));
    }
  }
  written.cells.add(cells.rest());
  return { rows: written.rows.take(), cells: written.cells.take(), findings: written.findings.take() };
}

function addRow(id: string, kind: ImportKind, raw: RawRow, stager: RowStager): void {
  const { staged, findings } = stager.stage(raw);
  let line = `${id}\t${raw.row}`;
  for (const column of stagedColumns[kind]) line += `\t${copyValue(staged[column] ?? null)}`;
  written.rows.add(`${line}\n`);
  for (const { code, column, facts } of findings) {
    const values = [id, raw.row, code, column ?? '', importFindings[code].isBlocking];
    written.findings.add(`${values.join('\t')}\t${copyValue(JSON.stringify(facts))}\n`);
  }
}
