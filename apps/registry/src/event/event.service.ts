import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { toldEvents } from '@ansinh/events';
import type { FollowQuery } from '@ansinh/service';
import { procedureOf } from '../dossier/dossier-view.js';
import { selvesOf, survivorOf } from '../person/merged-records.sql.js';
import type { EventType } from './event-types.js';
import type { EventData, EventPage } from './event.dto.js';
import { eventProblems } from './event.problems.js';

/** What happened in the registry, for services that follow it. */
@Injectable()
export class EventService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError EVENT_CURSOR_UNKNOWN */
  list(query: FollowQuery, actor: Actor): Promise<EventPage> {
    return toldEvents(this.dataSource, query, scopeOf(actor), {
      cursorUnknown: eventProblems.cursorUnknown,
      eventsAfter: (tx, seq, limit) =>
        tx.query(eventsAfter, [seq, limit, todayInVietnam()]) as Promise<EventRow[]>,
      view: ({ type, kind, data, procedure_from: from }) => ({
        source: '/registry' as const,
        type,
        subject: `${kind}/${data.id}`,
        data: from === null ? data : { ...data, service: serviceOf(data.procedureCode!, from) },
      }),
    });
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
