import { writtenDay } from '@ansinh/calendar';
import { maskNumbersIn, searchForm } from '@ansinh/identity';
import type { Language } from '@ansinh/language';
import { type CellFacts, type CellFindingCode, cellFindings, type RawRow } from '@ansinh/payment-list';
import { bankFileColumns, type BankFileKind } from './bank-file-columns.js';

export interface RowFinding {
  code: CellFindingCode;
  /** Null when the row as a whole is meant. */
  column: string | null;
  facts: CellFacts;
}

/** A row as the bank wrote it. What could not be read is null, with a finding: nothing is guessed. */
export interface BankRow {
  row: number;
  cells: readonly string[];
  findings: RowFinding[];
  loanCode: string | null;
  /** The name in the form in which names are compared. */
  borrowerKey: string | null;
  amount: string | null;
  principal: string | null;
  overdue: string | null;
  interest: string | null;
  countsOn: string | null;
  reference: string | null;
  group: string | null;
}

const cellMax = 200;
const shownMax = 60;
const loanCodeForm = /^VV-\d{8,12}$/;
const controlCharacters = /[\p{Cc}\p{Cs}]/gu;

/** Reads the cells of one row by the columns of its file. */
export function readBankRow(raw: RawRow, kind: BankFileKind): BankRow {
  const columns = bankFileColumns[kind];
  const findings: RowFinding[] = [];
  if (raw.problem) {
    const { columnIndex } = raw.problem;
    const column = columnIndex === undefined ? null : columns[columnIndex]!.name;
    findings.push({ code: 'UNREADABLE_ROW', column, facts: {} });
    return { ...nothing, row: raw.row, cells: [storable(raw.text ?? raw.cells.join(' '))], findings };
  }
  const cells = raw.cells.map((cell) => cell.trim());
  const read = <T>(name: string, of: (cell: string) => T | null): T | null => {
    const index = columns.findIndex((column) => column.name === name);
    const cell = cells[index];
    if (cell === undefined) return null;
    if (cell === '') {
      if (!columns[index]!.isOptional) findings.push({ code: 'MISSING_CELL', column: name, facts: {} });
      return null;
    }
    if (cell.length > cellMax) {
      findings.push({ code: 'TEXT_TOO_LONG', column: name, facts: { limit: cellMax } });
      return null;
    }
    const value = of(cell);
    if (value === null) findings.push({ code: 'WRONG_CELL', column: name, facts: { value: shown(cell) } });
    return value;
  };
  return {
    row: raw.row,
    cells: cells.map(storable),
    findings,
    loanCode: read('loan', (cell) => matching(cell.toUpperCase(), loanCodeForm)),
    borrowerKey: read('borrower', (cell) => searchForm(cell) || null),
    amount: read('amount', (cell) => (readDong(cell) === '0' ? null : readDong(cell))),
    principal: read('principal', readDong),
    overdue: read('overdue', readDong),
    interest: read('interest', readDong),
    countsOn: read('paidOn', writtenDay),
    reference: read('reference', (cell) => matching(cell, /^[^\p{Cc}\p{Cs}]+$/u)),
    group: read('group', (cell) => matching(cell, /^[^\p{Cc}\p{Cs}]+$/u)),
  };
}

const nothing = {
  loanCode: null,
  borrowerKey: null,
  amount: null,
  principal: null,
  overdue: null,
  interest: null,
  countsOn: null,
  reference: null,
  group: null,
};

const matching = (text: string, form: RegExp) => (form.test(text) ? text : null);

/** Whole đồng, zero among them; marks between thousands are the bank's habit, in groups of three or not at all. */
function readDong(cell: string): string | null {
  const digits = /^\d{1,3}([.,\s]\d{3})+$/.test(cell) ? cell.replace(/[.,\s]/g, '') : cell;
  return /^(0|[1-9]\d{0,14})$/.test(digits) ? digits : null;
}

/** PostgreSQL takes neither NUL nor half a surrogate pair into JSON. */
const storable = (cell: string) => cell.slice(0, cellMax).replace(controlCharacters, '\ufffd');
const shown = (cell: string) => maskNumbersIn(storable(cell).slice(0, shownMax));

/** What was found in a row, as its reader has it. */
export function findingSentence(
  kind: BankFileKind,
  { code, column, facts }: RowFinding,
  language: Language,
): string {
  const title = bankFileColumns[kind].find(({ name }) => name === column)?.title ?? { vi: '', en: '' };
  return cellFindings[code].sentence(facts, title)[language];
}
