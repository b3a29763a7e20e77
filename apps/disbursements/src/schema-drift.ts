import { DataSource } from 'typeorm';
import { readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';

/** Prints the SQL by which entities and migrated database differ, and ends with 1 when they do. */
const { ownerUrl } = readConfig({ ownerUrl: { name: 'MIGRATION_DATABASE_URL' } });
const dataSource = await new DataSource(dataSourceOptions(ownerUrl)).initialize();
try {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  for (const { query } of upQueries) process.stdout.write(`${query};\n`);
  if (upQueries.length > 0) process.exitCode = 1;
} finally {
  await dataSource.destroy();
}
