import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { describeWith, redisForTests } from './redis-for-tests.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

let migrations = 0;

async function migrate(url: string): Promise<void> {
  migrations += 1;
  await query(url, 'CREATE TABLE place (code text PRIMARY KEY)');
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query(sql);
  await client.end();
  return result.rows as Record<string, unknown>[];
}

describe('createTestDatabase', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    [first, second] = await Promise.all([
      createTestDatabase({ service: 'testing-sample', migrate }),
      createTestDatabase({ service: 'testing-sample', migrate }),
    ]);
  });

  afterAll(async () => {
    await first.drop();
    await second.drop();
  });

  test('runs the migrations once, however many databases are asked for at once', () => {
    expect(migrations).toBe(1);
  });

  test('gives databases that do not see each other', async () => {
    await query(first.url, `INSERT INTO place VALUES ('27')`);
    expect(await query(first.url, 'SELECT code FROM place')).toEqual([{ code: '27' }]);
    expect(await query(second.url, 'SELECT code FROM place')).toEqual([]);
  });

  test('reports a failing migration to every caller', async () => {
    const failing = () =>
      createTestDatabase({
        service: 'testing-failing',
        migrate: () => Promise.reject(new Error('broken migration')),
      });
    await expect(failing()).rejects.toThrow('broken migration');
    await expect(failing()).rejects.toThrow('broken migration');
  });
});

describeWith(redisForTests(), 'redisForTests', () => {
  test('gives a logical database of this worker', () => {
    expect(redisForTests()).toMatchObject({ url: expect.stringMatching(/^redis:\/\/.*\/\d+$/) });
  });
});
