import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { copyValue } from '@ansinh/copy-text';
import { copyInto, copyRows, type Transaction } from '@ansinh/database';
import { type ListFormat, type RawRow, readList } from '@ansinh/payment-list';
import type { Sealer } from '@ansinh/sealing';
import { columnsOf, type ImportKind } from './import-columns.js';
import { importFindings } from './import-findings.js';
import { RowStager, stagedColumns } from './staged-row.js';

/** Rows whose cells stand under one seal. */
export const rowsPerBlock = 500;

export interface ImportSource {
  id: string;
  kind: ImportKind;
  office: string;
  path: string;
  format: ListFormat;
}

/**
 * Copies a list into the staging tables. One connection takes one COPY at a time, so cells and findings wait in files
 * beside the upload; memory stays flat even where every row is flawed.
 * @returns rows of the list
 * @throws ListError where the file is no list
 */
export async function stageList(tx: Transaction, sealer: Sealer, source: ImportSource): Promise<number> {
  const { id, kind, office, path, format } = source;
  const beside = (name: string) => join(dirname(path), name);
  const file = (name: string) => createWriteStream(beside(name), { mode: 0o600 });
  const rows = await copyInto(tx, `import_row (import_id, row_no, ${stagedColumns.join(', ')})`);
  const streams = { rows, cells: file('cells'), findings: file('findings') };
  const writer = new StagedText(id, new RowStager(kind, office, sealer), sealer);
  try {
    for await (const raw of readList(createReadStream(path), format, columnsOf(kind))) {
      for (const row of raw) writer.add(row);
      await flush(writer, streams);
    }
    writer.sealBlock();
    await flush(writer, streams);
    for (const stream of Object.values(streams)) {
      stream.end();
      await finished(stream);
    }
  } catch (error) {
    // Lets go of an unfinished COPY, so that the transaction can roll back.
    for (const stream of Object.values(streams)) stream.on('error', () => undefined).destroy();
    throw error;
  }
  await copyRows(tx, 'import_cells (import_id, block_no, sealed)', createReadStream(beside('cells')));
  await copyRows(
    tx,
    'import_finding (import_id, row_no, code, column_name, is_blocking, facts)',
    createReadStream(beside('findings')),
  );
  return writer.rows;
}

type Streams = Record<'rows' | 'cells' | 'findings', Writable>;

async function flush(writer: StagedText, streams: Streams): Promise<void> {
  for (const [name, text] of Object.entries(writer.take()) as [keyof Streams, string][]) {
    if (text !== '' && !streams[name].write(text)) await once(streams[name], 'drain');
  }
}

/** Text in COPY's format for the three tables. */
class StagedText {
  rows = 0;
  private text = { rows: '', cells: '', findings: '' };
  private block: string[][] = [];

  constructor(
    private readonly id: string,
    private readonly stager: RowStager,
    private readonly sealer: Sealer,
  ) {}

  add(raw: RawRow): void {
    this.rows += 1;
    const { staged, findings } = this.stager.stage(raw);
    let line = `${this.id}\t${this.rows}`;
    for (const column of stagedColumns) line += `\t${copyValue(staged[column] ?? null)}`;
    this.text.rows += `${line}\n`;
    for (const { code, column, facts } of findings) {
      const values = [this.id, this.rows, code, column ?? '', importFindings[code].isBlocking];
      this.text.findings += `${values.join('\t')}\t${copyValue(JSON.stringify(facts))}\n`;
    }
    this.block.push(raw.text === null ? raw.cells : [raw.text]);
    if (this.block.length === rowsPerBlock) this.sealBlock();
  }

  sealBlock(): void {
    if (this.block.length === 0) return;
    const block = Math.ceil(this.rows / rowsPerBlock) - 1;
    const sealed = this.sealer.seal(JSON.stringify(this.block), cellsPlace(this.id, block));
    this.text.cells += `${this.id}\t${block}\t\\\\x${sealed.toString('hex')}\n`;
    this.block = [];
  }

  take(): { rows: string; cells: string; findings: string } {
    const taken = this.text;
    this.text = { rows: '', cells: '', findings: '' };
    return taken;
  }
}

export const cellsPlace = (importId: string, block: number) => `import_cells/${importId}/${block}`;
