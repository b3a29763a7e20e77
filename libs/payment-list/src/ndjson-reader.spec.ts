import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listColumns } from './list-columns.js';
import { ListError } from './list-error.js';
import { readList } from './list-reader.js';
import type { RawRow } from './raw-row.js';

async function read(list: string | Uint8Array): Promise<{ rows: RawRow[]; ignored: string[] }> {
  const reading = readList(Readable.from([Buffer.from(list as Uint8Array)]), 'ndjson');
  const rows: RawRow[] = [];
  for await (const some of reading) rows.push(...some);
  return { rows, ignored: [...reading.ignoredColumns] };
}

async function cellOf(column: (typeof listColumns)[number], json: string): Promise<string | undefined> {
  const { rows } = await read(`{"${column}":${json}}`);
  return rows[0]!.problem?.reason ?? rows[0]!.cells[listColumns.indexOf(column)];
}

test.each([
  ['amount', '"1500000"', '1500000'],
  ['amount', '1500000', '1500000'],
  ['amount', '1500000.5', '1500000.5'],
  ['amount', '-1', '-1'],
  ['amount', '9007199254740991', '9007199254740991'],
  ['amount', '9007199254740993', '9.007199254740992e+15'],
  ['amount', '1e300', '1e+300'],
  ['account', '1234567890123456789', '1.2345678901234568e+18'],
  ['account', '"0012345678"', '0012345678'],
  ['period', '2022', '2022'],
  ['remittance', 'null', ''],
  ['remittance', '"a\\nb"', 'a\nb'],
  ['payeeName', '"Nguy\\u1ec5n"', 'Nguyễn'],
  ['amount', 'true', 'nestedValue'],
  ['amount', '[1500000]', 'nestedValue'],
  ['amount', '{"vnd":1500000}', 'nestedValue'],
] as const)('%s given as %s is read as %s', async (column, json, text) => {
  expect(await cellOf(column, json)).toBe(text);
});

test.each(['', 'null', '1500000', '"text"', '[]', '{"amount":}', '{"amount":1', '{}{}', "{'amount':1}"])(
  'the line %p is malformed, and the lines around it are read',
  async (bad) => {
    const { rows } = await read(`{"payeeId":"1"}\n${bad || '{'}\n{"payeeId":"2"}\n`);
    expect(rows.map((row) => row.problem?.reason ?? row.cells[0])).toEqual(['1', 'invalidJson', '2']);
    expect(rows[1]).toMatchObject({ row: 2, line: 2, text: bad || '{' });
  },
);

test('names may be any of the headers, and unknown ones are told', async () => {
  const { rows, ignored } = await read(
    '{"Số CCCD":"1","Họ và tên":"A","Số tiền":5,"Ngày sinh":"x"}\r\n\r\n{"so tien":"6","id":7}',
  );
  expect(rows.map((row) => [row.line, row.cells[0], row.cells[1], row.cells[4]])).toEqual([
    [1, '1', 'A', '5'],
    [3, '', '', '6'],
  ]);
  expect(ignored).toEqual(['Ngày sinh', 'id']);
});

test('one column under two names is malformed', async () => {
  const { rows } = await read('{"amount":5,"Số tiền":6}');
  expect(rows[0]!.problem).toEqual({ reason: 'repeatedColumn', columnIndex: 4 });
});

test('unknown names are collected up to a bound', async () => {
  const { ignored } = await read(Array.from({ length: 500 }, (_, index) => `{"x${index}":1}`).join('\n'));
  expect(ignored).toHaveLength(100);
});

describe('lists that cannot be read', () => {
  test.each([
    ['nothing', '', 'EMPTY_LIST'],
    ['empty lines', '\n \n', 'EMPTY_LIST'],
    ['Latin-1', Buffer.from('{"payeeName":"Lê"}', 'latin1'), 'WRONG_ENCODING'],
    ['an endless line', `{"payeeName":"${'x'.repeat(70_000)}"}`, 'LINE_TOO_LONG'],
  ])('%s', async (_, list, code) => {
    await expect(read(list)).rejects.toMatchObject({ code });
  });
});

test('any bytes give rows or a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      async (bytes) => {
        try {
          const { rows } = await read(bytes);
          expect(rows.every((row) => row.cells.length === listColumns.length)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ListError);
        }
      },
    ),
    { numRuns: 300 },
  );
});
