import { addDays } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { appliedOn, bandOf, debtGroups, type LoanBook, type LoanContract, wakesOn } from '@ansinh/loans';

/** How far the ledger of a loan goes, and what lists and the next closing need to know of its book. */
export interface Standing {
  loanId: string;
  /** How many events were folded. */
  events: number;
  book: LoanBook;
  contract: LoanContract;
}

/** Writes how loans stand at the ends of the days of their books. */
export async function keepStandings(tx: Transaction, standings: readonly Standing[]): Promise<void> {
  const of = <T>(value: (standing: Standing) => T) => standings.map(value);
  const days = ({ book }: Standing) => book.position.daysPastDue;
  const groups = ({ book }: Standing) => appliedOn(debtGroups, book.position.on).value;
  await tx.query(
    `UPDATE loan_book book SET events = kept.events, booked_through = kept.through, entries = kept.entries,
       days_past_due = kept.days, past_due_from = kept.past_due_from, debt_group = kept.debt_group, wakes_on = kept.wakes_on
     FROM unnest($1::uuid[], $2::int[], $3::date[], $4::int[], $5::int[], $6::date[], $7::text[], $8::date[])
       AS kept (loan_id, events, through, entries, days, past_due_from, debt_group, wakes_on)
     WHERE book.loan_id = kept.loan_id`,
    [
      of(({ loanId }) => loanId),
      of(({ events }) => events),
      of(({ book }) => book.position.on),
      of(({ book }) => book.entries.length),
      of(days),
      of(pastDueFrom),
      of((standing) => bandOf(days(standing), groups(standing)).code),
      of((standing) => wakesOn(standing.contract, standing.book, groups(standing))),
    ],
  );
}

/** While a loan is frozen its days do not count, and the number of them stands as it was. */
function pastDueFrom({ book }: Standing): string | null {
  const { on, daysPastDue, frozenUntil } = book.position;
  return daysPastDue === 0 || frozenUntil !== null ? null : addDays(on, -daysPastDue);
}
