import { formatVnd } from '@ansinh/money';
import type { Language } from '@ansinh/language';
import type { Decision } from './decision.js';
import {
  type CitedPlace,
  type ExplainedCondition,
  type ExplainedRule,
  explain,
  type Explanation,
} from './explanation.js';
import type { Unit } from './shape.js';
import type { Value, ValueType } from './vocabulary.js';

/**
 * The explanation as a citizen reads it: what was asked, what the law says and where, what was found, what is missing.
 * Rules that refused stand with the conditions that were not met, and with these only.
 */
export function explanationText(decision: Decision, language: Language): string {
  const explanation = explain(decision);
  const say = wordsFor(explanation, language);
  const lines = [
    `${explanation.programme.name[language]} — ${say.day(dayText(explanation.moment.day))}`,
    say.outcomes[explanation.outcome](resultOf(decision, explanation, language)),
  ];
  const rules = explanation.rules.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  for (const rule of rules) lines.push(...ruleLines(rule, explanation, language));
  if (rules.length === 0 && explanation.outcome === 'refused') lines.push(say.nothingAsked);
  if (explanation.missing.length > 0)
    lines.push(say.missing, ...explanation.missing.map(({ name }) => `  - ${name[language]}`));
  if (explanation.unconfirmed.length > 0)
    lines.push(
      say.unconfirmed,
      ...explanation.unconfirmed.map(({ row, confidence }) => `  - ${row} (${say.confidence[confidence]})`),
    );
  lines.push(`${say.code}: ${explanation.digests.decision}`);
  return lines.join('\n');
}

/** What applies comes first, then what is open, then what was refused. */
const ORDER = ['fired', 'unknown', 'refused'];

/** What is due, or into which class the case falls; empty where no rule leads to one, or its law has no value. */
function resultOf(decision: Decision, explanation: Explanation, language: Language): string {
  const { programme, computed, unconfirmed } = explanation;
  const isOpen = computed === 0n && unconfirmed.some(({ confidence }) => confidence === 'missing');
  if (programme.answers !== 'classification')
    return isOpen ? '' : quantityText(computed, programme.unit, language);
  const answer = decision.chosen[0]?.rule.answer;
  return answer === undefined ? '' : decision.law.file.programme.values![answer]![language];
}

function ruleLines(rule: ExplainedRule, explanation: Explanation, language: Language): string[] {
  const say = wordsFor(explanation, language);
  const { programme } = explanation;
  const isOpen = rule.amount === 0n && rule.parameters.some(({ value }) => value === null);
  const quantity = isOpen ? say.confidence.missing : quantityText(rule.amount, programme.unit, language);
  const amount = programme.answers === 'classification' ? '' : `: ${quantity}`;
  const head = `• ${rule.name[language]} (${placeText(rule.citation, language)})`;
  switch (rule.state) {
    case 'fired':
      return [
        `${head} — ${rule.isChosen ? say.applies : say.gaveWay}${amount}`,
        ...rule.parameters.flatMap(({ name, unit, value, citation }) =>
          value === null || !citation
            ? []
            : [
                `    ${name[language]}: ${quantityText(value, unit, language)} (${placeText(citation, language)})`,
              ],
        ),
      ];
    case 'refused':
      return [`${head} — ${say.refused}`, ...conditionLines(rule, 'fails', language)];
    case 'unknown':
      return [`${head} — ${say.open}`, ...conditionLines(rule, 'unknown', language)];
    default:
      return [];
  }
}

function conditionLines(
  { conditions }: ExplainedRule,
  truth: 'fails' | 'unknown',
  language: Language,
): string[] {
  return conditions
    .filter((condition) => condition.truth === truth)
    .map((condition) => `    - ${conditionText(condition, language)}`);
}

function conditionText(condition: ExplainedCondition, language: Language): string {
  const say = SAYINGS[language];
  const parts = condition.parts.map((part) => conditionText(part, language));
  if (condition.kind === 'not') return `${say.not}(${parts[0]})`;
  if (condition.kind !== 'comparison') return `(${parts.join(condition.kind === 'all' ? say.and : say.or)})`;
  const place = condition.citation ? ` (${placeText(condition.citation, language)})` : '';
  return `${condition.name![language]}: ${say.needed} ${requirementText(condition, language)}; ${say.found} ${valueText(condition.actual, condition, language)}${place}`;
}

function requirementText(condition: ExplainedCondition, language: Language): string {
  const say = SAYINGS[language];
  const { is, in: list, has, ...bounds } = condition.requirement!;
  const parts: string[] = [];
  if (is !== undefined) parts.push(valueText(is, condition, language));
  if (list) parts.push(list.map((code) => valueText(code, condition, language)).join(say.or));
  if (has !== undefined) parts.push(valueText(has, condition, language));
  for (const key of ['from', 'above', 'below', 'to'] as const) {
    const bound = bounds[key];
    if (bound !== undefined) parts.push(`${say.bounds[key]} ${valueText(bound, condition, language)}`);
  }
  // A bound that nobody has read is none.
  return parts.length > 0 ? parts.join(' ') : say.unreadBound;
}

interface Described {
  type?: ValueType;
  unit?: Unit;
  values?: Record<string, { vi: string; en: string }>;
}

export function valueText(value: Value, { type, unit, values }: Described, language: Language): string {
  const say = SAYINGS[language];
  if (value === undefined) return say.unknown;
  if (value === null || (Array.isArray(value) && value.length === 0)) return say.nothing;
  if (typeof value === 'boolean') return value ? say.yes : say.no;
  if (typeof value === 'bigint') return formatVnd(value, language);
  if (typeof value === 'number') return quantityText(BigInt(value), unit, language);
  if (typeof value !== 'string')
    return value.map((one) => valueText(one, { type, values }, language)).join(', ');
  return values?.[value]?.[language] ?? (type === 'day' || type === 'days' ? dayText(value) : value);
}

export function quantityText(value: bigint, unit: Unit | undefined, language: Language): string {
  if (unit === 'vnd') return formatVnd(value, language);
  if (unit === 'basisPoints') return `${value / 100n}.${String(value % 100n).padStart(2, '0')} %`;
  if (unit === 'partsPerMillion') return `${Number(value) / 10_000} %`;
  return unit ? `${value} ${UNITS[unit][language]}` : String(value);
}

/** Days are written as Vietnamese papers write them, in both languages: nobody reads 02/03 in two ways here. */
function dayText(day: string): string {
  return day.split('-').reverse().join('/');
}

function placeText({ name, article, clause, annex }: CitedPlace, language: Language): string {
  const say = SAYINGS[language];
  const inside = [
    ...(clause ? [`${say.clause} ${clause}`] : []),
    ...(article ? [`${say.article} ${article}`] : []),
    ...(annex ? [`${say.annex} ${annex}`] : []),
  ];
  return [...(inside.length > 0 ? [inside.join(' ')] : []), name[language]].join(', ');
}

const UNITS: Record<Exclude<Unit, 'vnd' | 'basisPoints' | 'partsPerMillion'>, { vi: string; en: string }> = {
  percent: { vi: '%', en: '%' },
  days: { vi: 'ngày', en: 'days' },
  months: { vi: 'tháng', en: 'months' },
  years: { vi: 'năm', en: 'years' },
  age: { vi: 'tuổi', en: 'years' },
  people: { vi: 'người', en: 'people' },
  points: { vi: 'điểm', en: 'points' },
  kilograms: { vi: 'kg', en: 'kg' },
  times: { vi: 'lần', en: 'times' },
};

export const SAYINGS = {
  vi: {
    day: (day: string) => `xét tại ngày ${day}`,
    outcomes: {
      granted: (result: string) => `Kết quả: được hưởng ${result}.`,
      paidElsewhere: () =>
        'Kết quả: không chi ở đây, vì đã hưởng mức cao hơn hoặc bằng theo chính sách khác.',
      refused: () => 'Kết quả: chưa đủ điều kiện hưởng.',
      incomplete: () => 'Kết quả: chưa quyết định được, vì còn thiếu thông tin.',
      unconfirmed: (result: string) =>
        result === ''
          ? 'Kết quả: chưa quyết định được, vì quy định còn phải được xác nhận.'
          : `Kết quả: chưa quyết định được; theo dữ liệu hiện có là ${result}, nhưng quy định còn phải được xác nhận.`,
      outsideLaw: () => 'Kết quả: tại ngày này chương trình không có quy định có hiệu lực.',
    },
    nothingAsked: 'Thông tin đã khai không thuộc đối tượng nào của chương trình.',
    applies: 'được áp dụng',
    gaveWay: 'đủ điều kiện, nhưng không cộng vì đã hưởng mức cao hơn hoặc loại trừ',
    refused: 'không đủ điều kiện:',
    open: 'chưa xác định được:',
    missing: 'Cần bổ sung:',
    unconfirmed: 'Quy định chưa được xác nhận:',
    confidence: {
      verified: 'đã đối chiếu văn bản',
      secondary: 'trích lại từ văn bản khác',
      memory: 'chưa đối chiếu văn bản',
      derived: 'suy ra, chưa đối chiếu văn bản',
      missing: 'chưa có giá trị',
    },
    bounds: { from: 'từ', above: 'trên', below: 'đến trước', to: 'đến hết' },
    needed: 'cần',
    unreadBound: 'mức mà quy định chưa có giá trị',
    found: 'hồ sơ ghi',
    unknown: 'chưa có thông tin',
    nothing: 'không có',
    yes: 'có',
    no: 'không',
    not: 'không phải ',
    and: ' và ',
    or: ' hoặc ',
    article: 'Điều',
    clause: 'khoản',
    annex: 'Phụ lục',
    code: 'Mã đối chiếu',
  },
  en: {
    day: (day: string) => `as of ${day}`,
    outcomes: {
      granted: (result: string) => `Result: granted, ${result}.`,
      paidElsewhere: () => 'Result: nothing is paid here, since as much or more is had under another policy.',
      refused: () => 'Result: the conditions are not met.',
      incomplete: () => 'Result: not decided, since something is not known.',
      unconfirmed: (result: string) =>
        result === ''
          ? 'Result: not decided, since the law has yet to be confirmed.'
          : `Result: not decided; by what is at hand it would be ${result}, but the law has yet to be confirmed.`,
      outsideLaw: () => 'Result: the programme has no rule in force for this day.',
    },
    nothingAsked: 'Nothing that was stated belongs to a group of this programme.',
    applies: 'applies',
    gaveWay: 'met, and not added since another one is higher or excludes it',
    refused: 'not met:',
    open: 'not known:',
    missing: 'Still needed:',
    unconfirmed: 'Law that is not confirmed:',
    confidence: {
      verified: 'read in the text',
      secondary: 'quoted by another text',
      memory: 'not read in a text',
      derived: 'derived, not read in a text',
      missing: 'has no value',
    },
    bounds: { from: 'from', above: 'above', below: 'below', to: 'up to' },
    needed: 'must be',
    unreadBound: 'what the law has no value for yet',
    found: 'stated',
    unknown: 'not known',
    nothing: 'none',
    yes: 'yes',
    no: 'no',
    not: 'not ',
    and: ' and ',
    or: ' or ',
    article: 'article',
    clause: 'clause',
    annex: 'annex',
    code: 'Reference',
  },
} as const;

/** A classification says what somebody is, and grants nothing: it is told in other words than an allowance. */
const SAYINGS_OF_CLASSES = {
  vi: {
    outcomes: {
      granted: (result: string) => `Kết quả: ${result}.`,
      paidElsewhere: () => 'Kết quả: đã được xếp theo quy định khác.',
      refused: () => 'Kết quả: không thuộc loại nào mà quy định nêu.',
      incomplete: () => 'Kết quả: chưa xếp loại được, vì còn thiếu thông tin.',
      unconfirmed: (result: string) =>
        result === ''
          ? 'Kết quả: chưa xếp loại được, vì quy định còn phải được xác nhận.'
          : `Kết quả: chưa xếp loại được; theo dữ liệu hiện có là ${result}, nhưng quy định còn phải được xác nhận.`,
      outsideLaw: () => 'Kết quả: tại ngày này không có quy định có hiệu lực để xếp loại.',
    },
    nothingAsked: 'Thông tin đã khai không ứng với loại nào.',
    applies: 'đúng trường hợp này',
    gaveWay: 'cũng đúng, nhưng quy định đứng trước đã xếp loại',
    refused: 'không phải trường hợp này:',
  },
  en: {
    outcomes: {
      granted: (result: string) => `Result: ${result}.`,
      paidElsewhere: () => 'Result: classified by another law already.',
      refused: () => 'Result: none of the classes that the law names.',
      incomplete: () => 'Result: not classified, since something is not known.',
      unconfirmed: (result: string) =>
        result === ''
          ? 'Result: not classified, since the law has yet to be confirmed.'
          : `Result: not classified; by what is at hand it would be ${result}, but the law has yet to be confirmed.`,
      outsideLaw: () => 'Result: no law in force on this day classifies it.',
    },
    nothingAsked: 'Nothing that was stated leads to a class.',
    applies: 'this is the case',
    gaveWay: 'met as well, and not counted since a former one decides',
    refused: 'not the case:',
  },
} as const;

function wordsFor({ programme }: Explanation, language: Language) {
  const words = SAYINGS[language];
  return programme.answers === 'classification' ? { ...words, ...SAYINGS_OF_CLASSES[language] } : words;
}
