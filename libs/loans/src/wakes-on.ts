import { addDays, monthEndOf } from '@ansinh/calendar';
import type { LoanBook } from './loan-book.js';
import type { LoanContract } from './loan-contract.js';
import { type AgeBand, bandOf, type LoanPosition } from './loan-position.js';

/**
 * The first day after that of the book whose end may bring anything by itself: an entry of the ledger, arrears, another group, or
 * the end of a freeze. On the days between, the book says what it said, but for interest that no entry has yet; so nobody has to
 * look at the loan. null where no day brings anything any more.
 * @param reminderDays so many days before an instalment is due it is told of: that day brings something, too
 */
export function wakesOn(
  { accrualPosted }: Pick<LoanContract, 'accrualPosted'>,
  { position, upcoming }: LoanBook,
  groups: readonly AgeBand[],
  reminderDays?: number,
): string | null {
  const { on, payoff, frozenUntil } = position;
  if (payoff === 0n) return frozenUntil;
  const days = [
    upcoming[0]?.dueOn,
    reminderDays === undefined ? undefined : remindsOn(on, upcoming, reminderDays),
    accrualPosted === 'monthEnd' ? nextMonthEnd(on) : undefined,
    worseOn(position, { isMature: upcoming.length === 0, groups }),
  ].filter((day) => day !== undefined && day !== null);
  return days.sort()[0] ?? null;
}

/** Of what is nearer than that, it was told when the loan was looked at. */
function remindsOn(on: string, upcoming: LoanBook['upcoming'], days: number): string | undefined {
  const told = addDays(on, days);
  const next = upcoming.find(({ dueOn }) => dueOn > told);
  return next && addDays(next.dueOn, -days);
}

/** What fell due today is past due tomorrow; what is past due already grows older, but for the days of a freeze. */
function worseOn(
  position: LoanPosition,
  { isMature, groups }: { isMature: boolean; groups: readonly AgeBand[] },
): string | null {
  const { on, openPrincipal, openInterest, daysPastDue, frozenUntil } = position;
  const isNew = [openPrincipal, openInterest].some((open) => open.at(-1)?.dueOn === on);
  // What was missed before the end bears overdue interest from the end on, where the contract says so.
  const isLate = isMature && position.principalDue > position.overduePrincipal;
  if (isNew || isLate) return addDays(on, 1);
  if (frozenUntil !== null || daysPastDue === 0) return frozenUntil;
  const next = groups[groups.indexOf(bandOf(daysPastDue, groups)) + 1];
  return next ? addDays(on, next.fromDays - daysPastDue) : null;
}

/** The end of the month of a day; where that is the day itself, of the month after. */
export function nextMonthEnd(day: string): string {
  const end = monthEndOf(day);
  return end > day ? end : monthEndOf(addDays(day, 1));
}
