import { createHash } from 'node:crypto';

/** One event of the log, every field as the text that is hashed. */
export interface AuditEntry {
  /** Place in the log: 1, 2, 3 … without a gap. */
  seq: string;
  /** UTC with six decimals: `2026-11-25T05:27:25.123456Z`. Never before that of the event before it. */
  at: string;
  actorId: string;
  actorName: string;
  office: string;
  /** e.g. `batch.approve` */
  verb: string;
  /** Kind and key of the record, e.g. `batch/LO-00000042`. */
  subject: string;
  requestId: string;
  /** SHA-256 of the record before and after, hex; null where there was none. */
  before: string | null;
  after: string | null;
  /** JSON, hashed by its characters as they are. */
  facts: string;
  /** Hash of the event before, hex; 64 zeros for the first. */
  previousHash: string;
  hash: string;
}

/** What stands before the first event. */
export const noHash = '0'.repeat(64);

/**
 * The canonical form of a row of texts: netstrings, one after the other. `5:hello,` is a text of five bytes of UTF-8,
 * `-,` one that is not there. No text can pass for two, and nothing has to be escaped or sorted.
 * @see https://cr.yp.to/proto/netstrings.txt
 */
export function netstrings(texts: readonly (string | null)[]): string {
  return texts.map((text) => (text === null ? '-,' : `${Buffer.byteLength(text)}:${text},`)).join('');
}

/** The same as `audit_hash` in the database: SHA-256 over the fields in this order, hex. */
export function hashOfEntry(entry: Omit<AuditEntry, 'hash'>): string {
  return sha256(
    netstrings([
      'ansinh-audit-event-1',
      entry.seq,
      entry.at,
      entry.actorId,
      entry.actorName,
      entry.office,
      entry.verb,
      entry.subject,
      entry.requestId,
      entry.before,
      entry.after,
      entry.facts,
      entry.previousHash,
    ]),
  );
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
