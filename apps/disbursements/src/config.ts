import { readConfig } from '@ansinh/service';

const positive = /^[1-9]\d*$/;

/** Everything the API and the worker read from the environment, in one place. Amounts of time are milliseconds. */
const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  statementTimeoutMs: { name: 'STATEMENT_TIMEOUT_MS', fallback: '30000', pattern: positive },
  redisUrl: { name: 'REDIS_URL', fallback: 'none' },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4001', pattern: /^\d+$/ },
  issuer: { name: 'OIDC_ISSUER', pattern: /^https?:\/\// },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
  auditSigningKey: { name: 'AUDIT_SIGNING_KEY', fallback: 'none' },
  auditSigningKeyFile: { name: 'AUDIT_SIGNING_KEY_FILE', fallback: 'none' },
  bankUrl: { name: 'BANK_URL', pattern: /^https?:\/\// },
  bankToken: { name: 'BANK_API_TOKEN' },
  bankProfiles: { name: 'BANK_PROFILES', fallback: 'product' },
  bankTimeoutMs: { name: 'BANK_TIMEOUT_MS', fallback: '10000', pattern: positive },
  bankDocumentTimeoutMs: { name: 'BANK_DOCUMENT_TIMEOUT_MS', fallback: '600000', pattern: positive },
  chunkPayments: { name: 'CHUNK_PAYMENTS', fallback: '5000', pattern: positive },
  chunkLeaseMs: { name: 'CHUNK_LEASE_MS', fallback: '30000', pattern: positive },
  chunkAttemptsMax: { name: 'CHUNK_ATTEMPTS_MAX', fallback: '10', pattern: positive },
  chunkBackoffMs: { name: 'CHUNK_BACKOFF_MS', fallback: '500', pattern: positive },
  sweepMs: { name: 'SWEEP_MS', fallback: '2000', pattern: positive },
  collectMs: { name: 'COLLECT_MS', fallback: '500', pattern: positive },
  registryUrl: { name: 'REGISTRY_URL', fallback: 'none', pattern: /^(none|https?:\/\/.*)$/ },
  registryClientId: { name: 'REGISTRY_CLIENT_ID', fallback: 'disbursements' },
  registryClientSecret: { name: 'REGISTRY_CLIENT_SECRET', fallback: 'none' },
  registryMs: { name: 'REGISTRY_MS', fallback: '1000', pattern: positive },
};

export type Config = ReturnType<typeof loadConfig>;

export const configToken = Symbol('config');

/** @throws Error listing every variable that is missing or malformed */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(settings, environment);
  return {
    ...read,
    redisUrl: read.redisUrl === 'none' ? null : read.redisUrl,
    /** Path of a file of bank profiles; null: the one that comes with the product. */
    bankProfiles: read.bankProfiles === 'product' ? null : read.bankProfiles,
    port: Number(read.port),
    statementTimeoutMs: Number(read.statementTimeoutMs),
    bankTimeoutMs: Number(read.bankTimeoutMs),
    bankDocumentTimeoutMs: Number(read.bankDocumentTimeoutMs),
    chunkPayments: Number(read.chunkPayments),
    chunkLeaseMs: Number(read.chunkLeaseMs),
    chunkAttemptsMax: Number(read.chunkAttemptsMax),
    chunkBackoffMs: Number(read.chunkBackoffMs),
    sweepMs: Number(read.sweepMs),
    collectMs: Number(read.collectMs),
    /** Null: there is none, and every check says so. */
    registryUrl: read.registryUrl === 'none' ? null : read.registryUrl,
    registryClientSecret: read.registryClientSecret === 'none' ? null : read.registryClientSecret,
    registryMs: Number(read.registryMs),
  };
}
