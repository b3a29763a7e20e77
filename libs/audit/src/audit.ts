import type { Transaction } from '@ansinh/database';

/** One thing that was done: who did what to which record, for which office. */
export interface AuditEvent {
  actorId: string;
  actorName: string;
  office: string;
  /** e.g. `batch.approve` */
  verb: string;
  /** Kind and key of the record, e.g. `batch/LO-00000042`. */
  subject: string;
  requestId: string;
  /** What a reader needs to understand the row; no citizen number, no account. */
  facts?: Record<string, unknown>;
}

/** Writes the audit row in the transaction of its effect: one is never there without the other. */
export async function recordAudit(tx: Transaction, event: AuditEvent): Promise<void> {
  await tx.query(
    `INSERT INTO audit_event (actor_id, actor_name, office, verb, subject, request_id, facts)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      event.actorId,
      event.actorName,
      event.office,
      event.verb,
      event.subject,
      event.requestId,
      JSON.stringify(event.facts ?? {}),
    ],
  );
}

/** DDL of the log, for a service's migration. The trigger function `refuse_change()` must exist. */
export const auditTable = `
CREATE TABLE audit_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  office text NOT NULL,
  verb text NOT NULL,
  subject text NOT NULL,
  request_id text NOT NULL,
  facts jsonb NOT NULL
);
CREATE INDEX audit_event_subject ON audit_event (subject, id);
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
