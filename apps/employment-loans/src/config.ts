import { readConfig } from '@ansinh/service';

/** Everything the service reads from the environment, in one place. Amounts of time are milliseconds. */
const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  statementTimeoutMs: { name: 'STATEMENT_TIMEOUT_MS', fallback: '30000', pattern: /^[1-9]\d*$/ },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4006', pattern: /^\d+$/ },
  issuer: { name: 'OIDC_ISSUER', pattern: /^https?:\/\// },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
  // Without it lists of disbursements wait.
  disbursementsUrl: { name: 'DISBURSEMENTS_URL', fallback: 'none', pattern: /^(none|https?:\/\/.*)$/ },
  // Without it use checks that name workers wait.
  registryUrl: { name: 'REGISTRY_URL', fallback: 'none', pattern: /^(none|https?:\/\/.*)$/ },
  clientId: { name: 'CLIENT_ID', fallback: 'employment-loans' },
  clientSecret: { name: 'EMPLOYMENT_LOANS_CLIENT_SECRET', fallback: 'none' },
};

export type Config = ReturnType<typeof loadConfig>;

/** @throws Error listing every variable that is missing or malformed */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(settings, environment);
  const { disbursementsUrl, registryUrl, clientId, clientSecret } = read;
  if ((disbursementsUrl !== 'none' || registryUrl !== 'none') && clientSecret === 'none')
    throw new Error(`Configuration: ${settings.clientSecret.name} is not set`);
  return {
    ...read,
    port: Number(read.port),
    statementTimeoutMs: Number(read.statementTimeoutMs),
    access: { issuer: read.issuer, clientId, clientSecret },
    disbursementsUrl: disbursementsUrl === 'none' ? null : disbursementsUrl,
    registryUrl: registryUrl === 'none' ? null : registryUrl,
  };
}
