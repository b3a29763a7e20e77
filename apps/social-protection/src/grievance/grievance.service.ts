import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addWorkingDays, todayInVietnam, unconfirmedDays } from '@ansinh/calendar';
import {
  asSystem,
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { instant } from '../instant.sql.js';
import { type Move, moveRecord, stateAfter, writeMove } from '../moves/move-record.js';
import { type Term, termOn } from '../terms/terms.js';
import { findContested, requireCorrection } from './contested.js';
import type {
  AnswerGrievance,
  GrievancesQuery,
  GrievanceSubject,
  GrievanceView,
  RaiseGrievance,
} from './grievance.dto.js';
import { grievanceProblems } from './grievance.problems.js';
import { type GrievanceMoveKind, grievanceRules, openGrievanceStates } from './grievance.states.js';

/** Decisions that are contested, from the receipt to the answer, and to what corrects them. */
@Injectable()
export class GrievanceService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError GRIEVANCE_CONTESTED_NOT_FOUND, GRIEVANCE_DAY, GRIEVANCE_DUE, GRIEVANCE_OPEN */
  async raise(input: RaiseGrievance, command: Command): Promise<GrievanceView> {
    const { subject, contestedId, raisedBy, complainant, statement, receivedOn } = input;
    return this.commands.run(command, 'grievance.received', async (tx) => {
      const contested = await findContested(tx, subject, contestedId);
      if (receivedOn > todayInVietnam() || receivedOn < contested.decidedOn)
        throw new ProblemError(grievanceProblems.day);
      const term = contested.term && termOn(contested.term, contested.decidedOn);
      const dueOn = dayOfAnswer(input, term);
      const id = uuidv7();
      await insertGrievance(tx, [
        id,
        subject === 'decision' ? contestedId : null,
        subject === 'household' ? contestedId : null,
        contested.officeCode,
        raisedBy,
        complainant,
        statement,
        receivedOn,
        term?.row ?? null,
        dueOn,
      ]);
      const { actor } = command;
      await writeMove(tx, 'grievance', {
        id,
        number: 1,
        kind: 'received',
        from: 'none',
        to: 'received',
        actor,
      });
      const after = await digestOf(tx, 'grievance', id);
      const facts = { subject, contestedId, dueOn };
      return { result: await viewGrievance(tx, id), subject: `grievance/${id}`, before: null, after, facts };
    });
  }

  /** What is due first is on top. */
  async list({ state, overdue, after, limit }: GrievancesQuery, actor: Actor): Promise<Page<GrievanceView>> {
    const [day, id] = readCursor(after, 'day', 'uuid') ?? [null, null];
    const today = todayInVietnam();
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `${selectGrievances}
         WHERE ($1::date IS NULL OR (g.due_on, g.id) > ($1, $2::uuid)) AND ($3::text IS NULL OR g.state = $3)
           AND (NOT $4 OR (g.due_on < $5 AND g.state = ANY ($6)))
         ORDER BY g.due_on, g.id LIMIT $7`,
        [day, id, state ?? null, overdue, today, openGrievanceStates, limit + 1],
      ),
    )) as KeptGrievance[];
    const page = pageOf(rows, limit, (row) => [row.dueOn, row.id]);
    return { next: page.next, items: page.items.map((row) => viewOf(row, today)) };
  }

  /** @throws ProblemError GRIEVANCE_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<GrievanceView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewGrievance(tx, id));
  }

  /** @throws ProblemError GRIEVANCE_NOT_FOUND, GRIEVANCE_STATE */
  async take(id: string, command: Command): Promise<GrievanceView> {
    return this.move(id, { kind: 'taken' }, command);
  }

  /** @throws ProblemError GRIEVANCE_NOT_FOUND, GRIEVANCE_STATE */
  async note(id: string, note: string, command: Command): Promise<GrievanceView> {
    return this.move(id, { kind: 'noted', note }, command);
  }

  /** @throws ProblemError GRIEVANCE_NOT_FOUND, GRIEVANCE_STATE, GRIEVANCE_JUDGE */
  async answer(
    id: string,
    { answer, paper, note }: AnswerGrievance,
    command: Command,
  ): Promise<GrievanceView> {
    return this.move(id, { kind: answer, paper, note }, command);
  }

  /** @throws ProblemError GRIEVANCE_NOT_FOUND, GRIEVANCE_STATE, GRIEVANCE_CORRECTION */
  async correct(id: string, correctedId: string, command: Command): Promise<GrievanceView> {
    return this.move(id, { kind: 'corrected', correctedId }, command);
  }

  /** @throws ProblemError GRIEVANCE_NOT_FOUND, GRIEVANCE_STATE */
  async withdraw(id: string, note: string, command: Command): Promise<GrievanceView> {
    return this.move(id, { kind: 'withdrawn', note }, command);
  }

  private async move(
    id: string,
    { correctedId, ...move }: Move & { kind: GrievanceMoveKind; correctedId?: string },
    command: Command,
  ): Promise<GrievanceView> {
    return this.commands.run(command, `grievance.${move.kind}`, async (tx) => {
      const [row] = (await tx.query('SELECT id, state, moves FROM grievance WHERE id = $1 FOR UPDATE', [
        id,
      ])) as { id: string; state: string; moves: number }[];
      if (!row) throw new ProblemError(grievanceProblems.notFound);
      const to = stateAfter(grievanceRules, row.state, move.kind);
      if (to === undefined) throw new ProblemError(grievanceProblems.state);
      const before = await digestOf(tx, 'grievance', id);
      const set = correctedId === undefined ? {} : await correctionOf(tx, id, correctedId);
      const made = { ...move, to, set, actor: command.actor };
      // As the system: who decided is looked up in the run, which a district does not see. The record was found in its sight.
      await write(() => asSystem(tx, () => moveRecord(tx, 'grievance', row, made)));
      const after = await digestOf(tx, 'grievance', id);
      const facts = { to, ...(correctedId !== undefined && { correctedId }) };
      return { result: await viewGrievance(tx, id), subject: `grievance/${id}`, before, after, facts };
    });
  }
}

/** By the term of the law; a day is named where no law gives one. @throws ProblemError GRIEVANCE_DUE */
function dayOfAnswer({ receivedOn, dueOn }: RaiseGrievance, term: Term | undefined): string {
  if ((term === undefined) !== (dueOn !== undefined) || (dueOn !== undefined && dueOn < receivedOn))
    throw new ProblemError(grievanceProblems.due);
  return term ? addWorkingDays(receivedOn, term.workingDays) : dueOn!;
}

/** @throws ProblemError GRIEVANCE_CORRECTION */
async function correctionOf(
  tx: Transaction,
  id: string,
  correctedId: string,
): Promise<Record<string, string>> {
  const { subject, contestedId } = await viewGrievance(tx, id);
  await requireCorrection(tx, subject, contestedId, correctedId);
  return { [`corrected_${subject}_id`]: correctedId };
}

/** @throws ProblemError GRIEVANCE_OPEN */
async function insertGrievance(tx: Transaction, values: unknown[]): Promise<void> {
  await write(() =>
    tx.query(
      `INSERT INTO grievance (id, decision_id, household_id, office_code, raised_by, complainant, statement, received_on,
         term_row, due_on, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received')`,
      values,
    ),
  );
}

/** What the database refuses. @throws ProblemError GRIEVANCE_OPEN, GRIEVANCE_JUDGE */
async function write(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'grievance_one_decision' || constraint === 'grievance_one_household')
      throw new ProblemError(grievanceProblems.open);
    if (constraint === 'judge_is_impartial') throw new ProblemError(grievanceProblems.judge);
    throw error;
  }
}

type KeptGrievance = Omit<GrievanceView, 'explanation' | 'unconfirmedDays' | 'isOverdue'>;

const selectGrievances = `
SELECT g.id, CASE WHEN g.decision_id IS NULL THEN 'household' ELSE 'decision' END AS subject,
  coalesce(g.decision_id, g.household_id) AS "contestedId", g.raised_by AS "raisedBy", g.complainant, g.statement,
  g.received_on::text AS "receivedOn", g.due_on::text AS "dueOn", g.term_row AS "termRow", g.state,
  coalesce(g.corrected_decision_id, g.corrected_household_id) AS "correctedId",
  (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'paper', paper, 'note', note, 'by', actor_name,
     'at', ${instant('at')}) ORDER BY number) FROM grievance_move WHERE record_id = g.id) AS moves
FROM grievance g`;

/** @throws ProblemError GRIEVANCE_NOT_FOUND */
async function viewGrievance(tx: Transaction, id: string): Promise<GrievanceView> {
  const [row] = (await tx.query(`${selectGrievances} WHERE g.id = $1`, [id])) as KeptGrievance[];
  if (!row) throw new ProblemError(grievanceProblems.notFound);
  return viewOf(row, todayInVietnam());
}

const explanations: Record<GrievanceSubject, string> = {
  decision: '/v1/support-decisions',
  household: '/v1/reviewed-households',
};

function viewOf(row: KeptGrievance, today: string): GrievanceView {
  const { subject, contestedId, state, receivedOn, dueOn, termRow } = row;
  const isOpen = (openGrievanceStates as readonly string[]).includes(state);
  return {
    ...row,
    explanation: `${explanations[subject]}/${contestedId}`,
    unconfirmedDays: termRow === null ? [] : unconfirmedDays(receivedOn, dueOn),
    isOverdue: isOpen && dueOn < today,
  };
}
