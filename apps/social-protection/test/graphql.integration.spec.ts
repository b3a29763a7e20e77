import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Operation, PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import supertest from 'supertest';
import { describeSocialProtection } from '../src/api-description.js';
import { type Harness, startHarness } from './harness.js';
import { disabled, registered, registerHead } from './month.js';
import { operationsOf, type Records, request } from './operations.js';
import { plantRows } from './planted-rows.js';
import { brought, confirm, covidHead, decided, newNumber, newTaxCode, stopped } from './support.js';

let harness: Harness;
let maker: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  maker = await harness.as({ sub: 'maker' });
});
afterAll(() => harness.stop());

interface Decided {
  outcome: string;
  amount: string;
  articles: { number: string; article: string }[];
  facts: { fact: string; name: { vi: string }; value: string }[];
  explanation: { vi: string; en: string };
  person: { numberKey: string };
}

interface Answer {
  data: {
    _entities: {
      decisions: { edges: { node: Decided }[] };
      entitlements: { edges: { node: { id: string; amount: string; decision: { rules: string[] } } }[] };
    }[];
  } | null;
  errors?: object[];
}

const people = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person {
  decisions(first: 10) { edges { node { outcome amount articles { number article } facts { fact name { vi } value }
    explanation { vi en } person { numberKey } } } }
  entitlements { edges { node { id amount decision { rules } } } } } } }`;

async function ask(client: PlayedClient, keys: string[]): Promise<Answer> {
  const { body } = await supertest(harness.app.getHttpServer())
    .post('/graphql')
    .set('authorization', `Bearer ${client.token}`)
    .send({
      query: people,
      variables: { of: keys.map((numberKey) => ({ __typename: 'Person', numberKey })) },
    });
  return body as Answer;
}

test('from people to what they are owed, the decision, its rule, article and facts; for five as for one', async () => {
  const taxCode = newTaxCode();
  const rows = Array.from({ length: 5 }, () => stopped());
  const list = await brought(maker, covidHead(taxCode), rows);
  await confirm(maker, taxCode, rows, '2021-06').expect(201);
  await decided(maker, 'covid-support', [list.id]);
  const found = (await harness.dataSource.query('SELECT person_key AS key FROM entitlement')) as {
    key: string;
  }[];
  const keys = found.map(({ key }) => key);
  const looks: number[] = [];
  for (const count of [1, 5]) {
    const runner = harness.dataSource.createQueryRunner();
    const spy = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
    const { data, errors } = await ask(maker, keys.slice(0, count));
    looks.push(spy.mock.calls.filter(([sql]) => !/^(START|SET LOCAL|COMMIT)/.test(sql)).length);
    spy.mockRestore();
    await runner.release();
    expect(errors).toBeUndefined();
    expect(data!._entities).toHaveLength(count);
    const { decisions, entitlements } = data!._entities[0]!;
    expect(decisions.edges[0]!.node).toMatchObject({
      outcome: 'GRANTED',
      amount: '1000000',
      articles: [{ number: '23/2021/QĐ-TTg', article: '18' }],
      person: { numberKey: keys[0] },
    });
    expect(decisions.edges[0]!.node.facts).toContainEqual({
      fact: 'isInsuredThen',
      name: { vi: 'Tham gia BHXH bắt buộc trong tháng đó hoặc tháng liền kề trước' },
      value: 'true',
    });
    expect(decisions.edges[0]!.node.explanation.vi).toContain('1.000.000');
    expect(entitlements.edges[0]!.node).toMatchObject({ amount: '1000000', decision: { rules: ['C-05'] } });
  }
  expect(looks[1]).toBe(looks[0]);
});

test('another office sees nothing of it', async () => {
  const [found] = (await harness.dataSource.query('SELECT person_key AS key FROM entitlement LIMIT 1')) as {
    key: string;
  }[];
  const other = await harness.as({ sub: 'other', office: '261' });
  const { data } = await ask(other, [found!.key]);
  expect(data!._entities[0]).toEqual({ decisions: { edges: [] }, entitlements: { edges: [] } });
});

test('the people of a register by commune, page after page, and no other office sees them', async () => {
  const rows = Array.from({ length: 3 }, () => registered(disabled('severe', '1980-01-01')));
  await brought(maker, registerHead('2022-03'), rows);
  const page = async (client: PlayedClient, after: string | null) => {
    const { body } = await supertest(harness.app.getHttpServer())
      .post('/graphql')
      .set('authorization', `Bearer ${client.token}`)
      .send({
        query: `query ($after: String) { beneficiaries(programme: "monthly-allowance", placeCode: "09169", first: 2, after: $after) {
          edges { node { id firstMonth person { numberKey } } } pageInfo { hasNextPage endCursor } } }`,
        variables: { after },
      });
    return (body as { data: { beneficiaries: { edges: object[]; pageInfo: { endCursor: string } } } }).data
      .beneficiaries;
  };
  const first = await page(maker, null);
  expect(first).toMatchObject({
    edges: [{ node: { firstMonth: '2022-03' } }, {}],
    pageInfo: { hasNextPage: true },
  });
  expect(await page(maker, first.pageInfo.endCursor)).toMatchObject({
    edges: [{}],
    pageInfo: { hasNextPage: false },
  });
  const neighbour = await harness.as({ sub: 'neighbour', office: '261' });
  expect((await page(neighbour, null)).edges).toEqual([]);
});

test('a district opens what was decided of its own citizens in a run of the province, and no more', async () => {
  const number = newNumber();
  const list = await brought(maker, covidHead(newTaxCode()), [stopped(number)]);
  const run = await decided(maker, 'covid-support', [list.id]);
  const [decision] = (await harness.dataSource.query(
    'SELECT id, person_key AS key FROM decision WHERE run_id = $1',
    [run.id],
  )) as { id: string; key: string }[];
  const district = await harness.as({ sub: 'district', office: '256' });
  const neighbour = await harness.as({ sub: 'neighbour', office: '261' });
  const path = `/v1/support-decisions/${decision!.id}`;
  expect((await district.get(path).expect(200)).body).toMatchObject({ isReproduced: true, runId: run.id });
  await neighbour.get(path).expect(404);
  const lookedUp = async (client: PlayedClient) =>
    (await client.post('/v1/support-decisions/lookup', { number }).expect(200)).body as { items: object[] };
  expect((await lookedUp(district)).items).toHaveLength(1);
  expect((await lookedUp(neighbour)).items).toEqual([]);
  const { data } = await ask(district, [decision!.key]);
  expect(data!._entities[0]!.decisions.edges).toHaveLength(1);
  // The run itself, with everybody else in it, stays the province's.
  await district.get(`/v1/support-runs/${run.id}`).expect(404);
  expect((await district.get(`/v1/support-decisions?runId=${run.id}`).expect(200)).body).toMatchObject({
    items: [],
  });
});

describe('two offices, by everything that the OpenAPI document and the schema have', () => {
  const [mine, theirs] = [1001, 1002].map(
    (number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  );
  const everything = (id: string): Records => ({
    listId: id,
    insuranceListId: id,
    runId: id,
    decisionId: id,
    reviewId: id,
    householdId: id,
    grievanceId: id,
    beneficiaryId: id,
    recoveryId: id,
  });
  let own: PlayedClient;
  beforeAll(async () => {
    await plantRows(harness.dataSource, '09367', 1001);
    await plantRows(harness.dataSource, '09169', 1002);
    own = await harness.as({ sub: 'own', office: '261' });
  });

  /** Of what belongs to nobody: the law, its rows, keys, and the audit log, which have their own suites. */
  const ofNobody = /^\/v1\/(law|audit|sealing-keys|key-rotations|support-programmes)/;
  const named = ({ path }: Operation) => path.includes('{') && !ofNobody.test(path);
  const list = ({ method, path }: Operation) =>
    method === 'get' && !path.includes('{') && !ofNobody.test(path);

  test('a record of another one is not there, whatever is asked of it', async () => {
    const asked = operationsOf(harness).filter(named);
    expect(asked.length).toBeGreaterThan(25);
    for (const operation of asked) {
      const { status } = await request(own, operation, everything(theirs!));
      expect({ id: operation.id, status }).toEqual({ id: operation.id, status: 404 });
    }
  });

  test('its own is there: nothing of the above is a path that leads nowhere', async () => {
    for (const operation of operationsOf(harness).filter((each) => named(each) && each.method === 'get')) {
      if (operation.path.includes('lists/{list}')) continue;
      const { status } = await request(own, operation, everything(mine!));
      expect({ id: operation.id, status }).not.toMatchObject({ status: 404 });
    }
  });

  test('no list shows what is another one’s', async () => {
    const lists = operationsOf(harness).filter(list);
    expect(lists.length).toBeGreaterThan(7);
    for (const operation of lists) {
      const { text } = await request(own, operation, everything(mine!)).expect(200);
      expect(`${operation.id}: ${text}`).not.toContain(theirs);
    }
  });

  test('a list that has pages is a workbook too', () => {
    const { paths } = describeSocialProtection(harness.app);
    const paged = Object.values(paths).flatMap(({ get }) =>
      get?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'after') ? [get] : [],
    );
    const types = ({ responses }: (typeof paged)[number]) => JSON.stringify(responses['200']);
    const lacking = paged
      .filter((get) => !types(get).includes(listTypes.xlsx))
      .map(({ operationId }) => operationId);
    // The audit log has its own form, which can be verified; who read whole numbers is looked up by an auditor.
    expect(lacking.sort()).toEqual(['listAccesses', 'listAuditEvents', 'listAuditRoots']);
    expect(paged.length).toBeGreaterThan(10);
  });

  test('an entity of the schema leads to its own, and none to it', async () => {
    const schema = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
    const entities = [...schema.matchAll(/^type (\w+)\n {2}@key\(fields: "id"/gm)].map(([, type]) => type!);
    expect(entities.length).toBeGreaterThan(2);
    for (const type of entities) {
      const { body } = await supertest(harness.app.getHttpServer())
        .post('/graphql')
        .set('authorization', `Bearer ${own.token}`)
        .send({
          query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { id } } }`,
          variables: { of: [theirs, mine].map((id) => ({ __typename: type, id })) },
        });
      expect({ type, ...(body as Answer) }).toEqual({ type, data: { _entities: [null, { id: mine }] } });
    }
  });
});
