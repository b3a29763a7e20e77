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
 * One version of a loan product: its periods and what it adds when it is overdue. Who may borrow, how much, for how long, at which
 * rate and against what is decided by the rules of `libs/policy`. What the law leaves to the contract, or was not found in any text, is
 * null: nothing stands in for it.
 */
export interface LoanProduct {
  code: LoanProductCode;
  name: Text;
  validFrom: string;
  /** First day on which no contract can be signed by it any more. */
  validUntil: string | null;
  conditions: Fact<Text> | null;
  overdueRatePercent: Fact<number> | null;
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

/** How many months there are between two principal instalments of a loan of this term, at most. */
export function principalSpacing({ principalSpacing }: LoanProduct, termMonths: number): number | null {
  const band = principalSpacing?.value.find(
    ({ upToMonths }) => upToMonths === null || termMonths <= upToMonths,
  );
  return band?.everyMonths ?? null;
}
