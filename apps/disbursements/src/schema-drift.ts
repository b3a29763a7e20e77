import { schemaDrift } from '@ansinh/database';
import { readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';

/** Prints the SQL by which entities and migrated database differ, and ends with 1 when they do. */
const { ownerUrl } = readConfig({ ownerUrl: { name: 'MIGRATION_DATABASE_URL' } });
const missing = await schemaDrift(dataSourceOptions(ownerUrl));
process.stdout.write(missing.join(''));
if (missing.length > 0) process.exitCode = 1;
