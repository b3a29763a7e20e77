import type { Text } from '@ansinh/language';
import { decodeCitizenNumber } from './citizen-number.js';

/** Where a citizen number says something else than the record that it stands in. */
export interface NumberContradiction {
  code: 'NUMBER_BIRTH_YEAR' | 'NUMBER_SEX' | 'NUMBER_BIRTH_YEAR_IN_FUTURE' | 'NUMBER_BORN_OVER_120_YEARS_AGO';
  message: Text;
}

const sexes = { male: { vi: 'nam', en: 'male' }, female: { vi: 'nữ', en: 'female' } } as const;

/**
 * What contradicts in a number and a record: a reason to ask, never to refuse, since either may be the wrong one (Circular
 * 59/2021/TT-BCA fixes century, sex and year of birth in the number; records are older than it).
 * @param year the present one
 */
export function numberContradictions(
  citizenNumber: string,
  person: { birthYear: number; sex: 'male' | 'female' },
  year: number,
): NumberContradiction[] {
  const decoded = decodeCitizenNumber(citizenNumber, year);
  if (!decoded) return [];
  const found: NumberContradiction[] = [];
  if (decoded.birthYear !== person.birthYear) {
    found.push({
      code: 'NUMBER_BIRTH_YEAR',
      message: {
        vi: `Số định danh cho biết sinh năm ${decoded.birthYear}, hồ sơ ghi ${person.birthYear}.`,
        en: `By the number the year of birth is ${decoded.birthYear}, by the record ${person.birthYear}.`,
      },
    });
  }
  if (decoded.sex !== person.sex) {
    const [byNumber, byRecord] = [sexes[decoded.sex], sexes[person.sex]];
    found.push({
      code: 'NUMBER_SEX',
      message: {
        vi: `Số định danh cho biết giới tính ${byNumber.vi}, hồ sơ ghi ${byRecord.vi}.`,
        en: `By the number the sex is ${byNumber.en}, by the record ${byRecord.en}.`,
      },
    });
  }
  if (decoded.warnings.includes('birthYearInFuture')) {
    found.push({
      code: 'NUMBER_BIRTH_YEAR_IN_FUTURE',
      message: {
        vi: `Số định danh cho biết năm sinh ${decoded.birthYear}, chưa tới.`,
        en: `By the number the year of birth is ${decoded.birthYear}, which has not come yet.`,
      },
    });
  }
  if (decoded.warnings.includes('bornOver120YearsAgo')) {
    found.push({
      code: 'NUMBER_BORN_OVER_120_YEARS_AGO',
      message: {
        vi: `Số định danh cho biết năm sinh ${decoded.birthYear}, đã hơn 120 năm.`,
        en: `By the number the year of birth is ${decoded.birthYear}, over 120 years ago.`,
      },
    });
  }
  return found;
}
