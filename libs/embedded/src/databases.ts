import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { FriendlyError } from './friendly-error.js';

/** Creates the databases that are not there yet on the server of `url`, and returns their addresses in that order. */
export async function ensureDatabases(url: string, names: readonly string[]): Promise<string[]> {
  await onServer(url, async (server) => {
    for (const name of names) {
      const found = await server.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (found.rowCount === 0)
        await server.query(`CREATE DATABASE ${server.escapeIdentifier(name)} ENCODING 'UTF8'`);
    }
  });
  return names.map((name) => databaseUrl(url, name));
}

/** Drops databases that were made for one run on somebody else's server. */
export async function dropDatabases(url: string, names: readonly string[]): Promise<void> {
  await onServer(url, async (server) => {
    for (const name of names) {
      await server.query(`DROP DATABASE IF EXISTS ${server.escapeIdentifier(name)} WITH (FORCE)`);
    }
  });
}

/**
 * A login without rights of its own on the server of `url`, for services; the migrations admit it to their database. It
 * gets another password each time. @returns its address on that server
 */
export async function ensureServiceLogin(url: string, name: string): Promise<string> {
  const password = randomBytes(24).toString('hex');
  await onServer(url, async (server) => {
    const login = server.escapeIdentifier(name);
    const found = await server.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    if (found.rowCount === 0) await server.query(`CREATE ROLE ${login}`);
    await server.query(`ALTER ROLE ${login} LOGIN NOINHERIT PASSWORD '${password}'`);
  });
  const service = new URL(url);
  service.username = name;
  service.password = password;
  return service.toString();
}

/** Drops a login that was made for one run, after its databases. */
export async function dropServiceLogin(url: string, name: string): Promise<void> {
  await onServer(url, async (server) => {
    await server.query(`DROP ROLE IF EXISTS ${server.escapeIdentifier(name)}`);
  });
}

/** The same server and account, another database. */
export function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.toString();
}

async function onServer(url: string, work: (server: pg.Client) => Promise<void>): Promise<void> {
  let server: pg.Client | undefined;
  try {
    server = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    await server.connect();
    await work(server);
  } catch (error) {
    const reason = (error as Error).message || (error as { code?: string }).code || 'no answer';
    throw new FriendlyError(
      {
        vi: `Không dùng được máy chủ cơ sở dữ liệu của DATABASE_URL: ${reason}`,
        en: `The database server of DATABASE_URL cannot be used: ${reason}`,
      },
      { cause: error },
    );
  } finally {
    await server?.end();
  }
}
