import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connectionLimits, databaseOptions, inTransaction, limitStatement } from '@ansinh/database';
import { createTestDatabase, TcpProxy } from '@ansinh/testing';
import pg from 'pg';
import { DataSource } from 'typeorm';

const statementTimeoutMs = 400;

let url: string;
let proxy: TcpProxy;
let dataSource: DataSource;
beforeAll(async () => {
  ({ url } = await createTestDatabase({ service: 'patient-client', migrate: async () => undefined }));
});
beforeEach(async () => {
  const { hostname, port } = new URL(url);
  proxy = new TcpProxy({ host: hostname, port: Number(port) });
  await proxy.start();
  dataSource = await new DataSource(
    databaseOptions({
      url: proxy.through(url),
      applicationName: 'patient-client-spec',
      entities: [],
      migrations: [],
      poolSize: 1,
      statementTimeoutMs,
    }),
  ).initialize();
});
afterEach(async () => {
  await dataSource.destroy();
  await proxy.stop();
});

const ask = () => dataSource.query('SELECT 1 AS one');
const longest = () => new Promise((resolve) => setTimeout(resolve, statementTimeoutMs * 2));

test('a query is given up when nothing comes back, and the next one has another connection', async () => {
  await ask();
  proxy.fallSilent();
  await expect(ask()).rejects.toThrow(/silent for 500 ms/);
  proxy.clear();
  expect(await ask()).toEqual([{ one: 1 }]);
});

test('so is a whole transaction, with its rollback', async () => {
  const work = inTransaction(dataSource, 'owner', async (tx) => {
    await tx.query('SELECT 1');
    proxy.fallSilent();
    await tx.query('SELECT 2');
  });
  await expect(work).rejects.toThrow(/silent for 500 ms/);
  proxy.clear();
  expect(await ask()).toEqual([{ one: 1 }]);
});

test('a connection that was idle for long is not given up, and falls silent like any other', async () => {
  const [before] = (await dataSource.query('SELECT pg_backend_pid() AS pid')) as { pid: number }[];
  await longest();
  expect(await dataSource.query('SELECT pg_backend_pid() AS pid')).toEqual([before]);
  await longest();
  proxy.fallSilent();
  await expect(ask()).rejects.toThrow(/silent/);
});

test('a statement that was given longer is waited for, until its transaction ends', async () => {
  await inTransaction(dataSource, 'owner', async (tx) => {
    await limitStatement(tx, 30);
    await tx.query('SELECT pg_sleep(1)');
  });
  proxy.fallSilent();
  await expect(ask()).rejects.toThrow(/silent for 500 ms/);
});

test('a statement that takes too long is ended by the server itself', async () => {
  await expect(dataSource.query('SELECT pg_sleep(5)')).rejects.toThrow(/statement timeout/);
});

test('a connection that is lost while nobody uses it does not end the process', async () => {
  const pool = new pg.Pool({
    ...connectionLimits(statementTimeoutMs),
    connectionString: proxy.through(url),
  } as unknown as pg.PoolConfig);
  pool.on('error', () => undefined);
  // As a library does that takes one out and listens to nothing but its queries.
  const taken = await pool.connect();
  proxy.cut();
  await longest();
  await expect(taken.query('SELECT 1')).rejects.toThrow();
  taken.release();
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
