export { auditTable, recordAudit } from './audit.js';
export type { AuditEvent } from './audit.js';
