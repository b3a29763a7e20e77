import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { accountOf, creditOf, debitsOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import {
  approve,
  check,
  createBatch,
  csvOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  numberOf,
  openFund,
  operator,
  readBatch,
  startHarness,
} from './harness.js';

const rows = 20_000;
/** Each step takes a second or two with good plans, half a minute where it is quadratic in the rows: a guard, not a bar. */
const stepSecondsMax = 20;

let harness: Harness;
beforeAll(async () => {
  // One message for all of them: what is quadratic in a chunk takes its longest.
  harness = await startHarness({ channel: new FakeBank(), environment: { CHUNK_PAYMENTS: String(rows) } });
});
afterAll(() => harness.stop());

/** What PostgreSQL knows of tables that it has never looked at; what autovacuum would find out, it must not. */
async function forgetStatistics(): Promise<void> {
  const tables = (await harness.dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )) as { name: string }[];
  for (const { name } of tables)
    await harness.dataSource.query(`ALTER TABLE ${name} SET (autovacuum_enabled = false)`);
  await harness.dataSource.query(`
    DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace);
    UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')`);
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  await forgetStatistics();
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  expect({ step: name, isQuick: seconds < stepSecondsMax, seconds }).toMatchObject({ isQuick: true });
  return result;
}

test('the whole way of a batch, where statistics are older than every row', async () => {
  const fundId = await openFund(harness);
  const client = await harness.as(maker);
  const officer = await harness.as(operator);
  const lines = newLines(rows, { amount: '1000' });
  const { id } = await createBatch(client, fundId);
  await step('import', () => client.list(`/v1/batches/${id}/payments`, csvOf(lines), 'text/csv').expect(202));
  await step('check', () => check(harness, id));
  const submitted = await step('submit', () => client.post(`/v1/batches/${id}/submission`).expect(200));
  await step('approve', () => approve(harness, submitted.body as BatchView, firstChecker));
  const batch = await readBatch(harness, id);
  expect(batch).toMatchObject({ state: 'approved', totals: { approved: { count: rows } } });
  await officer.post(`/v1/batches/${id}/transmission`).expect(202);
  await step('send', async () => {
    for (let chunkNo = 1; chunkNo <= batch.chunks.total; chunkNo += 1) {
      await harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo });
    }
  });
  expect(await readBatch(harness, id)).toMatchObject({ state: 'transmitted' });
  const account = await accountOf(harness, fundId);
  const movements = debitsOf(batch, lines);
  const [first, second] = [movements.slice(0, rows / 2), movements.slice(rows / 2)];
  await step('first half paid', async () =>
    officer.statement(await noticeOf({ account }, first)).expect(200),
  );
  await step('second half paid', async () =>
    officer.statement(await noticeOf({ account }, second)).expect(200),
  );
  const credits = lines.slice(0, 2_000).map((_, index) => creditOf(batch, lines, index + 1));
  await step('returns', async () => officer.statement(await noticeOf({ account }, credits)).expect(200));
  await step('all told again', async () =>
    officer.statement(await noticeOf({ account }, movements)).expect(200),
  );
  await step('verify', async () => {
    expect((await officer.get('/v1/verification').expect(200)).body).toMatchObject({ ok: true });
  });
  await step('reconciliation', async () => {
    const { body } = await officer.get(`/v1/batches/${id}/reconciliation`).expect(200);
    expect(body).toMatchObject({ balanced: true, returned: { count: 2_000 }, paid: { count: rows - 2_000 } });
  });
  await step('again in another batch', async () => {
    const again = await createBatch(client, fundId);
    await client.list(`/v1/batches/${again.id}/payments`, csvOf(lines), 'text/csv').expect(202);
    const checked = await check(harness, again.id);
    expect(checked.findings).toEqual({ DUPLICATE_OBLIGATION: { block: rows - 2_000, warn: 0, waived: 0 } });
  });
}, 300_000);
