import type { Transaction } from '@ansinh/database';
import type { EventType } from './event-types.js';

/** The column of the record that an event is of. */
const columnOf: Record<EventType, 'person_id' | 'employer_id' | 'dossier_id'> = {
  'person.registered': 'person_id',
  'person.changed': 'person_id',
  'person.moved': 'person_id',
  'person.died': 'person_id',
  'person.merged': 'person_id',
  'person.unmerged': 'person_id',
  'employer.closed': 'employer_id',
  'dossier.received': 'dossier_id',
  'dossier.decided': 'dossier_id',
  'dossier.withdrawn': 'dossier_id',
};

/**
 * Writes one event for each record, in the transaction of its effect, however many they are. Numbers are given under the
 * lock of the head, which is held to the commit: this is the last statement of the work, before the audit row alone.
 * Lock order: records, event head, audit head.
 */
export async function recordEvents(tx: Transaction, type: EventType, ids: readonly string[]): Promise<void> {
  await tx.query(
    `WITH head AS (UPDATE event_head SET last = last + cardinality($2::uuid[]) RETURNING last - cardinality($2::uuid[]) AS before)
     INSERT INTO event (seq, type, ${columnOf[type]})
     SELECT head.before + told.place, $1, told.id FROM head, unnest($2::uuid[]) WITH ORDINALITY AS told (id, place)`,
    [type, ids],
  );
}
