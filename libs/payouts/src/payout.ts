import type { Actor } from '@ansinh/auth';
import type { TransitionTable } from '@ansinh/database';

/**
 * `frozen`: its rows are fixed, nobody else knows of it. `opened`: there is a batch for it. `listed`: the batch has its list, byte
 * for byte. `submitted`: people may approve it. `paying`: they did. `settled`: every line has its outcome; a return may still come.
 */
export const payoutStates = [
  'frozen',
  'opened',
  'listed',
  'submitted',
  'paying',
  'settled',
  'cancelled',
] as const;

export type PayoutState = (typeof payoutStates)[number];

export const payoutTransitions: TransitionTable<PayoutState> = {
  frozen: ['opened', 'cancelled'],
  opened: ['listed', 'cancelled'],
  listed: ['submitted', 'cancelled'],
  submitted: ['paying', 'cancelled'],
  paying: ['settled', 'cancelled'],
  settled: [],
  cancelled: [],
};

/** A payment list that a programme has decided on. */
export interface NewPayout {
  /** Of the disbursements. */
  fundId: string;
  programmeCode: string;
  purpose: string;
  /** Month or year that is paid for: `2022-03`, `2022`. */
  period: string;
  channel: string;
  /** Who decided it. Its office owns it, and the person may not approve the batch. */
  official: Pick<Actor, 'id' | 'office'>;
}

/** One line of it, in the columns of a payment list. Account and bank are left out where people are paid in cash. */
export interface PayoutLine {
  payeeId: string;
  payeeName: string;
  bankBin?: string;
  account?: string;
  /** đồng */
  amount: bigint;
  programmeCode: string;
  policyCode: string;
  period: string;
  placeCode: string;
  /** Tells obligations of one payee, policy and period apart; from 1. */
  ordinal: number;
  remittance: string;
}

/** What was refused on its way. It is tried again, since the reason may go; or somebody withdraws it. */
export interface PayoutProblem {
  code: string;
  title: string;
  detail?: string;
}

export interface Payout {
  id: string;
  officeCode: string;
  fundId: string;
  programmeCode: string;
  purpose: string;
  period: string;
  channel: string;
  decidedBy: string;
  rows: number;
  /** đồng */
  amount: bigint;
  /** SHA-256 of the list as it is sent. */
  listDigest: string;
  state: PayoutState;
  /** Why it is to be cancelled, as long as nothing of it was sent. */
  withdrawal: string | null;
  batchId: string | null;
  batchCode: string | null;
  problem: PayoutProblem | null;
}

/** What became of a row of a payout. A row may come again: it is then as it comes last. */
export interface PayoutOutcome {
  /** From 1, in the order in which the lines were given. */
  row: number;
  status: 'paid' | 'returned' | 'refused' | 'setAside' | 'cancelled';
  /** đồng: what the bank took, where it was paid. */
  amount: bigint | null;
  /** Day on which the bank booked it. */
  bookedOn: string | null;
  /** ISO 20022 code of a refusal or a return, or that of the post office. */
  reason: string | null;
  /** Codes of the findings for which it was set aside. */
  findings: string[];
}
