import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { type AuditedEvent as Event, createTestDatabase, hashOf, readLog, verifyRead } from '@ansinh/testing';
import { ChainAuditLog1795500700000 } from '../src/migrations/1795500700000-chain-audit-log.js';
import { dataSourceOptions } from '../src/data-source.js';
import { debitsOf, accountOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  firstChecker,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  readBatch,
  sentBatch,
  startHarness,
} from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
});
afterAll(() => harness.stop());

const events = async () => (await readLog(harness)).entries as Event[];

async function requireWhole(): Promise<Event[]> {
  const read = await readLog(harness);
  const { findings, hidden } = await verifyRead(read);
  expect({ findings, hidden }).toEqual({ findings: [], hidden: 0 });
  const entries = read.entries as Event[];
  entries.forEach((event, index) => {
    expect(event.seq).toBe(String(index + 1));
    expect(event.hash).toBe(hashOf(event));
    expect(event.previousHash).toBe(index === 0 ? '0'.repeat(64) : entries[index - 1]!.hash);
  });
  return entries;
}

test('a batch from fund to reconciliation leaves one event an effect, each with its digests', async () => {
  const fundId = await openFund(harness);
  const lines = newLines(3);
  const batch = await sentBatch(harness, lines, { fundId });
  const client = await harness.as(operator);
  const notice = await noticeOf({ account: await accountOf(harness, fundId) }, debitsOf(batch, lines));
  await client.statement(notice).expect(200);
  await client.post(`/v1/batches/${batch.id}/closure`).expect(200);
  const found = await requireWhole();
  expect(found.map(({ verb }) => verb)).toEqual([
    'programme.set',
    'fund.create',
    'fund.allot',
    'batch.create',
    'batch.import',
    'batch.check',
    'batch.submit',
    'batch.approve',
    'batch.transmit',
    'message.send',
    'message.answer',
    'statement.import',
    'batch.close',
  ]);
  const created = ['programme.set', 'fund.create', 'batch.create', 'statement.import'];
  for (const { verb, before, after } of found) {
    expect({ verb, isCreated: before === null }).toEqual({ verb, isCreated: created.includes(verb) });
    expect({ verb, after }).toEqual({ verb, after: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(after).not.toBe(before);
  }
  // What one command left is what the next one found, as long as nobody else touched the batch.
  const ofBatch = found.filter(({ subject }) => subject === `batch/${batch.code}`).slice(0, 6);
  ofBatch.slice(1).forEach((event, index) => expect(event.before).toBe(ofBatch[index]!.after));
  const text = JSON.stringify(found);
  for (const line of lines) for (const cell of [0, 3]) expect(text).not.toContain(line.split(',')[cell]);
});

test('fifty commands at once leave no gap and no fork, and none of them fails', async () => {
  const fundId = await openFund(harness);
  const client = await harness.as(operator);
  const before = (await events()).length;
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      index % 2
        ? client.post(`/v1/funds/${fundId}/allotments`, { amount: '1000', reference: randomUUID() })
        : client.put(`/v1/programmes/P-${index % 5}`, { name: `P ${index}` }),
    ),
  );
  expect(replies.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
  expect(await requireWhole()).toHaveLength(before + 50);
});

test('approvals of many batches of one fund at once do not wait for each other in a circle', async () => {
  const fundId = await openFund(harness);
  const batches = [];
  for (let index = 0; index < 8; index += 1)
    batches.push(await approvedBatch(harness, newLines(2), { fundId }));
  const client = await harness.as(maker);
  const replies = await Promise.all(
    batches.map(({ id }) => client.post(`/v1/batches/${id}/cancellation`, { reason: 'r' })),
  );
  expect(replies.map(({ status }) => status)).toEqual(batches.map(() => 200));
  await requireWhole();
});

test('a command that is refused or rolled back leaves no event and no gap', async () => {
  const batch = await approvedBatch(harness, newLines(1));
  const before = await events();
  const checker = await harness.as(firstChecker);
  await checker.post(`/v1/batches/${batch.id}/approval`, { digest: 'a'.repeat(64) }).expect(409);
  await expect(
    harness.dataSource.transaction(async (tx) => {
      await tx.query(byHand);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await events()).toEqual(before);
  await harness.dataSource.query(byHand);
  const after = await requireWhole();
  expect(after).toHaveLength(before.length + 1);
  expect((await readBatch(harness, batch.id)).state).toBe('approved');
});

const byHand = `INSERT INTO audit_event (seq, at, actor_id, actor_name, office, verb, subject, request_id, facts, hash)
  VALUES (7, '2001-01-01', 'psql', 'Somebody', '27', 'by.hand', 'x/1', 'r', '{"z":1, "a": 2}', 'made up')`;

test('an event that is written by hand joins the chain: number, instant and hash are not its own to say', async () => {
  const [last] = (await events()).slice(-1);
  expect(last).toMatchObject({ verb: 'by.hand', facts: '{"z":1, "a": 2}', before: null, after: null });
  expect(last!.at > '2026').toBe(true);
});

test('events have the order of their instants, even when the clock goes back', async () => {
  await harness.dataSource.query(`UPDATE audit_head SET not_before = now() + interval '1 hour'`);
  await harness.dataSource.query(byHand);
  await harness.dataSource.query(byHand);
  const found = await requireWhole();
  const instants = found.map(({ at }) => at);
  expect(instants).toEqual(instants.toSorted());
  expect(Date.parse(instants.at(-1)!)).toBeGreaterThan(Date.now() + 3_500_000);
});

describe('a log of before there was a chain', () => {
  test('becomes one, in the order of its instants and without the gaps of its numbers; and back', async () => {
    const { url } = await createTestDatabase({
      service: 'disbursements-unchained',
      migrate: async (address) => {
        const dataSource = await new DataSource(dataSourceOptions(address)).initialize();
        await dataSource.runMigrations();
        const runner = dataSource.createQueryRunner();
        await new ChainAuditLog1795500700000().down(runner);
        await runner.release();
        await dataSource.destroy();
      },
    });
    const dataSource = await new DataSource(dataSourceOptions(url)).initialize();
    const runner = dataSource.createQueryRunner();
    const columns = 'at, actor_id, actor_name, office, verb, subject, request_id, facts';
    await runner.query(`INSERT INTO audit_event (${columns}) VALUES
      ('2026-11-20T01:00:01Z', 'b', 'B', '27', 'v', 's/2', 'r', '{"x": "đồng"}'),
      ('2026-11-20T01:00:00Z', 'a', 'A', '27', 'v', 's/1', 'r', '{}')`);
    await runner.query(
      `SELECT nextval(pg_get_serial_sequence('audit_event', 'id')) FROM generate_series(1, 5)`,
    );
    await runner.query(
      `INSERT INTO audit_event (${columns}) SELECT now(), 'c', 'C', '27', 'v', 's/3', 'r', '{}'`,
    );
    const migration = new ChainAuditLog1795500700000();
    await migration.up(runner);
    await runner.query(byHand);
    const chained = (await runner.query(
      'SELECT seq, actor_id, previous_hash, hash, audit_hash(audit_event) AS computed FROM audit_event ORDER BY seq',
    )) as { seq: string; actor_id: string; previous_hash: string; hash: string; computed: string }[];
    expect(chained.map(({ seq, actor_id }) => `${seq} ${actor_id}`)).toEqual(['1 a', '2 b', '3 c', '4 psql']);
    chained.forEach(({ previous_hash, hash, computed }, index) => {
      expect(hash).toBe(computed);
      expect(previous_hash).toBe(chained[index - 1]?.hash ?? '0'.repeat(64));
    });
    await expect(runner.query(`UPDATE audit_event SET verb = 'w'`)).rejects.toThrow(/append-only/);
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
    await dataSource.destroy();
  });
});
