import { describe, expect, test } from '@jest/globals';
import {
  ancestors,
  findPlace,
  isKnownPlace,
  listPlaces,
  officeCovers,
  placeCodesUnder,
  placesBelow,
  placeToday,
} from './index.js';

test.each([
  ['09169', '2025-06-30', 'Phường Thị Cầu'],
  ['09169', '2025-07-01', 'Phường Vũ Ninh'],
  ['09253', '2023-04-09', 'Xã Đại Xuân'],
  ['09253', '2023-04-10', 'Phường Đại Xuân'],
  ['09253', '2025-06-30', 'Phường Đại Xuân'],
  ['09253', '2025-07-01', 'Phường Nhân Hoà'],
  ['09475', '2025-07-01', 'Xã Nhân Thắng'],
  ['09184', '2024-12-31', 'Phường Ninh Xá'],
  ['09184', '2025-01-01', 'Phường Tiền Ninh Vệ'],
  ['09175', '2024-12-31', 'Phường Vệ An'],
  ['09175', '2025-01-01', undefined],
  ['261', '2021-10-31', 'Thị xã Từ Sơn'],
  ['261', '2021-11-01', 'Thành phố Từ Sơn'],
  ['261', '2025-06-30', 'Thành phố Từ Sơn'],
  ['261', '2025-07-01', undefined],
  ['27', '2025-06-30', 'Tỉnh Bắc Ninh'],
  ['27', '2025-07-01', undefined],
  ['24', '2025-06-30', 'Tỉnh Bắc Giang'],
  ['24', '2025-07-01', 'Tỉnh Bắc Ninh'],
  ['07210', '2025-06-30', 'Phường Hoàng Văn Thụ'],
  ['07210', '2025-07-01', 'Phường Bắc Giang'],
  ['07243', '2025-06-30', 'Xã Đồng Tiến'],
  ['09163', '2021-01-12', undefined],
  ['09163', '2021-01-13', 'Phường Vũ Ninh'],
  ['09169', undefined, 'Phường Vũ Ninh'],
  ['256', undefined, 'Thành phố Bắc Ninh'],
  ['99999', undefined, undefined],
])('%s on %s is %s', (code, on, name) => expect(findPlace(code, on)?.name).toBe(name));

test.each([
  ['2021-10-31', 126],
  ['2022-03-31', 126],
  ['2024-12-31', 126],
  ['2025-07-01', 99],
  ['2026-11-23', 99],
])('on %s there are %i communes in Bắc Ninh', (on, count) => {
  const communes = listPlaces(on).filter((place) => place.level === 'commune');
  expect(communes.filter((place) => place.offices.includes('27'))).toHaveLength(count);
});

test('on the last day of the districts, 121 communes were under the eight of them', () => {
  const places = listPlaces('2025-06-30').filter((place) => place.offices.includes('27'));
  expect(places.filter((place) => place.level === 'commune')).toHaveLength(121);
  expect(places.filter((place) => place.level === 'district')).toHaveLength(8);
});

test('no two versions of one code are valid on the same day', () => {
  const codes = placeCodesUnder('27');
  for (const day of ['2021-01-13', '2021-11-01', '2023-04-10', '2025-01-01', '2025-06-30', '2025-07-01']) {
    const valid = listPlaces(day).map((place) => place.code);
    expect(new Set(valid).size).toBe(valid.length);
    expect(codes).toEqual(expect.arrayContaining(valid));
  }
});

test.each(['27', '24', '256', '09163', '09316', '09169', '07201'])('%s is known', (code) => {
  expect(isKnownPlace(code)).toBe(true);
});

test.each(['', '9163', '00001', '257', '1', 'Vũ Ninh', '09163 '])('%p is not known', (code) => {
  expect(isKnownPlace(code)).toBe(false);
});

test.each([
  ['09163', '2022-03-31', ['256', '27']],
  ['09169', '2025-06-30', ['256', '27']],
  ['09169', '2025-07-01', ['24']],
  ['09163', undefined, ['256', '27']],
  ['09169', undefined, ['24']],
  ['256', undefined, ['27']],
  ['07201', undefined, ['24']],
  ['24', undefined, []],
  ['09163', '2025-07-01', []],
  ['99999', undefined, []],
])('above %s on %s are %p', (code, on, codes) => {
  expect(ancestors(code, on).map((place) => place.code)).toEqual(codes);
});

test('the unit above a commune of old Bắc Giang is the province of then', () => {
  expect(ancestors('07201').map((place) => place.name)).toEqual(['Tỉnh Bắc Giang']);
});

describe('officeCovers at any time', () => {
  test.each([
    ['27', '27', true],
    ['27', '24', true],
    ['24', '27', true],
    ['27', '256', true],
    ['24', '256', true],
    ['27', '09163', true],
    ['24', '09163', true],
    ['27', '07210', true],
    ['24', '07201', true],
    ['256', '256', true],
    ['256', '09163', true],
    ['256', '09175', true],
    ['256', '09169', true],
    ['261', '09367', true],
    ['256', '261', false],
    ['256', '27', false],
    ['256', '09367', false],
    ['261', '09163', false],
    ['261', '07210', false],
    ['09163', '09163', true],
    ['09163', '09169', false],
    ['09163', '256', false],
    ['27', '99999', false],
    ['99999', '99999', false],
    ['', '', false],
  ])('office %s, place %s: %p', (office, place, covers) => expect(officeCovers(office, place)).toBe(covers));
});

describe('officeCovers on a day', () => {
  test.each([
    ['27', '09163', '2022-03-31', true],
    ['24', '09163', '2022-03-31', false],
    ['27', '07201', '2025-06-30', false],
    ['24', '07201', '2025-06-30', true],
    ['27', '07210', '2025-07-01', true],
    ['24', '07210', '2025-07-01', true],
    ['256', '09169', '2025-06-30', true],
    ['256', '09169', '2025-07-01', true],
    ['256', '09163', '2025-06-30', true],
    ['256', '09163', '2025-07-01', false],
    ['256', '09175', '2024-12-31', true],
    ['256', '09175', '2025-01-01', false],
    ['256', '09316', '2022-03-31', false],
    ['259', '09316', '2022-03-31', true],
    ['261', '09169', '2025-07-01', false],
    ['24', '24', '2025-07-01', true],
    ['27', '24', '2025-06-30', false],
    ['27', '24', '2025-07-01', true],
  ])('office %s, place %s on %s: %p', (office, place, on, covers) => {
    expect(officeCovers(office, place, on)).toBe(covers);
  });
});

describe('placeCodesUnder', () => {
  test('the districts of before July 2025 share out every commune of old Bắc Ninh and its successors', () => {
    const districts = ['256', '258', '259', '260', '261', '262', '263', '264'];
    const areas = districts.flatMap((district) => placeCodesUnder(district));
    expect(new Set(areas).size).toBe(areas.length);
    expect(areas).toHaveLength(8 + 126);
  });

  test('both codes of the province have everything, a commune itself, an unknown office nothing', () => {
    expect(placeCodesUnder('27')).toEqual(placeCodesUnder('24'));
    expect(placeCodesUnder('27')).toHaveLength(2 + 8 + 126 + 313 - 121);
    expect(placeCodesUnder('09163')).toEqual(['09163']);
    expect(placeCodesUnder('99999')).toEqual([]);
  });
});

test.each([
  ['09163', '2022-03-31', '09169'],
  ['09169', '2022-03-31', '09169'],
  ['09187', '2022-03-31', findPlace('09187', '2022-03-31')!.successorCode],
  // Vệ An was merged into Tiền Ninh Vệ in January 2025, and that into Kinh Bắc in July.
  ['09175', '2022-03-31', '09187'],
  ['09253', '2023-04-09', '09253'],
  ['07201', '2025-01-01', '07210'],
  ['27', '2022-03-31', '24'],
  ['24', '2022-03-31', '24'],
  ['24', '2025-07-01', '24'],
  // Districts ended without a successor; the source does not say where Hán Quảng went.
  ['256', '2022-03-31', undefined],
  ['09316', '2022-03-31', undefined],
])('what was %s on %s is %s today', (code, on, today) =>
  expect(placeToday(findPlace(code, on)!)?.code).toBe(today),
);

test('every commune but one is a commune of today', () => {
  const lost = ['2021-01-13', '2023-04-10', '2025-01-01', '2025-06-30']
    .flatMap((day) => listPlaces(day))
    .filter((place) => place.level === 'commune' && placeToday(place)?.level !== 'commune')
    .map(({ code }) => code);
  expect([...new Set(lost)]).toEqual(['09316']);
});

test('the tree as of a day', () => {
  const codes = (code: string, on: string) => placesBelow(code, on).map((place) => place.code);
  expect(codes('27', '2022-03-31')).toEqual(['256', '258', '259', '260', '261', '262', '263', '264']);
  expect(codes('24', '2025-07-01')).toHaveLength(99);
  expect(codes('256', '2025-06-30')).toContain('09163');
  expect(codes('256', '2025-07-01')).toEqual([]);
});
