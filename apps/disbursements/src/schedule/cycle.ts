import { DateTime } from 'luxon';
import { isCalendarKnown, workingDayOnOrAfter } from '@ansinh/calendar';
import listLaw from './data/list-due.json' with { type: 'json' };
import resultsLaw from './data/results-due.json' with { type: 'json' };

/** A day of each month's cycle: in the month that is paid for (0) or the one before it (-1). */
export interface DayOfCycle {
  monthOffset: number;
  /** 1–31; in a shorter month its last day. */
  day: number;
}

export interface Cycle {
  listDue: DayOfCycle;
  approvalDue: DayOfCycle;
  sendingDue: DayOfCycle;
}

/** Days (`2026-02-25`) on which a month's list, approval and sending are due. */
export interface DueDays {
  listDueOn: string;
  approvalDueOn: string;
  sendingDueOn: string;
  /** Whether the holidays of these years are published: if not, days around Tết may still move. */
  isCalendarKnown: boolean;
}

/** A rule of law that says when the list of a month is due. */
export interface ListDueRule {
  legalBasis: string;
  effectiveFrom: string;
  /** `verified` was read in a source of law; an official must confirm others. */
  confidence: string;
}

/** The day as the calendar gives it, holiday or not. @param period `2026-02` */
export function plainDay(period: string, { monthOffset, day }: DayOfCycle): string {
  const month = DateTime.fromISO(`${period}-01`, { zone: 'utc' }).plus({ months: monthOffset });
  return month.set({ day: Math.min(day, month.daysInMonth!) }).toISODate()!;
}

/** A time limit that ends on a day of rest ends with the next working day (Civil Code 91/2015, article 148, clause 5). */
export function dueDays(period: string, cycle: Cycle): DueDays {
  const days = [cycle.listDue, cycle.approvalDue, cycle.sendingDue].map((day) =>
    workingDayOnOrAfter(plainDay(period, day)),
  );
  const [listDueOn, approvalDueOn, sendingDueOn] = days as [string, string, string];
  return { listDueOn, approvalDueOn, sendingDueOn, isCalendarKnown: days.every(isCalendarKnown) };
}

/** Whether there is such a day: 30 February is none. */
export function isDay(day: string): boolean {
  return DateTime.fromISO(day, { zone: 'utc' }).isValid;
}

/** Months from one to the other, both included; none when the last lies before the first. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  let month = DateTime.fromISO(`${first}-01`, { zone: 'utc' });
  for (; month.toFormat('yyyy-MM') <= last; month = month.plus({ months: 1 }))
    months.push(month.toFormat('yyyy-MM'));
  return months;
}

/** The month of a day, moved by some months. */
export function monthOf(day: string, offset = 0): string {
  return DateTime.fromISO(day, { zone: 'utc' }).startOf('month').plus({ months: offset }).toFormat('yyyy-MM');
}

interface DatedRule extends DayOfCycle, ListDueRule {
  /** First day on which it no longer holds. */
  effectiveTo: string | null;
}

/** The rule of law on lists of this month, if there was one: by the 25th for the next month. */
export function listDueRule(period: string): (DayOfCycle & ListDueRule) | null {
  return ruleFor(listLaw.rules, period);
}

/**
 * The day by which the post office has to say who of a month was paid, by law the 20th of that month; null where there was
 * no such law, and for what is not paid by the month.
 */
export function resultsDueOn(period: string): string | null {
  if (!isMonth(period)) return null;
  const rule = ruleFor(resultsLaw.rules, period);
  return rule && workingDayOnOrAfter(plainDay(period, rule));
}

/** Whether a period is a month, and not a year. */
export function isMonth(period: string): boolean {
  return /^\d{4}-\d{2}$/.test(period);
}

function ruleFor(rules: readonly DatedRule[], period: string): (DayOfCycle & ListDueRule) | null {
  const on = `${period}-01`;
  const rule = rules.find(
    ({ effectiveFrom, effectiveTo }) => effectiveFrom <= on && (effectiveTo === null || on < effectiveTo),
  );
  if (!rule) return null;
  const { monthOffset, day, legalBasis, effectiveFrom, confidence } = rule;
  return { monthOffset, day, legalBasis, effectiveFrom, confidence };
}
