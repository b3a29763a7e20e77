import { describe, expect, test } from '@jest/globals';
import { dueDays, listDueRule, monthOf, monthsBetween, plainDay, resultsDueOn } from './cycle.js';

describe('a day of the cycle', () => {
  test.each([
    ['2023-02', 0, 31, '2023-02-28'],
    ['2024-02', 0, 31, '2024-02-29'],
    ['2024-02', 0, 30, '2024-02-29'],
    ['2024-02', 0, 29, '2024-02-29'],
    ['2023-02', 0, 28, '2023-02-28'],
    ['2022-04', 0, 31, '2022-04-30'],
    ['2022-05', 0, 31, '2022-05-31'],
    ['2022-03', -1, 31, '2022-02-28'],
    ['2022-01', -1, 25, '2021-12-25'],
    ['2022-12', 0, 1, '2022-12-01'],
  ])('of %s, month %i, day %i is %s', (period, monthOffset, day, expected) => {
    expect(plainDay(period, { monthOffset, day })).toBe(expected);
  });
});

describe('what is due on a day of rest is due on the next working day', () => {
  const dueOn = (period: string, monthOffset: number, day: number) => {
    const due = { monthOffset, day };
    return dueDays(period, { listDue: due, approvalDue: due, sendingDue: due }).listDueOn;
  };

  test.each([
    ['Tuesday stays', '2022-02', -1, 25, '2022-01-25'],
    ['Saturday and Sunday', '2022-07', -1, 25, '2022-06-27'],
    ['Tết 2022, 31 January to 4 February, then a weekend', '2022-02', 0, 1, '2022-02-07'],
    ['the last day before Tết', '2022-02', -1, 28, '2022-01-28'],
    ['New Year on a Saturday, given back on Monday', '2022-01', 0, 1, '2022-01-04'],
    ['a month end that is a holiday, into the next month', '2022-04', 0, 30, '2022-05-04'],
    ['National Day', '2022-09', 0, 1, '2022-09-05'],
  ])('%s', (_, period, monthOffset, day, expected) => expect(dueOn(period, monthOffset, day)).toBe(expected));

  test('a year without published holidays says so', () => {
    const due = { monthOffset: 0, day: 10 };
    const cycle = { listDue: due, approvalDue: due, sendingDue: due };
    expect(dueDays('2022-03', cycle).isCalendarKnown).toBe(true);
    expect(dueDays('2049-03', cycle).isCalendarKnown).toBe(false);
  });
});

describe('months', () => {
  test('between two, both included, over the year', () => {
    expect(monthsBetween('2021-11', '2022-02')).toEqual(['2021-11', '2021-12', '2022-01', '2022-02']);
    expect(monthsBetween('2022-02', '2022-02')).toEqual(['2022-02']);
    expect(monthsBetween('2022-03', '2022-02')).toEqual([]);
  });

  test.each([
    ['2022-01-31', 1, '2022-02'],
    ['2022-12-31', 1, '2023-01'],
    ['2022-01-01', -1, '2021-12'],
  ])('of %s, moved by %i', (day, offset, expected) => expect(monthOf(day, offset)).toBe(expected));
});

test('the law of lists begins on 1 July 2021, both ends', () => {
  expect(listDueRule('2021-06')).toBeNull();
  expect(listDueRule('2021-07')).toMatchObject({ monthOffset: -1, day: 25, confidence: 'verified' });
});

describe('results of cash are due by law', () => {
  test.each([
    ['the 20th', '2022-04', '2022-04-20'],
    ['the 20th that is a Sunday', '2022-03', '2022-03-21'],
    ['the 20th in the days of Tết', '2026-02', '2026-02-23'],
    ['the month in which the law began', '2021-07', '2021-07-20'],
  ])('%s', (_, period, day) => expect(resultsDueOn(period)).toBe(day));

  test.each(['2021-06', '2022'])('and %s has no such day', (period) => {
    expect(resultsDueOn(period)).toBeNull();
  });
});
