import { randomBytes } from 'node:crypto';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrateDatabase } from '@ansinh/database';
import { createTestDatabase } from './test-database.js';

export interface OwnedDatabase {
  /** As a superuser, above the policies. */
  above: DataSource;
  /** As migrations run: a statement that the policies would keep rows from is refused, and not done in part. */
  migrations: DataSource;
  stop(): Promise<void>;
}

/**
 * A database whose schema is owned by who owns it in production: no superuser, above no policy.
 * @param fresh of the same service: by its migrations the roles of scopes are there, which somebody else than this owner has made
 */
export async function createOwnedDatabase({
  service,
  fresh,
  optionsOf,
  migrateFirst,
  schemas,
}: {
  service: string;
  fresh: () => Promise<{ drop(): Promise<void> }>;
  optionsOf: (url: string) => DataSourceOptions;
  migrateFirst?: (url: string) => Promise<unknown>;
  schemas?: string[];
}): Promise<OwnedDatabase> {
  const owner = { username: `owner_${randomBytes(4).toString('hex')}`, password: 'of-this-spec' };
  const asOwner = (url: string) => Object.assign(new URL(url), owner).toString();
  await (await fresh()).drop();
  const { url, name } = await createTestDatabase({
    service,
    migrate: async (database, serviceUrl) => {
      const server = await new DataSource(optionsOf(database)).initialize();
      await server.query(`CREATE ROLE ${owner.username} LOGIN PASSWORD '${owner.password}'`);
      await server.query(`GRANT ansinh_office, ansinh_system TO ${owner.username} WITH ADMIN OPTION`);
      await server.query(`ALTER DATABASE ${new URL(database).pathname.slice(1)} OWNER TO ${owner.username}`);
      await server.destroy();
      await migrateFirst?.(asOwner(database));
      await migrateDatabase({ options: optionsOf(asOwner(database)), serviceUrl, schemas });
    },
  });
  const above = await new DataSource(optionsOf(url)).initialize();
  // A copy is whose it was, but for the database itself.
  await above.query(`ALTER DATABASE ${name} OWNER TO ${owner.username}`);
  const withoutRows = { ...optionsOf(asOwner(url)), extra: { options: '-c row_security=off' } };
  const migrations = await new DataSource(withoutRows as DataSourceOptions).initialize();
  return {
    above,
    migrations,
    stop: async () => {
      await above.destroy();
      await migrations.destroy();
    },
  };
}
