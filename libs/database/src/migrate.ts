import { DataSource, type DataSourceOptions } from 'typeorm';
import { admitServiceLogin } from './service-login.js';

interface Migration {
  /** Of the service's database, as its owner. */
  options: DataSourceOptions;
  /** `DATABASE_URL`: the login in it is admitted. */
  serviceUrl: string;
  /** Schemas besides its own in which the login works, e.g. the queue's. */
  schemas?: string[];
}

/**
 * Brings the database to the newest schema, as its owner, and admits the login of the service. A job of its own: services
 * never migrate while they start, and their login could not. A statement that the policies would keep rows from is refused: the owner
 * sees none of people, and would change nothing without a word.
 */
export async function migrateDatabase({ options, serviceUrl, schemas = [] }: Migration): Promise<void> {
  const extra = { ...(options.extra as object), options: '-c row_security=off' };
  await withDataSource({ ...options, extra }, async (dataSource) => {
    await dataSource.runMigrations();
    await admitServiceLogin(dataSource, decodeURIComponent(new URL(serviceUrl).username), schemas);
  });
}

/** The SQL by which entities and migrated database differ: empty where the migrations are complete. */
export async function schemaDrift(options: DataSourceOptions): Promise<string[]> {
  return withDataSource(options, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => `${query};\n`);
  });
}

async function withDataSource<T>(
  options: DataSourceOptions,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = await new DataSource(options).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
