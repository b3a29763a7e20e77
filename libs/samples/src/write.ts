import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import exceljs from 'exceljs';
import { sampleColumns, type SampleRow } from './rows.js';

/** Text is handed to the output in pieces of about this many characters. */
const PIECE_LENGTH = 64 * 1024;

export interface CsvOptions {
  /** Written as the first row; the canonical names by default. */
  header?: readonly string[];
  /** `,` by default; Excel in Vietnamese writes `;`. */
  delimiter?: string;
}

/** Writes rows as CSV (UTF-8, LF) and ends the output. Waits while the output is full, so memory stays flat. */
export async function writeCsv(
  rows: Iterable<SampleRow>,
  output: Writable,
  options: CsvOptions = {},
): Promise<void> {
  const { header = sampleColumns, delimiter = ',' } = options;
  const mustQuote = new RegExp(`["\\r\\n${delimiter}]`);
  const cellText = (cell: string) => (mustQuote.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const csvLine = (row: SampleRow) => {
    let line = cellText(row.payeeId);
    for (let index = 1; index < sampleColumns.length; index += 1) {
      line += delimiter + cellText(row[sampleColumns[index]!]);
    }
    return line;
  };
  await writeLines(header.map(cellText).join(delimiter), rows, csvLine, output);
}

/** Writes one JSON object a line, every value a string, and ends the output. */
export async function writeNdjson(rows: Iterable<SampleRow>, output: Writable): Promise<void> {
  await writeLines(null, rows, (row) => JSON.stringify(row, sampleColumns as unknown as string[]), output);
}

/** Rows between two rests in which the compressor of the workbook catches up. */
const ROWS_BETWEEN_RESTS = 200;

export interface XlsxOptions {
  /** Written as the first row; the canonical names by default. */
  header?: readonly string[];
  /** Keep strings in one table, as Excel does; false writes them into the cells, as other programs do. */
  sharedStrings?: boolean;
}

/** Writes rows as the first sheet of an Excel workbook, every cell as text, and ends the output. */
export async function writeXlsx(
  rows: Iterable<SampleRow>,
  output: Writable,
  options: XlsxOptions = {},
): Promise<void> {
  const { header = sampleColumns, sharedStrings = false } = options;
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({
    stream: output,
    useSharedStrings: sharedStrings,
  });
  const sheet = workbook.addWorksheet('Danh sách');
  sheet.addRow([...header]).commit();
  let count = 0;
  for (const row of rows) {
    sheet.addRow(sampleColumns.map((column) => row[column])).commit();
    count += 1;
    if (count % ROWS_BETWEEN_RESTS === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  sheet.commit();
  await workbook.commit();
}

async function writeLines(
  firstLine: string | null,
  rows: Iterable<SampleRow>,
  line: (row: SampleRow) => string,
  output: Writable,
): Promise<void> {
  let piece = firstLine === null ? '' : `${firstLine}\n`;
  for (const row of rows) {
    piece += `${line(row)}\n`;
    if (piece.length >= PIECE_LENGTH) {
      if (!output.write(piece)) await once(output, 'drain');
      piece = '';
    }
  }
  output.end(piece);
  await finished(output);
}
