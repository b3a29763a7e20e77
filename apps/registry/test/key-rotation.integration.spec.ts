import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type KeyRotationView, SealingKeyCheck, type SealingKeysView } from '@ansinh/key-rotation';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { type PlayedClient, type SpawnedApp, spawnApp, statedPurpose } from '@ansinh/testing';
import type { ImportView } from '../src/import/import.dto.js';
import { tablesWithSeals } from '../src/sealed-tables.js';
import { png, present } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { enterPerson, newPerson } from './people.js';

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const [first, second] = [`1:${keyOf(7)}`, `2:${keyOf(9)}`];
const lookup = keyOf(8);
const both = { SEALING_KEYS: `${first},${second}` };

let harness: Harness;
let officer: PlayedClient;
/** What has to be read after the rotation as it was before. */
let personId: string;
let former: string;
let citizenNumber: string;
let dossierId: string;
let listId: string;
const picture = png();
const people = 40;

beforeAll(async () => {
  harness = await startHarness({ SEALING_KEYS: first });
  officer = await harness.as({ sub: 'officer', office: '256' });
  await fill();
  await harness.stop();
  harness = await startHarness(both, harness);
  officer = await harness.as({ sub: 'officer', office: '256' });
});
afterAll(() => harness.stop());

/** Something sealed in every table that has seals. */
async function fill(): Promise<void> {
  const person = newPerson();
  former = person.citizenNumber;
  ({ citizenNumber } = newPerson());
  const { body } = await officer.post('/v1/people', person).expect(201);
  personId = (body as { id: string }).id;
  const { residence: _, ...fields }: Record<string, unknown> = { ...person, citizenNumber };
  await officer.put(`/v1/people/${personId}`, fields).set('if-match', '"1"').expect(200);
  const account = { bankBin: '970405', account: '26002000', holder: 'A', validFrom: '2022-01-01' };
  await officer.post(`/v1/people/${personId}/accounts`, account).expect(201);
  dossierId = (await present(officer)).id;
  await officer.upload(`/v1/dossiers/${dossierId}/attachments`, picture, 'image/png').expect(201);
  const lines = Array.from(
    { length: people },
    () => `${newPerson().citizenNumber},Lê Thị Hoà,1985,Nữ,09169,2025-07-01`,
  );
  const list = ['Số định danh,Họ và tên,Ngày sinh,Giới tính,Mã xã,Cư trú từ ngày', ...lines].join('\n');
  listId = (
    (await officer.upload('/v1/imports?kind=people', list, 'text/csv').expect(201)).body as ImportView
  ).id;
  await officer.post(`/v1/imports/${listId}/chunks`).expect(201);
  await enterPerson(officer);
}

const keeper = () => harness.as({ sub: 'keeper', permissions: ['key:rotate'] });
const statusOf = async () =>
  (await (await keeper()).get('/v1/sealing-keys').expect(200)).body as SealingKeysView;
const rotationOf = async (id: string) =>
  (await (await keeper()).get(`/v1/key-rotations/${id}`).expect(200)).body as KeyRotationView;
const versionsOf = async (table: string, column: string) =>
  (
    (await harness.dataSource.query(
      `SELECT DISTINCT key_version(${column}) AS version FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1`,
    )) as { version: number }[]
  ).map(({ version }) => version);
const versions = async () =>
  Object.fromEntries(
    await Promise.all(
      tablesWithSeals.map(async ({ name, column }) => [name, await versionsOf(name, column)] as const),
    ),
  );
const allOf = (...found: number[]) =>
  Object.fromEntries(tablesWithSeals.map(({ name }) => [name, found] as const));

const startWorker = (keys: string): Promise<SpawnedApp> =>
  spawnApp({
    app: 'registry',
    entry: 'main.worker.js',
    environment: {
      DATABASE_URL: harness.database.serviceUrl,
      OIDC_ISSUER: harness.issuer,
      OBJECT_STORE: pathToFileURL(harness.objects).href,
      LOOKUP_KEY: lookup,
      SEALING_KEYS: keys,
      AUDIT_SIGNING_KEY: keyOf(5),
    },
  });

describe('before the rotation', () => {
  test('every table has seals, all under the first key', async () => {
    expect(await versions()).toEqual(allOf(1));
    const { current, versions: counted } = await statusOf();
    expect(current).toBe(2);
    expect(counted).toMatchObject([
      { version: 1, isGiven: true, isRemovable: false },
      { version: 2, blocks: 0 },
    ]);
  });

  test('a start needs every key that something is sealed under, and the right one', async () => {
    const check = (keys: string) =>
      new SealingKeyCheck(
        harness.dataSource,
        new Sealer(readSealingKeys(keys, lookup)),
        tablesWithSeals,
      ).onModuleInit();
    await expect(check(second)).rejects.toThrow(/sealed under version 1, which is not given/);
    await expect(check(`1:${keyOf(3)},${second}`)).rejects.toThrow(/version 1 is not the key/);
    await expect(check(first)).resolves.toBeUndefined();
    await expect(startWorker(second)).rejects.toThrow(/sealed under version 1, which is not given/);
  });

  test.each([
    ['person_number', `sealed = '\\x0002'::bytea || substring(sealed FROM 3)`],
    ['person_number', `valid_until = NULL`],
    ['dossier_attachment', `sealed_key = '\\x0002'::bytea || substring(sealed_key FROM 3)`],
  ])('no row of %s changes: %s', async (table, change) => {
    const attempt = harness.dataSource.query(`UPDATE ${table} SET ${change}`) as Promise<unknown>;
    await expect(attempt).rejects.toThrow(/append-only/);
  });
});

test('a worker that is killed in the middle loses nothing; the next one ends what it began', async () => {
  const killed = await startWorker(both.SEALING_KEYS);
  const holder = harness.dataSource.createQueryRunner();
  await holder.startTransaction();
  // Rows can be read and locked, but none is written: the worker stands still before the last table.
  await holder.query('LOCK TABLE person IN SHARE MODE');
  const { body } = await (await keeper()).post('/v1/key-rotations').expect(202);
  const { id, blocks } = body as KeyRotationView;
  const waiting = `SELECT FROM pg_locks WHERE relation = 'person'::regclass AND NOT granted`;
  while (((await holder.query(waiting)) as object[]).length === 0) await sleep(20);
  killed.kill('SIGKILL');
  await killed.ended;
  await holder.rollbackTransaction();
  await holder.release();
  const half = await rotationOf(id);
  expect(half).toMatchObject({ state: 'running', blocks, problem: null });
  expect(half.resealed).toBe(blocks - (people + 2));
  expect(await versions()).toEqual({ ...allOf(2), person: [1] });
  const next = await startWorker(both.SEALING_KEYS);
  while ((await rotationOf(id)).state === 'running') await sleep(50);
  expect(await rotationOf(id)).toMatchObject({ resealed: blocks });
  expect(await versions()).toEqual(allOf(2));
  await next.stop();
  const audited = (await harness.dataSource.query(
    'SELECT verb, actor_id, facts FROM audit_event WHERE subject = $1 ORDER BY seq',
    [`key-rotation/${id}`],
  )) as object[];
  expect(audited).toMatchObject([
    { verb: 'key.rotate', actor_id: 'keeper' },
    { verb: 'key.rotated', actor_id: 'system', facts: { blocks, toVersion: 2 } },
  ]);
});

test('afterwards the first key may go, and everything is read as before', async () => {
  expect((await statusOf()).versions).toMatchObject([
    { version: 1, blocks: 0, isRemovable: true },
    { version: 2, isRemovable: false },
  ]);
  await harness.stop();
  harness = await startHarness({ SEALING_KEYS: second }, harness);
  const reader = await harness.as({ sub: 'officer', office: '256' });
  const whole = await reader.get(`/v1/people/${personId}`).set(statedPurpose).expect(200);
  for (const number of [citizenNumber, former, '26002000'])
    expect(JSON.stringify(whole.body)).toContain(number);
  const file = reader.get(`/v1/dossiers/${dossierId}/attachments/1`).set(statedPurpose);
  expect(((await file.responseType('blob').expect(200)).body as Buffer).equals(picture)).toBe(true);
  const list = await reader.get(`/v1/imports/${listId}/list`).set(statedPurpose).expect(200);
  expect(list.text.split('\n').filter((line) => line.includes('Lê Thị Hoà'))).toHaveLength(people);
});
