import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FriendlyError } from './friendly-error.js';

/** What a real deployment takes from its key store; named as the environment variables that carry them. */
export interface Secrets {
  /** Numbered AES-256 keys for citizen numbers and accounts, `1:<base64>`. */
  SEALING_KEYS: string;
  /** Key of the keyed hashes by which sealed values are looked up, base64 of 32 bytes. */
  LOOKUP_KEY: string;
  /** What the bank simulator and its client share. */
  BANK_API_TOKEN: string;
  /** Seed of the Ed25519 key that signs the days of the audit log, base64 of 32 bytes. */
  AUDIT_SIGNING_KEY: string;
  /** By which the disbursements ask the issuer for a token to follow the registry. */
  REGISTRY_CLIENT_SECRET: string;
  /** By which the social protection asks for a token to send payment lists. */
  SOCIAL_PROTECTION_CLIENT_SECRET: string;
}

/**
 * The secrets of a state directory, made at the first start and kept with mode 600. The environment comes first.
 * `hasData`: data sealed with lost keys cannot be read again, so new keys are not made for an existing database.
 */
export function loadSecrets(
  file: string,
  hasData: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): Secrets {
  const kept = existsSync(file)
    ? completed(file, JSON.parse(readFileSync(file, 'utf8')) as Secrets)
    : createSecrets(file, hasData);
  return {
    SEALING_KEYS: environment['SEALING_KEYS'] ?? kept.SEALING_KEYS,
    LOOKUP_KEY: environment['LOOKUP_KEY'] ?? kept.LOOKUP_KEY,
    BANK_API_TOKEN: environment['BANK_API_TOKEN'] ?? kept.BANK_API_TOKEN,
    AUDIT_SIGNING_KEY: environment['AUDIT_SIGNING_KEY'] ?? kept.AUDIT_SIGNING_KEY,
    REGISTRY_CLIENT_SECRET: environment['REGISTRY_CLIENT_SECRET'] ?? kept.REGISTRY_CLIENT_SECRET,
    SOCIAL_PROTECTION_CLIENT_SECRET:
      environment['SOCIAL_PROTECTION_CLIENT_SECRET'] ?? kept.SOCIAL_PROTECTION_CLIENT_SECRET,
  };
}

/** A directory of before these were used gets them: nothing hangs on older ones. */
function completed(file: string, kept: Omit<Secrets, keyof ReturnType<typeof laterSecrets>>): Secrets {
  const secrets = { ...laterSecrets(), ...kept };
  if (Object.keys(secrets).length > Object.keys(kept).length) write(file, secrets);
  return secrets;
}

const laterSecrets = () => ({
  AUDIT_SIGNING_KEY: randomBytes(32).toString('base64'),
  REGISTRY_CLIENT_SECRET: randomBytes(32).toString('hex'),
  SOCIAL_PROTECTION_CLIENT_SECRET: randomBytes(32).toString('hex'),
});

function write(file: string, secrets: Secrets): void {
  writeFileSync(file, `${JSON.stringify(secrets, undefined, 2)}\n`, { mode: 0o600 });
}

function createSecrets(file: string, hasData: boolean): Secrets {
  if (hasData) {
    throw new FriendlyError({
      vi: `Thiếu tệp khoá ${file}: không đọc được dữ liệu đã mã hoá. Hãy khôi phục tệp đó, hoặc xoá thư mục chứa nó để bắt đầu lại.`,
      en: `The key file ${file} is missing: the sealed data cannot be read. Restore it, or delete its directory to begin anew.`,
    });
  }
  const secrets: Secrets = {
    SEALING_KEYS: `1:${randomBytes(32).toString('base64')}`,
    LOOKUP_KEY: randomBytes(32).toString('base64'),
    BANK_API_TOKEN: randomBytes(32).toString('hex'),
    ...laterSecrets(),
  };
  write(file, secrets);
  return secrets;
}
