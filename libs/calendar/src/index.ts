export {
  addDays,
  ageOn,
  calendarMonthsBetween,
  dayInMonth,
  dayNumber,
  daysBetween,
  daysInclusive,
  isDay,
  monthEndOf,
  monthsBetween,
  monthStartOf,
  readDay,
  writtenDay,
} from './day.js';
export type { CalendarDay } from './day.js';
export { endOfDayInVietnam, todayInVietnam, vietnamTime } from './vietnam-time.js';
export {
  addWorkingDays,
  isCalendarKnown,
  isWorkingDay,
  nextWorkingDay,
  specialDayOn,
  unconfirmedDays,
  workingDayOnOrAfter,
  workingDaysBetween,
} from './working-day.js';
export type { SpecialDay } from './working-day.js';
