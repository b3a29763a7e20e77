import { describe, expect, test } from '@jest/globals';
import { openPolicy, rowDigest } from '@ansinh/policy';
import { loanCatalogue } from '../law/law.js';
import { type CollectedInterest, type InterestUse, interestUse, lawPeriods } from './interest-use.js';

const policy = openPolicy({ catalogue: loanCatalogue() });
const sumOf = ({ parts, undivided }: InterestUse) =>
  Object.values(parts).reduce((sum, part) => sum + part, undivided);

test('the law changes on the days on which it is amended and replaced', () => {
  const periods = (from: string, through: string) =>
    lawPeriods(policy, from, through).map((period) => `${period.from} ${period.through} ${period.rows[0]}`);
  expect(periods('2019-01-01', '2019-12-31')).toEqual([
    '2019-01-01 2019-11-07 EL-INT-MINISTRY-OLD',
    '2019-11-08 2019-12-31 EL-INT-MINISTRY',
  ]);
  expect(periods('2025-12-31', '2025-12-31')).toEqual(['2025-12-31 2025-12-31 EL-INT-MINISTRY']);
  expect(periods('2026-01-01', '2026-12-31')).toEqual(['2026-01-01 2026-12-31 EL26-INT-MINISTRY']);
});

describe('the parts', () => {
  const [year] = lawPeriods(policy, '2022-01-01', '2022-12-31');
  const use = (before: bigint, within: bigint) => interestUse(policy, [{ period: year!, before, within }]);

  test('are those that the law names, and the bank’s', () => {
    expect(use(0n, 672_658n)).toMatchObject({
      collected: 672_658n,
      parts: { ministry: 2_018n, departmentAndDistricts: 100_899n, fund: 67_266n, bank: 502_475n },
      undivided: 0n,
      unconfirmed: [],
    });
  });

  test('of quarters, however small, are together those of the year: no đồng is lost or found', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const quarters = [7, 331, 1_009, 65_537].map((prime) => BigInt((seed * prime) % 1_013));
      let before = 0n;
      const total = { ministry: 0n, departmentAndDistricts: 0n, fund: 0n, bank: 0n };
      for (const within of quarters) {
        const quarter = use(before, within);
        expect(sumOf(quarter)).toBe(within);
        for (const [part, amount] of Object.entries(quarter.parts) as [keyof typeof total, bigint][]) {
          expect(amount).toBeGreaterThanOrEqual(0n);
          total[part] += amount;
        }
        before += within;
      }
      expect(total).toEqual(use(0n, before).parts);
    }
  });

  test('of days whose law nobody has read are not made, until a named person has confirmed it', () => {
    const periods = lawPeriods(policy, '2019-01-01', '2019-12-31');
    const collected = periods.map((period): CollectedInterest => ({ period, before: 0n, within: 1_000n }));
    const open = interestUse(policy, collected);
    expect(open).toMatchObject({ collected: 2_000n, undivided: 1_000n, parts: { bank: 747n } });
    expect(open.unconfirmed).toContain('EL-INT-FUND-OLD');
    const { parameters } = loanCatalogue().programmes['employment-loan-interest-use']!;
    const confirmations = Object.values(parameters)
      .flatMap(({ rows }) => rows)
      .map((row) => ({ row: row.id, digest: rowDigest(row), confirmedBy: 'a', confirmedOn: '2026-01-01' }));
    const confirmed = interestUse(openPolicy({ catalogue: loanCatalogue(), confirmations }), collected);
    expect(confirmed).toMatchObject({ undivided: 0n, unconfirmed: [], parts: { bank: 1_494n } });
  });
});
