import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type KeyRotationView,
  type SealedTable,
  SealingKeyCheck,
  type SealingKeysView,
} from '@ansinh/key-rotation';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import type { ServiceHarness } from './service-harness.js';
import { spawnApp, type SpawnedApp } from './spawn-app.js';

interface KeyRotationSuite<Service extends ServiceHarness> {
  app: string;
  /** @param before whose database is taken over; it was stopped */
  start(environment: Record<string, string>, before?: Service): Promise<Service>;
  /** Leaves at least one row in every table with seals, and in the last of them more than one. */
  fill(service: Service): Promise<void>;
  /** As they are rotated, one after the other. */
  tables: readonly SealedTable[];
  /** Those whose rows see no other change than a rotation. */
  guarded: readonly string[];
  /** What the worker is told besides database, issuer and keys. */
  environmentOf(service: Service): Record<string, string>;
}

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const [first, second] = [`1:${keyOf(7)}`, `2:${keyOf(9)}`];
const both = `${first},${second}`;
const lookup = keyOf(8);

/** The service under test, and what it has sealed. */
class Rotated<Service extends ServiceHarness> {
  service: Service;
  /** The texts of every table, as they were sealed under the first key. */
  before: Map<string, string[]>;

  constructor(readonly suite: KeyRotationSuite<Service>) {}

  /** Fills it under the first key, and starts it again with both. */
  async fill(): Promise<void> {
    this.service = await this.suite.start({ SEALING_KEYS: first });
    await this.suite.fill(this.service);
    await this.restart(both);
    this.before = await this.openAll(first);
  }

  async restart(keys: string): Promise<void> {
    await this.service.stop();
    this.service = await this.suite.start({ SEALING_KEYS: keys }, this.service);
  }

  keeper() {
    return this.service.as({ sub: 'keeper', permissions: ['key:rotate'] });
  }

  async keys(): Promise<SealingKeysView> {
    return (await (await this.keeper()).get('/v1/sealing-keys').expect(200)).body as SealingKeysView;
  }

  async rotation(id: string): Promise<KeyRotationView> {
    return (await (await this.keeper()).get(`/v1/key-rotations/${id}`).expect(200)).body as KeyRotationView;
  }

  allOf(...found: number[]): Record<string, number[]> {
    return Object.fromEntries(this.suite.tables.map(({ name }) => [name, found] as const));
  }

  async versions(): Promise<Record<string, number[]>> {
    const found = this.suite.tables.map(async ({ name, column }) => {
      const rows = (await this.service.dataSource.query(
        `SELECT DISTINCT key_version(${column}) AS version FROM ${name} WHERE ${column} IS NOT NULL ORDER BY 1`,
      )) as { version: number }[];
      return [name, rows.map(({ version }) => version)] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  /** The texts of every table, opened by these keys at the places that the service names. */
  async openAll(keys: string): Promise<Map<string, string[]>> {
    const sealer = new Sealer(readSealingKeys(keys, lookup));
    const texts = new Map<string, string[]>();
    for (const { name, column, key, beside = [], place } of this.suite.tables) {
      const columns = [...Object.keys(key), ...beside].map((of) => `${of}::text AS ${of}`);
      const order = Object.keys(key).map((of) => `${name}.${of}`);
      const rows = (await this.service.dataSource.query(
        `SELECT ${columns.join(', ')}, ${column} AS sealed_bytes FROM ${name}
         WHERE ${column} IS NOT NULL ORDER BY ${order.join(', ')}`,
      )) as (Record<string, string> & { sealed_bytes: Buffer })[];
      texts.set(
        name,
        rows.map(({ sealed_bytes: sealed, ...row }) => sealer.open(sealed, place(row))),
      );
    }
    return texts;
  }

  startWorker(keys: string): Promise<SpawnedApp> {
    const { app, environmentOf } = this.suite;
    const environment = {
      DATABASE_URL: this.service.database.serviceUrl,
      OIDC_ISSUER: this.service.issuer,
      LOOKUP_KEY: lookup,
      SEALING_KEYS: keys,
      AUDIT_SIGNING_KEY: keyOf(5),
      ...environmentOf(this.service),
    };
    return spawnApp({ app, entry: 'main.worker.js', environment });
  }
}

/**
 * What holds for the sealing key of every service: it is changed by a worker that may be killed, everything is read as before, and no
 * start is without a key that is still needed.
 * @returns the service, at the end under the second key alone
 */
export function testKeyRotation<Service extends ServiceHarness>(
  suite: KeyRotationSuite<Service>,
): () => Service {
  const rotated = new Rotated(suite);
  beforeAll(() => rotated.fill());
  afterAll(() => rotated.service.stop());
  describe('before the rotation', () => testBefore(rotated));
  test('a worker that is killed in the middle loses nothing; the next one ends what it began', () =>
    killInTheMiddle(rotated));
  test('afterwards the first key may go, and every text is what it was', async () => {
    expect((await rotated.keys()).versions).toMatchObject([
      { version: 1, blocks: 0, isRemovable: true },
      { version: 2, isRemovable: false },
    ]);
    expect(await rotated.openAll(second)).toEqual(rotated.before);
    await rotated.restart(second);
  });
  return () => rotated.service;
}

function testBefore<Service extends ServiceHarness>(rotated: Rotated<Service>): void {
  const { tables, guarded } = rotated.suite;

  test('every table has seals, all under the first key', async () => {
    expect(await rotated.versions()).toEqual(rotated.allOf(1));
    const { current, versions: counted } = await rotated.keys();
    expect(current).toBe(2);
    expect(counted).toMatchObject([
      { version: 1, isGiven: true, isRemovable: false },
      { version: 2, blocks: 0 },
    ]);
  });

  test('a start needs every key that something is sealed under, and the right one', async () => {
    const check = (keys: string) =>
      new SealingKeyCheck(
        rotated.service.dataSource,
        new Sealer(readSealingKeys(keys, lookup)),
        tables,
      ).onModuleInit();
    await expect(check(second)).rejects.toThrow(/sealed under version 1, which is not given/);
    await expect(check(`1:${keyOf(3)},${second}`)).rejects.toThrow(/version 1 is not the key/);
    await expect(check(first)).resolves.toBeUndefined();
    await expect(rotated.startWorker(second)).rejects.toThrow(/sealed under version 1, which is not given/);
  });

  test.each(guarded)('no seal of %s changes but by a rotation', async (table) => {
    const { column } = tables.find(({ name }) => name === table)!;
    const attempt = rotated.service.dataSource.query(
      `UPDATE ${table} SET ${column} = '\\x0002'::bytea || substring(${column} FROM 3)`,
    ) as Promise<unknown>;
    await expect(attempt).rejects.toThrow(/append-only/);
  });
}

async function killInTheMiddle<Service extends ServiceHarness>(rotated: Rotated<Service>): Promise<void> {
  const { dataSource } = rotated.service;
  const last = rotated.suite.tables.at(-1)!.name;
  const killed = await rotated.startWorker(both);
  const holder = dataSource.createQueryRunner();
  await holder.startTransaction();
  // Rows can be read and locked, but none is written: the worker stands still before the last table.
  await holder.query(`LOCK TABLE ${last} IN SHARE MODE`);
  const { body } = await (await rotated.keeper()).post('/v1/key-rotations').expect(202);
  const { id, blocks } = body as KeyRotationView;
  const waiting = `SELECT FROM pg_locks WHERE relation = '${last}'::regclass AND NOT granted`;
  while (((await holder.query(waiting)) as object[]).length === 0) await sleep(20);
  killed.kill('SIGKILL');
  await killed.ended;
  await holder.rollbackTransaction();
  await holder.release();
  const half = await rotated.rotation(id);
  expect(half).toMatchObject({ state: 'running', blocks, problem: null });
  expect(half.resealed).toBe(blocks - rotated.before.get(last)!.length);
  expect(await rotated.versions()).toEqual({ ...rotated.allOf(2), [last]: [1] });
  const next = await rotated.startWorker(both);
  while ((await rotated.rotation(id)).state === 'running') await sleep(50);
  expect(await rotated.rotation(id)).toMatchObject({ resealed: blocks });
  expect(await rotated.versions()).toEqual(rotated.allOf(2));
  await next.stop();
  const audited = (await dataSource.query(
    'SELECT verb, actor_id, facts FROM audit_event WHERE subject = $1 ORDER BY seq',
    [`key-rotation/${id}`],
  )) as object[];
  expect(audited).toMatchObject([
    { verb: 'key.rotate', actor_id: 'keeper' },
    { verb: 'key.rotated', actor_id: 'system', facts: { blocks, toVersion: 2 } },
  ]);
}
