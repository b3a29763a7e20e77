import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { violatedConstraint } from '@ansinh/database';
import type { BatchView } from '../src/batch/batch.dto.js';
import {
  approve,
  approvedBatch,
  check,
  checkedBatch,
  createBatch,
  csvOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  numberOf,
  openFund,
  operator,
  type Player,
  readBatch,
  secondChecker,
  startHarness,
  submittedBatch,
} from './harness.js';

let harness: Harness;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  fundId = await openFund(harness);
});
afterAll(() => harness.stop());

const setBands = async (approvalBands?: { upTo: string | null; checkers: number }[]) =>
  (await harness.as(operator)).put('/v1/programmes/NQ68', { name: 'NQ68', approvalBands });

/** What was made of an approval: each must be there once, or not at all. */
async function frozen(batch: BatchView): Promise<object> {
  const [counts] = (await harness.dataSource.query(
    `SELECT (SELECT count(*)::int FROM payment WHERE batch_number = $1) AS payments,
            (SELECT count(*)::int FROM chunk WHERE batch_number = $1) AS chunks,
            (SELECT count(*)::int FROM ledger_transaction WHERE batch_number = $1 AND kind = 'reservation') AS reservations,
            (SELECT count(*)::int FROM decision WHERE batch_number = $1) AS decisions`,
    [numberOf(batch)],
  )) as object[];
  return counts!;
}

describe('the number of checkers goes by the sum', () => {
  const bands = [
    { upTo: '1000', checkers: 1 },
    { upTo: '2000', checkers: 2 },
    { upTo: null, checkers: 3 },
  ];

  test.each([
    ['1', 1],
    ['1000', 1],
    ['1001', 2],
    ['2000', 2],
    ['2001', 3],
    ['499999999', 3],
  ])('%s đồng: %i', async (amount, checkers) => {
    await setBands(bands).then(({ status }) => expect(status).toBe(200));
    let batch = await submittedBatch(harness, newLines(1, { amount }), { fundId });
    expect(batch.requiredApprovals).toBe(checkers);
    for (let given = 1; given <= checkers; given += 1) {
      expect(batch.state).toBe('submitted');
      batch = (await approve(harness, batch, { sub: `checker${given}` })).body as BatchView;
      expect(batch.approvals).toHaveLength(given);
    }
    expect(batch.state).toBe('approved');
    expect(await frozen(batch)).toEqual({ payments: 1, chunks: 1, reservations: 1, decisions: checkers });
  });

  test('by default one checker up to a milliard, two above', async () => {
    await setBands();
    const amounts = (last: string) => ['499999999', '499999999', last];
    const submitted = async (last: string) => {
      const lines = amounts(last).flatMap((amount) => newLines(1, { amount }));
      return (await submittedBatch(harness, lines, { fundId })).requiredApprovals;
    };
    expect(await submitted('2')).toBe(1);
    expect(await submitted('3')).toBe(2);
  });

  test('a change of the bands holds from the next submission', async () => {
    await setBands([{ upTo: null, checkers: 1 }]);
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    await setBands([{ upTo: null, checkers: 2 }]);
    expect((await approve(harness, batch, firstChecker)).body).toMatchObject({ state: 'approved' });
  });

  test.each([
    ['no last band without bound', [{ upTo: '1000', checkers: 1 }], '/approvalBands'],
    [
      'bands that fall',
      [
        { upTo: '2000', checkers: 1 },
        { upTo: '1000', checkers: 2 },
        { upTo: null, checkers: 3 },
      ],
      '/approvalBands',
    ],
    [
      'two equal bands',
      [
        { upTo: '1000', checkers: 1 },
        { upTo: '1000', checkers: 2 },
        { upTo: null, checkers: 3 },
      ],
      '/approvalBands',
    ],
    [
      'a bound-less band in the middle',
      [
        { upTo: null, checkers: 1 },
        { upTo: null, checkers: 2 },
      ],
      '/approvalBands',
    ],
    ['nobody to check', [{ upTo: null, checkers: 0 }], '/approvalBands/0/checkers'],
    ['six to check', [{ upTo: null, checkers: 6 }], '/approvalBands/0/checkers'],
    ['an amount as a number', [{ upTo: 1000, checkers: 1 }], '/approvalBands/0/upTo'],
    ['none', [], '/approvalBands'],
  ])('refused: %s', async (_, approvalBands, pointer) => {
    const { status, body } = await setBands(approvalBands as { upTo: string; checkers: number }[]);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ pointer })]) });
  });

  afterAll(() => setBands());
});

describe('whoever had a hand in the list does not approve it', () => {
  /** Four people, each with one part. */
  async function batchOfMany(): Promise<BatchView> {
    const by = async (sub: string) => harness.as({ sub });
    const batch = await createBatch(await by('creator'), fundId);
    const path = `/v1/batches/${batch.id}`;
    const lines = [...newLines(1), ...newLines(1, { placeCode: '99999' })];
    await (await by('importer')).list(`${path}/payments`, csvOf(lines), 'text/csv').expect(202);
    await check(harness, batch.id);
    await (await by('waiver')).post(`${path}/waivers`, { code: 'UNKNOWN_PLACE', reason: 'r' }).expect(202);
    await check(harness, batch.id);
    return (await (await by('submitter')).post(`${path}/submission`).expect(200)).body as BatchView;
  }

  test.each(['creator', 'importer', 'waiver', 'submitter'])('the %s', async (sub) => {
    const batch = await batchOfMany();
    const refused = await approve(harness, batch, { sub });
    expect(refused).toMatchObject({ status: 403, body: { code: 'MAKER_IS_NOT_CHECKER' } });
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'submitted', approvals: [] });
    const insertion = harness.dataSource.query(
      `INSERT INTO decision (batch_number, submission_number, actor_id, actor_name, verdict, digest)
       VALUES ($1, 1, $2, 'n', 'approved', $3)`,
      [numberOf(batch), sub, batch.digest],
    );
    await expect(insertion).rejects.toThrow('the maker of a batch may not approve it');
    expect((await approve(harness, batch, firstChecker)).body).toMatchObject({ state: 'approved' });
  });

  test('an importer of an earlier list of the batch neither', async () => {
    const batch = await batchOfMany();
    const checker = await harness.as(firstChecker);
    await checker.post(`/v1/batches/${batch.id}/rejection`, { reason: 'r' }).expect(200);
    const other = await harness.as(secondChecker);
    await other.list(`/v1/batches/${batch.id}/payments`, csvOf(newLines(1)), 'text/csv').expect(202);
    await check(harness, batch.id);
    const { body } = await other.post(`/v1/batches/${batch.id}/submission`).expect(200);
    for (const sub of ['importer', 'waiver', secondChecker.sub]) {
      expect(await approve(harness, body as BatchView, { sub })).toMatchObject({ status: 403 });
    }
    expect(await approve(harness, body as BatchView, firstChecker)).toMatchObject({ status: 200 });
  });

  test('a maker may take the batch back by rejecting it', async () => {
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    const client = await harness.as(maker);
    const { body } = await client
      .post(`/v1/batches/${batch.id}/rejection`, { reason: 'wrong month' })
      .expect(200);
    expect(body).toMatchObject({ state: 'rejected' });
  });
});

describe('a decision', () => {
  test('is made once by each checker', async () => {
    await setBands([{ upTo: null, checkers: 2 }]);
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    expect(await approve(harness, batch, firstChecker)).toMatchObject({
      status: 200,
      body: { state: 'submitted' },
    });
    expect(await approve(harness, batch, firstChecker)).toMatchObject({
      status: 409,
      body: { code: 'DECIDED_ALREADY' },
    });
    const client = await harness.as(firstChecker);
    const rejected = await client.post(`/v1/batches/${batch.id}/rejection`, { reason: 'r' }).expect(409);
    expect(rejected.body).toMatchObject({ code: 'DECIDED_ALREADY' });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'submitted',
      approvals: [{ by: 'checker1' }],
    });
    expect(await approve(harness, batch, secondChecker)).toMatchObject({ body: { state: 'approved' } });
    await setBands();
  });

  test('is on what the checker saw', async () => {
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    const other = await approve(harness, { ...batch, digest: 'f'.repeat(64) }, firstChecker);
    expect(other).toMatchObject({ status: 409, body: { code: 'DIGEST_MISMATCH' } });
    const none = await approve(harness, { ...batch, digest: 'nothing' }, firstChecker);
    expect(none).toMatchObject({ status: 400, body: { errors: [{ pointer: '/digest' }] } });
    expect(await frozen(batch)).toEqual({ payments: 0, chunks: 0, reservations: 0, decisions: 0 });
  });

  test('of an earlier submission does not count for the next', async () => {
    await setBands([{ upTo: null, checkers: 2 }]);
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    await approve(harness, batch, firstChecker);
    const other = await harness.as(secondChecker);
    await other.post(`/v1/batches/${batch.id}/rejection`, { reason: 'which month?' }).expect(200);
    const client = await harness.as(maker);
    await client.post(`/v1/batches/${batch.id}/check`).expect(202);
    await check(harness, batch.id);
    const again = (await client.post(`/v1/batches/${batch.id}/submission`).expect(200)).body as BatchView;
    expect(again).toMatchObject({ state: 'submitted', approvals: [], digest: batch.digest });
    expect((await approve(harness, again, firstChecker)).body).toMatchObject({ state: 'submitted' });
    expect((await approve(harness, again, secondChecker)).body).toMatchObject({ state: 'approved' });
    await setBands();
  });

  test.each(['draft', 'checked', 'approved', 'rejected', 'cancelled'])(
    'is not made on a batch that is %s',
    async (state) => {
      const batch = await batchIn(state);
      const reply = await approve(harness, { ...batch, digest: 'a'.repeat(64) }, secondChecker);
      expect(reply).toMatchObject({
        status: 409,
        body: { code: 'BATCH_STATE', state, allowed: ['submitted'] },
      });
    },
  );

  async function batchIn(state: string): Promise<BatchView> {
    const client = await harness.as(maker);
    if (state === 'draft') return createBatch(client, fundId);
    if (state === 'checked') return checkedBatch(harness, newLines(1), { fundId });
    if (state === 'approved') return approvedBatch(harness, newLines(1), { fundId });
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    const path = state === 'rejected' ? 'rejection' : 'cancellation';
    await client.post(`/v1/batches/${batch.id}/${path}`, { reason: 'r' }).expect(200);
    return batch;
  }

  test('asks for the permission to decide', async () => {
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    const reply = await approve(harness, batch, { sub: 'x', permissions: ['batch:submit', 'batch:write'] });
    expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});

describe('fifty approvals at once', () => {
  const many = (batch: BatchView, player: (index: number) => Player) =>
    Promise.all(Array.from({ length: 50 }, (_, index) => approve(harness, batch, player(index))));
  const tally = (replies: { status: number; body: unknown }[]) =>
    Object.fromEntries(
      [
        ...Map.groupBy(
          replies,
          ({ status, body }) => `${status} ${(body as { code: string }).code.slice(0, 9)}`,
        ),
      ].map(([outcome, { length }]) => [outcome.startsWith('200') ? 'approved' : outcome, length]),
    );

  test('by fifty checkers, one is needed: one decision, one reservation', async () => {
    const batch = await submittedBatch(harness, newLines(20), { fundId });
    const replies = await many(batch, (index) => ({ sub: `checker-${index}` }));
    expect(tally(replies)).toEqual({ approved: 1, '409 BATCH_STA': 49 });
    expect(await frozen(batch)).toEqual({ payments: 20, chunks: 1, reservations: 1, decisions: 1 });
    const { body } = await (await harness.as(operator)).get(`/v1/funds/${fundId}/balance`).expect(200);
    expect(body).toMatchObject({ reserved: batch.amount });
  });

  test('by fifty checkers, five are needed: five decisions, one reservation', async () => {
    await setBands([{ upTo: null, checkers: 5 }]);
    const batch = await submittedBatch(harness, newLines(20), { fundId });
    const replies = await many(batch, (index) => ({ sub: `checker-${index}` }));
    expect(tally(replies)).toEqual({ approved: 5, '409 BATCH_STA': 45 });
    expect(await frozen(batch)).toEqual({ payments: 20, chunks: 1, reservations: 1, decisions: 5 });
    await setBands();
  });

  test('by one checker, two are needed: one decision, nothing reserved', async () => {
    await setBands([{ upTo: null, checkers: 2 }]);
    const batch = await submittedBatch(harness, newLines(20), { fundId });
    const replies = await many(batch, () => firstChecker);
    expect(tally(replies)).toEqual({ approved: 1, '409 DECIDED_A': 49 });
    expect(await frozen(batch)).toEqual({ payments: 0, chunks: 0, reservations: 0, decisions: 1 });
    await setBands();
  });

  test('by its maker: none', async () => {
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    expect(tally(await many(batch, () => maker))).toEqual({ '403 MAKER_IS_': 50 });
  });
});

describe('the fund', () => {
  test('two batches for money that suffices for one: the first is approved, the other refused and unchanged', async () => {
    const scarce = await openFund(harness, { amount: '1500' });
    const submitted = () => submittedBatch(harness, newLines(1, { amount: '1000' }), { fundId: scarce });
    const [first, second] = [await submitted(), await submitted()];
    const replies = await Promise.all([
      approve(harness, first, firstChecker),
      approve(harness, second, secondChecker),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = replies.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({ code: 'INSUFFICIENT_FUND', needed: '1000', available: '500' });
    const loser = replies.indexOf(refused) === 0 ? first : second;
    expect(await frozen(loser)).toEqual({ payments: 0, chunks: 0, reservations: 0, decisions: 0 });
    const treasurer = await harness.as(operator);
    const { body } = await treasurer.get(`/v1/funds/${scarce}/balance`).expect(200);
    expect(body).toMatchObject({ available: '500', reserved: '1000' });
    await treasurer.post(`/v1/funds/${scarce}/allotments`, { amount: '500', reference: 'QD-2' }).expect(201);
    expect((await approve(harness, loser, { sub: randomUUID() })).body).toMatchObject({ state: 'approved' });
  });
});

describe('a list that was submitted is frozen', () => {
  const statements: [string, string][] = [
    ['a changed amount', 'UPDATE payment_line SET amount = amount + 1 WHERE batch_number = $1'],
    ['a changed account', `UPDATE payment_line SET account_key = gen_random_uuid() WHERE batch_number = $1`],
    ['a line set aside', 'UPDATE payment_line SET set_aside = true WHERE batch_number = $1'],
    ['a line less', 'DELETE FROM payment_line WHERE batch_number = $1 AND row_no = 1'],
    ['a line more', 'INSERT INTO payment_line (batch_number, row_no, amount) VALUES ($1, 99, 1)'],
    ['a line moved away', 'UPDATE payment_line SET batch_number = 0 WHERE batch_number = $1'],
    [
      'a line moved in',
      'UPDATE payment_line SET batch_number = $1, row_no = 77 WHERE batch_number = $1 + 1 AND row_no = 1',
    ],
    ['other accounts', `UPDATE sealed_block SET sealed = '\\x0001' WHERE batch_number = $1`],
    ['no accounts', 'DELETE FROM sealed_block WHERE batch_number = $1'],
    ['more accounts', `INSERT INTO sealed_block (batch_number, block_no, sealed) VALUES ($1, 9, '\\x0001')`],
  ];

  test.each(statements)('%s is refused by the database, submitted or approved', async (name, sql) => {
    const batch = await submittedBatch(harness, newLines(2), { fundId });
    // The list that is still open, from which a line might be moved in.
    if (name === 'a line moved in') await checkedBatch(harness, newLines(2), { fundId });
    for (const state of ['submitted', 'approved']) {
      expect((await readBatch(harness, batch.id)).state).toBe(state);
      const refusal = await harness.dataSource.query(sql, [numberOf(batch)]).then(
        () => 'nobody',
        (error: unknown) => violatedConstraint(error),
      );
      expect(refusal).toBe('list_frozen');
      if (state === 'submitted') await approve(harness, batch, firstChecker);
    }
  });

  test.each(['approved', 'cancelled'])('no payment is added to a batch that is %s', async (state) => {
    const batch = await approvedBatch(harness, newLines(1), { fundId });
    if (state === 'cancelled') {
      const client = await harness.as(maker);
      await client.post(`/v1/batches/${batch.id}/cancellation`, { reason: 'r' }).expect(200);
    }
    const refusal = await harness.dataSource
      .query(
        `INSERT INTO payment (batch_number, row_no, chunk_no, amount, payee_key, account_key, obligation_key)
         SELECT batch_number, 99, 1, amount, payee_key, account_key, gen_random_uuid() FROM payment WHERE batch_number = $1`,
        [numberOf(batch)],
      )
      .then(
        () => 'nobody',
        (error: unknown) => violatedConstraint(error),
      );
    expect(refusal).toBe('payment_immutable');
  });

  test.each(['payment_line', 'sealed_block'])('%s is never emptied', async (table) => {
    await expect(harness.dataSource.query(`TRUNCATE ${table}`)).rejects.toThrow('append-only');
  });

  // Three blocks of the digest, which two connections read when it is submitted.
  test.each([1, 2_001])('a list whose line %d was changed behind the guard is not approved', async (row) => {
    const batch = await submittedBatch(harness, newLines(2_001, { amount: '1000' }), { fundId });
    await harness.dataSource.transaction(async (tx) => {
      await tx.query('ALTER TABLE payment_line DISABLE TRIGGER USER');
      await tx.query('UPDATE payment_line SET amount = amount + 1 WHERE batch_number = $1 AND row_no = $2', [
        numberOf(batch),
        row,
      ]);
      await tx.query('ALTER TABLE payment_line ENABLE TRIGGER USER');
    });
    const reply = await approve(harness, batch, firstChecker);
    expect(reply).toMatchObject({ status: 409, body: { code: 'DIGEST_MISMATCH' } });
    expect(await frozen(batch)).toEqual({ payments: 0, chunks: 0, reservations: 0, decisions: 0 });
  });
});

test('the payments of an approved batch are cut into messages of the configured size', async () => {
  const small = await startHarness({ environment: { CHUNK_PAYMENTS: '3' } });
  try {
    const batch = await approvedBatch(
      small,
      [...newLines(3), ...newLines(1, { bankBin: '970999' }), ...newLines(4)],
      {
        onBlocking: 'setAside',
      },
    );
    const { body } = await (await small.as(operator)).get(`/v1/batches/${batch.id}/messages`).expect(200);
    expect(body).toMatchObject({
      items: [
        {
          number: 1,
          payments: 3,
          messageId: `${batch.code}-C00001`,
          state: 'pending',
          attempts: 0,
          digest: null,
        },
        { number: 2, payments: 3, messageId: `${batch.code}-C00002` },
        { number: 3, payments: 1, messageId: `${batch.code}-C00003` },
      ],
    });
  } finally {
    await small.stop();
  }
});
