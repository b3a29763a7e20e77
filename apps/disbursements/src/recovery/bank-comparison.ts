import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { inTransaction, type Transaction } from '@ansinh/database';
import { messageIdOf } from '../batch/batch-code.js';
import { type PaymentChannels, paymentChannels } from '../channel/payment-channel.js';
import { doubtOpenMessages, fencesSkipped } from './recovery.service.js';

/** Four chunks of a batch are on their way at once: had any been sent, it is one of the first four that were due. */
export const firstMessages = 4;
/** So many batches in a row that never reached the bank are not made between a backup and its restore. */
export const numbersAhead = 20;
/** The newest lists that nobody has approved: older ones are not approved in a hurry and lost. */
const unapprovedMax = 200;

interface Question {
  messageId: string;
  channel: string;
}

/**
 * Asks the bank, once after each start of PostgreSQL, whether it knows messages that these books have never sent. Then they
 * are older than the bank's: a backup came back, or a replica that lacked the end. Nothing is sent before that is known.
 *
 * The start is what tells, because it cannot be forgotten: neither timeline nor system identifier changes when a snapshot
 * or a copied directory is started, and a mark kept anywhere else may be lost by itself.
 */
@Injectable()
export class BankComparison {
  private readonly logger = new Logger('bank-comparison');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(paymentChannels) private readonly channels: PaymentChannels,
  ) {}

  /** Does nothing when it was done since the start. @throws when a bank cannot be asked: nothing can go there either */
  async compare(): Promise<void> {
    const questions = await inTransaction(this.dataSource, 'system', (tx) => this.questionsDue(tx));
    if (questions === null) return;
    const known: string[] = [];
    for (const { messageId, channel } of questions) {
      if (await this.channels[channel]!.query(messageId)) known.push(messageId);
    }
    await inTransaction(this.dataSource, 'system', (tx) => this.record(tx, questions.length, known));
  }

  /** Null when they were asked since the start. A bank to which people carry the messages cannot be asked. */
  private async questionsDue(tx: Transaction): Promise<Question[] | null> {
    const [done] = (await tx.query(
      'SELECT FROM bank_comparison WHERE server_started_at = pg_postmaster_start_time()',
    )) as object[];
    if (done) return null;
    const asked = Object.keys(this.channels).filter((name) => !this.channels[name]!.isByHand);
    const open = (await tx.query(neverSent, [asked, firstMessages])) as Question[];
    const unapproved = (await tx.query(notApproved, [asked, unapprovedMax])) as {
      number: string;
      channel: string;
    }[];
    const ofUnapproved = unapproved.flatMap(({ number, channel }) =>
      Array.from({ length: firstMessages }, (_, index) => ({
        messageId: messageIdOf(number, index + 1),
        channel,
      })),
    );
    const [{ last }] = (await tx.query(lastNumber)) as [{ last: string }];
    const ahead = asked.flatMap((channel) =>
      Array.from({ length: numbersAhead }, (_, index) => ({
        messageId: messageIdOf(BigInt(last) + BigInt(index + 1), 1),
        channel,
      })),
    );
    return [...open, ...ofUnapproved, ...ahead];
  }

  private async record(tx: Transaction, asked: number, messages: string[]): Promise<void> {
    const verdict = messages.length === 0 ? 'agrees' : 'ahead';
    const written = (await tx.query(
      `INSERT INTO bank_comparison (server_started_at, verdict, asked, messages)
       VALUES (pg_postmaster_start_time(), $1, $2, $3) ON CONFLICT DO NOTHING RETURNING server_started_at`,
      [verdict, asked, messages],
    )) as { server_started_at: Date }[];
    // Another worker was faster.
    const [row] = written;
    if (!row) return;
    await tx.query(doubtOpenMessages, [fencesSkipped]);
    if (verdict === 'agrees') return;
    this.logger.error(
      { messages: messages.slice(0, 20) },
      'the bank knows messages that these books have never sent: nothing is sent until a recovery',
    );
    await recordAudit(tx, {
      ...worker,
      office: '',
      verb: 'recovery.need',
      subject: `bank-comparison/${row.server_started_at.toISOString()}`,
      requestId: 'bank-comparison',
      before: null,
      after: null,
      facts: { asked, messages: messages.slice(0, 100) },
    });
  }
}

/** The first ones of each batch that are still to be sent for the first time. */
const neverSent = `
SELECT message_id AS "messageId", channel FROM (
  SELECT chunk.message_id, batch.channel, row_number() OVER (PARTITION BY chunk.batch_number ORDER BY chunk.chunk_no) AS place
  FROM chunk JOIN batch ON batch.number = chunk.batch_number
  WHERE batch.state IN ('approved', 'transmitting', 'paused') AND chunk.state NOT IN ('accepted', 'refused')
    AND chunk.first_sent_at IS NULL AND batch.channel = ANY($1)) open
WHERE place <= $2 ORDER BY message_id`;

/** Those from before a recovery can no longer be approved, whatever the bank knows of them. */
const notApproved = `
SELECT number, channel FROM batch
WHERE state IN ('draft', 'checking', 'checked', 'submitted', 'rejected') AND channel = ANY($1)
  AND number > (SELECT coalesce(max(last_skipped), 0) FROM recovery)
ORDER BY number DESC LIMIT $2`;

const lastNumber = `
SELECT greatest((SELECT coalesce(max(number), 0) FROM batch), (SELECT coalesce(max(last_skipped), 0) FROM recovery)) AS last`;
