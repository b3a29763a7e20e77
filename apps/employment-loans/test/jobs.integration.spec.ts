import { randomUUID } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import exceljs from 'exceljs';
import supertest from 'supertest';
import { createRegistryClient, ServiceToken } from '@ansinh/client';
import { openPolicy } from '@ansinh/policy';
import { createTestDatabase, type PlayedClient, registrySecret, spawnApp, testKeys } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import type { JobView } from '../src/job/job.dto.js';
import { judgeWorker } from '../src/job/judge-worker.js';
import { loanCatalogue } from '../src/law/law.js';
import { askRegistry } from '../src/job/known-workers.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  approved,
  bankSays,
  confirmLaw,
  decision,
  historyOf,
  move,
  moved,
  type Officers,
  officersOf,
  ordered,
  planned,
  read,
  staffFacts,
  today,
} from './lending.js';

let harness: Harness;
let officers: Officers;
let elsewhere: PlayedClient;
let planId: string;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
  planId = (await planned(officers.province, '9000000000')).id;
});
afterAll(() => harness.stop());

const day = today();
const named = (name: string, kind = 'created') => ({ personId: randomUUID(), name, kind });
type Named = ReturnType<typeof named>;

/** A loan of an enterprise whose money is out. */
async function lentTo(employerId: string, workers: Named[]): Promise<LoanView> {
  const loan = await ordered(
    officers,
    await approved(officers, planId, {
      productCode: 'EL-ESTABLISHMENT',
      borrower: { kind: 'smallEnterprise', name: 'Công ty Đồng Tâm', employerId },
      facts: staffFacts(),
      workers,
    }),
  );
  await bankSays(harness, loan);
  return read(officers.commune, loan);
}

const check = (loan: LoanView, workers: Named[]) =>
  moved(officers.commune, loan, 'use-checks', {
    ...decision('BB-KT'),
    workers: workers.map(({ personId }) => personId),
  });

const jobsOf = async (client: PlayedClient, { id }: { id: string }, query = '') =>
  ((await client.get(`/v1/loan-jobs?loanId=${id}${query}`).expect(200)).body as { items: JobView[] }).items;

describe('a worker whom a use check finds', () => {
  const employerId = randomUUID();
  const contract = {
    employerId,
    contractFrom: '2022-01-01',
    contractUntil: null,
    insuredFrom: '2022-02-01',
    insuredUntil: null,
  };
  const workers = {
    insured: named('An'),
    uninsured: named('Bình', 'kept'),
    idle: named('Chi'),
    dead: named('Dung'),
    stranger: named('Em'),
    twin: named('Giang'),
  };
  let loan: LoanView;
  beforeAll(async () => {
    const { registry } = harness;
    registry.says(workers.insured.personId, { contracts: [contract] });
    registry.says(workers.uninsured.personId, { contracts: [{ ...contract, insuredFrom: null }] });
    registry.says(workers.idle.personId, { contracts: [{ ...contract, employerId: randomUUID() }] });
    registry.says(workers.dead.personId, { diedOn: day, contracts: [contract] });
    registry.says(workers.stranger.personId, null);
    // Another record of somebody who counts already.
    registry.says(workers.twin.personId, {
      standsForId: workers.insured.personId,
      contracts: [contract],
    });
    registry.asked.length = 0;
    loan = await check(await lentTo(employerId, Object.values(workers)), Object.values(workers));
  });

  test('counts where the registry confirms it on that day, and it is said why the others do not', async () => {
    expect(harness.registry.asked.map(({ on, people }) => [on, people.length])).toEqual([[day, 6]]);
    expect((await historyOf(officers.commune, loan)).counted).toEqual([workers.insured.personId]);
    const jobs = await jobsOf(officers.commune, loan);
    const outcomes = Object.fromEntries(jobs.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes).toEqual({
      An: 'counted',
      Bình: 'undecided',
      Chi: 'notEmployed',
      Dung: 'deceased',
      Em: 'unknown',
      Giang: 'countedElsewhere',
    });
    expect(jobs.find(({ name }) => name === 'An')).toMatchObject({
      foundOn: day,
      kind: 'created',
      contractFrom: '2022-01-01',
      contractUntil: null,
      insuredFrom: '2022-02-01',
    });
    const [event] = await harness.dataSource.query<{ facts: object }[]>(
      `SELECT facts FROM audit_event WHERE subject = $1 AND verb = 'loan.checkUse'`,
      [`loan/${loan.code}`],
    );
    // As the registry confirmed them; of two records of one person one is written.
    expect(event!.facts).toMatchObject({ workers: 6, confirmed: 2 });
  });

  test('is listed by outcome and commune, page by page, for the offices above it alone', async () => {
    expect(await jobsOf(officers.commune, loan, '&outcome=undecided')).toMatchObject([{ name: 'Bình' }]);
    expect(await jobsOf(officers.commune, loan, '&placeCode=09187')).toEqual([]);
    const first = await officers.commune.get(`/v1/loan-jobs?loanId=${loan.id}&limit=4`).expect(200);
    const { items, next } = first.body as { items: JobView[]; next: string };
    const rest = await jobsOf(officers.commune, loan, `&limit=4&after=${next}`);
    expect(new Set([...items, ...rest].map(({ personId }) => personId)).size).toBe(6);
    expect(await jobsOf(elsewhere, loan)).toEqual([]);
  });

  test.each([
    ['vi', 'Chưa quyết định: quy định chờ xác nhận', 'Duy trì'],
    ['en', 'Not decided: the law waits to be confirmed', 'Kept'],
  ])('is told in words in a workbook (%s)', async (language, outcome, kind) => {
    const { body } = await officers.commune
      .get(`/v1/loan-jobs?loanId=${loan.id}&outcome=undecided`)
      .set('accept', listTypes.xlsx)
      .set('accept-language', language)
      .responseType('blob')
      .expect(200);
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(body as exceljs.Buffer);
    const cells = workbook.worksheets[0]!.getRow(2).values as unknown[];
    expect(cells).toEqual(expect.arrayContaining(['Bình', outcome, kind, 'LJ-NOT-INSURED, LJ-INSURED-2024']));
  });

  test('is a field of the loan in the graph, and nothing to another office', async () => {
    const query = `{ loan(id: "${loan.id}") { jobs { name outcome insuredFrom person { id } } } }`;
    const ask = async ({ token }: PlayedClient) =>
      (
        await supertest(harness.app.getHttpServer())
          .post('/graphql')
          .set('authorization', `Bearer ${token}`)
          .send({ query })
      ).body as { data: { loan: { jobs: object[] } | null } };
    const { data } = await ask(officers.commune);
    expect(data.loan?.jobs[0]).toEqual({
      name: 'An',
      outcome: 'COUNTED',
      insuredFrom: '2022-02-01',
      person: { id: workers.insured.personId },
    });
    expect((await ask(elsewhere)).data.loan).toBeNull();
  });

  test('counts at a later check, once the registry knows his insurance', async () => {
    harness.registry.says(workers.uninsured.personId, { contracts: [contract] });
    await check(loan, [workers.uninsured]);
    const counted = (await historyOf(officers.commune, loan)).counted;
    expect(counted.sort()).toEqual([workers.insured.personId, workers.uninsured.personId].sort());
    expect(await jobsOf(officers.commune, loan, '&outcome=undecided')).toEqual([]);
    const [{ findings }] = (await harness.dataSource.query(
      'SELECT count(*)::int AS findings FROM job_finding WHERE loan_id = $1 AND person_id = $2',
      [loan.id, workers.uninsured.personId],
    )) as [{ findings: number }];
    expect(findings).toBe(2);
  });

  test('whose insurance is due and not there is decided at a later check, once the law is confirmed', async () => {
    const late = named('Khánh');
    harness.registry.says(late.personId, { contracts: [{ ...contract, insuredFrom: null }] });
    const other = await check(await lentTo(employerId, [late]), [late]);
    const awaited = ['LJ-NOT-INSURED', 'LJ-INSURED-2024'];
    expect(await jobsOf(officers.commune, other)).toMatchObject([
      { outcome: 'undecided', unconfirmed: awaited, contractFrom: '2022-01-01' },
    ]);
    await confirmLaw(officers.province, ...awaited);
    await check(other, [late]);
    expect(await jobsOf(officers.commune, other)).toMatchObject([{ outcome: 'notInsured', unconfirmed: [] }]);
    expect((await historyOf(officers.commune, other)).counted).toEqual([]);
    // What was found before is kept as it was found.
    const kept = await harness.dataSource.query<{ outcome: string }[]>(
      'SELECT outcome FROM job_finding WHERE loan_id = $1 ORDER BY move',
      [other.id],
    );
    expect(kept.map(({ outcome }) => outcome)).toEqual(['undecided', 'notInsured']);
  });

  test('of another loan counts no second time, also under another record of his', async () => {
    const { twin } = workers;
    const other = await lentTo(employerId, [twin]);
    await check(other, [twin]);
    expect((await historyOf(officers.commune, other)).counted).toEqual([]);
    expect(await jobsOf(officers.commune, other)).toMatchObject([{ outcome: 'countedElsewhere' }]);
  });
});

test('while the registry does not answer nothing is checked, but for checks that name nobody', async () => {
  const worker = named('Hà');
  const loan = await lentTo(randomUUID(), [worker]);
  harness.registry.isAway = true;
  const body = { ...decision('BB-KT'), workers: [worker.personId] };
  const refused = await move(officers.commune, loan, 'use-checks', body).set('accept-language', 'en');
  expect(refused.body).toMatchObject({ status: 503, code: 'LOAN_REGISTRY_AWAY' });
  expect(await read(officers.commune, loan)).toMatchObject({ version: loan.version });
  const empty = await moved(officers.commune, loan, 'use-checks', { ...body, workers: [] });
  harness.registry.isAway = false;
  await check(empty, [worker]);
  expect(await jobsOf(officers.commune, loan)).toMatchObject([{ outcome: 'notEmployed' }]);
});

describe('a use check that is sent again', () => {
  test.each<[string, (loan: LoanView, body: object) => [string, object]]>([
    ['of one loan', ({ id }, body) => [`/v1/loans/${id}/use-checks`, body]],
    [
      'of a list',
      ({ id, version }, body) => ['/v1/loan-lists/use-checks', { items: [{ ...body, id, version }] }],
    ],
  ])('%s is answered as it was, with the registry away and unasked', async (_, requestOf) => {
    const worker = named('Lan');
    const loan = await lentTo(randomUUID(), [worker]);
    const [path, body] = requestOf(loan, { ...decision('BB-KT'), workers: [worker.personId] });
    const key = randomUUID();
    const send = (sent = body) => officers.commune.post(path, sent, key).set('if-match', `"${loan.version}"`);
    const first = await send().expect(200);
    harness.registry.isAway = true;
    harness.registry.asked.length = 0;
    try {
      const again = await send().expect(200);
      expect(again.body).toEqual(first.body);
      const [, other] = requestOf(loan, { ...decision('BB-KT 2'), workers: [worker.personId] });
      expect((await send(other)).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
      expect(harness.registry.asked).toEqual([]);
    } finally {
      harness.registry.isAway = false;
    }
    expect(await jobsOf(officers.commune, loan)).toHaveLength(1);
    expect(await read(officers.commune, loan)).toMatchObject({ version: loan.version + 1 });
  });

  test('after the registry was away is carried out: a refusal is no answer', async () => {
    const worker = named('Minh');
    const loan = await lentTo(randomUUID(), [worker]);
    const key = randomUUID();
    const send = () =>
      officers.commune
        .post(`/v1/loans/${loan.id}/use-checks`, { ...decision('BB-KT'), workers: [worker.personId] }, key)
        .set('if-match', `"${loan.version}"`);
    harness.registry.isAway = true;
    await send().expect(503);
    harness.registry.isAway = false;
    await send().expect(200);
    expect(await jobsOf(officers.commune, loan)).toHaveLength(1);
  });
});

test('the registry itself answers so: by contracts that it keeps', async () => {
  const database = await createTestDatabase({
    service: 'registry',
    migrate: async (url, serviceUrl) => migrateRegistry(url, serviceUrl),
  });
  const registry = await spawnApp({
    app: 'registry',
    environment: {
      ...testKeys,
      DATABASE_URL: database.serviceUrl,
      OIDC_ISSUER: harness.issuer,
      OBJECT_STORE: pathToFileURL(join(tmpdir(), randomUUID())).href,
      LOG_LEVEL: 'error',
    },
  });
  try {
    const enter = async (path: string, body: object) => {
      const answer = await fetch(new URL(path, registry.url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${officers.commune.token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return ((await answer.json()) as { id: string }).id;
    };
    const employerId = await enter('/v1/employers', {
      taxCode: '2300000043',
      name: 'Công ty Đồng Tâm',
      kind: 'enterprise',
      placeCode: '09169',
    });
    const personId = await enter('/v1/people', {
      name: 'Nguyễn Thị Hoà',
      citizenNumber: '027185000001',
      birthYear: 1985,
      sex: 'female',
      residence: { placeCode: '09163', address: 'Khu 3', validFrom: '2020-01-01' },
    });
    await enter(`/v1/employers/${employerId}/workers`, {
      personId,
      contractFrom: '2022-03-01',
      insuredFrom: '2022-03-01',
    });
    const access = { issuer: harness.issuer, clientId: 'employment-loans', clientSecret: registrySecret };
    const client = createRegistryClient({ baseUrl: registry.url, ...new ServiceToken(access).options() });
    const on = { before: '2022-02-28', since: '2022-03-01' };
    const known = await askRegistry(client, [
      { on: on.before, workers: [personId] },
      { on: on.since, workers: [personId.toUpperCase(), randomUUID()] },
    ]);
    const policy = openPolicy({ catalogue: loanCatalogue() });
    const outcome = (employer: string, asked: string) =>
      judgeWorker(policy, { personId: null, employerId: employer }, known.of(personId, asked), asked).outcome;
    expect(outcome(employerId, on.before)).toBe('notEmployed');
    expect(outcome(employerId, on.since)).toBe('counted');
    expect(outcome(randomUUID(), on.since)).toBe('notEmployed');
    expect(known.of(randomUUID(), on.since)).toBeNull();
  } finally {
    await registry.stop();
  }
});

function migrateRegistry(url: string, serviceUrl: string): void {
  const script = fileURLToPath(new URL('../../registry/dist/migrate.js', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env: { MIGRATION_DATABASE_URL: url, DATABASE_URL: serviceUrl },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the migrations failed: ${stderr}`);
}
