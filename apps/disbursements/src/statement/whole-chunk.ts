import { createReadStream } from 'node:fs';
import { copyRows, type Transaction } from '@ansinh/database';
import { lockFund, move, post } from '../fund/ledger.js';
import { lockBatchNumber, settleBatch } from '../transmission/settle-batch.js';
import { acceptChunkByEvidence } from './reconcile.sql.js';
import type { ReadStatement } from './statement-file.js';
import { claimedColumns } from './whole-chunk-claim.js';

/**
 * The chunk that a claim is about, where nothing of it is settled but refusals, nobody looks into one of its movements,
 * and every payment that was not refused is told with its own amount and account: then each of them is a match by the
 * rules of `judge`, which need not be asked line by line. `$1` fund, `$2` batch, `$3`, `$4` rows, `$5`, `$6` their ids,
 * `$7` day, `$8` number of payments, `$9` digest.
 */
const claimedChunk = `
SELECT chunk.chunk_no, told.amount::text AS amount
FROM chunk JOIN batch ON batch.number = chunk.batch_number
CROSS JOIN LATERAL (
  SELECT count(*) AS payments, sum(amount) AS amount,
         encode(sha256(convert_to(string_agg(concat_ws('|', row_no, amount, account_key) || E'\\n', '' ORDER BY row_no), 'UTF8')), 'hex') AS digest
  FROM payment
  WHERE payment.batch_number = chunk.batch_number AND payment.row_no BETWEEN chunk.first_row AND chunk.last_row
    AND (chunk.refused_count = 0 OR NOT EXISTS (
      SELECT FROM payment_outcome WHERE payment_outcome.batch_number = payment.batch_number
        AND payment_outcome.row_no = payment.row_no AND kind = 'refused'))
) told
WHERE batch.fund_id = $1 AND chunk.batch_number = $2 AND chunk.first_row <= $3 AND chunk.last_row >= $4
  AND chunk.paid_count = 0 AND chunk.returned_count = 0 AND chunk.payments - chunk.refused_count = $8
  AND $7::date >= (chunk.first_sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
  AND NOT EXISTS (SELECT FROM payment_exception known
                  WHERE known.fund_id = $1 AND known.end_to_end_id BETWEEN $5 AND $6)
  AND told.payments = $8 AND told.digest = $9`;

/**
 * Books a statement that tells exactly the payments of one chunk, which is what a bank says of nearly every message.
 * @returns false when it does not: nothing is booked then, and the lines must be judged one by one
 */
export async function settleWholeChunk(
  tx: Transaction,
  { id, transactions, wholeChunk: claim }: ReadStatement,
  fundId: string,
): Promise<boolean> {
  if (!claim) return false;
  await lockBatchNumber(tx, claim.batchNumber);
  await lockFund(tx, fundId);
  const [chunk] = (await tx.query(claimedChunk, [
    fundId,
    claim.batchNumber,
    claim.firstRow,
    claim.lastRow,
    claim.firstId,
    claim.lastId,
    claim.bookedOn,
    transactions,
    claim.digest,
  ])) as { chunk_no: number; amount: string }[];
  if (!chunk) return false;
  const key = [claim.batchNumber, chunk.chunk_no];
  await copyRows(tx, claimedColumns, createReadStream(claim.outcomesPath));
  await tx.query(
    'UPDATE chunk SET paid_count = $3, paid_amount = $4 WHERE batch_number = $1 AND chunk_no = $2',
    [...key, transactions, chunk.amount],
  );
  await post(tx, {
    fundId,
    kind: 'outcome',
    reference: `${id}/${claim.batchNumber}/debit/paid`,
    batchNumber: claim.batchNumber,
    postings: move('inFlight', 'paid', BigInt(chunk.amount)),
  });
  for (const [from, to] of [
    ['unknown', 'sending'],
    ['sending', 'accepted'],
  ]) {
    await tx.query(acceptChunkByEvidence, [from, to, ...key]);
  }
  await settleBatch(tx, claim.batchNumber);
  return true;
}
