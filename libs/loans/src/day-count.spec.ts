import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockOf } from './index.js';
import { anyDay } from '../test/any-schedule.js';

const dayCounts = ['actual365', 'actual360', 'actualActual', 'thirty360'] as const;

test.each([
  ['actual365', '2024-01-01', '2025-01-01', 366n, 365n],
  ['actual360', '2023-01-01', '2024-01-01', 365n, 360n],
  ['actualActual', '2023-01-01', '2025-01-01', 2n, 1n],
  // 184 days of a leap year and 90 of an ordinary one, over 365 × 366.
  ['actualActual', '2024-07-01', '2025-04-01', 184n * 365n + 90n * 366n, 133_590n],
  ['thirty360', '2023-01-31', '2023-02-28', 28n, 360n],
  ['thirty360', '2023-01-15', '2023-01-31', 15n, 360n],
  ['thirty360', '2023-01-30', '2023-01-31', 0n, 360n],
  ['thirty360', '2023-01-31', '2023-03-31', 60n, 360n],
  ['thirty360', '2024-02-29', '2025-02-28', 359n, 360n],
] as const)('%s from %s to %s is %p/%p of a year', (dayCount, from, to, part, whole) => {
  const { ticks, ticksPerYear } = clockOf(dayCount);
  expect(ticks(from, to) * whole).toBe(part * ticksPerYear);
});

test('a period that is split on any day is worth as much as the whole', () => {
  fc.assert(
    fc.property(anyDay, anyDay, anyDay, fc.constantFrom(...dayCounts), (from, split, to, dayCount) => {
      const { ticks } = clockOf(dayCount);
      expect(ticks(from, split) + ticks(split, to)).toBe(ticks(from, to));
    }),
  );
});
