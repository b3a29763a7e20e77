import { describe, expect, test } from '@jest/globals';
import { formatVnd, parseVnd } from './vnd.js';

describe('parseVnd', () => {
  test.each([
    ['1', 1n],
    ['1500000', 1_500_000n],
    ['999999999999999', 999_999_999_999_999n],
  ])('reads %s', (text, amount) => expect(parseVnd(text)).toBe(amount));

  test.each([
    ['zero', '0'],
    ['nothing', ''],
    ['a sign', '-1500000'],
    ['a plus sign', '+1500000'],
    ['a leading zero', '01500000'],
    ['decimals', '1500000.00'],
    ['Vietnamese separators', '1.500.000'],
    ['English separators', '1,500,000'],
    ['an exponent', '1.5E+06'],
    ['full-width digits', '１５０００００'],
    ['Arabic digits', '١٥٠'],
    ['a space', ' 1500000'],
    ['a line break', '1500000\n'],
    ['sixteen digits', '1000000000000000'],
    ['hexadecimal', '0x10'],
    ['a currency', '1500000đ'],
  ])('refuses %s', (_, text) => {
    expect(parseVnd(text)).toBeNull();
  });
});

test.each([
  [0n, 'vi', '0 đồng'],
  [1_500_000n, 'vi', '1.500.000 đồng'],
  [1_500_000n, 'en', '1,500,000 VND'],
  [-778_000_000_000n, 'en', '-778,000,000,000 VND'],
  [9_007_199_254_740_993n, 'vi', '9.007.199.254.740.993 đồng'],
] as const)('formatVnd(%p, %s) is %s', (amount, language, text) => {
  expect(formatVnd(amount, language)).toBe(text);
});
