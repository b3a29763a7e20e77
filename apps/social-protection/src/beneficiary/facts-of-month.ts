import { nationalCatalogue } from '@ansinh/policy';
import type { MonthlyProgrammeCode } from '../programme/programmes.js';

/** What was stated of somebody: so from a month on. */
export interface Statement {
  /** First day of the month. */
  appliesFrom: string;
  facts: Record<string, unknown>;
}

/**
 * What is known of somebody for a month. Of what is so for a while, the statement from the latest month counts, and of two from
 * one month the later one. What happened on a day (a birth, a decision, a death) holds for every month as it was stated last:
 * the law itself says what follows from the day.
 * @param statements in the order in which they were recorded
 */
export function factsOfMonth(
  programme: MonthlyProgrammeCode,
  statements: readonly Statement[],
  month: string,
): Record<string, unknown> {
  if (statements.length === 1 && statements[0]!.appliesFrom <= month) return statements[0]!.facts;
  const declared = nationalCatalogue().programmes[programme]!.facts;
  const facts: Record<string, unknown> = {};
  const since: Record<string, string> = {};
  for (const { appliesFrom, facts: stated } of statements) {
    for (const [name, value] of Object.entries(stated)) {
      const isEvent = declared[name]!.validTime === 'event';
      if (!isEvent && (appliesFrom > month || appliesFrom < (since[name] ?? ''))) continue;
      facts[name] = value;
      since[name] = appliesFrom;
    }
  }
  return facts;
}
