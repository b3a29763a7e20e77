import { expect, test } from '@jest/globals';
import { type CapitalSource, isApprovingBody } from './approving-body.js';

test.each([
  ['27', 'central', null, 1n, true],
  ['256', 'central', null, 1n, false],
  ['27', 'province', null, 1n, true],
  ['256', 'province', null, 1n, false],
  ['256', 'district', null, 2_000_000_000n, true],
  ['27', 'district', null, 1n, false],
  ['256', 'district', 100_000_000n, 100_000_000n, true],
  ['256', 'district', 100_000_000n, 100_000_001n, false],
  ['27', 'district', 100_000_000n, 100_000_001n, true],
  ['09169', 'district', null, 1n, false],
  ['99999', 'central', null, 1n, false],
] as [string, CapitalSource, bigint | null, bigint, boolean][])(
  'office %s, capital of the %s, limit %p, %p đồng: %p',
  (office, source, limitBelowProvince, amount, may) => {
    expect(isApprovingBody(office, { source, limitBelowProvince }, { amount, on: '2022-06-01' })).toBe(may);
  },
);
