import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import exceljs from 'exceljs';
import fc from 'fast-check';
import { ZipFile } from 'yazl';
import { listColumns } from './list-columns.js';
import { ListError } from './list-error.js';
import { readList } from './list-reader.js';
import type { RawRow } from './raw-row.js';

interface Read {
  rows: RawRow[];
  ignoredColumns: string[];
  ignoredSheets: string[];
}

async function read(bytes: Uint8Array): Promise<Read> {
  const reading = readList(Readable.from([bytes]), 'xlsx');
  const rows: RawRow[] = [];
  for await (const some of reading) rows.push(...some);
  return { rows, ignoredColumns: [...reading.ignoredColumns], ignoredSheets: [...reading.ignoredSheets] };
}

async function refusalOf(bytes: Uint8Array): Promise<string> {
  try {
    await read(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof ListError) return error.code;
    throw error;
  }
}

/** A workbook as Excel writes it, by another implementation than ours. */
async function workbookOf(
  fill: (sheet: exceljs.Worksheet, workbook: exceljs.Workbook) => void,
): Promise<Buffer> {
  const workbook = new exceljs.Workbook();
  const sheet = workbook.addWorksheet('Danh sách');
  sheet.addRow(listColumns);
  fill(sheet, workbook);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

const cellsOf = (id: string) => [
  id,
  'Lê An',
  '970405',
  '0012345678',
  '1500000',
  'NQ68',
  'CS1',
  '2022-03',
  '09163',
  '1',
  'x',
];

/** What the reader makes of a value that Excel keeps in the cell of a column. */
async function cellOf(
  column: (typeof listColumns)[number],
  value: exceljs.CellValue,
  style: Partial<exceljs.Style> = {},
): Promise<string> {
  const index = listColumns.indexOf(column);
  const { rows } = await read(
    await workbookOf((sheet) => {
      const row = sheet.addRow(cellsOf('1'));
      row.getCell(index + 1).value = value;
      Object.assign(row.getCell(index + 1), style);
    }),
  );
  return rows[0]!.problem?.reason ?? rows[0]!.cells[index]!;
}

describe('cells of Excel', () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  test.each<[(typeof listColumns)[number], string, exceljs.CellValue, Partial<exceljs.Style>, string]>([
    ['amount', 'a number', 1_500_000, {}, '1500000'],
    ['amount', 'a number with a format', 1_500_000, { numFmt: '#,##0 "đ"' }, '1500000'],
    ['amount', 'a number of the year 2022', 2022, { numFmt: '0' }, '2022'],
    ['amount', 'a fraction', 1_500_000.5, {}, '1500000.5'],
    ['amount', 'a negative number', -5, {}, '-5'],
    ['amount', 'a number that is formatted as a day', 44_621, { numFmt: 'dd/mm/yyyy' }, '2022-03-01'],
    ['account', 'fifteen digits', 123_456_789_012_345, {}, '123456789012345'],
    [
      'account',
      'sixteen digits, of which Excel keeps fifteen',
      1_234_567_890_123_456,
      {},
      '1.234567890123456e+15',
    ],
    ['account', 'text', '0012345678', {}, '0012345678'],
    ['payeeId', 'a number that lost its zero', 27_201_001_234, {}, '27201001234'],
    [
      'payeeId',
      'a number that is shown with its zero',
      27_201_001_234,
      { numFmt: '000000000000' },
      '027201001234',
    ],
    [
      'payeeName',
      'rich text',
      { richText: [{ text: 'Lê ' }, { text: 'An', font: { bold: true } }] },
      {},
      'Lê An',
    ],
    ['payeeName', 'letters outside the basic plane', 'Lê 😀', {}, 'Lê 😀'],
    ['payeeName', 'markup', '<b>&amp;"\'', {}, '<b>&amp;"\''],
    ['payeeName', 'a link', { text: 'Lê An', hyperlink: 'https://example.org' }, {}, 'Lê An'],
    ['payeeName', 'line breaks', 'Lê\nAn', {}, 'Lê\nAn'],
    ['payeeName', 'outer spaces', '  Lê An ', {}, '  Lê An '],
    ['period', 'text', '2022-03', {}, '2022-03'],
    ['period', 'a year', 2022, {}, '2022'],
    ['period', 'the month that Excel makes a day of', day('2022-03-01'), { numFmt: 'mmm-yy' }, '2022-03'],
    ['period', 'the same with the format of the machine', day('2022-03-01'), {}, '2022-03'],
    ['period', 'another day', day('2022-03-15'), {}, '2022-03-15'],
    ['remittance', 'a day', day('2022-03-01'), { numFmt: '[$-42A]dd\\/mm\\/yyyy;@' }, '2022-03-01'],
    ['remittance', 'nothing', null, {}, ''],
    ['amount', 'a formula', { formula: 'A1*2', result: 1_500_000 }, {}, 'formula'],
    ['payeeName', 'a formula of text', { formula: 'B2&"x"', result: 'Lê Anx' }, {}, 'formula'],
    ['amount', 'an error', { error: '#N/A' }, {}, 'errorValue'],
    ['amount', 'true', true, {}, 'errorValue'],
  ])('%s: %s', async (column, _, value, style, text) =>
    expect(await cellOf(column, value, style)).toBe(text),
  );

  test('a day counted from 1904', async () => {
    const bytes = await workbookOf((sheet, workbook) => {
      workbook.properties.date1904 = true;
      sheet.addRow(cellsOf('1')).getCell(8).value = new Date('2022-03-01T00:00:00Z');
    });
    expect((await read(bytes)).rows[0]!.cells[7]).toBe('2022-03');
  });
});

test('a formula makes its row malformed, names the column and keeps the other cells; the other rows are read', async () => {
  const { rows } = await read(
    await workbookOf((sheet) => {
      sheet.addRow(cellsOf('1')).getCell(5).value = { formula: 'A1*2', result: 1_500_000 };
      sheet.addRow(cellsOf('2'));
    }),
  );
  expect(rows[0]).toMatchObject({ problem: { reason: 'formula', columnIndex: 4 }, text: null });
  expect(rows[0]!.cells[0]).toBe('1');
  expect(rows[1]!.problem).toBeNull();
});

test('empty rows are left out, and lines are those that Excel shows', async () => {
  const workbook = new exceljs.Workbook();
  const sheet = workbook.addWorksheet('Danh sách');
  sheet.getRow(3).values = [...listColumns];
  sheet.getRow(5).values = cellsOf('1');
  sheet.getRow(6).values = [' ', '', ' '];
  sheet.getRow(9).values = cellsOf('2');
  const { rows } = await read(Buffer.from(await workbook.xlsx.writeBuffer()));
  expect(rows.map(({ row, line, cells }) => [row, line, cells[0]])).toEqual([
    [1, 5, '1'],
    [2, 9, '2'],
  ]);
});

test('only the first visible sheet is read; other sheets, columns and cells without a header are told', async () => {
  const workbook = new exceljs.Workbook();
  workbook.addWorksheet('Tra cứu', { state: 'hidden' }).addRow(['x']);
  const sheet = workbook.addWorksheet('Đợt 1');
  sheet.addRow(['STT', ...listColumns, '', '']);
  sheet.addRow([1, ...cellsOf('1'), null, 'ngoài bảng']);
  workbook.addWorksheet('Đợt 2').addRow(['x']);
  const { rows, ignoredColumns, ignoredSheets } = await read(Buffer.from(await workbook.xlsx.writeBuffer()));
  expect(rows.map((row) => row.cells)).toEqual([cellsOf('1')]);
  expect(ignoredColumns).toEqual(['STT', 'N']);
  expect(ignoredSheets).toEqual(['Đợt 2']);
});

const HEADER_ROW = `<row>${listColumns.map((column) => `<c t="inlineStr"><is><t>${column}</t></is></c>`).join('')}</row>`;
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** A workbook by hand, for what other programs write and what nobody should. `null` leaves a part out. */
async function archiveOf(sheetData: string, changes: Record<string, string | null> = {}): Promise<Buffer> {
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = (...all: [string, string, string][]) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
      .map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`)
      .join('')}</Relationships>`;
  const parts: Record<string, string | null> = {
    'xl/sheets/payments.xml': `<worksheet ${MAIN}><sheetData>${sheetData}</sheetData></worksheet>`,
    'xl/book.xml': `<workbook ${MAIN} xmlns:rel="${office}"><sheets><sheet name="A" sheetId="1" rel:id="r1"/></sheets></workbook>`,
    'xl/_rels/book.xml.rels': relations(
      ['r1', 'worksheet', '/xl/sheets/payments.xml'],
      ['r2', 'sharedStrings', 'strings.xml'],
    ),
    '_rels/.rels': relations(['r1', 'officeDocument', 'xl/book.xml']),
    ...changes,
  };
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(parts)) if (text !== null) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream as Readable);
}

describe('workbooks of other programs', () => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const row = `<row>${cellsOf('1').map(cell).join('')}</row>`;

  test('parts under other names, cells without references', async () => {
    expect((await read(await archiveOf(HEADER_ROW + row))).rows).toMatchObject([
      { row: 1, line: 2, cells: cellsOf('1') },
    ]);
  });

  test('names with a prefix', async () => {
    const prefixed = (HEADER_ROW + row).replace(/<(\/?)(\w+)/g, '<$1x:$2');
    const sheet = `<x:worksheet ${MAIN.replace('xmlns', 'xmlns:x')}><x:sheetData>${prefixed}</x:sheetData></x:worksheet>`;
    expect((await read(await archiveOf('', { 'xl/sheets/payments.xml': sheet }))).rows[0]!.cells).toEqual(
      cellsOf('1'),
    );
  });

  test.each([
    [
      'runs without what is said of their sound',
      '<is><r><t>Lê </t></r><r><t>An</t></r><rPh><t>lê an</t></rPh></is>',
      'Lê An',
    ],
    ['escaped control characters', '<is><t>Lê_x000D_An_x005F_x000D_</t></is>', 'Lê\rAn_x000D_'],
    ['character data', '<is><t><![CDATA[Lê & An]]></t></is>', 'Lê & An'],
    ['no text', '<is/>', ''],
  ])('inline text: %s', async (_, text, expected) => {
    const named = row.replace(cell('Lê An'), `<c t="inlineStr">${text}</c>`);
    expect((await read(await archiveOf(HEADER_ROW + named))).rows[0]!.cells[1]).toBe(expected);
  });

  test.each([
    ['a string of the table', '<c t="s"><v>1</v></c>', 'Lê An'],
    ['no string', '<c t="s"/>', ''],
    ['the result of a formula without the formula', '<c t="str"><v>Lê An</v></c>', 'Lê An'],
    ['a day', '<c t="d"><v>2022-03-01T00:00:00</v></c>', '2022-03-01'],
    ['an exponent', '<c><v>1.5E6</v></c>', '1500000'],
    ['sixteen digits', '<c><v>1234567890123456</v></c>', '1.234567890123456e+15'],
    ['no number', '<c><v>abc</v></c>', 'abc'],
    ['a style that does not exist', '<c s="99"><v>5</v></c>', '5'],
  ])('%s', async (_, xml, expected) => {
    const strings = `<sst ${MAIN}><si><t>no</t></si><si><t>Lê An</t></si></sst>`;
    const bytes = await archiveOf(HEADER_ROW + row.replace(cell('Lê An'), xml), {
      'xl/strings.xml': strings,
    });
    expect((await read(bytes)).rows[0]!.cells[1]).toBe(expected);
  });
});

describe('workbooks that cannot be read', () => {
  const sheet = (text: string) => archiveOf('', { 'xl/sheets/payments.xml': text });
  const whole = async () => workbookOf((list) => list.addRow(cellsOf('1')));
  test.each<[string, () => Promise<Uint8Array>, string]>([
    ['nothing', async () => Buffer.alloc(0), 'NOT_A_WORKBOOK'],
    ['a CSV list', async () => Buffer.from(listColumns.join(',')), 'NOT_A_WORKBOOK'],
    ['an old .xls', async () => Buffer.from('d0cf11e0a1b11ae1'.repeat(100), 'hex'), 'NOT_A_WORKBOOK'],
    ['half of a workbook', async () => (await whole()).subarray(0, 2000), 'NOT_A_WORKBOOK'],
    ['another archive', () => archiveOf('', { '_rels/.rels': null }), 'NOT_A_WORKBOOK'],
    [
      'a workbook without its sheet',
      () => archiveOf('', { 'xl/sheets/payments.xml': null }),
      'BROKEN_WORKBOOK',
    ],
    ['XML that is not', () => sheet('<worksheet><sheetData><row></sheetData>'), 'BROKEN_WORKBOOK'],
    ['a sheet that ends early', () => sheet('<worksheet><sheetData>'), 'BROKEN_WORKBOOK'],
    ['a document type', () => sheet('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), 'BROKEN_WORKBOOK'],
    ['an entity', () => archiveOf(`<row><c t="inlineStr"><is><t>&a;</t></is></c></row>`), 'BROKEN_WORKBOOK'],
    [
      'a string that is not in the table',
      () => archiveOf('<row><c t="s"><v>9</v></c></row>'),
      'BROKEN_WORKBOOK',
    ],
    ['a cell outside the sheet', () => archiveOf('<row><c r="ZZZ1"><v>9</v></c></row>'), 'BROKEN_WORKBOOK'],
    ['a row that is no number', () => archiveOf('<row r="x"/>'), 'BROKEN_WORKBOOK'],
    [
      'a text of a megabyte',
      () => archiveOf(`<row><c t="inlineStr"><is><t>${'x'.repeat(2_000_000)}</t></is></c></row>`),
      'WORKBOOK_TOO_LARGE',
    ],
    [
      'a text that is too long',
      () => archiveOf(`<row><c t="inlineStr"><is><t>${'x'.repeat(70_000)}</t></is></c></row>`),
      'LINE_TOO_LONG',
    ],
    ['an empty sheet', () => archiveOf(''), 'EMPTY_LIST'],
    ['a header only', () => archiveOf(HEADER_ROW), 'EMPTY_LIST'],
    ['no header', () => archiveOf('<row><c><v>1</v></c></row>'), 'MISSING_COLUMN'],
  ])('%s', async (_, make, code) => expect(await refusalOf(await make())).toBe(code));

  test('a damaged archive gives rows or a refusal, never a crash', async () => {
    const bytes = await whole();
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, byte] of changes) damaged[at] = byte;
        expect(await refusalOf(damaged)).toMatch(/^(read|[A-Z_]+)$/);
      }),
      { numRuns: 150 },
    );
  });
});

describe('on the disk', () => {
  const systemDirectory = process.env.TMPDIR;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ansinh-spec-'));
    process.env.TMPDIR = directory;
  });

  afterAll(async () => {
    if (systemDirectory === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = systemDirectory;
    await rm(directory, { recursive: true });
  });

  test('nothing of a list has a name, not even while it is read', async () => {
    const bytes = await workbookOf((sheet) => {
      for (let index = 0; index < 3000; index += 1) sheet.addRow(cellsOf(String(index)));
    });
    for await (const _rows of readList(Readable.from([bytes]), 'xlsx')) {
      expect(await readdir(directory)).toEqual([]);
      break;
    }
    await refusalOf(Buffer.alloc(10));
    expect(await readdir(directory)).toEqual([]);
  });

  test('nothing stays when the source fails', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from('PK');
        throw new Error('connection lost');
      })(),
    );
    await expect(readList(failing, 'xlsx')[Symbol.asyncIterator]().next()).rejects.toThrow('connection lost');
    expect(await readdir(directory)).toEqual([]);
  });
});
