import type { Transaction } from '@ansinh/database';

/** What was done to which record. */
export interface Change {
  /** Kind and key of the record, e.g. `batch/LO-00000042`. */
  subject: string;
  /** SHA-256 of the record as it was before, hex; null for one that was not there. */
  before: string | null;
  /** The same after; null where no record of ours was touched. */
  after: string | null;
}

/** One thing that was done: who did what to which record, for which office. */
export interface AuditEvent extends Change {
  actorId: string;
  actorName: string;
  office: string;
  /** e.g. `batch.approve` */
  verb: string;
  requestId: string;
  /** What a reader needs to understand the row; no citizen number, no account. */
  facts?: Record<string, unknown>;
}

/** Who did what nobody asked for at that moment: a check that was due, a message that was sent, a statement that came. */
export const worker = { actorId: 'system', actorName: 'ansinh worker' };

/**
 * Writes the event in the transaction of its effect: one is never there without the other. The database gives it its
 * number, instant and hash, under the lock of the chain's head, which is held to the commit. So this is the last
 * statement of a transaction: whoever locks something after it waits with the whole service behind him.
 * Lock order: batch, fund, chunk, audit head.
 */
export async function recordAudit(tx: Transaction, event: AuditEvent): Promise<void> {
  await tx.query(
    `INSERT INTO audit_event (actor_id, actor_name, office, verb, subject, request_id, before_digest, after_digest, facts)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      event.actorId,
      event.actorName,
      event.office,
      event.verb,
      event.subject,
      event.requestId,
      event.before,
      event.after,
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
