import { checkPlan, type PlannedDue } from './loan-contract.js';
import { LoanError } from './loan-error.js';

interface Recorded {
  id: string;
  /** The day from which it counts. */
  on: string;
  /** The day on which we knew: later where it was backdated. */
  recordedOn: string;
}

/** What happened to a loan. Events are only ever added; one that was wrong is reversed by another one. */
export type LoanEvent = Recorded &
  (
    | { kind: 'disbursed' | 'repaid'; amount: bigint }
    /** What the borrower had paid too much was given back. */
    | { kind: 'refunded'; amount: bigint }
    /** As if that event had never been; the day is that of the correction. */
    | { kind: 'reversed'; event: string }
    | { kind: 'rateChanged'; ratePpm: number }
    /** The end of the loan is later: of what is due on the last day or, after it, of all that is open. */
    | { kind: 'extended'; until: string }
    /** The principal of one due day, open or to come, is due later. */
    | { kind: 'deferred'; dueOn: string; until: string }
    /** All principal, what is overdue included, is due by a new plan. */
    | { kind: 'rescheduled'; plan: readonly PlannedDue[] }
    /** Until then no interest is charged, nothing falls due, and no day counts as past due. */
    | { kind: 'frozen'; until: string }
    | { kind: 'interestCancelled' | 'principalCancelled'; amount: bigint }
    /** All principal is due on that day. */
    | { kind: 'recalled'; dueOn: string }
    /** The end of a day for the books: interest until then is posted. It changes no balance. */
    | { kind: 'accrued' }
  );

export type LoanEventKind = LoanEvent['kind'];

/**
 * On one day money goes out before decisions, and decisions before money comes in: whichever arrived first. A repayment of the
 * day of a tranche would else be more than is owed.
 */
const ranks: Record<LoanEventKind, number> = {
  disbursed: 0,
  rateChanged: 1,
  extended: 1,
  deferred: 1,
  rescheduled: 1,
  frozen: 1,
  recalled: 1,
  interestCancelled: 1,
  principalCancelled: 1,
  repaid: 2,
  accrued: 2,
  refunded: 3,
  reversed: 3,
};

/** The events that count, by their days: what was reversed is not among them, nor the reversals. */
export function effectiveEvents(events: readonly LoanEvent[]): LoanEvent[] {
  const seen = new Map<string, LoanEvent>();
  const reversed = new Set<string>();
  for (const event of events) {
    checkEvent(event);
    if (seen.has(event.id))
      throw new LoanError({ vi: `Lần ghi sổ ${event.id} bị trùng`, en: `Two events ${event.id}` });
    seen.set(event.id, event);
    if (event.kind !== 'reversed') continue;
    const original = seen.get(event.event);
    if (!original || original.kind === 'reversed' || reversed.has(event.event))
      throw new LoanError({
        vi: `Không có lần ghi sổ ${event.event} còn được đảo`,
        en: `${event.event} is nothing that can be reversed`,
      });
    reversed.add(event.event);
  }
  return events
    .filter(({ id, kind }) => kind !== 'reversed' && !reversed.has(id))
    .sort((a, b) => (a.on === b.on ? ranks[a.kind] - ranks[b.kind] : a.on < b.on ? -1 : 1));
}

/** What had been recorded by the end of a day: the book as it was known then. */
export function eventsKnownOn(events: readonly LoanEvent[], day: string): LoanEvent[] {
  return events.filter(({ recordedOn }) => recordedOn <= day);
}

function checkEvent(event: LoanEvent): void {
  if ('amount' in event && event.amount <= 0n)
    throw new LoanError({ vi: `Lần ghi sổ ${event.id} không có số tiền`, en: `${event.id} has no amount` });
  if ('until' in event && event.until <= event.on)
    throw new LoanError({
      vi: `Lần ghi sổ ${event.id} kết thúc trước khi bắt đầu`,
      en: `${event.id} ends before it begins`,
    });
  if (event.kind === 'recalled' && event.dueOn < event.on)
    throw new LoanError({
      vi: `Lần ghi sổ ${event.id} thu hồi nợ vào ngày đã qua`,
      en: `${event.id} recalls for a day that is over`,
    });
  if (event.kind === 'rescheduled') checkPlan(event.plan, event.on);
  if (event.kind === 'rateChanged' && (!Number.isSafeInteger(event.ratePpm) || event.ratePpm < 0))
    throw new LoanError({
      vi: `Lãi suất không hợp lệ: ${event.ratePpm}`,
      en: `Not a rate: ${event.ratePpm}`,
    });
}
