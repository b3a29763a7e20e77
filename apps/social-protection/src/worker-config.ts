import { readConfig } from '@ansinh/service';
import { settings } from './config.js';

/** What the worker needs besides: where it sends payment lists and what reviews found, whom it follows, and as whom; and by what it signs. */
const workerSettings = {
  ...settings,
  port: { name: 'PORT', fallback: '4015', pattern: /^\d+$/ },
  disbursementsUrl: { name: 'DISBURSEMENTS_URL', pattern: /^https?:\/\// },
  registryUrl: { name: 'REGISTRY_URL', fallback: 'none', pattern: /^(none|https?:\/\/.*)$/ },
  cellDaysKept: { name: 'FLAWED_LIST_DAYS_KEPT', fallback: '90', pattern: /^[1-9]\d{0,3}$/ },
  registryMs: { name: 'REGISTRY_MS', fallback: '1000', pattern: /^[1-9]\d*$/ },
  clientId: { name: 'CLIENT_ID', fallback: 'social-protection' },
  clientSecret: { name: 'SOCIAL_PROTECTION_CLIENT_SECRET' },
  auditSigningKey: { name: 'AUDIT_SIGNING_KEY', fallback: 'none' },
  auditSigningKeyFile: { name: 'AUDIT_SIGNING_KEY_FILE', fallback: 'none' },
};

export type WorkerConfig = ReturnType<typeof loadWorkerConfig>;

/** @throws Error listing every variable that is missing or malformed */
export function loadWorkerConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(workerSettings, environment);
  return {
    ...read,
    port: Number(read.port),
    statementTimeoutMs: Number(read.statementTimeoutMs),
    cellDaysKept: Number(read.cellDaysKept),
    /** Without one no review is told, and nobody hears who died or moved. */
    registryUrl: read.registryUrl === 'none' ? null : read.registryUrl,
    registryMs: Number(read.registryMs),
    /** The registry is followed by the same client that tells it of reviews. */
    registryClientId: read.clientId,
    registryClientSecret: read.clientSecret,
  };
}
