import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { copyInto, copyRows, type Transaction } from '@ansinh/database';
import {
  countRows,
  firstRowOf,
  type ListPart,
  packRows,
  type PaymentMeans,
  splitPart,
} from '@ansinh/payment-list';
import { outcomeOf } from '../outcome.js';
import type { Threads } from '../threads/threads.js';
import { lineColumns, rowsPerTask } from './line-text.js';

/** Two threads at work, and one block ready for whichever ends first. */
const blocksAhead = 3;

/**
 * Writes the rows of a list into the tables of a batch by COPY; checking them and making their text is work of other
 * threads. One connection takes one COPY at a time, so findings and sealed blocks wait in files beside the upload:
 * memory stays flat even when every line is flawed.
 */
export class LineWriter {
  rows = 0;
  private waiting: ListPart[] = [];
  private waitingRows = 0;
  private running: Promise<() => void>[] = [];

  private constructor(
    private readonly tx: Transaction,
    private readonly threads: Threads,
    private readonly list: { batchNumber: string; means: PaymentMeans },
    private readonly folder: string,
    private readonly lines: Writable,
    private readonly blocks: WriteStream,
    private readonly findings: WriteStream,
  ) {}

  static async open(
    tx: Transaction,
    threads: Threads,
    list: { batchNumber: string; means: PaymentMeans },
    folder: string,
  ): Promise<LineWriter> {
    const file = (name: string) => createWriteStream(join(folder, name), { mode: 0o600 });
    const lines = await copyInto(tx, lineColumns);
    return new LineWriter(tx, threads, list, folder, lines, file('blocks'), file('findings'));
  }

  async write(part: ListPart): Promise<void> {
    const due = this.rows + 1;
    if (firstRowOf(part) !== due) throw new Error(`row ${firstRowOf(part)} came where ${due} was due`);
    this.rows += countRows(part);
    let rest = part;
    while (this.waitingRows + countRows(rest) >= rowsPerTask) {
      const [task, after] = splitPart(rest, rowsPerTask - this.waitingRows);
      this.waiting.push(task);
      rest = after;
      await this.handOut();
    }
    if (countRows(rest) === 0) return;
    this.waiting.push(rest);
    this.waitingRows += countRows(rest);
  }

  /** Ends the list: what waited in files follows the lines into the database. */
  async close(): Promise<void> {
    if (this.waiting.length > 0) await this.handOut();
    for (const outcome of this.running.splice(0)) (await outcome)();
    for (const stream of [this.lines, this.blocks, this.findings]) {
      stream.end();
      await finished(stream);
    }
    const from = (name: string) => createReadStream(join(this.folder, name));
    await copyRows(this.tx, 'sealed_block (batch_number, block_no, sealed)', from('blocks'));
    await copyRows(
      this.tx,
      'finding (batch_number, row_no, code, column_name, severity, facts)',
      from('findings'),
    );
  }

  /** Lets go of an unfinished COPY, so that the transaction can roll back. */
  async abandon(): Promise<void> {
    for (const stream of [this.lines, this.blocks, this.findings]) {
      stream.on('error', () => undefined).destroy();
    }
    await Promise.all(this.running);
  }

  private async handOut(): Promise<void> {
    const parts = this.waiting;
    this.waiting = [];
    this.waitingRows = 0;
    this.running.push(outcomeOf(this.take(parts)));
    if (this.running.length > blocksAhead) (await this.running.shift()!)();
  }

  private async take(parts: ListPart[]): Promise<void> {
    const packed = parts.map((part) => (Array.isArray(part) ? packRows(part) : part));
    const written = await this.threads.writeLines({ ...this.list, parts: packed });
    await push(this.lines, written.lines);
    await push(this.blocks, written.blocks);
    if (written.findings.length > 0) await push(this.findings, written.findings);
  }
}

/** Writes, and waits while the other side is slower. An error of the stream ends the wait. */
async function push(stream: Writable, piece: Uint8Array): Promise<void> {
  if (stream.destroyed) throw new Error('the list was given up');
  if (!stream.write(piece)) await once(stream, 'drain');
}
