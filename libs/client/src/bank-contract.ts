/** What goes to a bank or to the post office and comes from there, by the disbursements REST contract. */

import type { Total } from './contract.js';
import type { Text } from './shapes.js';

/** How a bank wants to be written to. */
export interface BankProfile {
  id: string;
  name: Text;
  source: string;
  messageVersion: 'pain.001.001.03' | 'pain.001.001.10';
  messagePaymentsMax: number;
  messageAmountMax: string | null;
  paymentAmountMax: string | null;
  text: { fold: 'none' | 'ascii'; letters: 'asIs' | 'upper'; allowed: string | null };
  nameLengthMax: number;
  remittanceLengthMax: number;
  purposeCode: string | null;
  required: ('remittance' | 'address')[];
  digest: string;
  /** BINs that it is set for. */
  banks: string[];
  isDefault: boolean;
}

/** A file of the bank: one chunk of the batch. */
export interface Message {
  number: number;
  messageId: string;
  state: 'pending' | 'sending' | 'unknown' | 'accepted' | 'refused' | 'dead';
  payments: number;
  amount: string;
  attempts: number;
  /** SHA-256 of the bytes, once sent. */
  digest: string | null;
  problem: string | null;
}

export type CashListState = 'approved' | 'issued' | 'settled';

export type CashListFormat = 'pdf' | 'xlsx';

/** What the post office pays out in one commune. */
export interface CashList {
  number: number;
  code: string;
  placeCode: string;
  placeName: string;
  state: CashListState;
  approved: Total;
  paid: Total;
  unpaid: Total;
  missing: Total;
  issuedAt: string | null;
  resultsDueOn: string | null;
}

/** What came of a file of results; `missing` are lines of the batch that have none yet. */
export interface Receipts {
  id: string;
  results: number;
  booked: number;
  exceptions: number;
  missing: number;
  alreadyImported: boolean;
}

export type ExceptionAction = 'recordAsPaid' | 'recordAsReturned' | 'noAction' | 'claimedBack';

/** What the bank did and we did not instruct so: it waits for an owner and a resolution. */
export interface PaymentException {
  id: string;
  code: string;
  batchId: string | null;
  endToEndId: string;
  direction: 'debit' | 'credit';
  expectedAmount: string | null;
  observedAmount: string;
  bookedOn: string | null;
  reference: string;
  status: 'open' | 'resolved';
  owner: string | null;
  resolution: ExceptionAction | null;
  note: string | null;
  resolvedBy: string | null;
  at: string;
}

export interface Statement {
  /** Null for a status report, which is not kept. */
  id: string | null;
  kind: string;
  documentId: string;
  entries: number;
  matched: number;
  exceptions: number;
  alreadyImported: boolean;
}

/** A document from a bank's outbox that was refused. The bank keeps it, so that it can be taken again. */
export interface RefusedDocument {
  id: string;
  fundId: string;
  /** How the bank calls it in its outbox. */
  bankDocument: string;
  /** Null where it cannot be read. */
  kind: string | null;
  documentId: string | null;
  sequence: number | null;
  code: string;
  /** What was expected, and what was found. */
  reason: { vi: string; en: string };
  /** It is tried again by itself when the one before it has come. */
  waiting: boolean;
  status: 'open' | 'taken';
  attempts: number;
  refusedAt: string;
  takenAt: string | null;
  takenBy: string | null;
}

export interface BankComparison {
  /** ahead: the bank knows messages that the books have never sent. */
  verdict: 'agrees' | 'ahead';
  asked: number;
  messages: string[];
  at: string;
}

export interface Recovery {
  number: number;
  state: 'asking' | 'collecting' | 'collected' | 'ended';
  firstSkipped: string;
  lastSkipped: string;
  /** Batches that were being sent when it began. */
  paused: number;
  asked: number;
  /** Never sent by the books and known to the bank; known to it and not in the books; carried by people. */
  newlyKnown: string[];
  lost: string[];
  byHand: string[];
  problem: string | null;
  note: string;
  begunBy: string;
  begunAt: string;
  endNote: string | null;
  endedBy: string | null;
  endedAt: string | null;
}

export interface RecoveryStatus {
  isSendingOpen: boolean;
  serverStartedAt: string;
  /** Since that start; null: not yet. */
  comparison: BankComparison | null;
  recovery: Recovery | null;
  unknownPayments: { count: number; amount: string };
}
