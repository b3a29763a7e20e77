import { expect, test } from '@jest/globals';
import type { LoanProductCode } from '@ansinh/loans';
import { openPolicy } from '@ansinh/policy';
import { loanCatalogue } from './law.js';
import { factsAskedOf, faultsOf, lawFactNames, type LawFactName } from './law-facts.js';
import { lendingLaw } from './lending-law.js';

const products = ['EL-ESTABLISHMENT', 'EL-WORKER', 'OL-WORKER'] as const satisfies LoanProductCode[];

test('whatever a rule of lending asks for an application tells, its fields say, or a move does', () => {
  const application = {
    borrower: 'worker',
    amount: 1n,
    workers: 1,
    hasCollateral: true,
    told: [],
    isConfirmed: true,
    isEligible: true,
    contractSignedOn: '2022-06-01',
  } as const;
  const policy = openPolicy({ catalogue: loanCatalogue() });
  for (const productCode of products) {
    const { given } = lendingLaw(policy, { ...application, productCode }, '2022-06-01').ceiling;
    const unsaid = [...factsAskedOf(productCode)].filter((fact) => !(fact in given));
    expect(lawFactNames).toEqual(expect.arrayContaining(unsaid));
  }
});

test('nothing may be told that no rule asks for', () => {
  const asked = new Set(products.flatMap((productCode) => [...factsAskedOf(productCode)]));
  expect(lawFactNames.filter((name) => !asked.has(name))).toEqual([]);
});

const values: Partial<Record<LawFactName, string>> = {
  workers: '20',
  priorityWorkers: '6',
  contractCosts: '1',
  contractMonths: '1',
};

test.each<[LoanProductCode, LawFactName[], LawFactName[]]>([
  ['EL-ESTABLISHMENT', ['workers', 'priorityWorkers'], []],
  ['EL-WORKER', [], ['isDisabled', 'isEthnicMinority', 'isInDifficultArea', 'isPoor', 'caresForDisabled']],
  ['OL-WORKER', ['contractCosts', 'contractMonths'], ['isEthnicMinority', 'isInDifficultArea', 'isPoor']],
])('%s needs %j, and may tell %j', (productCode, needed, open) => {
  const missing = faultsOf(productCode, []);
  expect(missing.map(({ code, fact }) => [code, fact])).toEqual(needed.map((fact) => ['FACT_MISSING', fact]));
  const told = lawFactNames.map((fact) => ({ fact, value: values[fact] ?? 'true', document: 'GXN 1' }));
  const others = lawFactNames.filter((fact) => !needed.includes(fact) && !open.includes(fact));
  expect(faultsOf(productCode, told).map(({ code, fact }) => [code, fact])).toEqual(
    others.map((fact) => ['FACT_NOT_ASKED', fact]),
  );
});
