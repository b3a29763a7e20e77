import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import supertest from 'supertest';
import { type Harness, startHarness } from './harness.js';
import { enterEmployer, enterPerson, formHousehold, joinHousehold } from './people.js';

let harness: Harness;
let officer: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
});
afterAll(() => harness.stop());

interface Answer {
  data: Record<string, unknown> | null;
  errors?: { extensions: { code: string } }[];
}

async function ask(client: PlayedClient, query: string, variables: object = {}): Promise<Answer> {
  const { body } = await supertest(harness.app.getHttpServer())
    .post('/graphql')
    .set('authorization', `Bearer ${client.token}`)
    .send({ query, variables });
  return body as Answer;
}

const byNumber = `query ($number: String!) { personByNumber(number: $number) {
  id citizenNumber numberKey place { name }
  employments { contractFrom employer { taxCode } }
  household { classes { year class } members { relation person { name employments { employer { name } } } } } } }`;

/** A household of so many, all of them at work. */
async function family(children: number): Promise<string> {
  const { id, citizenNumber } = await enterPerson(officer, { name: 'Trần Văn Đức' });
  const household = await formHousehold(officer, id);
  for (let child = 0; child < children; child += 1) {
    const { id: personId } = await enterPerson(officer);
    await joinHousehold(officer, household, personId).expect(201);
    const employer = await enterEmployer(officer);
    await officer
      .post(`/v1/employers/${employer}/workers`, { personId, contractFrom: '2022-01-01' })
      .expect(201);
  }
  return citizenNumber;
}

describe('a person by number', () => {
  test('with his place, household, its members and their employers: as many statements for five as for one', async () => {
    const looks: number[] = [];
    for (const children of [1, 5]) {
      const number = await family(children);
      const runner = harness.dataSource.createQueryRunner();
      const spy = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
      const { data, errors } = await ask(officer, byNumber, { number });
      looks.push(spy.mock.calls.filter(([sql]) => !/^(START|SET LOCAL|COMMIT)/.test(sql)).length);
      spy.mockRestore();
      await runner.release();
      expect(errors).toBeUndefined();
      const { household } = data!['personByNumber'] as { household: { members: object[] } };
      expect(household.members).toHaveLength(children + 1);
      expect(data).toMatchObject({
        personByNumber: { citizenNumber: `••••••••${number.slice(-4)}`, place: { name: 'Phường Vũ Ninh' } },
      });
      expect(household.members).toContainEqual(
        expect.objectContaining({
          relation: 'CHILD',
          person: { name: 'Nguyễn Thị Hoà', employments: [{ employer: { name: 'Công ty Đồng Tâm' } }] },
        }),
      );
    }
    expect(looks[1]).toBe(looks[0]);
    expect(looks[0]).toBeLessThanOrEqual(10);
  });

  test('is nobody to another office, by number, id or key', async () => {
    const { id, citizenNumber } = await enterPerson(officer);
    const { body } = await officer.get(`/v1/people/${id}`).expect(200);
    const { numberKey } = body as { numberKey: string };
    const other = await harness.as({ sub: 'other', office: '261' });
    const { data, errors } = await ask(other, byNumber, { number: citizenNumber });
    expect([data, errors?.[0]?.extensions.code]).toEqual([{ personByNumber: null }, 'PERSON_NOT_FOUND']);
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { id } } }`;
    const of = [{ id }, { numberKey }].map((key) => ({ __typename: 'Person', ...key }));
    expect((await ask(other, entities, { of })).data).toEqual({ _entities: [null, null] });
    expect((await ask(officer, entities, { of })).data).toEqual({ _entities: [{ id }, { id }] });
  });

  test('people by pages, the best match first', async () => {
    const page = `query ($after: String) { people(q: "tran van duc", first: 1, after: $after) {
      edges { node { id name } } pageInfo { endCursor hasNextPage } } }`;
    type People = {
      people: { edges: { node: { id: string; name: string } }[]; pageInfo: { endCursor: string } };
    };
    const first = (await ask(officer, page)).data as unknown as People;
    const second = (await ask(officer, page, { after: first.people.pageInfo.endCursor }))
      .data as unknown as People;
    expect(first.people.edges).toMatchObject([{ node: { name: 'Trần Văn Đức' } }]);
    expect(second.people.edges[0]?.node.id).not.toBe(first.people.edges[0]?.node.id);
  });
});
