/** Weights of the check digit (General Department of Taxation). */
const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];
const FORM = /^(\d{10})(-\d{3})?$/;
const TWELVE_DIGITS = /^\d{12}$/;

/**
 * What is wrong with a tax code (Circular 105/2020/TT-BTC, article 5: ten digits, the tenth a check digit, three more for a
 * dependent unit). Since 2025-07-01 households in business use the owner's twelve-digit number instead (Circular
 * 86/2024/TT-BTC, article 5). Null: nothing.
 */
export function taxCodeFault(text: string): 'form' | 'checkDigit' | null {
  if (TWELVE_DIGITS.test(text)) return null;
  const digits = FORM.exec(text)?.[1];
  if (!digits) return 'form';
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  // Ten is no digit: no code exists with these nine digits, though some programs write a zero.
  return 10 - (sum % 11) === Number(digits[9]) ? null : 'checkDigit';
}
