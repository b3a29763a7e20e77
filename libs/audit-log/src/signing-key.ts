import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readSigningKey } from '@ansinh/audit-chain';

/** As a worker reads them from its environment: the key, or the file that has it; `none` where it is not given. */
interface SigningSettings {
  auditSigningKey: string;
  auditSigningKeyFile: string;
}

/**
 * The key by which a worker signs the days of the audit log. The API has none: it serves the public halves.
 * @throws Error when there is none, or it has a wrong form; never with its value
 */
export function signingKeyOf({ auditSigningKey, auditSigningKeyFile }: SigningSettings): KeyObject {
  if (auditSigningKey !== 'none') return readSigningKey(auditSigningKey);
  if (auditSigningKeyFile !== 'none') return readSigningKey(readFileSync(auditSigningKeyFile, 'utf8'));
  throw new Error('Configuration: AUDIT_SIGNING_KEY is not set, nor AUDIT_SIGNING_KEY_FILE');
}
