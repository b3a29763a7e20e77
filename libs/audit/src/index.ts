export { auditTable, recordAudit, recordAuditOfMany, worker } from './audit.js';
export type { AuditEvent, Change } from './audit.js';
export { auditChain, auditUnchain } from './audit-chain-table.js';
export { recordDigests } from './record-digests.js';
