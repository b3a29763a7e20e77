import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { LoanProduct } from '@ansinh/loans';
import type { Policy } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { lawOf } from '../law/law.js';
import {
  type ApplicationFacts,
  applicationOf,
  isCollateralNeeded,
  type LendingLaw,
  lendingLaw,
  limitOf,
} from '../law/lending-law.js';
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

/** The law by which loans are judged, and how many workers each of them is for. */
export interface LawOfLoans {
  policy: Policy;
  workers: ReadonlyMap<string, number>;
}

export async function lawOfLoans(tx: Transaction, loanIds: readonly string[]): Promise<LawOfLoans> {
  const rows = (await tx.query(
    'SELECT loan_id AS id, count(*)::int AS count FROM loan_worker WHERE loan_id = ANY($1::uuid[]) GROUP BY loan_id',
    [loanIds],
  )) as { id: string; count: number }[];
  return { policy: await lawOf(tx), workers: new Map(rows.map(({ id, count }) => [id, count])) };
}

/** The law is asked with what the commune and the bank have said. @throws ProblemError LOAN_BORROWER, LOAN_CEILING, LOAN_TERM, LOAN_COLLATERAL */
export function requireLawful(
  { policy, workers }: LawOfLoans,
  loan: LoanRow,
  granted: { amount: bigint; termMonths: number },
): void {
  const application = { ...applicationOf(loan, workers.get(loan.id) ?? 0), amount: granted.amount };
  const facts = { ...application, isConfirmed: true, isEligible: true } as const;
  requireWithin(lendingLaw(policy, facts, todayInVietnam()), facts, granted.termMonths);
}

/** @throws ProblemError LOAN_BORROWER, LOAN_CEILING, LOAN_TERM, LOAN_COLLATERAL */
function requireWithin(
  law: LendingLaw,
  { amount, hasCollateral }: ApplicationFacts,
  termMonths: number,
): void {
  if (isCollateralNeeded(law.collateral) && !hasCollateral) throw new ProblemError(loanProblems.collateral);
  if (law.ceiling.outcome === 'refused') throw new ProblemError(loanProblems.borrower);
  const ceiling = limitOf(law.ceiling);
  if (ceiling !== null && amount > ceiling)
    throw new ProblemError(loanProblems.ceiling, { extensions: { ceiling: ceiling.toString() } });
  const longest = limitOf(law.term);
  if (longest !== null && BigInt(termMonths) > longest)
    throw new ProblemError(loanProblems.term, { extensions: { termMonths: Number(longest) } });
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
