import type { DataSourceOptions } from 'typeorm';
import { databaseOptions } from '@ansinh/database';
import { CreateGuards1796000000000 } from './migrations/1796000000000-create-guards.js';
import { CreateDossiers1796000500000 } from './migrations/1796000500000-create-dossiers.js';

export function dataSourceOptions(url: string, statementTimeoutMs?: number): DataSourceOptions {
  return databaseOptions({
    url,
    statementTimeoutMs,
    applicationName: 'ansinh-registry',
    entities: [],
    migrations: [CreateGuards1796000000000, CreateDossiers1796000500000],
  });
}
