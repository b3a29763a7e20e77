import { type CalendarDay, dayNumber, readDay } from '@ansinh/calendar';

/**
 * How time is counted for interest. All four are sums over days, so that a period that is split on any day is worth as much as
 * the whole:
 * - `actual365`, `actual360`: the days that passed over a year of 365 or 360;
 * - `actualActual`: each day over the days of its own year, 365 or 366 (ISDA 2006, section 4.16(b));
 * - `thirty360`: months of 30 days, the 31st counting as the 30th (30E/360, ISDA 2006, section 4.16(g)). The American form is
 *   no sum over days, because the 31st counts as one day or another by where the period began.
 */
export type DayCount = 'actual365' | 'actual360' | 'actualActual' | 'thirty360';

/** Time as whole numbers: `ticks` from one day to another, of which a year has `ticksPerYear`. */
export interface Clock {
  ticksPerYear: bigint;
  ticks(from: string, to: string): bigint;
}

/** A day in the year `Y` weighs 366 where the year has 365 days and the other way round: every year is 365 × 366. */
const ACTUAL_YEAR = 365 * 366;

interface Position {
  perYear: number;
  of(day: CalendarDay): number;
}

const positions: Record<DayCount, Position> = {
  actual365: { perYear: 365, of: ({ number }) => number },
  actual360: { perYear: 360, of: ({ number }) => number },
  thirty360: { perYear: 360, of: ({ year, month, day }) => year * 360 + month * 30 + Math.min(day, 30) },
  actualActual: {
    perYear: ACTUAL_YEAR,
    of: ({ year, number }) => {
      const newYear = dayNumber({ year, month: 1, day: 1 });
      const length = dayNumber({ year: year + 1, month: 1, day: 1 }) - newYear;
      return year * ACTUAL_YEAR + (number - newYear) * (ACTUAL_YEAR / length);
    },
  },
};

export function clockOf(dayCount: DayCount): Clock {
  const { perYear, of } = positions[dayCount];
  return {
    ticksPerYear: BigInt(perYear),
    ticks: (from, to) => BigInt(of(readDay(to)) - of(readDay(from))),
  };
}
