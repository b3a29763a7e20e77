import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { lawOf } from '../law/law.js';
import type { CapitalSource } from '../product/approving-body.js';
import type { FundReport, FundReportQuery } from './fund-report.dto.js';
import { fundReportProblems } from './fund-report.problems.js';
import { interestUse, lawPeriods } from './interest-use.js';

interface Fund {
  placeCode: string;
  source: CapitalSource;
}

interface Days {
  from: string;
  through: string;
  knownOn: string;
}

type Sums = Pick<
  FundReport,
  'opening' | 'disbursed' | 'principalCollected' | 'principalCancelled' | 'closing'
>;

export const fundKey = ({ placeCode, source }: Fund): [string, string] => [placeCode, source];
const keyOf = (fund: Fund) => fundKey(fund).join(' ');

/** What came into a fund and went out of it in a period, and whose the interest is. */
@Injectable()
export class FundReportService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError FUND_REPORT_PERIOD */
  async list(query: FundReportQuery, actor: Actor): Promise<Page<FundReport>> {
    const { through = todayInVietnam(), knownOn = todayInVietnam() } = query;
    const { from = `${through.slice(0, 4)}-01-01` } = query;
    if (from > through || from.slice(0, 4) !== through.slice(0, 4))
      throw new ProblemError(fundReportProblems.period);
    const days = { from, through, knownOn };
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const page = pageOf(await fundsOf(tx, query, through), query.limit, fundKey);
      return { ...page, items: await reportsOf(tx, page.items, days) };
    });
  }
}

async function fundsOf(
  tx: Transaction,
  { after, limit, placeCode, source }: FundReportQuery,
  through: string,
): Promise<Fund[]> {
  const [place, afterSource] = readCursor(after, 'text', 'text') ?? [null, null];
  return (await tx.query(
    `SELECT DISTINCT place_code AS "placeCode", source FROM capital_plan
     WHERE year <= $1 AND ($2::text IS NULL OR (place_code, source) > ($2, $3::text))
       AND ($4::text IS NULL OR place_code = $4) AND ($5::text IS NULL OR source = $5)
     ORDER BY place_code, source LIMIT $6`,
    [through.slice(0, 4), place, afterSource, placeCode ?? null, source ?? null, limit + 1],
  )) as Fund[];
}

async function reportsOf(tx: Transaction, funds: readonly Fund[], days: Days): Promise<FundReport[]> {
  if (funds.length === 0) return [];
  const policy = await lawOf(tx);
  const periods = lawPeriods(policy, `${days.from.slice(0, 4)}-01-01`, days.through);
  const sums = await sumsOf(tx, funds, days);
  const interest = await interestOf(tx, funds, { ...days, from: periods[0]!.from });
  return funds.map((fund) => {
    const collected = interest.get(keyOf(fund)) ?? [];
    const between = (from: string, through: string) =>
      collected.reduce((sum, { on, amount }) => (from <= on && on <= through ? sum + amount : sum), 0n);
    const use = interestUse(
      policy,
      periods.map((period) => {
        const begun = period.from > days.from ? period.from : days.from;
        return {
          period,
          before: between(period.from, addDays(begun, -1)),
          within: between(begun, period.through),
        };
      }),
    );
    const none = '0';
    const nothing = {
      opening: none,
      disbursed: none,
      principalCollected: none,
      principalCancelled: none,
      closing: none,
    };
    return {
      ...fund,
      from: days.from,
      through: days.through,
      ...(sums.get(keyOf(fund)) ?? nothing),
      interestCollected: use.collected.toString(),
      ministry: use.parts.ministry.toString(),
      departmentAndDistricts: use.parts.departmentAndDistricts.toString(),
      fund: use.parts.fund.toString(),
      bank: use.parts.bank.toString(),
      undivided: use.undivided.toString(),
      rows: use.rows,
      unconfirmed: use.unconfirmed,
    };
  });
}

/**
 * Entries of the books of the loans of these funds, with the event that each is of. An entry that takes another one back counts for the
 * day of that, and bears its cause; it is known since the event by which it was posted was recorded.
 */
const entriesOfFunds = `
  FROM unnest($1::text[], $2::text[]) AS fund (place_code, source)
    JOIN capital_plan plan ON plan.place_code = fund.place_code AND plan.source = fund.source
    JOIN loan ON loan.plan_id = plan.id
    JOIN book_transaction entry ON entry.loan_id = loan.id AND entry.counts_on <= $4::date
    JOIN loan_event event ON event.loan_id = loan.id AND event.number::text = entry.cause
    JOIN loan_event recorded ON recorded.loan_id = loan.id AND recorded.number::text = split_part(entry.reference, '/', 1)
      AND recorded.recorded_on <= $5::date
    JOIN book_posting posting ON posting.transaction_id = entry.id`;

async function sumsOf(
  tx: Transaction,
  funds: readonly Fund[],
  { from, through, knownOn }: Days,
): Promise<Map<string, Sums>> {
  const rows = (await tx.query(
    `SELECT plan.place_code AS "placeCode", plan.source,
       coalesce(sum(posting.amount) FILTER (WHERE entry.counts_on < $3::date), 0)::text AS opening,
       coalesce(sum(posting.amount) FILTER (WHERE event.kind = 'disbursed' AND entry.counts_on >= $3), 0)::text AS disbursed,
       coalesce(-sum(posting.amount) FILTER (WHERE event.kind IN ('repaid', 'refunded') AND entry.counts_on >= $3), 0)::text
         AS "principalCollected",
       coalesce(-sum(posting.amount) FILTER (WHERE event.kind = 'principalCancelled' AND entry.counts_on >= $3), 0)::text
         AS "principalCancelled",
       sum(posting.amount)::text AS closing
     ${entriesOfFunds} AND posting.kind IN ('principal', 'overduePrincipal')
     GROUP BY plan.place_code, plan.source`,
    parametersOf(funds, { from, through, knownOn }),
  )) as (Fund & Sums)[];
  return new Map(rows.map(({ placeCode, source, ...sums }) => [keyOf({ placeCode, source }), sums]));
}

interface InterestOfDay {
  on: string;
  amount: bigint;
}

/** Interest that came in, by day. Money has moved where `capital` has: an accrual that is taken back is no payment. */
async function interestOf(
  tx: Transaction,
  funds: readonly Fund[],
  days: Days,
): Promise<Map<string, InterestOfDay[]>> {
  const rows = (await tx.query(
    `SELECT plan.place_code AS "placeCode", plan.source, entry.counts_on::text AS on, -sum(posting.amount)::bigint AS amount
     ${entriesOfFunds} AND posting.kind IN ('interestReceivable', 'overdueInterestReceivable')
     WHERE entry.counts_on >= $3::date AND event.kind IN ('repaid', 'refunded')
       AND EXISTS (SELECT FROM book_posting money WHERE money.transaction_id = entry.id AND money.kind = 'capital')
     GROUP BY plan.place_code, plan.source, entry.counts_on`,
    parametersOf(funds, days),
  )) as (Fund & { on: string; amount: string })[];
  const collected = Map.groupBy(rows, keyOf);
  return new Map(
    [...collected].map(([key, ofFund]) => [
      key,
      ofFund.map(({ on, amount }) => ({ on, amount: BigInt(amount) })),
    ]),
  );
}

const parametersOf = (funds: readonly Fund[], { from, through, knownOn }: Days) => [
  funds.map(({ placeCode }) => placeCode),
  funds.map(({ source }) => source),
  from,
  through,
  knownOn,
];
