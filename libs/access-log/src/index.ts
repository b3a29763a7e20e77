export { AccessLogController } from './access-log.controller.js';
export { AccessLogService, recordAccess, requirePurpose } from './access-log.service.js';
export { accessLogTable } from './access-log-table.js';
export type { AccessView } from './access-log.dto.js';
export { CurrentReader, PurposeApi } from './access-purpose.js';
export type { AccessPurpose, Reader } from './access-purpose.js';
