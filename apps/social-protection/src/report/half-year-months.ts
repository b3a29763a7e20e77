import type { Text } from '@ansinh/language';
import { officeCovers } from '@ansinh/places';
import { nationalCatalogue } from '@ansinh/policy';
import type { ProgrammeCode } from '../programme/programmes.js';
import type { Counted } from './forms.js';
import { type TreeOfDay, type Unit, unitsBelow, unitsUnder } from './half-year-places.js';

/** The last month of a half-year that an office has approved; `2022-05`. */
export interface ApprovedMonth {
  programme: ProgrammeCode;
  office: string;
  /** Last month of the half-year. */
  last: string;
  month: string;
}

interface Reported {
  tree: TreeOfDay;
  unit: Unit;
  rows: readonly Counted[];
  approved: readonly ApprovedMonth[];
}

/**
 * Where people are counted by another month than the last one, and by which: a report is due before the last month is over. Nobody is
 * counted where no month is approved, though there were people before.
 * @param last of the half-year, and of the one before
 */
export function notesOnMonths(reported: Reported, last: { now: string; before: string }): Text[] {
  const programmes = [...new Set(reported.approved.map(({ programme }) => programme))].sort();
  return programmes.flatMap((programme) => [
    ...notesOnHalf(reported, programme, last.now, {
      vi: 'số người cuối kỳ',
      en: 'people at the end of the half-year',
    }),
    ...notesOnHalf(reported, programme, last.before, {
      vi: 'số người kỳ trước chuyển sang',
      en: 'people before the half-year',
    }),
    ...noteOnNone(reported, programme, last.now),
  ]);
}

function notesOnHalf(
  { tree, unit, approved }: Reported,
  programme: ProgrammeCode,
  last: string,
  people: Text,
): Text[] {
  const months = monthsOf(tree, unit, approved, { programme, last });
  const others = [...new Set(months.values())].filter((month) => month !== null && month !== last).sort();
  return others.map((month) =>
    noteOn(
      programme,
      namesOf(tree, unit, (key) => months.get(key) === month),
      {
        vi: `tháng ${last} chưa được duyệt, ${people.vi} tính theo tháng ${month}.`,
        en: `${last} is not approved yet; ${people.en} are those of ${month}.`,
      },
    ),
  );
}

function noteOnNone(
  { tree, unit, approved, rows }: Reported,
  programme: ProgrammeCode,
  last: string,
): Text[] {
  const months = monthsOf(tree, unit, approved, { programme, last });
  const before = rows.filter((row) => row.programme === programme && row.before > 0);
  const without = new Set(before.map((row) => row.unit).filter((key) => months.get(key) === null));
  if (without.size === 0) return [];
  return [
    noteOn(
      programme,
      namesOf(tree, unit, (key) => without.has(key)),
      {
        vi: 'chưa có tháng nào trong kỳ được duyệt, nên số người cuối kỳ bằng 0.',
        en: 'no month of the half-year is approved yet, so the people at its end are 0.',
      },
    ),
  ];
}

function noteOn(programme: ProgrammeCode, names: readonly string[], { vi, en }: Text): Text {
  const { name } = nationalCatalogue().programmes[programme]!.programme;
  const where = names.join(', ');
  return names.length === 0
    ? { vi: `${name.vi}: ${vi}`, en: `${name.en}: ${en}` }
    : { vi: `${name.vi}, ở ${where}: ${vi}`, en: `${name.en}, at ${where}: ${en}` };
}

/** By key of each lowest unit: the last approved month, by whatever office above it; null where there is none. */
function monthsOf(
  tree: TreeOfDay,
  unit: Unit,
  approved: readonly ApprovedMonth[],
  { programme, last }: { programme: ProgrammeCode; last: string },
): Map<string, string | null> {
  const own = approved.filter((one) => one.programme === programme && one.last === last);
  const keys = new Set(unitsUnder(tree, unit).map(({ key }) => key));
  const months = new Map<string, string | null>();
  for (const { unit: key, today } of tree.codes) {
    if (!keys.has(key)) continue;
    const found = own.filter(({ office }) => officeCovers(office, today)).map(({ month }) => month);
    months.set(key, [...found, months.get(key) ?? ''].sort().at(-1) || null);
  }
  return months;
}

/** Units right below by name, or what is of it under one of them; nothing where it is all of the unit. */
function namesOf(tree: TreeOfDay, unit: Unit, isMeant: (key: string) => boolean): string[] {
  const lowest = (of: Unit) =>
    unitsUnder(tree, of).filter(
      ({ key, isOfThen }) => (isOfThen || isMeant(key)) && tree.codes.some((code) => code.unit === key),
    );
  if (lowest(unit).every(({ key }) => isMeant(key))) return [];
  return unitsBelow(tree, unit.key).flatMap((below) => {
    if (!lowest(below).some(({ key }) => isMeant(key))) return [];
    const inside = namesOf(tree, below, isMeant);
    return inside.length > 0 ? inside : [below.place.name];
  });
}
