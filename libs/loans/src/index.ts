export { dayAfter, daysFrom } from './day.js';
export { clockOf } from './day-count.js';
export type { Clock, DayCount } from './day-count.js';
export { dueDaysOf } from './due-days.js';
export type { DueDayTerms } from './due-days.js';
export { roundQuotient } from './rounding.js';
export type { Rounding, RoundingMode } from './rounding.js';
export { instalmentsNeeded, scheduleOf } from './schedule.js';
export type { Grace, Instalment, RepaymentMethod, ScheduleTerms, Tranche } from './schedule.js';
