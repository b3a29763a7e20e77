import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { RUN_VARIABLE, SERVER_VARIABLE } from './servers.js';

/** A database of one spec file alone. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Drops it, connections or not. Not needed for tidiness, only to give back its disk space early. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Whose schema it is: the template is made once a service and run. */
  service: string;
  /** Brings an empty database to the service's schema; called in one spec file only, the others get a copy. */
  migrate: (url: string) => Promise<void>;
  /** Another server than that of all tests: one that this test may kill. */
  server?: string;
}

/**
 * A fresh database with the service's schema: a copy of a template that the first spec file of the run has made by the
 * service's own migrations. Takes some 50 ms.
 */
export async function createTestDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const prefix = `ansinh_test_${required(RUN_VARIABLE)}_${options.service.replaceAll('-', '_')}`;
  const template = `${prefix}_template`;
  const name = `${prefix}_${randomBytes(4).toString('hex')}`;
  const address = options.server ?? required(SERVER_VARIABLE);
  await onServer(address, async (server) => {
    await ensureTemplate(server, template, (database) => options.migrate(urlOf(address, database)));
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return {
    url: urlOf(address, name),
    name,
    drop: () =>
      onServer(address, async (server) => void (await server.query(`DROP DATABASE ${name} WITH (FORCE)`))),
  };
}

/** Spec files run in several processes at once: an advisory lock lets one of them make the template. */
async function ensureTemplate(
  server: pg.Client,
  template: string,
  migrate: (database: string) => Promise<void>,
): Promise<void> {
  await server.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
  try {
    const found = await server.query<{ datistemplate: boolean }>(
      'SELECT datistemplate FROM pg_database WHERE datname = $1',
      [template],
    );
    if (found.rows[0]?.datistemplate) return;
    // There, but not marked: its migrations failed in another spec file. They fail here again, with their message.
    if (found.rows[0]) await server.query(`DROP DATABASE ${template} WITH (FORCE)`);
    await server.query(`CREATE DATABASE ${template}`);
    await migrate(template);
    await server.query(`ALTER DATABASE ${template} IS_TEMPLATE true`);
  } finally {
    await server.query('SELECT pg_advisory_unlock(hashtext($1))', [template]);
  }
}

async function onServer(address: string, work: (server: pg.Client) => Promise<void>): Promise<void> {
  const server = new pg.Client({ connectionString: address });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value) return value;
  throw new Error(`${variable} is not set: run the spec by Jest with the configuration of the workspace`);
}
