import { Inject, Injectable } from '@nestjs/common';
import {
  asSystem,
  limitStatement,
  mayWaitForBeside,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { BankProfile } from '../bank-profile/bank-profile.entity.js';
import type { BatchView } from '../batch/batch.dto.js';
import { batchCode } from '../batch/batch-code.js';
import { type Batch } from '../batch/batch.entity.js';
import { batchProblems } from '../batch/batch.problems.js';
import { addMaker, changeOf, lockBatch, moveBatch } from '../batch/batch.service.js';
import { viewBatch } from '../batch/batch-view.js';
import { postCash } from '../channel/post-cash.js';
import { type Config, configToken } from '../config.js';
import { releaseSetAside } from '../follow-up/follow-up-lines.js';
import { fundProblems } from '../fund/fund.problems.js';
import { balanceOf, lockFund, move, post } from '../fund/ledger.js';
import { Programme } from '../programme/programme.entity.js';
import { requireAfterRestore, requireSendingOpen } from '../recovery/sending-gate.js';
import { digestBeside, digestOfList } from './digest.js';

const approvalSecondsMax = 300;

/** Maker submits, checkers approve or reject. The last approval freezes the list and reserves the money, or nothing. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly commands: Commands,
    @Inject(configToken) private readonly config: Config,
  ) {}

  /** @throws ProblemError BATCH_STATE, LIST_EMPTY, BLOCKING_FINDINGS, BATCH_BEFORE_RESTORE */
  async submit(id: string, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.submit', async (tx) => {
      const batch = await lockBatch(tx, id);
      await moveBatch(tx, batch, 'submitted');
      await requireAfterRestore(tx, batch);
      await requireSubmittable(tx, batch);
      await limitStatement(tx, approvalSecondsMax);
      await mayWaitForBeside(tx, approvalSecondsMax);
      await addMaker(tx, batch, command.actor);
      // Of a batch that was found in the caller's scope; policies would look at each line of it.
      batch.digest = await asSystem(tx, () => digestOfList(tx, batch));
      batch.requiredApprovals = await approvalsFor(tx, batch);
      batch.submissionNumber += 1;
      batch.submittedBy = command.actor.id;
      await tx.query(
        `UPDATE batch SET digest = $2, required_approvals = $3, submission_number = $4, submitted_by = $5,
                submitted_at = clock_timestamp() WHERE id = $1`,
        [batch.id, batch.digest, batch.requiredApprovals, batch.submissionNumber, batch.submittedBy],
      );
      return {
        result: await viewBatch(tx, batch),
        ...(await changeOf(tx, batch)),
        facts: { digest: batch.digest },
      };
    });
  }

  /**
   * @param digest what the checker looked at; another list under the same batch is refused
   * @throws ProblemError BATCH_STATE, MAKER_IS_NOT_CHECKER, DECIDED_ALREADY, DIGEST_MISMATCH, OBLIGATION_TAKEN,
   *   INSUFFICIENT_FUND, SENDING_CLOSED, BATCH_BEFORE_RESTORE; then nothing has changed, this approval included
   */
  async approve(id: string, digest: string, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.approve', async (tx) => {
      const batch = await lockBatch(tx, id);
      if (batch.state !== 'submitted') await moveBatch(tx, batch, 'approved');
      await requireSendingOpen(tx);
      await requireAfterRestore(tx, batch);
      if (batch.digest !== digest) throw new ProblemError(batchProblems.digestMismatch);
      const approvals = await decide(tx, batch, command, 'approved', null);
      if (approvals >= batch.requiredApprovals) {
        await limitStatement(tx, approvalSecondsMax);
        await mayWaitForBeside(tx, approvalSecondsMax);
        await asSystem(tx, () => freeze(tx, batch, this.config.chunkPayments));
        await moveBatch(tx, batch, 'approved');
        await tx.query('UPDATE batch SET approved_at = clock_timestamp() WHERE id = $1', [batch.id]);
      }
      const facts = { digest, approvals, required: batch.requiredApprovals };
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)), facts };
    });
  }

  /** Sends the batch back to its maker. @throws ProblemError BATCH_STATE, DECIDED_ALREADY */
  async reject(id: string, reason: string, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.reject', async (tx) => {
      const batch = await lockBatch(tx, id);
      await moveBatch(tx, batch, 'rejected');
      await decide(tx, batch, command, 'rejected', reason);
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)), facts: { reason } };
    });
  }
}

async function requireSubmittable(tx: Transaction, batch: Batch): Promise<void> {
  const blocking = (await tx.query(
    `SELECT code, count(*)::int AS count FROM finding
     WHERE batch_number = $1 AND severity = 'block' AND waiver_id IS NULL AND (row_no = 0 OR $2) GROUP BY code`,
    [batch.number, batch.onBlocking === 'stop'],
  )) as { code: string; count: number }[];
  if (blocking.length > 0) {
    const list = blocking.map(({ code, count }) => `${code} (${count})`).join(', ');
    throw new ProblemError(batchProblems.blockingFindings, {
      detail: {
        vi: `${list}. Sửa danh sách, xin miễn, bổ sung kinh phí, hoặc nhập lại với onBlocking=setAside để tách dòng lỗi.`,
        en: `${list}. Correct the list, waive, add money, or import again with onBlocking=setAside to set lines aside.`,
      },
      extensions: { findings: Object.fromEntries(blocking.map(({ code, count }) => [code, count])) },
    });
  }
  if (batch.rows - batch.setAside === 0) throw new ProblemError(batchProblems.listEmpty);
}

/** The band of the programme into which the sum falls. */
async function approvalsFor(tx: Transaction, batch: Batch): Promise<number> {
  const { approvalBands } = await tx.findOneByOrFail(Programme, { code: batch.programmeCode });
  const band = approvalBands.find(({ upTo }) => upTo === null || batch.keptAmount <= BigInt(upTo));
  if (!band) throw new Error(`programme ${batch.programmeCode} has no band for ${batch.keptAmount}`);
  return band.checkers;
}

/** Writes the decision; the database refuses a second one of the same checker, and one of a maker. */
async function decide(
  tx: Transaction,
  batch: Batch,
  { actor }: Command,
  verdict: 'approved' | 'rejected',
  reason: string | null,
): Promise<number> {
  try {
    await tx.query(
      `INSERT INTO decision (batch_number, submission_number, actor_id, actor_name, verdict, digest, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [batch.number, batch.submissionNumber, actor.id, actor.name, verdict, batch.digest, reason],
    );
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'decision_once') throw new ProblemError(batchProblems.decidedAlready);
    if (constraint === 'maker_is_not_checker') throw new ProblemError(batchProblems.ownBatch);
    throw error;
  }
  const [row] = (await tx.query(
    `SELECT count(*)::int AS approvals FROM decision
     WHERE batch_number = $1 AND submission_number = $2 AND verdict = 'approved'`,
    [batch.number, batch.submissionNumber],
  )) as { approvals: number }[];
  return row!.approvals;
}

/** Makes the payments and their chunks from the signed list, and reserves their sum. */
async function freeze(tx: Transaction, batch: Batch, chunkPayments: number): Promise<void> {
  const limits = await messageLimits(tx, batch, chunkPayments);
  const [digest] = await Promise.all([digestBeside(tx, batch), insertPayments(tx, batch, limits)]);
  if (digest !== batch.digest) throw new ProblemError(batchProblems.digestMismatch);
  if (batch.followUpOf !== null) await releaseSetAside(tx, batch.number);
  await tx.query(
    `INSERT INTO chunk (batch_number, chunk_no, first_row, last_row, payments, amount, message_id)
     SELECT $1::bigint, chunk_no, min(row_no), max(row_no), count(*), sum(amount), $2 || '-C' || lpad(chunk_no::text, 5, '0')
     FROM payment WHERE batch_number = $1 GROUP BY chunk_no`,
    [batch.number, batchCode(batch.number)],
  );
  if (batch.channel === postCash) await nameCommunes(tx, batch);
  const [sum] = (await tx.query(
    'SELECT sum(payments)::int AS payments, sum(amount)::bigint AS amount FROM chunk WHERE batch_number = $1',
    [batch.number],
  )) as { payments: number; amount: string }[];
  if (sum!.payments !== batch.rows - batch.setAside || BigInt(sum!.amount) !== batch.keptAmount) {
    throw new Error(`batch ${batch.number}: the payments do not sum to what was signed`);
  }
  await reserve(tx, batch);
  await tx.query('ANALYZE payment');
}

/** All lines of a list are of one place: its first one tells which. */
async function nameCommunes(tx: Transaction, batch: Batch): Promise<void> {
  await tx.query(
    `UPDATE chunk SET place_code = line.place_code FROM payment_line line
     WHERE chunk.batch_number = $1 AND line.batch_number = $1 AND line.row_no = chunk.first_row`,
    [batch.number],
  );
}

interface MessageLimits {
  payments: number;
  /** đồng; null: any. */
  amount: string | null;
}

/** By the bank's profile that the list was checked by, and never more payments than the service is set to. */
async function messageLimits(tx: Transaction, batch: Batch, chunkPayments: number): Promise<MessageLimits> {
  if (batch.bankProfile === null) return { payments: chunkPayments, amount: null };
  const { content } = await tx.findOneByOrFail(BankProfile, { digest: batch.bankProfile });
  return { payments: Math.min(chunkPayments, content.messagePaymentsMax), amount: content.messageAmountMax };
}

/** Numbers the kept lines; `cut_list` walks through them, so it is asked only where the amount matters. */
const byCount = `
SELECT batch_number, row_no, (row_number() OVER (ORDER BY row_no) - 1) / $2 + 1, amount, payee_key, account_key,
       obligation_key
FROM payment_line WHERE batch_number = $1 AND NOT set_aside AND $3::bigint IS NULL ORDER BY row_no`;
const byAmount = `
SELECT line.batch_number, line.row_no, cut.piece, line.amount, line.payee_key, line.account_key, line.obligation_key
FROM cut_list($1, $2, $3) cut CROSS JOIN LATERAL (
  SELECT * FROM payment_line
  WHERE batch_number = $1 AND row_no BETWEEN cut.first_row AND cut.last_row AND NOT set_aside OFFSET 0) line
ORDER BY line.row_no`;
/** A list holds people of one commune; a commune of more than a list holds has several. */
const byCommune = `
SELECT batch_number, row_no, dense_rank() OVER (ORDER BY place_code, part), amount, payee_key, account_key, obligation_key
FROM (
  SELECT *, (row_number() OVER (PARTITION BY place_code ORDER BY row_no) - 1) / $2 AS part
  FROM payment_line WHERE batch_number = $1 AND NOT set_aside AND $3::bigint IS NULL) line
ORDER BY row_no`;

async function insertPayments(tx: Transaction, batch: Batch, limits: MessageLimits): Promise<void> {
  const byMessage = limits.amount === null ? byCount : byAmount;
  const cut = batch.channel === postCash ? byCommune : byMessage;
  try {
    await tx.query(
      `INSERT INTO payment (batch_number, row_no, chunk_no, amount, payee_key, account_key, obligation_key)
       ${cut}`,
      [batch.number, limits.payments, limits.amount],
    );
  } catch (error) {
    if (violatedConstraint(error) !== 'payment_obligation_once') throw error;
    throw new ProblemError(batchProblems.obligationTaken, {
      detail: {
        vi: 'Trả lại lô cho người lập để kiểm tra lại; danh sách phát hiện sẽ chỉ rõ từng dòng.',
        en: 'Reject the batch and have it checked again; the findings will name each line.',
      },
    });
  }
}

async function reserve(tx: Transaction, batch: Batch): Promise<void> {
  await lockFund(tx, batch.fundId);
  const { available } = await balanceOf(tx, batch.fundId);
  if (available < batch.keptAmount) {
    throw new ProblemError(fundProblems.insufficient, {
      detail: {
        vi: `Cần ${batch.keptAmount} đồng, nguồn còn ${available} đồng.`,
        en: `${batch.keptAmount} đồng are needed, ${available} đồng are left.`,
      },
      extensions: { needed: batch.keptAmount.toString(), available: available.toString() },
    });
  }
  await post(tx, {
    fundId: batch.fundId,
    kind: 'reservation',
    reference: batchCode(batch.number),
    batchNumber: batch.number,
    postings: move('available', 'reserved', batch.keptAmount),
  });
}
