import { todayInVietnam } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import type { LoanProduct } from '@ansinh/loans';
import { explanationText, missingFacts, type Policy } from '@ansinh/policy';
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
import { loanProblems, refusedFor } from './loan.problems.js';
import type { LoanRow } from './loan-rows.js';

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

/** What was asked for, as an appraisal or approval grants it. */
interface Granted {
  amount: bigint;
  termMonths: number;
  /** What the appraisal says; undefined where it leaves the rate to the law. */
  ratePpm: number | undefined;
}

/**
 * The law is asked with what the application, the commune and the bank have said.
 * @returns the rate: that of the law, or where this names none, that of the appraisal
 * @throws ProblemError LOAN_FACTS_MISSING, LOAN_BORROWER, LOAN_CEILING, LOAN_TERM, LOAN_RATE, LOAN_COLLATERAL
 */
export function requireLawful(law: LawOfLoans, loan: LoanRow, granted: Granted): number {
  const { facts, decisions } = askedOf(law, loan, granted.amount, todayInVietnam());
  requireWithin(decisions, facts, granted.termMonths);
  const rate = lawfulRate(loan, decisions) ?? granted.ratePpm;
  if (rate === undefined || (granted.ratePpm ?? rate) !== rate) throw rateProblem(decisions);
  return rate;
}

/** A contract is signed at the rate of the law of its day. @throws ProblemError LOAN_FACTS_MISSING, LOAN_RATE */
export function requireLawfulRate(law: LawOfLoans, loan: LoanRow, signedOn: string): void {
  const { decisions } = askedOf(law, loan, BigInt(loan.granted_amount!), signedOn);
  const rate = lawfulRate(loan, decisions);
  if (rate !== null && rate !== loan.rate_ppm) throw rateProblem(decisions);
}

function askedOf({ policy, workers }: LawOfLoans, loan: LoanRow, amount: bigint, on: string) {
  const application = { ...applicationOf(loan, workers.get(loan.id) ?? 0), amount };
  const facts = { ...application, isConfirmed: true, isEligible: true } as const;
  return { facts, decisions: lendingLaw(policy, facts, on) };
}

/** null where the law names none. @throws ProblemError LOAN_FACTS_MISSING */
function lawfulRate(loan: LoanRow, { rate }: LendingLaw): number | null {
  // An older application told that it was of a priority group, and not by what.
  const isUnproved = loan.is_priority === true && loan.law_facts.length === 0;
  if (isUnproved || rate.outcome === 'incomplete')
    throw new ProblemError(loanProblems.factsMissing, { extensions: { facts: missingFacts(rate) } });
  const lawful = limitOf(rate);
  return lawful === null ? null : Number(lawful);
}

function rateProblem({ rate }: LendingLaw): ProblemError {
  const lawful = limitOf(rate);
  return new ProblemError(loanProblems.rate, {
    detail: { vi: explanationText(rate, 'vi'), en: explanationText(rate, 'en') },
    ...(lawful !== null && { extensions: { ratePpm: Number(lawful) } }),
  });
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
    throw refusedFor(error, loanProblems.schedule);
  }
}
