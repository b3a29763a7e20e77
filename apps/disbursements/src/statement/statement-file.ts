import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { copyValue } from '@ansinh/database';
import {
  type CamtDocument,
  type CamtEntryEvent,
  type CamtTransactionEvent,
  parseCamt,
} from '@ansinh/iso20022';
import type { Sealer } from '@ansinh/sealing';
import { readEndToEndId } from '../batch/batch.entity.js';

/** The file of rows is written in pieces of about this size. */
const charactersPerWrite = 256 * 1024;

/** One statement of a bank file as it was read: what it says of itself, and its payments, ready for COPY, on disk. */
export interface ReadStatement {
  document: CamtDocument;
  /** Rows for `incoming` in COPY's text format. */
  rowsPath: string;
  transactions: number;
  /** Movements that the bank booked as one sum, without the payments in it. */
  entries: { event: CamtEntryEvent; entryNo: number }[];
  sums: Record<'debit' | 'credit', bigint>;
}

/**
 * Reads a camt.053 or camt.054 before its transaction begins: parsing and hashing are half of an import and need no lock,
 * and a transaction that has to begin again finds the rows as they are. The rows go into files beside the given one.
 * @throws Iso20022Error
 */
export async function readStatements(path: string, sealer: Sealer): Promise<ReadStatement[]> {
  const statements: ReadStatement[] = [];
  let open = null as StatementWriter | null;
  try {
    for await (const events of parseCamt(createReadStream(path))) {
      for (const event of events) {
        if (event.kind === 'document') {
          await open?.close();
          open = new StatementWriter(event, `${path}-rows-${statements.length + 1}`, sealer);
          statements.push(open.statement);
        } else if (event.kind === 'entry') open?.addEntry(event);
        else open?.addTransaction(event);
      }
      await open?.flush();
    }
    await open?.close();
    return statements;
  } catch (error) {
    open?.abandon();
    throw error;
  }
}

class StatementWriter {
  readonly statement: ReadStatement;
  private readonly file: WriteStream;
  private lines = '';
  private entries = 0;

  constructor(
    document: CamtDocument,
    rowsPath: string,
    private readonly sealer: Sealer,
  ) {
    this.statement = { document, rowsPath, transactions: 0, entries: [], sums: { debit: 0n, credit: 0n } };
    this.file = createWriteStream(rowsPath, { mode: 0o600 });
  }

  addTransaction(event: CamtTransactionEvent): void {
    if (event.status !== 'BOOK') return;
    const { statement } = this;
    statement.transactions += 1;
    const endToEndId = event.endToEndId ?? `NOTPROVIDED/${statement.document.id}/${statement.transactions}`;
    const ours = readEndToEndId(endToEndId);
    const account = event.account === null ? null : `${event.bin ?? ''}|${event.account}`;
    const values = [
      statement.transactions,
      ours?.batchNumber ?? '\\N',
      ours?.row ?? '\\N',
      copyValue(endToEndId),
      event.direction,
      event.amount,
      account === null ? '\\N' : this.sealer.lookupKey('account', account),
      event.bookedOn ?? '\\N',
      // A bank that gives no reference of its own: the same movement on the same day is taken for the same one.
      copyValue(event.reference ?? `${endToEndId}/${event.bookedOn}`),
      copyValue(event.reason),
    ];
    this.lines += `${values.join('\t')}\n`;
  }

  addEntry(event: CamtEntryEvent): void {
    if (event.status !== 'BOOK') return;
    this.entries += 1;
    this.statement.sums[event.direction] += event.amount;
    if (event.transactions === 0) this.statement.entries.push({ event, entryNo: this.entries });
  }

  /** Hands what was read to the disk, and waits when that is slower. An error of the file ends the wait. */
  async flush(): Promise<void> {
    if (this.lines.length < charactersPerWrite) return;
    const { lines } = this;
    this.lines = '';
    if (!this.file.write(lines)) await once(this.file, 'drain');
  }

  async close(): Promise<void> {
    this.file.end(this.lines);
    await finished(this.file);
  }

  abandon(): void {
    this.file.on('error', () => undefined).destroy();
  }
}
