import { describe, expect, test } from '@jest/globals';
import { evaluate, explanationText, type Facts } from './index.js';

const on = '2022-06-01';
const establishment: Facts = {
  purpose: 'job',
  borrower: 'cooperative',
  isProjectFeasible: true,
  attractsWorkers: true,
  isConfirmedByAuthority: true,
  hasCollateral: true,
  requestedAmount: 1_500_000_000n,
  jobs: 12,
};
const worker: Facts = {
  purpose: 'job',
  borrower: 'worker',
  hasCivilCapacity: true,
  isNeedConfirmed: true,
  isResidentThere: true,
};
const abroad: Facts = {
  purpose: 'overseas',
  requestedAmount: 90_000_000n,
  contractCosts: 120_000_000n,
  hasCollateral: false,
};

describe('what may be lent', () => {
  test.each<[string, string, Facts, bigint]>([
    ['12 jobs', on, establishment, 1_200_000_000n],
    ['20 jobs', on, { ...establishment, jobs: 20 }, 2_000_000_000n],
    ['21 jobs, no more than the project', on, { ...establishment, jobs: 21 }, 2_000_000_000n],
    ['a project that is not feasible', on, { ...establishment, isProjectFeasible: false }, 0n],
    ['a cooperative union, before 2026', on, { ...establishment, borrower: 'cooperativeUnion' }, 0n],
    [
      '99,999,999 without collateral',
      on,
      { ...establishment, requestedAmount: 99_999_999n, hasCollateral: false },
      1_200_000_000n,
    ],
    [
      '100,000,000 without collateral',
      on,
      { ...establishment, requestedAmount: 100_000_000n, hasCollateral: false },
      0n,
    ],
    ['a worker', on, worker, 100_000_000n],
    ['a worker who lives elsewhere', on, { ...worker, isResidentThere: false }, 0n],
    ['a worker on the first day of the amendment', '2019-11-08', worker, 100_000_000n],
    ['a worker on the last day of the law of 2013', '2025-12-31', worker, 100_000_000n],
    [
      'a loan of 2025 in 2026 goes on under its contract',
      '2026-06-01',
      { ...worker, contractSignedOn: '2025-12-31' },
      100_000_000n,
    ],
    ['work abroad', on, abroad, 120_000_000n],
    ['work abroad, 100 million without collateral', on, { ...abroad, requestedAmount: 100_000_000n }, 0n],
  ])('%s', (_, day, facts, amount) =>
    expect(evaluate('employment-loan-ceiling', facts, day).amount).toBe(amount),
  );

  test.each<[string, string, Facts, bigint, string]>([
    ['the day before the amendment', '2019-11-07', worker, 50_000_000n, 'EL-MAX-WRK-OLD'],
    ['the law of 2025', '2026-01-01', worker, 200_000_000n, 'EL26-MAX'],
    [
      'signed on its first day',
      '2026-06-01',
      { ...worker, contractSignedOn: '2026-01-01' },
      200_000_000n,
      'EL26-MAX',
    ],
    ['the jobs of it', '2026-01-01', { ...establishment, jobs: 51 }, 10_000_000_000n, 'EL26-PROJ'],
  ])('%s is not read in a text, and lends nothing', (_, day, facts, computed, row) => {
    const decision = evaluate('employment-loan-ceiling', facts, day);
    expect(decision).toMatchObject({ outcome: 'unconfirmed', amount: 0n, computed });
    expect(decision.unconfirmed.map((one) => one.row)).toContain(row);
  });
});

describe('the rate', () => {
  test.each<[string, string, Facts, bigint]>([
    ['20 workers, 6 of priority', on, { ...establishment, workers: 20, priorityWorkers: 6 }, 39_600n],
    ['5 of 20', on, { ...establishment, workers: 20, priorityWorkers: 5 }, 79_200n],
    ['29.9 %', on, { ...establishment, workers: 1_000, priorityWorkers: 299 }, 79_200n],
    ['a worker', on, worker, 79_200n],
    ['a disabled worker', on, { ...worker, isDisabled: true }, 39_600n],
    ['a minority elsewhere', on, { ...worker, isEthnicMinority: true }, 79_200n],
    [
      'a minority in an extremely difficult area',
      on,
      { ...worker, isEthnicMinority: true, isInDifficultArea: true },
      39_600n,
    ],
    ['work abroad', on, abroad, 66_000n],
    ['a contract of 2022 in 2026', '2026-06-01', { ...worker, contractSignedOn: '2022-06-01' }, 79_200n],
  ])('%s', (_, day, facts, ppm) => expect(evaluate('employment-loan-rate', facts, day).amount).toBe(ppm));

  test('the priority rate is half of the rate; 127 % of that of poor households from 2026', () => {
    const rate = (facts: Facts, day: string) => evaluate('employment-loan-rate', facts, day).computed;
    expect(rate({ ...worker, isDisabled: true }, on) * 2n).toBe(rate(worker, on));
    const poor: Facts = { purpose: 'overseas', isPoor: true, isInDifficultArea: true };
    expect((rate(poor, '2026-03-01') * 127n) / 100n).toBe(rate({ purpose: 'overseas' }, '2026-03-01'));
  });

  test('of the law of 2025 nobody has read it', () => {
    const decision = evaluate('employment-loan-rate', { ...worker, isDisabled: true }, '2026-03-01');
    expect(decision.outcome).toBe('unconfirmed');
    expect(decision.unconfirmed).toContainEqual({ row: 'EL26-RATE-PRI', confidence: 'missing' });
  });

  test('is said as a percentage', () =>
    expect(explanationText(evaluate('employment-loan-rate', worker, on), 'en')).toContain('7.92 %'));
});

test.each<[string, string, Facts, bigint]>([
  ['employment-loan-overdue', on, worker, 130n],
  ['employment-loan-overdue', '2026-01-10', worker, 130n],
  ['employment-loan-overdue', '2026-01-09', worker, 0n],
  ['employment-loan-term', on, worker, 120n],
  ['employment-loan-term', on, { purpose: 'overseas', contractMonths: 36 }, 36n],
  ['employment-loan-term', '2026-03-01', worker, 0n],
])('%s on %s', (programme, day, facts, amount) =>
  expect(evaluate(programme, facts, day).amount).toBe(amount),
);

test.each<[string, Facts, bigint, string | null]>([
  [on, establishment, 99_999_999n, 'notNeeded'],
  [on, establishment, 100_000_000n, 'needed'],
  [on, worker, 100_000_000n, 'notNeeded'],
  [on, abroad, 99_999_999n, 'notNeeded'],
  [on, abroad, 100_000_000n, 'needed'],
  ['2026-03-01', establishment, 100_000_000n, null],
])('collateral on %s of %p for %p', (day, facts, requestedAmount, answer) =>
  expect(evaluate('employment-loan-collateral', { ...facts, requestedAmount }, day).answer).toBe(answer),
);

test('whether an establishment needs it from 2026 nobody has read, which is no refusal', () => {
  const facts = { ...establishment, requestedAmount: 100_000_000n };
  const decision = evaluate('employment-loan-collateral', facts, '2026-03-01');
  expect(decision.outcome).toBe('unconfirmed');
  expect(decision.unconfirmed).toEqual([{ row: 'EL26-COLL', confidence: 'missing' }]);
});

test('from 2026 a loan for work abroad needs it above 200 million', () => {
  const rules = (requestedAmount: bigint) =>
    evaluate('employment-loan-collateral', { purpose: 'overseas', requestedAmount }, '2026-03-01').chosen.map(
      ({ rule }) => rule.answer,
    );
  expect([rules(200_000_000n), rules(200_000_001n)]).toEqual([['notNeeded'], ['needed']]);
});

test('of a value that nobody has read the explanation names none, and no zero', () => {
  const textOf = (programme: string, language: 'vi' | 'en') =>
    explanationText(
      evaluate(programme, { ...establishment, workers: 20, priorityWorkers: 0 }, '2026-03-01'),
      language,
    );
  expect(textOf('employment-loan-term', 'vi')).toContain('được áp dụng: chưa có giá trị');
  expect(textOf('employment-loan-rate', 'vi')).toContain(
    'cần mức mà quy định chưa có giá trị; hồ sơ ghi 0 %',
  );
  for (const programme of ['employment-loan-term', 'employment-loan-rate'])
    for (const language of ['vi', 'en'] as const)
      expect(textOf(programme, language)).not.toMatch(
        /hiện có là|at hand it would be|: 0 (tháng|months)|(cần|must be) ;/,
      );
  // What is known of a number that has yet to be confirmed is told.
  expect(textOf('employment-loan-ceiling', 'en')).toContain('it would be 2,400,000,000 VND');
});

describe('the use of interest', () => {
  const parts = (interestCollected: bigint, day: string) => {
    const decision = evaluate('employment-loan-interest-use', { interestCollected }, day);
    return [decision.outcome, ...decision.chosen.map((rule) => decision.amountOf(rule))];
  };

  test.each([
    ['2019-11-07', 'unconfirmed'],
    ['2019-11-08', 'granted'],
    ['2025-12-31', 'granted'],
    ['2026-01-01', 'unconfirmed'],
  ])('of interest of %s is %s', (day, outcome) => {
    expect(parts(1_000_000n, day)).toEqual([outcome, 3_000n, 150_000n, 100_000n]);
  });

  test('a part is a whole đồng, halves up, and what is left is the bank’s: never less than nothing', () => {
    expect(parts(0n, on)).toEqual(['granted', 0n, 0n, 0n]);
    for (let interest = 1n; interest < 2_000n; interest += 1n) {
      const [, ...named] = parts(interest, on) as [string, ...bigint[]];
      expect(named.reduce((sum, part) => sum + part, 0n)).toBeLessThanOrEqual(interest);
    }
    expect(parts(167n, on)).toEqual(['granted', 1n, 25n, 17n]);
    expect(parts(166n, on)).toEqual(['granted', 0n, 25n, 17n]);
  });
});

describe('support before departure', () => {
  const supported: Facts = { isOfSupportedGroup: true, hasHadOverseasSupport: false };
  test.each<[string, Facts, bigint]>([
    ['a language course within the most', { languageCosts: 2_999_999n }, 2_999_999n],
    ['above it', { languageCosts: 3_000_001n }, 3_000_000n],
    ['meals of 30 days', { trainingDays: 30 }, 1_200_000n],
    ['14 km', { kilometres: 14 }, 0n],
    ['15 km', { kilometres: 15 }, 200_000n],
    ['9 km from a difficult area', { kilometres: 9, isInDifficultArea: true }, 0n],
    ['10 km from a difficult area', { kilometres: 10, isInDifficultArea: true }, 300_000n],
    ['15 km from there, once', { kilometres: 15, isInDifficultArea: true }, 300_000n],
    ['orientation and health check', { orientationCosts: 600_000n, healthCheckCosts: 800_000n }, 1_280_000n],
    ['had before', { languageCosts: 1n, hasHadOverseasSupport: true }, 0n],
    ['of no group', { languageCosts: 1n, isOfSupportedGroup: false }, 0n],
  ])('%s', (_, facts, amount) =>
    expect(evaluate('overseas-support', { ...supported, ...facts }, on).amount).toBe(amount),
  );

  test('amounts of a vocational course were not carried over, those of 2026 not read', () => {
    expect(evaluate('overseas-support', { ...supported, vocationalCosts: 1n }, on).outcome).toBe(
      'unconfirmed',
    );
    expect(
      evaluate('overseas-support', { ...supported, trainingMonths: 2, trainingDays: 10 }, '2026-03-01'),
    ).toMatchObject({ outcome: 'unconfirmed', computed: 1_300_000n });
  });
});
