import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { netstrings, sha256 } from './audit-entry.js';

/** What is signed for one day of Viet Nam: all its events, and through the chain all that came before. */
export interface AuditRootStatement {
  /** Which log, so that the root of one service does not pass for another's. */
  log: string;
  /** `2026-11-24`. Every day has a root, from that of the first event on, also one without events. */
  day: string;
  /** Number of the day's first event; of the next event that will be, where the day has none. */
  firstSeq: string;
  events: number;
  /** Merkle tree hash over the hashes of the day's events. */
  treeRoot: string;
  /** Hash of the last event up to the end of the day. */
  chainHash: string;
  /** {@link hashOfRoot} of the day before; 64 zeros for the first. */
  previousRoot: string;
  /** {@link fingerprintOf} the public key. */
  keyFingerprint: string;
}

export interface SignedRoot extends AuditRootStatement {
  /** Ed25519 over {@link contentOfRoot}, base64. */
  signature: string;
}

/** The text that is signed. */
function contentOfRoot(root: AuditRootStatement): string {
  return netstrings([
    'ansinh-audit-root-1',
    root.log,
    root.day,
    root.firstSeq,
    String(root.events),
    root.treeRoot,
    root.chainHash,
    root.previousRoot,
    root.keyFingerprint,
  ]);
}

/** What binds the next day to this one. */
export function hashOfRoot(root: AuditRootStatement): string {
  return sha256(contentOfRoot(root));
}

/** Signs days. The one place where the private key is. */
export class RootSigner {
  readonly publicKey: string;
  readonly fingerprint: string;

  constructor(private readonly key: KeyObject) {
    this.publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;
    this.fingerprint = fingerprintOf(this.publicKey);
  }

  sign(statement: Omit<AuditRootStatement, 'keyFingerprint'>): SignedRoot {
    const root = { ...statement, keyFingerprint: this.fingerprint };
    return { ...root, signature: sign(null, Buffer.from(contentOfRoot(root)), this.key).toString('base64') };
  }
}

/** Whether the holder of this key has signed the root. */
export function isSigned(root: SignedRoot, publicKey: string): boolean {
  if (root.keyFingerprint !== fingerprintOf(publicKey)) return false;
  return verify(null, Buffer.from(contentOfRoot(root)), publicKey, Buffer.from(root.signature, 'base64'));
}

/** SHA-256 of the key as DER (SPKI), hex: `openssl pkey -pubin -outform DER | sha256sum`. @throws on what is no key */
export function fingerprintOf(publicKey: string): string {
  const key = createPublicKey(publicKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410 §7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * @param text a private key as PEM, or its seed: 32 bytes as base64
 * @throws Error that does not repeat the text
 */
export function readSigningKey(text: string): KeyObject {
  const key = text.includes('-----BEGIN') ? fromPem(text) : fromSeed(text);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new Error('AUDIT_SIGNING_KEY: expected an Ed25519 private key as PEM, or base64 of 32 bytes');
}

function fromPem(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    // The caller says what was expected: OpenSSL's reason may quote what it read.
    return null;
  }
}

function fromSeed(text: string): KeyObject | null {
  const seed = Buffer.from(text.trim(), 'base64');
  if (seed.length !== 32 || seed.toString('base64') !== text.trim()) return null;
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
}

/** Begin and end of a day in Viet Nam, as entries write instants. It has kept UTC+7 without daylight saving since 1975. */
export function boundsOfDay(day: string): { from: string; to: string } {
  const from = Date.parse(`${day}T00:00:00+07:00`);
  const written = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/Z$/, '000Z');
  return { from: written(from), to: written(from + 86_400_000) };
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
