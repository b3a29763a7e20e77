import type { Choice, RuleState, Standing, Unconfirmed } from './combination.js';
import { canonicalJson, digestOfText, quoted } from './digest.js';
import { unknownFact } from './fact-error.js';
import { checkFact, type Facts } from './facts.js';
import type { CompiledProgramme, CompiledRule } from './programme.js';
import type { Run } from './vocabulary.js';

/**
 * `granted`; `paidElsewhere`: something else is higher, so that nothing is paid here; `refused`; `incomplete`: a fact is
 * missing that could change it; `unconfirmed`: it would rest on a row that no official has confirmed; `outsideLaw`: the
 * programme has no rule for the day.
 */
export type DecisionOutcome =
  'granted' | 'paidElsewhere' | 'refused' | 'incomplete' | 'unconfirmed' | 'outsideLaw';

/**
 * What the law says of one case at one moment. Outcome and amount stand at once; digests and everything that explains them
 * are worked out when they are asked for, so the facts that were handed in must not be changed.
 */
export class Decision {
  readonly outcome: DecisionOutcome;
  /** What is due by it: nothing, unless it is granted. In the unit of the programme. */
  readonly amount: bigint;
  /** What the rules come to, due or not: what an official sees who has to confirm a row. */
  readonly computed: bigint;
  readonly choice: Choice | null;
  private facts$: Facts | undefined;
  private digest$: string | undefined;

  constructor(
    readonly law: CompiledProgramme,
    readonly given: Facts,
    private readonly standing: Standing,
    { choice, isOpen }: { choice: Choice | null; isOpen: boolean },
  ) {
    this.choice = choice;
    this.outcome = isOpen ? this.outcomeOfOpen() : outcomeOf(law, choice);
    this.computed = choice && !choice.isPaidElsewhere ? choice.amount : 0n;
    this.amount = this.outcome === 'granted' ? this.computed : 0n;
  }

  get programme(): string {
    return this.law.file.programme.code;
  }

  /** What a classification says; null where no rule fired. */
  get answer(): string | null {
    if (this.outcome !== 'granted') return null;
    return this.law.rules[this.choice!.chosen[0]!]!.rule.answer ?? null;
  }

  stateOf(rule: CompiledRule): RuleState {
    return this.standing.states[this.law.rules.indexOf(rule)]!;
  }

  /** What the rule alone comes to; 0 where it did not fire. */
  amountOf(rule: CompiledRule): bigint {
    return this.standing.amounts[this.law.rules.indexOf(rule)] ?? 0n;
  }

  get chosen(): CompiledRule[] {
    return (this.choice?.chosen ?? []).map((index) => this.law.rules[index]!);
  }

  get unconfirmed(): Unconfirmed[] {
    const weighed = this.choice ? unconfirmedOf(this.law, this.choice) : [];
    return this.outcome === 'unconfirmed' ? distinct([...weighed, ...this.gapsOfOpen()]) : weighed;
  }

  /** Open for want of a fact, or, where every rule that is open reads a value that nobody has seen, for want of law. */
  private outcomeOfOpen(): DecisionOutcome {
    const open = this.openRules();
    return open.length > 0 && open.every(hasGap) ? 'unconfirmed' : 'incomplete';
  }

  private openRules(): CompiledRule[] {
    return this.law.rules.filter((_, index) => this.standing.states[index] === 'unknown');
  }

  private gapsOfOpen(): Unconfirmed[] {
    return this.openRules().flatMap(({ unconfirmed }) =>
      unconfirmed.filter(({ confidence }) => confidence === 'missing'),
    );
  }

  /** The run by which an explanation reads facts and measures again. */
  newRun(): Run {
    return { facts: this.given, worked: [] };
  }

  /** The facts that the programme asks for, silence filled in as it is meant: what the decision rests on. */
  get facts(): Facts {
    return (this.facts$ ??= factsThatCount(this.law, this.given));
  }

  get factsDigest(): string {
    return digestOfText(canonicalFacts(this.law, this.given));
  }

  /** Of law, moment, facts and result. The same on every machine, and another one when any of them is. */
  get digest(): string {
    return (this.digest$ ??= digestOfText(this.canonical()));
  }

  /** In the order of its keys, as `canonicalJson` would write it: 600,000 of these are written one after the other. */
  private canonical(): string {
    const { law, outcome, amount, computed } = this;
    const chosen = this.chosen.map(({ rule }) => quoted(rule.id)).join(',');
    return `{"amount":"${amount}","chosen":[${chosen}],"computed":"${computed}","facts":"${this.factsDigest}","law":"${law.digest}","outcome":"${outcome}"}`;
  }
}

/** @throws FactError for a fact that the programme does not declare, or of another type */
export function decide(law: CompiledProgramme, facts: Facts): Decision {
  for (const name in facts) if (!law.factNames.has(name)) throw unknownFact(name);
  // Copies of one array each: this is the path that a list of 600,000 workers takes.
  const standing: Standing = { states: law.blank.states.slice(), amounts: law.blank.amounts.slice() };
  if (!law.isCovered) return new Decision(law, facts, standing, { choice: null, isOpen: false });
  const run: Run = { facts, worked: law.blank.worked.slice() };
  for (const { group, firstRule, rules } of law.groups) {
    const isAsked = group.isAsked(run);
    if (isAsked === 'fails') continue;
    const needs = isAsked === 'holds' ? group.test(run) : isAsked;
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index]!;
      const own = needs === 'fails' ? needs : rule.test(run);
      const amount = needs === 'holds' && own === 'holds' ? rule.amount(run) : null;
      standing.states[firstRule + index] =
        own === 'fails' ? 'refused' : amount === null ? 'unknown' : 'fired';
      if (amount !== null) standing.amounts[firstRule + index] = amount;
    }
  }
  return new Decision(law, facts, standing, law.combine(standing));
}

function outcomeOf(law: CompiledProgramme, choice: Choice | null): DecisionOutcome {
  if (!law.isCovered) return 'outsideLaw';
  if (!choice) return 'refused';
  if (choice.doubtful.length > 0 || choice.weighed.some((index) => law.rules[index]!.unconfirmed.length > 0))
    return 'unconfirmed';
  return choice.isPaidElsewhere ? 'paidElsewhere' : 'granted';
}

function unconfirmedOf(law: CompiledProgramme, { weighed, doubtful }: Choice): Unconfirmed[] {
  const rows = weighed.flatMap((index) => law.rules[index]!.unconfirmed).concat(doubtful);
  return distinct(rows);
}

function distinct(rows: readonly Unconfirmed[]): Unconfirmed[] {
  return [...new Map(rows.map((row) => [row.row, row])).values()];
}

function hasGap({ unconfirmed }: CompiledRule): boolean {
  return unconfirmed.some(({ confidence }) => confidence === 'missing');
}

function factsThatCount(law: CompiledProgramme, given: Facts): Facts {
  const facts: Record<string, Facts[string]> = {};
  for (const { name, fact } of law.words.factsInOrder) {
    const value = isSilent(given[name]) ? fact.whenAbsent : checkFact(name, fact, given[name]);
    if (value !== undefined) facts[name] = value;
  }
  return facts;
}

/** The canonical form of the same, put together at once: text that grows piece by piece was a quarter of all garbage. */
function canonicalFacts(law: CompiledProgramme, given: Facts): string {
  const pieces: string[] = [];
  for (const { name, fact, key, silence } of law.words.factsInOrder) {
    if (!isSilent(given[name])) pieces.push(key + canonicalJson(checkFact(name, fact, given[name])));
    else if (silence !== null) pieces.push(silence);
  }
  return `{${pieces.join(',')}}`;
}

const isSilent = (value: Facts[string]) => value === undefined || value === null;
