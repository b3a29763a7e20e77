export { endOfDayInVietnam, todayInVietnam, vietnamTime } from './vietnam-time.js';
export {
  addDays,
  addWorkingDays,
  daysBetween,
  isCalendarKnown,
  isWorkingDay,
  nextWorkingDay,
  specialDayOn,
  unconfirmedDays,
  workingDayOnOrAfter,
  workingDaysBetween,
} from './working-day.js';
export type { SpecialDay } from './working-day.js';
