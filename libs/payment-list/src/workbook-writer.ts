import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { escapeText, lettersOfColumn } from './workbook-cell.js';

/** Rows of an Excel sheet, without the header. */
export const SHEET_ROWS_MAX = 1_048_575;

/** Text is handed to the compressor in pieces of about this many characters. */
const PIECE_LENGTH = 64 * 1024;
const CELL_LENGTH_MAX = 32_767;

export interface SheetColumn {
  title: string;
  /** In characters. */
  width: number;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Style 1 is text (so that numbers keep their zeros when somebody edits them), style 2 a header, style 3 wrapped text. */
const styles = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf fontId="1" numFmtId="49" applyFont="1" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>`;

/**
 * Writes a workbook with one sheet of text cells, row by row as they come: it waits while the output is full, so memory
 * stays flat however slowly the workbook is fetched. Every cell is text: nothing in it can become a formula. The last
 * column is wrapped. Destroys the output when the rows fail, and leaves the rows when the output is closed.
 * Throws RangeError past `SHEET_ROWS_MAX` rows.
 */
export async function writeWorkbook(
  sheetName: string,
  columns: readonly SheetColumn[],
  rows: AsyncIterable<readonly string[]>,
  output: Writable,
): Promise<void> {
  const zip = new ZipFile();
  const sheet = Readable.from(sheetPieces(columns, rows), { objectMode: false });
  // The archive does not watch what is piped into it: without this it would wait for ever for rows that failed.
  const archive = zip.outputStream as Readable;
  sheet.on('error', (error) => archive.destroy(error));
  zip.on('error', (error: Error) => archive.destroy(error));
  for (const [name, text] of fixedParts(sheetName)) zip.addBuffer(Buffer.from(text), name);
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', { compressionLevel: 1 });
  zip.end();
  try {
    await pipeline(archive, output);
  } finally {
    sheet.destroy();
    // Rows come from a cursor of the database, and its connection is free only when they are left.
    if (!sheet.closed) await once(sheet, 'close');
  }
}

function fixedParts(sheetName: string): [string, string][] {
  const contentTypes = [
    ['/xl/workbook.xml', `${TYPES}.sheet.main+xml`],
    ['/xl/worksheets/sheet1.xml', `${TYPES}.worksheet+xml`],
    ['/xl/styles.xml', `${TYPES}.styles+xml`],
  ].map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`);
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return [
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${contentTypes.join('')}</Types>`,
    ],
    [
      '_rels/.rels',
      `${XML}<Relationships xmlns="${RELATIONS}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escapeText(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${RELATIONS}">${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${relation('rId2', 'styles', 'styles.xml')}</Relationships>`,
    ],
    ['xl/styles.xml', styles],
  ];
}

async function* sheetPieces(
  columns: readonly SheetColumn[],
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<string> {
  const letters = columns.map((_, column) => lettersOfColumn(column));
  const widths = columns.map(
    ({ width }, column) => `<col min="${column + 1}" max="${column + 1}" width="${width}" customWidth="1"/>`,
  );
  let piece = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData>`;
  const cell = (text: string, column: number, line: number, style: number) =>
    text === ''
      ? ''
      : `<c r="${letters[column]}${line}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text.slice(0, CELL_LENGTH_MAX))}</t></is></c>`;
  piece += `<row r="1">${columns.map(({ title }, column) => cell(title, column, 1, 2)).join('')}</row>`;
  let line = 1;
  for await (const texts of rows) {
    line += 1;
    if (line - 1 > SHEET_ROWS_MAX) throw new RangeError(`A sheet has at most ${SHEET_ROWS_MAX} rows`);
    piece += `<row r="${line}">`;
    for (let column = 0; column < columns.length; column += 1) {
      piece += cell(texts[column] ?? '', column, line, column === columns.length - 1 ? 3 : 1);
    }
    piece += '</row>';
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}</sheetData></worksheet>`;
}
