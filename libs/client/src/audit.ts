import type { AuditEntry, AuditHead, AuditProof, LogEntry, SignedRoot } from '@ansinh/audit-chain';
import type { Page, PageQuery } from './shapes.js';
import { parseNdjson } from './streams.js';
import { path, type Transport } from './transport.js';

export interface AuditQuery extends PageQuery {
  subject?: string;
  actor?: string;
  verb?: string;
  from?: string;
  to?: string;
}

export interface AuditLog {
  log: string;
  head: AuditHead;
  /** The last day that must have a root. */
  signedUntil: string;
  keys: { fingerprint: string; publicKey: string; since: string }[];
}

export function auditResource(transport: Transport) {
  return {
    /** Newest first. */
    events: (query?: AuditQuery) => transport.get<Page<AuditEntry>>('audit-events', { ...query }),
    /** A file by which a third party sees that the event stands in the signed log. */
    proof: (seq: string) => transport.get<AuditProof>(path`audit-events/${seq}/proof`),
    log: () => transport.get<AuditLog>('audit-log'),
    /** Every event from the first on; of other offices only number and hash. */
    entries: async () =>
      parseNdjson<LogEntry>(
        await transport.stream({ path: 'audit-log/entries', accept: 'application/x-ndjson' }),
      ),
    roots: (query?: PageQuery) => transport.get<Page<SignedRoot>>('audit-roots', { ...query }),
  };
}
