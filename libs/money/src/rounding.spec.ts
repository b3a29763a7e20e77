import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { roundQuotient } from './index.js';

test.each([
  [0n, 2n, 0n, 0n, 0n, 0n],
  [1n, 2n, 1n, 0n, 1n, 0n],
  [3n, 2n, 2n, 2n, 2n, 1n],
  [5n, 2n, 3n, 2n, 3n, 2n],
  [49n, 100n, 0n, 0n, 1n, 0n],
  [51n, 100n, 1n, 1n, 1n, 0n],
  [4n, 2n, 2n, 2n, 2n, 2n],
])('%p/%p is half up %p, half even %p, up %p, down %p', (numerator, denominator, ...expected) => {
  const modes = ['halfUp', 'halfEven', 'up', 'down'] as const;
  expect(modes.map((mode) => roundQuotient(numerator, denominator, { mode, unit: 1n }))).toEqual(expected);
});

test.each([
  [149n, 100n],
  [150n, 200n],
  [250n, 200n],
  [251n, 300n],
])('%p to hundreds, half even, is %p', (amount, expected) => {
  expect(roundQuotient(amount, 1n, { mode: 'halfEven', unit: 100n })).toBe(expected);
});

test.each([
  [-1n, 1n, 1n],
  [1n, 0n, 1n],
  [1n, 1n, 0n],
])('%p/%p to %p is refused', (numerator, denominator, unit) => {
  expect(() => roundQuotient(numerator, denominator, { mode: 'halfUp', unit })).toThrow(RangeError);
});

test('is never further away than a unit, and never falls when the quotient grows', () => {
  const positive = fc.bigInt({ min: 1n, max: 10n ** 15n });
  const mode = fc.constantFrom('halfUp', 'halfEven', 'up', 'down');
  fc.assert(
    fc.property(positive, positive, positive, mode, positive, (numerator, more, denominator, mode, unit) => {
      const rounded = roundQuotient(numerator, denominator, { mode, unit });
      const error = rounded * denominator - numerator;
      expect(error < unit * denominator && error > -unit * denominator).toBe(true);
      expect(rounded % unit).toBe(0n);
      expect(roundQuotient(numerator + more, denominator, { mode, unit })).toBeGreaterThanOrEqual(rounded);
    }),
  );
});
