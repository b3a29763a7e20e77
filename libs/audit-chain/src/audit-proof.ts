import { type AuditEntry, hashOfEntry } from './audit-entry.js';
import { boundsOfDay, fingerprintOf, isSigned, type SignedRoot } from './audit-root.js';
import { rootFromPath } from './merkle-tree.js';

/** Everything by which a third party sees that an event stands in the log, with the public key and nothing else. */
export interface AuditProof {
  format: 'ansinh-audit-proof-1';
  event: AuditEntry;
  /** Hashes beside the way from the event to the day's root, the nearest first. */
  path: string[];
  root: SignedRoot;
}

/** What a proof fails by, in the order in which it is looked for. */
export type ProofFault = 'FORMAT' | 'OTHER_KEY' | 'SIGNATURE' | 'EVENT' | 'DAY' | 'PATH';

/** Null: the event was in the log when the holder of this key signed its day. */
export function faultOfProof(proof: unknown, publicKey: string): ProofFault | null {
  if (!isProof(proof)) return 'FORMAT';
  const { event, path, root } = proof;
  if (root.keyFingerprint !== fingerprintOf(publicKey)) return 'OTHER_KEY';
  if (!isSigned(root, publicKey)) return 'SIGNATURE';
  if (hashOfEntry(event) !== event.hash) return 'EVENT';
  const { from, to } = boundsOfDay(root.day);
  if (event.at < from || event.at >= to) return 'DAY';
  const index = Number(BigInt(event.seq) - BigInt(root.firstSeq));
  return rootFromPath(event.hash, index, root.events, path) === root.treeRoot ? null : 'PATH';
}

const hashForm = /^[0-9a-f]{64}$/;
const isHash = (value: unknown) => typeof value === 'string' && hashForm.test(value);
const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'string' && /^[1-9]\d{0,17}$/.test(value);

const eventFields: Record<keyof AuditEntry, (value: unknown) => boolean> = {
  seq: isNumber,
  at: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value),
  actorId: isText,
  actorName: isText,
  office: isText,
  verb: isText,
  subject: isText,
  requestId: isText,
  before: (value) => value === null || isHash(value),
  after: (value) => value === null || isHash(value),
  facts: isText,
  previousHash: isHash,
  hash: isHash,
};

const rootFields: Record<keyof SignedRoot, (value: unknown) => boolean> = {
  log: isText,
  day: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)),
  firstSeq: isNumber,
  events: (value) => Number.isSafeInteger(value),
  treeRoot: isHash,
  chainHash: isHash,
  previousRoot: isHash,
  keyFingerprint: isHash,
  signature: isText,
};

/** The file comes from anybody: a proof is what has every field, of its kind, and nothing that would be read otherwise. */
function isProof(value: unknown): value is AuditProof {
  const { format, event, path, root } = (value ?? {}) as Record<string, unknown>;
  return (
    format === 'ansinh-audit-proof-1' &&
    hasFields(event, eventFields) &&
    hasFields(root, rootFields) &&
    Array.isArray(path) &&
    path.every(isHash)
  );
}

function hasFields(value: unknown, fields: Record<string, (value: unknown) => boolean>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Record<string, unknown>;
  return Object.entries(fields).every(([name, isRight]) => isRight(found[name]));
}
