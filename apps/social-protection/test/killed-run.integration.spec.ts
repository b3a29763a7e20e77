import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Issuer } from '@ansinh/embedded';
import { permissions } from '@ansinh/auth';
import { type SpawnedApp, spawnApp, type TestDatabase, testIssuer, testKeys } from '@ansinh/testing';
import pg from 'pg';
import type { SupportListView } from '../src/list/list.dto.js';
import type { RunView } from '../src/run/run.dto.js';
import { freshDatabase } from './harness.js';
import { disabled, registered, registerHead } from './month.js';
import { csv, newNumber, newTaxCode, rentHead, renting } from './support.js';

const people = Array.from({ length: 200 }, () => newNumber());
const [one, two] = [newTaxCode(), newTaxCode()];
const chunkRows = 25;

let issuer: Issuer;
const services: SpawnedApp[] = [];
beforeAll(async () => {
  issuer = await testIssuer();
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await issuer.stop();
});

async function start(database: TestDatabase): Promise<SpawnedApp> {
  const service = await spawnApp({
    app: 'social-protection',
    environment: {
      ...testKeys,
      DATABASE_URL: database.serviceUrl,
      OIDC_ISSUER: issuer.url,
      DECISION_CHUNK_ROWS: String(chunkRows),
      DECISION_CHUNK_PEOPLE: String(chunkRows),
    },
  });
  services.push(service);
  return service;
}

async function post<Answer>(
  service: SpawnedApp,
  path: string,
  body: object | string = {},
  key: string = randomUUID(),
): Promise<Answer> {
  const token = await issuer.token({ sub: 'maker', permissions: [...permissions], office: '27' });
  const answer = await fetch(new URL(path, service.url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': key,
      'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Lists, answers of the insurance office and a run over them. Everybody asks through two employers: what one chunk grants decides the next. */
async function lists(service: SpawnedApp): Promise<RunView> {
  const ids: string[] = [];
  for (const taxCode of [one, two]) {
    const head = new URLSearchParams(rentHead(taxCode, { months: '2022-04,2022-05' })).toString();
    const rows = people.map((number) => renting(number));
    const { id } = await post<SupportListView>(service, `/v1/support-lists?${head}`, csv(rows));
    ids.push(id);
    const answers = people.map((citizenNumber) => ({
      citizenNumber,
      taxCode,
      month: '2022-04',
      isInsured: 'có',
    }));
    await post(service, '/v1/insurance-lists', csv(answers));
  }
  return post(service, '/v1/support-runs', {
    programme: 'rent-support',
    decidedOn: '2022-06-01',
    lists: ids,
  });
}

/** A register and a run of its month. */
async function register(service: SpawnedApp): Promise<RunView> {
  const head = new URLSearchParams(registerHead('2022-03')).toString();
  const rows = people.map((number) => registered(disabled('severe', '1980-01-01'), number));
  await post<SupportListView>(service, `/v1/support-lists?${head}`, csv(rows));
  const month = { month: '2022-03', decidedOn: '2022-03-10' };
  return post(service, '/v1/support-runs', { programme: 'monthly-allowance', ...month });
}

/** What is owed to whom, and by which decisions, without what is of one run alone. */
async function outcomeOf(database: TestDatabase): Promise<object> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows: entitlements } = await client.query(
      'SELECT person_key, benefit, slot, period, amount FROM entitlement ORDER BY person_key, benefit',
    );
    const { rows } = await client.query(
      `SELECT state, taken, digest, (SELECT count(*)::int FROM decision) AS decisions FROM support_run`,
    );
    return { entitlements, run: rows };
  } finally {
    await client.end();
  }
}

async function decideAll(service: SpawnedApp, run: RunView): Promise<RunView> {
  let view = run;
  while (view.state === 'deciding') view = await post(service, `/v1/support-runs/${run.id}/chunks`);
  return view;
}

test.each([
  { what: 'lists', prepared: lists, rowsInAll: 2 * people.length, ofRow: 2, entitled: 2 * people.length },
  { what: 'a register', prepared: register, rowsInAll: people.length, ofRow: 1, entitled: people.length },
])(
  'a service that is killed while it decides on $what leaves the same entitlements, once',
  async (scenario) => {
    const { prepared, rowsInAll, ofRow, entitled } = scenario;
    const [calm, stormy] = [await freshDatabase(), await freshDatabase()];
    const undisturbed = await start(calm);
    await decideAll(undisturbed, await prepared(undisturbed));
    let service = await start(stormy);
    const run = await prepared(service);
    let view = run;
    let lostAnswers = 0;
    for (let kill = 1; kill <= 2; kill += 1) {
      for (let chunk = 0; chunk < 2; chunk += 1) await post(service, `/v1/support-runs/${run.id}/chunks`);
      // Killed while a chunk is under way: whether it was committed is not known to who asked.
      const key = randomUUID();
      const asked = post<RunView>(service, `/v1/support-runs/${run.id}/chunks`, {}, key).catch(() => null);
      await new Promise((resolve) => setTimeout(resolve, 10 * kill));
      service.kill('SIGKILL');
      if ((await asked) === null) lostAnswers += 1;
      service = await start(stormy);
      // The same key again: decided then or now, not twice.
      view = await post(service, `/v1/support-runs/${run.id}/chunks`, {}, key);
      expect(view.taken).toBe(chunkRows * 3 * kill);
    }
    expect(lostAnswers).toBeGreaterThan(0);
    await decideAll(service, view);
    const outcome = await outcomeOf(stormy);
    expect(outcome).toEqual(await outcomeOf(calm));
    expect(outcome).toMatchObject({
      run: [{ state: 'decided', taken: rowsInAll, decisions: ofRow * rowsInAll }],
    });
    expect((outcome as { entitlements: object[] }).entitlements).toHaveLength(entitled);
  },
);
