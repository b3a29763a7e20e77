import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, cursorOf, inTransaction, readCursor, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { procedureOf } from '../dossier/dossier-view.js';
import { selvesOf, survivorOf } from '../person/merged-records.sql.js';
import type { EventType } from './event-types.js';
import type { EventData, EventPage, EventsQuery } from './event.dto.js';
import { eventProblems } from './event.problems.js';

/** What happened in the registry, for services that follow it. */
@Injectable()
export class EventService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError EVENT_CURSOR_UNKNOWN */
  async list({ after, limit }: EventsQuery, actor: Actor): Promise<EventPage> {
    const cursor = readCursor(after, 'number', 'uuid');
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      if (cursor) await requireEvent(tx, cursor);
      return (await tx.query(eventsAfter, [cursor?.[0] ?? 0, limit + 1, todayInVietnam()])) as EventRow[];
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map(({ id, type, kind, at, data, procedure_from: from }) => ({
        specversion: '1.0',
        id,
        source: '/registry',
        type,
        subject: `${kind}/${data.id}`,
        time: at.toISOString(),
        data: from === null ? data : { ...data, service: serviceOf(data.procedureCode!, from) },
      })),
      next: last ? cursorOf([last.seq, last.id]) : (after ?? null),
      isLast: rows.length <= limit,
    };
  }
}

interface EventRow {
  seq: string;
  id: string;
  type: EventType;
  kind: string;
  at: Date;
  data: EventData;
  /** Of a dossier: the version of its procedure. */
  procedure_from: string | null;
}

const serviceOf = (code: string, from: string) =>
  procedureOf({ procedure_code: code, procedure_from: from }).service;

/**
 * A registry that was put back to an earlier day gives numbers anew: whoever had read further would take them for known.
 * As the system: the person of that event may have moved out of the caller's sight since.
 */
async function requireEvent(tx: Transaction, [seq, id]: (string | number)[]): Promise<void> {
  const found = await asSystem(tx, async () => {
    return (await tx.query('SELECT FROM event WHERE seq = $1 AND id = $2', [seq, id])) as object[];
  });
  if (found.length === 0) throw new ProblemError(eventProblems.cursorUnknown);
}

/**
 * However many events: one statement. Of the residences that cover today the one recorded last holds. Who was merged has no
 * number any more: all of them are of the record that stands for him.
 */
const eventsAfter = `
SELECT event.seq, event.id, event.type, split_part(event.type, '.', 1) AS kind, event.at,
  CASE WHEN person.id IS NOT NULL THEN jsonb_build_object(
      'id', person.id, 'mergedInto', person.survivor_id,
      'numberKeys', CASE WHEN person.survivor_id IS NOT NULL THEN '[]' ELSE to_jsonb(array_remove(ARRAY[person.number_key]
        || ARRAY(SELECT self.number_key FROM person self WHERE self.survivor_id = person.id ORDER BY self.id), NULL)) END,
      'formerNumberKeys', CASE WHEN person.survivor_id IS NOT NULL THEN '[]' ELSE to_jsonb(ARRAY(
        SELECT number_key FROM person_number WHERE person_id = ${selvesOf('person.id')} ORDER BY id)) END,
      'name', person.name, 'placeCode', person.office_code, 'diedOn', person.died_on,
      'residentFrom', (SELECT valid_from FROM person_residence
        WHERE person_id = person.id AND valid_from <= $3::date AND (valid_until IS NULL OR valid_until > $3::date)
        ORDER BY id DESC LIMIT 1))
    WHEN employer.id IS NOT NULL THEN jsonb_build_object('id', employer.id, 'closedOn', employer.closed_on)
    ELSE jsonb_build_object('id', dossier.id, 'code', dossier.code, 'procedureCode', dossier.procedure_code,
      'reference', dossier.reference, 'personId', ${survivorOf('dossier.person_id')}, 'employerId', dossier.employer_id,
      'placeCode', dossier.place_code, 'state', dossier.state, 'receivedOn', dossier.counts_from, 'outcome', dossier.outcome,
      'decidedOn', (SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM dossier_move
        WHERE dossier_id = dossier.id AND kind = 'decided'))
  END AS data, dossier.procedure_from::text AS procedure_from
FROM (SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2) event
LEFT JOIN person ON person.id = event.person_id
LEFT JOIN employer ON employer.id = event.employer_id
LEFT JOIN dossier ON dossier.id = event.dossier_id
ORDER BY event.seq`;
