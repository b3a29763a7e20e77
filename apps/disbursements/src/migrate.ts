import { DataSource } from 'typeorm';
import { admitServiceLogin } from '@ansinh/database';
import { migrateQueues, queueSchema } from '@ansinh/queue';
import { readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';

/**
 * Brings the database to the newest schema, as its owner, and admits the login of the services. A job of its own: services
 * never migrate while they start, and their login could not.
 */
const { ownerUrl, databaseUrl } = readConfig({
  ownerUrl: { name: 'MIGRATION_DATABASE_URL' },
  databaseUrl: { name: 'DATABASE_URL' },
});
const dataSource = new DataSource(dataSourceOptions(ownerUrl));
await dataSource.initialize();
try {
  await dataSource.runMigrations();
  await migrateQueues(ownerUrl);
  await admitServiceLogin(dataSource, decodeURIComponent(new URL(databaseUrl).username), [queueSchema]);
} finally {
  await dataSource.destroy();
}
