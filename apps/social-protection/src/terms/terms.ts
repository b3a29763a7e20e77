import { dayInMonth } from '@ansinh/calendar';
import type { PlaceLevel } from '@ansinh/places';
import type { ProgrammeCode } from '../programme/programmes.js';
import source from './terms.json' with { type: 'json' };

export type TermCode =
  'povertyPosting' | 'povertyComplaint' | 'monthlyAllowanceComplaint' | 'rentSupportComplaint';

/** How many working days the law gives for something, and where it says so. */
export interface Term {
  code: string;
  /** Of the carried law. */
  row: string;
  workingDays: number;
  legalBasis: string;
  from: string;
  /** First day on which it no longer holds; null while it does. */
  until: string | null;
  confidence: string;
}

export const terms: readonly Term[] = source.terms;

export const { paymentDays, reportDays } = source;

/** The term that holds on a day; undefined where no law that was read names one. */
export function termOn(code: TermCode, day: string): Term | undefined {
  return terms.find((term) => term.code === code && term.from <= day && (!term.until || day < term.until));
}

/**
 * The day before which money and list of a month reach who pays it: in the month before. Null where no law that was read says so.
 * @param month first day
 */
export function paymentDueOn(programme: ProgrammeCode, month: string): string | null {
  const of = paymentDays.find(({ programmes }) => programmes.includes(programme));
  if (!of) return null;
  const dueOn = dayInMonth(month, -1, of.day);
  return of.from <= dueOn ? dueOn : null;
}

/**
 * The day before which a level reports a half-year. The circular names the days themselves ("before 15 June"), and no term of working
 * days: none of them moves. Null for a half-year that began before it applied.
 * @param first day of the half-year
 */
export function reportDueOn(level: PlaceLevel, first: string): ReportDue | null {
  const { monthsAfter, day, legalBasis, from } = reportDays.find((of) => of.level === level)!;
  return from <= first ? { before: dayInMonth(first, monthsAfter, day), legalBasis } : null;
}

/** "Before 15 June" ends with the 14th. */
export const isLate = ({ before }: ReportDue, today: string): boolean => today >= before;

interface ReportDue {
  before: string;
  legalBasis: string;
}
