import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { throwawayDirectory } from './directories.js';
import { freePort } from './ports.js';
import { startPostgres, type Postgres } from './postgres.js';
import { isAlive } from './process-table.js';

let dataDirectory: string;
const started: Postgres[] = [];

beforeEach(() => {
  dataDirectory = join(throwawayDirectory('postgres-spec'), 'data');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function start(port?: number): Promise<Postgres> {
  const server = await startPostgres({ dataDirectory, port, persistent: true, isDurable: false });
  started.push(server);
  return server;
}

async function query(server: Postgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const refusal = (message: RegExp) => ({
  name: 'FriendlyError',
  text: { en: expect.stringMatching(message) },
});

describe('startPostgres', () => {
  test('keeps what was committed, and leaves no process behind', async () => {
    const first = await start();
    await query(first, `CREATE TABLE place AS SELECT 'Bắc Ninh' AS name`);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    expect(await query(await start(), 'SELECT name FROM place')).toEqual([{ name: 'Bắc Ninh' }]);
  });

  test('comes back after a crash of the server', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE place ()');
    first.kill('SIGKILL');
    await first.stop();
    expect(existsSync(join(dataDirectory, 'postmaster.pid'))).toBe(true);
    expect(await query(await start(), 'SELECT * FROM place')).toEqual([]);
  });

  test('loses its power, and comes back with what was committed and nothing else', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE place (name text)');
    const open = new pg.Client({ connectionString: first.url() });
    open.on('error', () => undefined); // Its end is what this test is about.
    await open.connect();
    await open.query(`BEGIN; INSERT INTO place VALUES ('open')`);
    await query(first, `INSERT INTO place VALUES ('committed')`);
    await first.crash();
    expect(isAlive(first.pid)).toBe(false);
    expect(await query(await start(), 'SELECT name FROM place')).toEqual([{ name: 'committed' }]);
  });

  test('waits for children of a server that has died: two servers on one directory would destroy it', async () => {
    const first = await start();
    const busy = new pg.Client({ connectionString: first.url() });
    busy.on('error', () => undefined); // It loses its server in mid-query.
    await busy.connect();
    const { rows } = await busy.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    // Computing, it does not notice for a while that the main process is gone.
    const working = busy.query('SELECT sum(sqrt(n)) FROM generate_series(1, 6000000) n');
    await new Promise((resolve) => setTimeout(resolve, 200));
    first.kill('SIGKILL');
    await start();
    expect(isAlive(rows[0]!.pid)).toBe(false);
    await working;
  });

  test('is not misled by the process id of a server that is long gone', async () => {
    await (await start()).stop();
    // Our own id: alive, and not a PostgreSQL.
    writeFileSync(join(dataDirectory, 'postmaster.pid'), `${process.pid}\n${dataDirectory}\n`);
    await expect(start()).resolves.toBeDefined();
  });

  test('refuses a directory that is being served', async () => {
    await start();
    await expect(start()).rejects.toMatchObject(refusal(/already runs on this data directory/));
  });

  test('refuses a port in use, and names the variable that chooses another', async () => {
    const port = await freePort();
    await start(port);
    dataDirectory = `${dataDirectory}-other`;
    await expect(start(port)).rejects.toMatchObject(refusal(/Port \d+ .* in use.*POSTGRES_PORT=/));
  });

  test('refuses data of another major version', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDirectory, 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toMatchObject(refusal(/PostgreSQL 15/));
  });

  test('refuses a directory with something else in it', async () => {
    mkdirSync(dataDirectory);
    writeFileSync(join(dataDirectory, 'notes.txt'), '');
    await expect(start()).rejects.toMatchObject(refusal(/not a complete PostgreSQL data directory/));
  });

  test('starts anew over an initdb that was broken off', async () => {
    const draft = join(dataDirectory, '..', '.data-draft-x1y2z3');
    mkdirSync(join(draft, 'data'), { recursive: true });
    writeFileSync(join(draft, 'data/PG_VERSION'), '18\n');
    await expect(start()).resolves.toBeDefined();
    expect(existsSync(draft)).toBe(false);
  });

  test('refuses data whose password is lost', async () => {
    await (await start()).stop();
    rmSync(join(dataDirectory, 'ansinh.password'));
    await expect(start()).rejects.toMatchObject(refusal(/was not made by An Sinh/));
  });
});
