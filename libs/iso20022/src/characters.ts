import { Iso20022Error } from './iso20022-error.js';

const identifier = /^[A-Za-z0-9/\-?:().,'+ ]{1,35}$/;
/** Controls, half surrogates and the two non-characters: none of them may stand in XML 1.0, or in a name. */
const forbidden = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;
const beyondLatin1 = /[^\u0000-\u00FF]/;
/** Composed Latin letters and what stands between them, which is nearly every name: NFC already, and nothing forbidden. */
const plain =
  /^[\u0021-\u007e\u00a1-\u00ac\u00ae-\u02ff\u1ea0-\u1ef9][ \u0021-\u007e\u00a1-\u00ac\u00ae-\u02ff\u1ea0-\u1ef9]*$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/;
const day = /^(\d{4})-(\d\d)-(\d\d)$/;

/** An identifier as it may travel between banks: 1–35 characters of the SWIFT X set. */
export function checkIdentifier(value: string, element: string): string {
  if (identifier.test(value)) return value;
  throw new Iso20022Error('INVALID_VALUE', 'must be 1–35 characters of the banks’ common set', element);
}

/** Text in NFC, so that the same name gives the same bytes however it was typed. */
export function checkText(value: string, lengthMax: number, element: string): string {
  if (value.length <= lengthMax && plain.test(value)) return value;
  const text = beyondLatin1.test(value) ? value.normalize('NFC') : value;
  if (text.length === 0 || text.length > lengthMax || text.trim() === '') {
    throw new Iso20022Error('INVALID_VALUE', `must have 1–${lengthMax} characters`, element);
  }
  if (forbidden.test(text)) throw new Iso20022Error('INVALID_VALUE', 'has control characters', element);
  return text;
}

/** An instant with its offset, e.g. `2022-07-01T09:30:00+07:00`. */
export function checkInstant(value: string, element: string): string {
  if (instant.exec(value)?.[1] && !Number.isNaN(Date.parse(value))) return value;
  throw new Iso20022Error('INVALID_VALUE', 'must be an instant with its offset', element);
}

/** An instant as a bank may write it: the standard lets it leave out the offset. */
export function readInstant(value: string, element: string): string {
  if (instant.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new Iso20022Error('INVALID_VALUE', 'is not an instant', element);
}

/** A day of the calendar, YYYY-MM-DD. */
export function checkDay(value: string, element: string): string {
  const [, year, month, date] = day.exec(value) ?? [];
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  if (at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(date)) return value;
  throw new Iso20022Error('INVALID_VALUE', 'must be a day, YYYY-MM-DD', element);
}

/** The day of an instant, as its own clock shows it, or of a day. */
export function readDay(value: string, element: string): string {
  return checkDay(value.slice(0, 10), element);
}
