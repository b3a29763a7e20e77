import type { Transaction } from '@ansinh/database';

/**
 * Moves a batch on when nothing more is to be sent, and when nothing more is open. Called at the end of each transaction
 * that changes a chunk or an exception; the batch's row is locked by then.
 */
export async function settleBatch(tx: Transaction, batchNumber: string): Promise<void> {
  await requireConservation(tx, batchNumber);
  await tx.query(
    `UPDATE batch SET state = 'transmitted' WHERE number = $1 AND state = 'transmitting'
     AND NOT EXISTS (SELECT FROM chunk WHERE batch_number = $1 AND state NOT IN ('accepted', 'refused'))`,
    [batchNumber],
  );
  const [, reconciled] = (await tx.query(
    `UPDATE batch SET state = 'reconciled' WHERE number = $1 AND state = 'transmitted'
     AND NOT EXISTS (SELECT FROM chunk WHERE batch_number = $1
                     AND paid_count + returned_count + refused_count < payments)
     AND NOT EXISTS (SELECT FROM payment_exception WHERE batch_number = $1 AND state = 'open')`,
    [batchNumber],
  )) as [unknown, number];
  // As many outcomes have come as the batch has lines; who reads them next plans by what is known of the table.
  if (reconciled === 1) await tx.query('ANALYZE payment_outcome');
}

/**
 * approved = paid + returned + refused + in flight: what the counters leave open is what the ledger still holds for the
 * batch. A transaction that breaks it is rolled back whole, and somebody is woken up. Nothing of a cancelled batch is
 * open, whatever its chunks once were: a bank may well tell of such a payment, as an exception.
 */
async function requireConservation(tx: Transaction, batchNumber: string): Promise<void> {
  const [sums] = (await tx.query(
    `SELECT (SELECT coalesce(sum(amount - paid_amount - returned_amount - refused_amount), 0)
             FROM chunk JOIN batch ON batch.number = batch_number
             WHERE batch_number = $1 AND batch.state <> 'cancelled')::text AS open,
            (SELECT coalesce(sum(posting.amount), 0) FROM ledger_transaction booked
             JOIN ledger_posting posting ON posting.transaction_id = booked.id
             WHERE booked.batch_number = $1 AND posting.kind IN ('reserved', 'inFlight'))::text AS held`,
    [batchNumber],
  )) as { open: string; held: string }[];
  if (sums!.open !== sums!.held) {
    throw new Error(`batch ${batchNumber}: ${sums!.open} đồng are open and the ledger holds ${sums!.held}`);
  }
}

/** Takes the row lock of a batch by its number: the first lock of every transaction that touches its chunks. */
export async function lockBatchNumber(tx: Transaction, batchNumber: string): Promise<void> {
  await tx.query('SELECT FROM batch WHERE number = $1 FOR NO KEY UPDATE', [batchNumber]);
}
