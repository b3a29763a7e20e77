import { type Instalment, scheduleOf } from '@ansinh/loans';
import { ProblemError } from '@ansinh/problem';
import { productOn } from '../loan/loan-rows.js';
import { loanProblems } from '../loan/loan.problems.js';
import { scheduleTermsOf } from '../product/contract-terms.js';
import type { PreviewSchedule, ScheduleView } from './schedule-preview.dto.js';

/** What a loan would be repaid by. @throws ProblemError LOAN_PRODUCT, LOAN_RATE, LOAN_SCHEDULE */
export function previewOf({ productCode, amount, ratePpm: given, ...days }: PreviewSchedule): ScheduleView {
  const product = productOn(productCode, days.disbursedOn);
  const ratePpm = given ?? product.ratePpm?.value;
  if (ratePpm === undefined) throw new ProblemError(loanProblems.rate);
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

function instalmentsOf(make: () => Instalment[]): Instalment[] {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError(loanProblems.schedule, { extensions: { reason: error.message } });
  }
}
