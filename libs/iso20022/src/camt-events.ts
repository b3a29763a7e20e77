export type Direction = 'debit' | 'credit';

/** What a bank-to-customer report, statement or notification says. Amounts in the currency's smallest unit. */
export type CamtEvent = CamtDocument | CamtTransactionEvent | CamtEntryEvent;

/** Comes first, once a statement or notification inside the document. */
export interface CamtDocument {
  kind: 'document';
  type: 'camt.052' | 'camt.053' | 'camt.054';
  /** E.g. `camt.054.001.08`; null where the document names no namespace. */
  version: string | null;
  messageId: string;
  /** The bank's number of this statement or notification. */
  id: string;
  createdAt: string;
  account: string;
  /** The bank that keeps the account: its number in the clearing, else its BIC. */
  servicer: string | null;
  currency: string | null;
  sequence: number | null;
  /** Booked balances, negative when overdrawn. */
  opening: bigint | null;
  closing: bigint | null;
  /** What the bank counted itself, where it says so; of entries of every status. */
  summary: CamtSummary | null;
}

/** Null where the bank leaves one out. */
export interface CamtSummary {
  entries: CamtSum | null;
  credits: CamtSum | null;
  debits: CamtSum | null;
}

export interface CamtSum {
  count: number | null;
  sum: bigint | null;
}

/** One payment inside an entry. Comes before the entry that it is part of. */
export interface CamtTransactionEvent {
  kind: 'transaction';
  /** Null where the bank gives none, or NOTPROVIDED. */
  endToEndId: string | null;
  amount: bigint;
  direction: Direction;
  /** BOOK, PDNG, INFO or FUTR: only BOOK is money that moved. */
  status: string;
  bookedOn: string | null;
  /** The bank's reference of this payment, else of its entry. */
  reference: string | null;
  /** The message that the bank settles with it, where it says so. */
  messageId: string | null;
  /** The other side's account and NAPAS number; the payee's, for a payment that came back too. */
  account: string | null;
  bin: string | null;
  /** Return reason code, e.g. `AC04`: the payment came back. */
  reason: string | null;
}

/** One booked movement; comes after the `transactions` payments inside it. */
export interface CamtEntryEvent {
  kind: 'entry';
  amount: bigint;
  direction: Direction;
  status: string;
  bookedOn: string | null;
  reference: string | null;
  batches: CamtBatch[];
  transactions: number;
}

/** A message that is booked as one sum. */
export interface CamtBatch {
  messageId: string | null;
  count: number | null;
  total: bigint | null;
  /** The payments of it that the document tells one by one. */
  told: { count: number; total: bigint };
}
