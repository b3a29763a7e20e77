import {
  type AsOf,
  citationsOf,
  type CompiledRule,
  type Comparison,
  conditionsOf,
  type Decision,
  failedFacts,
  missingFacts,
  type Policy,
  readFacts,
} from '@ansinh/policy';
import { programmeOf } from '../programme/programmes.js';
import type { KeptDecision } from './copy-decisions.js';
import { benefitOf, factsOfRow, type PersonKnown, type RowToDecide, type Taken } from './facts-of-row.js';

/** A decision on a row of a list. */
export interface MadeDecision extends KeptDecision {
  row: RowToDecide;
  /** What it takes of what may be had once; null unless it is granted. */
  taken: { benefit: string; slot: number | null } | null;
}

export interface KnownOfPeople {
  taken: Map<string, Map<string, Taken>>;
  insured: Map<string, Map<string, boolean>>;
  lastAllowances: ReadonlyMap<string, string>;
}

const slots = [1, 2, 3];
const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * Decides rows one after the other: what one is granted counts for the next, so that a person in two lists, or in two months
 * of one, has it once. `known` is brought up to date.
 * @param asOf day as of which is decided, by the law as it was known then
 */
export function* decideRows(
  rows: readonly RowToDecide[],
  known: KnownOfPeople,
  { policy, asOf, nextId }: { policy: Policy; asOf: string; nextId: () => string },
): Generator<MadeDecision> {
  for (const row of rows) {
    for (const month of row.months.length > 0 ? row.months : [null]) {
      const person: PersonKnown = {
        taken: known.taken.get(row.personKey) ?? nothing,
        insured: known.insured.get(row.personKey) ?? nothing,
        lastAllowance: known.lastAllowances.get(row.personKey),
      };
      const facts = factsOfRow(row, month, person);
      const decision = decideAgain(policy, row.programme, facts, asOf);
      const isGranted = decision.outcome === 'granted';
      const taken = isGranted ? takeFrom(known, row, month) : null;
      yield {
        id: nextId(),
        row,
        month,
        personKey: row.personKey,
        officeCode: row.officeCode,
        decision,
        facts,
        because: isGranted ? [] : becauseOf(decision, chosenIn(row)),
        taken,
      };
    }
  }
}

/** The decision that kept facts lead to: the same digest as then, or the law is another. */
export function decideAgain(
  policy: Policy,
  programme: string,
  facts: Record<string, unknown>,
  asOf: AsOf,
): Decision {
  const declared = policy.catalogue.programmes[programme]!.facts;
  return policy.evaluate(programme, readFacts(declared, facts), asOf);
}

function takeFrom(known: KnownOfPeople, row: RowToDecide, month: string | null): MadeDecision['taken'] {
  const taken = known.taken.get(row.personKey) ?? new Map<string, Taken>();
  known.taken.set(row.personKey, taken);
  const used = new Set([...taken.values()].map(({ slot }) => slot));
  const slot = month === null ? null : (slots.find((each) => !used.has(each)) ?? null);
  if (month !== null && slot === null) throw new Error('the law granted a fourth month');
  const benefit = benefitOf(row, month);
  taken.set(benefit, { choice: row.choice, slot });
  return { benefit, slot };
}

const becauseMax = 12;

type Choice = { fact: string; is: string };

function chosenIn({ programme, choice }: RowToDecide): Choice | null {
  const { chosenBy } = programmeOf(programme);
  return chosenBy === null ? null : { fact: chosenBy, is: choice };
}

/**
 * Facts that stood against it, or were missing.
 * @param choice of a list: that no supplement and no other payment fired is no reason. Null: every rule was asked
 */
export function becauseOf(decision: Decision, choice: Choice | null): string[] {
  const { outcome, law } = decision;
  if (outcome === 'incomplete') return missingFacts(decision).slice(0, becauseMax);
  if (outcome === 'unconfirmed') return decision.unconfirmed.map(({ row }) => row).slice(0, becauseMax);
  if (!law.isCovered) return [];
  const asked = law.rules.filter((rule) => decision.stateOf(rule) !== 'notAsked');
  const meant =
    choice === null ? asked.filter((rule) => decision.stateOf(rule) === 'refused') : rulesOf(choice, asked);
  return failedFacts(decision, meant).slice(0, becauseMax);
}

/** Those that are for the choice alone; where there are none, those that it shares with others. A supplement is always shared. */
function rulesOf({ fact: chosen, is: choice }: Choice, rules: readonly CompiledRule[]): CompiledRule[] {
  const asking = (isAsked: (comparison: Comparison) => boolean) =>
    rules.filter((rule) =>
      conditionsOf(rule).some(({ source }) => 'fact' in source && source.fact === chosen && isAsked(source)),
    );
  const own = asking((comparison) => comparison.is === choice);
  return own.length > 0 ? own : asking((comparison) => comparison.in?.includes(choice) === true);
}

/** Articles of each rule that makes up a decision, for those that are not known yet. */
export function addCitations(into: Record<string, unknown>, decision: Decision): void {
  if (decision.chosen.every(({ rule }) => rule.id in into)) return;
  const cited = citationsOf(decision);
  for (const { rule, parameters } of decision.chosen) {
    const rows = new Set([rule.id, ...parameters.flatMap(({ row }) => (row ? [row.id] : []))]);
    into[rule.id] = cited.filter(({ row }) => rows.has(row));
  }
}
