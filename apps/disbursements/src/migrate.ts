import { DataSource } from 'typeorm';
import { readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';

/** Brings the database to the newest schema. A job of its own: services never migrate while they start. */
const { databaseUrl } = readConfig({ databaseUrl: { name: 'DATABASE_URL' } });
const dataSource = new DataSource(dataSourceOptions(databaseUrl));
await dataSource.initialize();
try {
  await dataSource.runMigrations();
} finally {
  await dataSource.destroy();
}
