import source from './data/bac-ninh.json' with { type: 'json' };

export type PlaceLevel = 'province' | 'district' | 'commune';

/**
 * One unit over one interval. Codes are used again for other territories (09169 was Thị Cầu, then Vũ Ninh), so what
 * identifies a place is its code together with `validFrom`.
 */
export interface Place {
  /** Code of the General Statistics Office: two digits for a province, three for a district, five for a commune. */
  code: string;
  name: string;
  level: PlaceLevel;
  parentCode: string | null;
  /** First day; for units older than the data, the first day on which the source saw them. */
  validFrom: string;
  /** First day on which it is no longer valid; null while it is. */
  validUntil: string | null;
  /** Offices whose area it is: itself, those above it, and since July 2025 those of its area before. */
  offices: string[];
  /** The unit that holds its territory since `validUntil`; null while it is valid, and where no source says it. */
  successorCode: string | null;
}

/** Two levels since Resolution 202/2025/QH15: districts ended, and Bắc Ninh (27) and Bắc Giang (24) became one province. */
const TWO_LEVELS_SINCE = '2025-07-01';
const OLD_PROVINCE = '27';
const NEW_PROVINCE = '24';
/** The oldest source was read on this day. Units of old Bắc Giang are known only from the lists of 2025. */
const OBSERVED_SINCE = '2021-01-13';
const OLD_BAC_GIANG_OBSERVED_SINCE = '2025-01-01';

/** All units of the two provinces, each version of each code, oldest first within a code. */
export function readPlaces(): Place[] {
  const places = [...provinces(), ...oldBacNinh(), ...oldBacGiangCommunes(), ...communesSinceJuly2025()];
  return places.sort((a, b) => compare(a.code, b.code) || compare(a.validFrom, b.validFrom));
}

function provinces(): Place[] {
  const old = {
    level: 'province',
    parentCode: null,
    validFrom: OBSERVED_SINCE,
    validUntil: TWO_LEVELS_SINCE,
    successorCode: NEW_PROVINCE,
  } as const;
  return [
    { ...old, code: OLD_PROVINCE, name: 'Tỉnh Bắc Ninh', offices: [OLD_PROVINCE] },
    { ...old, code: NEW_PROVINCE, name: 'Tỉnh Bắc Giang', offices: [NEW_PROVINCE] },
    {
      code: NEW_PROVINCE,
      name: 'Tỉnh Bắc Ninh',
      level: 'province',
      parentCode: null,
      validFrom: TWO_LEVELS_SINCE,
      validUntil: null,
      offices: [NEW_PROVINCE, OLD_PROVINCE],
      successorCode: null,
    },
  ];
}

interface SourceVersion {
  fullName: string;
  effectiveFrom: string;
  effectiveTo: string;
}

function oldBacNinh(): Place[] {
  return source.districts.flatMap((district) => [
    ...versionsOf(district, 'district', [OLD_PROVINCE]),
    ...district.communes.flatMap((commune) => versionsOf(commune, 'commune', [district.code, OLD_PROVINCE])),
  ]);
}

function versionsOf(
  unit: { code: string; versions: SourceVersion[]; successor2025?: string },
  level: PlaceLevel,
  above: string[],
): Place[] {
  return unit.versions.map(({ fullName, effectiveFrom, effectiveTo }, index) => ({
    code: unit.code,
    name: fullName,
    level,
    parentCode: above[0]!,
    validFrom: effectiveFrom,
    validUntil: dayAfter(effectiveTo),
    offices: [unit.code, ...above],
    successorCode:
      unit.versions[index + 1] !== undefined
        ? unit.code
        : (unit.successor2025 ?? mergedInto.get(unit.code) ?? null),
  }));
}

/** Mergers of January 2025 by the code that ended. The source does not know where Hán Quảng (09316) went. */
const mergedInto = new Map(
  source.merges2025_01_01.flatMap(({ into, absorbed = [] }) => absorbed.map((code) => [code, into] as const)),
);

/** The source names the communes of old Bắc Giang as parts of the new ones, without their districts. */
function oldBacGiangCommunes(): Place[] {
  return source.communesSince2025_07_01
    .filter((commune) => commune.formerProvince === NEW_PROVINCE)
    .flatMap(({ code: successorCode, formerUnits }) =>
      formerUnits.flatMap(({ name, codes2025 }) =>
        codes2025.map((code) => ({ code, name: name.replace(/ \(.*\)$/, ''), successorCode })),
      ),
    )
    .map(({ code, name, successorCode }) => ({
      code,
      name,
      level: 'commune',
      parentCode: NEW_PROVINCE,
      validFrom: OLD_BAC_GIANG_OBSERVED_SINCE,
      validUntil: TWO_LEVELS_SINCE,
      offices: [code, NEW_PROVINCE],
      successorCode,
    }));
}

function communesSinceJuly2025(): Place[] {
  const formerDistrict = new Map<string, string>();
  for (const district of source.districts) {
    for (const commune of district.communes) {
      if (commune.successor2025) formerDistrict.set(commune.successor2025, district.code);
    }
  }
  return source.communesSince2025_07_01.map(({ code, fullName }) => {
    const district = formerDistrict.get(code);
    return {
      code,
      name: fullName,
      level: 'commune',
      parentCode: NEW_PROVINCE,
      validFrom: TWO_LEVELS_SINCE,
      validUntil: null,
      offices: [code, NEW_PROVINCE, OLD_PROVINCE, ...(district ? [district] : [])],
      successorCode: null,
    };
  });
}

function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
