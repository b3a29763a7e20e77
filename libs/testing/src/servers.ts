import { randomBytes } from 'node:crypto';
import {
  dropServiceLogin,
  ensureServiceLogin,
  findRedis,
  startPostgres,
  throwawayDirectory,
} from '@ansinh/embedded';
import pg from 'pg';

/** How the global set-up of Jest tells its worker processes what it has started. */
export const SERVER_VARIABLE = 'ANSINH_TEST_SERVER_URL';
export const SERVICE_VARIABLE = 'ANSINH_TEST_SERVICE_URL';
export const RUN_VARIABLE = 'ANSINH_TEST_RUN';
export const REDIS_VARIABLE = 'ANSINH_TEST_REDIS_URL';
export const REDIS_ABSENT_VARIABLE = 'ANSINH_TEST_REDIS_ABSENT';

/**
 * Starts what all specs of one Jest run share: a PostgreSQL server (or takes that of DATABASE_URL) and, where there is
 * one, a Redis. Returns what ends it. Every database of the run carries its number, so that two runs on one server
 * do not meet.
 */
export async function startTestServers(): Promise<() => Promise<void>> {
  const run = randomBytes(4).toString('hex');
  process.env[RUN_VARIABLE] = run;
  const stopDatabase = process.env['DATABASE_URL']
    ? useServer(process.env['DATABASE_URL'], run)
    : await startServer();
  process.env[SERVICE_VARIABLE] = await ensureServiceLogin(process.env[SERVER_VARIABLE]!, loginOf(run));
  const redis = await findRedis();
  if (redis) process.env[REDIS_VARIABLE] = redis.url;
  else process.env[REDIS_ABSENT_VARIABLE] = 'no REDIS_URL and no redis-server on the PATH';
  return async () => {
    await redis?.stop();
    await stopDatabase();
  };
}

const loginOf = (run: string) => `ansinh_test_${run}`;

async function startServer(): Promise<() => Promise<void>> {
  const dataDirectory = `${throwawayDirectory('test')}/data`;
  const postgres = await startPostgres({ dataDirectory, persistent: false, isDurable: false });
  process.env[SERVER_VARIABLE] = postgres.url();
  return () => postgres.stop();
}

/** An existing server is left as it was found, but for the roles of all services: the databases of this run are dropped. */
function useServer(url: string, run: string): () => Promise<void> {
  process.env[SERVER_VARIABLE] = url;
  return async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const names = await client.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`,
      [`ansinh_test_${run}_`],
    );
    for (const name of names.rows.map(({ datname }) => client.escapeIdentifier(datname))) {
      await client.query(`ALTER DATABASE ${name} IS_TEMPLATE false`);
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
    await client.end();
    await dropServiceLogin(url, loginOf(run));
  };
}
