import { isCitizenNumber, normaliseName } from '@ansinh/identity';
import { cellFindings, columnSet, type ColumnSet, type RawRow } from '@ansinh/payment-list';
import { FormError, nationalCatalogue, type Policy } from '@ansinh/policy';
import type { FactColumn } from '../list/list-columns.js';
import { factOf, shown } from '../list/list-row.js';

export const povertyClass = 'poverty-class';

interface Text {
  vi: string;
  en: string;
}

/** What the law declares of the facts of a household. */
export const declaredFacts = nationalCatalogue().programmes[povertyClass]!.facts;

/** Said once for the whole commune, by the head of the review. */
export const areaFact = 'reviewArea';
export const areas = Object.keys(declaredFacts[areaFact]!.values!);
export const indicators = Object.keys(declaredFacts['deprivedOf']!.values!);

/** Faults of a form, beside those that a cell of any list may have. */
const formFindings = {
  FORM_MARKED_TWICE: (names: Text): Text => ({
    vi: `“${names.vi}” được đánh dấu hai lần.`,
    en: `“${names.en}” is marked twice.`,
  }),
  FORM_ONE_OF: (names: Text): Text => ({
    vi: `Chỉ được chọn một trong: ${names.vi}.`,
    en: `Only one of these can be chosen: ${names.en}.`,
  }),
  FORM_NEEDS_ONE_OF: (names: Text): Text => ({
    vi: `Phải chọn một trong: ${names.vi}.`,
    en: `One of these has to be chosen: ${names.en}.`,
  }),
  FORM_NOT_ON_FORM: (names: Text): Text => ({
    vi: `Phiếu của khu vực này không có mục “${names.vi}”.`,
    en: `The form of this area has no line “${names.en}”.`,
  }),
};

const codeOfFault = {
  markedTwice: 'FORM_MARKED_TWICE',
  oneOf: 'FORM_ONE_OF',
  needsOneOf: 'FORM_NEEDS_ONE_OF',
  notOnForm: 'FORM_NOT_ON_FORM',
} as const satisfies Record<FormError['fault'], keyof typeof formFindings>;

const ownFindings = {
  REVIEWED_ELSEWHERE: {
    vi: 'Chủ hộ đã được rà soát trong năm ở nơi khác.',
    en: 'The head was reviewed in another place that year.',
  },
};

type HouseholdFindingCode = keyof typeof cellFindings | keyof typeof formFindings | keyof typeof ownFindings;

export interface HouseholdFinding {
  code: HouseholdFindingCode;
  /** Empty when the row as a whole is meant. */
  column: string;
  facts: { value?: string; values?: string; limit?: number; row?: number; answers?: readonly string[] };
}

/** A household as its commune found it. */
export interface Household {
  row: number | null;
  citizenNumber: string;
  name: string;
  members: number;
  /** As JSON: amounts are text. */
  facts: Record<string, unknown>;
}

const personColumns = [
  { name: 'citizenNumber', title: { vi: 'Số định danh chủ hộ', en: 'Citizen number of the head' } },
  { name: 'name', title: { vi: 'Họ và tên chủ hộ', en: 'Name of the head' } },
  { name: 'members', title: { vi: 'Số nhân khẩu', en: 'Members' } },
] as const;
const aliases: Record<string, string[]> = {
  citizenNumber: ['số định danh', 'CCCD', 'số CCCD', 'citizen number'],
  name: ['họ và tên', 'họ tên', 'chủ hộ', 'full name'],
  members: ['số người', 'nhân khẩu'],
};

/** What the law of that day asks of a household: the forms of points from 2022, the income before. */
export function formColumns(policy: Policy, on: string): FactColumn[] {
  return [...policy.programmeAt(povertyClass, on).words.usedFacts]
    .filter((fact) => fact !== areaFact)
    .sort()
    .map((fact) => {
      const { type, name, values = {} } = declaredFacts[fact]!;
      return { fact, type, title: name, values, isOptional: false };
    });
}

export function columnsOfForm(columns: readonly FactColumn[]): ColumnSet {
  const all = [
    ...personColumns.map(({ name, title }) => ({ name: name as string, title: title as Text })),
    ...columns.map(({ fact, title }) => ({ name: fact, title })),
  ];
  return columnSet(
    all.map(({ name }) => name),
    new Set(),
    Object.fromEntries(all.map(({ name, title }) => [name, [title.vi, title.en, ...(aliases[name] ?? [])]])),
  );
}

const nameMax = 140;
const membersMax = 100;

/** Reads the cells of a row; null where something of it cannot be taken in. */
export function readHousehold(
  raw: RawRow,
  columns: readonly FactColumn[],
): { household: Household | null; findings: HouseholdFinding[] } {
  if (raw.problem) return { household: null, findings: [{ code: 'UNREADABLE_ROW', column: '', facts: {} }] };
  const findings: HouseholdFinding[] = [];
  const wrong = (column: string, cell: string, values?: string) => {
    if (cell === '') findings.push({ code: 'MISSING_CELL', column, facts: {} });
    else if (values === undefined)
      findings.push({ code: 'WRONG_CELL', column, facts: { value: shown(cell) } });
    else findings.push({ code: 'WRONG_CHOICE', column, facts: { value: shown(cell), values } });
  };
  const [citizenNumber = '', written = '', people = '', ...cells] = raw.cells.map((cell) => cell.trim());
  if (!isCitizenNumber(citizenNumber)) wrong('citizenNumber', citizenNumber);
  const name = normaliseName(written);
  if (name === '') wrong('name', '');
  else if (name.length > nameMax || /[\p{Cc}\p{Cs}]/u.test(name))
    findings.push({ code: 'TEXT_TOO_LONG', column: 'name', facts: { limit: nameMax } });
  const members = /^\d{1,3}$/.test(people) ? Number(people) : 0;
  if (members < 1 || members > membersMax) wrong('members', people);
  const facts: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    const value = cell === '' ? undefined : factOf(cell, column);
    if (value !== undefined) facts[column.fact] = value;
    else wrong(column.fact, cell, column.type === 'codes' ? namesOf(column.fact).vi : undefined);
  }
  const household = { row: raw.row, citizenNumber, name, members, facts };
  return { household: findings.length > 0 ? null : household, findings };
}

/** What a form that cannot be right is told by. */
export function findingOfForm(error: FormError): HouseholdFinding {
  const column = error.answers.every((answer) => indicators.includes(answer))
    ? 'deprivedOf'
    : 'characteristics';
  return { code: codeOfFault[error.fault], column, facts: { answers: error.answers } };
}

/** What was found in a row, in both languages. */
export function householdFindingText({ code, column, facts }: HouseholdFinding): Text {
  if (code in ownFindings) return ownFindings[code as keyof typeof ownFindings];
  if (code in formFindings)
    return formFindings[code as keyof typeof formFindings](namesOf(column, facts.answers));
  const title: Text = personColumns.find(({ name }) => name === column)?.title ??
    declaredFacts[column]?.name ?? { vi: '', en: '' };
  return cellFindings[code as keyof typeof cellFindings].sentence(facts, title);
}

/** Names of answers; of all that a fact may have, where none are told. */
function namesOf(fact: string, answers?: readonly string[]): Text {
  const values = declaredFacts[fact]?.values ?? {};
  const texts = (answers ?? Object.keys(values)).map(
    (answer) => values[answer] ?? { vi: answer, en: answer },
  );
  return { vi: texts.map(({ vi }) => vi).join(', '), en: texts.map(({ en }) => en).join(', ') };
}
