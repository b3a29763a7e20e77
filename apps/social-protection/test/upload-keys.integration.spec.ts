import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { type Harness, startHarness } from './harness.js';
import { covidHead, csv, household, newTaxCode, stopped } from './support.js';

let harness: Harness;
let maker: PlayedClient;
let review: string;

beforeAll(async () => {
  harness = await startHarness();
  maker = await harness.as({ sub: 'maker' });
  const opened = { year: 2022, placeCode: '09169', reviewedOn: '2022-10-03', area: 'urban', households: 10 };
  const { body } = await maker.post('/v1/poverty-reviews', opened).expect(201);
  review = (body as { id: string }).id;
});
afterAll(() => harness.stop());

const countOf = async (table: string) => {
  const [row] = (await harness.dataSource.query(`SELECT count(*)::int AS count FROM ${table}`)) as [
    { count: number },
  ];
  return row.count;
};

// Those of the insurance office are in remarked-answers.integration.spec.ts.
test.each([
  [
    'support list',
    'support_list',
    () => `/v1/support-lists?${new URLSearchParams(covidHead(newTaxCode())).toString()}`,
    () => csv([stopped()]),
  ],
  [
    'list of households',
    'review_list',
    () => `/v1/poverty-reviews/${review}/lists`,
    () => csv([household()]),
  ],
] as const)('the key of a %s stands for its file', async (_, table, pathOf, fileOf) => {
  const [path, file, key] = [pathOf(), fileOf(), randomUUID()];
  const before = await countOf(table);
  const first = await maker.upload(path, file, 'text/csv', key).expect(201);
  // The same again is answered from the record, and nothing is done.
  expect((await maker.upload(path, file, 'text/csv', key).expect(201)).body).toEqual(first.body);
  expect(await countOf(table)).toBe(before + 1);
  await maker.upload(path, fileOf(), 'text/csv', key).expect(422, /IDEMPOTENCY_KEY_REUSED/);
  expect(await countOf(table)).toBe(before + 1);
  await maker.upload(path, fileOf(), 'text/csv').expect(201);
  expect(await countOf(table)).toBe(before + 2);
});
