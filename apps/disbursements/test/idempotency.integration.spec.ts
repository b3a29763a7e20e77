import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { debitsOf, accountOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  approve,
  firstChecker,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  sentBatch,
  startHarness,
  submittedBatch,
} from './harness.js';
import { operationsOf, pathOf, request } from './operations.js';

let harness: Harness;
let client: PlayedClient;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
  client = await harness.as(operator);
  fundId = await openFund(harness);
});
afterAll(() => harness.stop());

const allot = (key: string, over: object = {}, by = client) =>
  by.post(`/v1/funds/${fundId}/allotments`, { amount: '10', reference: key, ...over }, key);

async function count(table: string, condition: string, ...parameters: unknown[]): Promise<number> {
  const [row] = (await harness.dataSource.query(
    `SELECT count(*)::int AS count FROM ${table} WHERE ${condition}`,
    parameters,
  )) as { count: number }[];
  return row!.count;
}

const bookedWith = (reference: string) => count('ledger_transaction', 'reference = $1', reference);
const auditedWith = (reference: string) => count('audit_event', `facts ->> 'reference' = $1`, reference);

describe('the same key', () => {
  const otherFund = {
    code: 'F-OTHER',
    name: 'Fund',
    budgetSource: 'NSNN',
    programmeCodes: ['NQ68'],
    channel: 'iso20022-http',
    account: { bin: '970405', number: '777777777', name: 'SO LAO DONG' },
  };

  test('gives the same answer and one effect', async () => {
    const key = randomUUID();
    const first = await allot(key).expect(201);
    await client.post(`/v1/funds/${fundId}/allotments`, { amount: '5', reference: randomUUID() }).expect(201);
    const again = await allot(key).expect(201);
    expect(again.body).toEqual(first.body);
    expect(await bookedWith(key)).toBe(1);
    expect(await auditedWith(key)).toBe(1);
  });

  test('gives the first answer also when the record has moved on', async () => {
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    const key = randomUUID();
    const checker = await harness.as(firstChecker);
    const path = `/v1/batches/${batch.id}/approval`;
    const first = await checker.post(path, { digest: batch.digest! }, key).expect(200);
    await client.post(`/v1/batches/${batch.id}/transmission`).expect(202);
    const again = await checker.post(path, { digest: batch.digest! }, key).expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.body).toMatchObject({ state: 'approved' });
  });

  test.each([
    ['another amount', (key: string) => allot(key, { amount: '11' })],
    ['a note more', (key: string) => allot(key, { note: 'n' })],
    ['another command', (key: string) => client.post('/v1/funds', otherFund, key)],
    ['the same command on another record', (key: string) => allotOther(key)],
  ])('with %s is refused', async (_, second) => {
    const key = randomUUID();
    await allot(key).expect(201);
    const reply = await second(key);
    expect(reply).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await bookedWith(key)).toBe(1);
  });

  const allotOther = async (key: string) => {
    const other = await openFund(harness);
    return client.post(`/v1/funds/${other}/allotments`, { amount: '10', reference: key }, key);
  };

  test('of another caller is another key', async () => {
    const key = randomUUID();
    await allot(key).expect(201);
    const other = await harness.as({ sub: 'treasurer' });
    const reply = await allot(key, { reference: `${key}-2` }, other).expect(201);
    expect(reply.body).toMatchObject({ fundId });
    expect(await bookedWith(`${key}-2`)).toBe(1);
  });

  test('after a refusal runs anew: a refusal is not remembered', async () => {
    const key = randomUUID();
    const poor = await openFund(harness, { amount: '1' });
    const batch = await submittedBatch(harness, newLines(1, { amount: '2' }), {
      fundId: await openFund(harness),
    });
    const moved = await harness.dataSource.query('UPDATE batch SET fund_id = $1 WHERE id = $2', [
      poor,
      batch.id,
    ]);
    expect(moved).toEqual([[], 1]);
    const checker = await harness.as(firstChecker);
    const path = `/v1/batches/${batch.id}/approval`;
    const refused = await checker.post(path, { digest: batch.digest! }, key).expect(409);
    expect(refused.body).toMatchObject({ code: 'INSUFFICIENT_FUND' });
    await client.post(`/v1/funds/${poor}/allotments`, { amount: '1', reference: 'QD-2' }).expect(201);
    const { body } = await checker.post(path, { digest: batch.digest! }, key).expect(200);
    expect(body).toMatchObject({ state: 'approved' });
  });

  test('twenty times at once has one effect; the others wait or hear the same', async () => {
    const key = randomUUID();
    const replies = await Promise.all(Array.from({ length: 20 }, () => allot(key)));
    const [first, ...repeated] = replies.filter(({ status }) => status === 201);
    for (const { body } of repeated) expect(body).toEqual(first!.body);
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expect(reply).toMatchObject({ status: 409, body: { code: 'COMMAND_STILL_RUNNING' } });
    }
    expect(await bookedWith(key)).toBe(1);
    expect((await allot(key).expect(201)).body).toEqual(first!.body);
  });

  test('while the first is still running is told so, and the first goes on', async () => {
    const key = randomUUID();
    const holder = harness.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM fund WHERE id = $1 FOR UPDATE', [fundId]);
    const first = allot(key).then((reply) => reply);
    await untilWaiting();
    for (let time = 0; time < 3; time += 1) {
      const reply = await allot(key).timeout(5_000).expect(409);
      expect(reply.body).toMatchObject({ code: 'COMMAND_STILL_RUNNING' });
    }
    await holder.commitTransaction();
    await holder.release();
    expect((await first).status).toBe(201);
    expect(await bookedWith(key)).toBe(1);
  });

  /** Until somebody waits for a row lock in this database. */
  async function untilWaiting(): Promise<void> {
    while (
      (await count('pg_stat_activity', `datname = current_database() AND wait_event_type = 'Lock'`)) === 0
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  test('stands for the content of a file as well', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const account = await accountOf(harness, fundId);
    const [first, second] = debitsOf(batch, lines);
    const key = randomUUID();
    const notice = await noticeOf({ account }, [first!]);
    const imported = await client.statement(notice, key).expect(200);
    expect(imported.body).toMatchObject({ items: [{ matched: 1, alreadyImported: false }] });
    expect((await client.statement(notice, key).expect(200)).body).toEqual(imported.body);
    const other = await client.statement(await noticeOf({ account }, [second!]), key).expect(422);
    expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });
});

describe('the key', () => {
  test.each([
    ['seven characters', 'x'.repeat(7)],
    ['129 characters', 'x'.repeat(129)],
    ['a space', 'key with spaces'],
  ])('of %s is refused', async (_, key) => {
    const { body } = await allot(key).expect(400);
    expect(body).toMatchObject({ code: 'IDEMPOTENCY_KEY_MALFORMED' });
  });

  test.each(['x'.repeat(8), 'x'.repeat(128), '!~"#$%&\'()*+,-./:;<=>?@[]^_`{|}'])('%s is taken', (key) =>
    allot(key, { reference: randomUUID() }).expect(201),
  );

  test('is asked for by every operation that changes something, but PUT, and documented', async () => {
    const records = { fundId, batchId: randomUUID(), exceptionId: randomUUID() };
    const commands = operationsOf(harness).filter(({ method }) => method === 'post');
    expect(commands.length).toBeGreaterThan(15);
    for (const operation of commands) {
      const body = request(client, operation, records);
      const reply = await body.unset('idempotency-key');
      expect({ id: operation.id, ...(reply.body as object) }).toMatchObject({
        id: operation.id,
        status: 400,
        code: 'IDEMPOTENCY_KEY_MISSING',
      });
    }
    for (const operation of operationsOf(harness).filter(({ method }) => method === 'put')) {
      const reply = await request(client, operation, records);
      expect({ id: operation.id, status: reply.status }).not.toMatchObject({ status: 400 });
    }
  });

  test('without a token tells nothing', async () => {
    const path = pathOf(
      { id: '', method: 'post', path: '/v1/funds/{id}/allotments' },
      { fundId, batchId: '', exceptionId: '' },
    );
    const { body } = await supertest(harness.app.getHttpServer()).post(path).send({}).expect(401);
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('effect, audit row and remembered answer stand together', () => {
  test('a refused command leaves none of them', async () => {
    const key = randomUUID();
    await allot(key).expect(201);
    const refused = randomUUID();
    await allot(refused, { reference: key }).expect(409);
    expect(await count('idempotency_key', 'key = $1', refused)).toBe(0);
    expect(await auditedWith(key)).toBe(1);
  });

  test.each(['audit_event', 'idempotency_key'])(
    'when %s cannot be written, nothing happened',
    async (table) => {
      await harness.dataSource.query(`
      CREATE FUNCTION refuse_for_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full disk'; END $$;
      CREATE TRIGGER refused_for_test BEFORE INSERT ON ${table} EXECUTE FUNCTION refuse_for_test();`);
      const key = randomUUID();
      try {
        const { body, text } = await allot(key).expect(500);
        expect(body).toMatchObject({ code: 'UNEXPECTED' });
        expect(text).not.toContain('full disk');
      } finally {
        await harness.dataSource.query(
          `DROP TRIGGER refused_for_test ON ${table}; DROP FUNCTION refuse_for_test()`,
        );
      }
      expect([
        await bookedWith(key),
        await auditedWith(key),
        await count('idempotency_key', 'key = $1', key),
      ]).toEqual([0, 0, 0]);
      await allot(key).expect(201);
      expect([
        await bookedWith(key),
        await auditedWith(key),
        await count('idempotency_key', 'key = $1', key),
      ]).toEqual([1, 1, 1]);
    },
  );

  test('the audit row says who did what to which record, for which office', async () => {
    const batch = await submittedBatch(harness, newLines(1), { fundId });
    await approve(harness, batch, firstChecker);
    const rows = (await harness.dataSource.query(
      `SELECT verb, actor_id, office, facts FROM audit_event WHERE subject = $1 ORDER BY seq`,
      [`batch/${batch.code}`],
    )) as { verb: string; actor_id: string }[];
    expect(rows.map(({ verb, actor_id }) => `${actor_id}: ${verb}`)).toEqual([
      `${maker.sub}: batch.create`,
      `${maker.sub}: batch.import`,
      'system: batch.check',
      `${maker.sub}: batch.submit`,
      `${firstChecker.sub}: batch.approve`,
    ]);
    expect(rows.at(-1)).toMatchObject({
      office: '27',
      facts: { digest: batch.digest, approvals: 1, required: 1 },
    });
  });
});
