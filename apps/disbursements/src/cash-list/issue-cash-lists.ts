import type { Transaction } from '@ansinh/database';
import type { Batch } from '../batch/batch.entity.js';
import { batchCode } from '../batch/batch-code.js';
import { lockFund, move, post } from '../fund/ledger.js';

/**
 * Hands all lists of a locked batch to the post office: from here on they may be printed, and their money is in flight.
 * Nobody has to be asked, so there is no lease and nothing to send again. Two steps, along the table of states.
 * @returns the number of lists
 */
export async function issueCashLists(tx: Transaction, batch: Batch): Promise<number> {
  await lockFund(tx, batch.fundId);
  const [, issued] = (await tx.query(
    `UPDATE chunk SET state = 'sending', fence = fence + 1, attempts = attempts + 1, first_sent_at = clock_timestamp()
     WHERE batch_number = $1 AND state = 'pending'`,
    [batch.number],
  )) as [unknown, number];
  await tx.query(
    `UPDATE chunk SET state = 'accepted', answered_at = clock_timestamp() WHERE batch_number = $1 AND state = 'sending'`,
    [batch.number],
  );
  await post(tx, {
    fundId: batch.fundId,
    kind: 'sending',
    reference: batchCode(batch.number),
    batchNumber: batch.number,
    postings: move('reserved', 'inFlight', batch.keptAmount),
  });
  return issued;
}
