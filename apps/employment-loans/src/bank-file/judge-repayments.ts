import type { Transaction } from '@ansinh/database';
import { searchForm } from '@ansinh/identity';
import type { LoanState } from '@ansinh/loans';
import type { RepaymentFault } from '../bank-exception/bank-exception.codes.js';

/** Rows of a file, after one number and up to another. */
export interface RowRange {
  fileId: string;
  after: number;
  to: number;
}

export interface JudgedPayment {
  row: number;
  loanCode: string;
  loanId: string | null;
  amount: string;
  on: string;
  reference: string;
  group: string | null;
  paymentKey: string;
  /** null: it can be booked. */
  verdict: 'known' | RepaymentFault | null;
}

type JudgedRow = Omit<JudgedPayment, 'verdict'> & {
  isRepeated: boolean;
  /** The payment that has the key already: whether it is this one. */
  isKnown: boolean | null;
  borrowerKey: string | null;
  borrowerName: string | null;
  state: LoanState | null;
  lentOn: string | null;
  partsDiffer: boolean;
};

/**
 * Puts the payments of a file beside loans and earlier payments. As the system: that a reference was used is to be known also
 * where its loan is of another office; loans are found within these offices alone.
 */
export async function judgeRepayments(
  tx: Transaction,
  { fileId, after, to }: RowRange,
  { offices, today }: { offices: readonly string[]; today: string },
): Promise<JudgedPayment[]> {
  const rows = (await tx.query(
    `SELECT told.row_no AS row, told.loan_code AS "loanCode", loan.id AS "loanId", told.amount, told.counts_on::text AS "on",
       told.reference, told.group_code AS "group", told.payment_key AS "paymentKey",
       EXISTS (SELECT FROM bank_file_row before
               WHERE before.file_id = told.file_id AND before.payment_key = told.payment_key AND before.row_no < told.row_no)
         AS "isRepeated",
       (earlier.loan_id = loan.id AND earlier.amount = told.amount AND earlier.counts_on = told.counts_on) AS "isKnown",
       earlier.payment_key IS NOT NULL AS "isUsed",
       told.borrower_key AS "borrowerKey", loan.borrower_name AS "borrowerName", loan.state, lent.first_on::text AS "lentOn",
       coalesce(told.principal, 0) + coalesce(told.interest, 0) <> told.amount
         AND num_nulls(told.principal, told.interest) < 2 AS "partsDiffer"
     FROM bank_file_row told
       LEFT JOIN loan ON loan.code = told.loan_code AND loan.place_code = ANY($4::text[])
       LEFT JOIN bank_repayment earlier ON earlier.payment_key = told.payment_key
       LEFT JOIN LATERAL (
         SELECT min(event.counts_on) AS first_on FROM loan_event event
         WHERE event.loan_id = loan.id AND event.kind = 'disbursed' AND NOT EXISTS (
           SELECT FROM loan_event undone WHERE undone.loan_id = event.loan_id AND undone.kind = 'reversed'
             AND undone.facts ->> 'event' = event.number::text)) lent ON true
     WHERE told.file_id = $1 AND told.row_no > $2 AND told.row_no <= $3 AND NOT told.is_blocked
     ORDER BY told.row_no`,
    [fileId, after, to, offices],
  )) as (JudgedRow & { isUsed: boolean })[];
  return rows.map((row) => {
    const { loanCode, loanId, amount, on, reference, group, paymentKey } = row;
    const payment = { row: row.row, loanCode, loanId, amount, on, reference, group, paymentKey };
    return { ...payment, verdict: verdictOf(row, today) };
  });
}

function verdictOf(row: JudgedRow & { isUsed: boolean }, today: string): JudgedPayment['verdict'] {
  if (row.isRepeated) return 'REFERENCE_REPEATED';
  if (row.isUsed) return row.isKnown ? 'known' : 'REFERENCE_REPEATED';
  if (row.loanId === null) return 'LOAN_UNKNOWN';
  if (row.borrowerKey !== null && row.borrowerKey !== searchForm(row.borrowerName!))
    return 'BORROWER_DIFFERS';
  if (row.partsDiffer) return 'AMOUNT_DIFFERS';
  if (row.on > today) return 'DAY_TO_COME';
  if (row.lentOn === null || row.on < row.lentOn) return 'BEFORE_DISBURSEMENT';
  return row.state === 'closed' ? 'LOAN_CLOSED' : null;
}
