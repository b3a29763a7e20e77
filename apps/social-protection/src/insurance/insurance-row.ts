import { writtenDay } from '@ansinh/calendar';
import { isCitizenNumber, searchForm, taxCodeFault } from '@ansinh/identity';
import { columnSet, type RawRow } from '@ansinh/payment-list';

const names = ['citizenNumber', 'taxCode', 'month', 'isInsured'] as const;

/** Columns of a list by which the insurance office answers. */
export const answerColumns = columnSet(names, new Set<(typeof names)[number]>(), {
  citizenNumber: ['số định danh', 'CCCD', 'số CCCD', 'citizen number'],
  taxCode: ['mã số thuế', 'MST', 'tax code'],
  month: ['tháng', 'kỳ'],
  isInsured: ['tham gia BHXH bắt buộc', 'tham gia BHXH', 'đóng BHXH', 'insured'],
});

export interface Answer {
  citizenNumber: string;
  taxCode: string;
  /** First day of the month. */
  month: string;
  isInsured: boolean;
}

interface Flaw {
  column: string;
  text: { vi: string; en: string };
}

const flaw = (column: string, vi: string, en: string): Flaw => ({ column, text: { vi, en } });

/** One answer, or the first cell that is none. */
export function readAnswer({ cells, problem }: RawRow): Answer | Flaw {
  if (problem) return flaw('', 'Không đọc được dòng này.', 'The row cannot be read.');
  const [citizenNumber, taxCode, monthText, insured] = cells.map((cell) => cell.trim()) as [
    string,
    string,
    string,
    string,
  ];
  if (!isCitizenNumber(citizenNumber))
    return flaw('citizenNumber', 'Số định danh không đúng.', 'It is no citizen number.');
  if (taxCodeFault(taxCode) !== null) return flaw('taxCode', 'Mã số thuế không đúng.', 'It is no tax code.');
  const month = monthOf(monthText);
  if (month === null) return flaw('month', 'Tháng phải như 2022-03 hoặc 03/2022.', 'A month is as 2022-03.');
  const word = searchForm(insured);
  const isInsured = ['co', 'x', 'yes', 'true', '1'].includes(word);
  if (!isInsured && !['khong', 'no', 'false', '0'].includes(word))
    return flaw('isInsured', 'Phải là có hoặc không.', 'It must be yes or no.');
  return { citizenNumber, taxCode, month, isInsured };
}

function monthOf(text: string): string | null {
  const parts = /^(?<year>\d{4})-(?<month>\d{1,2})$|^(?<first>\d{1,2})\/(?<second>\d{4})$/.exec(text)?.groups;
  if (!parts) return writtenDay(text)?.replace(/\d{2}$/, '01') ?? null;
  return writtenDay(`01/${parts['month'] ?? parts['first']}/${parts['year'] ?? parts['second']}`);
}
