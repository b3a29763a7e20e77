import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import type { Effect } from '@ansinh/idempotency';
import { findLoanMove, type LoanMoveKind } from '@ansinh/loans';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import type { Decision, LoanView } from './loan.dto.js';
import { loanProblems } from './loan.problems.js';
import { loanColumns, type LoanRow, viewOf } from './loan-rows.js';

/** What is about to happen to a loan. What is left out stays as it is. */
export interface Move {
  kind: LoanMoveKind;
  /** The paper that it rests on; none where the system moves. */
  decision?: Decision;
  facts?: Record<string, unknown>;
  granted?: { amount: bigint; termMonths: number; ratePpm: number };
  planId?: string;
}

/** Moves that nobody decides: the book, or the bank, says so. */
export const system: Pick<Actor, 'id' | 'name'> = { id: 'system', name: 'ansinh' };

/** The move that is about to be made: what it moves of the capital bears its name, so that it is moved once. */
export const nextMoveOf = ({ code, moves }: Pick<LoanRow, 'code' | 'moves'>) => `${code}/${moves + 1}`;

/** The move that was just made. */
export const lastMoveOf = ({ code, moves }: Pick<LoanRow, 'code' | 'moves'>) => `${code}/${moves}`;

/**
 * Writes a move, and what the loan has become by it. The table of moves decides here, and its copy in the database again.
 * @throws ProblemError LOAN_STATE
 */
export async function applyMove(
  tx: Transaction,
  before: LoanRow,
  move: Move,
  actor: Pick<Actor, 'id' | 'name'>,
): Promise<LoanRow> {
  const rule = findLoanMove(before.state, move.kind);
  if (!rule) throw new ProblemError(loanProblems.state, { extensions: { state: before.state } });
  const { granted, decision } = move;
  const state = rule.to ?? before.state;
  await tx.query(
    `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, decision, decided_on, has_decision, note, facts, actor_id, actor_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $6::text IS NOT NULL, $8, $9, $10, $11)`,
    [
      before.id,
      before.moves + 1,
      move.kind,
      before.state,
      state,
      decision?.number ?? null,
      decision?.on ?? null,
      decision?.note ?? null,
      JSON.stringify(move.facts ?? {}),
      actor.id,
      actor.name,
    ],
  );
  const [after] = (await tx.query(
    `WITH changed AS (
       UPDATE loan SET moves = moves + 1, state = $2, granted_amount = $3, granted_term_months = $4, rate_ppm = $5, plan_id = $6
       WHERE id = $1 RETURNING *)
     SELECT ${loanColumns} FROM changed`,
    [
      before.id,
      state,
      granted?.amount.toString() ?? before.granted_amount,
      granted?.termMonths ?? before.granted_term_months,
      granted?.ratePpm ?? before.rate_ppm,
      move.planId ?? before.plan_id,
    ],
  )) as LoanRow[];
  return after!;
}

/** A move of many loans, which were locked, each in a state from which it leads: nobody decides it, and none of them changes else. */
export async function applyMoves(
  tx: Transaction,
  kind: LoanMoveKind,
  loanIds: readonly string[],
): Promise<void> {
  if (loanIds.length === 0) return;
  await tx.query(
    `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, actor_id, actor_name)
     SELECT loan.id, loan.moves + 1, rule.kind, loan.state, rule.to_state, $3, $4
     FROM loan JOIN loan_rule rule ON rule.kind = $2 AND rule.from_state = loan.state AND NOT rule.has_decision
     WHERE loan.id = ANY($1::uuid[])`,
    [loanIds, kind, system.id, system.name],
  );
  await tx.query(
    `UPDATE loan SET moves = loan.moves + 1, state = move.to_state FROM loan_move move
     WHERE loan.id = ANY($1::uuid[]) AND move.loan_id = loan.id AND move.number = loan.moves + 1`,
    [loanIds],
  );
}

/** What a command did, for its answer and the audit log. */
export async function effectOf(
  tx: Transaction,
  loan: LoanRow,
  before: string | null,
  facts: Record<string, unknown>,
): Promise<Effect<LoanView>> {
  const after = await digestOf(tx, 'loan', loan.id);
  return { result: viewOf(loan), subject: `loan/${loan.code}`, before, after, facts };
}
