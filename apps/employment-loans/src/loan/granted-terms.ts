import type { Transaction } from '@ansinh/database';
import { isCollateralNeeded, loanCeiling, type LoanProduct } from '@ansinh/loans';
import { ProblemError } from '@ansinh/problem';
import { contractOf, writeContract } from '../product/contract-terms.js';
import type { SignLoan } from './loan-moves.dto.js';
import { loanProblems } from './loan.problems.js';
import type { LoanRow } from './loan-rows.js';

/** What the law says; where it says none, what the appraisal does. @throws ProblemError LOAN_RATE */
export function rateOf(product: LoanProduct, loan: LoanRow, given: number | undefined): number {
  const lawful = (loan.is_priority ? (product.priorityRatePpm ?? product.ratePpm) : product.ratePpm)?.value;
  if (lawful !== undefined && given !== undefined && given !== lawful)
    throw new ProblemError(loanProblems.rate);
  const rate = lawful ?? given;
  if (rate === undefined) throw new ProblemError(loanProblems.rate);
  return rate;
}

/** How many workers each loan is for. */
export async function workersOfLoans(
  tx: Transaction,
  loanIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = (await tx.query(
    'SELECT loan_id AS id, count(*)::int AS count FROM loan_worker WHERE loan_id = ANY($1::uuid[]) GROUP BY loan_id',
    [loanIds],
  )) as { id: string; count: number }[];
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** @throws ProblemError LOAN_CEILING, LOAN_TERM, LOAN_COLLATERAL */
export function requireWithinProduct(
  loan: LoanRow,
  product: LoanProduct,
  { amount, termMonths, workers }: { amount: bigint; termMonths: number; workers: number },
): void {
  const ceiling = loanCeiling(product, workers);
  if (ceiling !== null && amount > ceiling)
    throw new ProblemError(loanProblems.ceiling, { extensions: { ceiling: ceiling.toString() } });
  const longest = product.termMonths?.value;
  if (typeof longest === 'number' && termMonths > longest)
    throw new ProblemError(loanProblems.term, { extensions: { termMonths: longest } });
  if (isCollateralNeeded(product, amount) && loan.project.collateral.length === 0)
    throw new ProblemError(loanProblems.collateral);
}

/** @throws ProblemError LOAN_SCHEDULE */
export function termsOf(
  product: LoanProduct,
  loan: LoanRow,
  days: Pick<SignLoan, 'disbursedOn' | 'firstDueOn' | 'dueDayOfMonth'> & { signedOn: string },
): string {
  const amount = BigInt(loan.granted_amount!);
  const agreed = { amount, termMonths: loan.granted_term_months!, ratePpm: loan.rate_ppm!, ...days };
  try {
    return writeContract(contractOf(product, agreed));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError(loanProblems.schedule, { extensions: { reason: error.message } });
  }
}
