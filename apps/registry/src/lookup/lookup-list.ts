import { writtenDay } from '@ansinh/calendar';
import { nameKey, normaliseName, searchForm } from '@ansinh/identity';
import { columnSet, type RawRow } from '@ansinh/payment-list';

const names = ['number', 'name', 'birth'] as const;

/** Columns of a list of people to look up. Only the number is needed. */
export const lookupColumns = columnSet(names, new Set(['name', 'birth']), {
  number: [
    ...['citizen number', 'payeeId', 'số định danh', 'số định danh cá nhân', 'mã định danh', 'ĐDCN'],
    ...['CCCD', 'số CCCD', 'căn cước', 'số căn cước', 'CMND', 'số CMND', 'CCCD/CMND', 'số CCCD/CMND'],
  ],
  name: ['full name', 'payeeName', 'họ và tên', 'họ tên', 'tên'],
  birth: ['born on', 'birth year', 'date of birth', 'ngày sinh', 'năm sinh', 'ngày tháng năm sinh', 'NTNS'],
});

/** What was sent of one person. */
export interface SentPerson {
  row: number;
  /** Twelve digits, or nine of an identity card of before; null where it is neither. */
  number: string | null;
  /** As it stands in the list, for the answer. */
  shownNumber: string;
  name: string;
  birth: string;
}

const numberForm = /^(\d{9}|\d{12})$/;

export function readSent({ row, cells }: RawRow): SentPerson {
  const [number = '', name = '', birth = ''] = cells.map((cell) => cell.trim());
  return { row, number: numberForm.test(number) ? number : null, shownNumber: number, name, birth };
}

/** How a name that was sent fits the one on record: whole, but for marks and their places, or not. */
export type NameFit = 'exact' | 'marks' | 'different';

export function nameFit(sent: string, recorded: string): NameFit | null {
  if (sent === '') return null;
  if (normaliseName(sent).toUpperCase() === recorded.toUpperCase()) return 'exact';
  return nameKey(sent) === nameKey(recorded) || searchForm(sent) === searchForm(recorded)
    ? 'marks'
    : 'different';
}

export type BirthFit = 'same' | 'different' | 'unreadable';

/** Where one side knows only the year, the years are compared. Days as offices write them: 07/03/1985, 1985-03-07, 1985. */
export function birthFit(
  sent: string,
  { birthYear, bornOn }: { birthYear: number; bornOn: string | null },
): BirthFit | null {
  if (sent === '') return null;
  const day = readBirth(sent);
  if (!day) return 'unreadable';
  const isSame = day.bornOn && bornOn ? day.bornOn === bornOn : day.birthYear === birthYear;
  return isSame ? 'same' : 'different';
}

/** A day or a year of birth as offices write it; null for anything else. */
export function readBirth(text: string): { birthYear: number; bornOn: string | null } | null {
  const bornOn = /^\d{4}$/.test(text) ? null : writtenDay(text);
  const birthYear = Number(bornOn?.slice(0, 4) ?? text);
  return birthYear >= 1880 && birthYear <= 2200 ? { birthYear, bornOn } : null;
}
