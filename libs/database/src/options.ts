import type { DataSourceOptions, MixedList } from 'typeorm';
import { isTracing } from '@ansinh/telemetry';
import { StatementSpans } from './statement-spans.js';

type EntityClass = new () => object;

interface ServiceDatabase {
  url: string;
  applicationName: string;
  entities: EntityClass[];
  migrations: MixedList<new () => { up: unknown; down: unknown }>;
  poolSize?: number;
}

/** Options of a service's own database. The schema is made by migrations alone; `synchronize` is used nowhere. */
export function databaseOptions(database: ServiceDatabase): DataSourceOptions {
  return {
    type: 'postgres',
    url: database.url,
    applicationName: database.applicationName,
    entities: database.entities,
    migrations: database.migrations as never,
    subscribers: isTracing() ? [StatementSpans] : [],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize: database.poolSize ?? 10,
    useUTC: true,
    extra: {
      connectionTimeoutMillis: 10_000,
      statement_timeout: 30_000,
      // A process that froze, or a machine that vanished, in mid-transaction: its locks must not outlive its leases.
      idle_in_transaction_session_timeout: 15_000,
      options: '-c TimeZone=UTC',
    },
  } as DataSourceOptions;
}
