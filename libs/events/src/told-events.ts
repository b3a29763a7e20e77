import type { DataSource } from 'typeorm';
import {
  asSystem,
  cursorOf,
  inTransaction,
  readCursor,
  type Scope,
  type Transaction,
} from '@ansinh/database';
import { type ProblemDefinition, ProblemError } from '@ansinh/problem';
import type { FollowQuery } from '@ansinh/service';
import type { ToldEvent } from './told-event.dto.js';

/** A row of `event` with what is told of its record. */
interface EventRow {
  seq: string;
  id: string;
  at: Date;
}

/** What a service tells, and of what. */
interface Telling<Row extends EventRow, Event extends ToldEvent> {
  cursorUnknown: ProblemDefinition;
  /** Those behind a number, in its order, with their records as they stand now: by one statement, however many. */
  eventsAfter(tx: Transaction, seq: string | number, limit: number): Promise<Row[]>;
  view(row: Row): Omit<Event, keyof ToldEvent>;
}

interface EventPage<Event> {
  items: Event[];
  next: string | null;
  isLast: boolean;
}

/**
 * A page of what a service tells, behind the cursor of its reader. Numbers of events are in the order of the commits (ADR 34), so
 * whoever has read to one has missed none before it.
 * @throws ProblemError `cursorUnknown`
 */
export async function toldEvents<Row extends EventRow, Event extends ToldEvent>(
  dataSource: DataSource,
  { after, limit }: FollowQuery,
  scope: Scope,
  { cursorUnknown, eventsAfter, view }: Telling<Row, Event>,
): Promise<EventPage<Event>> {
  const cursor = readCursor(after, 'number', 'uuid');
  const rows = await inTransaction(dataSource, scope, async (tx) => {
    if (cursor && !(await isKnown(tx, cursor))) throw new ProblemError(cursorUnknown);
    return eventsAfter(tx, cursor?.[0] ?? 0, limit + 1);
  });
  const told = rows.slice(0, limit);
  const last = told.at(-1);
  return {
    items: told.map(
      (row) => ({ specversion: '1.0', id: row.id, time: row.at.toISOString(), ...view(row) }) as Event,
    ),
    next: last ? cursorOf([last.seq, last.id]) : (after ?? null),
    isLast: rows.length <= limit,
  };
}

/**
 * A database that was put back to an earlier day gives numbers anew: whoever had read further would take them for known.
 * As the system: the record of that event may have moved out of the caller's sight since.
 */
const isKnown = (tx: Transaction, [seq, id]: (string | number)[]): Promise<boolean> =>
  asSystem(tx, async () => {
    const found = (await tx.query('SELECT FROM event WHERE seq = $1 AND id = $2', [seq, id])) as object[];
    return found.length > 0;
  });
