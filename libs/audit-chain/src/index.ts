export { hashOfEntry, noHash } from './audit-entry.js';
export type { AuditEntry } from './audit-entry.js';
export { faultOfProof } from './audit-proof.js';
export type { AuditProof, ProofFault } from './audit-proof.js';
export {
  boundsOfDay,
  dayAfter,
  fingerprintOf,
  hashOfRoot,
  readSigningKey,
  RootSigner,
} from './audit-root.js';
export type { AuditRootStatement, SignedRoot } from './audit-root.js';
export type { AuditHead, HiddenEntry, LogEntry } from './chain-verifier.js';
export type { AuditFinding } from './finding.js';
export { branchesBeside, TreeHasher } from './merkle-tree.js';
export { verifyLog } from './verify-log.js';
export type { Verified } from './verify-log.js';
