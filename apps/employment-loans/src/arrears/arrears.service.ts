import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import type { ArrearsFilter, ArrearsView } from './arrears.dto.js';

/** Loans of which something is past due and counts days: one that is frozen is not among them. */
@Injectable()
export class ArrearsService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async list(
    { after, limit, debtGroup, placeCode }: ArrearsFilter,
    actor: Actor,
  ): Promise<Page<ArrearsView>> {
    const [since, id] = readCursor(after, 'day', 'uuid') ?? [null, null];
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT loan.id AS "loanId", loan.code, loan.borrower_name AS "borrowerName", loan.place_code AS "placeCode",
           loan.product_code AS "productCode", loan.state, book.debt_group AS "debtGroup",
           $1::date - book.past_due_from AS "daysPastDue", book.past_due_from::text AS "pastDueFrom",
           (principal.balance + overdue.balance)::text AS principal, overdue.balance::text AS "overduePrincipal"
         FROM loan_book book JOIN loan ON loan.id = book.loan_id
           JOIN book_account principal ON principal.loan_id = loan.id AND principal.kind = 'principal'
           JOIN book_account overdue ON overdue.loan_id = loan.id AND overdue.kind = 'overduePrincipal'
         WHERE book.past_due_from IS NOT NULL AND ($2::date IS NULL OR (book.past_due_from, book.loan_id) > ($2, $3::uuid))
           AND ($4::text IS NULL OR book.debt_group = $4) AND ($5::text IS NULL OR loan.place_code = $5)
         ORDER BY book.past_due_from, book.loan_id LIMIT $6`,
        [todayInVietnam(), since, id, debtGroup ?? null, placeCode ?? null, limit + 1],
      ),
    )) as ArrearsView[];
    return pageOf(rows, limit, ({ pastDueFrom, loanId }) => [pastDueFrom, loanId]);
  }
}
