import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify, type Options } from 'csv-stringify/sync';
import type { Language, Text } from '@ansinh/language';
import { columnTitles, listColumns } from './list-columns.js';
import type { OriginalRow } from './list-row.js';
import { writeWorkbook } from './workbook-writer.js';

export interface RemarkedRow {
  cells: OriginalRow;
  /** Sentences in the language of the file; empty for a row without findings. */
  remarks: string;
}

export interface RemarksOptions {
  format: 'csv' | 'xlsx';
  language: Language;
}

const remarksTitle: Text = { vi: 'Ghi chú kiểm tra', en: 'Remarks' };
const sheetName: Text = { vi: 'Danh sách', en: 'List' };
const columnWidths = [16, 26, 12, 20, 14, 14, 14, 10, 12, 8, 40, 80];

/**
 * The list again, with what was found beside each row: to be corrected and sent in again, for the column of remarks is
 * ignored then. A row that could not be cut into cells stands whole in the first one. Written as it streams in; ends the
 * output. Text that a spreadsheet would run as a formula is kept from it: by an apostrophe before it in CSV, by the type
 * of the cell in XLSX.
 */
export async function writeRemarks(
  rows: AsyncIterable<RemarkedRow>,
  output: Writable,
  { format, language }: RemarksOptions,
): Promise<void> {
  const titles = [...listColumns.map((column) => columnTitles[column][language]), remarksTitle[language]];
  if (format === 'csv') {
    await pipeline(Readable.from(csvPieces(titles, rows)), output);
    return;
  }
  const columns = titles.map((title, index) => ({ title, width: columnWidths[index]! }));
  await writeWorkbook(sheetName[language], columns, textsOf(rows), output);
}

const ROWS_OF_PIECE = 500;

/** Excel takes a CSV for UTF-8 only when it begins with a byte order mark. */
const csvOptions: Options = { escape_formulas: true, record_delimiter: 'windows' };

async function* csvPieces(titles: string[], rows: AsyncIterable<RemarkedRow>): AsyncGenerator<string> {
  let records = [titles];
  let isFirst = true;
  for await (const texts of textsOf(rows)) {
    records.push(texts);
    if (records.length < ROWS_OF_PIECE) continue;
    yield stringify(records, { ...csvOptions, bom: isFirst });
    records = [];
    isFirst = false;
  }
  if (records.length > 0) yield stringify(records, { ...csvOptions, bom: isFirst });
}

async function* textsOf(rows: AsyncIterable<RemarkedRow>): AsyncGenerator<string[]> {
  for await (const { cells, remarks } of rows) {
    const texts = cells.text === undefined ? listColumns.map((column) => cells[column] ?? '') : [cells.text];
    while (texts.length < listColumns.length) texts.push('');
    yield [...texts, remarks];
  }
}
