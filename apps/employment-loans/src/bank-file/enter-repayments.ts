import { createHash } from 'node:crypto';
import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import { findLoanMove } from '@ansinh/loans';
import type { RepaymentFault } from '../bank-exception/bank-exception.codes.js';
import { type BookInHand, recordInHand, takeBooks, writeBooks } from '../loan/books-in-hand.js';

/** A payment that the bank received for a loan. */
export interface BankPayment {
  row: number;
  loanId: string;
  amount: string;
  on: string;
  reference: string;
  group: string | null;
  paymentKey: string;
}

/** What became of a payment: the event that it is, or why the loan did not take it. */
export type Entered = { payment: BankPayment } & ({ event: number } | { fault: RepaymentFault });

interface Paper {
  fileId: string;
  actor: Pick<Actor, 'id' | 'name'>;
  today: string;
}

/**
 * Books payments of many loans, in their order: each a move by its receipt and an event of the book, with the postings that the
 * ledger lacks by it, also of a past day.
 */
export async function enterRepayments(
  tx: Transaction,
  payments: readonly BankPayment[],
  paper: Paper,
): Promise<{ entered: Entered[]; digest: string }> {
  const loans = await takeBooks(tx, [...new Set(payments.map(({ loanId }) => loanId))]);
  const entered = payments.map((payment): Entered => {
    const loan = loans.get(payment.loanId)!;
    const fault = take(loan, payment, paper);
    return fault ? { payment, fault } : { payment, event: loan.events.length };
  });
  const changed = [...loans.values()].filter(({ newMoves }) => newMoves.length > 0);
  await writeBooks(tx, changed, paper.today);
  await keepPayments(tx, entered, paper.fileId);
  return { entered, digest: digestOf(changed) };
}

/** Folds the payment into the loan. */
function take(
  loan: BookInHand,
  payment: BankPayment,
  { actor, fileId, today }: Paper,
): RepaymentFault | null {
  if (loan.state === 'closed') return 'LOAN_CLOSED';
  if (!findLoanMove(loan.state, 'repay')) return 'LOAN_NOT_OWING';
  const { on, amount, reference, row, group } = payment;
  const decision = { number: reference, on };
  const facts = { on, bankFile: fileId, row, group };
  const event = { kind: 'repaid', on, amount: BigInt(amount) } as const;
  try {
    recordInHand(loan, { kind: 'repay', decision, facts }, event, { by: actor, today });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return 'BOOK_REFUSES';
  }
  return null;
}

async function keepPayments(tx: Transaction, entered: readonly Entered[], fileId: string): Promise<void> {
  const booked = entered.filter((each) => 'event' in each);
  if (booked.length === 0) return;
  const of = <T>(value: (each: (typeof booked)[number]) => T) => booked.map(value);
  await tx.query(
    `INSERT INTO bank_repayment (payment_key, loan_id, event, amount, counts_on, file_id, row_no)
     SELECT payment_key, loan_id, event, amount, counts_on, $7::uuid, row_no
     FROM unnest($1::text[], $2::uuid[], $3::int[], $4::bigint[], $5::date[], $6::int[])
       AS paid (payment_key, loan_id, event, amount, counts_on, row_no)`,
    [
      of(({ payment }) => payment.paymentKey),
      of(({ payment }) => payment.loanId),
      of(({ event }) => event),
      of(({ payment }) => payment.amount),
      of(({ payment }) => payment.on),
      of(({ payment }) => payment.row),
      fileId,
    ],
  );
}

/** Over each loan: how many events it has, what was posted, and its state. */
function digestOf(loans: readonly BookInHand[]): string {
  const hash = createHash('sha256');
  for (const { id, events, entries, state } of loans)
    hash.update(`${id} ${events.length} ${entries.length} ${state}\n`);
  return hash.digest('hex');
}
