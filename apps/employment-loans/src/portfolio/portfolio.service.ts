import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { asSystem, inTransaction } from '@ansinh/database';
import { appliedOn, debtGroups, type LoanAccount } from '@ansinh/loans';
import { placeCodesUnder } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { loanProblems } from '../loan/loan.problems.js';
import type {
  PortfolioDimension,
  PortfolioLine,
  PortfolioQuery,
  PortfolioSums,
  PortfolioView,
} from './portfolio.dto.js';

/** What is out, as of a day: the balances of today less what counts from a later day, so a recent day costs little. */
@Injectable()
export class PortfolioService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError LOAN_DAY for a day that has not come */
  async asOf(query: PortfolioQuery, actor: Actor): Promise<PortfolioView> {
    const today = todayInVietnam();
    const { on = today, knownOn, placeCode, by } = query;
    if (on > today || (knownOn ?? '') > today) throw new ProblemError(loanProblems.day);
    const scope = scopeOf(actor);
    const asked = placeCode === undefined ? null : new Set(placeCodesUnder(placeCode));
    const places = scope.offices.filter((code) => asked?.has(code) ?? true);
    return inTransaction(this.dataSource, scope, (tx) =>
      // Everything of a loan is seen where the loan is. Asked of its accounts and entries one by one, as the policies do, that takes
      // longer than all sums; so the loans of the caller's places are taken first, and nothing of others.
      asSystem(tx, async () => {
        const [closing] = (await tx.query(
          `SELECT max(day)::text AS day FROM loan_closing WHERE state = 'closed'`,
        )) as { day: string | null }[];
        const known = knownOn === undefined ? [] : [addDays(knownOn, 1)];
        const rows = (await tx.query(portfolioBy(by, knownOn !== undefined), [
          on,
          places,
          appliedOn(debtGroups, today).value[0]!.code,
          owedAccounts,
          ...known,
        ])) as (PortfolioLine & { isTotal: boolean })[];
        const items: PortfolioLine[] = [];
        let total: PortfolioSums | undefined;
        for (const { isTotal, ...line } of rows) {
          if (!isTotal) items.push(line);
          else {
            const { loans, principal, overduePrincipal, interest, overdueInterest } = line;
            total = { loans, principal, overduePrincipal, interest, overdueInterest };
          }
        }
        return { on, closedThrough: closing!.day, total: total!, items };
      }),
    );
  }
}

/** What the borrower owes. */
const owedAccounts = [
  'principal',
  'overduePrincipal',
  'interestReceivable',
  'overdueInterestReceivable',
] as const satisfies readonly LoanAccount[];

const columns: Record<PortfolioDimension, string> = {
  place: 'place_code',
  product: 'product_code',
  debtGroup: 'debt_group',
  capitalSource: 'capital_source',
};

/**
 * One statement. Of each loan: its balances, less what was posted for days after that day (or became known after the other); its
 * group, or that which it had before the first change since.
 */
function portfolioBy(by: readonly PortfolioDimension[], isOfKnown: boolean): string {
  const grouped = by.map((dimension) => columns[dimension]).join(', ');
  const of = (dimension: PortfolioDimension) => (by.includes(dimension) ? columns[dimension] : 'NULL::text');
  const sum = (column: string) => `coalesce(sum(${column}), 0)::text`;
  const isLater = `at >= ($5::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')`;
  const since = (column: string) => (isOfKnown ? `(${column} > $1 OR ${isLater})` : `${column} > $1`);
  // Changes that were known come before those that were recorded later, which may be of earlier days.
  const first = isOfKnown ? `${isLater}, CASE WHEN NOT ${isLater} THEN changed_on END, id` : 'changed_on, id';
  return `
WITH seen AS (
  SELECT loan.id, place_code, product_code, plan_id, book.debt_group
  FROM loan JOIN loan_book book ON book.loan_id = loan.id WHERE place_code = ANY($2::text[])),
moved AS (
  SELECT loan_id, kind, balance AS amount FROM book_account WHERE kind = ANY($4::text[]) AND balance <> 0
  UNION ALL
  SELECT posting.loan_id, posting.kind, -posting.amount
  FROM (SELECT id FROM book_transaction WHERE ${since('counts_on')}) entry JOIN book_posting posting ON posting.transaction_id = entry.id
  WHERE posting.kind = ANY($4::text[])),
owed AS (
  SELECT loan_id, coalesce(sum(amount) FILTER (WHERE kind IN ('principal', 'overduePrincipal')), 0)::bigint AS principal,
    coalesce(sum(amount) FILTER (WHERE kind = 'overduePrincipal'), 0)::bigint AS overdue_principal,
    coalesce(sum(amount) FILTER (WHERE kind = 'interestReceivable'), 0)::bigint AS interest,
    coalesce(sum(amount) FILTER (WHERE kind = 'overdueInterestReceivable'), 0)::bigint AS overdue_interest
  FROM moved GROUP BY loan_id),
changed AS (
  SELECT DISTINCT ON (loan_id) loan_id, was FROM debt_group_change WHERE ${since('changed_on')} ORDER BY loan_id, ${first}),
line AS (
  SELECT seen.place_code, seen.product_code, coalesce(changed.was, seen.debt_group, $3) AS debt_group,
    plan.source AS capital_source, principal, overdue_principal, interest, overdue_interest
  FROM owed JOIN seen ON seen.id = owed.loan_id LEFT JOIN changed ON changed.loan_id = owed.loan_id
    LEFT JOIN capital_plan plan ON plan.id = seen.plan_id)
SELECT GROUPING(${grouped}) <> 0 AS "isTotal", ${of('place')} AS "placeCode", ${of('product')} AS "productCode",
  ${of('debtGroup')} AS "debtGroup", ${of('capitalSource')} AS "capitalSource", count(*)::int AS loans,
  ${sum('principal')} AS principal, ${sum('overdue_principal')} AS "overduePrincipal", ${sum('interest')} AS interest,
  ${sum('overdue_interest')} AS "overdueInterest"
FROM line WHERE principal + interest + overdue_interest > 0 GROUP BY GROUPING SETS ((${grouped}), ()) ORDER BY ${grouped}`;
}
