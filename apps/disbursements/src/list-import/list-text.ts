import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { MessagePort } from 'node:worker_threads';
import { copyValue } from '@ansinh/copy-text';
import {
  type CheckedRow,
  checkRow,
  findingCatalogue,
  type ListFields,
  type ListFormat,
  readList,
} from '@ansinh/payment-list';
import type { Sealer } from '@ansinh/sealing';
import { linesPerBlock, type SealedLine, sealLines } from './sealed-lines.js';

/** Text travels in pieces of about this size: each write and each message costs more than its bytes. */
const charactersPerPiece = 256 * 1024;
/** Pieces that may wait to be taken; more would fill the memory where PostgreSQL is the slower side. */
const piecesAhead = 4;

/** A list that is a file, and the files for what has to wait until its lines are in. */
export interface ListParts {
  path: string;
  format: ListFormat;
  batchNumber: string;
  blocksPath: string;
  findingsPath: string;
}

/** `port` takes the pieces and says `taken` for each. */
export type ListTask = ListParts & { port: MessagePort };

/** Whole lines in COPY's text format, for the columns of `lineColumns`. */
export type ListPiece = Uint8Array;

export interface WrittenList {
  rows: number;
  ignoredColumns: string[];
}

export const lineColumns = `payment_line (batch_number, row_no, payee_key, account_key, obligation_key, amount, payee_name,
  name_key, bank_bin, programme_code, policy_code, period, place_code, ordinal, remittance)`;

/**
 * Reads a list, checks its rows, and writes them as text for COPY. One connection takes one COPY at a time, so findings
 * and sealed blocks wait in files: memory stays flat even when every line is flawed.
 * @throws ListError
 */
export async function writeList(task: ListTask, sealer: Sealer): Promise<WrittenList> {
  const { path, format, port } = task;
  const writer = new ListWriter(task, sealer, new PiecePort(port));
  try {
    const reading = readList(createReadStream(path), format);
    for await (const rows of reading) await writer.write(rows.map(checkRow));
    await writer.close();
    return { rows: writer.rows, ignoredColumns: [...reading.ignoredColumns] };
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    port.close();
  }
}

/** Hands pieces over, and waits where too many were not taken yet or the other side is gone. */
class PiecePort {
  private waiting = 0;
  private isClosed = false;
  private changed = Promise.withResolvers<void>();

  constructor(private readonly port: MessagePort) {
    const change = () => {
      this.changed.resolve();
      this.changed = Promise.withResolvers();
    };
    port.on('message', () => {
      this.waiting -= 1;
      change();
    });
    port.on('close', () => {
      this.isClosed = true;
      change();
    });
  }

  async give(text: string): Promise<void> {
    const piece = new TextEncoder().encode(text);
    this.waiting += 1;
    this.port.postMessage(piece, [piece.buffer]);
    await this.waitUntil(piecesAhead);
  }

  async waitUntil(waitingMax: number): Promise<void> {
    while (this.waiting > waitingMax) {
      if (this.isClosed) throw new Error('nobody takes the list any more');
      await this.changed.promise;
    }
  }
}

class ListWriter {
  rows = 0;
  private readonly obligations = new Map<string, string>();
  private block: SealedLine[] = [];
  private lines = '';
  private readonly blocks: TextFile;
  private readonly findings: TextFile;
  private readonly batchNumber: string;

  constructor(
    { batchNumber, blocksPath, findingsPath }: ListParts,
    private readonly sealer: Sealer,
    private readonly pieces: PiecePort,
  ) {
    this.batchNumber = batchNumber;
    this.blocks = new TextFile(blocksPath);
    this.findings = new TextFile(findingsPath);
  }

  async write(rows: CheckedRow[]): Promise<void> {
    for (const row of rows) {
      this.rows += 1;
      if (row.row !== this.rows) throw new Error(`row ${row.row} came where ${this.rows} was due`);
      this.lines += this.lineText(row);
      this.findings.text += this.findingText(row);
      const { payeeId, account } = row.fields;
      this.block.push({ payeeId, account, original: row.original });
      if (this.block.length === linesPerBlock) this.sealBlock();
    }
    if (this.lines.length >= charactersPerPiece) await this.giveLines();
    await this.findings.flush();
    await this.blocks.flush();
  }

  /** Ends the list; resolves when all of it was taken and the files are whole. */
  async close(): Promise<void> {
    if (this.block.length > 0) this.sealBlock();
    await this.giveLines();
    await this.pieces.waitUntil(0);
    await this.findings.close();
    await this.blocks.close();
  }

  abandon(): void {
    this.findings.abandon();
    this.blocks.abandon();
  }

  private async giveLines(): Promise<void> {
    const { lines } = this;
    this.lines = '';
    if (lines !== '') await this.pieces.give(lines);
  }

  private lineText({ row, fields }: CheckedRow): string {
    const { payeeId, account, bankBin } = fields;
    const values = [
      this.batchNumber,
      row,
      payeeId === null ? '\\N' : this.sealer.lookupKey('payee', payeeId),
      account === null || bankBin === null
        ? '\\N'
        : this.sealer.lookupKey('account', `${bankBin}|${account}`),
      this.obligationKey(fields),
      fields.amount ?? '\\N',
      copyValue(fields.payeeName),
      copyValue(fields.nameKey),
      bankBin ?? '\\N',
      copyValue(fields.programmeCode),
      copyValue(fields.policyCode),
      fields.period ?? '\\N',
      fields.placeCode ?? '\\N',
      fields.ordinal ?? '\\N',
      copyValue(fields.remittance),
    ];
    return `${values.join('\t')}\n`;
  }

  /**
   * Programme, policy, period and ordinal as one key; with the payee they are the obligation. A list has few
   * combinations, so each is hashed once.
   */
  private obligationKey({ programmeCode, policyCode, period, ordinal }: ListFields): string {
    if (programmeCode === null || policyCode === null || period === null || ordinal === null) return '\\N';
    const text = `${programmeCode}\u001f${policyCode}\u001f${period}\u001f${ordinal}`;
    const known = this.obligations.get(text);
    if (known !== undefined) return known;
    if (this.obligations.size >= 10_000) this.obligations.clear();
    // PostgreSQL reads 32 hexadecimal digits as a UUID.
    const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.obligations.set(text, key);
    return key;
  }

  private findingText({ row, findings }: CheckedRow): string {
    let text = '';
    for (const { code, column, facts } of findings) {
      const values = [this.batchNumber, row, code, column ?? '', findingCatalogue[code].severity];
      text += `${values.join('\t')}\t${copyValue(JSON.stringify(facts))}\n`;
    }
    return text;
  }

  private sealBlock(): void {
    const block = Math.ceil(this.rows / linesPerBlock) - 1;
    const sealed = sealLines(this.sealer, this.batchNumber, block, this.block);
    this.block = [];
    this.blocks.text += `${this.batchNumber}\t${block}\t\\\\x${sealed.toString('hex')}\n`;
  }
}

/** A file that is written in large pieces. */
class TextFile {
  text = '';
  private readonly file: WriteStream;

  constructor(path: string) {
    this.file = createWriteStream(path, { mode: 0o600 });
  }

  async flush(): Promise<void> {
    if (this.text.length < charactersPerPiece) return;
    const { text } = this;
    this.text = '';
    if (!this.file.write(text)) await once(this.file, 'drain');
  }

  async close(): Promise<void> {
    this.file.end(this.text);
    await finished(this.file);
  }

  abandon(): void {
    this.file.on('error', () => undefined).destroy();
  }
}
