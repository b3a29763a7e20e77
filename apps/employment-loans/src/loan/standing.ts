import { addDays } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { appliedOn, bandOf, debtGroups, type LoanBook, type LoanContract, wakesOn } from '@ansinh/loans';
import { reminderDays } from '../event/event-types.js';
import { isInstalment } from '../event/tell-events.js';

/**
 * How far the ledger of a loan goes, and what lists and the next closing need to know of its book: what its row says, and nothing of the
 * book itself, which is larger by far.
 */
export interface Standing {
  loanId: string;
  /** How many events were folded. */
  events: number;
  through: string;
  entries: number;
  daysPastDue: number;
  pastDueFrom: string | null;
  debtGroup: string;
  wakesOn: string | null;
  nextDueOn: string | null;
}

export function standingOf(
  loanId: string,
  { contract, events, book }: { contract: LoanContract; events: number; book: LoanBook },
): Standing {
  const { on: through, daysPastDue, payoff } = book.position;
  const groups = appliedOn(debtGroups, through).value;
  return {
    loanId,
    events,
    through,
    entries: book.entries.length,
    daysPastDue,
    pastDueFrom: pastDueFrom(book),
    debtGroup: bandOf(daysPastDue, groups).code,
    wakesOn: wakesOn(contract, book, groups, reminderDays),
    nextDueOn: payoff === 0n ? null : (book.upcoming.find(isInstalment)?.dueOn ?? null),
  };
}

/** While a loan is frozen its days do not count, and the number of them stands as it was. */
function pastDueFrom({ position: { on, daysPastDue, frozenUntil } }: LoanBook): string | null {
  return daysPastDue === 0 || frozenUntil !== null ? null : addDays(on, -daysPastDue);
}

/**
 * Writes how loans stand at the ends of the days of their books, and which group of debt they have come from. Time makes a loan
 * worse on the day that the group begins with, whenever that is found; anything else counts from the day of the book.
 */
export async function keepStandings(tx: Transaction, standings: readonly Standing[]): Promise<void> {
  const of = <T>(value: (standing: Standing) => T) => standings.map(value);
  // Between which groups a loan moved is told by those of the last day, which is the day of all of them at an end of a day.
  const last = of(({ through }) => through)
    .sort()
    .at(-1);
  if (last === undefined) return;
  const bands = appliedOn(debtGroups, last).value;
  await tx.query(
    `WITH kept AS (
       SELECT * FROM unnest($1::uuid[], $2::int[], $3::date[], $4::int[], $5::int[], $6::date[], $7::text[], $8::date[],
           $9::date[])
         AS kept (loan_id, events, through, entries, days, past_due_from, debt_group, wakes_on, next_due_on)),
     band AS (SELECT * FROM unnest($10::text[], $11::int[]) WITH ORDINALITY AS band (code, from_days, place)),
     changed AS (
       INSERT INTO debt_group_change (loan_id, changed_on, was, becomes)
       SELECT kept.loan_id, CASE WHEN step.is_by_time THEN kept.past_due_from + step.from_days ELSE kept.through END,
         step.was, step.code
       FROM kept JOIN loan_book book USING (loan_id)
         JOIN band was ON was.code = coalesce(book.debt_group, $10[1])
         JOIN band becomes ON becomes.code = kept.debt_group AND becomes.place <> was.place,
         LATERAL (
           SELECT code, from_days, was.code AS was, false AS is_by_time FROM band
           WHERE place = becomes.place AND (place < was.place OR kept.past_due_from IS NULL)
           UNION ALL
           SELECT worse.code, worse.from_days, better.code, true FROM band worse JOIN band better ON better.place = worse.place - 1
           WHERE worse.place > was.place AND worse.place <= becomes.place AND kept.past_due_from IS NOT NULL) step
       ORDER BY kept.loan_id, step.from_days)
     UPDATE loan_book book SET events = kept.events, booked_through = kept.through, entries = kept.entries,
       days_past_due = kept.days, past_due_from = kept.past_due_from, debt_group = kept.debt_group, wakes_on = kept.wakes_on,
       next_due_on = kept.next_due_on
     FROM kept WHERE book.loan_id = kept.loan_id`,
    [
      of(({ loanId }) => loanId),
      of(({ events }) => events),
      of(({ through }) => through),
      of(({ entries }) => entries),
      of(({ daysPastDue }) => daysPastDue),
      of(({ pastDueFrom: from }) => from),
      of(({ debtGroup }) => debtGroup),
      of(({ wakesOn: day }) => day),
      of(({ nextDueOn }) => nextDueOn),
      bands.map(({ code }) => code),
      bands.map(({ fromDays }) => fromDays),
    ],
  );
}
