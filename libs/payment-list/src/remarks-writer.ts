import type { Writable } from 'node:stream';
import type { Language, Text } from '@ansinh/language';
import { columnTitles, listColumns } from './list-columns.js';
import type { OriginalRow } from './list-row.js';
import { writeTable } from './table-writer.js';

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
 * output.
 */
export async function writeRemarks(
  rows: AsyncIterable<RemarkedRow>,
  output: Writable,
  { format, language }: RemarksOptions,
): Promise<void> {
  const titles = [...listColumns.map((column) => columnTitles[column][language]), remarksTitle[language]];
  const columns = titles.map((title, index) => ({ title, width: columnWidths[index]! }));
  await writeTable(textsOf(rows), output, { format, sheetName: sheetName[language], columns });
}

async function* textsOf(rows: AsyncIterable<RemarkedRow>): AsyncGenerator<string[]> {
  for await (const { cells, remarks } of rows) {
    const texts = cells.text === undefined ? listColumns.map((column) => cells[column] ?? '') : [cells.text];
    while (texts.length < listColumns.length) texts.push('');
    yield [...texts, remarks];
  }
}
