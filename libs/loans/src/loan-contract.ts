import type { Rounding } from '@ansinh/money';
import type { DayCount } from './day-count.js';
import type { Instalment } from './schedule.js';
import { LoanError } from './loan-error.js';

/** A day on which principal falls due, and, if so agreed, the interest until then. */
export interface PlannedDue {
  dueOn: string;
  principal: bigint;
  isInterestDue: boolean;
}

/** What is due, in the order in which a repayment covers it. */
export type DuePart = 'overdueInterest' | 'interestDue' | 'principalDue';
/** What is not due yet, for the rest of it. */
export type AheadPart = 'interestAccrued' | 'principalAhead';

/** The terms by which the book of a loan is kept: settings of its product, as the contract has them. */
export interface LoanContract {
  /** Parts per million a year: 79_200 is 7.92 %. */
  ratePpm: number;
  /** Of that rate, on overdue principal: 130. */
  overdueRatePercent: number;
  /** `maturity`: an instalment that is missed bears the ordinary rate until the whole loan is due. */
  overdueFrom: 'dueDay' | 'maturity';
  /** The first day that bears interest, where that is later than the disbursement. */
  interestFrom?: string;
  dayCount: DayCount;
  interestRounding: Rounding;
  /** The last of them takes all principal that is left, whatever was planned; the others no more than that. */
  plan: readonly PlannedDue[];
  allocation: {
    onTime: readonly DuePart[];
    /** When a day begins with something past due. */
    pastDue: readonly DuePart[];
    ahead: readonly AheadPart[];
  };
  /** Which instalments principal that is repaid early makes smaller. */
  earlyPrincipal: 'next' | 'last';
  /** When the ledger gets what has accrued between two due days; where this is left out, with the next event or due day alone. */
  accrualPosted?: 'monthEnd';
}

/** The plan that a schedule is. */
export function planOf(instalments: readonly Instalment[]): PlannedDue[] {
  return instalments.map(({ dueOn, principal, isInterestDue }) => ({ dueOn, principal, isInterestDue }));
}

/** @throws LoanError for a contract by which no book can be kept */
export function checkContract({ plan, allocation, ratePpm, overdueRatePercent }: LoanContract): void {
  checkPlan(plan, '');
  for (const order of [allocation.onTime, allocation.pastDue])
    checkParts(order, ['interestDue', 'overdueInterest', 'principalDue']);
  checkParts(allocation.ahead, ['interestAccrued', 'principalAhead']);
  for (const rate of [ratePpm, overdueRatePercent])
    if (!Number.isSafeInteger(rate) || rate < 0)
      throw new LoanError({ vi: `Lãi suất không hợp lệ: ${rate}`, en: `Not a rate: ${rate}` });
}

export function checkPlan(plan: readonly PlannedDue[], after: string): void {
  if (plan.length === 0)
    throw new LoanError({
      vi: 'Lịch trả nợ phải có ngày đến hạn',
      en: 'A plan has a day on which the loan is due',
    });
  plan.reduce((before, { dueOn, principal }) => {
    if (dueOn <= before || principal < 0n)
      throw new LoanError({
        vi: `Lịch trả nợ không hợp lệ: ngày ${dueOn} sau ngày ${before}`,
        en: `Not a plan: ${dueOn} after ${before}`,
      });
    return dueOn;
  }, after);
}

/** A part that stood in no order would never be repaid; one that stood twice hides such a one. */
function checkParts(order: readonly string[], parts: readonly string[]): void {
  if ([...order].sort().join() !== parts.join())
    throw new LoanError({
      vi: `Thứ tự thu nợ phải gồm đủ: ${parts.join(', ')}`,
      en: `Not an order of ${parts.join(', ')}`,
    });
}
