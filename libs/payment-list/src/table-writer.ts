import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify, type Options } from 'csv-stringify/sync';
import { type SheetColumn, writeWorkbook } from './workbook-writer.js';

export interface TableOptions {
  format: 'csv' | 'xlsx';
  sheetName: string;
  /** The last one is wrapped in a workbook. */
  columns: readonly SheetColumn[];
}

/**
 * Writes a table of texts with a header, as it streams in; ends the output. Text that a spreadsheet would run as a formula
 * is kept from it: by an apostrophe before it in CSV, by the type of the cell in XLSX.
 */
export async function writeTable(
  rows: AsyncIterable<readonly string[]>,
  output: Writable,
  { format, sheetName, columns }: TableOptions,
): Promise<void> {
  if (format === 'xlsx') return writeWorkbook(sheetName, columns, rows, output);
  const titles = columns.map(({ title }) => title);
  await pipeline(Readable.from(csvPieces(titles, rows)), output);
}

const ROWS_OF_PIECE = 500;

/** Excel takes a CSV for UTF-8 only when it begins with a byte order mark. */
const csvOptions: Options = { escape_formulas: true, record_delimiter: 'windows' };

async function* csvPieces(
  titles: readonly string[],
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<string> {
  let records = [titles];
  let isFirst = true;
  for await (const texts of rows) {
    records.push(texts);
    if (records.length < ROWS_OF_PIECE) continue;
    yield stringify(records, { ...csvOptions, bom: isFirst });
    records = [];
    isFirst = false;
  }
  if (records.length > 0) yield stringify(records, { ...csvOptions, bom: isFirst });
}
