import type { Catalogue, ProgrammeInFile } from './catalogue.js';
import { type CompiledAmount, compileAmount, rounded } from './amount.js';
import {
  type CompiledCombination,
  compileCombination,
  type Standing,
  type Unconfirmed,
  waysOf,
} from './combination.js';
import { allOf, type CompiledCondition, compileCondition, type Truth } from './condition.js';
import { type Canonical, digestOf } from './digest.js';
import { type Moment, rowAt } from './moment.js';
import type { Combination, Group, ParameterRow, Rule } from './shape.js';
import { type ParameterAt, type Run, Vocabulary } from './vocabulary.js';

/** A named person's word that a row which was not read in a legal text is right. It stands for the row as it was then. */
export interface Confirmation {
  row: string;
  /** Of the row: `rowDigest`. A row that was changed since is not confirmed. */
  digest: string;
  confirmedBy: string;
  confirmedOn: string;
}

export interface CompiledRule {
  rule: Rule;
  group: CompiledGroup;
  conditions: CompiledCondition[];
  test: (run: Run) => Truth;
  amount: (run: Run) => bigint | null;
  names: readonly string[];
  parameters: readonly ParameterAt[];
  unconfirmed: readonly Unconfirmed[];
}

export interface CompiledGroup {
  group: Group;
  askedWhen: CompiledCondition[];
  isAsked: (run: Run) => Truth;
  conditions: CompiledCondition[];
  test: (run: Run) => Truth;
}

/** A programme as it was at a moment, ready to decide. */
export interface CompiledProgramme {
  file: ProgrammeInFile;
  catalogue: Catalogue;
  moment: Moment;
  isCovered: boolean;
  words: Vocabulary;
  groups: readonly { group: CompiledGroup; firstRule: number; rules: readonly CompiledRule[] }[];
  rules: readonly CompiledRule[];
  combine: CompiledCombination;
  /** Rows that wait for a named person, and values that there are not: nothing is decided on one of these. */
  awaited: ReadonlySet<string>;
  factNames: ReadonlySet<string>;
  /** How an evaluation begins: nothing asked, nothing worked out. */
  blank: Standing & { worked: undefined[] };
  /** Of everything that may decide: rules, parameters, facts and measures, ways of combining, confirmations. */
  digest: string;
}

/** A rule, a value, or a way of combining. */
export type ConfirmableRow = Rule | ParameterRow | Exclude<Combination, string>;

/** Of everything that the row says: what a confirmation is bound to. */
export function rowDigest(row: ConfirmableRow): string {
  return digestOf(whatDecides(row));
}

/** A row without its wording: to write a name better is to make no other law, and no other decision. */
function whatDecides(row: object): Canonical {
  const {
    name: _name,
    note: _note,
    carriedFrom: _carriedFrom,
    ...deciding
  } = row as Record<string, Canonical>;
  return deciding;
}

export function compileProgramme(
  catalogue: Catalogue,
  code: string,
  moment: Moment,
  confirmations: readonly Confirmation[] = [],
): CompiledProgramme {
  const file = catalogue.programmes[code];
  if (!file) throw new RangeError(`No programme is called ${code}`);
  const { programme } = file;
  const words = new Vocabulary(catalogue, file, moment);
  const isConfirmed = confirmedBy(confirmations);
  const groups: CompiledProgramme['groups'][number][] = [];
  const rules: CompiledRule[] = [];
  for (const group of programme.groups) {
    const { result: head, names, parameters } = words.observe(() => compileGroup(group, words));
    const compiled = rulesAt(catalogue, group, moment).map((rule) =>
      compileRule(
        rule,
        { head, names, parameters },
        { words, unit: BigInt(programme.roundedTo), isConfirmed },
      ),
    );
    groups.push({ group: head, firstRule: rules.length, rules: compiled });
    rules.push(...compiled);
  }
  const places = new Map(rules.map(({ rule }, index) => [rule.rule ?? rule.id, index]));
  const unconfirmedWay = (way: Exclude<Combination, string>): Unconfirmed[] =>
    isConfirmed(way) ? [] : [{ row: way.id!, confidence: way.confidence! }];
  const combine = compileCombination(programme.combination, {
    indexOf: (rule) => places.get(rule),
    isPaidElsewhere: (index) => rules[index]!.rule.isPaidElsewhere === true,
    unconfirmed: unconfirmedWay,
  });
  const unconfirmed = [
    ...rules.flatMap((rule) => rule.unconfirmed),
    ...waysOf(programme.combination).flatMap(unconfirmedWay),
  ];
  const awaited = new Set(unconfirmed.map(({ row }) => row));
  const { coversFrom, coversUntil } = programme;
  const isCovered =
    coversFrom <= moment.day && (!coversUntil || moment.day < coversUntil) && rules.length > 0;
  const digest = digestOfRules(file, { rules, words, moment, confirmations });
  const factNames = new Set(Object.keys(file.facts));
  const blank: CompiledProgramme['blank'] = {
    states: rules.map(() => 'notAsked'),
    amounts: rules.map(() => 0n),
    worked: Array.from({ length: words.slotCount }, () => undefined),
  };
  return {
    ...{ file, catalogue, moment, isCovered, words, groups, rules, combine },
    ...{ awaited, factNames, blank, digest },
  };
}

function compileGroup(group: Group, words: Vocabulary): CompiledGroup {
  const askedWhen = (group.askedWhen ?? []).map((condition) => compileCondition(condition, words));
  const conditions = (group.when ?? []).map((condition) => compileCondition(condition, words));
  const [isAsked, test] = [askedWhen, conditions].map((all) => allOf(all.map((condition) => condition.test)));
  return { group, askedWhen, isAsked: isAsked!, conditions, test: test! };
}

/** Of each rule the version that counts at the moment, in the order of the law. */
function rulesAt(catalogue: Catalogue, { rules }: Group, moment: Moment): Rule[] {
  const versions = Map.groupBy(rules, ({ rule, id }) => rule ?? id);
  return [...versions.values()]
    .map((rows) => rowAt(catalogue, rows, moment))
    .filter((rule): rule is Rule => rule !== undefined);
}

function compileRule(
  rule: Rule,
  group: { head: CompiledGroup; names: readonly string[]; parameters: readonly ParameterAt[] },
  { words, unit, isConfirmed }: { words: Vocabulary; unit: bigint; isConfirmed: IsConfirmed },
): CompiledRule {
  const { result, names, parameters } = words.observe(() => ({
    conditions: rule.when.map((condition) => compileCondition(condition, words)),
    amount: rule.amount === undefined ? NO_AMOUNT : compileAmount(rule.amount, words),
  }));
  const used = [...new Map([...group.parameters, ...parameters].map((at) => [at.name, at])).values()];
  return {
    rule,
    group: group.head,
    conditions: result.conditions,
    test: allOf(result.conditions.map(({ test }) => test)),
    amount: rounded(result.amount, unit),
    names: [...new Set([...group.names, ...names])],
    parameters: used,
    unconfirmed: [
      ...(isConfirmed(rule) ? [] : [{ row: rule.id, confidence: rule.confidence }]),
      ...used.flatMap(({ name, row }): Unconfirmed[] => {
        if (!row || (row.value ?? row.table ?? row.scores ?? null) === null)
          return [{ row: row?.id ?? name, confidence: 'missing' }];
        return isConfirmed(row) ? [] : [{ row: row.id, confidence: row.confidence }];
      }),
    ],
  };
}

const NO_AMOUNT: CompiledAmount = { decimals: 0, value: () => 0n };

type IsConfirmed = (row: ConfirmableRow) => boolean;

function confirmedBy(confirmations: readonly Confirmation[]): IsConfirmed {
  // A row that changed is confirmed again, and its old confirmation stays beside the new one.
  const confirmed = new Set(confirmations.map(({ row, digest }) => `${row} ${digest}`));
  return (row) =>
    row.confidence === undefined ||
    row.confidence === 'verified' ||
    (row.id !== undefined && confirmed.has(`${row.id} ${rowDigest(row)}`));
}

function digestOfRules(
  { programme, facts, measures }: ProgrammeInFile,
  {
    rules,
    words,
    moment: { day, knownOn, province },
    confirmations,
  }: {
    rules: readonly CompiledRule[];
    words: Vocabulary;
    moment: Moment;
    confirmations: readonly Confirmation[];
  },
): string {
  const isUsed = ([name]: [string, unknown]) => words.isUsed(name);
  const parameters = new Map(rules.flatMap((rule) => rule.parameters).map((at) => [at.name, at.row]));
  const rows = new Set([
    ...rules.map(({ rule }) => rule.id),
    ...[...parameters.values()].map((row) => row?.id),
  ]);
  const { code, answers, unit, period, roundedTo, coversFrom, coversUntil, combination } = programme;
  return digestOf({
    programme: { code, answers, unit, period, roundedTo, coversFrom, coversUntil },
    moment: { day, knownOn, province },
    combination: combination as Canonical,
    groups: programme.groups.map(
      ({ code: group, askedWhen, when }) => ({ group, askedWhen, when }) as Canonical,
    ),
    rules: rules.map(({ rule }) => whatDecides(rule)),
    parameters: mapValues(Object.fromEntries(parameters), (row) => row && whatDecides(row)),
    facts: mapValues(Object.fromEntries(Object.entries(facts).filter(isUsed)), ({ type, whenAbsent }) => ({
      type,
      whenAbsent,
    })),
    measures: mapValues(
      Object.fromEntries(Object.entries(measures).filter(isUsed)),
      ({ is }) => is as Canonical,
    ),
    confirmations: confirmations
      .filter(({ row }) => rows.has(row))
      .sort((a, b) => (a.row < b.row ? -1 : 1))
      .map(({ row, digest, confirmedBy, confirmedOn }) => ({ row, digest, confirmedBy, confirmedOn })),
  });
}

function mapValues<From>(
  record: Record<string, From>,
  change: (value: From) => Canonical,
): Record<string, Canonical> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
