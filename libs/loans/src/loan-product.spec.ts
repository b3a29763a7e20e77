import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findProcedure } from '@ansinh/procedures';
import { type Fact, findLoanProduct, loanProducts, policyBankServicing, principalSpacing } from './index.js';

interface LawRule {
  id: string;
  value?: unknown;
  amountVnd?: LawRule['value'];
  legalBasis: string;
  effectiveFrom: string | null;
  effectiveTo: string | null;
  confidence: string;
}

function findLaw(from: string): string | undefined {
  const law = join(from, 'shared/law/employment-loans.json');
  if (existsSync(law)) return law;
  return dirname(from) === from ? undefined : findLaw(dirname(from));
}

/** The tables of law stand beside the checkout, never in it. */
const law = findLaw(import.meta.dirname);
const whenAbsent = law ? '' : ' (skipped: no shared/law beside the checkout)';

function product(code: (typeof loanProducts)[number]['code'], on: string) {
  return findLoanProduct(code, on)!;
}

describe('by the law', () => {
  const worker = product('EL-WORKER', '2022-06-01');

  test.each([
    [12, 12],
    [13, 24],
    [60, 24],
    [61, 36],
    [120, 36],
  ])('of a loan of %i months principal is due every %i months at most', (term, months) => {
    expect(principalSpacing(worker, term)).toBe(months);
    expect(principalSpacing(product('OL-WORKER', '2022-06-01'), term)).toBe(12);
  });
});

test('the overdue rate is 130 % of the rate', () => {
  const versions = loanProducts.filter(({ validFrom }) => validFrom === '2019-11-08');
  expect(versions.map(({ overdueRatePercent }) => overdueRatePercent!.value)).toEqual([130, 130]);
});

test.each([
  ['2015-08-31', undefined],
  ['2015-09-01', '2015-09-01'],
  ['2019-11-07', '2015-09-01'],
  ['2019-11-08', '2019-11-08'],
  ['2025-12-31', '2019-11-08'],
  ['2026-01-01', '2026-01-01'],
])('a contract of %s is by the version of its day', (signedOn, validFrom) => {
  expect(findLoanProduct('EL-WORKER', signedOn)?.validFrom).toBe(validFrom);
});

describe.each(loanProducts.map((one) => [`${one.code} of ${one.validFrom}`, one] as const))(
  '%s',
  (_, one) => {
    test('follows the version before it without a gap, and can be asked for', () => {
      const earlier = loanProducts.filter(
        ({ code, validFrom }) => code === one.code && validFrom < one.validFrom,
      );
      if (earlier.length > 0) expect(earlier.at(-1)!.validUntil).toBe(one.validFrom);
      expect(one.validUntil === null || one.validFrom < one.validUntil).toBe(true);
      if (one.procedure) expect(findProcedure(one.procedure, one.validFrom)).toBeDefined();
    });
  },
);

/** Every fact of a tree of them, with the day from which it is applied. */
function factsOf(tree: unknown, from: string | null): { fact: Fact<unknown>; from: string | null }[] {
  if (tree === null || typeof tree !== 'object') return [];
  if ('rule' in tree) return [{ fact: tree as Fact<unknown>, from }];
  return Object.values(tree).flatMap((branch) => factsOf(branch, from));
}

const facts = [
  ...loanProducts.flatMap((one) => factsOf(one, one.validFrom)),
  ...factsOf(policyBankServicing, null),
];

/** Numbers that stand in the words of a rule, not in its value. */
const besidesItsValue: Record<string, number[]> = {
  'OL-RATE': [130],
  'EL26-OL-RATE': [130],
};

/** As it stands, as per cent of a factor, as parts per million of a percentage. */
function inUnits(value: number): number[] {
  return [value, Math.round(value * 100), Math.round(value * 10_000)];
}

describe('the table of law' + whenAbsent, () => {
  const rules: LawRule[] = law ? JSON.parse(readFileSync(law, 'utf8')).rules : [];

  (law ? test : test.skip).each([...new Set(facts.map(({ fact }) => fact.rule))])(
    '%s is as it says',
    (id) => {
      const rule = rules.find((candidate) => candidate.id === id);
      expect(rule).toBeDefined();
      for (const { fact, from } of facts.filter((candidate) => candidate.fact.rule === id)) {
        expect([fact.legalBasis, fact.confidence]).toEqual([rule!.legalBasis, rule!.confidence]);
        if (from && rule!.effectiveFrom) expect(rule!.effectiveFrom <= laterThanLaw(from)).toBe(true);
        if (from && rule!.effectiveTo) expect(from <= rule!.effectiveTo).toBe(true);
        if (typeof fact.value === 'bigint' && rule!.amountVnd && rule!.confidence === 'verified')
          expect(fact.value).toBe(BigInt(String(rule!.amountVnd)));
        if (typeof fact.value === 'number' && typeof rule!.value === 'number')
          expect([...inUnits(rule!.value), ...(besidesItsValue[id] ?? [])]).toContain(fact.value);
      }
    },
  );

  /** The overdue rate of 2026 is in force from its signing on 10 January; it had been 130 % before. */
  function laterThanLaw(from: string): string {
    return from === '2026-01-01' ? '2026-01-10' : from;
  }
});
