import type { Mt940Balance, Mt940Transaction } from './mt940-events.js';
import { Mt940Error } from './mt940-error.js';
import type { Mt940Field } from './field-reader.js';

/** Fifteen digits with their comma, by SWIFT: more cannot be meant. */
const amountForm = /^(\d{1,15})(?:,(\d{0,15}))?$/;
const balanceForm = /^([CD])(\d{6})([A-Z]{3})(\S+)$/;
/** Value date, entry date, mark, third letter of the currency, amount, kind, references. */
const movementForm = /^(\d{6})(\d{4})?(R?)([CD])([A-Z])?([\d,.]+)([NSF][A-Z0-9]{3})(.*)$/;

/** `1500,05` as `1500.05`. A point or a separator of thousands is refused: it might be either. */
function readAmount(text: string, line: number): string {
  const match = amountForm.exec(text);
  if (!match) throw new Mt940Error('INVALID_AMOUNT', `"${text.slice(0, 40)}" is not an amount`, line);
  const [, whole, fraction] = match;
  return fraction ? `${BigInt(whole!)}.${fraction}` : BigInt(whole!).toString();
}

/** `C220705VND1500000,` */
export function readBalance({ tag, text, line }: Mt940Field): Mt940Balance {
  const match = balanceForm.exec(text.trim());
  if (!match) throw invalid(tag, 'is not a balance', line);
  const [, mark, day, currency, digits] = match;
  const amount = readAmount(digits!, line);
  const isNegative = mark === 'D' && /[1-9]/.test(amount);
  return { amount: isNegative ? `-${amount}` : amount, currency: currency!, on: readDay(day!, tag, line) };
}

/** `00004/00001`: number of the statement and of its page. */
export function readNumber({ tag, text, line }: Mt940Field): { number: number; page: number | null } {
  const match = /^(\d{1,9})(?:\/(\d{1,9}))?$/.exec(text.trim());
  if (!match) throw invalid(tag, 'is not the number of a statement', line);
  return { number: Number(match[1]), page: match[2] === undefined ? null : Number(match[2]) };
}

type Movement = Omit<Mt940Transaction, 'kind' | 'currency' | 'information'>;

/** `2207050705DD1500000,NTRFLO-1//BK1`, and in a second line what the bank adds. */
export function readMovement({ tag, text, line }: Mt940Field): Movement {
  const [first = '', ...more] = text.split('\n');
  const match = movementForm.exec(first.trimEnd());
  if (!match) throw invalid(tag, 'is not a movement', line);
  const [, day, entryDay, reversal, mark, , digits, type, references = ''] = match;
  const valueOn = readDay(day!, tag, line);
  const isReversal = reversal === 'R';
  const cut = references.indexOf('//');
  return {
    valueOn,
    bookedOn: entryDay ? entryDayNear(valueOn, entryDay, line) : null,
    direction: (mark === 'D') === isReversal ? 'credit' : 'debit',
    isReversal,
    amount: readAmount(digits!, line),
    type: type!,
    customerReference: (cut === -1 ? references : references.slice(0, cut)).trim() || null,
    bankReference: (cut === -1 ? '' : references.slice(cut + 2)).trim() || null,
    supplement: more.join('\n').trim() || null,
    line,
  };
}

function readDay(digits: string, tag: string, line: number): string {
  const century = Number(digits.slice(0, 2)) < 80 ? '20' : '19';
  const day = `${century}${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4)}`;
  if (!isDay(day)) throw invalid(tag, `${digits} is not a day`, line);
  return day;
}

/** The entry date has no year: it is that of the value date, or the one beside it at the turn of the year. */
function entryDayNear(valueOn: string, digits: string, line: number): string {
  const year = Number(valueOn.slice(0, 4));
  const distance = (day: string) => Math.abs(Date.parse(day) - Date.parse(valueOn));
  const [nearest] = [year - 1, year, year + 1]
    .map((candidate) => `${candidate}-${digits.slice(0, 2)}-${digits.slice(2)}`)
    .filter(isDay)
    .sort((one, other) => distance(one) - distance(other));
  if (!nearest) throw invalid('61', `${digits} is not a day`, line);
  return nearest;
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function invalid(tag: string, message: string, line: number): Mt940Error {
  return new Mt940Error('INVALID_VALUE', `:${tag}: ${message}`, line);
}
