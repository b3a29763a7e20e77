import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  appliedOn,
  approvingBodies,
  bandOf,
  type DatedFact,
  debtGroups,
  paymentAllocation,
} from './index.js';

const laws: Record<string, readonly DatedFact<unknown>[]> = {
  debtGroups,
  paymentAllocation,
  approvingBodies,
};

describe.each(Object.entries(laws))('%s', (_, versions) => {
  test('follow one another without a gap, to this day', () => {
    for (const [index, { appliedFrom, appliedUntil }] of versions.entries()) {
      expect(appliedUntil).toBe(versions[index + 1]?.appliedFrom ?? null);
      expect(appliedUntil === null || appliedFrom < appliedUntil).toBe(true);
    }
    expect(versions[0]!.appliedFrom <= '2015-09-01').toBe(true);
  });

  test('are read in a text only where their row of law says so', () => {
    for (const { confidence, rule } of versions)
      expect({ rule, confidence }).toEqual({ rule, confidence: rule === null ? 'memory' : 'verified' });
  });
});

test.each([
  [debtGroups, '2021-09-30', '02/2013/TT-NHNN'],
  [debtGroups, '2021-10-01', '11/2021/TT-NHNN'],
  [debtGroups, '2024-06-30', '11/2021/TT-NHNN'],
  [debtGroups, '2024-07-01', '31/2024/TT-NHNN'],
  [paymentAllocation, '2017-03-14', '1627/2001/QĐ-NHNN'],
  [paymentAllocation, '2017-03-15', '39/2016/TT-NHNN'],
  [approvingBodies, '2025-12-31', '61/2015/NĐ-CP'],
  [approvingBodies, '2026-01-01', '338/2025/NĐ-CP'],
] as [readonly DatedFact<unknown>[], string, string][])('%#: on %s', (versions, day, instrument) => {
  expect(appliedOn(versions, day).instrument).toBe(instrument);
});

test('before the law begins nothing is applied', () => {
  expect(() => appliedOn(approvingBodies, '2015-08-31')).toThrow(RangeError);
});

test.each([
  [0, '1'],
  [9, '1'],
  [10, '2'],
  [90, '2'],
  [91, '3'],
  [180, '3'],
  [181, '4'],
  [360, '4'],
  [361, '5'],
])('%i days past due are of group %s', (days, code) => {
  expect(bandOf(days, appliedOn(debtGroups, '2022-06-01').value).code).toBe(code);
});

function findLaw(from: string): string | undefined {
  const law = join(from, 'shared/law/employment-loans.json');
  if (existsSync(law)) return law;
  return dirname(from) === from ? undefined : findLaw(dirname(from));
}

/** The tables of law stand beside the checkout, never in it. */
const law = findLaw(import.meta.dirname);
const whenAbsent = law ? '' : ' (skipped: no shared/law beside the checkout)';

(law ? test : test.skip)(`what was read stands so in the table of law${whenAbsent}`, () => {
  const { rules } = JSON.parse(readFileSync(law!, 'utf8')) as { rules: Record<string, string>[] };
  for (const { rule, instrument, article, confidence, appliedFrom, appliedUntil } of Object.values(laws)
    .flat()
    .filter((version) => version.rule !== null)) {
    const row = rules.find(({ id }) => id === rule)!;
    expect(row['legalBasis']).toContain(instrument);
    expect(row['legalBasis']).toContain(`art.${article}`);
    expect([row['confidence'], row['effectiveFrom']]).toEqual([confidence, appliedFrom]);
    expect(row['effectiveTo']! < appliedUntil!).toBe(true);
  }
});
