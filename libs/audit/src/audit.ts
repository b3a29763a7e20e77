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

interface ChangeWithFacts extends Change {
  /** What a reader needs to understand the row; no citizen number, no account. */
  facts?: Record<string, unknown>;
}

/** Who does what, for which office. */
interface Deed {
  actorId: string;
  actorName: string;
  office: string;
  /** e.g. `batch.approve` */
  verb: string;
  requestId: string;
}

/** One thing that was done: who did what to which record, for which office. */
export interface AuditEvent extends Deed, ChangeWithFacts {}

/** Who did what nobody asked for at that moment: a check that was due, a message that was sent, a statement that came. */
export const worker = { actorId: 'system', actorName: 'ansinh worker' };

/**
 * Writes the event in the transaction of its effect: one is never there without the other. The database gives it its
 * number, instant and hash, under the lock of the chain's head, which is held to the commit. So this is the last
 * statement of a transaction: whoever locks something after it waits with the whole service behind him.
 * Lock order: batch, fund, chunk, audit head.
 */
export async function recordAudit(tx: Transaction, event: AuditEvent): Promise<void> {
  await recordAudits(tx, [event]);
}

/** The same of one deed on many records, an event for each, in their order. */
export async function recordAuditOfMany(
  tx: Transaction,
  deed: Deed,
  changes: readonly ChangeWithFacts[],
): Promise<void> {
  await recordAudits(
    tx,
    changes.map((change) => ({ ...deed, ...change })),
  );
}

/** The same of many things that were done in one transaction, in their order, by one statement. */
export async function recordAudits(tx: Transaction, events: readonly AuditEvent[]): Promise<void> {
  const of = <T>(value: (event: AuditEvent) => T) => events.map(value);
  await tx.query(
    `INSERT INTO audit_event (actor_id, actor_name, office, verb, request_id, subject, before_digest, after_digest, facts)
     SELECT actor_id, actor_name, office, verb, request_id, subject, before, after, facts::json
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       WITH ORDINALITY AS event (actor_id, actor_name, office, verb, request_id, subject, before, after, facts, place)
     ORDER BY place`,
    [
      of(({ actorId }) => actorId),
      of(({ actorName }) => actorName),
      of(({ office }) => office),
      of(({ verb }) => verb),
      of(({ requestId }) => requestId),
      of(({ subject }) => subject),
      of(({ before }) => before),
      of(({ after }) => after),
      of(({ facts }) => JSON.stringify(facts ?? {})),
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
