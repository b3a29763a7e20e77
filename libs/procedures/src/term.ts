import {
  addDays,
  addWorkingDays,
  daysBetween,
  endOfDayInVietnam,
  todayInVietnam,
  vietnamTime,
  workingDayOnOrAfter,
  workingDaysBetween,
} from '@ansinh/calendar';

export type TermUnit = 'workingDays' | 'days' | 'hours';

export interface Term {
  length: number;
  unit: TermUnit;
}

/** The day from which days count, and the instant from which hours do. */
export interface Start {
  on: string;
  at: Date;
}

/** Where a term ends: with the day `on`; `at` is the first instant that is too late. */
export interface Due {
  on: string;
  at: Date;
}

/** A time that does not count: from an instant, until the day from which it counts again. */
export interface Stop {
  from: Date;
  until: Start;
}

/** At its instant, without regard to the hour. */
export function startAt(instant: Date): Start {
  return { on: todayInVietnam(instant), at: instant };
}

/**
 * What comes to a desk after the cut-off, or on a day of rest, counts from the next working day (Decree 61/2018/NĐ-CP,
 * article 18: it is passed on at the start of that day). Hours count from the instant itself.
 */
export function startAtDesk(instant: Date, cutOff: string): Start {
  const [day, time] = vietnamTime(instant).split('T') as [string, string];
  // To the millisecond: 15:00:00.000 is not later than 15:00.
  const isLate = time.slice(0, '15:00:00.000'.length) > `${cutOff}:00.000`;
  return { on: workingDayOnOrAfter(isLate ? addDays(day, 1) : day), at: instant };
}

/**
 * The end of a term. The day of its start does not count (Civil Code 91/2015, article 147, clause 2); one in days that ends
 * on a day of rest ends with the next working day (article 148, clause 5). The day on which it stops counts, the one on which
 * it goes on does not, so a stop within one day changes nothing. Where it was over before a stop, it stays over.
 */
export function dueOf(term: Term, start: Start, stops: readonly Stop[] = []): Due {
  let stopped = 0;
  let due = endOf(term, start, 0);
  for (const stop of stops) {
    if (stop.from >= due.at) break;
    stopped += lengthOf(stop, term.unit);
    due = endOf(term, start, stopped);
  }
  return due;
}

const hourMs = 3_600_000;

function endOf({ length, unit }: Term, start: Start, stopped: number): Due {
  if (unit === 'hours') {
    const at = new Date(start.at.getTime() + (length + stopped) * hourMs);
    return { on: todayInVietnam(at), at };
  }
  const on =
    unit === 'workingDays'
      ? addWorkingDays(start.on, length + stopped)
      : workingDayOnOrAfter(addDays(start.on, length + stopped));
  return { on, at: endOfDayInVietnam(on) };
}

function lengthOf({ from, until }: Stop, unit: TermUnit): number {
  const day = todayInVietnam(from);
  switch (unit) {
    case 'hours':
      return (until.at.getTime() - from.getTime()) / hourMs;
    case 'days':
      return Math.max(0, daysBetween(day, until.on));
    case 'workingDays':
      return workingDaysBetween(day, until.on);
  }
}
