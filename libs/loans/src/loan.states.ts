import type { LoanEventKind } from './loan-event.js';

export const loanStates = [
  'applied',
  'confirmed',
  'appraised',
  'approved',
  'contracted',
  'disbursing',
  'active',
  'overdue',
  'frozen',
  'recalled',
  'closed',
  'refused',
  'withdrawn',
  'cancelled',
] as const;

export type LoanState = (typeof loanStates)[number];

/** Who makes a move. `system` moves alone when the book, or an event of disbursements, says so: it decides nothing. */
export type LoanActor = 'borrower' | 'communeOffice' | 'policyBank' | 'approvingBody' | 'system';

/** One row of the life of a loan. Each time it is made it is a row of its own, with who made it and the paper it rests on. */
export interface LoanMove {
  kind: string;
  from: readonly LoanState[];
  /** null: the loan stays in its state. */
  to: LoanState | null;
  by: LoanActor;
  /** The paper without which it is not made; null where none is needed. */
  decision: string | null;
  /** What it writes into the book of the loan. */
  event?: LoanEventKind;
}

const running: readonly LoanState[] = ['active', 'overdue'];
const owing: readonly LoanState[] = ['active', 'overdue', 'frozen', 'recalled'];

/** The life of a loan as one table. What a service, its database and its papers know of moves is read from here. */
export const loanMoves = [
  // From the application to the contract (Decree 61/2015/NĐ-CP, article 29).
  {
    kind: 'confirm',
    from: ['applied'],
    to: 'confirmed',
    by: 'communeOffice',
    decision: 'communeConfirmation',
  },
  { kind: 'sendBack', from: ['confirmed'], to: 'applied', by: 'policyBank', decision: 'supplementRequest' },
  { kind: 'appraise', from: ['confirmed'], to: 'appraised', by: 'policyBank', decision: 'appraisalReport' },
  { kind: 'approve', from: ['appraised'], to: 'approved', by: 'approvingBody', decision: 'approvalDecision' },
  { kind: 'refuse', from: ['applied'], to: 'refused', by: 'communeOffice', decision: 'refusalNotice' },
  { kind: 'refuse', from: ['confirmed'], to: 'refused', by: 'policyBank', decision: 'refusalNotice' },
  { kind: 'refuse', from: ['appraised'], to: 'refused', by: 'approvingBody', decision: 'refusalNotice' },
  {
    kind: 'withdraw',
    from: ['applied', 'confirmed', 'appraised', 'approved', 'contracted'],
    to: 'withdrawn',
    by: 'borrower',
    decision: 'withdrawalRequest',
  },
  { kind: 'sign', from: ['approved'], to: 'contracted', by: 'policyBank', decision: 'contract' },
  {
    kind: 'cancel',
    from: ['approved', 'contracted'],
    to: 'cancelled',
    by: 'approvingBody',
    decision: 'cancellationDecision',
  },

  // The money. What the bank returns puts the loan back: the corrected account stands in the contract that is signed again.
  {
    kind: 'disburse',
    from: ['contracted'],
    to: 'disbursing',
    by: 'policyBank',
    decision: 'disbursementOrder',
  },
  {
    kind: 'disbursementPaid',
    from: ['disbursing'],
    to: 'active',
    by: 'system',
    decision: null,
    event: 'disbursed',
  },
  { kind: 'disbursementReturned', from: ['disbursing'], to: 'approved', by: 'system', decision: null },
  { kind: 'disburseTranche', from: ['active'], to: null, by: 'policyBank', decision: 'disbursementOrder' },
  { kind: 'tranchePaid', from: owing, to: null, by: 'system', decision: null, event: 'disbursed' },
  { kind: 'trancheReturned', from: owing, to: null, by: 'system', decision: null },
  { kind: 'checkUse', from: running, to: null, by: 'communeOffice', decision: 'useCheckReport' },
  { kind: 'repay', from: owing, to: null, by: 'policyBank', decision: 'receipt', event: 'repaid' },
  {
    kind: 'refund',
    from: ['closed', ...owing],
    to: null,
    by: 'policyBank',
    decision: 'refundOrder',
    event: 'refunded',
  },
  { kind: 'reverse', from: owing, to: null, by: 'policyBank', decision: 'correctionNote', event: 'reversed' },

  // Each day the book says which of them is true.
  { kind: 'fallOverdue', from: ['active'], to: 'overdue', by: 'system', decision: null },
  { kind: 'catchUp', from: ['overdue'], to: 'active', by: 'system', decision: null },
  { kind: 'thaw', from: ['frozen'], to: 'active', by: 'system', decision: null },
  { kind: 'settle', from: owing, to: 'closed', by: 'system', decision: null },
  // A payment that is taken back after the loan was closed by it.
  {
    kind: 'reopen',
    from: ['closed'],
    to: 'active',
    by: 'policyBank',
    decision: 'correctionNote',
    event: 'reversed',
  },

  // Terms that change, by decision.
  {
    kind: 'changeRate',
    from: owing,
    to: null,
    by: 'approvingBody',
    decision: 'rateDecision',
    event: 'rateChanged',
  },
  {
    kind: 'extend',
    from: running,
    to: 'active',
    by: 'policyBank',
    decision: 'extensionDecision',
    event: 'extended',
  },
  {
    kind: 'defer',
    from: running,
    to: 'active',
    by: 'policyBank',
    decision: 'deferralDecision',
    event: 'deferred',
  },
  {
    kind: 'reschedule',
    from: running,
    to: 'active',
    by: 'policyBank',
    decision: 'reschedulingDecision',
    event: 'rescheduled',
  },
  // Misuse, or jobs that were not made: the body that approved decides (Decree 61/2015/NĐ-CP, article 30, clause 1).
  {
    kind: 'recall',
    from: running,
    to: 'recalled',
    by: 'approvingBody',
    decision: 'recallDecision',
    event: 'recalled',
  },
  {
    kind: 'freeze',
    from: running,
    to: 'frozen',
    by: 'approvingBody',
    decision: 'freezeDecision',
    event: 'frozen',
  },
  {
    kind: 'cancelInterest',
    from: owing,
    to: null,
    by: 'approvingBody',
    decision: 'interestCancellation',
    event: 'interestCancelled',
  },
  {
    kind: 'cancelPrincipal',
    from: owing,
    to: null,
    by: 'approvingBody',
    decision: 'principalCancellation',
    event: 'principalCancelled',
  },
] as const satisfies readonly LoanMove[];

export type LoanMoveKind = (typeof loanMoves)[number]['kind'];

/** The move of this kind that can be made from a state; undefined where the table has none. */
export function findLoanMove(from: LoanState, kind: LoanMoveKind): LoanMove | undefined {
  return (loanMoves as readonly LoanMove[]).find((move) => move.kind === kind && move.from.includes(from));
}

/** From each state, the states it may go to: what a database has to guard. */
export const loanTransitions = Object.fromEntries(
  loanStates.map((from) => {
    const moves = (loanMoves as readonly LoanMove[]).filter((move) => move.from.includes(from));
    return [from, [...new Set(moves.flatMap(({ to }) => (to === null || to === from ? [] : [to])))]];
  }),
) as Record<LoanState, LoanState[]>;
