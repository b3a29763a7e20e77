import calendar from './data/holidays.json' with { type: 'json' };
import { addDays, readDay, weekdayOf } from './day.js';

/** A day that is not an ordinary day of its week. */
export interface SpecialDay {
  /** `2022-09-02` */
  date: string;
  isWorkingDay: boolean;
  /** Why: the holiday, or the day that is worked again. In the language of the source. */
  reason: string;
  /** `verified` was read in a source of law or a maintained calendar; an official must confirm the others. */
  confidence: string;
  source: string;
}

const specialDays = new Map<string, SpecialDay>([
  ...calendar.holidays.map(({ date, name, confidence, source }) => {
    return [date, { date, isWorkingDay: false, reason: name, confidence, source }] as const;
  }),
  ...calendar.makeupWorkingDays.map(({ date, reason, confidence, source }) => {
    return [date, { date, isWorkingDay: true, reason, confidence, source }] as const;
  }),
]);

const listedYears = new Set(calendar.holidays.map(({ date }) => date.slice(0, 4)));

/** New Year, Victory, Labour and National Day fall on the same day every year; Tết and the swapped days do not. */
const HOLIDAYS_OF_EVERY_YEAR = new Set(['01-01', '04-30', '05-01', '09-02']);

/**
 * Whether the government's holidays of that year are listed. In other years only the fixed holidays are known: a day of
 * payment may be planned by them, but a legal deadline must not be stated as certain.
 */
export function isCalendarKnown(day: string): boolean {
  return listedYears.has(day.slice(0, 4));
}

/** The holiday or make-up working day that is listed on this day, with the confidence of its source. */
export function specialDayOn(day: string): SpecialDay | undefined {
  return specialDays.get(day);
}

/** Whether public offices work on this day: Monday to Friday but for holidays, and the make-up Saturdays. */
export function isWorkingDay(day: string): boolean {
  const weekday = weekdayOf(day);
  const special = specialDays.get(day);
  if (special) return special.isWorkingDay;
  if (!isCalendarKnown(day) && HOLIDAYS_OF_EVERY_YEAR.has(day.slice(5))) return false;
  return weekday <= 5;
}

/** The first working day after `day`. */
export function nextWorkingDay(day: string): string {
  return addWorkingDays(day, 1);
}

/** `day` itself when it is a working day, else the first working day after it. */
export function workingDayOnOrAfter(day: string): string {
  return isWorkingDay(day) ? day : nextWorkingDay(day);
}

/**
 * The day on which `count` working days are over when the day after `day` is the first to count (Civil Code 91/2015,
 * article 147). Throws RangeError for a day that is not `YYYY-MM-DD` and for a count that is not a whole number from 0.
 */
export function addWorkingDays(day: string, count: number): string {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`Not a number of working days: ${count}`);
  let last = addDays(day, 0);
  for (let left = count; left > 0;) {
    last = addDays(last, 1);
    if (isWorkingDay(last)) left -= 1;
  }
  return last;
}

/** How many working days lie after one day, up to and including another; none when the other comes first. */
export function workingDaysBetween(after: string, through: string): number {
  let count = 0;
  for (const day of daysAfter(after, through)) if (isWorkingDay(day)) count += 1;
  return count;
}

/**
 * The days after `after`, up to and including `through`, of which an official has yet to confirm whether they are worked: a
 * deadline that rests on one may move.
 */
export function unconfirmedDays(after: string, through: string): string[] {
  return [...daysAfter(after, through)].filter((day) => {
    const special = specialDays.get(day);
    return special ? special.confidence !== 'verified' : !isCalendarKnown(day);
  });
}

/** @throws RangeError for what is no day of the calendar */
function* daysAfter(after: string, through: string): Generator<string> {
  readDay(through);
  for (let day = addDays(after, 1); day <= through; day = addDays(day, 1)) yield day;
}
