/** What is unusual about a well-formed citizen number. A warning never refuses: only the register of people can. */
export type CitizenNumberWarning = 'birthYearInFuture' | 'bornOver120YearsAgo';

export interface DecodedCitizenNumber {
  /** Three digits: the province or country where the birth was registered, never where the person lives now. */
  birthPlaceCode: string;
  sex: 'male' | 'female';
  birthYear: number;
  warnings: CitizenNumberWarning[];
}

const TWELVE_DIGITS = /^[0-9]{12}$/;
const ONE_DIGIT_ONLY = /^([0-9])\1{11}$/;

/**
 * Whether `text` is a personal identification number: twelve ASCII digits (Law on Identity 26/2023, article 12).
 * The number has no check digit, so a mistyped digit passes; twelve times the same digit is a placeholder and does not.
 */
export function isCitizenNumber(text: string): boolean {
  return TWELVE_DIGITS.test(text) && !ONE_DIGIT_ONLY.test(text);
}

/**
 * Reads the parts of a citizen number: place of birth registration, century and sex in one digit, year of birth
 * (Decree 137/2015, article 13; Circular 59/2021/TT-BCA). Numbers never change when people move or provinces merge.
 * Returns null when `isCitizenNumber` is false. `year` is the present year, for the warnings.
 */
export function decodeCitizenNumber(text: string, year: number): DecodedCitizenNumber | null {
  if (!isCitizenNumber(text)) return null;
  const centuryAndSex = Number(text[3]);
  const birthYear = 1900 + 100 * Math.floor(centuryAndSex / 2) + Number(text.slice(4, 6));
  const warnings: CitizenNumberWarning[] = [];
  if (birthYear > year) warnings.push('birthYearInFuture');
  if (birthYear < year - 120) warnings.push('bornOver120YearsAgo');
  return {
    birthPlaceCode: text.slice(0, 3),
    sex: centuryAndSex % 2 === 0 ? 'male' : 'female',
    birthYear,
    warnings,
  };
}
