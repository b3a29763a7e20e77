import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import { findLoanMove, type LoanMove, type LoanMoveKind, type LoanState } from '@ansinh/loans';
import type { CapitalMove } from '../capital/capital-ledger.js';
import { wrongState } from './loan.problems.js';
import { loanColumns, type LoanRow } from './loan-rows.js';
import type { Move } from './move-loan.js';

type By = Pick<Actor, 'id' | 'name'>;

/** A loan in hand: locked, as its moves have left it, with what was done to it and is not written yet. */
export interface LoanInHand extends LoanRow {
  newMoves: (Move & { number: number; from: LoanState; to: LoanState; by: By })[];
  capital: CapitalMove[];
}

/** Locked in the order of their ids, so that two lists with the same loans wait for each other. One of another office is not among them. */
export async function takeLoans(tx: Transaction, ids: readonly string[]): Promise<LoanInHand[]> {
  const rows = (await tx.query(
    `SELECT ${loanColumns} FROM loan WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [ids],
  )) as LoanRow[];
  return rows.map((row) => ({ ...row, newMoves: [], capital: [] }));
}

/** The table of moves decides here, and its copy in the database again. @throws ProblemError LOAN_STATE */
export function requireMove({ state }: LoanRow, kind: LoanMoveKind): LoanMove {
  const rule = findLoanMove(state, kind);
  if (!rule) throw wrongState(state);
  return rule;
}

/** @throws ProblemError LOAN_STATE */
export function moveInHand(loan: LoanInHand, move: Move, by: By): void {
  const from = loan.state;
  const to = requireMove(loan, move.kind).to ?? from;
  const { granted, planId } = move;
  loan.moves += 1;
  loan.state = to;
  if (planId) loan.plan_id = planId;
  if (granted) {
    loan.granted_amount = granted.amount.toString();
    loan.granted_term_months = granted.termMonths;
    loan.rate_ppm = granted.ratePpm;
  }
  loan.newMoves.push({ ...move, number: loan.moves, from, to, by });
}

/**
 * Writes the moves of loans, and what these have become by them: the first of every loan, then the second of those that have one,
 * for each leads from the one before. What was granted is that of the last.
 */
export async function writeMoves(tx: Transaction, loans: readonly LoanInHand[]): Promise<void> {
  const most = loans.reduce((max, { newMoves }) => Math.max(max, newMoves.length), 0);
  for (let round = 0; round < most; round += 1) {
    const moves = loans.flatMap((loan) => {
      const move = loan.newMoves[round];
      return move ? [{ loan, ...move }] : [];
    });
    const of = <T>(value: (move: (typeof moves)[number]) => T) => moves.map(value);
    await tx.query(
      `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, decision, decided_on, note, has_decision, facts,
         actor_id, actor_name)
       SELECT loan_id, number, kind, from_state, to_state, decision, decided_on, note, decision IS NOT NULL, facts, actor_id,
         actor_name
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[], $9::jsonb[],
           $10::text[], $11::text[])
         AS made (loan_id, number, kind, from_state, to_state, decision, decided_on, note, facts, actor_id, actor_name)`,
      [
        of(({ loan }) => loan.id),
        of(({ number }) => number),
        of(({ kind }) => kind),
        of(({ from }) => from),
        of(({ to }) => to),
        of(({ decision }) => decision?.number ?? null),
        of(({ decision }) => decision?.on ?? null),
        of(({ decision }) => decision?.note ?? null),
        of(({ facts }) => JSON.stringify(facts ?? {})),
        of(({ by }) => by.id),
        of(({ by }) => by.name),
      ],
    );
    await tx.query(
      `UPDATE loan SET moves = made.number, state = made.to_state, granted_amount = made.amount,
         granted_term_months = made.term_months, rate_ppm = made.rate_ppm, plan_id = made.plan_id
       FROM unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[], $5::int[], $6::int[], $7::uuid[])
         AS made (loan_id, number, to_state, amount, term_months, rate_ppm, plan_id)
       WHERE loan.id = made.loan_id`,
      [
        of(({ loan }) => loan.id),
        of(({ number }) => number),
        of(({ to }) => to),
        of(({ loan }) => loan.granted_amount),
        of(({ loan }) => loan.granted_term_months),
        of(({ loan }) => loan.rate_ppm),
        of(({ loan }) => loan.plan_id),
      ],
    );
  }
}
