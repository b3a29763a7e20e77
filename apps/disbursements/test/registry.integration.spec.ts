import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { ClosedEmployer, RegisteredPerson, RegistryEventPage } from '@ansinh/client';
import { throwawayDirectory } from '@ansinh/embedded';
import { CursorUnknown, RegistryFeed, type RegistryFollower } from '@ansinh/events';
import { createTestDatabase, registrySecret, type SpawnedApp, spawnApp } from '@ansinh/testing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { dataSourceOptions } from '../src/data-source.js';
import type { FindingView } from '../src/finding/finding.dto.js';
import { registryFollower } from '../src/registry/registry-follower.js';
import {
  approvedBatch,
  checkedBatch,
  type Harness,
  maker,
  newLines,
  openFund,
  startHarness,
} from './harness.js';

let harness: Harness;
/** Under the login of the service, as in the worker. */
let service: DataSource;
let registry: SpawnedApp;
let feed: RegistryFeed;
let follower: RegistryFollower;
beforeAll(async () => {
  harness = await startHarness();
  registry = await startRegistry(harness);
  const access = { url: registry.url, clientId: 'disbursements', clientSecret: registrySecret };
  feed = new RegistryFeed({ ...access, issuer: harness.config.issuer });
  service = await new DataSource(dataSourceOptions(harness.database.serviceUrl)).initialize();
  follower = registryFollower(service, harness.config);
});
afterAll(async () => {
  await registry.stop();
  await service.destroy();
  await harness.stop();
});

/** The built registry in a process of its own, under the issuer and the look-up key of the harness. */
async function startRegistry({ config }: Harness): Promise<SpawnedApp> {
  const script = fileURLToPath(new URL('../../registry/dist/migrate.js', import.meta.url));
  const migrate = async (url: string, serviceUrl: string) => {
    const env = { MIGRATION_DATABASE_URL: url, DATABASE_URL: serviceUrl };
    const { status, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the migrations failed: ${stderr}`);
    await Promise.resolve();
  };
  const database = await createTestDatabase({ service: 'registry_built', migrate });
  const { issuer: OIDC_ISSUER, sealingKeys: SEALING_KEYS, lookupKey: LOOKUP_KEY } = config;
  return spawnApp({
    app: 'registry',
    environment: {
      DATABASE_URL: database.serviceUrl,
      OIDC_ISSUER,
      SEALING_KEYS,
      LOOKUP_KEY,
      OBJECT_STORE: pathToFileURL(throwawayDirectory('objects')).href,
      LOG_LEVEL: 'error',
    },
  });
}

async function command(method: string, path: string, body: object, etag = '"1"'): Promise<{ id: string }> {
  const client = await harness.as({ sub: 'officer', office: '27' });
  const answer = await fetch(new URL(path, registry.url), {
    method,
    headers: {
      authorization: `Bearer ${client.token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'if-match': etag,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

interface Registered {
  name?: string;
  /** Where the person lives, and since when; the line says 09163, which is a part of 09169 today. */
  residence?: { placeCode: string; validFrom: string };
  diedOn?: string;
}

/** Enters somebody with the number of the line, and nothing that contradicts it. */
async function register(line: string, registered: Registered = {}): Promise<string> {
  const [citizenNumber, name] = line.split(',');
  const { id } = await command('POST', '/v1/people', {
    name: registered.name ?? name,
    citizenNumber,
    birthYear: 2001,
    sex: 'male',
    residence: registered.residence ?? { placeCode: '09163', validFrom: '2020-01-01' },
  });
  if (registered.diedOn)
    await command('POST', `/v1/people/${id}/death`, { diedOn: registered.diedOn, basis: 'TLKT 1' });
  return id;
}

async function findingsOf(batch: BatchView): Promise<FindingView[]> {
  const client = await harness.as(maker);
  const { body } = await client.get(`/v1/batches/${batch.id}/findings?limit=500`).expect(200);
  return (body as { items: FindingView[] }).items;
}

const codesOf = (findings: FindingView[]) => findings.map(({ code, severity }) => `${severity} ${code}`);

describe('what the registry says of who is paid', () => {
  const cases: [string, Registered, Partial<Record<string, string>>, string[]][] = [
    ['somebody as the list has him', {}, {}, []],
    ['who died in the month that is paid', { diedOn: '2022-03-01' }, {}, []],
    ['who died the day before that month', { diedOn: '2022-02-28' }, {}, ['block PAYEE_DECEASED']],
    ['who died in the year that is paid', { diedOn: '2022-01-01' }, { period: '2022' }, []],
    ['who died the year before', { diedOn: '2021-12-31' }, { period: '2022' }, ['block PAYEE_DECEASED']],
    [
      'who lives elsewhere since the last day of the period',
      { residence: { placeCode: '09367', validFrom: '2022-03-31' } },
      {},
      ['warn PAYEE_MOVED'],
    ],
    ['who moved in the month after', { residence: { placeCode: '09367', validFrom: '2022-04-01' } }, {}, []],
    [
      'who lives in another part of what is one commune today',
      { residence: { placeCode: '09166', validFrom: '2020-01-01' } },
      {},
      [],
    ],
    ['a name without marks', { name: 'Trần Thị Hoà' }, { payeeName: 'TRAN THI HOA' }, []],
    ['the tone on the other vowel', { name: 'Trần Thị Hoà' }, { payeeName: 'Trần Thị Hòa' }, []],
    ['registered without marks', { name: 'TRAN THI HOA' }, { payeeName: 'Trần Thị Hoa' }, []],
    ['other marks', { name: 'Trần Thị Hoà' }, { payeeName: 'Trần Thị Hoa' }, ['warn NAME_MISMATCH']],
    [
      'other letters',
      { name: 'Trần Thị Hoà' },
      { payeeName: 'Trần Thị Hoan' },
      ['block REGISTERED_NAME_DIFFERS'],
    ],
    [
      'other letters, without marks',
      { name: 'Trần Thị Hoà' },
      { payeeName: 'TRAN THI HOAN' },
      ['block REGISTERED_NAME_DIFFERS'],
    ],
  ];

  test('each line is held against its own person', async () => {
    const lines = cases.flatMap(([, , over]) => newLines(1, over));
    await Promise.all(cases.map(([, registered], index) => register(lines[index]!, registered)));
    await follower.follow(feed);
    const findings = await findingsOf(await checkedBatch(harness, lines));
    cases.forEach(([what, , , expected], index) => {
      const found = codesOf(findings.filter(({ row }) => row === index + 1));
      expect({ what, found }).toEqual({ what, found: expected });
    });
  });

  test('the sentence tells the day, the name and the commune', async () => {
    const lines = newLines(3);
    await register(lines[0]!, { diedOn: '2021-06-15' });
    await register(lines[1]!, { name: 'Lê Thị Khác' });
    await register(lines[2]!, { residence: { placeCode: '09367', validFrom: '2021-05-01' } });
    await follower.follow(feed);
    const [dead, renamed, moved] = await findingsOf(await checkedBatch(harness, lines));
    expect(dead!.message.en).toContain('died on 2021-06-15');
    expect(renamed!.message.vi).toContain('“Lê Thị Khác”');
    expect(moved!.message.en).toMatch(/lives in .+ \(09367\) since 2021-05-01/);
  });

  test('an office is told that a payee is registered elsewhere, and not where or by which name', async () => {
    const lines = newLines(2);
    const elsewhere = { placeCode: '09367', validFrom: '2021-05-01' };
    await register(lines[0]!, { residence: elsewhere });
    await register(lines[1]!, { residence: elsewhere, name: 'Lê Thị Khác' });
    await follower.follow(feed);
    const fundId = await openFund(harness, { office: '256' });
    const findings = await findingsOf(
      await checkedBatch(harness, lines, { fundId, by: { ...maker, office: '256' } }),
    );
    expect(codesOf(findings)).toEqual([
      'warn PAYEE_MOVED',
      'warn PAYEE_MOVED',
      'block REGISTERED_NAME_DIFFERS',
    ]);
    const text = JSON.stringify(findings);
    expect(text).not.toContain('09367');
    expect(text).not.toContain('Khác”');
    expect(text).toContain('another area');
  });

  test('a number of before is known as long as nobody else has it', async () => {
    const [before, now] = newLines(2, { payeeName: 'Nguyễn Văn An' });
    const id = await register(before!, { diedOn: '2021-01-01' });
    const fields = { name: 'Nguyễn Văn An', birthYear: 2001, sex: 'male' };
    const citizenNumber = now!.split(',')[0];
    await command('PUT', `/v1/people/${id}`, { ...fields, citizenNumber }, '"2"');
    await follower.follow(feed);
    const paid = async () => codesOf(await findingsOf(await checkedBatch(harness, [before!, now!])));
    expect(await paid()).toEqual(['block PAYEE_DECEASED', 'block PAYEE_DECEASED']);
    await register(before!);
    await follower.follow(feed);
    expect(await paid()).toEqual(['block PAYEE_DECEASED']);
  });

  test('of two records that were merged either number is the one person’s, until they are two again', async () => {
    const [one, other] = newLines(2, { payeeName: 'Nguyễn Văn An' });
    const [survivor, absorbed] = [await register(one!), await register(other!)];
    await command('POST', `/v1/people/${survivor}/death`, { diedOn: '2021-01-01', basis: 'TLKT 1' });
    await follower.follow(feed);
    const codes = async () =>
      (await findingsOf(await checkedBatch(harness, [one!, other!]))).map(({ row, code }) => [row, code]);
    expect(await codes()).toEqual([[1, 'PAYEE_DECEASED']]);
    const merge = {
      absorbedId: absorbed,
      absorbedVersion: 1,
      reason: 'Một người hai số',
      choices: [{ kind: 'death', keep: 'survivor' }],
    };
    const { mergeId } = (await command('POST', `/v1/people/${survivor}/merges`, merge, '"2"')) as unknown as {
      mergeId: string;
    };
    await follower.follow(feed);
    expect(await codes()).toEqual([
      [1, 'PAYEE_DECEASED'],
      [2, 'PAYEE_DECEASED'],
    ]);
    const undoing = `/v1/people/${survivor}/merges/${mergeId}/undoing`;
    await command('POST', undoing, { reason: 'Hai người' }, '"3"');
    await follower.follow(feed);
    expect(await codes()).toEqual([[1, 'PAYEE_DECEASED']]);
  });

  test('a person with two numbers is paid the same once, by this list and by others', async () => {
    const [one, other] = newLines(2, { payeeName: 'Nguyễn Văn An' });
    const [survivor, absorbed] = [await register(one!), await register(other!)];
    await follower.follow(feed);
    const twice = async (...lines: string[]) => {
      const findings = await findingsOf(await checkedBatch(harness, lines));
      return findings.map(({ row, code, severity, message }) => [
        row,
        `${severity} ${code}`,
        /citizen number in (.*?)\./.exec(message.en)?.[1],
      ]);
    };
    expect(await twice(one!, other!)).toEqual([]);
    const merge = { absorbedId: absorbed, absorbedVersion: 1, reason: 'Một người hai số', choices: [] };
    await command('POST', `/v1/people/${survivor}/merges`, merge);
    await follower.follow(feed);
    expect(await twice(other!, one!)).toEqual([[2, 'block DUPLICATE_PERSON', 'row 1']]);
    expect(await twice(one!, other!.replace('09163,1,', '09163,2,'))).toEqual([]);
    const paid = await approvedBatch(harness, [one!]);
    expect(await twice(other!)).toEqual([[1, 'block DUPLICATE_PERSON', `batch ${paid.code}, row 1`]]);
  });

  test('who is recorded as dead between two checks is found by the second, and the waiver lets him be paid', async () => {
    const [line] = newLines(1);
    const id = await register(line!);
    await follower.follow(feed);
    const batch = await checkedBatch(harness, [line!]);
    expect(batch.findings).toEqual({});
    await command('POST', `/v1/people/${id}/death`, { diedOn: '2021-01-01', basis: 'TLKT 1' });
    await follower.follow(feed);
    const again = await checkedBatch(harness, [line!]);
    expect(again.findings).toEqual({ PAYEE_DECEASED: { block: 1, warn: 0, waived: 0 } });
    const client = await harness.as(maker);
    const waiver = { code: 'PAYEE_DECEASED', reason: 'Sổ ghi sai, đang đính chính' };
    await client.post(`/v1/batches/${again.id}/waivers`, waiver).expect(202);
  });

  test('who was recorded as dead by mistake is found no more once the registry is corrected', async () => {
    const [line] = newLines(1);
    const id = await register(line!, { diedOn: '2021-01-01' });
    await follower.follow(feed);
    const batch = await checkedBatch(harness, [line!]);
    expect(batch.findings).toEqual({ PAYEE_DECEASED: { block: 1, warn: 0, waived: 0 } });
    await command('POST', `/v1/people/${id}/death/correction`, { diedOn: null, basis: 'CV 12/UBND' });
    await follower.follow(feed);
    expect((await checkedBatch(harness, [line!])).findings).toEqual({});
  });
});

const toldAt = '2026-01-01T00:00:00.000Z';
const nobody: RegistryEventPage = { items: [], next: null, isLast: true };
const personOf = (over: Partial<RegisteredPerson> = {}): RegisteredPerson => ({
  id: randomUUID(),
  numberKeys: [randomUUID()],
  formerNumberKeys: [],
  mergedInto: null,
  name: 'Lê An',
  placeCode: '09169',
  residentFrom: '2020-01-01',
  diedOn: null,
  ...over,
});
const pageOf = (people: RegisteredPerson[], next: string, isLast = true): RegistryEventPage => ({
  items: people.map((data) => ({ id: randomUUID(), time: toldAt, type: 'person.changed', data })),
  next,
  isLast,
});

describe('following the registry', () => {
  beforeEach(async () => {
    await harness.dataSource.query('UPDATE registry_cursor SET cursor = NULL, read_at = NULL');
    await harness.dataSource.query('DELETE FROM registry_payee');
  });

  const known = async () =>
    (await harness.dataSource.query(
      'SELECT payee_key, person_id, name, is_former FROM registry_payee ORDER BY name, payee_key',
    )) as { payee_key: string; name: string; is_former: boolean }[];

  /** Gives its pages one after another, each for the cursor that it stands behind. */
  const feedOf = (pages: Record<string, RegistryEventPage>) => ({
    after: (cursor: string | null) =>
      Promise.resolve(pages[cursor ?? 'start'] ?? { ...nobody, next: cursor }),
  });

  test('a check before the registry was read says so, and one after it no more', async () => {
    const batch = await checkedBatch(harness, newLines(1));
    expect(batch.findings).toEqual({ REGISTRY_UNREAD: { block: 0, warn: 1, waived: 0 } });
    expect((await findingsOf(batch))[0]).toMatchObject({ row: 0, column: null });
    await follower.follow(feedOf({ start: nobody }));
    expect((await checkedBatch(harness, newLines(1))).findings).toEqual({});
    await harness.dataSource.query(`UPDATE registry_cursor SET read_at = now() - interval '25 hours'`);
    const [old] = await findingsOf(await checkedBatch(harness, newLines(1)));
    expect(old!.message.en).toMatch(/as it was last read on \d{4}-\d{2}-\d{2}/);
  });

  test('half of the registry is not yet the registry', async () => {
    const stopping = new AbortController();
    const pages = feedOf({ start: pageOf([personOf()], 'c1', false) });
    const stopped = { after: (cursor: string | null) => (stopping.abort(), pages.after(cursor)) };
    await follower.follow(stopped, stopping.signal);
    expect(await known()).toHaveLength(1);
    const { findings } = await checkedBatch(harness, newLines(1));
    expect(Object.keys(findings)).toEqual(['REGISTRY_UNREAD']);
  });

  test('the last event of a person is what is known, within a page and over pages', async () => {
    const person = personOf();
    const [first, second] = [
      { ...person, name: 'Lê Ba' },
      { ...person, name: 'Lê Chi', numberKeys: [randomUUID()] },
    ];
    await follower.follow(
      feedOf({ start: pageOf([person, first], 'c1', false), c1: pageOf([second], 'c2') }),
    );
    expect(await known()).toEqual([
      expect.objectContaining({ name: 'Lê Chi', payee_key: second.numberKeys[0] }),
    ]);
  });

  test('events of others change nothing, and are passed over', async () => {
    const data: ClosedEmployer = { id: randomUUID(), closedOn: '2026-01-01' };
    const closed: RegistryEventPage = {
      items: [{ id: randomUUID(), time: toldAt, type: 'employer.closed', data }],
      next: 'c1',
      isLast: true,
    };
    await follower.follow(feedOf({ start: closed }));
    expect(await known()).toEqual([]);
    await follower.follow({
      after: (cursor) => (expect(cursor).toBe('c1'), Promise.resolve({ ...nobody, next: 'c1' })),
    });
  });

  test('a page that two workers read is taken in once, and one that failed is read again', async () => {
    const people = Array.from({ length: 200 }, () => personOf());
    const pages = feedOf({ start: pageOf(people, 'c1') });
    const broken = { ...pageOf([personOf({ placeCode: null as never })], 'c2'), isLast: true };
    await Promise.all([follower.follow(pages), follower.follow(pages)]);
    expect(await known()).toHaveLength(200);
    await expect(follower.follow(feedOf({ c1: broken }))).rejects.toThrow(/null value/);
    const [row] = (await harness.dataSource.query('SELECT cursor FROM registry_cursor')) as {
      cursor: string;
    }[];
    expect(row).toEqual({ cursor: 'c1' });
    expect(await known()).toHaveLength(200);
  });

  test('a registry that was put back is read from its beginning, and nobody of before is believed', async () => {
    const [lost, kept] = [personOf({ name: 'Lê Mất' }), personOf({ name: 'Lê Còn' })];
    await follower.follow(feedOf({ start: pageOf([lost, kept], 'c1') }));
    await follower.follow({
      after: (cursor) =>
        cursor === 'c1'
          ? Promise.reject(new CursorUnknown('put back'))
          : Promise.resolve(pageOf([kept], 'c9')),
    });
    expect((await known()).map(({ name }) => name)).toEqual(['Lê Còn']);
  });

  test('without the secret nobody is let in; an unknown cursor is told from other refusals', async () => {
    const access = { url: registry.url, clientId: 'disbursements', issuer: harness.config.issuer };
    await expect(new RegistryFeed({ ...access, clientSecret: 'wrong' }).after(null)).rejects.toThrow();
    const page = await feed.after(null);
    const unknown = Buffer.from(JSON.stringify([1, randomUUID()])).toString('base64url');
    await expect(feed.after(unknown)).rejects.toThrow(CursorUnknown);
    await expect(feed.after('nonsense')).rejects.toMatchObject({
      problem: { status: 400, code: 'INVALID_REQUEST' },
    });
    expect(page.items.length).toBeGreaterThan(10);
  });
});
