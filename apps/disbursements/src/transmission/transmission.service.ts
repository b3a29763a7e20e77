import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { maskNumbersIn } from '@ansinh/identity';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import type { BatchView } from '../batch/batch.dto.js';
import type { Batch } from '../batch/batch.entity.js';
import { batchProblems, wrongState } from '../batch/batch.problems.js';
import { changeOf, findBatch, lockBatch, moveBatch, subjectOf } from '../batch/batch.service.js';
import { viewBatch } from '../batch/batch-view.js';
import { issueCashLists } from '../cash-list/issue-cash-lists.js';
import { postCash } from '../channel/post-cash.js';
import { type DueChunk, Hints } from '../hints/hints.js';
import { requireSendingOpen } from '../recovery/sending-gate.js';
import { Threads } from '../threads/threads.js';
import { type ChunkSource, chunkSourceColumns, readMessage } from './chunk-message.js';
import { settleBatch } from './settle-batch.js';
import type { MessageView } from './transmission.dto.js';

/** Starting, pausing and resuming the sending of a batch. The sending itself is {@link ChunkSender}'s. */
@Injectable()
export class TransmissionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly hints: Hints,
    private readonly threads: Threads,
  ) {}

  /**
   * Starts or resumes; on a batch that is being sent it brings dead chunks back to life. Harmless to repeat. Cash lists are
   * out at once.
   * @throws ProblemError BATCH_STATE, SENDING_CLOSED
   */
  async transmit(id: string, command: Command): Promise<BatchView> {
    const view = await this.commands.run(command, 'batch.transmit', async (tx) => {
      const batch = await lockBatch(tx, id);
      await requireSendingOpen(tx);
      if (batch.state !== 'transmitting') await moveBatch(tx, batch, 'transmitting');
      const revived = await reviveDeadChunks(tx, batch);
      if (batch.channel === postCash) await issueCashLists(tx, batch);
      await settleBatch(tx, batch.number);
      const after = await findBatch(tx, id);
      return { result: await viewBatch(tx, after), ...(await changeOf(tx, batch)), facts: { revived } };
    });
    await this.giveHints(view, command.actor);
    return view;
  }

  /** Chunks under way end; no other is begun. Answers and statements are still taken in. */
  async pause(id: string, command: Command): Promise<BatchView> {
    return this.commands.run(command, 'batch.pause', async (tx) => {
      const batch = await lockBatch(tx, id);
      if (batch.state !== 'transmitting') throw wrongState(batch.state, ['transmitting']);
      await moveBatch(tx, batch, 'paused');
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)) };
    });
  }

  async messages(id: string, actor: Actor): Promise<MessageView[]> {
    const messages = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, id);
      return (await tx.query(
        `SELECT chunk_no AS number, message_id AS "messageId", state, payments, amount::text AS amount, attempts,
              message_digest AS digest, problem FROM chunk WHERE batch_number = $1 ORDER BY chunk_no`,
        [batch.number],
      )) as MessageView[];
    });
    // A bank may repeat in its refusal what it was sent.
    return messages.map((message) => ({
      ...message,
      problem: message.problem && maskNumbersIn(message.problem),
    }));
  }

  /**
   * The bank file of a chunk, made anew: the same bytes as were sent. It is of no use but with whole accounts, so whoever
   * may carry it to the bank may see them, and the access log says who did.
   * @throws ProblemError MESSAGE_NOT_FOUND, ACCESS_PURPOSE_MISSING, SENDING_CLOSED
   */
  async message(id: string, chunkNo: number, reader: Reader): Promise<Uint8Array> {
    const source = await inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) => {
      const batch = await findBatch(tx, id);
      await requireSendingOpen(tx);
      const [chunk] = (await tx.query(
        `SELECT ${chunkSourceColumns} FROM chunk JOIN fund ON fund.id = $3
         WHERE batch_number = $1 AND chunk_no = $2::numeric`,
        [batch.number, chunkNo, batch.fundId],
      )) as ChunkSource[];
      if (!chunk || batch.channel === postCash) throw new ProblemError(batchProblems.messageNotFound);
      await recordAccess(tx, reader, requirePurpose(reader, true), {
        office: batch.officeCode,
        subject: `${subjectOf(batch)}/messages/${chunk.chunk_no}`,
        rows: { first: chunk.first_row, last: chunk.last_row },
        numbers: chunk.payments,
      });
      return readMessage(tx, chunk);
    });
    return (await this.threads.writeMessage(source)).message;
  }

  private async giveHints(view: BatchView, actor: Actor): Promise<void> {
    if (view.state !== 'transmitting') return;
    const chunks = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT batch_number AS "batchNumber", chunk_no AS "chunkNo", fence FROM chunk JOIN batch ON batch.number = batch_number
         WHERE batch.id = $1 AND chunk.state IN ('pending', 'unknown') ORDER BY chunk_no`,
        [view.id],
      ),
    )) as DueChunk[];
    await this.hints.chunksDue(chunks);
  }
}

async function reviveDeadChunks(tx: Transaction, batch: Batch): Promise<number> {
  const [, count] = (await tx.query(
    `UPDATE chunk SET state = 'pending', attempts = 0, due_at = clock_timestamp()
     WHERE batch_number = $1 AND state = 'dead'`,
    [batch.number],
  )) as [unknown, number];
  return count;
}
