import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, cursorOf, inTransaction, readCursor, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { EventType } from './event-types.js';
import type { EventsQuery, LoanEventData, LoanEventPage } from './event.dto.js';
import { eventProblems } from './event.problems.js';

interface EventRow {
  seq: string;
  id: string;
  type: EventType;
  at: Date;
  data: LoanEventData;
}

/** What happened to loans, for whoever follows them by a cursor of his own, as the registry is followed. */
@Injectable()
export class EventService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError LOAN_EVENT_CURSOR_UNKNOWN */
  async list({ after, limit }: EventsQuery, actor: Actor): Promise<LoanEventPage> {
    const cursor = readCursor(after, 'number', 'uuid');
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      if (cursor) await requireEvent(tx, cursor);
      return (await tx.query(
        `SELECT event.seq, event.id, event.type, event.at,
           jsonb_build_object('id', loan.id, 'code', loan.code, 'placeCode', place_code, 'productCode', product_code, 'state', state,
             'personId', person_id, 'employerId', employer_id, 'dueOn', due_on) AS data
         FROM event JOIN loan ON loan.id = event.loan_id WHERE event.seq > $1 ORDER BY event.seq LIMIT $2`,
        [cursor?.[0] ?? 0, limit + 1],
      )) as EventRow[];
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ id, type, at, data }) => ({
        specversion: '1.0',
        id,
        source: '/employment-loans',
        type,
        subject: `loan/${data.id}`,
        time: at.toISOString(),
        data,
      })),
      next: last ? cursorOf([last.seq, last.id]) : (after ?? null),
      isLast: rows.length <= limit,
    };
  }
}

/** A database that was put back to an earlier day gives numbers anew: whoever had read further would take them for known. */
async function requireEvent(tx: Transaction, [seq, id]: (string | number)[]): Promise<void> {
  // As the system: an office may have been joined with another since.
  const found = await asSystem(tx, async () => {
    return (await tx.query('SELECT FROM event WHERE seq = $1 AND id = $2', [seq, id])) as object[];
  });
  if (found.length === 0) throw new ProblemError(eventProblems.cursorUnknown);
}
