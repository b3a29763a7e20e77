import type { Writable } from 'node:stream';
import type { Language, Text } from '@ansinh/language';
import { columnTitles, listColumns } from './list-columns.js';
import type { OriginalRow } from './list-row.js';
import { writeTable } from './table-writer.js';

export interface RemarkedRow<Cells = OriginalRow> {
  cells: Cells;
  /** Sentences in the language of the file; empty for a row without findings. */
  remarks: string;
}

export interface RemarksOptions {
  format: 'csv' | 'xlsx';
  language: Language;
}

export interface RemarkedColumn {
  title: Text;
  /** In characters. */
  width: number;
}

const remarksColumn: RemarkedColumn = { title: { vi: 'Ghi chú kiểm tra', en: 'Remarks' }, width: 80 };
const sheetName: Text = { vi: 'Danh sách', en: 'List' };
const columnWidths = [16, 26, 12, 20, 14, 14, 14, 10, 12, 8, 40];

/**
 * A list of payments again, with what was found beside each row: to be corrected and sent in again, for the column of remarks
 * is ignored then. A row that could not be cut into cells stands whole in the first one. Written as it streams in; ends the
 * output.
 */
export async function writeRemarks(
  rows: AsyncIterable<RemarkedRow>,
  output: Writable,
  options: RemarksOptions,
): Promise<void> {
  const columns = listColumns.map((column, index) => ({
    title: columnTitles[column],
    width: columnWidths[index]!,
  }));
  await writeRemarkedTable(textsOf(rows), output, { ...options, columns });
}

async function* textsOf(rows: AsyncIterable<RemarkedRow>): AsyncGenerator<RemarkedRow<string[]>> {
  for await (const { cells, remarks } of rows)
    yield {
      cells: cells.text === undefined ? listColumns.map((column) => cells[column] ?? '') : [cells.text],
      remarks,
    };
}

/** The same of a list with any columns. @param options `remarks`: of the last column, where it is called otherwise */
export async function writeRemarkedTable(
  rows: AsyncIterable<RemarkedRow<readonly string[]>>,
  output: Writable,
  {
    format,
    language,
    columns,
    remarks = remarksColumn,
  }: RemarksOptions & { columns: readonly RemarkedColumn[]; remarks?: RemarkedColumn },
): Promise<void> {
  const sheet = [...columns, remarks].map(({ title, width }) => ({ title: title[language], width }));
  await writeTable(padded(rows, columns.length), output, {
    format,
    sheetName: sheetName[language],
    columns: sheet,
  });
}

/** A row may have fewer cells than its header. */
async function* padded(
  rows: AsyncIterable<RemarkedRow<readonly string[]>>,
  width: number,
): AsyncGenerator<string[]> {
  for await (const { cells, remarks } of rows)
    yield [...cells, ...Array<string>(Math.max(0, width - cells.length)).fill(''), remarks];
}
