import { bookOn } from './loan-book.js';
import type { LoanContract } from './loan-contract.js';
import { effectiveEvents, type LoanEvent, type LoanEventKind } from './loan-event.js';
import type { Tranche } from './schedule.js';

/** What is to be paid on one day, and the principal that is left after it. */
export interface ScheduledDue {
  dueOn: string;
  principal: bigint;
  interest: bigint;
  balance: bigint;
}

interface RepaymentSchedule {
  /** What has gone out, and has not come back. */
  tranches: readonly Tranche[];
  /** The day of the decision that it goes by; null where it is that of the contract. */
  changedOn: string | null;
  dues: readonly ScheduledDue[];
}

/** What can let principal fall due on another day, or not at all, also where it had fallen due already. */
const changes: ReadonlySet<LoanEventKind> = new Set<LoanEventKind>([
  'extended',
  'deferred',
  'rescheduled',
  'frozen',
  'recalled',
  'principalCancelled',
]);
const payments: ReadonlySet<LoanEventKind> = new Set<LoanEventKind>(['repaid', 'refunded', 'accrued']);

/**
 * What is to be paid when, if each instalment is paid on its day, of what has gone out. It is the same before and after a payment:
 * what has been paid, and what is owed for paying late, the book says. Where a decision changed it, it begins with what was open
 * at the end of that day, and payments until then count.
 */
export function repaymentSchedule(contract: LoanContract, events: readonly LoanEvent[]): RepaymentSchedule {
  const effective = effectiveEvents(events);
  const changedOn = effective.findLast(({ kind }) => changes.has(kind))?.on ?? null;
  const counted = effective.filter(
    ({ kind, on }) => !payments.has(kind) || (changedOn !== null && on <= changedOn),
  );
  const tranches = effective.flatMap((event) =>
    event.kind === 'disbursed' ? [{ on: event.on, amount: event.amount }] : [],
  );
  const last = counted.at(-1)?.on;
  if (last === undefined) return { tranches, changedOn, dues: [] };
  const dues = new Map<string, { principal: bigint; interest: bigint }>();
  const add = (dueOn: string, principal: bigint, interest: bigint) => {
    const due = dues.get(dueOn) ?? { principal: 0n, interest: 0n };
    dues.set(dueOn, { principal: due.principal + principal, interest: due.interest + interest });
  };
  if (changedOn !== null) {
    const { openPrincipal, openInterest } = bookOn(contract, counted, changedOn).position;
    for (const { dueOn, amount } of openPrincipal) add(dueOn, amount, 0n);
    for (const { dueOn, amount } of openInterest) add(dueOn, 0n, amount);
  }
  const end = bookOn(contract, counted, last).upcoming.at(-1)?.dueOn ?? last;
  for (const { on, kind, allocation } of bookOn(contract, counted, last, end).movements)
    if (kind === 'fellDue' && on > (changedOn ?? ''))
      add(on, allocation.principalDue ?? 0n, allocation.interestDue ?? 0n);
  return { tranches, changedOn, dues: withBalances(dues) };
}

function withBalances(dues: ReadonlyMap<string, { principal: bigint; interest: bigint }>): ScheduledDue[] {
  let balance = [...dues.values()].reduce((total, { principal }) => total + principal, 0n);
  return [...dues]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([dueOn, due]) => {
      balance -= due.principal;
      return { dueOn, ...due, balance };
    });
}
