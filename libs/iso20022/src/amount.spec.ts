import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAmount, readAmountIn, writeAmount } from './amount.js';

describe('readAmount', () => {
  test.each([
    ['720000', 'VND', 720_000n],
    ['720000.00', 'VND', 720_000n],
    ['720000.', 'VND', 720_000n],
    ['000720000', 'VND', 720_000n],
    ['+1', 'VND', 1n],
    ['0', 'VND', 0n],
    ['999999999999999999', 'VND', 999_999_999_999_999_999n],
    ['350.00', 'EUR', 35_000n],
    ['5.0400', 'EUR', 504n],
    ['5.1', 'EUR', 510n],
    ['5', 'EUR', 500n],
  ])('%s %s', (text, currency, expected) => {
    expect(readAmount(text, currency, 'Amt')).toBe(expected);
  });

  test.each(['720000.50', '0.01', '-1', '1,000', '1 000', '1e3', '', '.5', '１２', 'NaN', '1'.repeat(19)])(
    'refuses "%s" in VND',
    (text) => {
      expect(() => readAmount(text, 'VND', 'Amt')).toThrow(
        expect.objectContaining({ code: 'INVALID_AMOUNT' }),
      );
    },
  );

  test('refuses another currency, and none', () => {
    const wrong = expect.objectContaining({ code: 'WRONG_CURRENCY' });
    expect(() => readAmountIn('VND', '1', 'USD', 'Amt')).toThrow(wrong);
    expect(() => readAmountIn('VND', '1', undefined, 'Amt')).toThrow(wrong);
  });

  test('reads back whatever is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }), (amount) => {
        expect(readAmount(writeAmount(amount, 'Amt'), 'VND', 'Amt')).toBe(amount);
      }),
    );
  });
});

test.each([0n, -1n, 10n ** 18n])('writeAmount refuses %s', (amount) => {
  expect(() => writeAmount(amount, 'Amt')).toThrow(expect.objectContaining({ code: 'INVALID_AMOUNT' }));
});
