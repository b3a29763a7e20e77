import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import {
  KeyRotator,
  type KeyRotationView,
  SealingKeyCheck,
  type SealingKeysView,
} from '@ansinh/key-rotation';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { spawnApp, type SpawnedApp, type TestDatabase } from '@ansinh/testing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { dataSourceOptions } from '../src/data-source.js';
import { sealedBlocks } from '../src/list-import/sealed-blocks.js';
import { openLines } from '../src/list-import/sealed-lines.js';
import {
  approvedBatch,
  checkedBatch,
  csvOf,
  freshDatabase,
  type Harness,
  listLine,
  maker,
  newLines,
  numberOf,
  startHarness,
} from './harness.js';

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const [first, second] = [`1:${keyOf(7)}`, `2:${keyOf(9)}`];
const lookup = keyOf(8);
const withKeys = (...keys: string[]) => ({ SEALING_KEYS: keys.join(',') });

let database: TestDatabase;
let harness: Harness;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => harness.stop());

/** Starts with the first key, does something, and starts again with both. */
async function afterwards<T>(work: () => Promise<T>): Promise<T> {
  harness = await startHarness({ database, environment: withKeys(first) });
  const result = await work();
  await harness.stop();
  harness = await startHarness({ database, environment: withKeys(first, second) });
  return result;
}

const keeper = () => harness.as({ sub: 'keeper', permissions: ['key:rotate'] });
const statusOf = async () =>
  (await (await keeper()).get('/v1/sealing-keys').expect(200)).body as SealingKeysView;
const start = async () =>
  (await (await keeper()).post('/v1/key-rotations').expect(202)).body as KeyRotationView;
const readRotation = async (id: string) =>
  (await (await keeper()).get(`/v1/key-rotations/${id}`).expect(200)).body as KeyRotationView;
const rotate = (rotationId: string) => harness.app.get(KeyRotator).rotate(rotationId);
const query = <Row>(sql: string, values: unknown[] = []) =>
  harness.dataSource.query(sql, values) as Promise<Row[]>;

/** What was signed stands in the keyed hashes of each line: opened by these keys, the blocks must say the same. */
async function expectAsSigned(batch: BatchView, keys: string): Promise<void> {
  const sealer = new Sealer(readSealingKeys(keys, lookup));
  const number = numberOf(batch);
  const opened = await openLines(harness.dataSource.manager, sealer, number, 1, batch.rows);
  const lines = await query<{ row_no: number; payee_key: string; account_key: string; bank_bin: string }>(
    'SELECT row_no, payee_key, account_key, bank_bin FROM payment_line WHERE batch_number = $1',
    [number],
  );
  expect(opened.size).toBe(batch.rows);
  for (const line of lines) {
    const { payeeId, account } = opened.get(line.row_no)!;
    expect(sealer.lookupKey('payee', payeeId!)).toBe(line.payee_key);
    expect(sealer.lookupKey('account', `${line.bank_bin}|${account}`)).toBe(line.account_key);
  }
}

/** More lines than the numbers of `newLines` reach. */
const manyLines = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    listLine(index, { payeeId: `0272${String(index).padStart(8, '0')}` }),
  );

describe('a rotation', () => {
  test('seals drafts and signed lists anew; then the old key may go, and nothing else has changed', async () => {
    const [draft, signed] = await afterwards(async () => [
      await checkedBatch(harness, newLines(1_100)),
      await approvedBatch(harness, newLines(600)),
    ]);
    expect(await statusOf()).toMatchObject({
      current: 2,
      versions: [
        { version: 1, blocks: 5, isGiven: true, isRemovable: false },
        { version: 2, blocks: 0, isRemovable: false },
      ],
      rotation: null,
    });
    const bytes = () => query('SELECT sealed FROM sealed_block ORDER BY batch_number, block_no');
    const before = await bytes();
    const started = await start();
    expect(started).toMatchObject({ state: 'running', toVersion: 2, blocks: 5, resealed: 0 });
    await rotate(started.id);
    expect(await readRotation(started.id)).toMatchObject({ state: 'finished', resealed: 5, problem: null });
    expect(await statusOf()).toMatchObject({
      versions: [
        { version: 1, blocks: 0, isRemovable: true },
        { version: 2, blocks: 5, isRemovable: false },
      ],
      rotation: { state: 'finished' },
    });
    expect(await bytes()).not.toEqual(before);
    const path = `/v1/batches/${signed.id}`;
    const after = (await (await harness.as(maker)).get(path).expect(200)).body as BatchView;
    expect(after.digest).toBe(signed.digest);
    for (const batch of [draft, signed]) await expectAsSigned(batch, second);
    const audit = await query<{ verb: string; actor_id: string; facts: object }>(
      `SELECT verb, actor_id, facts FROM audit_event WHERE subject = $1 ORDER BY seq`,
      [`key-rotation/${started.id}`],
    );
    expect(audit).toMatchObject([
      { verb: 'key.rotate', actor_id: 'keeper' },
      { verb: 'key.rotated', actor_id: 'system', facts: { blocks: 5, toVersion: 2 } },
    ]);
    await harness.stop();
    harness = await startHarness({ database, environment: withKeys(second) });
    expect((await statusOf()).versions).toMatchObject([{ version: 2, blocks: 5 }]);
  });

  test('that finds nothing old is refused; two starts are one', async () => {
    await afterwards(() => checkedBatch(harness, newLines(3)));
    const client = await keeper();
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.post('/v1/key-rotations')));
    expect(new Set(replies.map(({ body }) => (body as KeyRotationView).id)).size).toBe(1);
    await rotate((replies[0]!.body as KeyRotationView).id);
    const { body } = await client.post('/v1/key-rotations').expect(409);
    expect(body).toMatchObject({ code: 'NOTHING_TO_ROTATE' });
    await (
      await harness.as({ sub: 'maker', permissions: ['batch:write'] })
    )
      .post('/v1/key-rotations')
      .expect(403);
    await client.get(`/v1/key-rotations/${randomUUID()}`).expect(404);
  });

  test('in two workers at once does each block once, while lists come in and go', async () => {
    const [kept, replaced] = await afterwards(async () => [
      await checkedBatch(harness, manyLines(20_000)),
      await checkedBatch(harness, newLines(5_000)),
    ]);
    const { id, blocks } = await start();
    const client = await harness.as(maker);
    const again = client.list(`/v1/batches/${replaced.id}/payments`, csvOf(newLines(2_000)), 'text/csv');
    const [, , reply] = await Promise.all([rotate(id), rotate(id), again]);
    expect(reply.status).toBe(202);
    while ((await readRotation(id)).state === 'running') await rotate(id);
    const notes = await query<{ blocks: number; notes: number }>(
      'SELECT count(DISTINCT (batch_number, block_no))::int AS blocks, count(*)::int AS notes FROM block_reseal',
    );
    expect(notes[0]!.notes).toBe(notes[0]!.blocks);
    expect(notes[0]!.notes).toBeLessThanOrEqual(blocks);
    expect((await statusOf()).versions).toMatchObject([{ blocks: 0 }, { blocks: 40 + 4 }]);
    await expectAsSigned(kept, second);
    await expectAsSigned({ ...replaced, rows: 2_000 }, second);
  });

  test('is over only when the last block is: what somebody holds is looked for again', async () => {
    const batch = await afterwards(() => checkedBatch(harness, newLines(1_500)));
    const { id } = await start();
    const holder = harness.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM sealed_block WHERE batch_number = $1 AND block_no = 1 FOR UPDATE', [
      numberOf(batch),
    ]);
    await rotate(id);
    expect(await readRotation(id)).toMatchObject({ state: 'running', resealed: 2 });
    expect((await statusOf()).versions).toMatchObject([{ blocks: 1, isRemovable: false }, { blocks: 2 }]);
    await holder.rollbackTransaction();
    await holder.release();
    await rotate(id);
    expect(await readRotation(id)).toMatchObject({ state: 'finished', resealed: 3 });
  });

  test('stops at a block that was moved, says why, and goes on when it is back in its place', async () => {
    const batch = await afterwards(() => checkedBatch(harness, newLines(1_500)));
    const swap = () =>
      withoutGuards(
        `UPDATE sealed_block block SET sealed = other.sealed FROM sealed_block other
         WHERE block.batch_number = $1 AND other.batch_number = $1
           AND (block.block_no, other.block_no) IN ((1, 2), (2, 1))`,
        [numberOf(batch)],
      );
    await swap();
    const { id } = await start();
    await rotate(id);
    expect(await readRotation(id)).toMatchObject({
      state: 'running',
      resealed: 0,
      problem: expect.stringMatching(/authenticate/),
    });
    await swap();
    await rotate(id);
    expect(await readRotation(id)).toMatchObject({ state: 'finished', resealed: 3, problem: null });
  });
});

/** As somebody who owns the database can. */
async function withoutGuards(sql: string, values: unknown[]): Promise<void> {
  await harness.dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL session_replication_role = 'replica'`);
    await tx.query(sql, values);
  });
}

describe('the database refuses', () => {
  const attempts: [string, string][] = [
    ['a block without a note', 'UPDATE sealed_block SET sealed = sealed'],
    [
      'other bytes under a newer version',
      `UPDATE sealed_block SET sealed = '\\x0002'::bytea || substring(sealed FROM 3)`,
    ],
    ['another place', 'UPDATE sealed_block SET block_no = block_no + 1000'],
    [
      'a note outside of a rotation',
      `INSERT INTO block_reseal (rotation_id, batch_number, block_no, before_digest, after_digest)
       SELECT id, 1, 0, '', '' FROM key_rotation WHERE state = 'finished'`,
    ],
  ];
  test(attempts.map(([what]) => what).join('; '), async () => {
    await afterwards(() => checkedBatch(harness, newLines(1)));
    const { id } = await start();
    await rotate(id);
    for (const [what, sql] of attempts) {
      const refusal = await query(sql).catch((error: unknown) => error);
      expect({ what, refusal }).toMatchObject({
        what,
        refusal: { driverError: { constraint: 'list_frozen' } },
      });
    }
  });

  test('a noted block of another length, or of an older key', async () => {
    const batch = await afterwards(() => checkedBatch(harness, newLines(1)));
    const { id } = await start();
    const number = numberOf(batch);
    for (const bytes of [`'\\x0002'::bytea || sealed`, `'\\x0001'::bytea || substring(sealed FROM 3)`]) {
      const attempt = harness.dataSource.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO block_reseal (rotation_id, batch_number, block_no, before_digest, after_digest)
           SELECT $1, batch_number, block_no, sha256(sealed), sha256(${bytes}) FROM sealed_block WHERE batch_number = $2`,
          [id, number],
        );
        await tx.query(`UPDATE sealed_block SET sealed = ${bytes} WHERE batch_number = $1`, [number]);
      });
      await expect(attempt).rejects.toMatchObject({ driverError: { constraint: 'list_frozen' } });
    }
  });
});

describe('a start', () => {
  const checkWith = (...keys: string[]) => {
    const sealer = new Sealer(readSealingKeys(keys.join(','), lookup));
    return new SealingKeyCheck(harness.dataSource, sealer, [sealedBlocks]).onModuleInit();
  };

  test('needs every key that something is sealed under, and the right one', async () => {
    await afterwards(() => checkedBatch(harness, newLines(1)));
    await expect(checkWith(second)).rejects.toThrow(/sealed under version 1, which is not given/);
    await expect(checkWith(`1:${keyOf(3)}`, second)).rejects.toThrow(/version 1 is not the key/);
    await expect(checkWith(first)).resolves.toBeUndefined();
    await expect(checkWith(first, second)).resolves.toBeUndefined();
  });
});

describe('a worker', () => {
  let worker: SpawnedApp | undefined;
  afterEach(() => worker?.stop());

  const startWorker = async (...keys: string[]) => {
    worker = await spawnApp({
      app: 'disbursements',
      entry: 'main.worker.js',
      environment: {
        DATABASE_URL: database.serviceUrl,
        OIDC_ISSUER: harness.config.issuer,
        LOOKUP_KEY: lookup,
        AUDIT_SIGNING_KEY: harness.config.auditSigningKey,
        BANK_URL: 'http://127.0.0.1:9',
        BANK_API_TOKEN: 'test',
        SWEEP_MS: '100',
        ...withKeys(...keys),
      },
    });
    return worker;
  };

  test('that is killed in the middle loses nothing; the next one ends what it began', async () => {
    const batch = await afterwards(() => checkedBatch(harness, manyLines(60_000)));
    const killed = await startWorker(first, second);
    const { id } = await inSecondStep(async () => {
      killed.kill('SIGKILL');
      await killed.ended;
    });
    expect(await readRotation(id)).toMatchObject({ state: 'running', resealed: 100 });
    expect((await statusOf()).versions.map(({ blocks }) => blocks)).toEqual([20, 100]);
    await startWorker(first, second);
    while ((await readRotation(id)).state === 'running') await sleep(50);
    expect(await readRotation(id)).toMatchObject({ state: 'finished', resealed: 120 });
    await expectAsSigned(batch, second);
  });

  test('without a key that is still needed does not start', async () => {
    await afterwards(() => checkedBatch(harness, newLines(1)));
    await expect(startWorker(second)).rejects.toThrow(/sealed under version 1, which is not given/);
  });

  test('without the newest key says so, and leaves everything as it is', async () => {
    await afterwards(() => checkedBatch(harness, newLines(1)));
    await startWorker(first);
    const { id } = await start();
    while ((await readRotation(id)).problem === null) await sleep(50);
    expect(await readRotation(id)).toMatchObject({
      state: 'running',
      resealed: 0,
      problem: 'SEALING_KEYS of this worker does not have version 2',
    });
  });
});

/**
 * Starts a rotation and lets it do its first hundred blocks. The others are held until that is done, and then the table into which
 * the second step writes what it sealed anew: there it waits while the work is done.
 */
async function inSecondStep(work: () => Promise<void>): Promise<{ id: string }> {
  const owner = await new DataSource(dataSourceOptions(database.url)).initialize();
  const [blocks, reseals] = [owner.createQueryRunner(), owner.createQueryRunner()];
  try {
    await blocks.startTransaction();
    await blocks.query('SELECT FROM sealed_block WHERE block_no >= 100 FOR UPDATE');
    const rotation = await start();
    while ((await readRotation(rotation.id)).resealed === 0) await sleep(20);
    await reseals.startTransaction();
    await reseals.query('LOCK TABLE block_reseal IN SHARE MODE');
    await blocks.rollbackTransaction();
    const waiting = `SELECT FROM pg_locks WHERE relation = 'block_reseal'::regclass AND NOT granted`;
    while (((await reseals.query(waiting)) as object[]).length === 0) await sleep(20);
    await work();
    await reseals.rollbackTransaction();
    return rotation;
  } finally {
    await blocks.release();
    await reseals.release();
    await owner.destroy();
  }
}
