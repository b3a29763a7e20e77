import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listColumns } from './list-columns.js';
import { ListError, type ListErrorCode } from './list-error.js';
import { readList, type ListReading } from './list-reader.js';
import type { RawRow } from './raw-row.js';

const HEADER = listColumns.join(',');
const cellsOf = (id: string) => [
  id,
  'Lê An',
  '970405',
  '260012345678',
  '1500000',
  'NQ68',
  'CS1',
  '2022-03',
  '09163',
  '1',
  '',
];
const line = (id: string) => cellsOf(id).join(',');

async function rowsOf(reading: ListReading): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  for await (const some of reading) rows.push(...some);
  return rows;
}

/** Reads a list that arrives in pieces of a few bytes, as a slow network delivers it. */
async function read(list: string | Uint8Array, pieceBytes = 7): Promise<RawRow[]> {
  const bytes = Buffer.from(list as Uint8Array);
  const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return rowsOf(readList(Readable.from(pieces), 'csv'));
}

async function refusalOf(list: string | Uint8Array): Promise<ListErrorCode | null> {
  try {
    await read(list, 4096);
    return null;
  } catch (error) {
    if (error instanceof ListError) return error.code;
    throw error;
  }
}

const summary = (rows: RawRow[]) => rows.map(({ cells, problem }) => problem?.reason ?? cells[0]);

describe('forms of a list', () => {
  const rows = [line('1'), line('2')];
  test.each([
    ['LF', `${HEADER}\n${rows.join('\n')}\n`],
    ['no end of the last line', `${HEADER}\n${rows.join('\n')}`],
    ['CRLF', `${HEADER}\r\n${rows.join('\r\n')}\r\n`],
    ['CR', `${HEADER}\r${rows.join('\r')}\r`],
    ['a byte order mark', `\ufeff${HEADER}\n${rows.join('\n')}`],
    ['semicolons', `${HEADER}\n${rows.join('\n')}`.replaceAll(',', ';')],
    ['tabs', `${HEADER}\n${rows.join('\n')}`.replaceAll(',', '\t')],
    ['a separator line', `sep=;\n${`${HEADER}\n${rows.join('\n')}`.replaceAll(',', ';')}`],
    ['a separator line of Excel', `"sep=|"\r\n${`${HEADER}\r\n${rows.join('\r\n')}`.replaceAll(',', '|')}`],
    ['quotes everywhere', `${HEADER}\n${rows.join('\n')}`.replace(/[^,\n]+/g, '"$&"')],
    ['empty lines', `\n\n${HEADER}\n\n${rows.join('\n\n')}\n\n`],
    ['lines of nothing but separators', `${HEADER}\n,,,,,,,,,,\n${rows.join('\n,,,\n')}\n , ,,,,,,,,,\n`],
    ['decomposed letters', `${HEADER}\n${rows.join('\n')}`.normalize('NFD')],
    [
      'Vietnamese headers',
      `Số CCCD,Họ và tên,Mã ngân hàng,Số tài khoản,Số tiền,Mã chương trình,Mã chính sách,Kỳ,Mã xã,Lần,Nội dung\n${rows.join('\n')}`,
    ],
    [
      'a header over two lines',
      `payeeId,payeeName,bankBin,account,"Số tiền\n(đồng)",programmeCode,policyCode,period,placeCode,ordinal,"Nội\r\ndung"\n${rows.join('\n')}`,
    ],
  ])('%s', async (_, list) => {
    for (const pieceBytes of [1, 3, 4096]) {
      const read1 = await read(list, pieceBytes);
      expect(read1.map((row) => row.cells.map((cell) => cell.normalize('NFC')))).toEqual([
        cellsOf('1'),
        cellsOf('2'),
      ]);
      expect(read1.map((row) => row.row)).toEqual([1, 2]);
    }
  });

  test('UTF-16 with its mark, the “Unicode Text” of Excel', async () => {
    const text = `\ufeff${HEADER}\r\n${rows.join('\r\n')}\r\n`.replaceAll(',', '\t');
    expect(summary(await read(Buffer.from(text, 'utf16le'), 5))).toEqual(['1', '2']);
  });

  test('other columns, another order, columns left out', async () => {
    const list =
      'STT;amount;payeeId;payeeName;bankBin;account;programmeCode;policyCode;period;placeCode;Ghi chú\n7;5;1;A;B;C;P;Q;2022;X;x';
    const reading = readList(Readable.from([Buffer.from(list)]), 'csv');
    const rows2 = await rowsOf(reading);
    expect(rows2.map((row) => row.cells)).toEqual([['1', 'A', 'B', 'C', '5', 'P', 'Q', '2022', 'X', '', '']]);
    expect([...reading.ignoredColumns]).toEqual(['STT', 'Ghi chú']);
  });
});

describe('rows that cannot be read', () => {
  const good = (id: string) => line(id);
  test.each([
    ['too few cells', '1,2,3', ['columnCount']],
    ['too many cells', `${line('x')},more`, ['columnCount']],
    ['a quote in the middle', line('x').replace('Lê An', 'Lê "Tèo" An'), ['brokenQuoting']],
    ['a quote in the middle that has no second', line('x').replace('Lê An', 'Lê "An'), ['brokenQuoting']],
    ['a cell that is never closed', line('x').replace('Lê An', '"Lê An'), ['brokenQuoting']],
    ['text after the closing quote', line('x').replace('Lê An', '"Lê" An'), ['brokenQuoting']],
    ['a last cell that is never closed', `${line('x')}"abc`, ['brokenQuoting']],
    ['two lines with one quote each', `"${line('x')}\n"${line('y')}`, ['brokenQuoting', 'brokenQuoting']],
  ])('%s: the rows around it are read', async (_, bad, reasons) => {
    const rows = await read([HEADER, good('1'), bad, good('2'), good('3')].join('\n'));
    expect(summary(rows)).toEqual(['1', ...reasons, '2', '3']);
    expect(rows[1]!.text).toBe(bad.split('\n')[0]);
    expect(rows.map((row) => row.row)).toEqual(rows.map((_row, index) => index + 1));
    expect(rows.map((row) => row.line)).toEqual(rows.map((_row, index) => index + 2));
  });

  test('a lost quote does not hide the payments down to the next quote', async () => {
    const many = Array.from({ length: 50 }, (_, index) => line(String(index)));
    const list = [HEADER, line('x').replace('Lê An', '"Lê An'), ...many, `${line('y')}abc"`].join('\n');
    expect(summary(await read(list, 4096))).toEqual([
      'brokenQuoting',
      ...many.map((_, index) => String(index)),
      'brokenQuoting',
    ]);
  });

  test('a lost quote in the last lines, where nothing closes it', async () => {
    expect(summary(await read(`${HEADER}\n${line('1')}\n"${line('2')}\nx\ny`))).toEqual([
      '1',
      'brokenQuoting',
      'columnCount',
      'columnCount',
    ]);
  });
});

describe('quoted cells', () => {
  test.each([
    ['a separator', '"Lê, An"', 'Lê, An'],
    ['quotes', '"Lê ""Tèo"" An"', 'Lê "Tèo" An'],
    ['a line break', '"Lê\nAn"', 'Lê\nAn'],
    ['a line break of Windows', '"Lê\r\nAn"', 'Lê\nAn'],
    ['several line breaks and quotes', '"Lê\n\n""An"",\nx"', 'Lê\n\n"An",\nx'],
  ])('may hold %s', async (_, cell, text) => {
    const list = [HEADER, line('1').replace('Lê An', cell), line('2')].join('\n');
    for (const pieceBytes of [1, 11, 4096]) {
      const rows = await read(list, pieceBytes);
      expect(rows.map((row) => [row.cells[0], row.cells[1]])).toEqual([
        ['1', text],
        ['2', 'Lê An'],
      ]);
      expect(rows.map((row) => row.row)).toEqual([1, 2]);
      expect(rows[1]!.line).toBe(list.split('\n').length);
    }
  });
});

describe('lists that cannot be read', () => {
  test.each([
    ['nothing', '', 'EMPTY_LIST'],
    ['a byte order mark only', '\ufeff', 'EMPTY_LIST'],
    ['empty lines only', '\n\r\n \n', 'EMPTY_LIST'],
    ['a header only', `${HEADER}\n`, 'EMPTY_LIST'],
    ['no header', line('1'), 'MISSING_COLUMN'],
    ['a column twice', `${HEADER},Số tiền\n${line('1')},5`, 'DUPLICATE_COLUMN'],
    ['Latin-1', Buffer.from(`${HEADER}\n${line('Lê')}`, 'latin1'), 'WRONG_ENCODING'],
    [
      'a letter cut off at the end',
      Buffer.from(`${HEADER}\n${line('1')}ệ`).subarray(0, -1),
      'WRONG_ENCODING',
    ],
    ['half of a UTF-16 unit', Buffer.from(`\ufeff${HEADER}`, 'utf16le').subarray(0, -1), 'WRONG_ENCODING'],
    ['an Excel workbook', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]), 'WORKBOOK_AS_TEXT'],
    ['a line without an end', `${HEADER}\n${'x'.repeat(70_000)}`, 'LINE_TOO_LONG'],
    ['a line that is too long', `${HEADER}\n${'x'.repeat(65_537)}\n${line('1')}`, 'LINE_TOO_LONG'],
  ] as const)('%s', async (_, list, code) => expect(await refusalOf(list)).toBe(code));

  test('a line of exactly the limit is a row', async () => {
    expect(await refusalOf(`${HEADER}\n${'x'.repeat(65_536)}\n${line('1')}`)).toBeNull();
  });

  test('an endless line is refused before it fills the memory', async () => {
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1024, (sent += 1) && 0x61);
      })(),
    );
    await expect(rowsOf(readList(endless, 'csv'))).rejects.toThrow(ListError);
    expect(sent).toBeLessThan(200);
    expect(endless.destroyed).toBe(true);
  });

  test('an error of the source is handed on as it is', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from(`${HEADER}\n${line('1')}\n`);
        throw new Error('connection lost');
      })(),
    );
    await expect(rowsOf(readList(failing, 'csv'))).rejects.toThrow('connection lost');
  });
});

test('the source waits while rows are worked on, and is destroyed when the loop is left', async () => {
  let sent = 0;
  const source = Readable.from(
    (function* () {
      yield Buffer.from(`${HEADER}\n`);
      for (;;) yield Buffer.from(`${line(String((sent += 1)))}\n`.repeat(100));
    })(),
    { highWaterMark: 1 },
  );
  let seen = 0;
  for await (const rows of readList(source, 'csv')) {
    seen += rows.length;
    if (seen >= 1000) break;
  }
  expect(seen).toBeLessThan(1200);
  expect(sent).toBeLessThan(20);
  expect(source.destroyed).toBe(true);
});

describe('whatever the bytes are', () => {
  const rowsOrRefusal = async (bytes: Uint8Array, pieceBytes: number): Promise<void> => {
    try {
      const rows = await read(bytes, pieceBytes);
      expect(rows.every((row) => row.cells.length === listColumns.length)).toBe(true);
      expect(rows.map((row) => row.row)).toEqual(rows.map((_, index) => index + 1));
    } catch (error) {
      expect(error).toBeInstanceOf(ListError);
    }
  };

  test('they give rows or a refusal', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(fc.asyncProperty(bytes, fc.integer({ min: 1, max: 64 }), rowsOrRefusal), {
      numRuns: 300,
    });
  });

  test('after a header too, and cutting them into other pieces changes nothing', async () => {
    const piece = fc.constantFrom(
      '"',
      '""',
      ',',
      '\n',
      '\r\n',
      '\r',
      'a',
      ' ',
      'ễ',
      line('1'),
      `${line('2')}\n`,
      '\u0000',
    );
    const list = fc
      .array(piece, { maxLength: 40 })
      .map((pieces) => `${HEADER}\n${line('0')}\n${pieces.join('')}`);
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 1, max: 40 }), async (text, pieceBytes) => {
        expect(await read(text, pieceBytes)).toEqual(await read(text, 100_000));
      }),
      { numRuns: 500 },
    );
  });

  test('cells come back as they were written', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ễ', '"', ',', ';', ' ', '\t', '=', '😀'),
      maxLength: 12,
    });
    const cells = fc.array(cell, { minLength: 11, maxLength: 11 });
    const record = cells.filter((texts) => texts.some((text) => text.trim() !== ''));
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
        const lines = records.map((texts) =>
          texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(','),
        );
        const rows = await read([HEADER, ...lines].join('\n'), 64);
        expect(rows.map((row) => row.cells)).toEqual(records);
      }),
    );
  });
});
