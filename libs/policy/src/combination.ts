import type { Combination, Confidence } from './shape.js';

/** A row on which nothing is paid yet: of what kind of source it is, or that it has no value at all. */
export interface Unconfirmed {
  row: string;
  confidence: Confidence | 'missing';
}

/** How a rule stands in an evaluation. What was not asked stands as if the law had no such rule. */
export type RuleState = 'fired' | 'refused' | 'unknown' | 'notAsked';

/** Rules as an evaluation left them, by their place among the rules of the programme. */
export interface Standing {
  states: RuleState[];
  amounts: bigint[];
}

/** What a part of the combination comes to. */
export interface Choice {
  amount: bigint;
  /** The rules that make up the amount. */
  chosen: readonly number[];
  /** Those that fired and were set against them: what is not confirmed of one of these is not certain of the choice. */
  weighed: readonly number[];
  /** Unconfirmed ways of combining that decided between several. */
  doubtful: readonly Unconfirmed[];
  isPaidElsewhere: boolean;
}

/** Null where nothing fired. Whether a rule that is not known could change it is told by `isOpen`. */
export interface Outcome {
  choice: Choice | null;
  isOpen: boolean;
}

export type CompiledCombination = (standing: Standing) => Outcome;

const NOTHING: Outcome = { choice: null, isOpen: false };
const OPEN: Outcome = { choice: null, isOpen: true };

export interface RulesAtHand {
  /** Place of a rule; undefined for one that is not law at the moment. */
  indexOf: (rule: string) => number | undefined;
  isPaidElsewhere: (index: number) => boolean;
  unconfirmed: (combination: Exclude<Combination, string>) => readonly Unconfirmed[];
}

export function compileCombination(source: Combination, rules: RulesAtHand): CompiledCombination {
  if (typeof source === 'string') return leaf(rules.indexOf(source), rules);
  const doubtful = rules.unconfirmed(source);
  if ('of' in source) {
    const base = compileCombination(source.of, rules);
    const supplements = source.supplements.map((part) => compileCombination(part, rules));
    const added = together(supplements, (choices) => sum(choices, []));
    return (standing) => {
      const basis = base(standing);
      if (!basis.choice) return basis;
      const { choice, isOpen } = added(standing);
      return {
        choice: choice ? sum([basis.choice, choice], doubtful) : basis.choice,
        isOpen: basis.isOpen || isOpen,
      };
    };
  }
  if ('sum' in source) {
    const parts = source.sum.map((part) => compileCombination(part, rules));
    return together(parts, (choices) => sum(choices, doubtful));
  }
  if ('highest' in source) {
    const parts = source.highest.map((part) => compileCombination(part, rules));
    return together(parts, (choices) => highest(choices, doubtful));
  }
  return first(source.first.map((part) => compileCombination(part, rules)));
}

function leaf(index: number | undefined, rules: RulesAtHand): CompiledCombination {
  if (index === undefined) return () => NOTHING;
  const isPaidElsewhere = rules.isPaidElsewhere(index);
  const only = [index];
  return ({ states, amounts }) => {
    if (states[index] === 'unknown') return OPEN;
    if (states[index] !== 'fired') return NOTHING;
    const choice = { amount: amounts[index]!, chosen: only, weighed: only, doubtful: [], isPaidElsewhere };
    return { choice, isOpen: false };
  };
}

function together(
  parts: readonly CompiledCombination[],
  combine: (choices: Choice[]) => Choice,
): CompiledCombination {
  return (standing) => {
    let isOpen = false;
    let choice: Choice | null = null;
    let several: Choice[] | undefined;
    for (const part of parts) {
      const outcome = part(standing);
      isOpen ||= outcome.isOpen;
      if (!outcome.choice) continue;
      if (choice === null) choice = outcome.choice;
      else (several ??= [choice]).push(outcome.choice);
    }
    if (choice === null) return isOpen ? OPEN : NOTHING;
    return { choice: several ? combine(several) : choice, isOpen };
  };
}

/** The first that fires leaves no room for the others; what is not known before it leaves everything open. */
function first(parts: readonly CompiledCombination[]): CompiledCombination {
  return (standing) => {
    let isOpen = false;
    for (const part of parts) {
      const outcome = part(standing);
      isOpen ||= outcome.isOpen;
      if (outcome.choice) return { choice: outcome.choice, isOpen };
    }
    return isOpen ? OPEN : NOTHING;
  };
}

function sum(choices: readonly Choice[], doubtful: readonly Unconfirmed[]): Choice {
  const total = { amount: 0n, chosen: [] as number[], isPaidElsewhere: true };
  for (const { amount, chosen, isPaidElsewhere } of choices) {
    if (isPaidElsewhere) continue;
    total.isPaidElsewhere = false;
    total.amount += amount;
    total.chosen.push(...chosen);
  }
  return { ...total, ...weighedTogether(choices, doubtful) };
}

/** Of equal ones the one that the law names first. */
function highest(choices: readonly Choice[], doubtful: readonly Unconfirmed[]): Choice {
  const best = choices.reduce((most, choice) => (choice.amount > most.amount ? choice : most));
  return { ...best, ...weighedTogether(choices, doubtful) };
}

function weighedTogether(choices: readonly Choice[], ways: readonly Unconfirmed[]) {
  const weighed: number[] = [];
  const doubtful = [...ways];
  for (const choice of choices) {
    weighed.push(...choice.weighed);
    doubtful.push(...choice.doubtful);
  }
  return { weighed, doubtful };
}

/** A combination and every one within it. */
export function waysOf(combination: Combination): Exclude<Combination, string>[] {
  if (typeof combination === 'string') return [];
  if ('of' in combination)
    return [combination, ...[combination.of, ...combination.supplements].flatMap(waysOf)];
  const parts =
    'highest' in combination
      ? combination.highest
      : 'sum' in combination
        ? combination.sum
        : combination.first;
  return [combination, ...parts.flatMap(waysOf)];
}
