/**
 * Days are `YYYY-MM-DD`, compared as text. Ages and spans are counted on the digits: a day of law has no hour and no zone, a list
 * of 600,000 workers asks this several times a row, and the book of a loan for each of its events.
 */
interface DayParts {
  year: number;
  month: number;
  day: number;
}

export interface CalendarDay extends DayParts {
  /** Days since a day before all others. */
  number: number;
}

const digit = (text: string, at: number) => text.charCodeAt(at) - 48;

/** @throws RangeError for what is no day of the calendar */
function partsOf(text: string): DayParts {
  if (!isDay(text)) throw new RangeError(`Not a day: ${text}`);
  const year = yearOf(text);
  return { year, month: digit(text, 5) * 10 + digit(text, 6), day: digit(text, 8) * 10 + digit(text, 9) };
}

/** From the year 1000 to 9999. */
export function isDay(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  for (const at of DIGITS) if (!(digit(text, at) >= 0 && digit(text, at) <= 9)) return false;
  const month = digit(text, 5) * 10 + digit(text, 6);
  const day = digit(text, 8) * 10 + digit(text, 9);
  if (digit(text, 0) === 0 || month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= daysOfMonth(yearOf(text), month);
}

const DIGITS = [0, 1, 2, 3, 5, 6, 8, 9] as const;

function yearOf(text: string): number {
  return digit(text, 0) * 1000 + digit(text, 1) * 100 + digit(text, 2) * 10 + digit(text, 3);
}

/** Years completed at the end of `on`: a person is a year older on the day of birth itself; one of 29 February on 1 March. */
export function ageOn(bornOn: string, on: string): number {
  const [born, day] = [partsOf(bornOn), partsOf(on)];
  const isBeforeBirthday = day.month < born.month || (day.month === born.month && day.day < born.day);
  return day.year - born.year - (isBeforeBirthday ? 1 : 0);
}

/** Whole months from one day to another; negative where the other comes first. */
export function monthsBetween(from: string, to: string): number {
  if (to < from) return -monthsBetween(to, from);
  return calendarMonthsBetween(from, to) - (partsOf(to).day < partsOf(from).day ? 1 : 0);
}

/** How many months the month of one day is before that of another, whatever the days in them. */
export function calendarMonthsBetween(from: string, to: string): number {
  const [first, last] = [partsOf(from), partsOf(to)];
  return (last.year - first.year) * 12 + last.month - first.month;
}

/** Days from one to another, both counted; 0 where the second comes first. */
export function daysInclusive(from: string, to: string): number {
  return Math.max(0, daysBetween(from, to) + 1);
}

export function monthStartOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

export function monthEndOf(day: string): string {
  const { year, month } = partsOf(day);
  return `${day.slice(0, 7)}-${daysOfMonth(year, month)}`;
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1 March of the year nought: years that begin in March have their leap day at the end. */
export function dayNumber({ year, month, day }: DayParts): number {
  const [y, m] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) +
    day
  );
}

const DAY_MS = 86_400_000;
const FIRST_OF_1970 = dayNumber({ year: 1970, month: 1, day: 1 });

/** One before all others: 1 January 1970 was a Thursday. */
const MONDAY = (FIRST_OF_1970 - 3) % 7;

function dayOfNumber(number: number): string {
  return new Date((number - FIRST_OF_1970) * DAY_MS).toISOString().slice(0, 10);
}

/** @throws RangeError for what is no day of the calendar */
export function readDay(text: string): CalendarDay {
  const parts = partsOf(text);
  return { ...parts, number: dayNumber(parts) };
}

/** 1 is Monday, 7 Sunday. */
export function weekdayOf(day: string): number {
  return ((dayNumber(partsOf(day)) - MONDAY) % 7) + 1;
}

/** The day so many days later, of whatever kind they are. */
export function addDays(day: string, days: number): string {
  return dayOfNumber(dayNumber(partsOf(day)) + days);
}

/** How many days one day is before another, of whatever kind they are. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(partsOf(to)) - dayNumber(partsOf(from));
}

/** The day in the month so many months after that of another day, or the last of the month where it has fewer days. */
export function dayInMonth(from: string, months: number, day: number): string {
  const first = partsOf(from);
  const index = first.year * 12 + first.month - 1 + months;
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  return dayOfNumber(dayNumber({ year, month, day: Math.min(day, daysOfMonth(year, month)) }));
}

const writtenForms = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/,
  /^(?<day>\d{1,2})[/.-](?<month>\d{1,2})[/.-](?<year>\d{4})$/,
];

/** A day as offices write it: 2022-03-07, 07/03/2022, 7.3.2022. Null for anything else, also for the 30th of February. */
export function writtenDay(text: string): string | null {
  for (const form of writtenForms) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const day = `${parts['year']}-${parts['month']!.padStart(2, '0')}-${parts['day']!.padStart(2, '0')}`;
    return isDay(day) ? day : null;
  }
  return null;
}
