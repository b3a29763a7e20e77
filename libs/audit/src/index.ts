export { auditTable, recordAudit, recordAuditOfMany, recordAudits, worker } from './audit.js';
export type { AuditEvent, Change } from './audit.js';
export { auditChain, auditUnchain } from './audit-chain-table.js';
export { recordDigests, recordDigestsOfMany } from './record-digests.js';
