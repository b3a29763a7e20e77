import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import supertest from 'supertest';
import { type Harness, startHarness } from './harness.js';
import { disabled, registered, registerHead } from './month.js';
import { brought, confirm, covidHead, decided, newTaxCode, stopped } from './support.js';

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
