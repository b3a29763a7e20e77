import { Iso20022Error } from './iso20022-error.js';

const form = /^\+?(\d{1,18})(?:\.(\d{0,17}))?$/;
/** The first that has more digits than the schemas allow. */
const tooLarge = 10n ** 18n;
const digitsByCurrency = new Map<string, number>();

/** How many decimals a currency has by ISO 4217: none for VND, two for EUR. */
function minorDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 0;
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

/**
 * Reads a decimal of ISO 20022 exactly, in the smallest unit of its currency: `720000.00` of VND is 720000n.
 * @throws Iso20022Error INVALID_AMOUNT for a fraction of that unit, a sign, or anything but digits
 */
export function readAmount(text: string, currency: string, element: string): bigint {
  const match = form.exec(text);
  if (!match) throw new Iso20022Error('INVALID_AMOUNT', `"${text.slice(0, 40)}" is not an amount`, element);
  const [, whole = '', fraction = ''] = match;
  const digits = minorDigits(currency);
  if (/[1-9]/.test(fraction.slice(digits))) {
    throw new Iso20022Error('INVALID_AMOUNT', `${text} is not whole in ${currency}`, element);
  }
  return BigInt(digits === 0 ? whole : whole + fraction.slice(0, digits).padEnd(digits, '0'));
}

/**
 * Reads an amount that names its currency.
 * @throws Iso20022Error WRONG_CURRENCY unless it is `expected`, or as {@link readAmount}
 */
export function readAmountIn(
  expected: string,
  text: string,
  currency: string | undefined,
  element: string,
): bigint {
  if (currency === expected) return readAmount(text, expected, element);
  throw new Iso20022Error('WRONG_CURRENCY', `is in ${currency ?? 'no currency'}, not ${expected}`, element);
}

/** A count or sequence number of the standard: up to 15 digits. */
export function readCount(text: string, element: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Iso20022Error('INVALID_VALUE', 'is not a number', element);
}

/**
 * Writes đồng: digits alone, no decimal point.
 * @throws Iso20022Error INVALID_AMOUNT unless positive and of at most 18 digits, the schemas' own limit
 */
export function writeAmount(amount: bigint, element: string): string {
  if (amount > 0n && amount < tooLarge) return amount.toString();
  throw new Iso20022Error('INVALID_AMOUNT', `${amount} is not an amount to pay`, element);
}
