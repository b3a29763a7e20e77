/** The shapes of the disbursements REST contract (`/v1`). Amounts are strings of đồng, instants ISO 8601, days `YYYY-MM-DD`. */

import type { Text } from './shapes.js';

export interface Fund {
  id: string;
  code: string;
  name: string;
  budgetSource: string;
  programmeCodes: string[];
  channel: string;
  account: { bin: string; number: string; name: string };
  officeCode: string;
}

export type NewFund = Omit<Fund, 'id' | 'officeCode'>;

export interface Allotment {
  amount: string;
  reference: string;
  note?: string;
}

export interface Balance {
  fundId: string;
  at: string;
  allotted: string;
  available: string;
  reserved: string;
  inFlight: string;
  paid: string;
}

export type Severity = 'block' | 'warn';

export interface ApprovalBand {
  /** The largest amount of a batch in this band, or null for "whatever the amount". */
  upTo: string | null;
  checkers: number;
}

export interface Programme {
  code: string;
  name: string;
  minAmount: string;
  maxAmount: string;
  severities: Record<string, Severity>;
  approvalBands: ApprovalBand[];
}

/** What is left out takes the service's default. */
export type NewProgramme = Pick<Programme, 'code' | 'name'> & Partial<Programme>;

export type BatchState =
  | 'draft'
  | 'checking'
  | 'checked'
  | 'submitted'
  | 'approved'
  | 'transmitting'
  | 'transmitted'
  | 'reconciled'
  | 'closed'
  | 'rejected'
  | 'paused'
  | 'cancelled';

/** What happens to lines with blocking findings: the batch stops at them, or they are set aside into a list of their own. */
export type OnBlocking = 'stop' | 'setAside';

export interface Total {
  count: number;
  amount: string;
}

/** approved = paid + returned + refused + inFlight, by count and by amount. */
export type BatchTotals = Record<'approved' | 'paid' | 'returned' | 'refused' | 'inFlight', Total>;

export interface Batch {
  id: string;
  code: string;
  fundId: string;
  programmeCode: string;
  purpose: string;
  period: string;
  channel: string;
  officeCode: string;
  state: BatchState;
  onBlocking: OnBlocking;
  rows: number;
  kept: number;
  setAside: number;
  amount: string;
  /** SHA-256 of the list as it was sent, byte for byte. */
  listDigest: string | null;
  /** SHA-256 of what is signed, once submitted. */
  digest: string | null;
  /** By code; `waived` are of those counted before it. */
  findings: Record<string, { block: number; warn: number; waived: number }>;
  requiredApprovals: number;
  approvals: { by: string; name: string; at: string }[];
  createdBy: string;
  createdAt: string;
  submittedBy: string | null;
  chunks: {
    total: number;
    pending: number;
    sending: number;
    accepted: number;
    refused: number;
    unknown: number;
    dead: number;
  };
  totals: BatchTotals;
  openExceptions: number;
  /** Code of the batch whose returned lines it pays again. */
  followUpOf: string | null;
  /** When the post office has to say who was paid; null where a bank pays. */
  resultsDueOn: string | null;
}

export interface NewBatch {
  fundId: string;
  programmeCode: string;
  purpose: string;
  period: string;
  channel: string;
  /** Who else had a hand in the list, by the `sub` of their tokens: none of them may approve it. */
  makers?: string[];
}

export type OutcomeStatus = 'paid' | 'returned' | 'refused' | 'setAside' | 'cancelled';

/** What became of a line, as it stands when it is read; a line that comes again is then as it comes last. */
export interface LineOutcome {
  row: number;
  status: OutcomeStatus;
  /** What the bank took, where it was paid. */
  amount: string | null;
  bookedOn: string | null;
  /** Of a refusal or a return. */
  reason: string | null;
  /** Codes of the findings for which it was set aside. */
  findings: string[];
}

export interface OutcomePage {
  batchState: BatchState;
  listDigest: string | null;
  items: LineOutcome[];
  /** `after` of the next call, also when there is nothing new. */
  next: string | null;
  /** There is nothing behind it at present. */
  isLast: boolean;
}

export interface Finding {
  /** The line of the list; 0 for the list as a whole. */
  row: number;
  column: string | null;
  code: string;
  severity: Severity;
  message: Text;
  /** The cell, citizen numbers and accounts masked. */
  value: string | null;
  waived: { by: string; reason: string; at: string } | null;
}

export interface NewWaiver {
  code: string;
  /** Lines of the list; all findings of the code where it is left out. */
  rows?: number[];
  reason: string;
}

export interface Waiver {
  code: string;
  rows: number[] | null;
  reason: string;
  by: string;
  name: string;
  at: string;
}

export type PaymentState = 'awaiting' | 'inFlight' | 'paid' | 'returned' | 'refused' | 'cancelled';

export interface BatchPayment {
  endToEndId: string;
  row: number;
  amount: string;
  state: PaymentState;
  paidAmount: string | null;
  paidOn: string | null;
  /** The bank's code of a refusal or a return. */
  reason: string | null;
  /** What the bank moved otherwise than asked, if it did. */
  exceptionDebit: string | null;
  exceptionCredit: string | null;
  /** End-to-end ids: of the line that pays it again, and of the one that it pays again. */
  followUp: string | null;
  followUpOf: string | null;
}

export interface Reconciliation extends BatchTotals {
  exceptions: { open: number; resolved: number };
  /** What the bank booked for messages of the batch, by its account statements. */
  statementDebits: string;
  balanced: boolean;
}

/** One payment of a person, whatever the programme. */
export interface PayeePayment extends BatchPayment {
  batchId: string;
  batchCode: string;
  programmeCode: string;
  policyCode: string;
  period: string;
  ordinal: number;
  payeeName: string;
  payeeId: string;
  bankBin: string | null;
  placeCode: string;
  approvedAt: string | null;
}

/** Who is behind one line; numbers are whole only where a purpose was stated. */
export interface Payee {
  endToEndId: string;
  isMasked: boolean;
  payeeName: string | null;
  payeeId: string | null;
  bankBin: string | null;
  account: string | null;
}

/** How far the registry, which the check asks, was read. */
export interface RegistryReading {
  /** Last time to its end; null: never. */
  readAt: string | null;
}

export interface Verification {
  ok: boolean;
  checks: { name: string; ok: boolean; expected: string; actual: string }[];
}

/** A line that the bank refused or gave back. */
export interface ReturnedLine {
  endToEndId: string;
  row: number;
  payeeId: string;
  payeeName: string;
  bankBin: string | null;
  account: string | null;
  amount: string;
  placeCode: string;
  outcome: 'returned' | 'refused';
  reason: string | null;
  bookedOn: string | null;
  state: ReturnedState;
  paidAgainBy: string | null;
}

export type ReturnedState = 'open' | 'followedUp' | 'paidOtherwise';
