import { writtenDay } from '@ansinh/calendar';
import { isCitizenNumber, searchForm, taxCodeFault } from '@ansinh/identity';
import type { Text } from '@ansinh/language';
import { type CellFacts, cellFindings, columnSet, type RawRow } from '@ansinh/payment-list';
import { shown } from '../list/list-row.js';

/** Columns of a list by which the insurance office answers, in the order of the list that goes back. */
export const answerColumns = [
  {
    name: 'citizenNumber',
    title: { vi: 'Số định danh', en: 'Citizen number' },
    aliases: ['CCCD', 'số CCCD'],
    width: 16,
  },
  { name: 'taxCode', title: { vi: 'Mã số thuế', en: 'Tax code' }, aliases: ['MST'], width: 16 },
  { name: 'month', title: { vi: 'Tháng', en: 'Month' }, aliases: ['kỳ'], width: 12 },
  {
    name: 'isInsured',
    title: { vi: 'Tham gia BHXH bắt buộc', en: 'Insured' },
    aliases: ['tham gia BHXH', 'đóng BHXH'],
    width: 24,
  },
] as const;

type ColumnName = (typeof answerColumns)[number]['name'];

/** What the header of such a list may name. */
export const answerHeader = columnSet(
  answerColumns.map(({ name }) => name),
  new Set<ColumnName>(),
  Object.fromEntries(
    answerColumns.map(({ name, title, aliases }) => [name, [title.vi, title.en, ...aliases]]),
  ) as Record<ColumnName, string[]>,
);

const answerFindings = {
  ...cellFindings,
  WRONG_MONTH: {
    sentence: ({ value = '' }) => ({
      vi: `“${value}” không phải là tháng: hãy viết như 2022-03 hoặc 03/2022.`,
      en: `“${value}” is no month: it is written as 2022-03.`,
    }),
  },
  MORE_FLAWED: {
    sentence: ({ limit = 0 }) => ({
      vi: `Dòng này sai, và từ đây không ghi chú nữa: còn ${limit} dòng sai, kể cả dòng này. Hãy sửa các dòng đã ghi chú rồi gửi lại.`,
      en: `The row is flawed, and nothing is remarked from here on: ${limit} more rows have flaws, this one among them. Correct what is remarked, and send the list again.`,
    }),
  },
} satisfies Record<string, { sentence: (facts: CellFacts, column: Text) => Text }>;

export interface AnswerFinding {
  code: keyof typeof answerFindings;
  /** Null when the row as a whole is meant. */
  column: string | null;
  facts: CellFacts;
}

export interface Answer {
  citizenNumber: string;
  taxCode: string;
  /** First day of the month. */
  month: string;
  isInsured: boolean;
}

/** One answer, or what is wrong with its cells. */
export function readAnswer({ cells, problem }: RawRow): Answer | AnswerFinding[] {
  if (problem) {
    const { columnIndex } = problem;
    const column = columnIndex === undefined ? null : answerColumns[columnIndex]!.name;
    return [{ code: 'UNREADABLE_ROW', column, facts: {} }];
  }
  const [citizenNumber, taxCode, monthText, insured] = cells.map((cell) => cell.trim()) as [
    string,
    string,
    string,
    string,
  ];
  const month = monthOf(monthText);
  const isInsured = yesOrNo(insured);
  const findings: AnswerFinding[] = [];
  if (!isCitizenNumber(citizenNumber)) findings.push(wrong('WRONG_CELL', 'citizenNumber', citizenNumber));
  if (taxCodeFault(taxCode) !== null) findings.push(wrong('WRONG_CELL', 'taxCode', taxCode));
  if (month === null) findings.push(wrong('WRONG_MONTH', 'month', monthText));
  if (isInsured === null) findings.push(wrong('WRONG_CHOICE', 'isInsured', insured, 'có/yes, không/no'));
  return month === null || isInsured === null || findings.length > 0
    ? findings
    : { citizenNumber, taxCode, month, isInsured };
}

const wrong = (
  code: AnswerFinding['code'],
  column: ColumnName,
  cell: string,
  values?: string,
): AnswerFinding =>
  cell === ''
    ? { code: 'MISSING_CELL', column, facts: {} }
    : { code, column, facts: { value: shown(cell), values } };

function yesOrNo(cell: string): boolean | null {
  const word = searchForm(cell);
  if (['co', 'x', 'yes', 'true', '1'].includes(word)) return true;
  return ['khong', 'no', 'false', '0'].includes(word) ? false : null;
}

function monthOf(text: string): string | null {
  const parts = /^(?<year>\d{4})-(?<month>\d{1,2})$|^(?<first>\d{1,2})\/(?<second>\d{4})$/.exec(text)?.groups;
  if (!parts) return writtenDay(text)?.replace(/\d{2}$/, '01') ?? null;
  return writtenDay(`01/${parts['month'] ?? parts['first']}/${parts['year'] ?? parts['second']}`);
}

/** What was found in a row, in both languages. */
export function answerFindingText({ code, column, facts }: AnswerFinding): Text {
  const title = answerColumns.find(({ name }) => name === column)?.title ?? { vi: '', en: '' };
  return answerFindings[code].sentence(facts, title);
}
