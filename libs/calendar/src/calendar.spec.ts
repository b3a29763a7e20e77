import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  addDays,
  addWorkingDays,
  ageOn,
  dayInMonth,
  daysBetween,
  endOfDayInVietnam,
  isCalendarKnown,
  isDay,
  isWorkingDay,
  monthEndOf,
  nextWorkingDay,
  specialDayOn,
  todayInVietnam,
  unconfirmedDays,
  vietnamTime,
  workingDayOnOrAfter,
  workingDaysBetween,
} from './index.js';

test.each([
  ['a Monday', '2022-03-07', true],
  ['a Friday', '2022-03-11', true],
  ['a Saturday', '2022-03-12', false],
  ['a Sunday', '2022-03-13', false],
  ['the eve of Tết', '2022-01-31', false],
  ['the last working day before Tết', '2022-01-28', true],
  ['National Day', '2022-09-02', false],
  ['a day off for a holiday on Sunday', '2022-04-11', false],
  ['a day swapped for a Saturday', '2024-04-29', false],
  ['the Saturday worked for it', '2024-05-04', true],
  ['a leap day', '2024-02-29', true],
  ['New Year of a year that is not listed', '2031-01-01', false],
  ['National Day of a year that is not listed', '2031-09-02', false],
  ['an ordinary day of a year that is not listed', '2031-09-03', true],
])('%s (%s) is a working day: %p', (_, day, working) => expect(isWorkingDay(day)).toBe(working));

describe('addWorkingDays', () => {
  // Every special day between start and due is `verified`, so the result is exact.
  test.each([
    ['2022-01-27', 3, '2022-02-08'],
    ['2022-08-30', 5, '2022-09-08'],
    ['2023-01-18', 7, '2023-02-03'],
    ['2024-04-26', 3, '2024-05-04'],
    ['2026-02-13', 3, '2026-02-25'],
    ['2022-03-12', 0, '2022-03-12'],
    ['2022-03-11', 1, '2022-03-14'],
    ['2021-12-31', 1, '2022-01-04'],
  ])('%s and %i working days is %s', (start, count, due) => expect(addWorkingDays(start, count)).toBe(due));

  test('a deadline that rests on an unconfirmed day can be seen to do so', () => {
    expect(specialDayOn('2026-11-24')).toMatchObject({ isWorkingDay: false, confidence: 'secondary' });
    expect(specialDayOn('2026-01-10')).toMatchObject({ isWorkingDay: true, confidence: 'memory' });
    expect(specialDayOn('2026-11-25')).toBeUndefined();
  });

  test.each(['2022-02-30', '2022-1-1', '20220101', '', '2022-01-01T00:00'])('refuses the day %p', (day) => {
    expect(() => addWorkingDays(day, 1)).toThrow(RangeError);
    expect(() => isWorkingDay(day)).toThrow(RangeError);
  });

  test.each([-1, 1.5, Number.NaN])('refuses the count %p', (count) => {
    expect(() => addWorkingDays('2022-03-07', count)).toThrow(RangeError);
  });
});

test('the next working day is never the same day, the one on or after may be', () => {
  expect(nextWorkingDay('2022-03-10')).toBe('2022-03-11');
  expect(nextWorkingDay('2022-03-11')).toBe('2022-03-14');
  expect(workingDayOnOrAfter('2022-03-11')).toBe('2022-03-11');
  expect(workingDayOnOrAfter('2022-03-12')).toBe('2022-03-14');
});

test('the holidays of 2021 to 2026 are known', () => {
  expect(['2020', '2021', '2026', '2027'].map((year) => isCalendarKnown(`${year}-06-01`))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test.each([
  ['2026-11-22T16:59:59.999Z', '2026-11-22', '2026-11-22T23:59:59.999+07:00'],
  ['2026-11-22T17:00:00.000Z', '2026-11-23', '2026-11-23T00:00:00.000+07:00'],
  ['2025-12-31T17:00:00.000Z', '2026-01-01', '2026-01-01T00:00:00.000+07:00'],
])('%s is the day %s in Viet Nam', (instant, day, time) => {
  expect(todayInVietnam(new Date(instant))).toBe(day);
  expect(vietnamTime(new Date(instant))).toBe(time);
});

test.each([
  ['2022-03-07', '2022-03-07', 0],
  ['2022-03-07', '2022-03-08', 1],
  ['2022-03-08', '2022-03-07', 0],
  ['2022-03-11', '2022-03-13', 0],
  ['2022-03-11', '2022-03-14', 1],
  ['2022-01-28', '2022-02-06', 0],
  ['2022-01-28', '2022-02-07', 1],
  ['2024-04-26', '2024-05-04', 3],
])('after %s, up to %s, %i working days lie', (after, through, count) => {
  expect(workingDaysBetween(after, through)).toBe(count);
});

test('the days on which an official has yet to say whether they are worked', () => {
  expect(unconfirmedDays('2026-11-23', '2026-11-25')).toEqual(['2026-11-24']);
  expect(unconfirmedDays('2026-11-24', '2026-11-25')).toEqual([]);
  expect(unconfirmedDays('2022-01-27', '2022-02-08')).toEqual([]);
  expect(unconfirmedDays('2026-12-31', '2027-01-02')).toEqual(['2027-01-01', '2027-01-02']);
});

test('days of whatever kind', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
  expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2);
});

test.each(['2023-00-10', '2023-04-00', '2023-02-29', '2023-13-01', '2023-1-1', '2023-04-31', ''])(
  '%p is no day',
  (day) => {
    expect(isDay(day)).toBe(false);
    expect(() => daysBetween('2023-01-01', day)).toThrow(RangeError);
  },
);

test('days that are counted on their digits are those of a library of dates', () => {
  const anyDay = fc.integer({ min: -60_000, max: 60_000 }).map((days) => DateTime.utc(2000).plus({ days }));
  const iso = (date: DateTime) => date.toISODate()!;
  fc.assert(
    fc.property(anyDay, anyDay, fc.integer({ min: -400, max: 400 }), (one, other, count) => {
      const [from, to] = [iso(one), iso(other)];
      expect(daysBetween(from, to)).toBe(other.diff(one, 'days').days);
      expect(addDays(from, count)).toBe(iso(one.plus({ days: count })));
      const month = one.startOf('month').plus({ months: count });
      expect(dayInMonth(from, count, 15)).toBe(iso(month.set({ day: 15 })));
      expect(dayInMonth(from, count, 31)).toBe(iso(month.endOf('month')));
      expect(monthEndOf(from)).toBe(iso(one.endOf('month')));
      if (one <= other && !from.endsWith('02-29'))
        expect(ageOn(from, to)).toBe(Math.floor(other.diff(one, 'years').years));
    }),
  );
});

test('a day ends at midnight in Viet Nam', () => {
  expect(endOfDayInVietnam('2026-11-23')).toEqual(new Date('2026-11-23T17:00:00Z'));
});
