import { addDays } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { LoanBook } from '@ansinh/loans';
import { type EventType, reminderDays } from './event-types.js';

export interface ToldEvent {
  loanId: string;
  type: EventType;
  /** Of an instalment. */
  dueOn: string | null;
  /** By which a loan closed. */
  move: number | null;
}

/**
 * What the book of a loan gives to tell: what falls due within the days of a reminder, or has fallen due since the book was looked
 * at last, and what is open when its day is over. While a loan is frozen nothing is overdue.
 * @param since the day until which the book was looked at before
 */
export function eventsOfBook(loanId: string, book: LoanBook, since: string): ToldEvent[] {
  const { on, payoff, openPrincipal, openInterest, frozenUntil } = book.position;
  const until = addDays(on, reminderDays);
  const ahead = payoff === 0n ? [] : book.upcoming.filter(isInstalment).map(({ dueOn }) => dueOn);
  const fallen = book.movements.filter(({ kind }) => kind === 'fellDue').map((movement) => movement.on);
  const soon = [...fallen.filter((dueOn) => dueOn > since), ...ahead.filter((dueOn) => dueOn <= until)];
  const open = frozenUntil === null ? [...openPrincipal, ...openInterest].map(({ dueOn }) => dueOn) : [];
  const event = (type: EventType) => (dueOn: string) => ({ loanId, type, dueOn, move: null });
  return [
    ...[...new Set(soon)].map(event('instalment.dueSoon')),
    ...[...new Set(open)].filter((dueOn) => dueOn < on).map(event('instalment.overdue')),
  ];
}

export const closedBy = (loanId: string, move: number): ToldEvent => ({
  loanId,
  type: 'loan.closed',
  dueOn: null,
  move,
});

/** A due day that was deferred or moved leaves a line of nothing behind. */
export const isInstalment = ({ principal, isInterestDue }: LoanBook['upcoming'][number]): boolean =>
  principal > 0n || isInterestDue;

/**
 * Tells of each event once, whoever comes with it again, in the transaction of its effect. Numbers are given under the lock of the
 * head, which is held to the commit: it is taken when the loans are written, behind their capital and before the audit head. The loans are locked.
 */
export async function tellEvents(tx: Transaction, events: readonly ToldEvent[]): Promise<void> {
  if (events.length === 0) return;
  const of = <T>(value: (event: ToldEvent) => T) => events.map(value);
  await tx.query(
    // Of two payments of one loan both may come with the same.
    `WITH fresh AS (
       SELECT loan_id, type, due_on, move, row_number() OVER (ORDER BY min(place)) AS step
       FROM unnest($1::uuid[], $2::text[], $3::date[], $4::int[]) WITH ORDINALITY AS told (loan_id, type, due_on, move, place)
       WHERE NOT EXISTS (
         SELECT FROM event WHERE event.loan_id = told.loan_id AND event.type = told.type
           AND event.due_on IS NOT DISTINCT FROM told.due_on AND event.move IS NOT DISTINCT FROM told.move)
       GROUP BY loan_id, type, due_on, move),
     counted AS (SELECT count(*) AS events FROM fresh),
     head AS (UPDATE event_head SET last = last + counted.events FROM counted WHERE counted.events > 0
              RETURNING last - counted.events AS before)
     INSERT INTO event (seq, type, loan_id, due_on, move)
     SELECT head.before + fresh.step, type, loan_id, due_on, move FROM fresh, head ORDER BY fresh.step`,
    [of(({ loanId }) => loanId), of(({ type }) => type), of(({ dueOn }) => dueOn), of(({ move }) => move)],
  );
}
