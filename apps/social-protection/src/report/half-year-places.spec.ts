import { describe, expect, test } from '@jest/globals';
import { communeToday, findPlace, listPlaces } from '@ansinh/places';
import { treeOf, type Unit, unitsBelow, unitsUnder } from './half-year-places.js';

const ends = [
  '2021-12-31',
  '2022-06-30',
  '2023-06-30',
  '2024-12-31',
  '2025-06-30',
  '2025-12-31',
  '2026-12-31',
];

const key = (code: string, day: string) => `${code}@${findPlace(code, day)!.validFrom}`;

/** The unit that a code means which was written on a day. */
function meant(day: string, code: string, on: string): Unit {
  const { codes, units } = treeOf(day);
  const found = codes.filter((one) => one.code === code && one.since <= on && on < one.until);
  expect(found).toHaveLength(1);
  return units.get(found[0]!.unit)!;
}

const nameOf = ({ place, isOfThen, above }: Unit) => [place.name, isOfThen, above?.slice(0, -11) ?? null];

describe.each(ends)('the tree of %s', (day) => {
  const tree = treeOf(day);

  test('has every unit of the day once, each under the one above it', () => {
    const then = listPlaces(day);
    const ofThen = [...tree.units.values()].filter(({ isOfThen }) => isOfThen);
    expect(ofThen).toHaveLength(then.length);
    const provinces = then.filter(({ level }) => level === 'province');
    const all = provinces.flatMap(({ code }) => unitsUnder(tree, tree.units.get(key(code, day))!));
    expect(all.map((unit) => unit.key).sort()).toEqual([...tree.units.keys()].sort());
  });

  test('knows of every code that ever was where it belongs, whatever day it was written on', () => {
    for (const on of ['2021-03-01', ...ends])
      for (const { code, level } of listPlaces(on))
        if (level === 'commune') expect(meant(day, code, on)).toBeDefined();
  });

  test('puts nobody under an office that does not have him today', () => {
    for (const { code, today, unit } of tree.codes) {
      const { place, isOfThen } = tree.units.get(unit)!;
      if (isOfThen) expect([code, communeToday(place.code, day)]).toEqual([code, today]);
    }
  });
});

test.each([
  // A commune of the day is itself.
  ['2022-06-30', '09163', '2022-03-01', ['Phường Vũ Ninh', true, '256']],
  ['2022-06-30', '09169', '2022-03-01', ['Phường Thị Cầu', true, '256']],
  ['2025-12-31', '09169', '2025-08-01', ['Phường Vũ Ninh', true, '24']],
  // One that ended is what came of it.
  ['2025-12-31', '09163', '2022-03-01', ['Phường Vũ Ninh', true, '24']],
  ['2025-06-30', '09175', '2022-03-01', ['Phường Tiền Ninh Vệ', true, '256']],
  ['2025-07-01', '09163', '2022-03-01', ['Phường Vũ Ninh', true, '24']],
  // One with another name later is itself, one day before and on the day.
  ['2022-06-30', '09253', '2024-01-01', ['Xã Đại Xuân', true, '259']],
  ['2023-12-31', '09253', '2022-01-01', ['Phường Đại Xuân', true, '259']],
  // One that came later of several is by itself, under their district.
  ['2025-06-30', '09169', '2025-08-01', ['Phường Vũ Ninh', false, '256']],
  ['2022-06-30', '09169', '2025-07-01', ['Phường Vũ Ninh', false, '256']],
  ['2022-06-30', '09169', '2025-06-30', ['Phường Thị Cầu', true, '256']],
  // The source does not say where Hán Quảng went: its people stay with its district, and then with the province.
  ['2025-06-30', '09316', '2022-03-01', ['Xã Hán Quảng', false, '259']],
  ['2025-12-31', '09316', '2022-03-01', ['Xã Hán Quảng', false, '24']],
  // Of old Bắc Giang only the last communes are known.
  ['2022-06-30', '07210', '2025-03-01', ['Phường Hoàng Văn Thụ', false, '24']],
])('at the end of %s, %s written on %s is %p', (day, code, on, unit) =>
  expect(nameOf(meant(day, code, on))).toEqual(unit),
);

test('districts are between commune and province until the end of June 2025', () => {
  const below = (code: string, day: string) => {
    const tree = treeOf(day);
    return unitsBelow(tree, key(code, day)).map(({ place }) => place.level);
  };
  expect(new Set(below('27', '2025-06-30'))).toEqual(new Set(['district']));
  expect(new Set(below('24', '2025-12-31'))).toEqual(new Set(['commune']));
});
