import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import { upcomingDues } from '@ansinh/loans';
import { contractsOfLoans, eventsOfLoans } from '../loan/loan-events.js';
import type { ReminderFilter, ReminderView } from './reminder.dto.js';

type ReminderRow = Omit<ReminderView, 'dueOn' | 'principal' | 'interest'> & { nextDueOn: string };

/** Whom to remind, and of how much: the books of a page of loans are folded until the days that come. */
@Injectable()
export class ReminderService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async list({ after, limit, days, placeCode }: ReminderFilter, actor: Actor): Promise<Page<ReminderView>> {
    const today = todayInVietnam();
    const [since, id] = readCursor(after, 'day', 'uuid') ?? [null, null];
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      // By the last closing or event: a day that nobody closed yet leaves a loan on an earlier one, and its book says what is so.
      const rows = (await tx.query(
        `SELECT loan.id AS "loanId", loan.code, loan.borrower_name AS "borrowerName", loan.place_code AS "placeCode",
           loan.product_code AS "productCode", book.next_due_on::text AS "nextDueOn"
         FROM loan_book book JOIN loan ON loan.id = book.loan_id
         WHERE book.next_due_on <= $1 AND ($2::date IS NULL OR (book.next_due_on, book.loan_id) > ($2, $3::uuid))
           AND ($4::text IS NULL OR loan.place_code = $4)
         ORDER BY book.next_due_on, book.loan_id LIMIT $5`,
        [addDays(today, days), since, id, placeCode ?? null, limit + 1],
      )) as ReminderRow[];
      const page = pageOf(rows, limit, ({ nextDueOn, loanId }) => [nextDueOn, loanId]);
      const ids = page.items.map(({ loanId }) => loanId);
      const contracts = await contractsOfLoans(tx, ids);
      const events = await eventsOfLoans(tx, ids);
      const items = page.items.flatMap(({ nextDueOn: _, ...loan }) =>
        upcomingDues(contracts.get(loan.loanId)!.terms, events.get(loan.loanId) ?? [], today, days).map(
          ({ dueOn, principal, interest }): ReminderView => ({
            ...loan,
            dueOn,
            principal: principal.toString(),
            interest: interest.toString(),
          }),
        ),
      );
      return { items, next: page.next };
    });
  }
}
