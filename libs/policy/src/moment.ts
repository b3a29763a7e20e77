import { isDay } from '@ansinh/calendar';
import type { Catalogue } from './catalogue.js';

/** For when, as known when, and where: the same question at another moment may lawfully have another answer. */
export interface Moment {
  /** The day for which is decided; for a monthly programme any day of the month. */
  day: string;
  /** What was in force by then. An office that decides on the day itself knows what was in force on that day. */
  knownOn: string;
  /** Code of the province whose own parameters count. */
  province?: string;
}

/** A day alone: decided on that day, by the law of the whole country. */
export type AsOf = string | { day: string; knownOn?: string; province?: string };

/** @throws RangeError for what is no day of the calendar */
export function momentOf(asOf: AsOf): Moment {
  const { day, knownOn = day, province } = typeof asOf === 'string' ? { day: asOf } : asOf;
  for (const given of [day, knownOn]) if (!isDay(given)) throw new RangeError(`Not a day: ${given}`);
  return { day, knownOn, ...(province !== undefined && { province }) };
}

interface DatedRow {
  citation: { instrument: string };
  appliedFrom: string;
  appliedUntil?: string | null;
  inForceFrom?: string;
}

/** The day from which an office may act on a row: its own, or that of its instrument. */
export function inForceFrom(catalogue: Catalogue, row: DatedRow): string {
  return row.inForceFrom ?? catalogue.instruments[row.citation.instrument]!.inForceFrom;
}

/**
 * The row of one thing that counts at a moment: of those in force by then, the one that applies from the latest day. A row
 * ends where the next one begins, so that August of 2026, as it was known in August, still has the level of July.
 */
export function rowAt<Row extends DatedRow>(
  catalogue: Catalogue,
  rows: readonly Row[],
  { day, knownOn }: Moment,
): Row | undefined {
  let newest: Row | undefined;
  for (const row of rows) {
    if (row.appliedFrom > day || inForceFrom(catalogue, row) > knownOn) continue;
    if (!newest || isNewer(catalogue, row, newest)) newest = row;
  }
  return newest?.appliedUntil && newest.appliedUntil <= day ? undefined : newest;
}

function isNewer(catalogue: Catalogue, row: DatedRow, than: DatedRow): boolean {
  if (row.appliedFrom !== than.appliedFrom) return row.appliedFrom > than.appliedFrom;
  return inForceFrom(catalogue, row) > inForceFrom(catalogue, than);
}
