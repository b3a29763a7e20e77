import { createHash } from 'node:crypto';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { isCitizenNumber, isTransferEnabled, normaliseAccount, normaliseName } from '@ansinh/identity';
import { parseVnd } from '@ansinh/money';
import { findPlace } from '@ansinh/places';
import exceljs from 'exceljs';
import {
  generateRows,
  writeCsv,
  writeNdjson,
  writeXlsx,
  type SampleOptions,
  type SampleRow,
} from './index.js';

const obligation = (row: SampleRow) =>
  [row.programmeCode, row.policyCode, row.period, row.payeeId, row.ordinal || '1'].join('|');

async function written(write: (output: Writable) => Promise<void>): Promise<Buffer> {
  const output = new PassThrough();
  const [bytes] = await Promise.all([buffer(output), write(output)]);
  return bytes;
}

describe('rows without flaws', () => {
  const rows = [...generateRows({ rows: 20_000, seed: 7, flawed: 0 })];

  test('pass every check of their own', () => {
    for (const row of rows) {
      expect(isCitizenNumber(row.payeeId)).toBe(true);
      expect(normaliseAccount(row.account)).toBe(row.account);
      expect(isTransferEnabled(row.bankBin)).toBe(true);
      expect(parseVnd(row.amount)).not.toBeNull();
      expect(findPlace(row.placeCode, '2022-03-31')?.level).toBe('commune');
      expect(normaliseName(row.payeeName)).toBe(row.payeeName);
    }
  });

  test('are each an obligation of its own, some of them a second payment to the same person', () => {
    expect(new Set(rows.map(obligation)).size).toBe(rows.length);
    const people = new Set(rows.map((row) => row.payeeId));
    const secondPayments = rows.filter((row) => row.ordinal === '2').length;
    expect(people.size).toBe(rows.length - secondPayments);
    expect(secondPayments).toBeGreaterThan(100);
    expect(new Set(rows.map((row) => row.account)).size).toBe(people.size);
  });

  test('come to 778 billion đồng when 604,000 of them are made', () => {
    const total = rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    const scaled = (total * 604_000n) / BigInt(rows.length);
    expect(scaled).toBeGreaterThan(777_500_000_000n);
    expect(scaled).toBeLessThan(779_500_000_000n);
  });
});

describe('flawed rows', () => {
  const rows = [...generateRows({ rows: 20_000, seed: 7, flawed: 0.02 })];

  test('are of every kind, as many of each', () => {
    const counts = new Map<string, number>();
    for (const { flaw } of rows) if (flaw) counts.set(flaw, (counts.get(flaw) ?? 0) + 1);
    expect([...counts.keys()].sort()).toEqual([
      'AMOUNT_OUT_OF_BOUNDS',
      'DUPLICATE_IN_LIST',
      'INVALID_ACCOUNT',
      'INVALID_AMOUNT',
      'INVALID_CITIZEN_ID',
      'MALFORMED_ROW',
      'MISSING_FIELD',
      'NAME_MISMATCH',
      'SHARED_ACCOUNT',
      'UNKNOWN_BANK',
      'UNKNOWN_PLACE',
    ]);
    const sizes = [...counts.values()];
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(350);
    expect(total).toBeLessThan(450);
  });

  test('only DUPLICATE_IN_LIST repeats an obligation', () => {
    const others = rows.filter((row) => row.flaw !== 'DUPLICATE_IN_LIST');
    expect(new Set(others.map(obligation)).size).toBe(others.length);
    const known = new Set(others.map(obligation));
    const duplicates = rows.filter((row) => row.flaw === 'DUPLICATE_IN_LIST');
    expect(duplicates.every((row) => known.has(obligation(row)))).toBe(true);
  });

  test('NAME_MISMATCH gives a known number another name, SHARED_ACCOUNT a known account another person', () => {
    const lawful = rows.filter((row) => row.flaw === null);
    const nameOf = new Map(lawful.map((row) => [row.payeeId, row.payeeName]));
    const ownerOf = new Map(lawful.map((row) => [`${row.bankBin} ${row.account}`, row.payeeId]));
    for (const row of rows) {
      const owner = ownerOf.get(`${row.bankBin} ${row.account}`);
      if (row.flaw === 'NAME_MISMATCH')
        expect([undefined, row.payeeName]).not.toContain(nameOf.get(row.payeeId));
      if (row.flaw === 'SHARED_ACCOUNT') expect([undefined, row.payeeId]).not.toContain(owner);
    }
  });
});

const DIGEST_OF_5000_ROWS_OF_SEED_1 = 'b19f1a45527ab76f3faa65dd896adc689531718319ab92283159c432bae50790';

describe('the same options', () => {
  const digest = async (options: SampleOptions) =>
    createHash('sha256')
      .update(await written((output) => writeCsv(generateRows(options), output)))
      .digest('hex');

  test('give the same bytes, on every machine', async () => {
    expect(await digest({ rows: 5000, seed: 1 })).toBe(DIGEST_OF_5000_ROWS_OF_SEED_1);
  });

  test('another seed gives other bytes', async () => {
    expect(await digest({ rows: 5000, seed: 2 })).not.toBe(DIGEST_OF_5000_ROWS_OF_SEED_1);
  });
});

test('neighbouring seeds give other people', () => {
  const people = [1, 2, 3, 4].flatMap((seed) => [...generateRows({ rows: 20_000, seed, flawed: 0 })]);
  const tails = new Set(people.filter((row) => row.ordinal !== '2').map((row) => row.payeeId));
  expect(tails.size).toBe(people.filter((row) => row.ordinal !== '2').length);
});

test('the places are those of the period', () => {
  const rows = [...generateRows({ rows: 500, seed: 1, flawed: 0, period: '2026' })];
  expect(rows.every((row) => findPlace(row.placeCode, '2026-01-01') !== undefined)).toBe(true);
  expect(rows[0]).toMatchObject({ period: '2026', programmeCode: 'NQ68' });
});

test.each([-1, 1.5, 42_000_001])('refuses to make %p rows', (rows) => {
  expect(() => [...generateRows({ rows, seed: 1 })]).toThrow(RangeError);
});

describe('files', () => {
  const rows = () => generateRows({ rows: 300, seed: 3, flawed: 0.1 });

  test('CSV quotes what needs quotes', async () => {
    const text = String(
      await written((output) => writeCsv(rows(), output, { delimiter: ';', header: ['a"b', 'c;d'] })),
    );
    expect(text.split('\n')[0]).toBe('"a""b";"c;d"');
    expect(text.trimEnd().split('\n')).toHaveLength(301);
    const comma = String(await written((output) => writeCsv(rows(), output)));
    expect(comma).toContain('"Hỗ trợ tạm hoãn hợp đồng, đang mang thai"');
  });

  test('NDJSON has the columns and nothing else', async () => {
    const lines = String(await written((output) => writeNdjson(rows(), output)))
      .trimEnd()
      .split('\n');
    const objects = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(objects).toEqual([...rows()].map(({ flaw: _, ...cells }) => cells));
  });

  test.each([true, false])('XLSX opens again (shared strings: %p)', async (sharedStrings) => {
    const bytes = await written((output) => writeXlsx(rows(), output, { sharedStrings }));
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(bytes as unknown as exceljs.Buffer);
    const sheet = workbook.worksheets[0]!;
    expect(sheet.rowCount).toBe(301);
    expect(sheet.getRow(2).getCell(1).value).toBe([...rows()][0]!.payeeId);
  });

  test('wait for a slow reader', async () => {
    let mostWaiting = 0;
    const slow = new Writable({
      highWaterMark: 1024,
      write(_piece, _encoding, done) {
        mostWaiting = Math.max(mostWaiting, slow.writableLength);
        setImmediate(done);
      },
    });
    await writeCsv(generateRows({ rows: 20_000, seed: 1 }), slow);
    expect(mostWaiting).toBeLessThan(200_000);
  });
});
