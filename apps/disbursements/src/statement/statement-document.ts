import type { CamtDocument, CamtEntryEvent, CamtTransactionEvent } from '@ansinh/iso20022';

/** What a bank's statement or notification says of itself, in whichever form it came. */
export interface StatementDocument extends Omit<CamtDocument, 'type'> {
  type: CamtDocument['type'] | 'mt940';
  /** A long statement may come in pages, each with its own balances. */
  page: number;
  /** That of the last page, where the file holds several. */
  lastPage: number;
  /** Otherwise another page follows, by the same number. */
  isComplete: boolean;
  /** The day that the statement is of, where it can be told. */
  on: string | null;
  /** The first thing that its own sums contradict. */
  contradiction: Contradiction | null;
}

/** A sum or count that the bank states, and what its entries make. */
export interface Contradiction {
  /** E.g. `TxsSummry/TtlDbtNtries/Sum`. */
  element: string;
  expected: string;
  found: string;
}

/** The document is complete when the next one begins, or the file ends: an MT940 gives its closing balance last. */
export type StatementEvent = StatementDocument | CamtTransactionEvent | CamtEntryEvent;
