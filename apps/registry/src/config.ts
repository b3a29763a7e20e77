import { openObjectStore } from '@ansinh/object-store';
import { readConfig } from '@ansinh/service';
import type { AttachmentSettings } from './attachment/attachment-files.js';
import { ClamdScanner } from './attachment/clamd-scanner.js';
import { NoScanner } from './attachment/virus-scanner.js';

/** Everything the service reads from the environment, in one place. Amounts of time are milliseconds. */
const settings = {
  databaseUrl: { name: 'DATABASE_URL', pattern: /^postgres(ql)?:\/\// },
  statementTimeoutMs: { name: 'STATEMENT_TIMEOUT_MS', fallback: '30000', pattern: /^[1-9]\d*$/ },
  host: { name: 'HOST', fallback: '127.0.0.1' },
  port: { name: 'PORT', fallback: '4004', pattern: /^\d+$/ },
  issuer: { name: 'OIDC_ISSUER', pattern: /^https?:\/\// },
  sealingKeys: { name: 'SEALING_KEYS' },
  lookupKey: { name: 'LOOKUP_KEY' },
  auditSigningKey: { name: 'AUDIT_SIGNING_KEY', fallback: 'none' },
  auditSigningKeyFile: { name: 'AUDIT_SIGNING_KEY_FILE', fallback: 'none' },
  objectStore: { name: 'OBJECT_STORE', pattern: /^(file:\/\/\/.+|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/ },
  s3Endpoint: { name: 'S3_ENDPOINT', fallback: 'none', pattern: /^(none|https?:\/\/.+)$/ },
  s3Region: { name: 'S3_REGION', fallback: 'us-east-1' },
  s3AccessKeyId: { name: 'S3_ACCESS_KEY_ID', fallback: 'none' },
  s3SecretAccessKey: { name: 'S3_SECRET_ACCESS_KEY', fallback: 'none' },
  attachmentBytesMax: { name: 'ATTACHMENT_BYTES_MAX', fallback: '20971520', pattern: /^[1-9]\d{0,8}$/ },
  importDaysKept: { name: 'IMPORT_DAYS_KEPT', fallback: '30', pattern: /^[1-9]\d{0,3}$/ },
  clamd: { name: 'CLAMD', fallback: 'none', pattern: /^(none|[^:/\s]+:\d{1,5})$/ },
  clamdTimeoutMs: { name: 'CLAMD_TIMEOUT_MS', fallback: '60000', pattern: /^[1-9]\d{0,6}$/ },
};

export type Config = ReturnType<typeof loadConfig>;

/** @throws Error listing every variable that is missing or malformed */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env) {
  const read = readConfig(settings, environment);
  const { objectStore, clamd, port, statementTimeoutMs } = read;
  if (objectStore.startsWith('s3:')) requireBucketAccess(read);
  const attachments: AttachmentSettings = {
    store: openObjectStore(objectStore, {
      endpoint: read.s3Endpoint,
      region: read.s3Region,
      accessKeyId: read.s3AccessKeyId,
      secretAccessKey: read.s3SecretAccessKey,
    }),
    scanner: clamd === 'none' ? new NoScanner() : clamdAt(clamd, Number(read.clamdTimeoutMs)),
    bytesMax: Number(read.attachmentBytesMax),
  };
  const numbers = {
    port: Number(port),
    statementTimeoutMs: Number(statementTimeoutMs),
    importDaysKept: Number(read.importDaysKept),
  };
  return { ...read, ...numbers, attachments };
}

function requireBucketAccess(
  read: Record<'s3Endpoint' | 's3AccessKeyId' | 's3SecretAccessKey', string>,
): void {
  const missing = (['s3Endpoint', 's3AccessKeyId', 's3SecretAccessKey'] as const).filter(
    (key) => read[key] === 'none',
  );
  if (missing.length > 0)
    throw new Error(`Configuration: ${missing.map((key) => `${settings[key].name} is not set`).join('; ')}`);
}

function clamdAt(address: string, timeoutMs: number): ClamdScanner {
  const [host, port] = address.split(':') as [string, string];
  return new ClamdScanner({ host, port: Number(port), timeoutMs });
}
