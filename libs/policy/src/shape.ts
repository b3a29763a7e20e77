import { z } from 'zod';
import { isDay } from '@ansinh/calendar';

/** The form of the files in `data/`. What they mean together is looked at by `check.ts`. */

const text = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const day = z.string().refine(isDay, 'not a day of the calendar');
const name = z.string().regex(/^[a-z][A-Za-z0-9]*$/);
const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/);
/** đồng and other whole quantities are text in JSON: a number forgets đồng above 2^53. */
const whole = z.string().regex(/^(0|[1-9][0-9]{0,14})$/);

/**
 * `verified` was read in a legal text, `secondary` quoted by a later one, `memory` and `derived` in none. Nothing is paid on
 * the others until an official has confirmed the row.
 */
const confidence = z.enum(['verified', 'secondary', 'memory', 'derived']);

const citation = z.strictObject({
  instrument: code,
  article: z.string().optional(),
  clause: z.string().optional(),
  annex: z.string().optional(),
});

/** What every row of law carries. Days are half-open: `appliedUntil` is the first on which it no longer applies. */
const row = {
  id: code,
  citation,
  confidence,
  /** Rows of the tables that it was carried over from. */
  carriedFrom: z.array(z.string()),
  appliedFrom: day,
  appliedUntil: day.nullable().optional(),
  /** Where it differs from that of its instrument. Between the two lie the months for which arrears arise. */
  inForceFrom: day.optional(),
  note: z.string().optional(),
};

const unit = z.enum([
  'vnd',
  'basisPoints',
  'partsPerMillion',
  'percent',
  'days',
  'months',
  'years',
  'age',
  'people',
  'points',
  'kilograms',
  'times',
]);

const fact = z.strictObject({
  type: z.enum(['boolean', 'number', 'amount', 'day', 'days', 'code', 'codes']),
  name: text,
  unit: unit.optional(),
  /** For `code` and `codes`: what it may say. */
  values: z.record(name, text).optional(),
  /** `event`: fixed once by what happened. `period`: holds from a day to a day, and is asked for the day of the decision. */
  validTime: z.enum(['event', 'period']),
  /** What silence means. Null: that there is no such thing. A fact without it must be given, or nothing is decided on it. */
  whenAbsent: z.union([z.boolean(), z.number(), z.string(), z.null(), z.array(z.string()).max(0)]).optional(),
});

const operand = z.union([name, z.number().int()]);
const pair = z.tuple([name, name]);
const measureForm = z.union([
  z.strictObject({ age: name, at: name }),
  z.strictObject({ count: name, ageFrom: z.number().int().optional(), ageBelow: z.number().int(), at: name }),
  z.strictObject({ countMonthsBelow: z.number().int(), of: name, at: name }),
  z.strictObject({ months: pair }),
  z.strictObject({ calendarMonths: pair }),
  z.strictObject({ days: pair }),
  z.strictObject({ daysWithin: pair, window: z.tuple([day, day]) }),
  z.strictObject({ firstOf: z.array(name).min(2) }),
  z.strictObject({ sum: z.array(operand).min(2) }),
  z.strictObject({ difference: z.tuple([operand, operand]) }),
  z.strictObject({ least: z.array(operand).min(2) }),
  z.strictObject({ percentOf: pair }),
  z.strictObject({ points: name, of: name, in: name.optional() }),
]);
const measure = z.strictObject({ name: text, unit: unit.optional(), is: measureForm });

const bound = z.union([z.number().int(), z.string(), z.strictObject({ parameter: name })]);
const comparison = z.strictObject({
  fact: name,
  is: z.union([z.boolean(), z.number().int(), z.string()]).optional(),
  in: z.array(name).min(2).optional(),
  has: name.optional(),
  from: bound.optional(),
  above: bound.optional(),
  to: bound.optional(),
  below: bound.optional(),
  /** Where the condition stands in another place than its rule. */
  citation: citation.optional(),
});

export type Comparison = z.infer<typeof comparison>;
export type Condition = Comparison | { all: Condition[] } | { any: Condition[] } | { not: Condition };
const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    comparison,
    z.strictObject({ all: z.array(condition).min(2) }),
    z.strictObject({ any: z.array(condition).min(2) }),
    z.strictObject({ not: condition }),
  ]),
);

/** `"1855000"`, a parameter, a table by a number, a fact, or those together. `times` takes factors: 2.5, or a name. */
export type Amount =
  | string
  | { parameter: string }
  | { table: string; by: string }
  | { fact: string }
  | { times: [Amount, ...(number | string)[]] }
  | { sum: Amount[] }
  | { least: Amount[] };
const amount: z.ZodType<Amount> = z.lazy(() =>
  z.union([
    whole,
    z.strictObject({ parameter: name }),
    z.strictObject({ table: name, by: name }),
    z.strictObject({ fact: name }),
    z.strictObject({ times: z.tuple([amount], z.union([z.number().positive(), name])) }),
    z.strictObject({ sum: z.array(amount).min(2) }),
    z.strictObject({ least: z.array(amount).min(2) }),
  ]),
) as z.ZodType<Amount>;

const rule = z.strictObject({
  ...row,
  /** Of which rule this is a version; its own id where it is the only one. */
  rule: code.optional(),
  name: text,
  when: z.array(condition),
  amount: amount.optional(),
  /** What a rule that classifies says. */
  answer: name.optional(),
  /** Given by somebody else: it may be the highest, and then nothing is paid here. */
  isPaidElsewhere: z.literal(true).optional(),
});

const group = z.strictObject({
  code,
  name: text,
  /** Whether the group is asked at all: which policy an employer's list is for. What was not asked is not refused. */
  askedWhen: z.array(condition).optional(),
  /** What each of its rules needs. */
  when: z.array(condition).optional(),
  rules: z.array(rule).min(1),
});

/** A way of combining is law too: what leaves something out cites what says so. */
const basis = { id: code.optional(), citation: citation.optional(), confidence: confidence.optional() };
interface CombinationBasis {
  id?: string;
  citation?: Citation;
  confidence?: Confidence;
}
/**
 * A rule by its code, or rules together. `highest`: the largest of what fired, the first of equal ones. `first`: what fires
 * first leaves nothing to the others. `supplements` are added only where what they belong to fired.
 */
export type Combination =
  | string
  | ({ highest: Combination[] } & CombinationBasis)
  | ({ sum: Combination[] } & CombinationBasis)
  | ({ first: Combination[] } & CombinationBasis)
  | ({ of: Combination; supplements: Combination[] } & CombinationBasis);
const combination: z.ZodType<Combination> = z.lazy(() =>
  z.union([
    code,
    z.strictObject({ highest: z.array(combination).min(2), ...basis }),
    z.strictObject({ sum: z.array(combination).min(2), ...basis }),
    z.strictObject({ first: z.array(combination).min(2), ...basis }),
    z.strictObject({ of: combination, supplements: z.array(combination).min(1), ...basis }),
  ]),
);

const programme = z.strictObject({
  code,
  name: text,
  /** `ceiling` and `classification` are answers to other questions than how much is paid. */
  answers: z.enum(['payment', 'ceiling', 'rate', 'quantity', 'classification']),
  unit,
  period: z.enum(['once', 'month']),
  /** Said for each programme: to a whole multiple of this many units, halves up. */
  roundedTo: whole,
  /** What a classification may say. */
  values: z.record(name, text).optional(),
  /** Days for which there must be an answer of the law, or a gap that says so. */
  coversFrom: day,
  coversUntil: day.nullable().optional(),
  groups: z.array(group).min(1),
  combination,
});

/**
 * A line of a form of points has at most one answer, and may have to have one. Points that differ by column (by region, by town
 * and country) are of a household in that column; an answer without its column is not on the form of that column.
 */
const scoredLine = z.strictObject({
  line: name,
  isNeeded: z.literal(true).optional(),
  answers: z.record(name, z.union([whole, z.record(name, whole)])),
});

const parameterRow = z.strictObject({
  ...row,
  /** Null is a gap that is declared: the law has a value here that nobody has read. */
  value: whole.nullable().optional(),
  table: z.record(z.string().regex(/^\d+$/), whole).optional(),
  scores: z.array(scoredLine).min(1).optional(),
  /** Code of the province whose council resolved it; the whole country where absent. */
  province: z.string().optional(),
});
const parameter = z.strictObject({
  name: text,
  unit,
  /** What a province may do: only raise it, or set it. A parameter without it is the same everywhere. */
  province: z.enum(['mayRaise', 'maySet']).optional(),
  rows: z.array(parameterRow).min(1),
});

export const policyFile = z.strictObject({
  title: text,
  sources: z.record(code, z.string()),
  instruments: z.record(
    code,
    z.strictObject({ number: z.string(), name: text, inForceFrom: day, source: code }),
  ),
  facts: z.record(name, fact),
  measures: z.record(name, measure),
  parameters: z.record(name, parameter),
  programmes: z.array(programme).min(1),
});

export const parameterRowShape = parameterRow;

export type PolicyFile = z.infer<typeof policyFile>;
export type Confidence = z.infer<typeof confidence>;
export type Citation = z.infer<typeof citation>;
export type Unit = z.infer<typeof unit>;
export type Fact = z.infer<typeof fact>;
export type Measure = z.infer<typeof measure>;
export type MeasureForm = z.infer<typeof measureForm>;
export type Rule = z.infer<typeof rule>;
export type Group = z.infer<typeof group>;
export type Programme = z.infer<typeof programme>;
export type Parameter = z.infer<typeof parameter>;
export type ParameterRow = z.infer<typeof parameterRow>;
export type ScoredLine = z.infer<typeof scoredLine>;
