import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  databaseUrl,
  ensureServiceLogin,
  lastLines,
  runToEnd,
  startPostgres,
  throwawayDirectory,
} from '@ansinh/embedded';
import pg from 'pg';
import { runCommand, WORKSPACE } from './command.js';

const ownerName = 'migrations_owner';

/**
 * Services with a database. Where entities describe it, `schema-drift.js` prints the SQL that migrations lack. Where people
 * are protected in it, its owner is another than the login of the service.
 */
const SERVICES = [
  { app: 'disbursements', hasEntities: true, hasServiceLogin: true },
  { app: 'registry', hasEntities: false, hasServiceLogin: true },
  { app: 'social-protection', hasEntities: false, hasServiceLogin: true },
  { app: 'employment-loans', hasEntities: false, hasServiceLogin: true },
  { app: 'bank-simulator', hasEntities: false, hasServiceLogin: false },
];

// For each service: the migrations run on an empty database, run again without harm, and leave exactly the schema that
// its entities describe. Their owner is no superuser, as in production, where somebody else has made the roles of scopes.
await runCommand(async (signal) => {
  const directory = throwawayDirectory('migrations');
  const postgres = await startPostgres({
    dataDirectory: join(directory, 'data'),
    persistent: false,
    isDurable: false,
  });
  try {
    const login = await ensureServiceLogin(postgres.url(), 'migrations');
    const owner = await ensureOwner(postgres.url());
    for (const { app, hasEntities, hasServiceLogin } of SERVICES) {
      const database = `migrations_${app.replaceAll('-', '_')}`;
      await onServer(postgres.url(), `CREATE DATABASE ${database} OWNER ${ownerName}`);
      const ownerUrl = databaseUrl(owner, database);
      const urls: Record<string, string> = hasServiceLogin
        ? { MIGRATION_DATABASE_URL: ownerUrl, DATABASE_URL: databaseUrl(login, database) }
        : { DATABASE_URL: ownerUrl };
      const scripts = ['migrate.js', 'migrate.js', ...(hasEntities ? ['schema-drift.js'] : [])];
      for (const name of scripts) {
        await runScript({ app, name, urls, directory, signal });
      }
      process.stdout.write(`${app}: ok\n`);
    }
    return 0;
  } finally {
    await postgres.stop();
  }
});

async function runScript(run: {
  app: string;
  name: string;
  urls: Record<string, string>;
  directory: string;
  signal: AbortSignal;
}): Promise<void> {
  const script = join(WORKSPACE, 'apps', run.app, 'dist', run.name);
  if (!existsSync(script)) throw new Error(`${script} is not there`);
  const logFile = join(run.directory, `${run.app}-${run.name}.log`);
  await runToEnd({
    name: `${run.app}/${run.name}`,
    script,
    environment: { PATH: process.env['PATH'], ...run.urls, BANK_API_TOKEN: 'unused' },
    logFile,
    signal: run.signal,
  });
  process.stdout.write(lastLines(logFile, 50));
}

/** @returns its address */
async function ensureOwner(url: string): Promise<string> {
  const owner = new URL(url);
  [owner.username, owner.password] = [ownerName, 'of-this-run'];
  await onServer(
    url,
    `CREATE ROLE ansinh_office NOLOGIN; CREATE ROLE ansinh_system NOLOGIN BYPASSRLS;
     CREATE ROLE ${ownerName} LOGIN PASSWORD '${owner.password}';
     GRANT ansinh_office, ansinh_system TO ${ownerName} WITH ADMIN OPTION`,
  );
  return owner.toString();
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}
