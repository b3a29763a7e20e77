import type { Catalogue, ProgrammeInFile } from './catalogue.js';
import type { Parameter, ParameterRow, Programme, Rule } from './shape.js';

/** Versions of one thing neither stand in each other's place nor leave out days for which somebody will ask. */
export function checkVersions(
  catalogue: Catalogue,
  { programme, parameters }: ProgrammeInFile,
  rules: readonly Rule[],
): string[] {
  const families = [...Map.groupBy(rules, ({ rule, id }) => rule ?? id)];
  return [
    ...families.flatMap(([code, rows]) => checkFamily(catalogue, code, rows)),
    ...Object.entries(parameters).flatMap(([name, parameter]) => [
      ...checkParameter(name, parameter),
      ...[...Map.groupBy(parameter.rows, ({ province }) => province ?? '').values()].flatMap((rows) =>
        checkFamily(catalogue, name, rows),
      ),
      ...checkGaps(programme, rules, name, parameter),
    ]),
    ...checkIds([...rules, ...Object.values(parameters).flatMap(({ rows }) => rows)]),
  ];
}

function checkFamily(catalogue: Catalogue, name: string, rows: readonly (Rule | ParameterRow)[]): string[] {
  const begun = rows.map(({ appliedFrom, inForceFrom, citation }) =>
    [appliedFrom, inForceFrom ?? catalogue.instruments[citation.instrument]?.inForceFrom].join(' in force '),
  );
  return [
    ...begun
      .filter((beginning, index) => begun.indexOf(beginning) !== index)
      .map((beginning) => `${name}: two versions begin on one day, ${beginning}`),
    ...rows
      .filter(({ appliedFrom, appliedUntil }) => appliedUntil && appliedUntil <= appliedFrom)
      .map(({ id }) => `${id} ends before it begins`),
  ];
}

function checkParameter(name: string, { rows, province: may }: Parameter): string[] {
  return rows.flatMap(({ id, value, table, scores, province }) => [
    ...(value === undefined && !table && !scores ? [`${id} has neither a value nor a table`] : []),
    ...([value, table, scores].filter(Boolean).length > 1 ? [`${id} has a value and a table`] : []),
    ...(province !== undefined && !may ? [`${id}: a province may not set ${name}`] : []),
  ]);
}

/** A day without a value is a row that says so: one that is simply not there was forgotten. */
function checkGaps(
  { coversFrom }: Programme,
  rules: readonly Rule[],
  name: string,
  { rows }: Parameter,
): string[] {
  const national = rows.filter(({ province }) => province === undefined);
  const first = national.map(({ appliedFrom }) => appliedFrom).sort()[0] ?? 'ever';
  const asked = rules
    .filter((rule) => JSON.stringify(rule).includes(`"${name}"`))
    .map(({ appliedFrom }) => (appliedFrom > coversFrom ? appliedFrom : coversFrom))
    .sort()[0];
  const findings =
    asked !== undefined && first > asked ? [`${name} has no value from ${asked} to ${first}`] : [];
  for (const row of national) {
    const isFollowed = national.some(
      ({ appliedFrom }) => appliedFrom > row.appliedFrom && appliedFrom <= row.appliedUntil!,
    );
    if (row.appliedUntil && !isFollowed) findings.push(`${name} has no value from ${row.appliedUntil} on`);
  }
  return findings;
}

function checkIds(rows: readonly { id: string }[]): string[] {
  const ids = rows.map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is there twice`);
}
