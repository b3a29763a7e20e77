import type { Mt940Information } from './information.js';

/** What a customer statement message (MT940) says. Amounts are exact decimals as text: `15000.05`. */
export type Mt940Event = Mt940Statement | Mt940Transaction | Mt940Closing | Mt940Misplaced;

/** Comes before the movements of its statement. What was not given is null. */
export interface Mt940Statement {
  kind: 'statement';
  /** `:20:`, which many banks never change. */
  reference: string;
  /** `:25:` as it stands: the account, often with its bank and a slash in front. */
  account: string | null;
  /** `:28C:` */
  number: number | null;
  page: number | null;
  opening: Mt940Balance | null;
  /** `:60M:`: the page goes on with what another page began. */
  isContinued: boolean;
  line: number;
}

/** Negative when overdrawn. */
export interface Mt940Balance {
  amount: string;
  currency: string;
  on: string;
}

/** `:61:` with the `:86:` that belongs to it. */
export interface Mt940Transaction {
  kind: 'transaction';
  valueOn: string;
  /** Null where the bank gives the value date alone. */
  bookedOn: string | null;
  /** What it does to the account: the reversal of a credit is a debit. */
  direction: 'debit' | 'credit';
  isReversal: boolean;
  amount: string;
  /** That of the opening balance; null outside of a statement. */
  currency: string | null;
  /** E.g. `NTRF`. */
  type: string;
  customerReference: string | null;
  bankReference: string | null;
  supplement: string | null;
  information: Mt940Information | null;
  line: number;
}

/** Comes after the movements of its statement, or of its page. */
export interface Mt940Closing {
  kind: 'closing';
  balance: Mt940Balance;
  /** `:62M:`: another page follows. */
  isIntermediate: boolean;
  line: number;
}

/** A field that stands where it may not, as when a line was lost: who cannot afford a loss refuses the file. */
export interface Mt940Misplaced {
  kind: 'misplaced';
  tag: string;
  line: number;
}
