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
import { type FactColumn, personColumns } from './list-columns.js';

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

/** Reads the cells of one row by the columns of its list. @param isCashAllowed whether he may have no account */
export function readRow(raw: RawRow, columns: readonly FactColumn[], isCashAllowed = false): ReadRow {
  const findings: RowFinding[] = [];
  const empty = { row: raw.row, citizenNumber: null, name: null, bankBin: null, account: null, facts: {} };
  if (raw.problem) {
    const { columnIndex } = raw.problem;
    findings.push({ code: 'UNREADABLE_ROW', column: nameOfColumn(columns, columnIndex), facts: {} });
    return { ...empty, findings };
  }
  const cells = raw.cells.map((cell) => cell.trim());
  const find = (code: CellFindingCode, column: string, facts: CellFacts = {}) => {
    findings.push({ code, column, facts });
    return null;
  };
  const person = readPerson(cells, isCashAllowed, find);
  const read: ReadRow = { ...empty, ...person, facts: {}, findings };
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

function readPerson(
  [number = '', name = '', bankBin = '', account = '']: readonly string[],
  isCashAllowed: boolean,
  find: Find,
): Pick<ReadRow, 'citizenNumber' | 'name' | 'bankBin' | 'account'> {
  const wrong = (column: string, cell: string) =>
    cell === '' ? find('MISSING_CELL', column) : find('WRONG_CELL', column, { value: shown(cell) });
  const normal = normaliseName(name);
  const isName = normal !== '' && normal.length <= nameMax && !controlCharacters.test(name);
  const written = normaliseAccount(account);
  const isPaidInCash = isCashAllowed && bankBin === '' && account === '';
  return {
    citizenNumber: isCitizenNumber(number) ? number : wrong('citizenNumber', number),
    name: isName
      ? normal
      : name === ''
        ? wrong('name', name)
        : find('TEXT_TOO_LONG', 'name', { limit: nameMax }),
    bankBin: isPaidInCash ? null : isTransferEnabled(bankBin) ? bankBin : wrong('bankBin', bankBin),
    account: isPaidInCash ? null : (written ?? wrong('account', account)),
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

function nameOfColumn(columns: readonly FactColumn[], index: number | undefined): string | null {
  if (index === undefined) return null;
  return personColumns[index]?.name ?? columns[index - personColumns.length]?.fact ?? null;
}

/** A cell as a finding tells it: shortened, numbers masked. */
export function shown(cell: string): string {
  // PostgreSQL takes neither NUL nor half a surrogate pair into JSON.
  return maskNumbersIn(cell.slice(0, valueShownMax).replace(/[\p{Cc}\p{Cs}]/gu, '\ufffd'));
}

/** What was found in a row, in both languages. */
export function findingText({ code, column, facts }: RowFinding, columns: readonly FactColumn[]) {
  const title = personColumns.find(({ name }) => name === column)?.title ??
    columns.find(({ fact }) => fact === column)?.title ?? { vi: '', en: '' };
  return cellFindings[code].sentence(facts, title);
}
