import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { ByteText, copyValue } from '@ansinh/copy-text';
import type { CamtEntryEvent, CamtTransactionEvent } from '@ansinh/iso20022';
import type { Sealer } from '@ansinh/sealing';
import { v7 as uuidv7 } from 'uuid';
import { readEndToEndId } from '../batch/batch-code.js';
import { readStatusReport } from '../channel/iso20022-http.channel.js';
import type { BankAnswer } from '../channel/payment-channel.js';
import { filePieces, headOf } from './file-pieces.js';
import type { StatementDocument } from './statement-document.js';
import { readStatementEvents } from './statement-events.js';
import { ClaimWriter, type WholeChunkClaim } from './whole-chunk-claim.js';

/** The file of rows is written in pieces of about this size. */
const bytesPerWrite = 256 * 1024;

/** One statement of a bank file as it was read: what it says of itself; its payments, ready for COPY, are on disk. */
export interface ReadStatement {
  id: string;
  document: StatementDocument;
  /** Rows for `incoming` in COPY's text format; not there yet where the claim is, for then they are hardly ever needed. */
  rowsPath: string;
  transactions: number;
  /** Movements that the bank booked as one sum, without the payments in it. */
  entries: { event: CamtEntryEvent; entryNo: number }[];
  sums: Record<'debit' | 'credit', bigint>;
  /** Null where the payments are not those of one chunk, or not as they must be. */
  wholeChunk: WholeChunkClaim | null;
}

/** A file of a bank after it was read: a status report, or statements and notifications. `digest` is its SHA-256. */
export type BankFile = { digest: string } & (
  { answer: BankAnswer } | { path: string; statements: ReadStatement[] }
);

/**
 * Reads a file of a bank. What its statements say of single payments lies beside it afterwards: as rows, or, where a
 * statement tells the payments of one chunk, as what is to be booked of them. @throws Iso20022Error
 */
export async function readBankFile(path: string, sealer: Sealer): Promise<BankFile> {
  const hash = createHash('sha256');
  const pieces = filePieces(path, (piece) => hash.update(piece));
  const head = headOf(path);
  // By the name of the message's root element, which stands in the first few kilobytes of any of them.
  if (head.includes('CstmrPmtStsRpt')) {
    const answer = await readStatusReport(pieces);
    return { digest: hash.digest('hex'), answer };
  }
  const read = await readStatements({ path, head, pieces }, sealer, false);
  const digest = hash.digest('hex');
  const { statements } = read.lacksRows
    ? await readStatements({ path, head, pieces: filePieces(path) }, sealer, true)
    : read;
  return { digest, path, statements };
}

/** Writes the rows of a file whose claims did not hold. */
export async function writeRows(path: string, sealer: Sealer): Promise<void> {
  await readStatements({ path, head: headOf(path), pieces: filePieces(path) }, sealer, true);
}

interface OpenFile {
  path: string;
  head: Buffer;
  pieces: Iterable<Uint8Array>;
}

/**
 * Reads a statement or notification before its transaction begins: parsing and hashing are half of an import and need no lock,
 * and a transaction that has to begin again finds the rows as they are. The rows go into files beside the given one.
 * @throws Iso20022Error
 */
async function readStatements(
  { path, head, pieces }: OpenFile,
  sealer: Sealer,
  withRows: boolean,
): Promise<{ statements: ReadStatement[]; lacksRows: boolean }> {
  const statements: ReadStatement[] = [];
  let lacksRows = false;
  let writer = null as StatementWriter | null;
  const close = async () => {
    await writer?.close();
    lacksRows ||= writer?.lacksRows ?? false;
  };
  try {
    for await (const events of readStatementEvents(head, pieces)) {
      for (const event of events) {
        if (event.kind === 'document') {
          await close();
          writer = new StatementWriter(event, `${path}-rows-${statements.length + 1}`, sealer, withRows);
          statements.push(writer.statement);
        } else if (event.kind === 'entry') writer?.addEntry(event);
        else writer?.addTransaction(event);
      }
      await writer?.flush();
    }
    await close();
    return { statements, lacksRows };
  } catch (error) {
    writer?.abandon();
    throw error;
  }
}

class StatementWriter {
  readonly statement: ReadStatement;
  /** The claim was given up when payments had been read of which no row was written. */
  lacksRows = false;
  private readonly file: WriteStream;
  private readonly claim: ClaimWriter;
  private readonly lines = new ByteText();
  private entries = 0;

  constructor(
    document: StatementDocument,
    rowsPath: string,
    private readonly sealer: Sealer,
    private withRows: boolean,
  ) {
    this.statement = {
      id: uuidv7(),
      document,
      rowsPath,
      transactions: 0,
      entries: [],
      sums: { debit: 0n, credit: 0n },
      wholeChunk: null,
    };
    this.file = createWriteStream(rowsPath, { mode: 0o600 });
    this.claim = new ClaimWriter(this.statement.id, `${rowsPath}-outcomes`);
  }

  addTransaction(event: CamtTransactionEvent): void {
    if (event.status !== 'BOOK') return;
    const { statement } = this;
    statement.transactions += 1;
    const endToEndId = event.endToEndId ?? `NOTPROVIDED/${statement.document.id}/${statement.transactions}`;
    const ours = readEndToEndId(endToEndId);
    const account = event.account === null ? null : `${event.bin ?? ''}|${event.account}`;
    const accountKey = account === null ? null : this.sealer.lookupKey('account', account);
    this.claim.add(event, ours, accountKey);
    if (this.claim.isGivenUp && !this.withRows) {
      // From the first payment on, or not at all.
      if (statement.transactions === 1) this.withRows = true;
      else this.lacksRows = true;
    }
    if (!this.withRows) return;
    const values = [
      statement.transactions,
      ours?.batchNumber ?? '\\N',
      ours?.row ?? '\\N',
      copyValue(endToEndId),
      event.direction,
      event.amount,
      accountKey ?? '\\N',
      event.bookedOn ?? '\\N',
      // A bank that gives no reference of its own: the same movement on the same day is taken for the same one.
      copyValue(event.reference ?? `${endToEndId}/${event.bookedOn}`),
      copyValue(event.reason),
    ];
    this.lines.add(`${values.join('\t')}\n`);
  }

  addEntry(event: CamtEntryEvent): void {
    if (event.status !== 'BOOK') return;
    this.entries += 1;
    this.statement.sums[event.direction] += event.amount;
    if (event.transactions === 0) this.statement.entries.push({ event, entryNo: this.entries });
  }

  /** Hands what was read to the disk, and waits when that is slower. An error of the file ends the wait. */
  async flush(): Promise<void> {
    await this.claim.flush();
    if (this.lines.length < bytesPerWrite) return;
    if (!this.file.write(this.lines.take())) await once(this.file, 'drain');
  }

  async close(): Promise<void> {
    this.file.end(this.lines.take());
    await finished(this.file);
    this.statement.wholeChunk = await this.claim.close();
  }

  abandon(): void {
    this.claim.abandon();
    this.file.on('error', () => undefined).destroy();
  }
}
