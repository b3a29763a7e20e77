import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { vietnamTime } from '@ansinh/calendar';
import { copyRows, inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { type RefusedTransaction, writePain002 } from '@ansinh/iso20022';
import { ProblemError } from '@ansinh/problem';
import { DataSource } from 'typeorm';
import { type Config, configToken } from '../config.js';
import { messageProblems } from './message.problems.js';
import type { PaymentMessage } from './payment-message.js';

export interface Acceptance {
  /** The pain.002, the same bytes however often the message comes. */
  answer: Buffer;
  isNew: boolean;
}

interface RegisteredMessage {
  number: string;
  receivedAt: Date;
}

const statementSecondsMax = 30;

/** Takes messages in: each at most once, and each end-to-end id at most once. */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(configToken) private readonly config: Config,
  ) {}

  /**
   * Stores the message, its orders and the answer in one transaction. Of two equal messages at once the second waits
   * at the unique id of the first, and then finds its answer.
   * @throws ProblemError MESSAGE_REUSED when the id stands for other bytes
   */
  async accept(message: PaymentMessage): Promise<Acceptance> {
    return inTransaction(this.dataSource, 'owner', async (tx) => {
      await limitStatement(tx, statementSecondsMax);
      const registered = await this.register(tx, message);
      if (!registered) return { answer: await this.earlierAnswer(tx, message), isNew: false };
      const duplicates = await this.storeOrders(tx, registered.number, message);
      const groupReason = await this.reserve(tx, registered.number);
      const refused = await this.refusedOf(tx, registered.number, duplicates);
      const answer = this.writeAnswer(message, registered, refused, groupReason);
      await tx.query('UPDATE message SET answer = $2 WHERE number = $1', [registered.number, answer]);
      return { answer, isNew: true };
    });
  }

  /** @throws ProblemError MESSAGE_NOT_FOUND when the bank never got it, or did not store it. */
  async statusOf(messageId: string): Promise<Buffer> {
    const [message] = await this.dataSource.query<{ answer: Buffer }[]>(
      'SELECT answer FROM message WHERE id = $1',
      [messageId],
    );
    if (message) return message.answer;
    throw new ProblemError(messageProblems.notFound);
  }

  private async register(tx: Transaction, message: PaymentMessage): Promise<RegisteredMessage | undefined> {
    const [registered] = await tx.query<RegisteredMessage[]>(
      `INSERT INTO message (id, digest, account_id, execution_on, count)
       VALUES ($1, $2, (SELECT id FROM account WHERE number = $3 AND NOT is_own), $4, $5)
       ON CONFLICT (id) DO NOTHING RETURNING number, received_at AS "receivedAt"`,
      [message.id, message.digest, message.account, message.executionOn, message.count],
    );
    return registered;
  }

  private async earlierAnswer(tx: Transaction, message: PaymentMessage): Promise<Buffer> {
    const [earlier] = await tx.query<{ digest: Buffer; answer: Buffer }[]>(
      'SELECT digest, answer FROM message WHERE id = $1',
      [message.id],
    );
    if (earlier?.digest.equals(message.digest)) return earlier.answer;
    throw new ProblemError(messageProblems.otherContent);
  }

  /** Stores the orders by COPY; gives back those whose end-to-end id is taken, by an earlier message or line. */
  private async storeOrders(
    tx: Transaction,
    number: string,
    message: PaymentMessage,
  ): Promise<RefusedTransaction[]> {
    await tx.query(
      `CREATE TEMP TABLE IF NOT EXISTS incoming (
         line int, end_to_end_id text COLLATE "C", amount bigint, paid bigint,
         creditor_account text, creditor_bin text, refusal text, return_reason text
       ) ON COMMIT DELETE ROWS`,
    );
    await copyRows(tx, 'incoming', Readable.from(message.rows));
    // In the order of the unique key: two messages that share ids wait for each other and do not deadlock.
    const [{ stored }] = (await tx.query<{ stored: number }[]>(
      `WITH stored AS (
         INSERT INTO transfer (message_number, line, end_to_end_id, amount, paid,
                               creditor_account, creditor_bin, refusal, return_reason)
         SELECT $1, line, end_to_end_id, amount, paid, creditor_account, creditor_bin, refusal, return_reason
         FROM incoming ORDER BY end_to_end_id, line
         ON CONFLICT (end_to_end_id) DO NOTHING RETURNING 1
       )
       SELECT count(*)::int AS stored FROM stored`,
      [number],
    )) as [{ stored: number }];
    if (stored === message.count) return [];
    return tx.query<RefusedTransaction[]>(
      `SELECT end_to_end_id AS "endToEndId", 'AM05' AS reason FROM incoming
       WHERE NOT EXISTS (SELECT FROM transfer WHERE message_number = $1 AND transfer.line = incoming.line)
       ORDER BY line`,
      [number],
    );
  }

  /** Sets the money aside; without an account or without cover, nothing of the message is accepted. */
  private async reserve(tx: Transaction, number: string): Promise<string | undefined> {
    const [{ accepted, payable, returns }] = (await tx.query(
      `SELECT count(*)::int AS accepted, coalesce(sum(paid), 0)::text AS payable,
              count(return_reason)::int AS returns
       FROM transfer WHERE message_number = $1 AND refusal IS NULL`,
      [number],
    )) as [{ accepted: number; payable: string; returns: number }];
    if (accepted === 0) return undefined;
    const [reserved] = await tx.query<[{ id: number }[], number]>(
      `UPDATE account SET reserved = reserved + $2::numeric
       WHERE id = (SELECT account_id FROM message WHERE number = $1) AND balance - reserved >= $2::numeric
       RETURNING id`,
      [number, payable],
    );
    if (reserved.length === 0) return this.refuseAll(tx, number);
    await tx.query(
      `UPDATE message SET accepted = $2, payable = $3, returns = $4,
         settle_at = received_at + $5 * interval '1 millisecond'
       WHERE number = $1`,
      [number, accepted, payable, returns, this.config.settleDelayMs],
    );
    return undefined;
  }

  private async refuseAll(tx: Transaction, number: string): Promise<string> {
    const [{ reason }] = (await tx.query(
      `SELECT CASE WHEN account_id IS NULL THEN 'AC02' ELSE 'AM04' END AS reason FROM message WHERE number = $1`,
      [number],
    )) as [{ reason: string }];
    await tx.query(
      `UPDATE transfer SET refusal = $2, return_reason = NULL WHERE message_number = $1 AND refusal IS NULL`,
      [number, reason],
    );
    return reason;
  }

  private async refusedOf(
    tx: Transaction,
    number: string,
    duplicates: RefusedTransaction[],
  ): Promise<RefusedTransaction[]> {
    const refused = await tx.query<RefusedTransaction[]>(
      `SELECT end_to_end_id AS "endToEndId", refusal AS reason FROM transfer
       WHERE message_number = $1 AND refusal IS NOT NULL ORDER BY line`,
      [number],
    );
    return [...refused, ...duplicates];
  }

  private writeAnswer(
    message: PaymentMessage,
    registered: RegisteredMessage,
    refused: RefusedTransaction[],
    groupReason: string | undefined,
  ): Buffer {
    const isRefused = refused.length === message.count;
    return writePain002(
      {
        messageId: `STS-${registered.number}`,
        createdAt: vietnamTime(registered.receivedAt),
        originalMessageId: message.id,
        originalMessageName: message.version,
        originalPaymentInformationId: message.paymentInformationId,
        originalCount: message.count,
        groupStatus: isRefused ? 'RJCT' : refused.length > 0 ? 'PART' : 'ACTC',
        groupReason,
      },
      refused,
    );
  }
}
