import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { violatedConstraint } from '@ansinh/database';
import { lockFund, move, post } from '../src/fund/ledger.js';
import { type Harness, maker, newLines, openFund, operator, sentBatch, startHarness } from './harness.js';
import { debitsOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';

let harness: Harness;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
});
afterAll(() => harness.stop());

/** What refused a transaction, also where it was refused only as it committed. */
async function refusalOf(work: (tx: EntityManager) => Promise<unknown>): Promise<string | null> {
  try {
    await harness.dataSource.transaction(work);
    return null;
  } catch (error) {
    return violatedConstraint(error) ?? String(error);
  }
}

async function transactionOf(tx: EntityManager, fund: string, kind = 'allotment'): Promise<string> {
  const [row] = (await tx.query(
    `INSERT INTO ledger_transaction (fund_id, kind, reference) VALUES ($1, $2, $3) RETURNING id`,
    [fund, kind, randomUUID()],
  )) as { id: string }[];
  return row!.id;
}

const posting = (tx: EntityManager, transaction: string, fund: string, kind: string, amount: bigint) =>
  tx.query(`INSERT INTO ledger_posting (transaction_id, fund_id, kind, amount) VALUES ($1, $2, $3, $4)`, [
    transaction,
    fund,
    kind,
    amount.toString(),
  ]);

async function balance(fund: string, at?: string): Promise<Record<string, string>> {
  const client = await harness.as(operator);
  const query = at === undefined ? '' : `?at=${encodeURIComponent(at)}`;
  return (await client.get(`/v1/funds/${fund}/balance${query}`).expect(200)).body as Record<string, string>;
}

describe('every transaction sums to zero when it commits', () => {
  beforeAll(async () => {
    fundId = await openFund(harness, { amount: '1000' });
  });

  test('two sides that cancel are booked', async () => {
    const refusal = await refusalOf(async (tx) => {
      const id = await transactionOf(tx, fundId);
      await posting(tx, id, fundId, 'allotted', -5n);
      await posting(tx, id, fundId, 'available', 5n);
    });
    expect(refusal).toBeNull();
  });

  test('a transaction without postings is refused', async () => {
    expect(await refusalOf((tx) => transactionOf(tx, fundId))).toBe('ledger_zero_sum');
  });

  test('one side alone is refused', async () => {
    const refusal = await refusalOf(async (tx) => {
      await posting(tx, await transactionOf(tx, fundId), fundId, 'available', 5n);
    });
    expect(refusal).toBe('ledger_zero_sum');
  });

  test('two sides that differ by one đồng are refused', async () => {
    const refusal = await refusalOf(async (tx) => {
      const id = await transactionOf(tx, fundId);
      await posting(tx, id, fundId, 'allotted', -5n);
      await posting(tx, id, fundId, 'available', 6n);
    });
    expect(refusal).toBe('ledger_zero_sum');
  });

  test('money does not move between funds', async () => {
    const other = await openFund(harness, { amount: '1000' });
    for (const [first, second] of [
      [fundId, other],
      [other, other],
    ] as const) {
      const refusal = await refusalOf(async (tx) => {
        const id = await transactionOf(tx, fundId);
        await posting(tx, id, first, 'available', -5n);
        await posting(tx, id, second, 'reserved', 5n);
      });
      expect(refusal).toBe('ledger_zero_sum');
    }
  });

  test('a posting added to an older transaction is refused', async () => {
    const [older] = (await harness.dataSource.query(
      'SELECT max(id) AS id FROM ledger_transaction WHERE fund_id = $1',
      [fundId],
    )) as { id: string }[];
    expect(await refusalOf((tx) => posting(tx, older!.id, fundId, 'reserved', 5n))).toBe('ledger_zero_sum');
  });

  test('a transaction and its postings either all stand or none', async () => {
    const before = await balance(fundId);
    await refusalOf(async (tx) => {
      await post(tx, {
        fundId,
        kind: 'reservation',
        reference: 'R-1',
        postings: move('available', 'reserved', 7n),
      });
      throw new Error('what came after failed');
    });
    expect(await balance(fundId)).toMatchObject({ available: before['available'], reserved: '0' });
  });
});

describe('no account is overdrawn', () => {
  test.each([
    ['available', 'reserved'],
    ['reserved', 'inFlight'],
    ['inFlight', 'paid'],
    ['paid', 'available'],
  ] as const)('from %s to %s: what is there may go, one đồng more may not', async (from, to) => {
    const fund = await openFund(harness, { amount: '1000' });
    const amount = from === 'available' ? 1000n : 0n;
    const moving = (value: bigint) =>
      refusalOf((tx) =>
        post(tx, {
          fundId: fund,
          kind: 'reservation',
          reference: randomUUID(),
          postings: move(from, to, value),
        }),
      );
    expect(await moving(amount + 1n)).toBe('ledger_account_covered');
    expect(await moving(amount)).toBeNull();
  });

  test('of fifty movements at once only those that are covered are booked', async () => {
    const fund = await openFund(harness, { amount: '1000' });
    const refusals = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        refusalOf(async (tx) => {
          await lockFund(tx, fund);
          await post(tx, {
            fundId: fund,
            kind: 'reservation',
            reference: `parallel-${index}`,
            postings: move('available', 'reserved', 100n),
          });
        }),
      ),
    );
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(10);
    expect(await balance(fund)).toMatchObject({ available: '0', reserved: '1000' });
  });
});

describe('allotments', () => {
  test('the same decision is booked once for a fund, and again for another', async () => {
    const [first, second] = [await openFund(harness), await openFund(harness)];
    const client = await harness.as(operator);
    const allotment = { amount: '10', reference: 'QD-77', note: '' };
    await client.post(`/v1/funds/${first}/allotments`, allotment).expect(201);
    const again = await client
      .post(`/v1/funds/${first}/allotments`, { ...allotment, amount: '11' })
      .expect(409);
    expect(again.body).toMatchObject({ code: 'ALLOTMENT_EXISTS' });
    await client.post(`/v1/funds/${second}/allotments`, allotment).expect(201);
    expect(await balance(first)).toMatchObject({ allotted: '1000000000010' });
  });

  test('the same reference at once is booked once', async () => {
    const fund = await openFund(harness, { amount: '5' });
    const client = await harness.as(operator);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        client.post(`/v1/funds/${fund}/allotments`, { amount: '10', reference: 'QD-2' }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
    expect(await balance(fund)).toMatchObject({ allotted: '15', available: '15' });
  });

  test('a wrong one is taken back by its opposite, once', async () => {
    const fund = await openFund(harness, { amount: '1000' });
    const client = await harness.as(operator);
    await client.post(`/v1/funds/${fund}/allotments`, { amount: '70', reference: 'QD-9' }).expect(201);
    const reversal = { reference: 'QD-9', reason: 'typed twice' };
    const { body } = await client.post(`/v1/funds/${fund}/reversals`, reversal).expect(201);
    expect(body).toMatchObject({ allotted: '1000', available: '1000' });
    const again = await client.post(`/v1/funds/${fund}/reversals`, reversal).expect(409);
    expect(again.body).toMatchObject({ code: 'ALLOTMENT_REVERSED' });
    const unknown = await client
      .post(`/v1/funds/${fund}/reversals`, { ...reversal, reference: 'QD-0' })
      .expect(404);
    expect(unknown.body).toMatchObject({ code: 'ALLOTMENT_NOT_FOUND' });
    const rows = (await harness.dataSource.query(
      `SELECT kind, (SELECT sum(amount) FROM ledger_posting WHERE transaction_id = booked.id AND kind = 'available')::text AS amount
       FROM ledger_transaction booked WHERE fund_id = $1 AND id > (SELECT min(id) FROM ledger_transaction WHERE fund_id = $1)
       ORDER BY id`,
      [fund],
    )) as object[];
    expect(rows).toEqual([
      { kind: 'allotment', amount: '70' },
      { kind: 'reversal', amount: '-70' },
    ]);
  });

  test('one whose money is reserved already cannot be taken back', async () => {
    const fund = await openFund(harness, { amount: '1000' });
    await refusalOf((tx) =>
      post(tx, {
        fundId: fund,
        kind: 'reservation',
        reference: 'R',
        postings: move('available', 'reserved', 1n),
      }),
    );
    const client = await harness.as(operator);
    const { body } = await client
      .post(`/v1/funds/${fund}/reversals`, { reference: 'QD-1', reason: 'wrong' })
      .expect(409);
    expect(body).toMatchObject({ code: 'INSUFFICIENT_FUND' });
    expect(await balance(fund)).toMatchObject({ allotted: '1000', available: '999', reserved: '1' });
  });
});

describe('balances of the past', () => {
  test('an instant has what was booked up to and at it, and nothing of after', async () => {
    const fund = await openFund(harness, { amount: '1000' });
    const client = await harness.as(operator);
    await client.post(`/v1/funds/${fund}/allotments`, { amount: '20', reference: 'QD-2' }).expect(201);
    const instant = (value: string) =>
      `to_char((${value}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    const [booked] = (await harness.dataSource.query(
      `SELECT ${instant('max(at)')} AS at, ${instant(`max(at) - interval '1 microsecond'`)} AS before
       FROM ledger_posting WHERE fund_id = $1`,
      [fund],
    )) as { at: string; before: string }[];
    const after = { at: booked!.at, allotted: '1020', available: '1020' };
    expect(await balance(fund, booked!.at)).toMatchObject(after);
    expect(await balance(fund, booked!.before)).toMatchObject({ allotted: '1000', available: '1000' });
    expect(await balance(fund, '2020-01-01T00:00:00+07:00')).toMatchObject({ allotted: '0', available: '0' });
    expect(await balance(fund, '2999-01-01T00:00:00Z')).toMatchObject({ allotted: '1020' });
  });

  test('both sides of an entry stand at one instant, those of a reversal too', async () => {
    const fund = await openFund(harness);
    const client = await harness.as(operator);
    await client.post(`/v1/funds/${fund}/reversals`, { reference: 'QD-1', reason: 'wrong' }).expect(201);
    const rows = (await harness.dataSource.query(
      `SELECT booked.kind, count(*)::int AS postings FROM ledger_posting posting
       JOIN ledger_transaction booked ON booked.id = transaction_id AND booked.at = posting.at
       WHERE booked.fund_id = $1 GROUP BY 1 ORDER BY 1`,
      [fund],
    )) as object[];
    expect(rows).toEqual([
      { kind: 'allotment', postings: 2 },
      { kind: 'reversal', postings: 2 },
    ]);
  });

  test.each([
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-W47-1',
    '2026-11-23',
    '2026-11-23T10:00:00',
    '1700000000',
  ])('%s is no instant', async (at) => {
    const client = await harness.as(operator);
    const fund = await openFund(harness);
    const { body } = await client.get(`/v1/funds/${fund}/balance?at=${at}`).expect(400);
    const { code, errors } = body as { code: string; errors: { pointer: string }[] };
    expect({ code, pointers: [...new Set(errors.map(({ pointer }) => pointer))] }).toEqual({
      code: 'INVALID_REQUEST',
      pointers: ['?at'],
    });
  });
});

describe('what was written is never changed', () => {
  beforeAll(async () => {
    const fund = await openFund(harness);
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId: fund });
    const client = await harness.as(maker);
    const { body } = await client.get(`/v1/funds/${fund}`).expect(200);
    const { account } = body as { account: { number: string } };
    await client.statement(await noticeOf({ account: account.number }, debitsOf(batch, lines))).expect(200);
    await harness.dataSource.query(
      `INSERT INTO waiver (batch_number, import_number, code, reason, actor_id, actor_name)
       SELECT max(number), 1, 'NAME_MISMATCH', 'r', 'a', 'A' FROM batch`,
    );
  });

  const tables = [
    ['ledger_transaction', 'reference = reference'],
    ['ledger_posting', 'amount = amount'],
    ['audit_event', 'verb = verb'],
    ['decision', 'reason = reason'],
    ['waiver', 'reason = reason'],
    ['payment_outcome', 'amount = amount'],
    ['statement_entry', 'amount = amount'],
  ] as const;

  test.each(tables)('%s', async (table, change) => {
    const append = new RegExp(`${table} is append-only`);
    expect(await refusalOf((tx) => tx.query(`UPDATE ${table} SET ${change}`))).toMatch(append);
    expect(await refusalOf((tx) => tx.query(`DELETE FROM ${table}`))).toMatch(append);
    expect(await refusalOf((tx) => tx.query(`TRUNCATE ${table} CASCADE`))).toMatch(/is append-only/);
  });

  test.each(['payment', 'statement'])('%s is never deleted', async (table) => {
    expect(await refusalOf((tx) => tx.query(`DELETE FROM ${table}`))).toMatch(`${table} is append-only`);
    expect(await refusalOf((tx) => tx.query(`TRUNCATE ${table} CASCADE`))).toMatch('append-only');
  });

  test.each(['amount = amount + 1', 'account_key = gen_random_uuid()', 'chunk_no = 2', 'released = true'])(
    'a payment: %s is refused',
    async (change) => {
      expect(await refusalOf((tx) => tx.query(`UPDATE payment SET ${change}`))).toBe('payment_immutable');
    },
  );
});
