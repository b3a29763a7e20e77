import type { Catalogue } from './catalogue.js';
import { waysOf } from './combination.js';
import { canonicalRule, codeOf } from './differences.js';
import { type CitedPlace, citedIn } from './explanation.js';
import { type AsOf, inForceFrom, type Moment } from './moment.js';
import type { Policy } from './policy.js';
import { type CompiledProgramme, type ConfirmableRow, rowDigest } from './programme.js';
import type { Confidence, ParameterRow, Rule, Unit } from './shape.js';
import type { ParameterAt } from './vocabulary.js';

interface Text {
  vi: string;
  en: string;
}

/** A row of law as somebody looks it up: what it says, where it stands, and whether anything may be paid by it. */
interface LawRow {
  row: string;
  citation: CitedPlace;
  confidence: Confidence;
  /** Nothing is granted on it before a named person has confirmed it, or given it a value. */
  isAwaiting: boolean;
  /** What a confirmation is bound to. */
  digest: string;
  appliedFrom: string;
  inForceFrom: string;
}

export interface LawRule extends LawRow {
  rule: string;
  name: Text;
  group: Text;
}

export interface LawParameter {
  parameter: string;
  name: Text;
  unit: Unit;
  /** Null where the law has no value for the day. */
  at: (LawRow & { value: bigint | null; province: string | null }) | null;
}

export interface ProgrammeLaw {
  programme: string;
  name: Text;
  moment: Moment;
  digest: string;
  rules: LawRule[];
  parameters: LawParameter[];
}

/** What the law of a programme is at a moment. @throws RangeError for an unknown programme */
export function lawAt(policy: Policy, programme: string, asOf: AsOf): ProgrammeLaw {
  const law = policy.programmeAt(programme, asOf);
  return {
    programme,
    name: law.file.programme.name,
    moment: law.moment,
    digest: law.digest,
    rules: law.rules.map((compiled) => ({
      rule: codeOf(compiled),
      name: compiled.rule.name,
      group: compiled.group.group.name,
      ...lookUp(law, compiled.rule),
    })),
    parameters: parametersOf(law).map(({ name, parameter, row }) => ({
      parameter: name,
      name: parameter.name,
      unit: parameter.unit,
      at: row
        ? {
            ...lookUp(law, row),
            value: row.value ? BigInt(row.value) : null,
            province: row.province ?? null,
          }
        : null,
    })),
  };
}

/** What is another law on the second day than on the first: rules that began, ended or were rewritten, and values. */
export type LawChange =
  | { kind: 'rule'; code: string; name: Text; change: 'began' | 'ended' | 'rewritten' }
  | {
      kind: 'parameter';
      code: string;
      name: Text;
      unit: Unit;
      before: { row: string; value: bigint | null } | null;
      after: { row: string; value: bigint | null } | null;
    };

/** @throws RangeError for an unknown programme */
export function compareLaw(
  policy: Policy,
  programme: string,
  [first, second]: readonly [AsOf, AsOf],
): LawChange[] {
  const [before, after] = [policy.programmeAt(programme, first), policy.programmeAt(programme, second)];
  return [...changedRules(before, after), ...changedParameters(before, after)];
}

function changedRules(before: CompiledProgramme, after: CompiledProgramme): LawChange[] {
  const [old, now] = [before, after].map(({ rules }) => new Map(rules.map((rule) => [codeOf(rule), rule])));
  return [...new Set([...old!.keys(), ...now!.keys()])].flatMap((code): LawChange[] => {
    const [was, is] = [old!.get(code), now!.get(code)];
    if (was && is && canonicalRule(was) === canonicalRule(is)) return [];
    const change = was && is ? 'rewritten' : is ? 'began' : 'ended';
    return [{ kind: 'rule', code, name: (is ?? was)!.rule.name, change }];
  });
}

function changedParameters(before: CompiledProgramme, after: CompiledProgramme): LawChange[] {
  const [old, now] = [before, after].map((law) => new Map(parametersOf(law).map((at) => [at.name, at])));
  return [...new Set([...old!.keys(), ...now!.keys()])].flatMap((code): LawChange[] => {
    const [was, is] = [old!.get(code)?.row, now!.get(code)?.row];
    if (was?.id === is?.id) return [];
    const { name, unit } = (now!.get(code) ?? old!.get(code))!.parameter;
    return [{ kind: 'parameter', code, name, unit, before: valueOf(was), after: valueOf(is) }];
  });
}

const valueOf = (row: ParameterRow | undefined) =>
  row ? { row: row.id, value: row.value ? BigInt(row.value) : null } : null;

/** Each parameter that a rule at the moment reads, once. */
function parametersOf({ rules }: CompiledProgramme): ParameterAt[] {
  return [...new Map(rules.flatMap(({ parameters }) => parameters).map((at) => [at.name, at])).values()];
}

function lookUp(law: CompiledProgramme, row: Rule | ParameterRow): LawRow {
  return {
    row: row.id,
    citation: citedIn(law.catalogue, row.citation),
    confidence: row.confidence,
    isAwaiting: law.awaited.has(row.id),
    digest: rowDigest(row),
    appliedFrom: row.appliedFrom,
    inForceFrom: inForceFrom(law.catalogue, row),
  };
}

/** Every row that waits for a named person, by its id: rules, values that there are, ways of combining. */
export function confirmableRows(catalogue: Catalogue): Map<string, ConfirmableRow> {
  const rows = new Map<string, ConfirmableRow>();
  const add = (row: ConfirmableRow) => {
    const hasNoValue = 'value' in row && row.value === null;
    if (row.id !== undefined && row.confidence && row.confidence !== 'verified' && !hasNoValue)
      rows.set(row.id, row);
  };
  for (const { programme, parameters } of Object.values(catalogue.programmes)) {
    for (const { rules } of programme.groups) rules.forEach(add);
    for (const parameter of Object.values(parameters)) parameter.rows.forEach(add);
    waysOf(programme.combination).forEach(add);
  }
  return rows;
}
