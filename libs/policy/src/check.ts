import type { Catalogue, ProgrammeInFile } from './catalogue.js';
import { checkVersions } from './check-versions.js';
import { namesOfMeasure } from './measure.js';
import type { Amount, Combination, Condition, Programme, Rule } from './shape.js';
import { BUILT_IN_DAYS } from './vocabulary.js';

/**
 * What does not hold together in a catalogue, a line each; none where it does. What is looked at: every name is declared and
 * used as what it is, every rule is cited and counted once, versions neither stand in each other's place nor leave days out
 * that are not said to be left out.
 */
export function checkCatalogue(catalogue: Catalogue): string[] {
  return Object.values(catalogue.programmes).flatMap((file) => {
    const findings = [
      ...checkNames(file),
      ...checkCombination(file.programme),
      ...checkCitations(catalogue, file),
      ...checkVersions(catalogue, file, rulesOf(file.programme)),
    ];
    return findings.map((finding) => `${file.programme.code}: ${finding}`);
  });
}

const rulesOf = ({ groups }: Programme): Rule[] => groups.flatMap(({ rules }) => rules);
const codeOf = ({ rule, id }: Rule) => rule ?? id;

function checkNames(file: ProgrammeInFile): string[] {
  const { programme, facts, measures, parameters } = file;
  const known = new Set<string>([...Object.keys(facts), ...Object.keys(measures), ...BUILT_IN_DAYS]);
  const names = new Map<string, string>();
  const values = new Map<string, string>();
  const note = (into: Map<string, string>, name: string, where: string) => into.set(name, where);
  for (const group of programme.groups) {
    const heads = [...(group.askedWhen ?? []), ...(group.when ?? [])];
    for (const condition of heads) visitCondition(condition, group.code, { note, names, values });
    for (const rule of group.rules) {
      for (const condition of rule.when) visitCondition(condition, rule.id, { note, names, values });
      if (rule.amount !== undefined) visitAmount(rule.amount, rule.id, { note, names, values });
    }
  }
  const used = [...names];
  for (const [name, { is }] of Object.entries(measures))
    used.push(...namesOfMeasure(is).map((part): [string, string] => [part, name]));
  const findings = used
    .filter(([name]) => !known.has(name))
    .map(([name, where]) => `${where} asks for ${name}, which is not declared`);
  for (const [name, where] of values)
    if (!(name in parameters)) findings.push(`${where} asks for the parameter ${name}, which is not there`);
  for (const [name, fact] of Object.entries(facts))
    if ((fact.type === 'code' || fact.type === 'codes') !== (fact.values !== undefined))
      findings.push(`${name}: a code, and only a code, has values`);
  findings.push(...checkCodes(file), ...checkCycles(file), ...checkScores(file));
  return findings;
}

interface Visit {
  note: (into: Map<string, string>, name: string, where: string) => void;
  names: Map<string, string>;
  values: Map<string, string>;
}

function visitCondition(condition: Condition, where: string, visit: Visit): void {
  for (const comparison of comparisonsOf(condition)) {
    visit.note(visit.names, comparison.fact, where);
    for (const key of ['from', 'above', 'to', 'below'] as const) {
      const bound = comparison[key];
      if (typeof bound === 'object') visit.note(visit.values, bound.parameter, where);
    }
  }
}

function visitAmount(amount: Amount, where: string, visit: Visit): void {
  if (typeof amount === 'string') return;
  if ('parameter' in amount) visit.note(visit.values, amount.parameter, where);
  else if ('fact' in amount) visit.note(visit.names, amount.fact, where);
  else if ('table' in amount) {
    visit.note(visit.values, amount.table, where);
    visit.note(visit.names, amount.by, where);
  } else if ('times' in amount) {
    const [first, ...factors] = amount.times;
    visitAmount(first, where, visit);
    for (const factor of factors) if (typeof factor === 'string') visit.note(visit.names, factor, where);
  } else for (const part of 'sum' in amount ? amount.sum : amount.least) visitAmount(part, where, visit);
}

function comparisonsOf(condition: Condition): Extract<Condition, { fact: string }>[] {
  if ('fact' in condition) return [condition];
  if ('not' in condition) return comparisonsOf(condition.not);
  return ('all' in condition ? condition.all : condition.any).flatMap(comparisonsOf);
}

/** A comparison with a code that the fact can never be is a rule that can never fire, or always does. */
function checkCodes({ programme, facts }: ProgrammeInFile): string[] {
  const conditions = programme.groups.flatMap(({ askedWhen = [], when = [], rules }) => [
    ...askedWhen,
    ...when,
    ...rules.flatMap((rule) => rule.when),
  ]);
  return conditions.flatMap(comparisonsOf).flatMap((comparison) => {
    const { fact: name, is, in: list = [], has } = comparison;
    const fact = facts[name];
    if (['is', 'in', 'has', 'from', 'above', 'to', 'below'].every((key) => !(key in comparison)))
      return [`${name} is compared with nothing`];
    if (!fact?.values)
      return fact?.type === 'boolean' && typeof is !== 'boolean' ? [`${name} is yes or no`] : [];
    const codes = [...list, ...(has === undefined ? [] : [has]), ...(is === undefined ? [] : [String(is)])];
    return codes.filter((code) => !(code in fact.values!)).map((code) => `${name} can never be ${code}`);
  });
}

/** Everything that may be marked has its points, and points are there for nothing else. */
function checkScores({ facts, measures, parameters }: ProgrammeInFile): string[] {
  return Object.entries(measures).flatMap(([name, { is }]) => {
    if (!('points' in is)) return [];
    const rows = parameters[is.points]?.rows;
    if (!rows) return [`${name} asks for the parameter ${is.points}, which is not there`];
    const marks = Object.keys(facts[is.of]?.values ?? {});
    return rows.flatMap(({ id, scores }) => {
      if (!scores) return [];
      const answers = scores.flatMap((line) => Object.keys(line.answers));
      return [
        ...marks.filter((mark) => !answers.includes(mark)).map((mark) => `${id} has no points for ${mark}`),
        ...answers
          .filter((answer) => !marks.includes(answer))
          .map((answer) => `${is.of} can never be ${answer}`),
        ...answers
          .filter((answer, index) => answers.indexOf(answer) !== index)
          .map((answer) => `${id} has the answer ${answer} twice`),
      ];
    });
  });
}

function checkCycles({ measures }: ProgrammeInFile): string[] {
  const reaches = (from: string, name: string, seen: Set<string>): boolean => {
    const measure = measures[from];
    if (!measure || seen.has(from)) return false;
    seen.add(from);
    return namesOfMeasure(measure.is).some((part) => part === name || reaches(part, name, seen));
  };
  return Object.keys(measures)
    .filter((name) => reaches(name, name, new Set()))
    .map((name) => `${name} is worked out of itself`);
}

function checkCombination(programme: Programme): string[] {
  const codes = new Set(rulesOf(programme).map(codeOf));
  const leaves: string[] = [];
  const findings: string[] = [];
  const visit = (part: Combination): void => {
    if (typeof part === 'string') return void leaves.push(part);
    if (part.confidence && part.confidence !== 'verified' && !part.id)
      findings.push('a way of combining that must be confirmed has no id');
    if (('highest' in part || 'first' in part) && !part.citation)
      findings.push('a way of combining that leaves something out cites nothing');
    if ('of' in part) [part.of, ...part.supplements].forEach(visit);
    else ('highest' in part ? part.highest : 'sum' in part ? part.sum : part.first).forEach(visit);
  };
  visit(programme.combination);
  for (const code of codes) {
    const times = leaves.filter((leaf) => leaf === code).length;
    if (times !== 1) findings.push(`${code} stands ${times} times in the combination`);
  }
  for (const leaf of leaves) if (!codes.has(leaf)) findings.push(`${leaf} is combined, and is no rule`);
  for (const rule of rulesOf(programme)) {
    const isClassifying = programme.answers === 'classification';
    if (isClassifying ? !rule.answer || !programme.values?.[rule.answer] : rule.amount === undefined)
      findings.push(`${rule.id} says nothing`);
  }
  return findings;
}

function checkCitations(
  { instruments, sources }: Catalogue,
  { programme, parameters }: ProgrammeInFile,
): string[] {
  const rows = [...rulesOf(programme), ...Object.values(parameters).flatMap((parameter) => parameter.rows)];
  const cited = [
    ...rows.map(({ id, citation }) => [id, citation] as const),
    ...rulesOf(programme).flatMap(({ id, when }) =>
      when.flatMap(comparisonsOf).flatMap(({ citation }) => (citation ? [[id, citation] as const] : [])),
    ),
  ];
  const findings = cited
    .filter(([, { instrument }]) => !(instrument in instruments))
    .map(([id, { instrument }]) => `${id} cites ${instrument}, which is not there`);
  // Of a text that nobody has read the article is not known either.
  const unread = new Set(rows.filter(({ confidence }) => confidence !== 'verified').map(({ id }) => id));
  for (const [id, { article, annex }] of cited)
    if (!article && !annex && !unread.has(id)) findings.push(`${id} cites neither an article nor an annex`);
  for (const { number, source } of Object.values(instruments))
    if (!(source in sources)) findings.push(`${number}: its source ${source} is not there`);
  return findings;
}
