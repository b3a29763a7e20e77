import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '@ansinh/auth';
import { asSystem, limitStatement, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import type { BatchView } from '../batch/batch.dto.js';
import type { Batch, OnBlocking } from '../batch/batch.entity.js';
import { batchProblems, wrongState } from '../batch/batch.problems.js';
import { addMaker, changeOf, lockBatch, type LockedBatch, moveBatch } from '../batch/batch.service.js';
import { editableStates } from '../batch/batch.states.js';
import { viewBatch } from '../batch/batch-view.js';
import { postCash } from '../channel/post-cash.js';
import { followUpProblems } from '../follow-up/follow-up.problems.js';
import { Hints } from '../hints/hints.js';
import {
  cashColumns,
  type ListFormat,
  type PaymentMeans,
  paymentColumns,
  readList,
} from '@ansinh/payment-list';
import { streamOf } from '@ansinh/service';
import { streamedTypes } from '../rest.js';
import { formatOf, refusingList, withSpooled } from '@ansinh/uploads';
import { Threads } from '../threads/threads.js';
import { LineWriter } from './line-writer.js';

const listBytesMax = 1024 ** 3;
const importSecondsMax = 900;
/** About the rows that a thread takes at once: fewer pieces are cut and put together again. */
const bytesPerRead = 256 * 1024;

/** Takes in the list of a batch: whole, with each line's findings, or not at all. */
@Injectable()
export class ListImportService {
  constructor(
    private readonly commands: Commands,
    private readonly hints: Hints,
    private readonly threads: Threads,
  ) {}

  /**
   * Replaces the list. The upload is on disk before the transaction begins.
   * @throws ProblemError BATCH_STATE, LIST_REFUSED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
   */
  async importList(
    id: string,
    request: FastifyRequest,
    onBlocking: OnBlocking,
    command: Command,
  ): Promise<BatchView> {
    const format = formatOf(request.headers['content-type']);
    return withSpooled(streamOf(request, streamedTypes), listBytesMax, (path) =>
      this.importFile(id, { path, format }, onBlocking, command),
    );
  }

  /** Imports a list that is a file already. */
  async importFile(
    id: string,
    file: { path: string; format: ListFormat },
    onBlocking: OnBlocking,
    command: Command,
  ): Promise<BatchView> {
    const view = await this.commands.run(command, 'batch.import', async (tx) => {
      const batch = await lockEditable(tx, id);
      if (batch.followUpOf !== null) throw new ProblemError(followUpProblems.listFixed);
      await limitStatement(tx, importSecondsMax);
      await clearList(tx, batch);
      const { view: result, imported } = await this.fillList(tx, batch, file, onBlocking, command.actor);
      return { result, ...(await changeOf(tx, batch)), facts: imported };
    });
    await this.hints.checkDue(view.id);
    return view;
  }

  /** Takes a list into a locked batch that has none, and has it checked. @throws ProblemError LIST_REFUSED */
  async fillList(
    tx: Transaction,
    batch: Batch,
    file: { path: string; format: ListFormat },
    onBlocking: OnBlocking,
    actor: Actor,
  ): Promise<{ view: BatchView; imported: Imported }> {
    // COPY, which PostgreSQL refuses where policies hold; the batch is one that the caller has.
    const imported = await asSystem(tx, () => this.copyList(tx, batch, file));
    await tx.query(
      `UPDATE batch SET import_number = import_number + 1, on_blocking = $2, rows = $3, set_aside = 0,
              kept_amount = 0, digest = NULL, list_digest = $4 WHERE id = $1`,
      [batch.id, onBlocking, imported.rows, imported.listDigest],
    );
    await addMaker(tx, batch, actor);
    await moveBatch(tx, batch, 'checking');
    await tx.query('ANALYZE payment_line');
    const view = await viewBatch(
      tx,
      Object.assign(batch, { onBlocking, ...listOf(imported), setAside: 0, keptAmount: 0n, digest: null }),
    );
    return { view, imported };
  }

  async checkAgain(id: string, command: Command): Promise<BatchView> {
    const view = await this.commands.run(command, 'batch.checkAgain', async (tx) => {
      const batch = await lockEditable(tx, id);
      if (batch.rows === 0) throw new ProblemError(batchProblems.listEmpty);
      await moveBatch(tx, batch, 'checking');
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)) };
    });
    await this.hints.checkDue(view.id);
    return view;
  }

  private async copyList(
    tx: Transaction,
    batch: Batch,
    file: { path: string; format: ListFormat },
  ): Promise<Imported> {
    const list = { batchNumber: batch.number, means: meansOf(batch) };
    const writer = await LineWriter.open(tx, this.threads, list, dirname(file.path));
    try {
      return await refusingList(async () => {
        const columns = list.means === 'cash' ? cashColumns : paymentColumns;
        const hash = createHash('sha256');
        const source = hashed(createReadStream(file.path, { highWaterMark: bytesPerRead }), hash);
        const reading = readList(source, file.format, columns);
        for await (const part of reading.parts()) await writer.write(part);
        await writer.close();
        const listDigest = hash.digest('hex');
        return { rows: writer.rows, listDigest, ignoredColumns: [...reading.ignoredColumns] };
      });
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }
}

// A type, not an interface: it goes into the facts of an audit row.
type Imported = {
  rows: number;
  /** SHA-256 of the file. */
  listDigest: string;
  ignoredColumns: string[];
};

const listOf = ({ rows, listDigest }: Imported) => ({ rows, listDigest });

/** The same bytes, each of them hashed on its way. */
function hashed(source: Readable, hash: Hash): Readable {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of source as AsyncIterable<Buffer>) {
      hash.update(piece);
      yield piece;
    }
  };
  return Readable.from(pieces(), { objectMode: false });
}

/** How a batch of this channel reaches people. */
export function meansOf({ channel }: Pick<Batch, 'channel'>): PaymentMeans {
  return channel === postCash ? 'cash' : 'account';
}

async function lockEditable(tx: Transaction, id: string): Promise<LockedBatch> {
  const batch = await lockBatch(tx, id);
  if (!editableStates.includes(batch.state)) throw wrongState(batch.state, editableStates);
  return batch;
}

async function clearList(tx: Transaction, batch: Batch): Promise<void> {
  for (const table of ['payment_line', 'sealed_block', 'finding']) {
    await tx.query(`DELETE FROM ${table} WHERE batch_number = $1`, [batch.number]);
  }
}
