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
