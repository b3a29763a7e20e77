import { dayInMonth, readDay, workingDayOnOrAfter } from '@ansinh/calendar';
import { LoanError } from './loan-error.js';

export interface DueDayTerms {
  instalments: number;
  everyMonths: number;
  /** The first due day, where the first period is longer or shorter than the others. */
  firstDueOn?: string;
  /** Day of the month that the due days keep: a commune's transaction day. Else that of the first one, or of the disbursement. */
  dueDayOfMonth?: number;
  /**
   * `movedOn`: what falls on a day of rest is due on the next working day (Civil Code 91/2015, article 148, clause 5), and the
   * one after it on its own day again. Holidays of years that the government has not announced cannot be known.
   */
  restDays: 'kept' | 'movedOn';
}

/**
 * As many due days as instalments were asked for. The day of the month is kept: the 31st is the 28th of February and the 31st
 * of March. @throws LoanError when they do not follow the start, and one another
 */
export function dueDaysOf(startsOn: string, terms: DueDayTerms): string[] {
  const { instalments, everyMonths, firstDueOn, restDays } = terms;
  if (!Number.isSafeInteger(everyMonths) || everyMonths < 1)
    throw new LoanError({
      vi: `Số tháng không hợp lệ: ${everyMonths}`,
      en: `Not a number of months: ${everyMonths}`,
    });
  const seedDay = terms.dueDayOfMonth ?? readDay(firstDueOn ?? startsOn).day;
  if (!Number.isSafeInteger(seedDay) || seedDay < 1 || seedDay > 31)
    throw new LoanError({
      vi: `Không phải ngày trong tháng: ${seedDay}`,
      en: `Not a day of a month: ${seedDay}`,
    });
  const first = firstDueOn ?? dayInMonth(startsOn, everyMonths, seedDay);
  const days = Array.from({ length: instalments }, (_, index) => {
    const day = index === 0 ? first : dayInMonth(first, index * everyMonths, seedDay);
    return restDays === 'movedOn' ? workingDayOnOrAfter(day) : day;
  });
  days.reduce((before, day) => {
    if (day <= before)
      throw new LoanError({
        vi: `Ngày đến hạn ${day} phải sau ngày ${before}`,
        en: `${day} is due, but has to come after ${before}`,
      });
    return day;
  }, startsOn);
  return days;
}
