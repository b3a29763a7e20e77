import { Inject, Injectable } from '@nestjs/common';
import { inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { DataSource } from 'typeorm';
import { type Config, configToken } from '../config.js';
import { FaultService } from '../fault/fault.service.js';

interface DueMessage {
  number: string;
  id: string;
  accountId: number;
  executionOn: string;
  accepted: number;
  payable: string;
  returns: number;
}

/** Conditions on `message`; each has an index of its own. */
export const settlementIsDue = 'settle_at <= clock_timestamp() AND settled_at IS NULL';
export const returnIsDue = 'return_at <= clock_timestamp() AND returned_at IS NULL';

const statementSecondsMax = 30;

/** Moves the money of messages that are due. Each method does one message in one transaction, or finds none. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly faults: FaultService,
    @Inject(configToken) private readonly config: Config,
  ) {}

  /** @returns how many payments were settled; 0 when nothing is due */
  async settleNext(): Promise<number> {
    return this.withDueMessage(settlementIsDue, async (tx, message) => {
      // First the payer's row: a statement that is being drawn up waits here, or makes us wait, and misses nothing.
      await tx.query('UPDATE account SET reserved = reserved - $2 WHERE id = $1', [
        message.accountId,
        message.payable,
      ]);
      const journal = await book(tx, message, 'settlement');
      await this.announceSettlement(tx, message, journal);
      await tx.query(
        `UPDATE message SET settled_at = clock_timestamp(),
           return_at = CASE WHEN returns > 0 THEN clock_timestamp() + $2 * interval '1 millisecond' END
         WHERE number = $1`,
        [message.number, this.config.returnDelayMs],
      );
      return message.accepted;
    });
  }

  /** @returns how many payments came back; 0 when nothing is due */
  async returnNext(): Promise<number> {
    return this.withDueMessage(returnIsDue, async (tx, message) => {
      await tx.query('SELECT FROM account WHERE id = $1 FOR UPDATE', [message.accountId]);
      const journal = await book(tx, message, 'return');
      await announce(tx, message, journal);
      // A settlement notice that was held back follows the notice of what came back from it.
      await tx.query(
        `UPDATE document SET publish_at = clock_timestamp() + interval '1 millisecond'
         WHERE cursor IS NULL AND journal_number =
           (SELECT number FROM journal WHERE message_number = $1 AND kind = 'settlement')`,
        [message.number],
      );
      await tx.query('UPDATE message SET returned_at = clock_timestamp() WHERE number = $1', [
        message.number,
      ]);
      return message.returns;
    });
  }

  /** Takes the message that has waited longest; one that another process holds is passed over. */
  private async withDueMessage(
    isDue: string,
    work: (tx: Transaction, message: DueMessage) => Promise<number>,
  ): Promise<number> {
    return inTransaction(this.dataSource, 'owner', async (tx) => {
      await limitStatement(tx, statementSecondsMax);
      const [message] = await tx.query<DueMessage[]>(
        `SELECT number, id, account_id AS "accountId", execution_on::text AS "executionOn",
                accepted, payable, returns
         FROM message WHERE ${isDue} ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      return message ? work(tx, message) : 0;
    });
  }

  /** Out of order: the notice waits for the returns of its message, or for the notices of later ones. */
  private async announceSettlement(tx: Transaction, message: DueMessage, journal: string): Promise<void> {
    if (!this.faults.current.hits('outOfOrder', message.id)) return announce(tx, message, journal);
    const heldBackMs = this.config.settleDelayMs + this.config.returnDelayMs;
    const publishAt =
      message.returns > 0 ? `'infinity'` : `clock_timestamp() + ${heldBackMs} * interval '1 millisecond'`;
    await announce(tx, message, journal, publishAt);
  }
}

/**
 * Books the accepted lines of a message, or those that come back, against clearing: one statement, so that the
 * books balance at its end. Booked on the day the payer asked for, if that is still to come.
 */
async function book(tx: Transaction, message: DueMessage, kind: 'settlement' | 'return'): Promise<string> {
  const lines = kind === 'settlement' ? 'refusal IS NULL' : 'refusal IS NULL AND return_reason IS NOT NULL';
  const sign = kind === 'settlement' ? -1 : 1;
  const [{ number }] = await tx.query<[{ number: string }]>(
    `INSERT INTO journal (kind, account_id, message_number, booked_on)
     VALUES ($1, $2, $3, greatest($4::date, (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
     RETURNING number`,
    [kind, message.accountId, message.number, message.executionOn],
  );
  await tx.query(
    `WITH moved AS (
       SELECT line, $3::int * paid AS amount FROM transfer WHERE message_number = $4 AND ${lines}
     )
     INSERT INTO posting (journal_number, line, account_id, amount)
     SELECT $1::bigint, line, $2::int, amount FROM moved
     UNION ALL
     SELECT $1::bigint, 0, account.id, (SELECT -sum(amount) FROM moved) FROM account WHERE number = 'CLEARING'`,
    [number, message.accountId, sign, message.number],
  );
  return number;
}

/** Leaves a notice to be published; `publishAt` is an SQL expression. */
async function announce(
  tx: Transaction,
  message: DueMessage,
  journal: string,
  publishAt = 'clock_timestamp()',
): Promise<void> {
  await tx.query(
    `INSERT INTO document (account_id, type, journal_number, publish_at)
     VALUES ($1, 'camt.054', $2, ${publishAt})`,
    [message.accountId, journal],
  );
}
