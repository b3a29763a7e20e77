import { addDays } from '@ansinh/calendar';
import { bookOn, bookSince, type LoanMovement } from './loan-book.js';
import type { LoanContract, PlannedDue } from './loan-contract.js';
import { eventsKnownOn, type LoanEvent } from './loan-event.js';
import type { LoanPosition } from './loan-position.js';

export interface LoanStatement {
  /** At the end of the day before the first one. */
  opening: LoanPosition;
  movements: readonly LoanMovement[];
  closing: LoanPosition;
  /** What is planned after the last day. */
  upcoming: readonly PlannedDue[];
}

/**
 * The statement of account from one day to another, both included.
 * @param knownOn as it was known at the end of that day: what was recorded later is not in it. Default: all that is known
 */
export function statementOf(
  contract: LoanContract,
  events: readonly LoanEvent[],
  from: string,
  through: string,
  knownOn?: string,
): LoanStatement {
  const known = knownOn === undefined ? events : eventsKnownOn(events, knownOn);
  const { opening, book } = bookSince(contract, known, addDays(from, -1), through);
  const { position: closing, movements, upcoming } = book;
  return { opening, movements: movements.filter(({ on }) => on >= from), closing, upcoming };
}

/** What falls due on one day, if nothing more happens until then. */
export interface UpcomingDue {
  dueOn: string;
  principal: bigint;
  interest: bigint;
}

/** What falls due after a day, in the days that follow: whom to remind, and of how much. */
export function upcomingDues(
  contract: LoanContract,
  events: readonly LoanEvent[],
  on: string,
  days: number,
): UpcomingDue[] {
  return duesAfter(contract, events, on, addDays(on, days));
}

/** The next day on which something falls due; null when nothing does any more. */
export function nextDue(
  contract: LoanContract,
  events: readonly LoanEvent[],
  on: string,
): UpcomingDue | null {
  const end = bookOn(contract, events, on).upcoming.at(-1)?.dueOn;
  return end === undefined ? null : (duesAfter(contract, events, on, end)[0] ?? null);
}

/** Days that a freeze has moved to its end fall due as one. */
function duesAfter(
  contract: LoanContract,
  events: readonly LoanEvent[],
  on: string,
  through: string,
): UpcomingDue[] {
  const dues = new Map<string, UpcomingDue>();
  for (const { on: dueOn, kind, allocation } of bookOn(contract, events, on, through).movements) {
    if (kind !== 'fellDue' || dueOn <= on) continue;
    const due = dues.get(dueOn) ?? { dueOn, principal: 0n, interest: 0n };
    due.principal += allocation.principalDue ?? 0n;
    due.interest += allocation.interestDue ?? 0n;
    dues.set(dueOn, due);
  }
  return [...dues.values()];
}
