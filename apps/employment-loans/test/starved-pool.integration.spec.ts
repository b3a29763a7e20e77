import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import type { PlayedClient } from '@ansinh/testing';
import { type Harness, startHarness } from './harness.js';
import { application } from './lending.js';

let harness: Harness;
let officer: PlayedClient;
const held: QueryRunner[] = [];

/** A pool of one connection, which somebody else has. */
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer' });
  const dataSource = harness.app.get(DataSource);
  const pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
  Object.assign(pool.options, { max: 1, connectionTimeoutMillis: 100 });
  // Of those that were opened at the start each is held.
  do {
    const runner = dataSource.createQueryRunner();
    await runner.connect();
    held.push(runner);
  } while (pool.idleCount > 0);
});
afterAll(async () => {
  await letGo();
  await harness.stop();
});

const letGo = () => Promise.all(held.splice(0).map((runner) => runner.release()));

const loans = (language: string) => officer.get('/v1/loans').set('accept-language', language);
const query = '{ loans(first: 1) { edges { node { id } } } }';

test('who waits in vain for a connection is told to come again, and comes through when there is one', async () => {
  const refused = await loans('en');
  expect(refused.status).toBe(503);
  expect(refused.headers['retry-after']).toBe('5');
  expect(refused.headers['content-type']).toMatch('application/problem+json');
  expect(refused.body).toMatchObject({
    code: 'UNAVAILABLE',
    title: 'The service is not ready at the moment',
    detail: 'Try again in 5 seconds.',
    retryAfter: 5,
  });
  expect((await loans('vi')).body).toMatchObject({
    title: 'Dịch vụ tạm thời chưa sẵn sàng',
    detail: 'Hãy thử lại sau 5 giây.',
  });
  const command = () => officer.post('/v1/loans', application(), 'starved-0001');
  expect((await command()).status).toBe(503);

  const answer = await officer.post('/graphql', { query });
  expect(answer.body.errors).toEqual([
    {
      message: 'The service is not ready at the moment',
      locations: expect.anything(),
      path: ['loans'],
      extensions: { code: 'UNAVAILABLE', problem: expect.objectContaining({ status: 503, retryAfter: 5 }) },
    },
  ]);

  await letGo();
  expect((await loans('en')).status).toBe(200);
  // It was never begun: its key is free.
  expect((await command()).status).toBe(201);
  expect((await officer.post('/graphql', { query })).body.errors).toBeUndefined();
});
