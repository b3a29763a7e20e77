import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import type { LoanMoveKind } from '@ansinh/loans';
import type { Decision } from './loan.dto.js';
import type { LoanRow } from './loan-rows.js';

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
