import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { ByteText, copyValue } from '@ansinh/copy-text';
import type { CamtTransactionEvent } from '@ansinh/iso20022';
import { endToEndId } from '../batch/batch-code.js';

/** Beyond it ids are no longer padded to one length, and would not sort as their rows do. */
const idLength = endToEndId(1, 1).length;
const bytesPerWrite = 256 * 1024;

/**
 * What a statement says when it tells the payments of one batch in the order of their rows, all paid on one day. Whether
 * they are those of a chunk, to the đồng and to the account, is then one comparison of digests.
 */
export interface WholeChunkClaim {
  batchNumber: string;
  firstRow: number;
  lastRow: number;
  firstId: string;
  lastId: string;
  bookedOn: string;
  /** SHA-256 of `row|amount|account key` of each payment, each on a line, as `chunkDigest` makes it of our own rows. */
  digest: string;
  /** Rows for `payment_outcome` in COPY's text format, for the columns of `claimedColumns`. */
  outcomesPath: string;
}

export const claimedColumns =
  'payment_outcome (batch_number, row_no, kind, amount, booked_on, reference, statement_id)';

/** Notes a claim while a statement is read, and gives it up at the first payment that does not fit. */
export class ClaimWriter {
  private readonly hash = createHash('sha256');
  private readonly file: WriteStream;
  private first: { batchNumber: string; row: number; bookedOn: string; id: string } | null = null;
  private last = { row: 0, id: '' };
  isGivenUp = false;
  private readonly digested = new ByteText();
  private readonly outcomes = new ByteText();

  constructor(
    private readonly statementId: string,
    private readonly outcomesPath: string,
  ) {
    this.file = createWriteStream(outcomesPath, { mode: 0o600 });
  }

  add(
    { direction, amount, bookedOn, reference, endToEndId: id }: CamtTransactionEvent,
    ours: { batchNumber: string; row: number } | null,
    accountKey: string | null,
  ): void {
    if (this.isGivenUp) return;
    const isFit =
      direction === 'debit' && ours && id?.length === idLength && accountKey && bookedOn && reference;
    if (!isFit) return this.giveUp();
    const { batchNumber, row } = ours;
    this.first ??= { batchNumber, row, bookedOn, id };
    if (batchNumber !== this.first.batchNumber || bookedOn !== this.first.bookedOn || row <= this.last.row) {
      return this.giveUp();
    }
    this.last = { row, id };
    this.digested.add(`${row}|${amount}|${accountKey}\n`);
    this.outcomes.add(
      `${batchNumber}\t${row}\tpaid\t${amount}\t${bookedOn}\t${copyValue(reference)}\t${this.statementId}\n`,
    );
  }

  async flush(): Promise<void> {
    if (this.outcomes.length < bytesPerWrite) return;
    this.hash.update(this.digested.take());
    if (!this.file.write(this.outcomes.take())) await once(this.file, 'drain');
  }

  async close(): Promise<WholeChunkClaim | null> {
    this.file.end(this.outcomes.take());
    await finished(this.file);
    if (this.isGivenUp || this.first === null) return null;
    return {
      batchNumber: this.first.batchNumber,
      firstRow: this.first.row,
      lastRow: this.last.row,
      firstId: this.first.id,
      lastId: this.last.id,
      bookedOn: this.first.bookedOn,
      digest: this.hash.update(this.digested.take()).digest('hex'),
      outcomesPath: this.outcomesPath,
    };
  }

  abandon(): void {
    this.file.on('error', () => undefined).destroy();
  }

  private giveUp(): void {
    this.isGivenUp = true;
    this.digested.take();
    this.outcomes.take();
  }
}
