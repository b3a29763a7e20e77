import {
  isCitizenNumber,
  isTransferEnabled,
  maskAccount,
  maskCitizenNumber,
  maskNumbersIn,
  nameKey,
  normaliseAccount,
  normaliseName,
} from '@ansinh/identity';
import { parseVnd } from '@ansinh/money';
import { isKnownPlace } from '@ansinh/places';
import type { FindingCode, FindingFacts } from './finding-catalogue.js';
import { listColumns, optionalColumns, type ListColumn } from './list-columns.js';
import type { MalformedReason, RawRow } from './raw-row.js';

/** The cells of a row as values; null where the cell is empty or was refused. */
export interface ListFields {
  payeeId: string | null;
  payeeName: string | null;
  /** `nameKey` of the name: what two spellings of one name have in common. */
  nameKey: string | null;
  bankBin: string | null;
  account: string | null;
  /** đồng, above zero. */
  amount: bigint | null;
  programmeCode: string | null;
  policyCode: string | null;
  /** `2022-03` or `2022` */
  period: string | null;
  /** Kept also when no such place is known, for that can be waived; null when it is not even a code. */
  placeCode: string | null;
  /** 1 when the list gives none. */
  ordinal: number | null;
  remittance: string | null;
}

export interface RowFinding {
  code: FindingCode;
  /** Null when the row as a whole is meant. At most one finding of a code for each column. */
  column: ListColumn | null;
  facts: FindingFacts;
}

/** The cells as they came, outer spaces removed; `text` instead of cells when the row could not be cut into cells. */
export type OriginalRow = Partial<Record<ListColumn | 'text', string>>;

export interface CheckedRow {
  row: number;
  line: number;
  fields: Readonly<ListFields>;
  findings: readonly RowFinding[];
  /** Null when the fields hold everything that the cells said. */
  original: OriginalRow | null;
}

/** Longest texts, in characters: those of pain.001 for names and remittance, of our own tables for codes. */
const lengthMax: Partial<Record<ListColumn, number>> = {
  payeeName: 140,
  programmeCode: 40,
  policyCode: 40,
  remittance: 140,
};

const VALUE_SHOWN_MAX = 60;
const PERIOD = /^20[0-9]{2}(-(0[1-9]|1[0-2]))?$/;
const PLACE_CODE = /^[0-9]{1,10}$/;
const ORDINAL = /^[1-9][0-9]{0,3}$/;

/** Control characters, halves of surrogate pairs, and marks that turn the direction of writing to disguise a text. */
const REFUSED_CHARACTERS = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;

const NO_FINDINGS: readonly RowFinding[] = Object.freeze([]);

/** How the money reaches a person. In cash nobody needs an account: those cells are kept and not read. */
export type PaymentMeans = 'account' | 'cash';

/**
 * Reads the cells of a row and finds what is wrong with them, without looking at other rows. Nothing is guessed or
 * mended but outer spaces, the form of names, and the case of accounts. An empty cell is only ever MISSING_FIELD.
 */
export function checkRow(raw: RawRow, means: PaymentMeans = 'account'): CheckedRow {
  const check = new RowCheck(raw, means);
  const fields = raw.problem ? unreadable : check.readFields();
  if (raw.problem) check.addProblem(raw.problem);
  const { row, line } = raw;
  return { row, line, fields, findings: check.findings, original: check.original() };
}

const unreadable: ListFields = Object.freeze({
  payeeId: null,
  payeeName: null,
  nameKey: null,
  bankBin: null,
  account: null,
  amount: null,
  programmeCode: null,
  policyCode: null,
  period: null,
  placeCode: null,
  ordinal: null,
  remittance: null,
});

const enabledBank = (cell: string) => (isTransferEnabled(cell) ? cell : null);

class RowCheck {
  findings: readonly RowFinding[] = NO_FINDINGS;
  private hasLoss = false;

  constructor(
    private readonly raw: RawRow,
    private readonly means: PaymentMeans,
  ) {}

  readFields(): ListFields {
    const payeeName = this.text(1);
    const isCash = this.means === 'cash';
    return {
      payeeId: this.payeeId(),
      payeeName,
      nameKey: payeeName === null ? null : nameKey(payeeName),
      bankBin: isCash ? this.unread(2) : this.value(2, 'UNKNOWN_BANK', enabledBank),
      account: isCash ? this.unread(3) : this.value(3, 'INVALID_ACCOUNT', normaliseAccount),
      amount: this.value(4, 'INVALID_AMOUNT', parseVnd),
      programmeCode: this.text(5),
      policyCode: this.text(6),
      period: this.formed(7, 'invalidPeriod', PERIOD),
      placeCode: this.place(),
      ordinal: this.ordinal(),
      remittance: this.text(10),
    };
  }

  addProblem({ reason, columnIndex, expected, found }: NonNullable<RawRow['problem']>): void {
    const column = columnIndex === undefined ? null : listColumns[columnIndex]!;
    this.refuse('MALFORMED_ROW', column, { reason, expected, found });
  }

  original(): OriginalRow | null {
    if (!this.hasLoss) return null;
    if (this.raw.text !== null && this.raw.problem) return { text: this.raw.text };
    return Object.fromEntries(listColumns.map((column, index) => [column, this.raw.cells[index]!.trim()]));
  }

  private unread(index: number): null {
    if (this.raw.cells[index]!.trim() !== '') this.hasLoss = true;
    return null;
  }

  private value<T>(index: number, code: FindingCode, read: (cell: string) => T | null): T | null {
    const cell = this.cell(index);
    if (cell === '') return null;
    const value = read(cell);
    if (value === null)
      this.refuse(code, listColumns[index]!, { value: shownValue(listColumns[index]!, cell) });
    return value;
  }

  private formed(index: number, reason: MalformedReason, form: RegExp): string | null {
    const cell = this.cell(index);
    if (cell === '' || form.test(cell)) return cell || null;
    const column = listColumns[index]!;
    this.refuse('MALFORMED_ROW', column, { reason, value: shownValue(column, cell) });
    return null;
  }

  private text(index: number): string | null {
    const cell = this.cell(index);
    if (cell === '') return null;
    const column = listColumns[index]!;
    const limit = lengthMax[column]!;
    if (REFUSED_CHARACTERS.test(cell)) {
      this.refuse('MALFORMED_ROW', column, { reason: 'controlCharacter' });
      return null;
    }
    const text = normaliseName(cell);
    if (text.length > limit) {
      this.refuse('MALFORMED_ROW', column, { reason: 'tooLong', limit });
      return null;
    }
    if (text === '') this.missing(column);
    return text || null;
  }

  private payeeId(): string | null {
    const cell = this.cell(0);
    if (cell === '' || isCitizenNumber(cell)) return cell || null;
    const found = /^[0-9]+$/.test(cell) ? cell.length : undefined;
    this.refuse('INVALID_CITIZEN_ID', 'payeeId', { value: shownValue('payeeId', cell), found });
    return null;
  }

  private place(): string | null {
    const cell = this.cell(8);
    if (cell === '' || isKnownPlace(cell)) return cell || null;
    const isCode = PLACE_CODE.test(cell);
    this.find('UNKNOWN_PLACE', 'placeCode', { value: shownValue('placeCode', cell) });
    if (!isCode) this.hasLoss = true;
    return isCode ? cell : null;
  }

  private ordinal(): number | null {
    const text = this.formed(9, 'invalidOrdinal', ORDINAL);
    if (text !== null) return Number(text);
    return this.cell(9) === '' ? 1 : null;
  }

  /** The cell without outer spaces. Reports it as missing when it is empty and may not be. */
  private cell(index: number): string {
    const cell = this.raw.cells[index]!.trim();
    if (cell === '') this.missing(listColumns[index]!);
    return cell;
  }

  private missing(column: ListColumn): void {
    if (!optionalColumns.has(column)) this.refuse('MISSING_FIELD', column, {});
  }

  /** The row was not read to the end: what its cells said must be kept. */
  private refuse(code: FindingCode, column: ListColumn | null, facts: FindingFacts): void {
    this.hasLoss = true;
    this.find(code, column, facts);
  }

  private find(code: FindingCode, column: ListColumn | null, facts: FindingFacts): void {
    this.findings = [...this.findings, { code, column, facts }];
  }
}

/** A cell as others may see it. Cells slip into other columns, so long runs of digits are masked wherever they stand. */
export function shownValue(column: ListColumn, cell: string): string {
  const shortened = cell.length > VALUE_SHOWN_MAX ? `${cell.slice(0, VALUE_SHOWN_MAX)}…` : cell;
  // PostgreSQL takes neither NUL nor half a surrogate pair into JSON, and nobody can read them.
  const text = shortened.replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd');
  if (column === 'payeeId') return maskCitizenNumber(text);
  if (column === 'account') return maskAccount(text);
  return column === 'amount' ? text.replace(/[0-9]{12,}/g, maskAccount) : maskNumbersIn(text);
}
