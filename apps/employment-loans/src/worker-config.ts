import { readConfig } from '@ansinh/service';

/** What the worker reads from the environment: it knows no issuer. Amounts of time are milliseconds. */
const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  statementTimeoutMs: { name: 'STATEMENT_TIMEOUT_MS', fallback: '30000', pattern: /^[1-9]\d*$/ },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4016', pattern: /^\d+$/ },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
  auditSigningKey: { name: 'AUDIT_SIGNING_KEY', fallback: 'none' },
  auditSigningKeyFile: { name: 'AUDIT_SIGNING_KEY_FILE', fallback: 'none' },
  redisUrl: { name: 'REDIS_URL', fallback: 'none' },
  sweepMs: { name: 'SWEEP_MS', fallback: '2000', pattern: /^[1-9]\d*$/ },
  // 'none' where somebody starts each closing himself.
  closeDays: { name: 'CLOSE_DAYS', fallback: 'daily', pattern: /^(daily|none)$/ },
  // Loans that are closed in one transaction: about a second.
  closingLoans: { name: 'CLOSING_CHUNK_LOANS', fallback: '500', pattern: /^[1-9]\d{0,3}$/ },
};

export const workerConfigToken = Symbol('worker configuration');

export type WorkerConfig = ReturnType<typeof loadWorkerConfig>;

/** @throws Error listing every variable that is missing or malformed */
export function loadWorkerConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(settings, environment);
  return {
    ...read,
    redisUrl: read.redisUrl === 'none' ? null : read.redisUrl,
    port: Number(read.port),
    statementTimeoutMs: Number(read.statementTimeoutMs),
    sweepMs: Number(read.sweepMs),
    closingLoans: Number(read.closingLoans),
    closesDays: read.closeDays === 'daily',
  };
}
