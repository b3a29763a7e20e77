import { migrateDatabase } from '@ansinh/database';
import { migrateQueues, queueSchema } from '@ansinh/queue';
import { readConfig } from '@ansinh/service';
import { dataSourceOptions } from './data-source.js';

const { ownerUrl, serviceUrl } = readConfig({
  ownerUrl: { name: 'MIGRATION_DATABASE_URL' },
  serviceUrl: { name: 'DATABASE_URL' },
});
await migrateQueues(ownerUrl);
await migrateDatabase({ options: dataSourceOptions(ownerUrl), serviceUrl, schemas: [queueSchema] });
