import { describe, expect, test } from '@jest/globals';
import { evaluate, type Facts } from './index.js';

const on = '2021-12-01';
const received: Facts = { receivedOn: '2021-11-20', isPolicyAlreadyPaid: false, isOtherOneOffPaid: false };

/** A worker whose contract is suspended from 1 June 2021 for so many days. */
function suspended(days: number, over: Facts = {}): Facts {
  const last = new Date(Date.UTC(2021, 5, days)).toISOString().slice(0, 10);
  return {
    ...received,
    policy: 'policy4',
    stoppedFrom: '2021-06-01',
    stoppedUntil: last,
    isInsuredThen: true,
    ...over,
  };
}
const stopped = (days: number, over: Facts = {}) =>
  suspended(days, { policy: 'policy5', isStoppageByArticle99: true, ...over });
const terminated: Facts = {
  ...received,
  policy: 'policy6',
  terminatedOn: '2021-08-15',
  isInsuredThen: true,
  isEligibleForUnemploymentBenefit: false,
};
function treated(days: number, over: Facts = {}): Facts {
  const last = new Date(Date.UTC(2021, 7, days)).toISOString().slice(0, 10);
  return {
    ...received,
    policy: 'policy7',
    treatedFrom: '2021-08-01',
    treatedUntil: last,
    bornOn: '1980-01-01',
    ...over,
  };
}

describe('COVID-19 support of workers', () => {
  test.each<[string, Facts, bigint]>([
    ['14 days of suspension', suspended(14), 0n],
    ['15 days', suspended(15), 1_855_000n],
    ['29 days', suspended(29), 1_855_000n],
    ['30 days', suspended(30), 3_710_000n],
    ['beginning on the first day of the window', suspended(30, { stoppedFrom: '2021-05-01' }), 3_710_000n],
    ['beginning the day before', suspended(30, { stoppedFrom: '2021-04-30' }), 0n],
    ['on its last day', suspended(0, { stoppedFrom: '2021-12-31', stoppedUntil: '2022-01-29' }), 3_710_000n],
    ['the day after', suspended(0, { stoppedFrom: '2022-01-01', stoppedUntil: '2022-01-30' }), 0n],
    ['a dossier on the last day', suspended(30, { receivedOn: '2022-01-31' }), 3_710_000n],
    ['a day late', suspended(30, { receivedOn: '2022-02-01' }), 0n],
    ['not insured', suspended(30, { isInsuredThen: false }), 0n],
    ['paid once already', suspended(30, { isPolicyAlreadyPaid: true }), 0n],
    ['paid under policy 5 or 6 already', suspended(30, { isOtherOneOffPaid: true }), 0n],
    ['stopped, paid under policy 4 or 6 already', stopped(14, { isOtherOneOffPaid: true }), 0n],
    ['ended, paid under policy 4 or 5 already', { ...terminated, isOtherOneOffPaid: true }, 0n],
    ['meals are not such a support', treated(1, { isOtherOneOffPaid: true }), 80_000n],
    ['at home, a dossier on the last day', treated(1, { receivedOn: '2022-01-31' }), 80_000n],
    ['at home, a day late', treated(1, { receivedOn: '2022-02-01' }), 0n],
    ['in a hospital, on its last day', treated(1, { careAt: 'facility', receivedOn: '2022-03-31' }), 80_000n],
    ['in a hospital, a day late', treated(1, { careAt: 'facility', receivedOn: '2022-04-01' }), 0n],
    ['pregnant', suspended(30, { isPregnant: true }), 4_710_000n],
    ['a supplement without its basis', suspended(14, { isPregnant: true }), 0n],
    ['a child who is 6 on the first day', suspended(30, { childrenBornOn: ['2015-06-01'] }), 3_710_000n],
    ['a child who is 6 a day later', suspended(30, { childrenBornOn: ['2015-06-02'] }), 4_710_000n],
    ['a child who is not yet born', suspended(30, { childrenBornOn: ['2021-07-01'] }), 3_710_000n],
    [
      'children for whom the other parent has it',
      suspended(30, { childrenBornOn: ['2018-01-01'], isChildSupportTakenByOther: true }),
      3_710_000n,
    ],
    ['13 days of stoppage', stopped(13), 0n],
    ['14 days of stoppage', stopped(14), 1_000_000n],
    ['a stoppage for another reason', stopped(14, { isStoppageByArticle99: false }), 0n],
    ['a contract that ended', terminated, 3_710_000n],
    ['with unemployment benefit', { ...terminated, isEligibleForUnemploymentBenefit: true }, 0n],
    ['left unlawfully', { ...terminated, hasLeftUnlawfully: true }, 0n],
    ['on a pension', { ...terminated, isOnPension: true }, 0n],
    ['44 days of treatment', treated(44), 3_520_000n],
    ['45 days', treated(45), 3_600_000n],
    ['46 days', treated(46), 3_600_000n],
    ['a child of 15 in treatment', treated(1, { bornOn: '2005-08-02' }), 1_080_000n],
    ['a child of 16', treated(1, { bornOn: '2005-08-01' }), 80_000n],
    ['aged 59', treated(1, { bornOn: '1961-08-02' }), 80_000n],
    ['aged 60', treated(1, { bornOn: '1961-08-01' }), 1_080_000n],
    ['disabled', treated(1, { isDisabled: true }), 1_080_000n],
    [
      '22 days of isolation',
      {
        ...treated(1),
        treatedFrom: null,
        treatedUntil: null,
        isolatedFrom: '2021-08-01',
        isolatedUntil: '2021-08-22',
      },
      1_680_000n,
    ],
    ['the province gave more', suspended(15, { localSupport: 2_000_000n }), 0n],
    ['the province gave as much', suspended(15, { localSupport: 1_855_000n }), 0n],
    ['the province gave less', suspended(15, { localSupport: 1_500_000n }), 1_855_000n],
  ])('%s', (_, facts, amount) => expect(evaluate('covid-support', facts, on).amount).toBe(amount));

  test('a person cannot be had twice by being silent about another policy', () => {
    const { isOtherOneOffPaid: _, ...silent } = suspended(30);
    expect(evaluate('covid-support', silent, on).outcome).toBe('incomplete');
  });

  test('what is missing leaves it open, what refuses anyway does not', () => {
    const { isInsuredThen: _, ...unknown } = suspended(30);
    expect(evaluate('covid-support', unknown, on).outcome).toBe('incomplete');
    expect(evaluate('covid-support', { ...unknown, stoppedUntil: '2021-06-03' }, on).outcome).toBe('refused');
  });

  test('the support by the resolution of the province waits for somebody who confirms it', () => {
    const facts = { ...received, policy: 'policy12', meetsProvincialCriteria: true };
    expect(evaluate('covid-support', facts, on)).toMatchObject({
      outcome: 'unconfirmed',
      amount: 0n,
      computed: 1_500_000n,
    });
  });

  test('there is no such support before the decision is in force', () =>
    expect(evaluate('covid-support', suspended(30), '2021-07-06').outcome).toBe('outsideLaw'));

  test.each<[number, bigint]>([
    [0, 1_800_000n],
    [11, 1_800_000n],
    [12, 2_100_000n],
    [59, 2_100_000n],
    [60, 2_400_000n],
    [83, 2_400_000n],
    [84, 2_650_000n],
    [107, 2_650_000n],
    [108, 2_900_000n],
    [131, 2_900_000n],
    [132, 3_300_000n],
  ])('%i months of unemployment insurance', (unemploymentInsuredMonths, amount) => {
    const facts = {
      unemploymentInsuredMonths,
      isInUnemploymentInsurance: true,
      isUnemploymentSupportPaid: false,
    };
    expect(evaluate('unemployment-fund-support', facts, '2021-11-01').amount).toBe(amount);
  });

  test.each<[string, Facts, bigint]>([
    ['left on the first day', { leftInsuranceOn: '2020-01-01' }, 1_800_000n],
    ['left the day before', { leftInsuranceOn: '2019-12-31' }, 0n],
    ['left on the last day', { leftInsuranceOn: '2021-09-30' }, 1_800_000n],
    ['left a day later', { leftInsuranceOn: '2021-10-01' }, 0n],
    ['nothing reserved', { unemploymentInsuredMonths: 0 }, 0n],
    ['a pensioner', { isOnPension: true }, 0n],
    ['asked on the last day', { receivedOn: '2021-12-20' }, 1_800_000n],
    ['asked a day late', { receivedOn: '2021-12-21' }, 0n],
    ['paid before', { isUnemploymentSupportPaid: true }, 0n],
  ])('who has left the insurance: %s', (_, over, amount) => {
    const facts = {
      unemploymentInsuredMonths: 11,
      isInUnemploymentInsurance: false,
      leftInsuranceOn: '2021-05-31',
      receivedOn: '2021-12-01',
      isUnemploymentSupportPaid: false,
      ...over,
    };
    expect(evaluate('unemployment-fund-support', facts, '2021-12-01').amount).toBe(amount);
  });

  test('a worker of the public sector has none', () => {
    const facts = {
      unemploymentInsuredMonths: 59,
      isInUnemploymentInsurance: true,
      isInPublicSector: true,
      isUnemploymentSupportPaid: false,
    };
    expect(evaluate('unemployment-fund-support', facts, '2021-11-01').outcome).toBe('refused');
  });

  test.each<[string, string]>([
    ['2021-09-30', 'outsideLaw'],
    ['2021-10-01', 'granted'],
    ['2022-09-30', 'granted'],
    ['2022-10-01', 'outsideLaw'],
  ])('employers pay nothing into it: %s', (day, outcome) =>
    expect(evaluate('unemployment-contribution-rate', { isPublicEmployer: false }, day).outcome).toBe(
      outcome,
    ),
  );
});
