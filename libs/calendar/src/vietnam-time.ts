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
