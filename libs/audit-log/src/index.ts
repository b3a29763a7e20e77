export { AuditController } from './audit.controller.js';
export type { AuditEventPage, AuditLogView, AuditProofView } from './audit.dto.js';
export { auditLogName } from './audit-rows.js';
export { AuditService } from './audit.service.js';
export { DayCloser, rootSigner } from './day-closer.js';
export { signingKeyOf } from './signing-key.js';
export { auditSummaries } from './summaries.js';
