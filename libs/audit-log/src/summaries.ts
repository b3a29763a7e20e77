/** What each operation does, in a few words, for the page on which the interface is browsed. */
export const auditSummaries = {
  listAuditEvents: 'List who did what, newest first',
  proveAuditEvent: 'Get the proof that an event stands in the signed log',
  getAuditLog: 'Get where the audit log stands, and its public keys',
  streamAuditLog: 'Stream the whole audit log',
  listAuditRoots: 'List the signed roots of the days',
};
