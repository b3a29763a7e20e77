import type { Catalogue } from './catalogue.js';
import type { RuleState } from './combination.js';
import type { Bounds, CompiledCondition, Truth } from './condition.js';
import type { Decision, DecisionOutcome } from './decision.js';
import { inForceFrom, type Moment } from './moment.js';
import type { CompiledRule } from './programme.js';
import type { Citation, Confidence, Unit } from './shape.js';
import type { Run, Value, ValueType } from './vocabulary.js';

interface Text {
  vi: string;
  en: string;
}

/** A place in a legal text, with everything by which it is found. */
export interface CitedPlace extends Citation {
  number: string;
  name: Text;
}

/** A condition with what was found: on a comparison the fact, what it had to be, and what it was. */
export interface ExplainedCondition {
  truth: Truth;
  /** `all`, `any` or `not` of its parts; a comparison has none. */
  kind: 'comparison' | 'all' | 'any' | 'not';
  parts: ExplainedCondition[];
  fact?: string;
  name?: Text;
  unit?: Unit;
  type?: ValueType;
  requirement?: Bounds & { is?: boolean | number | string; in?: readonly string[]; has?: string };
  actual?: Value;
  /** Names of the codes that it may be. */
  values?: Record<string, Text>;
  citation?: CitedPlace;
}

export interface ExplainedRule {
  rule: string;
  name: Text;
  state: RuleState;
  /** Whether it is part of the amount; one that fired and is not gave way to a higher or a former one. */
  isChosen: boolean;
  amount: bigint;
  citation: CitedPlace;
  confidence: Confidence;
  conditions: ExplainedCondition[];
  /** Values of law that it read. */
  parameters: {
    name: Text;
    unit: Unit;
    row: string | null;
    value: bigint | null;
    citation: CitedPlace | null;
  }[];
}

export interface Explanation {
  programme: { code: string; name: Text; answers: string; unit: Unit };
  moment: Moment;
  outcome: DecisionOutcome;
  amount: bigint;
  computed: bigint;
  answer: string | null;
  /** What was asked; a rule of a group that was not asked is not among them. */
  rules: ExplainedRule[];
  /** Facts without which it stays open, by name. */
  missing: { fact: string; name: Text }[];
  unconfirmed: Decision['unconfirmed'];
  digests: { decision: string; law: string; facts: string };
}

/** Why a decision is what it is. Worked out again from law and facts, which must be those that it was made with. */
export function explain(decision: Decision): Explanation {
  const { law } = decision;
  const { code, name, answers, unit } = law.file.programme;
  const run = decision.newRun();
  const asked = law.rules.filter((rule) => decision.stateOf(rule) !== 'notAsked');
  return {
    programme: { code, name, answers, unit },
    moment: law.moment,
    outcome: decision.outcome,
    amount: decision.amount,
    computed: decision.computed,
    answer: decision.answer,
    rules: law.isCovered ? asked.map((rule) => explainRule(decision, rule, run)) : [],
    missing: missingFacts(decision).map((fact) => ({ fact, name: law.file.facts[fact]!.name })),
    unconfirmed: decision.unconfirmed,
    digests: { decision: decision.digest, law: law.digest, facts: decision.factsDigest },
  };
}

/** Facts that are not known and that a rule which is still open asks for. */
export function missingFacts(decision: Decision): string[] {
  if (decision.outcome !== 'incomplete') return [];
  const { law } = decision;
  const run = decision.newRun();
  const names = new Set<string>();
  for (const rule of law.rules)
    if (decision.stateOf(rule) === 'unknown')
      for (const fact of law.words.factsBehind(rule.names))
        if (law.words.read(fact)(run) === undefined) names.add(fact);
  return [...names];
}

/** Facts by which rules failed: what is kept with each decision of a list, without the rest of the explanation. */
export function failedFacts(decision: Decision, rules: readonly CompiledRule[]): string[] {
  const run = decision.newRun();
  const names = new Set<string>();
  for (const rule of rules)
    for (const { source, test } of conditionsOf(rule))
      if ('fact' in source && !names.has(source.fact) && test(run) === 'fails') names.add(source.fact);
  return [...names];
}

/** Whatever has to hold for a rule, that of its group included. */
export function conditionsOf({ group, conditions }: CompiledRule): CompiledCondition[] {
  return [...group.askedWhen, ...group.conditions, ...conditions];
}

function explainRule(decision: Decision, compiled: CompiledRule, run: Run): ExplainedRule {
  const { rule, parameters } = compiled;
  const place = (citation: Citation) => citedPlace(decision, citation);
  return {
    rule: rule.id,
    name: rule.name,
    state: decision.stateOf(compiled),
    isChosen: decision.chosen.includes(compiled),
    amount: decision.amountOf(compiled),
    citation: place(rule.citation),
    confidence: rule.confidence,
    conditions: conditionsOf(compiled).map((condition) => explainCondition(decision, condition, run)),
    parameters: parameters.map(({ parameter, row }) => ({
      name: parameter.name,
      unit: parameter.unit,
      row: row?.id ?? null,
      value: row?.value ? BigInt(row.value) : null,
      citation: row ? place(row.citation) : null,
    })),
  };
}

function explainCondition(decision: Decision, condition: CompiledCondition, run: Run): ExplainedCondition {
  const { source, parts } = condition;
  const truth = condition.test(run);
  const explained = parts.map((part) => explainCondition(decision, part, run));
  if (!('fact' in source))
    return { truth, kind: 'all' in source ? 'all' : 'any' in source ? 'any' : 'not', parts: explained };
  const { facts, measures } = decision.law.file;
  const { fact, is, in: list, has, citation } = source;
  const declared = facts[fact] ?? measures[fact];
  return {
    truth,
    kind: 'comparison',
    parts: [],
    fact,
    name: declared?.name ?? BUILT_IN_NAMES[fact]!,
    unit: declared?.unit,
    type: condition.type!,
    requirement: { ...condition.bounds, is, in: list, has },
    actual: condition.read!(run),
    values: facts[fact]?.values,
    ...(citation && { citation: citedPlace(decision, citation) }),
  };
}

const BUILT_IN_NAMES: Record<string, Text> = {
  asOf: { vi: 'Ngày xét', en: 'Day of the decision' },
  monthStart: { vi: 'Ngày đầu tháng', en: 'First day of the month' },
  monthEnd: { vi: 'Ngày cuối tháng', en: 'Last day of the month' },
};

function citedPlace({ law }: Decision, citation: Citation): CitedPlace {
  return citedIn(law.catalogue, citation);
}

/** A citation with the number and name of its instrument. */
export function citedIn({ instruments }: Catalogue, citation: Citation): CitedPlace {
  const { number, name } = instruments[citation.instrument]!;
  return { ...citation, number, name };
}

/** Places of law that a decision rests on: of the rules that make it up and the values that they read. */
export function citationsOf(decision: Decision): (CitedPlace & { row: string; inForceFrom: string })[] {
  const { catalogue } = decision.law;
  const rows = decision.chosen.flatMap(({ rule, parameters }) => [
    rule,
    ...parameters.flatMap(({ row }) => (row ? [row] : [])),
  ]);
  return [...new Map(rows.map((row) => [row.id, row])).values()].map((row) => ({
    row: row.id,
    inForceFrom: inForceFrom(catalogue, row),
    ...citedPlace(decision, row.citation),
  }));
}
