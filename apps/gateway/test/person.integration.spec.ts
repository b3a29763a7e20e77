import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { permissions } from '@ansinh/auth';
import { createTestDatabase, type SpawnedApp, spawnApp, testIssuer } from '@ansinh/testing';
import { type Gateway, startGateway } from './harness.js';
import { countStatements, type StatementCounter } from './statement-counter.js';

/** Two families: one of everything, and several of everything. */
const sizes = {
  small: { members: 1, dossiers: 1, payments: 1 },
  large: { members: 5, dossiers: 4, payments: 3 },
};
type Size = keyof typeof sizes;

let issuer: Awaited<ReturnType<typeof testIssuer>>;
let objects: string;
let registry: SpawnedApp;
let disbursements: SpawnedApp;
let worker: SpawnedApp;
let gateway: Gateway;
const counters = {} as Record<'registry' | 'disbursements', StatementCounter>;
const heads = {} as Record<Size, string>;

/** A database of a service, and what stands between the two. */
async function databaseOf(app: 'registry' | 'disbursements') {
  const script = fileURLToPath(new URL(`../../${app}/dist/migrate.js`, import.meta.url));
  const database = await createTestDatabase({
    service: app,
    migrate: async (url, serviceUrl) => {
      const env = { MIGRATION_DATABASE_URL: url, DATABASE_URL: serviceUrl };
      await promisify(execFile)(process.execPath, [script], { env });
    },
  });
  counters[app] = await countStatements(database.serviceUrl);
  return database.serviceUrl;
}

beforeAll(async () => {
  issuer = await testIssuer();
  objects = await mkdtemp(join(tmpdir(), 'gateway-objects-'));
  const shared = {
    OIDC_ISSUER: issuer.url,
    SEALING_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
    LOG_LEVEL: 'error',
  };
  const [ofRegistry, ofDisbursements] = await Promise.all([
    databaseOf('registry'),
    databaseOf('disbursements'),
  ]);
  const urls = { registry: ofRegistry, disbursements: ofDisbursements };
  const paying = { ...shared, BANK_URL: 'http://127.0.0.1:9', BANK_API_TOKEN: 'test' };
  const through = (app: keyof typeof urls) => counters[app].through(urls[app]);
  [registry, disbursements, worker] = await Promise.all([
    spawnApp({
      app: 'registry',
      environment: {
        ...shared,
        DATABASE_URL: through('registry'),
        OBJECT_STORE: pathToFileURL(objects).href,
      },
    }),
    spawnApp({
      app: 'disbursements',
      environment: { ...paying, DATABASE_URL: through('disbursements') },
    }),
    spawnApp({
      app: 'disbursements',
      entry: 'main.worker.js',
      environment: {
        ...paying,
        DATABASE_URL: urls.disbursements,
        AUDIT_SIGNING_KEY: Buffer.alloc(32, 9).toString('base64'),
      },
    }),
  ]);
  gateway = await startGateway(
    `${disbursements.url}/graphql`,
    undefined,
    undefined,
    `${registry.url}/graphql`,
  );
  const paid: string[] = [];
  for (const size of Object.keys(sizes) as Size[]) heads[size] = await family(sizes[size], paid);
  await pay(paid);
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([registry.stop(), disbursements.stop(), worker.stop()]);
  await Promise.all(Object.values(counters).map((counter) => counter.stop()));
  await issuer.stop();
  await rm(objects, { recursive: true });
});

const tokenOf = (office: string, sub = `officer-${office}`) =>
  issuer.token({ sub, permissions: [...permissions], office });

interface Sent {
  method?: string;
  body?: object | string;
  office?: string;
  sub?: string;
}

async function call<Answer>(service: SpawnedApp, path: string, sent: Sent = {}): Promise<Answer> {
  const { method = sent.body === undefined ? 'GET' : 'POST', body, office = '27', sub } = sent;
  const answer = await fetch(new URL(path, service.url), {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf(office, sub)}`,
      'idempotency-key': randomUUID(),
      ...(body !== undefined && {
        'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
      }),
    },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

let lastPerson = 0;

/** Of a commune of district 256. */
async function enterPerson(): Promise<{ id: string; number: string }> {
  lastPerson += 1;
  const number = `027185${String(lastPerson).padStart(6, '0')}`;
  const { id } = await call<{ id: string }>(registry, '/v1/people', {
    body: {
      name: 'Nguyễn Thị Hiền',
      citizenNumber: number,
      birthYear: 1985,
      sex: 'female',
      residence: { placeCode: '09163', validFrom: '2020-01-01' },
    },
  });
  return { id, number };
}

/** @param paid lines of the list that pays them all */
async function family(size: (typeof sizes)[Size], paid: string[]): Promise<string> {
  const head = await enterPerson();
  const household = await call<{ id: string }>(registry, '/v1/households', {
    body: { headId: head.id, validFrom: '2022-01-01' },
  });
  const people = [head];
  for (let member = 0; member < size.members; member += 1) {
    const person = await enterPerson();
    people.push(person);
    await call(registry, `/v1/households/${household.id}/members`, {
      body: { personId: person.id, relation: 'child', validFrom: '2022-01-01' },
    });
  }
  for (const { id, number } of people) {
    for (let dossier = 0; dossier < size.dossiers; dossier += 1) {
      await call(registry, '/v1/dossiers', {
        office: '256',
        body: {
          procedureCode: 'SP-MONTHLY',
          placeCode: '09169',
          applicant: { name: 'Nguyễn Thị Hiền', personId: id },
          documents: ['declaration'],
        },
      });
    }
    for (let ordinal = 1; ordinal <= size.payments; ordinal += 1) {
      const account = `26002${number.slice(-8)}`;
      paid.push(
        `${number},Nguyễn Thị Hiền,970405,${account},1500000,NQ68,CS04,2022-03,09163,${ordinal},Ho tro`,
      );
    }
  }
  return head.number;
}

/** One batch of them all, approved by whom it takes. */
async function pay(lines: string[]): Promise<void> {
  await call(disbursements, '/v1/programmes/NQ68', { method: 'PUT', body: { name: 'NQ 68' } });
  const fund = await call<{ id: string }>(disbursements, '/v1/funds', {
    body: {
      code: 'F-1',
      name: 'Fund',
      budgetSource: 'NSNN',
      programmeCodes: ['NQ68'],
      channel: 'iso20022-http',
      account: { bin: '970405', number: '2600201000001', name: 'SỞ LAO ĐỘNG' },
    },
  });
  const allotment = { amount: '1000000000', reference: 'QD-1' };
  await call(disbursements, `/v1/funds/${fund.id}/allotments`, { body: allotment });
  const { id } = await call<{ id: string }>(disbursements, '/v1/batches', {
    body: {
      fundId: fund.id,
      programmeCode: 'NQ68',
      purpose: 'Hỗ trợ',
      period: '2022-03',
      channel: 'iso20022-http',
    },
  });
  const header =
    'payeeId,payeeName,bankBin,account,amount,programmeCode,policyCode,period,placeCode,ordinal,remittance';
  const path = `/v1/batches/${id}`;
  await call(disbursements, `${path}/payments?onBlocking=stop`, {
    method: 'PUT',
    body: `${[header, ...lines].join('\n')}\n`,
  });
  type Batch = { state: string; digest: string };
  for (let batch: Batch | null = null; batch?.state !== 'checked'; await sleep(50)) {
    batch = await call<Batch>(disbursements, path);
    if (!['draft', 'checking', 'checked'].includes(batch.state)) throw new Error(`it is ${batch.state}`);
  }
  const { digest } = await call<Batch>(disbursements, `${path}/submission`, { body: {} });
  await call(disbursements, `${path}/approval`, { body: { digest }, sub: 'checker' });
}

const query = `
query ($number: String!) {
  personByNumber(number: $number) {
    name
    dossiers(first: 10) { edges { node { state dueOn standing procedure { code } } } }
    household { members { relation person {
      name
      dossiers(first: 10) { edges { node { dueOn } } }
      payments(first: 10) { edges { node { amount state } } }
    } } }
    payments(first: 10) { edges { node { batchCode amount state person { name place { name } } } } }
  }
}`;

interface Edges<Node> {
  edges: { node: Node }[];
}

interface Answer {
  data: {
    personByNumber: {
      name: string;
      dossiers: Edges<{ state: string; dueOn: string }>;
      household: { members: { person: { dossiers: Edges<object>; payments: Edges<object> } }[] };
      payments: Edges<object>;
    } | null;
  };
  errors?: { extensions: { code: string } }[];
}

/** The query as an officer of a place, and what each service asked its database meanwhile. */
async function ask(size: Size, office: string) {
  const headers = { authorization: `Bearer ${await tokenOf(office)}` };
  const { result, statements: ofRegistry } = await counters.registry.during(() =>
    counters.disbursements.during(async () => {
      const { body } = await gateway.ask(query, { number: heads[size] }, headers).expect(200);
      return body as Answer;
    }),
  );
  return { ...result.result, registry: ofRegistry, disbursements: result.statements };
}

test('a person by number with household, dossiers and payments: the same statements for five as for one', async () => {
  const { registry: first } = await ask('small', '256');
  expect(first.length).toBeGreaterThan(3);
  const small = await ask('small', '256');
  const large = await ask('large', '256');
  for (const [size, { data, errors }] of Object.entries({ small, large }) as [Size, Answer][]) {
    const { members, dossiers, payments } = sizes[size];
    expect(errors).toBeUndefined();
    const person = data.personByNumber!;
    expect(person.dossiers.edges).toHaveLength(dossiers);
    expect(person.dossiers.edges[0]).toMatchObject({
      node: {
        state: 'RECEIVED',
        dueOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        procedure: { code: 'SP-MONTHLY' },
      },
    });
    expect(person.payments.edges).toEqual(
      Array.from({ length: payments }, () => ({
        node: {
          batchCode: 'LO-00000001',
          amount: '1500000',
          state: 'AWAITING',
          person: { name: 'Nguyễn Thị Hiền', place: { name: 'Phường Vũ Ninh' } },
        },
      })),
    );
    expect(person.household.members).toHaveLength(members + 1);
    for (const { person: member } of person.household.members) {
      expect(member.dossiers.edges).toHaveLength(dossiers);
      expect(member.payments.edges).toHaveLength(payments);
    }
  }
  // Those that wait for each other have an order, the others are asked at once.
  expect(large.registry.toSorted()).toEqual(small.registry.toSorted());
  expect(large.disbursements.toSorted()).toEqual(small.disbursements.toSorted());
  process.stdout.write(
    `one query: ${large.registry.length} statements of the registry, ${large.disbursements.length} of the disbursements\n`,
  );
});

test('as an officer of another district: not found, and no payment was asked for', async () => {
  const { data, errors, disbursements: asked } = await ask('large', '261');
  expect(data).toEqual({ personByNumber: null });
  expect(errors).toMatchObject([{ extensions: { code: 'PERSON_NOT_FOUND' } }]);
  expect(asked).toEqual([]);
});
