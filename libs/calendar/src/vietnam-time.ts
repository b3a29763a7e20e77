import { DateTime } from 'luxon';

const VIETNAM = 'Asia/Ho_Chi_Minh';

/** The day (`2026-11-23`) that it is in Viet Nam at this instant, whatever the time zone of the machine. */
export function todayInVietnam(instant: Date = new Date()): string {
  return DateTime.fromJSDate(instant, { zone: VIETNAM }).toISODate()!;
}

/** The instant as the clocks in Viet Nam show it, with milliseconds: `2026-11-23T21:11:00.000+07:00`. */
export function vietnamTime(instant: Date = new Date()): string {
  return DateTime.fromJSDate(instant, { zone: VIETNAM }).toISO()!;
}

/** The instant at which a day ends in Viet Nam (24:00; Civil Code 91/2015, article 148, clause 6). */
export function endOfDayInVietnam(day: string): Date {
  return DateTime.fromISO(day, { zone: VIETNAM }).plus({ days: 1 }).toJSDate();
}
