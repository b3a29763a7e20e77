import { databaseOptions } from '@ansinh/database';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { CreateBooks1795500000000 } from './migrations/1795500000000-create-books.js';
import { CreateDocuments1795500100000 } from './migrations/1795500100000-create-documents.js';

/** The bank's database: no entities, because nearly everything it does concerns thousands of rows at once. */
export function bankDatabase(url: string): DataSourceOptions {
  return databaseOptions({
    url,
    applicationName: 'bank-simulator',
    entities: [],
    migrations: [CreateBooks1795500000000, CreateDocuments1795500100000],
  });
}

/** Brings a database to the bank's schema. */
export async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource(bankDatabase(url)).initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}
