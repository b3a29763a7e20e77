import { createHash } from 'node:crypto';
import { ByteText, copyValue } from '@ansinh/copy-text';
import {
  type CheckedRow,
  checkRow,
  findingCatalogue,
  type ListFields,
  type ListPart,
  type PaymentMeans,
  rowsOf,
} from '@ansinh/payment-list';
import type { Sealer } from '@ansinh/sealing';
import { linesPerBlock, type SealedLine, sealLines } from './sealed-lines.js';

/** Whole sealed blocks, and enough rows that handing them to a thread and back costs little beside the work. */
export const rowsPerTask = 4 * linesPerBlock;

/** Rows that follow each other; the first begins a sealed block. */
export interface ListRows {
  batchNumber: string;
  means: PaymentMeans;
  parts: ListPart[];
}

/** Text in COPY's format for three tables; `lines` for the columns of `lineColumns`. */
export interface WrittenLines {
  lines: Uint8Array;
  blocks: Uint8Array;
  findings: Uint8Array;
}

export const lineColumns = `payment_line (batch_number, row_no, payee_key, account_key, obligation_key, amount, payee_name,
  name_key, bank_bin, programme_code, policy_code, period, place_code, ordinal, remittance)`;

/** Checks rows, keys and seals their numbers, and writes all of it as text for COPY. One row at a time: what is kept of
 * thousands costs the collector of garbage more than the rest of the work. */
export function writeLines({ batchNumber, means, parts }: ListRows, sealer: Sealer): WrittenLines {
  for (const each of Object.values(written)) each.clear();
  const text = new LineText(batchNumber, sealer);
  for (const part of parts) for (const row of rowsOf(part)) text.add(checkRow(row, means));
  return text.written();
}

/** A thread makes one text at a time, from beginning to end. */
const written = { lines: new ByteText(), blocks: new ByteText(), findings: new ByteText() };

class LineText {
  private block: SealedLine[] = [];
  private row = 0;
  private readonly obligations = new Map<string, string>();

  constructor(
    private readonly batchNumber: string,
    private readonly sealer: Sealer,
  ) {}

  add(row: CheckedRow): void {
    if (this.row !== 0 && row.row !== this.row + 1)
      throw new Error(`row ${row.row} came where ${this.row + 1} was due`);
    const { payeeId, account } = row.fields;
    written.lines.add(this.line(row));
    if (row.findings.length > 0) written.findings.add(this.findingsOf(row));
    this.block.push({ payeeId, account, original: row.original });
    this.row = row.row;
    if (this.block.length === linesPerBlock) this.sealBlock();
  }

  written(): WrittenLines {
    if (this.block.length > 0) this.sealBlock();
    return { lines: written.lines.take(), blocks: written.blocks.take(), findings: written.findings.take() };
  }

  private line({ row, fields }: CheckedRow): string {
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

  private findingsOf({ row, findings }: CheckedRow): string {
    let text = '';
    for (const { code, column, facts } of findings) {
      const values = [this.batchNumber, row, code, column ?? '', findingCatalogue[code].severity];
      text += `${values.join('\t')}\t${copyValue(JSON.stringify(facts))}\n`;
    }
    return text;
  }

  private sealBlock(): void {
    const block = Math.ceil(this.row / linesPerBlock) - 1;
    const sealed = sealLines(this.sealer, this.batchNumber, block, this.block);
    this.block = [];
    written.blocks.add(`${this.batchNumber}\t${block}\t${copyValue(sealed)}\n`);
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
    // PostgreSQL reads 32 hexadecimal digits as a UUID.
    const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.obligations.set(text, key);
    return key;
  }
}
