import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Client, createClient } from '@ansinh/client';
import { spawnApp, type SpawnedApp } from '@ansinh/testing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { CheckService } from '../src/finding/check.service.js';
import { until } from './faults-harness.js';
import { createBatch, csvOf, type Harness, listLine, maker, openFund, startHarness } from './harness.js';

const earlierLines = 40;
const laterLines = 20_000;

let harness: Harness;
let folder: string;
let api: SpawnedApp;
let client: Client;
let batch: BatchView;
/** What the batch was before: every row of its list. */
let before: string;

beforeAll(async () => {
  harness = await startHarness();
  folder = await mkdtemp(join(tmpdir(), 'ansinh-faults-'));
});
afterAll(async () => {
  await harness.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  const player = await harness.as(maker);
  const fundId = await openFund(harness);
  batch = await createBatch(player, fundId);
  const earlier = csvOf(Array.from({ length: earlierLines }, (_, index) => listLine(index + 1)));
  await player.list(`/v1/batches/${batch.id}/payments`, earlier, 'text/csv').expect(202);
  await harness.app.get(CheckService).check(batch.id);
  before = await listOf(batch);
  api = await startApi();
  client = createClient({ baseUrl: api.url, token: player.token });
});

test('the API is killed while it writes a new list: the earlier one stays, whole', async () => {
  const upload = client.batches.importPayments(batch.id, {
    open: () => Readable.from(laterList()),
    type: 'text/csv',
  });
  const failed = expect(upload).rejects.toThrow();
  await until('the list is being written', async () => {
    const writing = await backends(`query LIKE 'COPY payment_line%'`);
    return { done: writing > 0, value: writing };
  });
  await expectUntouchedAfterKill();
  await failed;
});

test('the API is killed while a list still streams in: nothing of it is there', async () => {
  const half = Promise.withResolvers<void>();
  async function* slowList(): AsyncGenerator<Buffer> {
    yield* [...laterList()].slice(0, 5);
    half.resolve();
    await sleep(60_000, undefined, { ref: false });
  }
  const upload = client.batches.importPayments(batch.id, {
    open: () => Readable.from(slowList()),
    type: 'text/csv',
  });
  const failed = expect(upload).rejects.toThrow();
  await half.promise;
  await until('a part of the list is on disk', async () => {
    const value = (await uploads()).length;
    return { done: value > 0, value };
  });
  await expectUntouchedAfterKill();
  await failed;
});

async function expectUntouchedAfterKill(): Promise<void> {
  api.kill('SIGKILL');
  await api.ended;
  await until('its sessions ended', async () => {
    const value = await backends(
      `application_name = 'ansinh-disbursements' AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    return { done: value === 0, value };
  });
  expect({ invariant: 'the earlier list is untouched', list: await listOf(batch) }).toEqual({
    invariant: 'the earlier list is untouched',
    list: before,
  });
  // What was uploaded lies on the disk until the next start, and no longer.
  expect(await uploads()).not.toEqual([]);
  api = await startApi();
  expect({ invariant: 'no upload is left on the disk', uploads: await uploads() }).toEqual({
    invariant: 'no upload is left on the disk',
    uploads: [],
  });
  client = createClient({ baseUrl: api.url, token: (await harness.as(maker)).token });
  const again = await client.batches.importPayments(batch.id, {
    open: () => Readable.from(laterList()),
    type: 'text/csv',
  });
  expect(again).toMatchObject({ state: 'checking', rows: laterLines });
  await api.stop();
}

function startApi(): Promise<SpawnedApp> {
  const { config } = harness;
  return spawnApp({
    app: 'disbursements',
    environment: {
      DATABASE_URL: config.databaseUrl,
      OIDC_ISSUER: config.issuer,
      SEALING_KEYS: config.sealingKeys,
      LOOKUP_KEY: config.lookupKey,
      BANK_URL: config.bankUrl,
      BANK_API_TOKEN: config.bankToken,
      LOG_LEVEL: 'warn',
      TMPDIR: folder,
    },
  });
}

function* laterList(): Generator<Buffer> {
  for (let first = 0; first < laterLines; first += 1_000) {
    const lines = Array.from({ length: 1_000 }, (_, index) =>
      listLine(first + index + 1, { policyCode: 'CS05' }),
    );
    const content = csvOf(lines);
    yield Buffer.from(first === 0 ? content : content.slice(content.indexOf('\n') + 1));
  }
}

const uploads = () => readdir(folder);

async function backends(condition: string): Promise<number> {
  const [row] = (await harness.dataSource.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND ${condition}`,
  )) as { count: number }[];
  return row!.count;
}

/** Every row that belongs to the list, as one digest. */
async function listOf({ code }: BatchView): Promise<string> {
  const number = Number(code.slice('LO-'.length));
  const rows = ['payment_line', 'sealed_block', 'finding'].map(
    (table) => `SELECT '${table}' || line::text AS line FROM ${table} line WHERE batch_number = $1`,
  );
  const [row] = (await harness.dataSource.query(
    `SELECT md5(string_agg(line, '' ORDER BY line)) AS digest FROM (
       ${rows.join(' UNION ALL ')} UNION ALL SELECT batch::text FROM batch WHERE number = $1) list`,
    [number],
  )) as { digest: string }[];
  return row!.digest;
}
