import type { Decision } from './decision.js';
import { canonicalJson } from './digest.js';
import type { FactValue } from './facts.js';
import type { CompiledRule } from './programme.js';
import type { ParameterAt } from './vocabulary.js';

/** What is different between two decisions on one case, and may be why one pays more. */
export type Reason =
  | {
      kind: 'parameter';
      name: string;
      before: string | null;
      after: string | null;
      rows: [string | null, string | null];
    }
  | { kind: 'fact'; name: string; before: FactValue | undefined; after: FactValue | undefined }
  | { kind: 'rule'; rule: string; change: 'began' | 'ended' | 'rewritten' };

/**
 * `topUp`: more is due than was decided. `overpaid`: less; whether it is recovered is for people to decide. `undecided`: one of
 * the two is not certain, so nothing may be made of the difference.
 */
export interface Difference {
  programme: string;
  day: string;
  kind: 'topUp' | 'overpaid' | 'undecided';
  before: bigint;
  after: bigint;
  difference: bigint;
  reasons: Reason[];
  digests: { before: string; after: string };
}

/**
 * Day by day (of a monthly programme month by month) what another knowledge of law or facts makes of the same case. Decisions
 * that come to the same give no line. @throws RangeError where the two lists are not for the same days of the same programmes
 */
export function differences(before: readonly Decision[], after: readonly Decision[]): Difference[] {
  const old = new Map(before.map((decision) => [keyOf(decision), decision]));
  if (old.size !== before.length || before.length !== after.length)
    throw new RangeError('Decisions are compared one to one');
  return after.flatMap((decision) => {
    const earlier = old.get(keyOf(decision));
    if (!earlier) throw new RangeError(`Nothing to compare ${keyOf(decision)} with`);
    const difference = differenceOf(earlier, decision);
    return difference ? [difference] : [];
  });
}

const keyOf = ({ programme, law }: Decision) => `${programme} ${law.moment.day}`;

function differenceOf(before: Decision, after: Decision): Difference | null {
  const isUndecided = [before, after].some(
    ({ outcome }) => outcome === 'incomplete' || outcome === 'unconfirmed',
  );
  if (before.amount === after.amount && before.answer === after.answer && !isUndecided) return null;
  if (isUndecided && before.digest === after.digest) return null;
  const difference = after.amount - before.amount;
  return {
    programme: after.programme,
    day: after.law.moment.day,
    kind: isUndecided ? 'undecided' : difference < 0n ? 'overpaid' : 'topUp',
    before: before.amount,
    after: after.amount,
    difference,
    reasons: reasonsBetween(before, after),
    digests: { before: before.digest, after: after.digest },
  };
}

/** Everything that is different between two decisions on one case, of one day or of two. */
export function reasonsBetween(before: Decision, after: Decision): Reason[] {
  return [
    ...rulesThatChanged(before, after),
    ...parametersThatChanged(before, after),
    ...factsThatChanged(before, after),
  ];
}

/** Rules that make up one of the two amounts, and are another law, or none, in the other. */
function rulesThatChanged(before: Decision, after: Decision): Reason[] {
  const [old, now] = [before, after].map(({ law }) => new Map(law.rules.map((rule) => [codeOf(rule), rule])));
  const codes = new Set([...before.chosen, ...after.chosen].map(codeOf));
  return [...codes].flatMap((rule): Reason[] => {
    const [was, is] = [old!.get(rule), now!.get(rule)];
    if (was && is) {
      return canonicalRule(was) === canonicalRule(is) ? [] : [{ kind: 'rule', rule, change: 'rewritten' }];
    }
    return [{ kind: 'rule', rule, change: is ? 'began' : 'ended' }];
  });
}

export const codeOf = ({ rule }: CompiledRule) => rule.rule ?? rule.id;
export const canonicalRule = ({ rule: { when, amount, answer } }: CompiledRule) =>
  canonicalJson({ when, amount, answer } as Parameters<typeof canonicalJson>[0]);

function parametersThatChanged(before: Decision, after: Decision): Reason[] {
  const [old, now] = [parametersOf(before), parametersOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name): Reason[] => {
    const [was, is] = [old.get(name), now.get(name)];
    // What only one of the two asked for is told by the rule, or by the fact that let it ask.
    if (!was || !is || was.row?.id === is.row?.id) return [];
    const rows: [string | null, string | null] = [was.row?.id ?? null, is.row?.id ?? null];
    return [{ kind: 'parameter', name, before: was.row?.value ?? null, after: is.row?.value ?? null, rows }];
  });
}

function parametersOf({ law, choice }: Decision): Map<string, ParameterAt> {
  const rules = (choice?.weighed ?? []).map((index) => law.rules[index]!);
  return new Map(rules.flatMap(({ parameters }) => parameters).map((at) => [at.name, at]));
}

function factsThatChanged(before: Decision, after: Decision): Reason[] {
  // A fact that only one of the two laws asks for was not told differently.
  const names = [...before.law.words.usedFacts].filter((name) => after.law.words.usedFacts.has(name)).sort();
  return names.flatMap((name): Reason[] => {
    const [was, is] = [before.facts[name], after.facts[name]];
    return canonicalJson(was) === canonicalJson(is) ? [] : [{ kind: 'fact', name, before: was, after: is }];
  });
}
