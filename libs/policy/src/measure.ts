import type { MeasureForm } from './shape.js';
import { compileScores } from './scores.js';
import { ageOn, calendarMonthsBetween, daysInclusive, monthsBetween } from '@ansinh/calendar';
import type { Reader, Run, Value, ValueType, Vocabulary } from './vocabulary.js';

/** What is worked out of facts: ages, spans, counts. Of what is not known nothing is known; of what is not, there is nothing. */
export function compileMeasure(form: MeasureForm, words: Vocabulary): Reader {
  if ('age' in form) return ofDays([form.age, form.at], words, ageOn);
  if ('count' in form) return countByAge(form, words);
  if ('countMonthsBelow' in form)
    return overDays([form.of, form.at], words, (born, at) => {
      const months = monthsBetween(born, at);
      return months >= 0 && months < form.countMonthsBelow;
    });
  if ('months' in form) return ofDays(form.months, words, monthsBetween);
  if ('calendarMonths' in form) return ofDays(form.calendarMonths, words, calendarMonthsBetween);
  if ('days' in form) return ofDays(form.days, words, daysInclusive);
  if ('daysWithin' in form) return ofDays(form.daysWithin, words, overlapWith(form.window));
  if ('firstOf' in form) return firstOf(form.firstOf.map((name) => words.read(name)));
  if ('sum' in form) return ofNumbers(form.sum, words, (numbers) => numbers.reduce((sum, n) => sum + n, 0));
  if ('difference' in form) return ofNumbers(form.difference, words, ([a, b]) => Math.max(0, a! - b!));
  if ('points' in form) return compileScores(form, words);
  if ('least' in form) return ofNumbers(form.least, words, (numbers) => Math.min(...numbers));
  // A part of nothing is no part. Rounded down, so that 29.9 % is not the 30 % that the law asks for.
  return ofNumbers(form.percentOf, words, ([part, whole]) =>
    whole === 0 ? 0 : Math.floor((part! * 100) / whole!),
  );
}

export function measureType(form: MeasureForm): ValueType {
  return 'firstOf' in form ? 'day' : 'number';
}

/** The names that a measure is worked out of. */
export function namesOfMeasure(form: MeasureForm): string[] {
  if ('age' in form) return [form.age, form.at];
  if ('count' in form) return [form.count, form.at];
  if ('countMonthsBelow' in form) return [form.of, form.at];
  if ('points' in form) return form.in === undefined ? [form.of] : [form.of, form.in];
  const operands = Object.entries(form).flatMap(([key, value]) =>
    key === 'window' ? [] : (value as unknown[]),
  );
  return operands.filter((operand) => typeof operand === 'string');
}

function ofDays(
  [from, to]: readonly [string, string],
  words: Vocabulary,
  measure: (from: string, to: string) => number,
): Reader {
  const [first, last] = [words.read(from), words.read(to)];
  return (run) => {
    const [start, end] = [first(run), last(run)];
    if (start === undefined || end === undefined) return undefined;
    return start === null || end === null ? null : measure(start as string, end as string);
  };
}

function overDays(
  [list, at]: readonly [string, string],
  words: Vocabulary,
  counts: (day: string, at: string) => boolean,
): Reader {
  const [days, place] = [words.read(list), words.read(at)];
  return (run) => {
    const [given, on] = [days(run), place(run)];
    if (given === undefined || on === undefined) return undefined;
    if (given === null || on === null) return null;
    return (given as readonly string[]).filter((day) => counts(day, on as string)).length;
  };
}

function countByAge(form: Extract<MeasureForm, { count: string }>, words: Vocabulary): Reader {
  const { ageFrom = 0, ageBelow } = form;
  return overDays([form.count, form.at], words, (bornOn, on) => {
    const age = ageOn(bornOn, on);
    return age >= ageFrom && age < ageBelow;
  });
}

function overlapWith([opens, closes]: readonly [string, string]) {
  return (from: string, to: string) => daysInclusive(from > opens ? from : opens, to < closes ? to : closes);
}

function firstOf(readers: readonly Reader[]): Reader {
  return (run) => {
    for (const read of readers) {
      const value = read(run);
      if (value !== null) return value;
    }
    return null;
  };
}

function ofNumbers(
  operands: readonly (string | number)[],
  words: Vocabulary,
  measure: (numbers: number[]) => number,
): Reader {
  const readers: Reader[] = operands.map((operand) =>
    typeof operand === 'number' ? () => operand : words.read(operand),
  );
  return (run: Run): Value => {
    const numbers: number[] = [];
    for (const read of readers) {
      const value = read(run);
      if (value === undefined || value === null) return value;
      numbers.push(value as number);
    }
    return measure(numbers);
  };
}
