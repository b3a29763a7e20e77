import { type Transaction, violatedConstraint } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { followUpProblems } from './follow-up.problems.js';

export const returnedStates = ['open', 'followedUp', 'paidOtherwise'] as const;

/**
 * Lines that the bank refused or gave back, whatever the channel. A line is `open` while no batch pays it again: neither a
 * follow-up of its own nor any other batch with the same obligation.
 */
export const returnedLines = `
SELECT payment.batch_number, payment.row_no, payment.amount, back.kind, back.reason, back.booked_on::text AS booked_on,
  CASE WHEN next.row_no IS NOT NULL THEN 'followedUp' WHEN other.row_no IS NOT NULL THEN 'paidOtherwise'
       ELSE 'open' END AS state,
  coalesce(next.batch_number, other.batch_number) AS next_batch, coalesce(next.row_no, other.row_no) AS next_row
FROM payment_outcome back
JOIN payment ON payment.batch_number = back.batch_number AND payment.row_no = back.row_no
LEFT JOIN follow_up_line next
  ON next.source_batch = payment.batch_number AND next.source_row = payment.row_no AND NOT next.released
LEFT JOIN payment other
  ON other.payee_key = payment.payee_key AND other.obligation_key = payment.obligation_key AND NOT other.released
WHERE back.kind IN ('returned', 'refused') AND payment.released`;

/**
 * Links each corrected line, in the order of the rows, to the line that pays it again.
 * @throws ProblemError RETURNED_LINE_TAKEN
 */
export async function linkLines(tx: Transaction, sourceBatch: string, batchNumber: string): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO follow_up_line (batch_number, row_no, source_batch, source_row)
       SELECT $1, row_number() OVER (ORDER BY row_no), $2, row_no FROM correction`,
      [batchNumber, sourceBatch],
    );
  } catch (error) {
    if (violatedConstraint(error) !== 'follow_up_line_once') throw error;
    throw new ProblemError(followUpProblems.taken);
  }
}

/** A cancelled follow-up pays nothing: its source lines are open again. */
export async function releaseAll(tx: Transaction, batchNumber: string): Promise<void> {
  await tx.query('UPDATE follow_up_line SET released = true WHERE batch_number = $1 AND NOT released', [
    batchNumber,
  ]);
}

/** A line that the approval leaves out will not be paid by this batch either. */
export async function releaseSetAside(tx: Transaction, batchNumber: string): Promise<void> {
  await tx.query(
    `UPDATE follow_up_line link SET released = true FROM payment_line line
     WHERE link.batch_number = $1 AND line.batch_number = $1 AND line.row_no = link.row_no AND line.set_aside`,
    [batchNumber],
  );
}
