import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Histogram } from 'prom-client';
import { DataSource } from 'typeorm';
import { inTransaction, type Transaction } from '@ansinh/database';
import {
  type BankAnswer,
  NotDelivered,
  type PaymentChannel,
  type PaymentChannels,
  paymentChannels,
} from '../channel/payment-channel.js';
import { digestOf } from '../audit/record-digest.js';
import type { BatchState } from '../batch/batch.states.js';
import { type Config, configToken } from '../config.js';

import { lockFund, move, post } from '../fund/ledger.js';
import type { TransmitHint } from '../hints/hints.js';
import { isSendingOpen } from '../recovery/sending-gate.js';
import { Threads } from '../threads/threads.js';
import { type ChunkSource, chunkSourceColumns, readMessage } from './chunk-message.js';
import { auditMessage, lockMessage } from './message-audit.js';
import { bookRefusals } from './refusals.js';
import { lockBatchNumber, settleBatch } from './settle-batch.js';

/** A chunk under lease. Whoever holds the highest `fence` may write; an older holder is refused. */
interface LeasedChunk extends ChunkSource {
  fund_id: string;
  office_code: string;
  channel: string;
  fence: string;
  attempts: number;
  /** An earlier attempt may have reached the bank. */
  was_sent: boolean;
  message_digest: string | null;
  /** Until when the lease holds by this process's own clock (`performance.now`); set when the message is made. */
  held_until_ms: number;
}

const attempts = new Histogram({
  name: 'ansinh_chunk_attempt_duration_seconds',
  help: 'From the lease of a chunk to what came of it. Outcome: the verdict of the bank, failed, or leaseLost.',
  labelNames: ['outcome'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120],
});

// From the start, so that the first failure is an increase.
for (const outcome of ['accepted', 'refused', 'received', 'failed', 'leaseLost']) attempts.zero({ outcome });

/** Another worker took the lease over: what this one knows is stale and must not be written. */
class LeaseLost extends Error {}

/**
 * Sends one chunk: lease, message, bank, answer. The bank is called between two transactions, never inside one.
 * Killed at any point, the chunk is found again by its expired lease, and the bank is asked before it is sent again.
 */
@Injectable()
export class ChunkSender {
  private readonly logger = new Logger('chunk-sender');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(configToken) private readonly config: Config,
    @Inject(paymentChannels) private readonly channels: PaymentChannels,
    private readonly threads: Threads,
  ) {}

  /** Does nothing when the chunk is not due: hints may come twice, late, or for a paused batch. */
  async send({ batchNumber, chunkNo }: TransmitHint): Promise<void> {
    const chunk = await this.lease(batchNumber, chunkNo);
    if (!chunk) return;
    const channel = this.channels[chunk.channel];
    if (!channel) throw new Error(`no channel ${chunk.channel}`);
    const end = attempts.startTimer();
    try {
      const message = await this.prepare(chunk);
      const answer = await askThenSend(channel, chunk, message);
      if (answer.verdict === 'received') await this.wait(chunk, channel.isByHand);
      else await this.record(chunk, answer);
      end({ outcome: answer.verdict });
    } catch (error) {
      end({ outcome: error instanceof LeaseLost ? 'leaseLost' : 'failed' });
      if (error instanceof LeaseLost) {
        this.logger.warn(
          `${chunk.message_id}: lease ${chunk.fence} was taken over, nothing more is sent or written under it`,
        );
        return;
      }
      this.logger.warn(
        { err: error, messageId: chunk.message_id, attempt: chunk.attempts },
        'chunk not sent',
      );
      await this.postpone(chunk, error);
    }
  }

  /** Takes a due chunk of a batch that is being sent. From here on its money counts as in flight. */
  private async lease(batchNumber: string, chunkNo: number): Promise<LeasedChunk | null> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const [batch] = (await tx.query(
        'SELECT fund_id, state FROM batch WHERE number = $1 FOR NO KEY UPDATE',
        [batchNumber],
      )) as { fund_id: string; state: BatchState }[];
      if (batch?.state !== 'transmitting') return null;
      if (!(await isSendingOpen(tx))) return null;
      await lockFund(tx, batch.fund_id);
      const before = await lockMessage(tx, batchNumber, chunkNo);
      const [leased] = (await tx.query(
        `UPDATE chunk SET state = 'sending', fence = chunk.fence + 1, attempts = chunk.attempts + 1,
                possibly_sent = true, lease_until = clock_timestamp() + $3 * interval '1 millisecond',
                first_sent_at = coalesce(chunk.first_sent_at, clock_timestamp())
         FROM chunk before
         WHERE chunk.batch_number = $1 AND chunk.chunk_no = $2 AND before.batch_number = $1 AND before.chunk_no = $2
           AND (chunk.state IN ('pending', 'unknown') AND chunk.due_at <= clock_timestamp()
                OR chunk.state = 'sending' AND chunk.lease_until < clock_timestamp())
         RETURNING chunk.fence, before.possibly_sent AS was_sent`,
        [batchNumber, chunkNo, this.config.chunkLeaseMs],
      )) as [{ fence: string; was_sent: boolean }[], number];
      const lease = leased[0];
      if (!lease) return null;
      const chunk = await readChunk(tx, batchNumber, chunkNo, lease);
      if (await bookSending(tx, chunk)) await auditMessage(tx, 'message.send', chunk, { before });
      return chunk;
    });
  }

  /**
   * Makes the message, and renews the lease for the way to the bank: on a busy database the making may outlast it.
   * The digest of the first attempt binds all later ones: other bytes under the same message id never leave.
   * @throws LeaseLost
   */
  private async prepare(chunk: LeasedChunk): Promise<Uint8Array> {
    const source = await inTransaction(this.dataSource, 'system', (tx) => readMessage(tx, chunk));
    const { message, digest } = await this.threads.writeMessage(source);
    if (chunk.message_digest !== null && chunk.message_digest !== digest) {
      throw new Error(`${chunk.message_id}: the message differs from the one that was made first`);
    }
    const renewedAtMs = performance.now();
    await inTransaction(this.dataSource, 'system', (tx) =>
      writeFenced(
        tx,
        chunk,
        `message_digest = $4, lease_until = clock_timestamp() + $5 * interval '1 millisecond'`,
        [digest, this.config.chunkLeaseMs],
      ),
    );
    chunk.held_until_ms = renewedAtMs + this.config.chunkLeaseMs;
    return message;
  }

  private async record(chunk: LeasedChunk, answer: BankAnswer): Promise<void> {
    await inTransaction(this.dataSource, 'system', async (tx) => {
      await lockBatchNumber(tx, chunk.batch_number);
      await lockFund(tx, chunk.fund_id);
      const before = await digestOf(tx, 'message', chunk.message_id);
      await writeFenced(
        tx,
        chunk,
        `state = $4, problem = $5, answered_at = clock_timestamp(), lease_until = NULL`,
        [answer.verdict, answer.verdict === 'refused' ? answer.reason : null],
      );
      await bookRefusals(tx, chunk, answer, `${chunk.message_id}/answer`);
      await settleBatch(tx, chunk.batch_number);
      const facts = { verdict: answer.verdict, refused: answer.refused.length };
      await auditMessage(tx, 'message.answer', chunk, { before, facts });
    });
  }

  /** The bank has it and has not decided: ask later, or, where people carry the messages, wait for their upload. */
  private async wait(chunk: LeasedChunk, isByHand: boolean): Promise<void> {
    const delayMs = Math.min(this.config.chunkBackoffMs * 2 ** Math.min(chunk.attempts, 10), 60_000);
    await inTransaction(this.dataSource, 'system', (tx) =>
      writeFenced(
        tx,
        chunk,
        `state = 'unknown', problem = NULL, lease_until = NULL, attempts = least(attempts, 3),
         due_at = CASE WHEN $4 THEN 'infinity' ELSE clock_timestamp() + $5 * interval '1 millisecond' END`,
        [isByHand, delayMs],
      ),
    );
  }

  /** Not delivered: try again later. Unknown: ask later. Too often: dead, for an operator to see and resume. */
  private async postpone(chunk: LeasedChunk, error: unknown): Promise<void> {
    const isDelivered = !(error instanceof NotDelivered);
    const isExhausted = chunk.attempts >= this.config.chunkAttemptsMax;
    // The bank cannot be asked: what an earlier attempt led to is still unknown.
    const state = isExhausted ? 'dead' : isDelivered || chunk.was_sent ? 'unknown' : 'pending';
    const delayMs = Math.min(this.config.chunkBackoffMs * 2 ** Math.min(chunk.attempts - 1, 10), 60_000);
    try {
      await inTransaction(this.dataSource, 'system', async (tx) => {
        const before = await digestOf(tx, 'message', chunk.message_id);
        await writeFenced(
          tx,
          chunk,
          `state = $4, problem = $5, possibly_sent = $6, lease_until = NULL,
           due_at = clock_timestamp() + $7 * interval '1 millisecond'`,
          [
            state,
            error instanceof Error ? error.message : String(error),
            isDelivered || chunk.was_sent,
            delayMs,
          ],
        );
        if (isExhausted) await auditMessage(tx, 'message.giveUp', chunk, { before });
      });
    } catch (lost) {
      if (!(lost instanceof LeaseLost)) throw lost;
    }
  }
}

/** An unknown outcome is asked for by message id, never sent again blindly. */
async function askThenSend(
  channel: PaymentChannel,
  chunk: LeasedChunk,
  message: Uint8Array,
): Promise<BankAnswer> {
  const earlier = chunk.was_sent ? await channel.query(chunk.message_id) : null;
  if (earlier) return earlier;
  // A process that was frozen meanwhile does not know who has the chunk now; it must not speak to the bank.
  if (performance.now() >= chunk.held_until_ms)
    throw new Error('the lease ran out before the message was sent');
  return channel.send(chunk.message_id, message);
}

async function readChunk(
  tx: Transaction,
  batchNumber: string,
  chunkNo: number,
  lease: { fence: string; was_sent: boolean },
): Promise<LeasedChunk> {
  const [chunk] = (await tx.query(
    `SELECT ${chunkSourceColumns}, batch.fund_id, batch.office_code, fund.channel, chunk.attempts, chunk.message_digest
     FROM chunk JOIN batch ON batch.number = chunk.batch_number JOIN fund ON fund.id = batch.fund_id
     WHERE chunk.batch_number = $1 AND chunk.chunk_no = $2`,
    [batchNumber, chunkNo],
  )) as Omit<LeasedChunk, 'fence' | 'was_sent' | 'held_until_ms'>[];
  return { ...chunk!, ...lease, held_until_ms: 0 };
}

/** Once a chunk: the ledger's reference makes a second booking impossible. @returns whether this was the once */
export async function bookSending(
  tx: Transaction,
  chunk: Pick<LeasedChunk, 'fund_id' | 'message_id' | 'batch_number' | 'amount'>,
): Promise<boolean> {
  const [booked] = (await tx.query(
    `SELECT FROM ledger_transaction WHERE fund_id = $1 AND kind = 'sending' AND reference = $2`,
    [chunk.fund_id, chunk.message_id],
  )) as object[];
  if (booked) return false;
  await post(tx, {
    fundId: chunk.fund_id,
    kind: 'sending',
    reference: chunk.message_id,
    batchNumber: chunk.batch_number,
    postings: move('reserved', 'inFlight', BigInt(chunk.amount)),
  });
  return true;
}

async function writeFenced(
  tx: Transaction,
  chunk: LeasedChunk,
  set: string,
  values: unknown[],
): Promise<void> {
  const [, count] = (await tx.query(
    `UPDATE chunk SET ${set} WHERE batch_number = $1 AND chunk_no = $2 AND fence = $3`,
    [chunk.batch_number, chunk.chunk_no, chunk.fence, ...values],
  )) as [unknown, number];
  if (count !== 1) throw new LeaseLost();
}
