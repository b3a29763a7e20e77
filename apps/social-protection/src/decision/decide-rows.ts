import { v7 as uuidv7 } from 'uuid';
import { type AsOf, type Decision, citationsOf, explain, type Policy, readFacts } from '@ansinh/policy';
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
  { policy, asOf }: { policy: Policy; asOf: string },
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
        id: uuidv7(),
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
  const { outcome, rules, missing, unconfirmed } = explain(decision);
  if (outcome === 'incomplete') return missing.map(({ fact }) => fact).slice(0, becauseMax);
  if (outcome === 'unconfirmed') return unconfirmed.map(({ row }) => row).slice(0, becauseMax);
  const asked = rules.filter(({ state, conditions }) =>
    choice === null
      ? state === 'refused'
      : conditions.some(({ fact, requirement }) => fact === choice.fact && allows(requirement, choice.is)),
  );
  const failed = asked.flatMap(({ conditions }) =>
    conditions.flatMap(({ truth, fact }) => (truth === 'fails' && fact !== undefined ? [fact] : [])),
  );
  return [...new Set(failed)].slice(0, becauseMax);
}

const allows = (requirement: { is?: unknown; in?: readonly string[] } | undefined, choice: string): boolean =>
  requirement?.is === choice || requirement?.in?.includes(choice) === true;

/** Articles of each rule that makes up a decision, for those that are not known yet. */
export function addCitations(into: Record<string, unknown>, decision: Decision): void {
  if (decision.chosen.every(({ rule }) => rule.id in into)) return;
  const cited = citationsOf(decision);
  for (const { rule, parameters } of decision.chosen) {
    const rows = new Set([rule.id, ...parameters.flatMap(({ row }) => (row ? [row.id] : []))]);
    into[rule.id] = cited.filter(({ row }) => rows.has(row));
  }
}
