import { describe, expect, test } from '@jest/globals';
import { evaluate, type Facts } from './index.js';

const on = '2022-06-01';
const asked: Facts = {
  hasRequested: true,
  isAreaEligible: true,
  isInsuranceEmployer: true,
  isMonthSupported: false,
  monthsSupported: 0,
  receivedOn: '2022-05-10',
  isRenting: true,
  contractKind: 'indefinite',
  isOnInsuranceList: true,
};
const working: Facts = {
  ...asked,
  group: 'working',
  month: '2022-04-01',
  employerType: 'enterprise',
  contractSignedOn: '2021-01-01',
  workStartedOn: '2021-01-01',
};
const returning: Facts = {
  ...asked,
  group: 'returning',
  month: '2022-05-01',
  employerType: 'cooperative',
  contractSignedOn: '2022-04-10',
  workStartedOn: '2022-04-12',
};

describe('rent support', () => {
  test.each<[string, Facts, bigint]>([
    ['a worker of an enterprise', working, 500_000n],
    ['in the first month of the window', { ...working, month: '2022-02-01' }, 500_000n],
    ['in the month before it', { ...working, month: '2022-01-01' }, 0n],
    ['in its last month', { ...working, month: '2022-06-01' }, 500_000n],
    ['in the month after it', { ...working, month: '2022-07-01' }, 0n],
    ['signed on the last day', { ...working, contractSignedOn: '2022-03-31' }, 500_000n],
    ['signed a day late', { ...working, contractSignedOn: '2022-04-01' }, 0n],
    ['began a day late', { ...working, workStartedOn: '2022-04-01' }, 0n],
    ['in a cooperative, with a contract of 2021', { ...working, employerType: 'cooperative' }, 0n],
    ['a dossier on the last day', { ...working, receivedOn: '2022-08-15' }, 500_000n],
    ['a dossier a day late', { ...working, receivedOn: '2022-08-16' }, 0n],
    ['the third month', { ...working, monthsSupported: 2 }, 500_000n],
    ['the fourth month', { ...working, monthsSupported: 3 }, 0n],
    ['the same month twice', { ...working, isMonthSupported: true }, 0n],
    ['without a request', { ...working, hasRequested: false }, 0n],
    ['at the employer that does not insure', { ...working, isInsuranceEmployer: false }, 0n],
    ['a contract of days', { ...working, contractKind: 'underOneMonth' }, 0n],
    ['on no list', { ...working, isOnInsuranceList: false }, 0n],
    ['on the payroll, but to be insured', { ...working, isOnInsuranceList: false, isOnPayroll: true }, 0n],
    [
      'outside insurance, on the payroll',
      { ...working, isOnInsuranceList: false, isOutsideInsurance: true, isOnPayroll: true },
      500_000n,
    ],
    ['back at work in a cooperative', returning, 1_000_000n],
    ['before the window', { ...returning, month: '2022-03-01' }, 0n],
    ['signed on the first day', { ...returning, contractSignedOn: '2022-04-01' }, 1_000_000n],
    ['signed a day early', { ...returning, contractSignedOn: '2022-03-31' }, 0n],
    [
      'signed on the last day of the window',
      { ...returning, contractSignedOn: '2022-06-30', workStartedOn: '2022-06-30' },
      1_000_000n,
    ],
    ['begun a day after it', { ...returning, workStartedOn: '2022-07-01' }, 0n],
    ['a contract that only continues', { ...returning, isContinuedContract: true }, 0n],
    [
      'newly hired, on the payroll',
      { ...returning, isOnInsuranceList: false, isNewlyHired: true, isOnPayroll: true },
      1_000_000n,
    ],
  ])('%s', (_, facts, amount) => expect(evaluate('rent-support', facts, on).amount).toBe(amount));

  test('a person cannot be had twice by being silent about what was paid', () => {
    const { monthsSupported: _, ...silent } = working;
    expect(evaluate('rent-support', silent, on).outcome).toBe('incomplete');
  });
});
