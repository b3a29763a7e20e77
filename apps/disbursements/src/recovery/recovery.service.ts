import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { asSystem, inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { batchCode } from '../batch/batch-code.js';
import type { BankComparisonView, RecoveryStatus, RecoveryView } from './recovery.dto.js';
import { recoveryProblems } from './recovery.problems.js';
import { isSendingOpen } from './sending-gate.js';

/** More than all offices of a province open between two backups: none of these numbers names a new batch. */
const numbersSkipped = 10_000;

/** More leases than the lost books can have given on one chunk: a worker that still holds one of those is refused. */
export const fencesSkipped = 1_000_000;

const secondsMax = 300;

/** Beginning and ending a recovery, and seeing how far it is. The work itself is {@link Recoverer}'s. */
@Injectable()
export class RecoveryService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  async status(): Promise<RecoveryStatus> {
    return inTransaction(this.dataSource, 'system', statusOf);
  }

  /**
   * Every open message counts as possibly sent from here on, and every batch that was being sent is paused: the lost books
   * may have held a reason to stop it.
   * @throws ProblemError RECOVERY_RUNNING
   */
  async begin(note: string, command: Command): Promise<RecoveryStatus> {
    // Books are restored whole: those of all offices.
    const begin = async (tx: Transaction) => {
      await limitStatement(tx, secondsMax);
      await lockRecovery(tx);
      const [running] = (await tx.query(`SELECT FROM recovery WHERE state <> 'ended'`)) as object[];
      if (running) throw new ProblemError(recoveryProblems.running);
      // Leases are given under these locks: none is given past the beginning.
      await tx.query(
        `SELECT FROM batch WHERE state IN ('approved', 'transmitting', 'paused') ORDER BY number FOR NO KEY UPDATE`,
      );
      const [paused] = (await tx.query(
        `UPDATE batch SET state = 'paused' WHERE state = 'transmitting' RETURNING number`,
      )) as [{ number: string }[], number];
      await tx.query(doubtOpenMessages, [fencesSkipped]);
      const [{ number }] = (await tx.query(
        `INSERT INTO recovery (first_skipped, last_skipped, paused, note, begun_by)
         SELECT first_skipped, last_skipped, $2, $3, $4 
         FROM skip_batch_numbers($1, (SELECT coalesce(max(number), 0) FROM batch)) RETURNING number`,
        [numbersSkipped, paused.length, note, command.actor.id],
      )) as [{ number: number }];
      const after = await digestOf(tx, 'recovery', String(number));
      const facts = { note, paused: paused.map((batch) => batchCode(batch.number)) };
      return { result: await statusOf(tx), subject: `recovery/${number}`, before: null, after, facts };
    };
    return this.commands.run(command, 'recovery.begin', (tx) => asSystem(tx, begin));
  }

  /** @throws ProblemError RECOVERY_NOT_COLLECTED */
  async end(note: string, command: Command): Promise<RecoveryStatus> {
    const end = async (tx: Transaction) => {
      await lockRecovery(tx);
      const [waiting] = (await tx.query(`SELECT number FROM recovery WHERE state = 'collected'`)) as {
        number: number;
      }[];
      if (!waiting) throw new ProblemError(recoveryProblems.notCollected);
      const key = String(waiting.number);
      const before = await digestOf(tx, 'recovery', key);
      await tx.query(
        `UPDATE recovery SET state = 'ended', end_note = $2, ended_by = $3, ended_at = clock_timestamp()
         WHERE number = $1`,
        [waiting.number, note, command.actor.id],
      );
      const after = await digestOf(tx, 'recovery', key);
      return { result: await statusOf(tx), subject: `recovery/${key}`, before, after, facts: { note } };
    };
    return this.commands.run(command, 'recovery.end', (tx) => asSystem(tx, end));
  }
}

/** Asked for before it is sent, whatever the books say of it. `$1` is what its fencing number is raised by. */
export const doubtOpenMessages = `
UPDATE chunk SET possibly_sent = true, fence = chunk.fence + $1
FROM batch WHERE batch.number = chunk.batch_number AND batch.state IN ('approved', 'transmitting', 'paused')
  AND chunk.state NOT IN ('accepted', 'refused')`;

/** Of two that change the same recovery the second waits. */
async function lockRecovery(tx: Transaction): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('recovery', 0))`);
}

async function statusOf(tx: Transaction): Promise<RecoveryStatus> {
  const [facts] = (await tx.query(
    `SELECT pg_postmaster_start_time() AS "serverStartedAt",
            (SELECT count(*)::int FROM payment_exception WHERE code = 'UNKNOWN_PAYMENT' AND direction = 'debit' AND state = 'open') AS count,
            (SELECT coalesce(sum(observed_amount), 0)::text FROM payment_exception
             WHERE code = 'UNKNOWN_PAYMENT' AND direction = 'debit' AND state = 'open') AS amount`,
  )) as { serverStartedAt: Date; count: number; amount: string }[];
  const { serverStartedAt, count, amount } = facts!;
  return {
    isSendingOpen: await isSendingOpen(tx),
    serverStartedAt: serverStartedAt.toISOString(),
    comparison: await comparisonOf(tx),
    recovery: await latestRecovery(tx),
    unknownPayments: { count, amount },
  };
}

async function comparisonOf(tx: Transaction): Promise<BankComparisonView | null> {
  const [row] = (await tx.query(
    `SELECT verdict, asked, messages, at FROM bank_comparison WHERE server_started_at = pg_postmaster_start_time()`,
  )) as (Omit<BankComparisonView, 'at'> & { at: Date })[];
  return row ? { ...row, at: row.at.toISOString() } : null;
}

const messagesWhere = (condition: string) => `
  coalesce((SELECT array_agg(message_id ORDER BY message_id)
            FROM (SELECT message_id FROM recovery_message message
                  WHERE message.recovery_number = recovery.number AND ${condition}
                  ORDER BY message_id LIMIT 500) found), '{}')`;

async function latestRecovery(tx: Transaction): Promise<RecoveryView | null> {
  const [row] = (await tx.query(
    `SELECT number, state, first_skipped::text AS "firstSkipped", last_skipped::text AS "lastSkipped", paused,
            (SELECT count(*)::int FROM recovery_message WHERE recovery_number = recovery.number
             AND verdict <> 'byHand') AS asked,
            ${messagesWhere(`is_ours AND NOT was_sent AND verdict IN ('accepted', 'refused', 'received')`)} AS "newlyKnown",
            ${messagesWhere(`NOT is_ours AND verdict <> 'absent'`)} AS lost,
            ${messagesWhere(`verdict = 'byHand'`)} AS "byHand",
            problem, note, begun_by AS "begunBy", begun_at AS "begunAt", end_note AS "endNote",
            ended_by AS "endedBy", ended_at AS "endedAt"
     FROM recovery ORDER BY number DESC LIMIT 1`,
  )) as (Omit<RecoveryView, 'begunAt' | 'endedAt'> & { begunAt: Date; endedAt: Date | null })[];
  if (!row) return null;
  return { ...row, begunAt: row.begunAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null };
}
