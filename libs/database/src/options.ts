import type { DataSourceOptions, MixedList } from 'typeorm';
import { isTracing } from '@ansinh/telemetry';
import { PatientClient } from './patient-client.js';
import { serviceDriver } from './service-pool.js';
import { StatementSpans } from './statement-spans.js';

type EntityClass = new () => object;

interface ServiceDatabase {
  url: string;
  applicationName: string;
  entities: EntityClass[];
  migrations: MixedList<new () => { up: unknown; down: unknown }>;
  poolSize?: number;
  /** How long a statement may take, unless its transaction was given longer by `limitStatement`. */
  statementTimeoutMs?: number;
}

/** What keeps a connection from waiting for ever: for a server that is gone, for a network that swallows everything. */
export function connectionLimits(statementTimeoutMs: number) {
  return {
    Client: PatientClient,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    // A process that froze, or a machine that vanished, in mid-transaction: its locks must not outlive its leases.
    idle_in_transaction_session_timeout: statementTimeoutMs / 2,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** Options of a service's own database. The schema is made by migrations alone; `synchronize` is used nowhere. */
export function databaseOptions(database: ServiceDatabase): DataSourceOptions {
  return {
    type: 'postgres',
    driver: serviceDriver,
    url: database.url,
    applicationName: database.applicationName,
    entities: database.entities,
    migrations: database.migrations as never,
    subscribers: isTracing() ? [StatementSpans] : [],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize: database.poolSize ?? 10,
    useUTC: true,
    extra: { ...connectionLimits(database.statementTimeoutMs ?? 30_000), options: '-c TimeZone=UTC' },
  } as DataSourceOptions;
}
