import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { copyInto, copyRows, copyValue, type Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { type CheckedRow, findingCatalogue, type ListFields } from '@ansinh/payment-list';
import { linesPerBlock, type SealedLine, sealLines } from './sealed-lines.js';

const lineColumns = `payment_line (batch_number, row_no, payee_key, account_key, obligation_key, amount, payee_name,
  name_key, bank_bin, programme_code, policy_code, period, place_code, ordinal, remittance)`;

/** A file is written in pieces of about this size: each write costs a thread of the pool, and waking it costs more. */
const charactersPerWrite = 256 * 1024;

/**
 * Writes checked rows into the tables of a batch by COPY. One connection takes one COPY at a time, so findings and sealed
 * blocks wait in files beside the upload: memory stays flat even when every line is flawed.
 */
export class LineWriter {
  rows = 0;
  private readonly obligations = new Map<string, string>();
  private block: SealedLine[] = [];
  private sealed = '';

  private constructor(
    private readonly tx: Transaction,
    private readonly sealer: Sealer,
    private readonly batchNumber: string,
    private readonly folder: string,
    private readonly lines: Writable,
    private readonly blocks: WriteStream,
    private readonly findings: WriteStream,
  ) {}

  static async open(
    tx: Transaction,
    sealer: Sealer,
    batchNumber: string,
    folder: string,
  ): Promise<LineWriter> {
    const file = (name: string) => createWriteStream(join(folder, name), { mode: 0o600 });
    const lines = await copyInto(tx, lineColumns);
    return new LineWriter(tx, sealer, batchNumber, folder, lines, file('blocks'), file('findings'));
  }

  async write(rows: CheckedRow[]): Promise<void> {
    let lines = '';
    let findings = '';
    for (const row of rows) {
      this.rows += 1;
      if (row.row !== this.rows) throw new Error(`row ${row.row} came where ${this.rows} was due`);
      lines += this.lineText(row);
      findings += this.findingText(row);
      const { payeeId, account } = row.fields;
      this.block.push({ payeeId, account, original: row.original });
      if (this.block.length === linesPerBlock) this.sealBlock();
    }
    await push(this.lines, lines);
    if (findings !== '') await push(this.findings, findings);
    if (this.sealed.length < charactersPerWrite) return;
    await push(this.blocks, this.sealed);
    this.sealed = '';
  }

  /** Ends the list: what waited in files follows the lines into the database. */
  async close(): Promise<void> {
    if (this.block.length > 0) this.sealBlock();
    await push(this.blocks, this.sealed);
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
  abandon(): void {
    for (const stream of [this.lines, this.blocks, this.findings]) {
      stream.on('error', () => undefined).destroy();
    }
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
    this.sealed += `${this.batchNumber}\t${block}\t\\\\x${sealed.toString('hex')}\n`;
  }
}

/** Writes, and waits while the other side is slower. An error of the stream ends the wait. */
async function push(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
