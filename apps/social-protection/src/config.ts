import { readConfig } from '@ansinh/service';

/** Everything the service reads from the environment, in one place. Amounts of time are milliseconds. */
const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  statementTimeoutMs: { name: 'STATEMENT_TIMEOUT_MS', fallback: '30000', pattern: /^[1-9]\d*$/ },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4005', pattern: /^\d+$/ },
  issuer: { name: 'OIDC_ISSUER', pattern: /^https?:\/\// },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
  // Rows that are decided in one transaction: about a second.
  decisionRows: { name: 'DECISION_CHUNK_ROWS', fallback: '5000', pattern: /^[1-9]\d{0,4}$/ },
};

/** What the worker needs besides: where it sends payment lists, and as whom. */
const workerSettings = {
  ...settings,
  port: { name: 'PORT', fallback: '4015', pattern: /^\d+$/ },
  disbursementsUrl: { name: 'DISBURSEMENTS_URL', pattern: /^https?:\/\// },
  clientId: { name: 'CLIENT_ID', fallback: 'social-protection' },
  clientSecret: { name: 'SOCIAL_PROTECTION_CLIENT_SECRET' },
};

export const configToken = Symbol('configuration');

export type Config = ReturnType<typeof loadConfig>;

/** @throws Error listing every variable that is missing or malformed */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(settings, environment);
  return {
    ...read,
    port: Number(read.port),
    statementTimeoutMs: Number(read.statementTimeoutMs),
    decisionRows: Number(read.decisionRows),
  };
}

export type WorkerConfig = ReturnType<typeof loadWorkerConfig>;

/** @throws Error listing every variable that is missing or malformed */
export function loadWorkerConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(workerSettings, environment);
  return { ...read, port: Number(read.port), statementTimeoutMs: Number(read.statementTimeoutMs) };
}
