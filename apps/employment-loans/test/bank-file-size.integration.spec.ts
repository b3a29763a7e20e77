import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { writeTable } from '@ansinh/payment-list';
import { listTypes } from '@ansinh/uploads';
import type { BankFileView } from '../src/bank-file/bank-file.dto.js';
import { expectFolded } from './folded.js';
import { type Harness, startHarness } from './harness.js';
import { type Officers, officersOf, today } from './lending.js';
import { plantLoans } from './sampled.js';

/** A month of a province by `WHOLE_BANK_FILE=1`: 20,000 rows; else a part of it. */
const isWhole = process.env['WHOLE_BANK_FILE'] === '1';
const loansInAll = isWhole ? 2_000 : 1_000;
const paymentsOfLoan = isWhole ? 10 : 2;
const rows = loansInAll * paymentsOfLoan;
const rowsOfChunk = 1_000;
const titles = ['Mã khoản vay', 'Số tiền', 'Ngày trả', 'Số chứng từ'];

let harness: Harness;
let officers: Officers;
let codes: string[];
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  const booked = { repayments: 1, bookedThrough: addDays(today(), -40) };
  await plantLoans(harness, { seed: 'size', count: loansInAll, disbursedBefore: 100, ...booked });
  codes = (await harness.dataSource.query<{ code: string }[]>('SELECT code FROM loan ORDER BY id')).map(
    ({ code }) => code,
  );
});
afterAll(() => harness.stop());

/** Each loan on some days of a month: day by day, or all of a loan one after the other. */
function monthly(month: string, order: 'byDay' | 'byLoan'): string[][] {
  const paid = (code: string, payment: number) => [
    code,
    '1000',
    addDays(today(), payment - 35),
    `${month}-${payment}-${code}`,
  ];
  const payments = [...Array(paymentsOfLoan).keys()];
  return order === 'byDay'
    ? payments.flatMap((payment) => codes.map((code) => paid(code, payment)))
    : codes.flatMap((code) => payments.map((payment) => paid(code, payment)));
}

async function written(format: 'csv' | 'xlsx', content: string[][]): Promise<Buffer> {
  const file = new PassThrough();
  const columns = titles.map((title) => ({ title, width: 20 }));
  const [, bytes] = await Promise.all([
    writeTable(Readable.from(content), file, { format, sheetName: 'Thu nợ', columns }),
    buffer(file),
  ]);
  return bytes;
}

/** What is in use after everything that nobody holds is gone. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** The most moves that one loan has made since another move was the last. */
async function mostMovesSince(at: string): Promise<number> {
  const [{ most }] = await harness.dataSource.query<[{ most: number }]>(
    `SELECT coalesce(max(made), 0)::int AS most FROM (
       SELECT count(*) AS made FROM loan_move WHERE at > $1::timestamptz GROUP BY loan_id) moved`,
    [at],
  );
  return most;
}

const instant = async () =>
  (await harness.dataSource.query<[{ at: string }]>('SELECT clock_timestamp()::text AS at'))[0].at;

test.each([
  ['csv', 'byDay'],
  ['xlsx', 'byLoan'],
] as const)(
  `a month as %s, %s, is booked exactly, by as many statements a chunk however many rows it has, and holds no memory (${rows} rows${isWhole ? '' : ', WHOLE_BANK_FILE=1 takes 20,000'})`,
  async (format, order) => {
    const content = await written(format, monthly(format, order));
    const { body } = await officers.bank
      .upload('/v1/bank-files?kind=repayments', content, listTypes[format])
      .expect(201);
    let file = body as BankFileView;
    expect(file).toMatchObject({ rows, blocked: 0 });
    const runner = harness.dataSource.createQueryRunner();
    const asked = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
    await runner.release();
    const statements: number[] = [];
    const held: number[] = [];
    while (!file.isFinished) {
      const before = await instant();
      asked.mockClear();
      const taken = await officers.bank.post(`/v1/bank-files/${file.id}/chunks`, {}).expect(200);
      const count = asked.mock.calls.length;
      // A loan goes from move to move: each has a row and a change of the loan, by one statement each for all loans.
      statements.push(count - 2 * (await mostMovesSince(before)));
      file = taken.body as BankFileView;
      asked.mockClear();
      held.push(heldBytes());
    }
    asked.mockRestore();
    const amount = String(rows * 1_000);
    expect(file.outcomes).toEqual([{ outcome: 'booked', rows, amount }]);
    expect(statements).toHaveLength(rows / rowsOfChunk);
    expect([...new Set(statements)]).toHaveLength(1);
    // Of a chunk nothing is held behind it: at the end there is no more than half of the file before.
    expect(held.at(-1)! - held[Math.floor((held.length - 1) / 2)]!).toBeLessThan(8 * 1_024 * 1_024);
    const booked = await harness.dataSource.query(
      `SELECT count(*)::int AS payments, count(DISTINCT (paid.loan_id, paid.event))::int AS events,
         sum(paid.amount)::text AS amount, sum((event.facts ->> 'amount')::bigint)::text AS "inBooks"
       FROM bank_repayment paid JOIN loan_event event ON event.loan_id = paid.loan_id AND event.number = paid.event
       WHERE paid.file_id = $1`,
      [file.id],
    );
    expect(booked).toEqual([{ payments: rows, events: rows, amount, inBooks: amount }]);
    await expectFolded(harness, 20);
  },
  isWhole ? 1_800_000 : undefined,
);
