import type { Transaction } from '@ansinh/database';
import type { LoanBook, LoanEvent, LoanMoveKind } from '@ansinh/loans';
import { moveCapital } from '../capital/capital-ledger.js';
import type { LoanRow } from './loan-rows.js';
import { applyMove, lastMoveOf, system } from './move-loan.js';

/** What a book says of the state of its loan: nobody decides these moves. */
export interface Standing {
  book: LoanBook;
  events: readonly LoanEvent[];
  /** Money that is on its way: a loan with nothing owed is not closed before it is there. */
  isAwaited: boolean;
}

/**
 * The move that the book makes by itself on its day; undefined where the state fits. One at a time: after it the next one is
 * asked for.
 */
export function moveByBook(state: LoanRow['state'], standing: Standing): LoanMoveKind | undefined {
  const { book, events, isAwaited } = standing;
  const { payoff, daysPastDue, on } = book.position;
  switch (state) {
    case 'active':
    case 'overdue':
    case 'frozen':
    case 'recalled': {
      const hasBegun = book.movements.some(({ kind }) => kind === 'disbursed');
      if (payoff === 0n && hasBegun && !isAwaited) return 'settle';
      if (state === 'frozen') return isFrozen(events, on) ? undefined : 'thaw';
      if (state === 'active' && daysPastDue > 0) return 'fallOverdue';
      return state === 'overdue' && daysPastDue === 0 ? 'catchUp' : undefined;
    }
    default:
      return undefined;
  }
}

/** A freeze holds until its last day, unless it was reversed. */
function isFrozen(events: readonly LoanEvent[], on: string): boolean {
  const reversed = new Set(events.flatMap((event) => (event.kind === 'reversed' ? [event.event] : [])));
  return events.some((event) => event.kind === 'frozen' && event.until > on && !reversed.has(event.id));
}

/** Moves the loan to where its book says it is. What was approved and never paid out goes back when it is closed. */
export async function settleState(
  tx: Transaction,
  loan: LoanRow,
  kept: { book: LoanBook; events: readonly LoanEvent[] },
): Promise<LoanRow> {
  const [sent] = (await tx.query(
    `SELECT coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)::bigint AS paid, coalesce(bool_or(state = 'ordered'), false) AS "isAwaited"
     FROM disbursement WHERE loan_id = $1`,
    [loan.id],
  )) as { paid: string; isAwaited: boolean }[];
  let moved = loan;
  for (
    let kind = moveByBook(moved.state, { ...kept, isAwaited: sent!.isAwaited });
    kind !== undefined;
    kind = moveByBook(moved.state, { ...kept, isAwaited: sent!.isAwaited })
  ) {
    moved = await applyMove(tx, moved, { kind }, system);
  }
  const unused = BigInt(moved.granted_amount!) - BigInt(sent!.paid);
  if (moved.state === 'closed' && loan.state !== 'closed' && unused > 0n)
    await moveCapital(tx, moved.plan_id!, 'release', {
      reference: lastMoveOf(moved),
      amount: unused,
    });
  return moved;
}
