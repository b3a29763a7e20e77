import type { Fact, Parameter, ParameterRow } from './shape.js';
import type { Catalogue, ProgrammeInFile } from './catalogue.js';
import { monthEndOf, monthStartOf } from '@ansinh/calendar';
import { canonicalJson, quoted } from './digest.js';
import { checkFact, type Facts, type FactValue } from './facts.js';
import { compileMeasure, measureType, namesOfMeasure } from './measure.js';
import { type Moment, rowAt } from './moment.js';

/** Undefined is not known; null is known not to be. */
export type Value = FactValue | undefined;

/** One evaluation: the facts, and what was worked out of them so far. */
export interface Run {
  facts: Facts;
  worked: Value[];
}
export type Reader = (run: Run) => Value;
export type ValueType = Fact['type'];

/** Days that every programme may speak of. */
export const BUILT_IN_DAYS = ['asOf', 'monthStart', 'monthEnd'] as const;

/** A parameter at a moment. Without a row, or with one that has no value, nothing can be computed by it. */
export interface ParameterAt {
  name: string;
  parameter: Parameter;
  row: ParameterRow | undefined;
}

/** A fact that may decide. In the canonical form: how it begins, and all of it where nothing is said; null where silence means nothing. */
interface UsedFact {
  name: string;
  fact: Fact;
  key: string;
  silence: string | null;
}

/** What the names of a programme stand for at a moment. Each fact and measure is worked out once an evaluation. */
export class Vocabulary {
  readonly types = new Map<string, ValueType>();
  private readonly readers = new Map<string, { reader: Reader; parameters: readonly ParameterAt[] }>();
  private readonly slots = new Map<string, number>();
  readonly usedFacts = new Set<string>();
  private sortedFacts: readonly UsedFact[] = [];
  /** What is read while something is compiled. */
  private using: { names: Set<string>; parameters: Map<string, ParameterAt> } | undefined;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly file: ProgrammeInFile,
    private readonly moment: Moment,
  ) {
    for (const [name, { type }] of Object.entries(file.facts)) this.types.set(name, type);
    for (const [name, { is }] of Object.entries(file.measures)) this.types.set(name, measureType(is));
    for (const name of BUILT_IN_DAYS) this.types.set(name, 'day');
  }

  /** Runs a compilation, and tells which names and parameters it read. */
  observe<Result>(compile: () => Result) {
    const using = { names: new Set<string>(), parameters: new Map<string, ParameterAt>() };
    const before = this.using;
    this.using = using;
    const result = compile();
    this.using = before;
    for (const name of using.names) before?.names.add(name);
    for (const [name, at] of using.parameters) before?.parameters.set(name, at);
    return { result, names: [...using.names], parameters: [...using.parameters.values()] };
  }

  read(name: string): Reader {
    this.using?.names.add(name);
    const known = this.readers.get(name) ?? this.compile(name);
    // A measure may read a parameter: every rule that asks for the measure rests on it, not only the first one.
    for (const at of known.parameters) this.using?.parameters.set(at.name, at);
    return known.reader;
  }

  typeOf(name: string): ValueType {
    return this.types.get(name)!;
  }

  parameter(name: string): ParameterAt {
    const parameter = this.file.parameters[name]!;
    const at = { name, parameter, row: parameterRowAt(this.catalogue, parameter, this.moment) };
    this.using?.parameters.set(name, at);
    return at;
  }

  /** The facts that names stand for, or are worked out of. */
  factsBehind(names: readonly string[]): string[] {
    const facts = new Set<string>();
    const visit = (name: string): void => {
      if (name in this.file.facts) facts.add(name);
      const measure = this.file.measures[name];
      if (measure) namesOfMeasure(measure.is).forEach(visit);
    };
    names.forEach(visit);
    return [...facts];
  }

  /** Whether a fact or measure may decide, as the law is at the moment. */
  isUsed(name: string): boolean {
    return this.slots.has(name);
  }

  get slotCount(): number {
    return this.slots.size;
  }

  private compile(name: string) {
    const { result, parameters } = this.observe(() =>
      this.isBuiltIn(name) ? this.builtIn(name) : this.once(name),
    );
    const compiled = { reader: result, parameters };
    this.readers.set(name, compiled);
    return compiled;
  }

  private isBuiltIn(name: string): name is (typeof BUILT_IN_DAYS)[number] {
    return (BUILT_IN_DAYS as readonly string[]).includes(name);
  }

  private builtIn(name: (typeof BUILT_IN_DAYS)[number]): Reader {
    const { day } = this.moment;
    const value = { asOf: day, monthStart: monthStartOf(day), monthEnd: monthEndOf(day) }[name];
    return () => value;
  }

  private once(name: string): Reader {
    const work = this.work(name);
    const slot = this.slots.size;
    this.slots.set(name, slot);
    return (run) => {
      // A hole is what was not worked out yet; what is not known is kept as such by its own mark.
      const worked = run.worked[slot];
      if (worked !== undefined) return worked === UNKNOWN_MARK ? undefined : worked;
      const value = work(run);
      run.worked[slot] = value === undefined ? UNKNOWN_MARK : value;
      return value;
    };
  }

  /** The used facts by name. Each decision asks for them. */
  get factsInOrder(): readonly UsedFact[] {
    if (this.sortedFacts.length < this.usedFacts.size)
      this.sortedFacts = [...this.usedFacts].sort().map((name) => this.usedFact(name));
    return this.sortedFacts;
  }

  private usedFact(name: string): UsedFact {
    const fact = this.file.facts[name]!;
    const key = `${quoted(name)}:`;
    const { whenAbsent } = fact;
    return { name, fact, key, silence: whenAbsent === undefined ? null : key + canonicalJson(whenAbsent) };
  }

  private work(name: string): Reader {
    const fact = this.file.facts[name];
    if (!fact) return compileMeasure(this.file.measures[name]!.is, this);
    this.usedFacts.add(name);
    const { whenAbsent } = fact;
    const silence =
      fact.type === 'amount' && typeof whenAbsent === 'string' ? BigInt(whenAbsent) : whenAbsent;
    return ({ facts }) => {
      const given = facts[name];
      return given === undefined ? silence : checkFact(name, fact, given);
    };
  }
}

const UNKNOWN_MARK = '\u0000unknown';

/** Of the country's row and the province's the one that counts: where a province may only raise, the higher. */
function parameterRowAt(
  catalogue: Catalogue,
  { rows, province: may }: Parameter,
  moment: Moment,
): ParameterRow | undefined {
  const national = rowAt(
    catalogue,
    rows.filter(({ province }) => province === undefined),
    moment,
  );
  if (!may || moment.province === undefined) return national;
  const own = rowAt(
    catalogue,
    rows.filter(({ province }) => province === moment.province),
    moment,
  );
  if (!own) return national;
  if (may === 'maySet' || !national) return own;
  return BigInt(own.value ?? 0) > BigInt(national.value ?? 0) ? own : national;
}
