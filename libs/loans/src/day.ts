/**
 * Days as whole numbers. The book of a loan counts days for every event and every loan of a province: a date object of a library
 * for each of them was most of its time.
 */
export interface CalendarDay {
  year: number;
  month: number;
  day: number;
  /** Days since 1 January 1970. */
  number: number;
}

const DAY_MS = 86_400_000;
const form = /^(\d{4})-(\d{2})-(\d{2})$/;

/** @throws RangeError for a day that is not `YYYY-MM-DD`, or that no calendar has */
export function readDay(text: string): CalendarDay {
  const match = form.exec(text);
  if (!match) throw new RangeError(`Not a day: ${text}`);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month))
    throw new RangeError(`Not a day: ${text}`);
  return { year, month, day, number: dayNumber(year, month, day) };
}

export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** Calendar days from one day to another. */
export function daysFrom(from: string, to: string): number {
  return readDay(to).number - readDay(from).number;
}

/** So many days after a day. */
export function dayAfter(day: string, days: number): string {
  return formatDay(readDay(day).number + days);
}

/** The day in the month so many months after that of another day, or the last of the month where it has fewer days. */
export function dayInMonth(from: string, months: number, day: number): string {
  const { year, month } = readDay(from);
  const index = year * 12 + month - 1 + months;
  const [inYear, inMonth] = [Math.floor(index / 12), (index % 12) + 1];
  return formatDay(dayNumber(inYear, inMonth, Math.min(day, monthLength(inYear, inMonth))));
}

function monthLength(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}

function formatDay(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
