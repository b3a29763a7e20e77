import {
  findPlace,
  listPlaces,
  type Place,
  placeCodesUnder,
  placeToday,
  placeVersions,
} from '@ansinh/places';

/** A unit of the tree of a day, or a commune of another day whose people no commune of that day can be told to have had. */
export interface Unit {
  key: string;
  place: Place;
  /** Key of the unit above; null for a province. */
  above: string | null;
  /** Whether it was there on the day. */
  isOfThen: boolean;
}

/** From when to when a code in a row means which unit. */
export interface CodeOfUnit {
  code: string;
  since: string;
  until: string;
  /** Code of the commune that holds it today: that of the office of a row. */
  today: string;
  unit: string;
}

export interface TreeOfDay {
  units: ReadonlyMap<string, Unit>;
  codes: readonly CodeOfUnit[];
  /** Codes that more than one commune had, or the same under another name. */
  reused: readonly string[];
}

/** A code is used again for other territories: with the first day it is one unit. */
export const keyOf = ({ code, validFrom }: Place) => `${code}@${validFrom}`;
const firstDay = '0001-01-01';
const trees = new Map<string, TreeOfDay>();

/**
 * The units of the last day of a half-year, and where every code that a row may have belongs among them. Rows keep the code by which
 * somebody was entered: one that ended before leads to its successor, one that came later to the commune that it came of. Where
 * several were merged into it nobody can say which of them it was, so it stands by itself under what they had in common.
 */
export function treeOf(day: string): TreeOfDay {
  let tree = trees.get(day);
  if (!tree) {
    tree = makeTree(day);
    trees.set(day, tree);
  }
  return tree;
}

function makeTree(day: string): TreeOfDay {
  const units = new Map<string, Unit>();
  const add = (place: Place, above: Place | null, isOfThen: boolean) => {
    const key = keyOf(place);
    if (!units.has(key)) units.set(key, { key, place, above: above && keyOf(above), isOfThen });
    return key;
  };
  const above = ({ parentCode }: Place) => (parentCode ? (findPlace(parentCode, day) ?? null) : null);
  const then = listPlaces(day);
  for (const place of then) add(place, above(place), true);
  const cameOf = predecessors(then.filter(({ level }) => level === 'commune'));
  const codes = then
    .filter(({ level }) => level === 'province')
    .flatMap(({ code }) => placeCodesUnder(code))
    .filter((code, index, all) => all.indexOf(code) === index)
    .flatMap((code) => {
      const versions = placeVersions(code).filter(({ level }) => level === 'commune');
      return versions.map((version, index): CodeOfUnit => {
        const unit = unitOf(version, day, cameOf.get(keyOf(version)) ?? []);
        return {
          code,
          // Before the source saw it, a code is what it was when it did.
          since: index === 0 ? firstDay : version.validFrom,
          until: versions[index + 1]?.validFrom ?? '9999-12-31',
          today: placeToday(version)?.code ?? code,
          unit: add(unit.place, unit.above, unit.isOfThen),
        };
      });
    });
  const reused = codes.filter(({ since }) => since !== firstDay).map(({ code }) => code);
  return { units, codes, reused: [...new Set(reused)] };
}

/** Of each later commune: those of the day that came to be it, wholly or in part. */
function predecessors(communes: readonly Place[]): Map<string, Place[]> {
  const cameOf = new Map<string, Place[]>();
  for (const commune of communes)
    for (let place = successor(commune); place; place = successor(place))
      cameOf.set(keyOf(place), [...(cameOf.get(keyOf(place)) ?? []), commune]);
  return cameOf;
}

function successor({ successorCode, validUntil }: Place): Place | undefined {
  return successorCode && validUntil ? findPlace(successorCode, validUntil) : undefined;
}

function unitOf(
  version: Place,
  day: string,
  cameOf: readonly Place[],
): Omit<Unit, 'key' | 'above'> & { above: Place | null } {
  if (version.validFrom > day) {
    if (cameOf.length === 1) return { place: cameOf[0]!, above: null, isOfThen: true };
    return { place: version, above: inCommon(cameOf, day) ?? stillAbove(version, day), isOfThen: false };
  }
  let place: Place | undefined = version;
  while (place?.validUntil && place.validUntil <= day) place = successor(place);
  if (place) return { place, above: null, isOfThen: true };
  return { place: version, above: stillAbove(version, day), isOfThen: false };
}

/** The lowest unit of the day that all of these were in. */
function inCommon([first, ...others]: readonly Place[], day: string): Place | undefined {
  const code = first?.offices
    .slice(1)
    .find((office) => others.every(({ offices }) => offices.includes(office)));
  return code === undefined ? undefined : findPlace(code, day);
}

/** The lowest unit above that was there on the day: its district, or what its province was then. */
function stillAbove({ offices, validFrom }: Place, day: string): Place {
  const above = offices.slice(1).find((office) => findPlace(office, day));
  if (above !== undefined) return findPlace(above, day)!;
  const province = findPlace(offices.at(-1)!, validFrom)!;
  return findPlace(province.successorCode!, day)!;
}

export function unitsBelow({ units }: TreeOfDay, key: string): Unit[] {
  return [...units.values()].filter(({ above }) => above === key);
}

/** A unit of the tree with all that are under it, itself first. */
export function unitsUnder(tree: TreeOfDay, unit: Unit): Unit[] {
  return [unit, ...unitsBelow(tree, unit.key).flatMap((below) => unitsUnder(tree, below))];
}
