import { type Instalment, type LoanProductCode, scheduleOf } from '@ansinh/loans';
import { type Facts, openPolicy, type Policy } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { loanCatalogue } from '../law/law.js';
import { limitOf } from '../law/lending-law.js';
import { productOn } from '../loan/loan-rows.js';
import { loanProblems, refusedFor } from '../loan/loan.problems.js';
import { scheduleTermsOf } from '../product/contract-terms.js';
import type { PreviewSchedule, ScheduleView } from './schedule-preview.dto.js';

/** What a loan would be repaid by. @throws ProblemError LOAN_PRODUCT, LOAN_RATE, LOAN_SCHEDULE */
export function previewOf({ productCode, amount, ratePpm: given, ...days }: PreviewSchedule): ScheduleView {
  const product = productOn(productCode, days.disbursedOn);
  const ratePpm = given ?? usualRate(productCode, days.disbursedOn);
  if (ratePpm === null) throw new ProblemError(loanProblems.rate);
  const instalments = instalmentsOf(() =>
    scheduleOf(scheduleTermsOf(product, { ...days, ratePpm, amount: BigInt(amount) })),
  );
  return {
    ratePpm,
    interest: instalments.reduce((total, { interest }) => total + interest, 0n).toString(),
    instalments: instalments.map(({ number, dueOn, principal, interest, balance }) => ({
      number,
      dueOn,
      principal: principal.toString(),
      interest: interest.toString(),
      balance: balance.toString(),
    })),
  };
}

/** Of somebody of no priority group; null where the law names none. */
function usualRate(productCode: LoanProductCode, on: string): number | null {
  const rate = limitOf(policy().evaluate('employment-loan-rate', usualFacts[productCode], on));
  return rate === null ? null : Number(rate);
}

let opened: Policy | undefined;
const policy = () => (opened ??= openPolicy({ catalogue: loanCatalogue() }));

const usualFacts: Record<LoanProductCode, Facts> = {
  'EL-ESTABLISHMENT': { purpose: 'job', borrower: 'smallEnterprise', workers: 1, priorityWorkers: 0 },
  'EL-WORKER': { purpose: 'job', borrower: 'worker' },
  'OL-WORKER': { purpose: 'overseas', borrower: 'worker' },
};

function instalmentsOf(make: () => Instalment[]): Instalment[] {
  try {
    return make();
  } catch (error) {
    throw refusedFor(error, loanProblems.schedule);
  }
}
