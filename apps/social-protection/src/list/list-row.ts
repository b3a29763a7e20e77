import { isDay, writtenDay } from '@ansinh/calendar';
import {
  isCitizenNumber,
  isTransferEnabled,
  maskNumbersIn,
  normaliseAccount,
  normaliseName,
  searchForm,
} from '@ansinh/identity';
import { type CellFacts, type CellFindingCode, cellFindings, type RawRow } from '@ansinh/payment-list';
import { columnsOf, type FactColumn, type ListForm, payeeColumns, personColumns } from './list-columns.js';

export interface RowFinding {
  code: CellFindingCode;
  /** Null when the row as a whole is meant. */
  column: string | null;
  facts: CellFacts;
}

/** A row as its list has it. A cell with a finding is null, or not among the facts: nothing is guessed. */
export interface ReadRow {
  row: number;
  citizenNumber: string | null;
  name: string | null;
  bankBin: string | null;
  account: string | null;
  /** Who is paid; null where it is the person himself. */
  payee: { citizenNumber: string | null; name: string | null } | null;
  /** As JSON: amounts are text. */
  facts: Record<string, boolean | number | string | string[]>;
  findings: RowFinding[];
}

const nameMax = 140;
const valueShownMax = 60;
const childrenMax = 20;
const controlCharacters = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const yes = new Set(['co', 'x', 'yes', 'true', '1', 'dung']);
const no = new Set(['khong', 'no', 'false', '0', 'sai']);

/** Reads the cells of one row by the form of its list. */
export function readRow(raw: RawRow, form: ListForm): ReadRow {
  const { facts: columns, isCashAllowed } = form;
  const findings: RowFinding[] = [];
  const nobody = { citizenNumber: null, name: null };
  const empty = { row: raw.row, ...nobody, bankBin: null, account: null, payee: null, facts: {} };
  if (raw.problem) {
    const { columnIndex } = raw.problem;
    findings.push({ code: 'UNREADABLE_ROW', column: nameOfColumn(form, columnIndex), facts: {} });
    return { ...empty, findings };
  }
  const cells = raw.cells.map((cell) => cell.trim());
  const find = (code: CellFindingCode, column: string, facts: CellFacts = {}) => {
    findings.push({ code, column, facts });
    return null;
  };
  const person = readPerson(cells, ['citizenNumber', 'name'], find);
  const account = readAccount(cells, isCashAllowed, find);
  const read: ReadRow = { ...empty, ...person, ...account, facts: {}, findings };
  if (form.isPaidToAnother)
    read.payee = readPerson(cells.slice(-payeeColumns.length), ['payeeNumber', 'payeeName'], find);
  for (const [index, column] of columns.entries()) {
    const cell = cells[personColumns.length + index]!;
    if (cell === '') {
      if (!column.isOptional) find('MISSING_CELL', column.fact);
      continue;
    }
    const value = factOf(cell, column);
    if (value !== undefined) read.facts[column.fact] = value;
    else if (column.type === 'code' || column.type === 'codes') {
      find('WRONG_CHOICE', column.fact, { value: shown(cell), values: wordsOf(column) });
    } else find('WRONG_CELL', column.fact, { value: shown(cell) });
  }
  return read;
}

type Find = (code: CellFindingCode, column: string, facts?: CellFacts) => null;

const missingOrWrong = (find: Find, column: string, cell: string) =>
  cell === '' ? find('MISSING_CELL', column) : find('WRONG_CELL', column, { value: shown(cell) });

function readPerson(
  [number = '', name = '']: readonly string[],
  [numberColumn, nameColumn]: readonly [string, string],
  find: Find,
): { citizenNumber: string | null; name: string | null } {
  const normal = normaliseName(name);
  const isName = normal !== '' && normal.length <= nameMax && !controlCharacters.test(name);
  return {
    citizenNumber: isCitizenNumber(number) ? number : missingOrWrong(find, numberColumn, number),
    name: isName
      ? normal
      : name === ''
        ? missingOrWrong(find, nameColumn, name)
        : find('TEXT_TOO_LONG', nameColumn, { limit: nameMax }),
  };
}

function readAccount(
  [, , bankBin = '', account = '']: readonly string[],
  isCashAllowed: boolean,
  find: Find,
): Pick<ReadRow, 'bankBin' | 'account'> {
  if (isCashAllowed && bankBin === '' && account === '') return { bankBin: null, account: null };
  const written = normaliseAccount(account);
  return {
    bankBin: isTransferEnabled(bankBin) ? bankBin : missingOrWrong(find, 'bankBin', bankBin),
    account: written ?? missingOrWrong(find, 'account', account),
  };
}

/** What a cell says; undefined where it says nothing that the law could ask. */
export function factOf(cell: string, { type, values }: FactColumn): ReadRow['facts'][string] | undefined {
  switch (type) {
    case 'boolean': {
      const word = searchForm(cell);
      return yes.has(word) ? true : no.has(word) ? false : undefined;
    }
    case 'number':
      return /^\d{1,9}$/.test(cell) ? Number(cell) : undefined;
    case 'amount':
      return /^(0|[1-9]\d{0,14})$/.test(cell) ? cell : undefined;
    case 'day':
      return writtenDay(cell) ?? undefined;
    case 'days': {
      const days = cell.split(/[;,]/).map((day) => writtenDay(day.trim()) ?? '');
      return days.length <= childrenMax && days.every(isDay) ? days : undefined;
    }
    case 'code':
      return codeOf(cell, values);
    case 'codes': {
      // An empty cell would be silence: that there is none of them is said.
      if (no.has(searchForm(cell))) return [];
      const codes = cell.split(';').map((code) => codeOf(code.trim(), values) ?? '');
      return codes.includes('') ? undefined : codes;
    }
  }
}

/** By its code, or by its name in either language. */
function codeOf(cell: string, values: FactColumn['values']): string | undefined {
  const word = searchForm(cell);
  const found = Object.entries(values).find(
    ([code, { vi, en }]) => code === cell || searchForm(vi) === word || searchForm(en) === word,
  );
  return found?.[0];
}

const wordsOf = ({ values }: FactColumn) =>
  Object.values(values)
    .map(({ vi }) => vi)
    .join(', ');

function nameOfColumn(form: ListForm, index: number | undefined): string | null {
  return index === undefined ? null : (columnsOf(form).names[index] ?? null);
}

/** A cell as a finding tells it: shortened, numbers masked. */
export function shown(cell: string): string {
  // PostgreSQL takes neither NUL nor half a surrogate pair into JSON.
  return maskNumbersIn(cell.slice(0, valueShownMax).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd'));
}

/** What was found in a row, in both languages. */
export function findingText({ code, column, facts }: RowFinding, columns: readonly FactColumn[]) {
  const title = [...personColumns, ...payeeColumns].find(({ name }) => name === column)?.title ??
    columns.find(({ fact }) => fact === column)?.title ?? { vi: '', en: '' };
  return cellFindings[code].sentence(facts, title);
}
