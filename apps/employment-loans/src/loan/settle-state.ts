import type { LoanBook, LoanEvent, LoanMoveKind, LoanState } from '@ansinh/loans';

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
export function moveByBook(state: LoanState, standing: Standing): LoanMoveKind | undefined {
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
