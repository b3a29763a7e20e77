import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { inTransaction, type Transaction } from '@ansinh/database';
import { digestOf } from '../audit/record-digest.js';
import { messageIdOf } from '../batch/batch-code.js';
import type { BatchState } from '../batch/batch.states.js';
import { type BankAnswer, type PaymentChannels, paymentChannels } from '../channel/payment-channel.js';
import { lockFund } from '../fund/ledger.js';
import { bookSending } from '../transmission/chunk-sender.js';
import type { ChunkState } from '../transmission/chunk.states.js';
import { recordAnswer } from '../transmission/record-answer.js';
import { lockBatchNumber } from '../transmission/settle-batch.js';
import { BankComparison, firstMessages, numbersAhead } from './bank-comparison.js';

interface Running {
  number: number;
  first_skipped: string;
}

interface OpenMessage {
  batch_number: string;
  message_id: string;
  channel: string;
}

/** A message as it stands under its locks. */
interface LockedMessage {
  batch_number: string;
  message_id: string;
  amount: string;
  state: ChunkState;
  was_sent: boolean;
  fund_id: string;
  office_code: string;
  batch_state: BatchState;
}

/**
 * Brings the books up to what the bank knows: asks for every open message by its id, adopts each answer, and looks for
 * messages of batches that the books lost. A message of the books has the same bytes whenever it is made, so the answer of
 * the bank is an answer to it. Nothing is sent here. May be run again from its start at any point.
 */
@Injectable()
export class Recoverer {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(paymentChannels) private readonly channels: PaymentChannels,
    private readonly comparison: BankComparison,
  ) {}

  /** Compares after a start, and asks when a recovery is to be carried out; else there is nothing to do. */
  async recover(): Promise<void> {
    await this.comparison.compare();
    const [running] = await this.look<Running>(
      `SELECT number, first_skipped FROM recovery WHERE state = 'asking'`,
    );
    if (!running) return;
    try {
      await this.askOpen(running);
      await this.lookForLost(running);
      await this.goOn(running);
    } catch (error) {
      await this.look(`UPDATE recovery SET problem = $2 WHERE number = $1 AND state = 'asking'`, [
        running.number,
        error instanceof Error ? error.message : String(error),
      ]);
      throw error;
    }
  }

  private async askOpen(running: Running): Promise<void> {
    for (;;) {
      const open = await this.look<OpenMessage>(notAsked, [running.number]);
      if (open.length === 0) return;
      for (const message of open) {
        // A list of cash goes to no bank either.
        const channel = this.channels[message.channel];
        const isByHand = !channel || channel.isByHand;
        const answer = isByHand ? null : await channel.query(message.message_id);
        await inTransaction(this.dataSource, 'system', (tx) =>
          isByHand
            ? note(tx, running, { ...message, verdict: 'byHand', isOurs: true })
            : adopt(tx, running, message, answer),
        );
      }
    }
  }

  /**
   * Messages of batches that the books have not approved, or do not have: their payments can only be told by the bank's
   * documents. This names them also where the bank has taken them on and not booked them yet.
   */
  private async lookForLost(running: Running): Promise<void> {
    const unapproved = await this.look<{ number: string }>(
      `SELECT number FROM batch WHERE state IN ('draft', 'checking', 'checked', 'submitted', 'rejected') AND number < $1
       ORDER BY number`,
      [running.first_skipped],
    );
    for (const { number } of unapproved) await this.walk(running, number);
    let absent = 0;
    for (let number = BigInt(running.first_skipped); absent < numbersAhead; number += 1n) {
      absent = (await this.walk(running, number)) ? 0 : absent + 1;
    }
  }

  /** Asks for one message after the other of a batch, until as many in a row are absent as are sent at once. */
  private async walk(running: Running, batchNumber: string | bigint): Promise<boolean> {
    let isKnown = false;
    for (const channel of Object.values(this.channels).filter(({ isByHand }) => !isByHand)) {
      let absent = 0;
      for (let chunkNo = 1; absent < firstMessages; chunkNo += 1) {
        const messageId = messageIdOf(batchNumber, chunkNo);
        const answer = await channel.query(messageId);
        absent = answer ? 0 : absent + 1;
        if (!answer) continue;
        isKnown = true;
        await inTransaction(this.dataSource, 'system', (tx) =>
          note(tx, running, { message_id: messageId, verdict: answer.verdict, isOurs: false }),
        );
      }
    }
    return isKnown;
  }

  private async goOn({ number }: Running): Promise<void> {
    await this.look(
      `UPDATE recovery SET state = 'collecting', problem = NULL WHERE number = $1 AND state = 'asking'`,
      [number],
    );
  }

  /** The outboxes of all funds were read, to their end but for those of `unread`. */
  async noteCollected(unread: string[]): Promise<void> {
    await this.look(
      `UPDATE recovery SET state = CASE WHEN $1::text IS NULL THEN 'collected' ELSE state END, problem = $1
       WHERE state = 'collecting'`,
      [unread.length === 0 ? null : `documents not read: ${unread.slice(0, 20).join(', ')}`],
    );
  }

  /** One statement in a transaction of its own. */
  private look<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return inTransaction(this.dataSource, 'system', (tx) => tx.query(sql, parameters) as Promise<Row[]>);
  }
}

const notAsked = `
SELECT chunk.batch_number, chunk.message_id, batch.channel
FROM chunk JOIN batch ON batch.number = chunk.batch_number
WHERE batch.state IN ('approved', 'transmitting', 'paused') AND chunk.state NOT IN ('accepted', 'refused')
  AND NOT EXISTS (SELECT FROM recovery_message asked
                  WHERE asked.recovery_number = $1 AND asked.message_id = chunk.message_id)
ORDER BY chunk.batch_number, chunk.chunk_no LIMIT 100`;

/** Puts into the books what the bank said; an absent message stays as it is, and is asked for again before it is sent. */
async function adopt(
  tx: Transaction,
  running: Running,
  { batch_number, message_id }: OpenMessage,
  answer: BankAnswer | null,
): Promise<void> {
  await lockBatchNumber(tx, batch_number);
  const [chunk] = (await tx.query(
    `SELECT chunk.batch_number, message_id, chunk.amount, chunk.state, first_sent_at IS NOT NULL AS was_sent, batch.fund_id,
            batch.office_code, batch.state AS batch_state
     FROM chunk JOIN batch ON batch.number = chunk.batch_number WHERE message_id = $1`,
    [message_id],
  )) as LockedMessage[];
  const before = await digestOf(tx, 'message', message_id);
  const verdict = answer?.verdict ?? 'absent';
  await note(tx, running, { message_id, verdict, isOurs: true, wasSent: chunk!.was_sent });
  if (!answer) return;
  await putOnItsWay(tx, chunk!);
  await recordAnswer(tx, answer, `${message_id}/recovery-${running.number}`);
  await recordAudit(tx, {
    ...worker,
    office: chunk!.office_code,
    verb: 'message.recover',
    subject: `message/${message_id}`,
    requestId: `recovery-${running.number}`,
    before,
    after: await digestOf(tx, 'message', message_id),
    facts: { verdict, wasSent: chunk!.was_sent, refused: answer.refused.length },
  });
}

/** As if it had just been sent, and nobody knew what became of it: that is what the lost books said. */
async function putOnItsWay(tx: Transaction, chunk: LockedMessage): Promise<void> {
  if (chunk.batch_state === 'approved') {
    for (const state of ['transmitting', 'paused']) {
      await tx.query('UPDATE batch SET state = $2 WHERE number = $1', [chunk.batch_number, state]);
    }
  }
  await lockFund(tx, chunk.fund_id);
  const way: Partial<Record<ChunkState, ChunkState[]>> = {
    pending: ['sending', 'unknown'],
    sending: ['unknown'],
    dead: ['pending', 'sending', 'unknown'],
  };
  for (const state of way[chunk.state] ?? []) {
    await tx.query(
      `UPDATE chunk SET state = $2, lease_until = NULL, problem = NULL,
              first_sent_at = coalesce(first_sent_at, clock_timestamp()) WHERE message_id = $1`,
      [chunk.message_id, state],
    );
  }
  await bookSending(tx, chunk);
}

async function note(
  tx: Transaction,
  { number }: Running,
  found: { message_id: string; verdict: string; isOurs: boolean; wasSent?: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO recovery_message (recovery_number, message_id, verdict, is_ours, was_sent)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [number, found.message_id, found.verdict, found.isOurs, found.wasSent ?? false],
  );
}
