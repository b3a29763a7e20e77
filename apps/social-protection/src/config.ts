import { readConfig } from '@ansinh/service';

/** Everything the service reads from the environment, in one place. Amounts of time are milliseconds. */
export const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  statementTimeoutMs: { name: 'STATEMENT_TIMEOUT_MS', fallback: '30000', pattern: /^[1-9]\d*$/ },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4005', pattern: /^\d+$/ },
  issuer: { name: 'OIDC_ISSUER', pattern: /^https?:\/\// },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
  // Rows of lists that are decided in one transaction, and held in memory; and people of a month, who are not: two seconds each.
  decisionRows: { name: 'DECISION_CHUNK_ROWS', fallback: '20000', pattern: /^[1-9]\d{0,4}$/ },
  decisionPeople: { name: 'DECISION_CHUNK_PEOPLE', fallback: '60000', pattern: /^[1-9]\d{0,4}$/ },
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
    decisionPeople: Number(read.decisionPeople),
  };
}
