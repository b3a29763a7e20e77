import type { Transaction } from '@ansinh/database';
import { digestOf } from '../audit/record-digest.js';
import type { BankAnswer } from '../channel/payment-channel.js';
import { lockFund } from '../fund/ledger.js';
import { bookRefusals } from './refusals.js';
import type { ChunkState } from './chunk.states.js';
import { lockBatchNumber, settleBatch } from './settle-batch.js';

/** The way of each undecided state to a decision, along the table. */
const wayToDecision: Partial<Record<ChunkState, ChunkState[]>> = {
  dead: ['pending', 'sending'],
  pending: ['sending'],
  unknown: ['sending'],
  sending: [],
};

/**
 * Takes in a status report that came by itself (late, twice, or as a file). It decides a chunk that is still undecided
 * and takes the lease from whoever holds it; later refusals of single lines are booked on a decided one.
 * @returns the digest of the message as it was; null for a message that the scope does not see, or that was never handed over
 */
export async function recordAnswer(
  tx: Transaction,
  answer: BankAnswer,
  reference: string,
): Promise<{ before: string | null } | null> {
  const [found] = (await tx.query(
    `SELECT batch.number, batch.fund_id FROM chunk JOIN batch ON batch.number = chunk.batch_number
     WHERE chunk.message_id = $1 AND chunk.first_sent_at IS NOT NULL`,
    [answer.messageId],
  )) as { number: string; fund_id: string }[];
  if (!found) return null;
  await lockBatchNumber(tx, found.number);
  await lockFund(tx, found.fund_id);
  const [chunk] = (await tx.query(
    'SELECT batch_number, chunk_no, message_id, state FROM chunk WHERE message_id = $1 FOR UPDATE',
    [answer.messageId],
  )) as { batch_number: string; chunk_no: number; message_id: string; state: ChunkState }[];
  const before = await digestOf(tx, 'message', answer.messageId);
  if (answer.verdict === 'received') return { before };
  for (const state of [...(wayToDecision[chunk!.state] ?? []), answer.verdict]) {
    if (wayToDecision[chunk!.state] === undefined) break;
    await tx.query(
      `UPDATE chunk SET state = $2, fence = fence + 1, possibly_sent = true, lease_until = NULL,
              answered_at = clock_timestamp() WHERE message_id = $1`,
      [answer.messageId, state],
    );
  }
  await bookRefusals(tx, { ...chunk!, fund_id: found.fund_id }, answer, reference);
  await settleBatch(tx, found.number);
  return { before };
}
