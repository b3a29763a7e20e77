import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import exceljs from 'exceljs';
import { listColumns } from './list-columns.js';
import { readList, type ListFormat } from './list-reader.js';
import type { OriginalRow } from './list-row.js';
import { writeRemarks, type RemarkedRow, type RemarksOptions } from './remarks-writer.js';

const cells: OriginalRow = {
  payeeId: '027201001234',
  payeeName: 'Nguyễn Thị Hoà',
  bankBin: '970405',
  account: '0012345678',
  amount: '1.500.000',
  programmeCode: 'NQ68',
  policyCode: 'QD23-05',
  period: '2022-03',
  placeCode: '09163',
  ordinal: '1',
  remittance: 'Hỗ trợ, đợt "1"',
};

async function written(rows: RemarkedRow[], options: RemarksOptions): Promise<Buffer> {
  const output = new PassThrough();
  const [bytes] = await Promise.all([buffer(output), writeRemarks(Readable.from(rows), output, options)]);
  return bytes;
}

async function reread(bytes: Buffer, format: ListFormat): Promise<{ rows: string[][]; ignored: string[] }> {
  const reading = readList(Readable.from([bytes]), format);
  const rows: string[][] = [];
  for await (const some of reading) rows.push(...some.map((row) => row.cells));
  return { rows, ignored: [...reading.ignoredColumns] };
}

async function sheetOf(bytes: Buffer): Promise<exceljs.Worksheet> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(bytes as unknown as exceljs.Buffer);
  return workbook.worksheets[0]!;
}

const rows: RemarkedRow[] = [
  { cells, remarks: 'Số tiền “1.500.000” không đọc được.' },
  { cells: { ...cells, amount: '1500000' }, remarks: '' },
];

describe.each(['csv', 'xlsx'] as const)('as %s', (format) => {
  test.each([
    ['vi', 'Ghi chú kiểm tra'],
    ['en', 'Remarks'],
  ] as const)(
    'in %s: the list can be sent in again as it is, the remarks are left out',
    async (language, title) => {
      const again = await reread(await written(rows, { format, language }), format);
      expect(again.rows).toEqual(rows.map((row) => listColumns.map((column) => row.cells[column])));
      expect(again.ignored).toEqual([title]);
    },
  );

  test('an empty list has its header', async () => {
    await expect(reread(await written([], { format, language: 'vi' }), format)).rejects.toMatchObject({
      code: 'EMPTY_LIST',
    });
  });

  test('hands on a failure of the rows, and leaves them when nobody takes the output', async () => {
    const failing = async function* (): AsyncGenerator<RemarkedRow> {
      yield rows[0]!;
      throw new Error('database gone');
    };
    await expect(
      writeRemarks(failing(), new PassThrough().resume(), { format, language: 'vi' }),
    ).rejects.toThrow('database gone');

    let isBegun = false;
    let isLeft = false;
    const endless = async function* (): AsyncGenerator<RemarkedRow> {
      try {
        for (isBegun = true; ;) yield rows[0]!;
      } finally {
        isLeft = true;
      }
    };
    const closing = new Writable({
      write(_piece, _encoding, done) {
        done(isBegun ? new Error('client gone') : null);
      },
    });
    await expect(writeRemarks(endless(), closing, { format, language: 'vi' })).rejects.toThrow('client gone');
    expect(isLeft).toBe(true);
  });

  test('waits for a slow reader', async () => {
    let made = 0;
    const many = async function* (): AsyncGenerator<RemarkedRow> {
      for (let index = 0; index < 100_000; index += 1) {
        made += 1;
        yield { cells: { ...cells, account: String(Math.imul(index, 2_654_435_761)) }, remarks: '' };
      }
    };
    let madeWhenStopped = 0;
    const slow = new Writable({
      highWaterMark: 1024,
      // Takes one piece and no more: what is made after a while has piled up.
      write(_piece, _encoding, done) {
        setTimeout(() => done(new Error(`made ${(madeWhenStopped = made)}`)), 300);
      },
    });
    await expect(writeRemarks(many(), slow, { format, language: 'vi' })).rejects.toThrow('made');
    expect(madeWhenStopped).toBeLessThan(50_000);
  });
});

describe('in CSV', () => {
  const textOf = async (row: OriginalRow) =>
    String(await written([{ cells: row, remarks: 'x' }], { format: 'csv', language: 'vi' }));

  test('begins with a byte order mark, written once, and ends lines as Excel does', async () => {
    const text = String(
      await written(
        Array.from({ length: 1200 }, () => rows[1]!),
        { format: 'csv', language: 'vi' },
      ),
    );
    expect(text.startsWith('\ufeffSố định danh,Họ và tên,')).toBe(true);
    expect(text.lastIndexOf('\ufeff')).toBe(0);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.trimEnd().split('\r\n')).toHaveLength(1201);
  });

  test.each(['=1+1', '+84901234567', '-1500000', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    '%j cannot run as a formula',
    async (text) => {
      const line = (await textOf({ payeeId: 'x', payeeName: text })).split('\r\n')[1]!;
      expect(line).toMatch(/^x,"?'/);
    },
  );

  test('a row that could not be cut into cells stands whole in the first', async () => {
    expect((await textOf({ text: '1,2,"3' })).split('\r\n')[1]).toBe('"1,2,""3",,,,,,,,,,,x');
    expect((await textOf({ text: '=1,2' })).split('\r\n')[1]).toBe('"\'=1,2",,,,,,,,,,,x');
  });
});

describe('in XLSX', () => {
  const cellOf = async (text: string) => {
    const sheet = await sheetOf(
      await written([{ cells: { payeeName: text }, remarks: '' }], { format: 'xlsx', language: 'vi' }),
    );
    return sheet.getRow(2).getCell(2);
  };

  test.each(['=1+1', '@SUM(A1)', '-1500000', '0012', '<&>"\'', 'Lê 😀', '  hai  dấu cách '])(
    '%j is text',
    async (text) => {
      const cell = await cellOf(text);
      expect(cell.value).toBe(text);
      expect(cell.numFmt).toBe('@');
    },
  );

  test.each([
    ['a control character', 'a\u0000b\u001fc', 'a\u0000b\u001fc'],
    ['a line break', 'a\r\nb', 'a\r\nb'],
    ['what looks like an escape', 'a_x000D_b', 'a_x000D_b'],
    ['half of a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['a text longer than Excel takes', 'x'.repeat(40_000), 'x'.repeat(32_767)],
  ])('%s comes back', async (_, text, expected) => {
    const bytes = await written([{ cells: { payeeName: text }, remarks: '' }], {
      format: 'xlsx',
      language: 'en',
    });
    expect((await reread(bytes, 'xlsx')).rows[0]![1]).toBe(expected);
  });

  test('the header is frozen and bold, and the remarks stand last', async () => {
    const sheet = await sheetOf(await written(rows, { format: 'xlsx', language: 'vi' }));
    expect(sheet.name).toBe('Danh sách');
    expect(sheet.getRow(1).getCell(12).value).toBe('Ghi chú kiểm tra');
    expect(sheet.getRow(1).getCell(1).font.bold).toBe(true);
    expect(sheet.getRow(2).getCell(12).value).toBe('Số tiền “1.500.000” không đọc được.');
    expect(sheet.getRow(3).getCell(12).value).toBeNull();
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  });
});
