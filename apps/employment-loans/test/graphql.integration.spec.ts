import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { PlayedClient } from '@ansinh/testing';
import supertest from 'supertest';
import { type Harness, startHarness } from './harness.js';
import { application, apply, planned, staffFacts } from './lending.js';

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

const ofBorrower = `query ($borrowers: [_Any!]!) { _entities(representations: $borrowers) {
  ... on Person { loans(first: 1) { edges { node { id amount state person { id } employer { id } } } pageInfo { hasNextPage } } }
  ... on Employer { loans { edges { node { id } } } } } }`;

test('a person and an employer of the registry have their loans', async () => {
  const { borrower } = application();
  const [personId, employerId] = [borrower.personId, randomUUID()];
  await apply(officer, { borrower });
  const newest = await apply(officer, { borrower });
  const ofEmployer = await apply(officer, {
    productCode: 'EL-ESTABLISHMENT',
    borrower: { kind: 'cooperative', name: 'HTX', employerId },
    facts: staffFacts(),
  });
  const borrowers = [
    { __typename: 'Person', id: personId },
    { __typename: 'Employer', id: employerId },
  ];
  const { data } = await ask(officer, ofBorrower, { borrowers });
  const node = {
    id: newest.id,
    amount: '80000000',
    state: 'APPLIED',
    person: { id: personId },
    employer: null,
  };
  expect(data).toEqual({
    _entities: [
      { loans: { edges: [{ node }], pageInfo: { hasNextPage: true } } },
      { loans: { edges: [{ node: { id: ofEmployer.id } }] } },
    ],
  });
  const elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
  const { data: theirs } = await ask(elsewhere, ofBorrower, { borrowers });
  expect(JSON.stringify(theirs)).not.toContain(newest.id);
});

test('the funds of an office are reported to it, and to nobody elsewhere', async () => {
  await planned(officer, '1000', { placeCode: '256', source: 'district' });
  const query =
    '{ fundReports(first: 5) { edges { node { placeCode source interestCollected bank undivided } } } }';
  const node = { placeCode: '256', source: 'district', interestCollected: '0', bank: '0', undivided: '0' };
  expect((await ask(officer, query)).data).toEqual({ fundReports: { edges: [{ node }] } });
  const elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
  expect((await ask(elsewhere, query)).data).toEqual({ fundReports: { edges: [] } });
});

test('a loan is asked for by its id, and lists by state', async () => {
  const { id, code } = await apply(officer);
  const one = await ask(officer, 'query ($id: ID!) { loan(id: $id) { code borrowerKind } }', { id });
  expect(one.data).toEqual({ loan: { code, borrowerKind: 'WORKER' } });
  const listed = await ask(officer, '{ loans(first: 500, state: APPLIED) { edges { node { id } } } }');
  expect(JSON.stringify(listed.data)).toContain(id);
  const none = await ask(officer, '{ loans(state: CLOSED) { edges { node { id } } } }');
  expect(none.data).toEqual({ loans: { edges: [] } });
});

test('without the permission nothing is answered', async () => {
  const powerless = await harness.as({ sub: 'powerless', permissions: [] });
  expect((await ask(powerless, '{ loans { edges { node { id } } } }')).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
});
