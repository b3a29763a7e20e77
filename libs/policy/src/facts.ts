import { unknownFact, wrongFact } from './fact-error.js';
import type { Fact } from './shape.js';
import { isDay } from '@ansinh/calendar';

export type FactValue = boolean | number | bigint | string | null | readonly string[];

/** What is known of a person or a case, by the names that the file of the programme declares. Amounts are bigint. */
export type Facts = Readonly<Record<string, FactValue | undefined>>;

/** Since when and until when a fact was so. `until` is the first day on which it no longer was. */
export interface FactPeriod {
  value: FactValue;
  from: string;
  until?: string | null;
}

/** Facts as of a day, out of what was so from when to when. Of the periods that cover the day the last one counts. */
export function factsOn(history: Readonly<Record<string, readonly FactPeriod[]>>, day: string): Facts {
  const facts: Record<string, FactValue> = {};
  for (const [name, periods] of Object.entries(history)) {
    const period = periods.findLast(({ from, until }) => from <= day && (!until || day < until));
    if (period) facts[name] = period.value;
  }
  return facts;
}

/**
 * Facts out of JSON, where amounts are text. @throws FactError for a name that the programme does not declare, or a value
 * of another type
 */
export function readFacts(declared: Readonly<Record<string, Fact>>, json: Record<string, unknown>): Facts {
  const facts: Record<string, FactValue> = {};
  for (const [name, given] of Object.entries(json)) {
    const fact = declared[name];
    if (!fact) throw unknownFact(name);
    const isAmount = fact.type === 'amount' && typeof given === 'string' && /^(0|[1-9]\d{0,14})$/.test(given);
    facts[name] = checkFact(name, fact, isAmount ? BigInt(given) : given);
  }
  return facts;
}

/** @throws FactError for a value of another type than the fact is declared with */
export function checkFact(name: string, fact: Fact, value: unknown): FactValue {
  if (value === null && fact.whenAbsent === null) return null;
  if (!isOfType(fact, value)) throw wrongFact(name, fact, value);
  return value;
}

function isOfType({ type, values }: Fact, value: unknown): value is FactValue {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    case 'amount':
      return typeof value === 'bigint' && value >= 0n;
    case 'day':
      return typeof value === 'string' && isDay(value);
    case 'days':
      return Array.isArray(value) && value.every((day) => typeof day === 'string' && isDay(day));
    case 'code':
      return typeof value === 'string' && Object.hasOwn(values!, value);
    case 'codes':
      return Array.isArray(value) && value.every((code) => Object.hasOwn(values!, code as string));
  }
}
