import { daysBetween } from '@ansinh/calendar';
import type { AccruingInterest } from './loan-interest.js';
import type { OpenDue, OpenDues } from './open-dues.js';

/** Days on which a loan is frozen, the last one not included. */
export interface Freeze {
  from: string;
  until: string;
}

/** What is owed at the end of a day. */
export interface LoanPosition {
  on: string;
  /** All principal that is out: what is due and what is not yet. */
  principal: bigint;
  principalDue: bigint;
  /** What of it is overdue: its day is over. */
  overduePrincipal: bigint;
  interestDue: bigint;
  /** Interest of the period that has not ended. */
  interestAccrued: bigint;
  overdueInterest: bigint;
  /** What the borrower has paid too much. */
  credit: bigint;
  /** What closes the loan on this day. */
  payoff: bigint;
  /** What fell due and is open, the oldest first. */
  openPrincipal: readonly OpenDue[];
  openInterest: readonly OpenDue[];
  /** Since the oldest of them was due; days of a freeze do not count. */
  daysPastDue: number;
  /** The day on which the loan thaws; null where it is not frozen. */
  frozenUntil: string | null;
}

export function positionOf(state: {
  day: string;
  ahead: bigint;
  overduePrincipal: bigint;
  credit: bigint;
  principalDues: OpenDues;
  interestDues: OpenDues;
  interest: AccruingInterest;
  freezes: readonly Freeze[];
}): LoanPosition {
  const { day, ahead, overduePrincipal, credit, principalDues, interestDues, interest, freezes } = state;
  const principal = ahead + principalDues.total;
  const { accrued, overdue } = interest;
  const oldest = [principalDues.oldest, interestDues.oldest].filter((dueOn) => dueOn !== null).sort()[0];
  return {
    on: day,
    principal,
    principalDue: principalDues.total,
    overduePrincipal,
    interestDue: interestDues.total,
    interestAccrued: accrued,
    overdueInterest: overdue,
    credit,
    payoff: principal + interestDues.total + accrued + overdue,
    openPrincipal: principalDues.open().map((due) => ({ ...due })),
    openInterest: interestDues.open().map((due) => ({ ...due })),
    daysPastDue: oldest === undefined ? 0 : countedDays(oldest, day, freezes),
    frozenUntil: freezes.reduce<string | null>(
      (last, { until }) => (until > day && until > (last ?? '') ? until : last),
      null,
    ),
  };
}

function countedDays(from: string, to: string, freezes: readonly Freeze[]): number {
  let [counted, since] = [0, from];
  for (const freeze of freezes) {
    if (freeze.until <= since) continue;
    const until = freeze.from < to ? freeze.from : to;
    if (until > since) counted += daysBetween(since, until);
    since = freeze.until;
  }
  return since < to ? counted + daysBetween(since, to) : counted;
}

/** From so many days past due on, a loan is of this group, or a sum of this age. The first begins at 0. */
export interface AgeBand {
  code: string;
  fromDays: number;
}

/** The group or age that so many days belong to. @throws RangeError for bands that do not begin at 0 and rise */
export function bandOf(days: number, bands: readonly AgeBand[]): AgeBand {
  const rises = bands.every(({ fromDays }, index) => index === 0 || fromDays > bands[index - 1]!.fromDays);
  if (bands[0]?.fromDays !== 0 || !rises) throw new RangeError('Bands of age begin at 0 and rise');
  return bands.findLast(({ fromDays }) => fromDays <= days)!;
}

/** What is open by how long it has been due: principal and interest. Every band is named, also an empty one. */
export function arrearsByAge(position: LoanPosition, bands: readonly AgeBand[]) {
  const arrears = bands.map(({ code }) => ({ code, principal: 0n, interest: 0n }));
  const add = (kind: 'principal' | 'interest') => (due: OpenDue) => {
    const band = bandOf(daysBetween(due.dueOn, position.on), bands);
    arrears[bands.indexOf(band)]![kind] += due.amount;
  };
  position.openPrincipal.forEach(add('principal'));
  position.openInterest.forEach(add('interest'));
  return arrears;
}
