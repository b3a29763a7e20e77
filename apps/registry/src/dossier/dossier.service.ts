import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { pagesByParent } from '@ansinh/graphql';
import { type Command, Commands } from '@ansinh/idempotency';
import { findPlace, officeCovers } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { findProcedure, type Procedure, whereabouts } from '@ansinh/procedures';
import type { DossierFilter, DossierHistory, DossierView, PresentDossier, Workload } from './dossier.dto.js';
import { movesOf, timetableOfMoves } from './dossier-history.js';
import { nextDossierCode } from './dossier-number.js';
import { dossierProblems } from './dossier.problems.js';
import { openStates } from './dossier.states.js';
import {
  dossierColumns,
  type DossierRow,
  missingPapers,
  procedureOf,
  soonUntil,
  viewOf,
} from './dossier-view.js';
import { selvesOf } from '../person/merged-records.sql.js';
import { applyMove, effectOf, insertMove, type Move } from './move-dossier.js';

/** Without a due day it is in nobody's list of what is due, and stands last. */
const order = `coalesce(due_on, DATE '9999-12-31'), id`;
const lastDay = '9999-12-31';

/** As the partial indexes say it. While the clock stands still nothing becomes late. */
const isOpen = `state IN (${openStates.map((state) => `'${state}'`).join(', ')})`;
const isLate = 'due_at <= coalesce(stopped_at, clock_timestamp())';
const isStepLate = 'step_due_at <= coalesce(stopped_at, clock_timestamp())';
/** `$1`: the last day of what is due soon. */
const dueConditions: Record<NonNullable<DossierFilter['due']>, string> = {
  overdue: `${isOpen} AND ${isLate}`,
  soon: `${isOpen} AND stopped_at IS NULL AND NOT ${isLate} AND due_on <= $1`,
  stepOverdue: `${isOpen} AND ${isStepLate}`,
  stepSoon: `${isOpen} AND stopped_at IS NULL AND NOT ${isStepLate} AND step_due_on <= $1`,
};

@Injectable()
export class DossierService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /**
   * Takes what is handed in at the desk. Complete, it is received and its clock starts; with papers missing, they are asked
   * for at once; where it is not ours, it is refused with the reason.
   * @throws ProblemError PROCEDURE_NOT_FOUND, PROCEDURE_OF_ANOTHER_SERVICE, DOSSIER_PLACE, DOSSIER_DOCUMENT,
   *   DOSSIER_REFERENCE_TAKEN, DOSSIER_REFERENCE_OF_NOBODY, DOSSIER_NUMBERS_EXHAUSTED
   */
  async present(input: PresentDossier, command: Command): Promise<DossierView> {
    return this.commands.run(command, 'dossier.present', async (tx) => {
      const { actor } = command;
      const today = todayInVietnam();
      const procedure = findProcedure(input.procedureCode, today);
      if (!procedure) throw new ProblemError(dossierProblems.procedureUnknown);
      requireAssigned(procedure, actor);
      // What is refused may well be from elsewhere: that is why.
      if (
        !findPlace(input.placeCode, today) ||
        !(input.refusal || officeCovers(actor.office, input.placeCode))
      )
        throw new ProblemError(dossierProblems.placeNotOurs);
      requirePapers(procedure, input.documents);
      const presented = await insertDossier(tx, input, procedure, actor, today);
      const answer = answerTo(input, procedure);
      const dossier = await applyMove(tx, presented, answer, actor);
      return effectOf(null, dossier, { procedure: procedure.code, answer: answer.kind });
    });
  }

  /** @throws ProblemError DOSSIER_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<DossierView> {
    const row = await inTransaction(this.dataSource, scopeOf(actor), (tx) => findDossier(tx, id));
    return viewOf(row, new Date());
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, DossierView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${dossierColumns} FROM dossier WHERE id = ANY($1::uuid[])`, [ids]),
    )) as DossierRow[];
    return new Map(rows.map((row) => [row.id, viewOf(row, new Date())]));
  }

  /** A page of the dossiers of each person, the newest first. */
  async ofPeople(
    personIds: readonly string[],
    { limit, after }: { limit: number; after?: string },
    actor: Actor,
  ): Promise<Map<string, Page<DossierView>>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT parent.id AS parent_id, child.* FROM unnest($1::uuid[]) AS parent (id)
         LEFT JOIN LATERAL (
           SELECT ${dossierColumns} FROM dossier
           WHERE person_id = ${selvesOf('parent.id')} AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3) child ON true
         ORDER BY child.id DESC`,
        [personIds, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      ),
    )) as (DossierRow & { parent_id: string })[];
    const now = new Date();
    const found = rows.map(({ parent_id: parentId, ...row }) => ({
      parentId,
      child: row.id === null ? undefined : viewOf(row, now),
    }));
    return pagesByParent(found, limit, ({ id }) => [id]);
  }

  /** What is due first is on top. */
  async list(filter: DossierFilter, actor: Actor): Promise<Page<DossierView>> {
    const after = readCursor(filter.after, 'day', 'uuid') ?? [null, null];
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${dossierColumns} FROM dossier
         WHERE $1::date IS NOT NULL AND ${filter.due ? dueConditions[filter.due] : 'true'}
           AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR holder_code = $3)
           AND ($4::text IS NULL OR procedure_code = $4) AND ($5::text IS NULL OR step = $5)
           AND ($6::uuid IS NULL OR person_id = ${selvesOf('$6::uuid')}) AND ($7::date IS NULL OR (${order}) > ($7, $8::uuid))
         ORDER BY ${order} LIMIT $9`,
        [
          soonUntil(todayInVietnam()),
          filter.state ?? null,
          filter.holder ?? null,
          filter.procedure ?? null,
          filter.step ?? null,
          filter.personId ?? null,
          ...after,
          filter.limit + 1,
        ],
      ),
    )) as DossierRow[];
    const now = new Date();
    return pageOf(
      rows.map((row) => viewOf(row, now)),
      filter.limit,
      dossierKey,
    );
  }

  /** What is open, late and soon due, by the office that has it and the step at which it stands. */
  async workload(actor: Actor): Promise<Workload> {
    const items = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT holder_code AS "holderCode", procedure_code AS "procedureCode", step, count(*)::int AS open,
                count(*) FILTER (WHERE ${dueConditions.overdue})::int AS overdue,
                count(*) FILTER (WHERE ${dueConditions.soon})::int AS "dueSoon",
                count(*) FILTER (WHERE ${dueConditions.stepOverdue})::int AS "stepOverdue"
         FROM dossier WHERE ${isOpen} GROUP BY holder_code, procedure_code, step
         ORDER BY holder_code, procedure_code, step NULLS FIRST`,
        [soonUntil(todayInVietnam())],
      ),
    )) as Workload['items'];
    return { items };
  }

  /** @throws ProblemError DOSSIER_NOT_FOUND */
  async history(id: string, actor: Actor): Promise<DossierHistory> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const dossier = await findDossier(tx, id);
      const moves = await movesOf(tx, id);
      const timetable = timetableOfMoves(procedureOf(dossier), moves);
      return {
        moves: moves.map(({ holder_code, actor_name, promised_on, at, ...move }) => ({
          ...move,
          at: at.toISOString(),
          holderCode: holder_code,
          promisedOn: promised_on,
          actorName: actor_name,
        })),
        whereabouts: timetable ? whereabouts(timetable) : [],
      };
    });
  }
}

/** The values that a list is ordered by. */
export const dossierKey = ({ dueOn, id }: DossierView): [string, string] => [dueOn ?? lastDay, id];

/** @throws ProblemError DOSSIER_NOT_FOUND */
export async function findDossier(tx: Transaction, id: string, lock = ''): Promise<DossierRow> {
  const [row] = (await tx.query(`SELECT ${dossierColumns} FROM dossier WHERE id = $1 ${lock}`, [
    id,
  ])) as DossierRow[];
  if (!row) throw new ProblemError(dossierProblems.notFound);
  return row;
}

/** A service works on the dossiers of its procedures alone. @throws ProblemError PROCEDURE_OF_ANOTHER_SERVICE */
export function requireAssigned({ service }: Procedure, actor: Actor): void {
  if (actor.service !== undefined && actor.service !== service)
    throw new ProblemError(dossierProblems.procedureOfAnother, { extensions: { service } });
}

/** @throws ProblemError DOSSIER_DOCUMENT */
export function requirePapers(procedure: Procedure, documents: readonly string[]): void {
  const known = new Set(procedure.documents.map(({ code }) => code));
  const unknown = documents.filter((code) => !known.has(code));
  if (unknown.length > 0)
    throw new ProblemError(dossierProblems.documentUnknown, { extensions: { unknown } });
}

function answerTo({ documents, refusal }: PresentDossier, procedure: Procedure): Move {
  if (refusal) return { kind: 'refused', state: 'refused', note: refusal.reason };
  const missing = missingPapers(procedure, documents).map(({ code }) => code);
  return missing.length === 0
    ? { kind: 'received', state: 'received' }
    : { kind: 'supplementAsked', state: 'incomplete', documents: missing };
}

async function insertDossier(
  tx: Transaction,
  { applicant, placeCode, documents, reference }: PresentDossier,
  procedure: Procedure,
  actor: Actor,
  today: string,
): Promise<DossierRow> {
  if (reference !== undefined && actor.service === undefined)
    throw new ProblemError(dossierProblems.referenceOfNobody);
  const code = await nextDossierCode(tx, actor.office, today);
  const [row] = (await tx.query(
    `INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code, applicant_name,
                          applicant_phone, person_id, employer_id, documents, presented_at, service, reference)
     VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10, $11, clock_timestamp(), $12, $13)
     ON CONFLICT (service, reference) WHERE reference IS NOT NULL DO NOTHING
     RETURNING ${dossierColumns}`,
    [
      uuidv7(),
      code,
      procedure.code,
      procedure.validFrom,
      actor.office,
      placeCode,
      applicant.name.normalize('NFC'),
      applicant.phone ?? null,
      applicant.personId ?? null,
      applicant.employerId ?? null,
      documents,
      actor.service ?? null,
      reference ?? null,
    ],
  )) as DossierRow[];
  if (!row) throw new ProblemError(dossierProblems.referenceTaken);
  await insertMove(tx, row, { kind: 'presented', documents }, actor, 1);
  return row;
}
