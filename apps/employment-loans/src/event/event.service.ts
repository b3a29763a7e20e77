import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { toldEvents } from '@ansinh/events';
import type { FollowQuery } from '@ansinh/service';
import type { EventType } from './event-types.js';
import type { LoanEventData, LoanEventPage } from './event.dto.js';
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
  list(query: FollowQuery, actor: Actor): Promise<LoanEventPage> {
    return toldEvents(this.dataSource, query, scopeOf(actor), {
      cursorUnknown: eventProblems.cursorUnknown,
      eventsAfter: (tx, seq, limit) => tx.query(eventsAfter, [seq, limit]) as Promise<EventRow[]>,
      view: ({ type, data }) => ({
        source: '/employment-loans' as const,
        type,
        subject: `loan/${data.id}`,
        data,
      }),
    });
  }
}

const eventsAfter = `
SELECT event.seq, event.id, event.type, event.at,
  jsonb_build_object('id', loan.id, 'code', loan.code, 'placeCode', place_code, 'productCode', product_code, 'state', state,
    'personId', person_id, 'employerId', employer_id, 'dueOn', due_on) AS data
FROM event JOIN loan ON loan.id = event.loan_id WHERE event.seq > $1 ORDER BY event.seq LIMIT $2`;
