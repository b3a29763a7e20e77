import { todayInVietnam } from '@ansinh/calendar';
import { problems, ProblemError } from '@ansinh/problem';

/**
 * What is recorded has happened. Of a day that is to come it would count at once, and for those who follow the registry too.
 * @throws ProblemError INVALID_REQUEST
 */
export function requirePast(pointer: string, day: string): void {
  if (day <= todayInVietnam()) return;
  const detail = { vi: 'là ngày chưa đến', en: 'is a day that is still to come' };
  throw new ProblemError(problems.invalidRequest, { errors: [{ pointer, code: 'isPast', detail }] });
}
