import type { Borrower, LoanProductCode } from '@ansinh/loans';
import { type Decision, failedFacts, type Facts, type Policy } from '@ansinh/policy';
import type { LoanRow } from '../loan/loan-rows.js';
import { lawFactsOf, lendingProgrammes, purposeOf, type ToldFact } from './law-facts.js';

/** What is known of one application. What nobody has said yet is left out: nothing is decided on it. */
export interface ApplicationFacts {
  productCode: LoanProductCode;
  borrower: Borrower;
  amount: bigint;
  /** Whose jobs it makes or keeps. */
  workers: number;
  hasCollateral: boolean;
  /** What the application tells with its papers. */
  told: readonly ToldFact[];
  /** The commune has said that the borrower and the project are there. */
  isConfirmed: true | undefined;
  /** The bank has found the borrower able and the project feasible. */
  isEligible: true | undefined;
  /** A loan that is signed goes on under the law of its contract (Law 74/2025/QH15, article 55, clause 2). */
  contractSignedOn?: string;
}

/** What the law says of an application: may it be lent, how much, for how long, at which rate, and against what. */
export interface LendingLaw {
  ceiling: Decision;
  term: Decision;
  /** Parts per million a year. */
  rate: Decision;
  collateral: Decision;
}

/** What the application itself says. */
export function applicationOf(
  loan: Pick<LoanRow, 'product_code' | 'borrower_kind' | 'amount' | 'project' | 'law_facts'>,
  workers: number,
): Pick<ApplicationFacts, 'productCode' | 'borrower' | 'amount' | 'workers' | 'hasCollateral' | 'told'> {
  return {
    productCode: loan.product_code,
    borrower: loan.borrower_kind,
    amount: BigInt(loan.amount),
    workers,
    hasCollateral: loan.project.collateral.length > 0,
    told: loan.law_facts,
  };
}

export function lendingLaw(policy: Policy, application: ApplicationFacts, on: string): LendingLaw {
  const facts = factsOf(application);
  const evaluate = (programme: string) => policy.evaluate(programme, facts, on);
  return {
    ceiling: evaluate(lendingProgrammes.ceiling),
    term: evaluate(lendingProgrammes.term),
    rate: evaluate(lendingProgrammes.rate),
    collateral: evaluate(lendingProgrammes.collateral),
  };
}

/**
 * The number that a decision sets as a limit; null where the law leaves it open, or nobody has read it. A number that waits for
 * a confirmation is a limit already: what is unsure lets nobody lend more.
 */
export function limitOf(decision: Decision): bigint | null {
  const isKnown = decision.outcome === 'granted' || (decision.outcome === 'unconfirmed' && !hasGap(decision));
  return isKnown ? decision.computed : null;
}

/** Who borrows is none of those to whom the law lends, whatever else is asked for. */
export function isBorrowerRefused(ceiling: Decision): boolean {
  const run = ceiling.newRun();
  const asked = ceiling.law.rules.filter(({ group }) =>
    group.askedWhen.every(({ test }) => test(run) === 'holds'),
  );
  return ceiling.outcome === 'refused' && failedFacts(ceiling, asked).includes('borrower');
}

export function isCollateralNeeded(decision: Decision): boolean {
  return !hasGap(decision) && decision.chosen[0]?.rule.answer === 'needed';
}

const hasGap = ({ unconfirmed }: Decision) => unconfirmed.some(({ confidence }) => confidence === 'missing');

function factsOf(application: ApplicationFacts): Facts {
  const { amount, workers, isConfirmed, isEligible, contractSignedOn } = application;
  return {
    ...lawFactsOf(application.told),
    purpose: purposeOf(application.productCode),
    borrower: application.borrower,
    requestedAmount: amount,
    jobs: workers,
    attractsWorkers: workers > 0,
    hasCollateral: application.hasCollateral,
    ...(isConfirmed && { isConfirmedByAuthority: true, isNeedConfirmed: true, isResidentThere: true }),
    ...(isEligible && { isProjectFeasible: true, hasCivilCapacity: true }),
    ...(contractSignedOn !== undefined && { contractSignedOn }),
  };
}
