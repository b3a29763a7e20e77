import type { Text } from '@ansinh/language';
import { loanProducts } from './data/loan-products.js';

/** A number of the law, with where it was read. Only `verified` ones were read in a legal text; an official must confirm the others. */
export interface Fact<Value> {
  value: Value;
  rule: string;
  legalBasis: string;
  confidence: 'verified' | 'secondary' | 'memory';
}

export type Borrower =
  | 'smallEnterprise'
  | 'cooperative'
  | 'cooperativeUnion'
  | 'cooperativeGroup'
  | 'businessHousehold'
  | 'worker';

export type LoanProductCode = 'EL-ESTABLISHMENT' | 'EL-WORKER' | 'OL-WORKER';

/**
 * One version of a loan product: numbers and periods. Who is eligible is decided elsewhere, by rules. What the law leaves to the
 * contract, or was not found in any text, is null: nothing stands in for it.
 */
export interface LoanProduct {
  code: LoanProductCode;
  name: Text;
  validFrom: string;
  /** First day on which no contract can be signed by it any more. */
  validUntil: string | null;
  borrowers: Fact<readonly Borrower[]>;
  conditions: Fact<Text> | null;
  /** The least of those that are there. */
  ceiling: {
    perProject: Fact<bigint> | null;
    perJob: Fact<bigint> | null;
    perWorker: Fact<bigint> | null;
    /** Of the costs in the contract of work abroad. */
    percentOfCosts: Fact<number> | null;
  };
  termMonths: Fact<number | 'ofContract'> | null;
  /** Parts per million a year. */
  ratePpm: Fact<number> | null;
  priorityRatePpm: Fact<number> | null;
  overdueRatePercent: Fact<number> | null;
  /** From that amount on, or only above it. */
  collateral: Fact<{ from: bigint; isInclusive: boolean }> | null;
  /** Months between two principal instalments, at most. */
  principalSpacing: Fact<readonly SpacingBand[]> | null;
  /** The procedure of `libs/procedures` by which it is asked for: papers, steps, days. */
  procedure: string | null;
}

/** For terms of up to so many months; the last band has no end. */
export interface SpacingBand {
  upToMonths: number | null;
  everyMonths: number;
}

/**
 * The version by which a contract is signed on a day; undefined where there was none. A loan keeps it to its end: those signed
 * under the law of 2013 go on under their contract (Law 74/2025/QH15, article 55, clause 2).
 */
export function findLoanProduct(code: LoanProductCode, signedOn: string): LoanProduct | undefined {
  return loanProducts.find((product) => {
    const { validFrom, validUntil } = product;
    return product.code === code && validFrom <= signedOn && (validUntil === null || signedOn < validUntil);
  });
}

/**
 * The most that can be lent: the ceiling of the project or that of its jobs or workers, whichever is less. null where no
 * ceiling in money is known.
 * @param count jobs that the project creates or keeps, or workers who borrow
 */
export function loanCeiling({ ceiling }: LoanProduct, count: number): bigint | null {
  const each = (ceiling.perJob ?? ceiling.perWorker)?.value;
  const ceilings = [ceiling.perProject?.value, each === undefined ? undefined : each * BigInt(count)];
  const known = ceilings.filter((amount) => amount !== undefined);
  return known.length === 0 ? null : known.reduce((least, amount) => (amount < least ? amount : least));
}

/** null where the threshold is not known. */
export function isCollateralNeeded({ collateral }: LoanProduct, amount: bigint): boolean | null {
  if (!collateral) return null;
  const { from, isInclusive } = collateral.value;
  return isInclusive ? amount >= from : amount > from;
}

/** How many months there are between two principal instalments of a loan of this term, at most. */
export function principalSpacing({ principalSpacing }: LoanProduct, termMonths: number): number | null {
  const band = principalSpacing?.value.find(
    ({ upToMonths }) => upToMonths === null || termMonths <= upToMonths,
  );
  return band?.everyMonths ?? null;
}
