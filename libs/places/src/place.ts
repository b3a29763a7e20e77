import { readPlaces, type Place } from './place-data.js';

const versionsByCode = new Map<string, Place[]>();
for (const place of readPlaces()) {
  const versions = versionsByCode.get(place.code);
  if (versions) versions.push(place);
  else versionsByCode.set(place.code, [place]);
}

const codesByOffice = groupCodesByOffice();

/** The unit with this code on a day (`2022-03-31`), or its latest version when no day is given. */
export function findPlace(code: string, on?: string): Place | undefined {
  const versions = versionsByCode.get(code);
  return on === undefined ? versions?.at(-1) : versions?.find((place) => isValid(place, on));
}

/** Whether this was the code of a province, district or commune at any time. */
export function isKnownPlace(code: string): boolean {
  return versionsByCode.has(code);
}

/** Every unit that was valid on a day, by code. */
export function listPlaces(on: string): Place[] {
  return [...versionsByCode.values()].flatMap((versions) => versions.filter((place) => isValid(place, on)));
}

/** The versions of a code, oldest first: several where it was given to another territory, or its unit got another name. */
export function placeVersions(code: string): readonly Place[] {
  return versionsByCode.get(code) ?? [];
}

/** The unit that holds today the territory that `place` held; null where no source says it, or nothing succeeded it. */
export function placeToday(place: Place): Place | null {
  if (place.validUntil === null) return place;
  const successor = place.successorCode && findPlace(place.successorCode, place.validUntil);
  return successor ? placeToday(successor) : null;
}

/** The units right below, on a day. */
export function placesBelow(code: string, on: string): Place[] {
  return listPlaces(on).filter(({ parentCode }) => parentCode === code);
}

/** The units above, the nearest first: district and province of a commune before July 2025, the province since. */
export function ancestors(code: string, on?: string): Place[] {
  const place = findPlace(code, on);
  if (!place?.parentCode) return [];
  const parent = findPlace(place.parentCode, on ?? place.validFrom);
  return parent ? [parent, ...ancestors(parent.code, on ?? place.validFrom)] : [];
}

/**
 * Whether a place belongs to an office's area. An office outlives the unit it was named by: a district keeps its
 * communes and those that succeeded them in July 2025, and both codes of the province cover the whole of it; a commune
 * covers itself.
 *
 * Without `on`, at any time: that decides who sees a row, whenever its place code was written. With `on`, the place must
 * have been valid on that day and in the area on that day.
 */
export function officeCovers(officeCode: string, placeCode: string, on?: string): boolean {
  if (on === undefined) return codesByOffice.get(officeCode)?.has(placeCode) ?? false;
  return findPlace(placeCode, on)?.offices.includes(officeCode) ?? false;
}

/** Every code that was ever in the office's area, its own among them, sorted. Empty for an unknown office. */
export function placeCodesUnder(officeCode: string): string[] {
  return [...(codesByOffice.get(officeCode) ?? [])].sort();
}

function isValid(place: Place, on: string): boolean {
  return place.validFrom <= on && (place.validUntil === null || on < place.validUntil);
}

function groupCodesByOffice(): Map<string, Set<string>> {
  const everything = new Set(versionsByCode.keys());
  const groups = new Map<string, Set<string>>();
  for (const versions of versionsByCode.values()) {
    for (const place of versions) {
      // The two provinces are one now, and its office keeps the records of both.
      if (place.level === 'province') groups.set(place.code, everything);
      for (const office of place.offices) {
        const codes = groups.get(office) ?? new Set();
        groups.set(office, codes.add(place.code));
      }
    }
  }
  return groups;
}

/** What a commune of a day is today; null where there was none with this code. */
export function communeToday(placeCode: string, on: string): string | null {
  const place = placeOn(placeCode, on);
  if (place?.level !== 'commune') return null;
  // Where no source says what became of a commune, its people stay with its old code, which its district still covers.
  return placeToday(place)?.code ?? placeCode;
}

/** Before the first day that the source of places saw, a code is what it was on that day. */
function placeOn(code: string, on: string): Place | undefined {
  const [oldest] = placeVersions(code);
  return oldest && on < oldest.validFrom ? oldest : findPlace(code, on);
}
