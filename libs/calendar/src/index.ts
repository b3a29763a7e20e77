export { todayInVietnam, vietnamTime } from './vietnam-time.js';
export {
  addWorkingDays,
  isCalendarKnown,
  isWorkingDay,
  nextWorkingDay,
  specialDayOn,
  workingDayOnOrAfter,
} from './working-day.js';
export type { SpecialDay } from './working-day.js';
