import type { Language } from '@ansinh/language';
import type { Catalogue, ProgrammeInFile } from './catalogue.js';
import { waysOf } from './combination.js';
import { quantityText, SAYINGS, valueText } from './explanation-text.js';
import { confirmableRows } from './law-at.js';
import type { ConfirmableRow } from './programme.js';
import type { Amount, Combination, Comparison, Condition, ParameterRow, Rule } from './shape.js';

interface Text {
  vi: string;
  en: string;
}

/**
 * What each row that waits for a named person says, for whoever holds it against the text of the law: a value, or the conditions of a
 * rule and what follows, or which rules are set beside each other.
 */
export function confirmableTexts(catalogue: Catalogue): Map<string, Text> {
  const rows = confirmableRows(catalogue);
  const texts = new Map<string, Text>();
  const add = (row: ConfirmableRow, say: (language: Language) => string) => {
    if (row.id !== undefined && rows.get(row.id) === row) texts.set(row.id, { vi: say('vi'), en: say('en') });
  };
  for (const file of Object.values(catalogue.programmes)) {
    const { programme, parameters } = file;
    for (const { rules } of programme.groups)
      for (const rule of rules) add(rule, (language) => ruleText(file, rule, language));
    for (const parameter of Object.values(parameters))
      for (const row of parameter.rows)
        add(row, (language) => `${parameter.name[language]}: ${valuesText(row, parameter.unit, language)}`);
    for (const way of waysOf(programme.combination))
      add(way, (language) => `${programme.name[language]}: ${wayText(file, way, language)}`);
  }
  return texts;
}

function ruleText(file: ProgrammeInFile, rule: Rule, language: Language): string {
  const words = WORDS[language];
  const { programme } = file;
  const asked = rule.when.map((condition) => conditionText(file, condition, language));
  const result =
    rule.answer !== undefined
      ? (programme.values?.[rule.answer]?.[language] ?? rule.answer)
      : rule.amount === undefined
        ? ''
        : amountText(file, rule.amount, language);
  return [
    `${programme.name[language]}, ${rule.name[language]}`,
    asked.length > 0 ? `${words.when} ${asked.join('; ')}` : words.always,
    ...(result === '' ? [] : [`${words.then} ${result}`]),
  ].join('. ');
}

function conditionText(file: ProgrammeInFile, condition: Condition, language: Language): string {
  const say = SAYINGS[language];
  const inner = (part: Condition) => conditionText(file, part, language);
  if ('not' in condition) return `${say.not}(${inner(condition.not)})`;
  if ('all' in condition) return `(${condition.all.map(inner).join(say.and)})`;
  if ('any' in condition) return `(${condition.any.map(inner).join(say.or)})`;
  return `${nameOf(file, condition.fact, language)}: ${requirementText(file, condition, language)}`;
}

function requirementText(file: ProgrammeInFile, asked: Comparison, language: Language): string {
  const say = SAYINGS[language];
  const described = file.facts[asked.fact] ?? file.measures[asked.fact] ?? {};
  const value = (one: boolean | number | string) => valueText(one, described, language);
  const parts: string[] = [];
  if (asked.is !== undefined) parts.push(value(asked.is));
  if (asked.in) parts.push(asked.in.map(value).join(say.or));
  if (asked.has !== undefined) parts.push(value(asked.has));
  for (const key of ['from', 'above', 'below', 'to'] as const) {
    const bound = asked[key];
    if (bound === undefined) continue;
    const named = typeof bound === 'object' ? nameOf(file, bound.parameter, language) : value(bound);
    parts.push(`${say.bounds[key]} ${named}`);
  }
  return parts.join(' ');
}

function amountText(file: ProgrammeInFile, amount: Amount, language: Language): string {
  const words = WORDS[language];
  const inner = (part: Amount) => amountText(file, part, language);
  const named = (name: string) => nameOf(file, name, language);
  if (typeof amount === 'string') return quantityText(BigInt(amount), file.programme.unit, language);
  if ('parameter' in amount) return named(amount.parameter);
  if ('table' in amount) return `${named(amount.table)} ${words.by} ${named(amount.by)}`;
  if ('fact' in amount) return named(amount.fact);
  if ('times' in amount) {
    const [of, ...factors] = amount.times;
    return [
      inner(of),
      ...factors.map((each) => (typeof each === 'number' ? String(each) : named(each))),
    ].join(' × ');
  }
  if ('sum' in amount) return `(${amount.sum.map(inner).join(' + ')})`;
  return `${words.least} (${amount.least.map(inner).join('; ')})`;
}

function valuesText(
  { value, table, scores }: ParameterRow,
  unit: ProgrammeInFile['programme']['unit'],
  language: Language,
): string {
  const words = WORDS[language];
  const quantity = (one: string) => quantityText(BigInt(one), unit, language);
  if (value) return quantity(value);
  if (table)
    return Object.entries(table)
      .map(([of, one]) => `${of} → ${quantity(one)}`)
      .join('; ');
  return words.lines(scores?.length ?? 0);
}

function wayText(file: ProgrammeInFile, way: Combination, language: Language): string {
  if (typeof way === 'string') {
    const rule = file.programme.groups
      .flatMap(({ rules }) => rules)
      .find(({ id, rule: versionOf }) => id === way || versionOf === way);
    return rule?.name[language] ?? way;
  }
  const words = WORDS[language];
  const inner = (parts: readonly Combination[]) =>
    parts.map((part) => wayText(file, part, language)).join('; ');
  if ('of' in way) return `${inner([way.of])}, ${words.supplements} (${inner(way.supplements)})`;
  if ('highest' in way) return `${words.highest} (${inner(way.highest)})`;
  if ('sum' in way) return `${words.sum} (${inner(way.sum)})`;
  return `${words.first} (${inner(way.first)})`;
}

function nameOf({ facts, measures, parameters }: ProgrammeInFile, name: string, language: Language): string {
  return (facts[name] ?? measures[name] ?? parameters[name])?.name[language] ?? name;
}

const WORDS = {
  vi: {
    when: 'Khi',
    always: 'Không kèm điều kiện',
    then: 'Thì',
    by: 'theo',
    least: 'mức thấp nhất trong',
    highest: 'chỉ tính mức cao nhất trong',
    sum: 'cộng tất cả',
    first: 'chỉ tính trường hợp đúng đầu tiên trong',
    supplements: 'cộng thêm',
    lines: (count: number) => `bảng điểm có ${count} dòng`,
  },
  en: {
    when: 'When',
    always: 'Without a condition',
    then: 'Then',
    by: 'by',
    least: 'the least of',
    highest: 'only the highest of',
    sum: 'all of it added',
    first: 'only the first that is the case of',
    supplements: 'and besides',
    lines: (count: number) => `a form of points with ${count} lines`,
  },
} as const;
