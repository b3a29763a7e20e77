import { expect, test } from '@jest/globals';
import { openPolicy } from '@ansinh/policy';
import { loanCatalogue } from './law.js';
import {
  type ApplicationFacts,
  isBorrowerRefused,
  isCollateralNeeded,
  lendingLaw,
  limitOf,
} from './lending-law.js';
import type { ToldFact } from './law-facts.js';

const policy = openPolicy({ catalogue: loanCatalogue() });
const worker: ApplicationFacts = {
  productCode: 'EL-WORKER',
  borrower: 'worker',
  amount: 80_000_000n,
  workers: 1,
  hasCollateral: false,
  told: [],
  isConfirmed: true,
  isEligible: true,
};
const cooperative: ApplicationFacts = {
  ...worker,
  productCode: 'EL-ESTABLISHMENT',
  borrower: 'cooperative',
  workers: 12,
};
const union: ApplicationFacts = { ...cooperative, borrower: 'cooperativeUnion' };
const abroad: ApplicationFacts = { ...worker, productCode: 'OL-WORKER' };

test.each<[string, ApplicationFacts, string, string, bigint | null]>([
  ['2019-11-07', worker, 'a worker', 'unconfirmed', 50_000_000n],
  ['2019-11-08', worker, 'a worker', 'granted', 100_000_000n],
  ['2025-12-31', worker, 'a worker', 'granted', 100_000_000n],
  ['2026-01-01', worker, 'a worker', 'unconfirmed', 200_000_000n],
  [
    '2026-01-01',
    { ...worker, contractSignedOn: '2025-12-31' },
    'a contract of 2025',
    'granted',
    100_000_000n,
  ],
  ['2019-11-08', cooperative, 'twelve jobs', 'granted', 1_200_000_000n],
  ['2025-12-31', { ...cooperative, workers: 20 }, 'twenty jobs', 'granted', 2_000_000_000n],
  [
    '2025-12-31',
    { ...cooperative, workers: 21 },
    'a job more than the project may',
    'granted',
    2_000_000_000n,
  ],
  ['2026-01-01', { ...cooperative, workers: 50 }, 'fifty jobs', 'unconfirmed', 10_000_000_000n],
  ['2026-01-01', { ...cooperative, workers: 51 }, 'fifty-one jobs', 'unconfirmed', 10_000_000_000n],
  ['2025-12-31', union, 'a union of cooperatives', 'refused', null],
  ['2026-01-01', union, 'a union of cooperatives', 'unconfirmed', 2_400_000_000n],
  ['2022-06-01', { ...worker, isConfirmed: undefined }, 'before the commune has spoken', 'incomplete', null],
  ['2022-06-01', { ...worker, isEligible: undefined }, 'before the bank has looked', 'incomplete', null],
  ['2022-06-01', abroad, 'costs of a contract that nobody has told', 'incomplete', null],
  ['2026-01-01', abroad, 'a ceiling that nobody has read', 'unconfirmed', null],
])('on %s, %j (%s): %s, %p', (on, application, _, outcome, ceiling) => {
  const { ceiling: decision } = lendingLaw(policy, application, on);
  expect([decision.outcome, limitOf(decision)]).toEqual([outcome, ceiling]);
});

test.each<[string, ApplicationFacts, bigint, boolean]>([
  ['2022-06-01', cooperative, 99_999_999n, false],
  ['2022-06-01', cooperative, 100_000_000n, true],
  ['2025-12-31', cooperative, 100_000_000n, true],
  ['2026-01-01', cooperative, 100_000_000n, false],
  ['2022-06-01', worker, 100_000_000n, false],
  ['2025-12-31', abroad, 99_999_999n, false],
  ['2025-12-31', abroad, 100_000_000n, true],
  ['2026-01-01', abroad, 200_000_000n, false],
  ['2026-01-01', abroad, 200_000_001n, true],
])('on %s, %j for %p needs collateral: %p', (on, application, amount, needed) => {
  expect(isCollateralNeeded(lendingLaw(policy, { ...application, amount }, on).collateral)).toBe(needed);
});

test.each<[string, ApplicationFacts, bigint | null]>([
  ['2019-11-07', worker, 60n],
  ['2019-11-08', worker, 120n],
  ['2025-12-31', cooperative, 120n],
  ['2026-01-01', worker, null],
  ['2022-06-01', abroad, null],
])('on %s, %j may last %p months', (on, application, months) => {
  expect(limitOf(lendingLaw(policy, application, on).term)).toBe(months);
});

const told = (facts: Partial<Record<ToldFact['fact'], string>>): ToldFact[] =>
  Object.entries(facts).map(([fact, value]) => ({
    fact: fact as ToldFact['fact'],
    value,
    document: 'GXN 1',
  }));
const staff = (workers: string, priorityWorkers: string) => ({
  ...cooperative,
  told: told({ workers, priorityWorkers }),
});

test.each<[string, string, ApplicationFacts, bigint | null]>([
  ['2022-06-01', 'a worker', worker, 79_200n],
  ['2022-06-01', 'a disabled worker', { ...worker, told: told({ isDisabled: 'true' }) }, 39_600n],
  ['2022-06-01', 'a minority', { ...worker, told: told({ isEthnicMinority: 'true' }) }, 79_200n],
  [
    '2022-06-01',
    'a minority where it is extremely difficult',
    { ...worker, told: told({ isEthnicMinority: 'true', isInDifficultArea: 'true' }) },
    39_600n,
  ],
  ['2022-06-01', '30 %', staff('20', '6'), 39_600n],
  ['2022-06-01', '29.9 %', staff('1000', '299'), 79_200n],
  ['2022-06-01', 'nobody knows of whom', cooperative, null],
  ['2022-06-01', 'abroad', abroad, 66_000n],
  ['2026-01-01', 'abroad', abroad, 83_820n],
  [
    '2026-01-01',
    'abroad, poor where it is extremely difficult',
    { ...abroad, told: told({ isPoor: 'true', isInDifficultArea: 'true' }) },
    66_000n,
  ],
  ['2026-01-01', 'abroad, poor', { ...abroad, told: told({ isPoor: 'true' }) }, 83_820n],
  ['2026-01-01', 'a worker, of which no text was read', worker, null],
  ['2026-01-01', 'of a contract of 2025', { ...worker, contractSignedOn: '2025-12-31' }, 79_200n],
])('on %s the rate of %s is so', (on, _, application, rate) => {
  expect(limitOf(lendingLaw(policy, application, on).rate)).toBe(rate);
});

test('costs and months of a contract of work abroad set ceiling and term', () => {
  const application = { ...abroad, told: told({ contractCosts: '120000000', contractMonths: '36' }) };
  const law = lendingLaw(policy, application, '2022-06-01');
  expect([limitOf(law.ceiling), limitOf(law.term)]).toEqual([120_000_000n, 36n]);
});

test.each<[string, ApplicationFacts, boolean]>([
  ['2025-12-31', union, true],
  ['2026-01-01', union, false],
  ['2025-12-31', cooperative, false],
  // Of something else: he may be lent to.
  ['2025-12-31', { ...cooperative, amount: 100_000_000n }, false],
  ['2025-12-31', worker, false],
])('on %s %j is refused as a borrower: %p', (on, application, refused) => {
  const asked = { ...application, isConfirmed: undefined, isEligible: undefined };
  expect(isBorrowerRefused(lendingLaw(policy, asked, on).ceiling)).toBe(refused);
});
