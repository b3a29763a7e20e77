import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  evaluate,
  type Facts,
  momentOf,
  openPolicy,
  readFacts,
  nationalCatalogue,
  factsOn,
} from './index.js';

const day = fc
  .date({ min: new Date('1935-01-01'), max: new Date('2022-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const person: fc.Arbitrary<Facts> = fc.record({
  bornOn: day,
  decidedOn: fc.constant('2021-07-05'),
  certificateOn: fc.constant('2021-07-05'),
  disability: fc.constantFrom('none', 'mild', 'severe', 'extremelySevere'),
  household: fc.constantFrom('poor', 'nearPoor', 'other'),
  monthlyPension: fc.constantFrom(0n, 2_000_000n),
  isSingleParent: fc.boolean(),
  hasHiv: fc.boolean(),
  hasNoCarer: fc.boolean(),
  isPregnant: fc.boolean(),
  isChildWithoutCare: fc.boolean(),
  childrenBornOn: fc.array(day, { maxLength: 3 }),
});
const on = '2023-03-01';

describe('a decision', () => {
  test('does not depend on the order in which facts are told', () =>
    fc.assert(
      fc.property(person, fc.nat(), (facts, turn) => {
        const entries = Object.entries(facts);
        const turned = Object.fromEntries(
          [...entries.slice(turn % entries.length), ...entries.slice(0, turn % entries.length)].reverse(),
        );
        expect(evaluate('monthly-allowance', turned, on).digest).toBe(
          evaluate('monthly-allowance', facts, on).digest,
        );
      }),
    ));

  test('says the same of what was said to be no and of what was not said', () => {
    const facts: Facts = { bornOn: '1980-01-01', disability: 'severe', certificateOn: '2021-07-05' };
    const said = evaluate('monthly-allowance', { ...facts, isPregnant: false, household: 'other' }, on);
    expect(said.digest).toBe(evaluate('monthly-allowance', facts, on).digest);
    expect(evaluate('monthly-allowance', { ...facts, isPregnant: true }, on).digest).not.toBe(said.digest);
  });

  // Written down once: another machine, or next year's code, has to come to the same.
  test('has a digest that stays', () => {
    const decision = evaluate(
      'unemployment-fund-support',
      { unemploymentInsuredMonths: 59, isInUnemploymentInsurance: true, isUnemploymentSupportPaid: false },
      '2021-11-01',
    );
    expect([decision.law.digest, decision.factsDigest, decision.digest]).toEqual([
      '79f658e3039837cfc27704aa15fa877e66d7adb3694355c6494e4f977a81013c',
      'ebe354f5a3c581688c53a145150851849c9952f2afef0f5dc0523640eab9ba5b',
      '9ea5a89dfc735f1777e2e9501c9020616927035daeaa0200e74583207ab9814f',
    ]);
  });

  test('of the highest only pays no more than the largest, and what cumulates no less than its parts', () =>
    fc.assert(
      fc.property(person, (facts) => {
        const decision = evaluate('monthly-allowance', facts, on);
        const fired = decision.law.rules.filter((rule) => decision.stateOf(rule) === 'fired');
        const inGroup = (...codes: string[]) =>
          fired.filter(({ rule }) => codes.some((code) => rule.id.startsWith(code)));
        const largest = (rules: typeof fired) =>
          rules.map((rule) => decision.amountOf(rule)).reduce((a, b) => (a > b ? a : b), 0n);
        const own = largest(inGroup('SP-20.2a'));
        const most = largest(inGroup('SP-5'));
        const ofPoorParent = inGroup('SP-5.4').some(({ rule }) => rule.id === 'SP-5.4');
        const allowed = ofPoorParent
          ? [most, largest(inGroup('SP-5.4')) + largest(inGroup('SP-5.5', 'SP-5.6', 'SP-5.8'))].reduce(
              (a, b) => (a > b ? a : b),
            )
          : most;
        expect(decision.computed).toBe(allowed + own);
        const chosen = decision.chosen.map((rule) => decision.amountOf(rule)).reduce((a, b) => a + b, 0n);
        expect(decision.computed).toBe(chosen);
      }),
    ));

  test('of people of merit is the sum of what each category gives', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('heroicMother', 'hero', 'imprisoned', 'helper', 'student111')),
        (statuses) => {
          const amountOf = (codes: string[]) =>
            evaluate('merit-allowance', { statuses: codes }, '2024-01-01').amount;
          expect(amountOf(statuses)).toBe(
            statuses.map((code) => amountOf([code])).reduce((a, b) => a + b, 0n),
          );
        },
      ),
    ));
});

test.each<[string, Facts]>([
  ['a name that is not declared', { isPregnent: true }],
  ['a number for a day', { bornOn: 19800101 }],
  ['a day that there never was', { bornOn: '1981-02-29' }],
  ['a code that there is not', { bornOn: '1980-01-01', disability: 'heavy' }],
  ['less than no money', { bornOn: '1930-01-01', monthlyPension: -1n }],
  ['money as a number', { bornOn: '1930-01-01', monthlyPension: 0 }],
  [
    'less than nothing',
    { bornOn: '1990-01-01', isSingleParent: true, household: 'poor', studyingChildren: -1 },
  ],
])('%s decides nothing', (_, facts) =>
  expect(() => evaluate('monthly-allowance', facts, on)).toThrow(RangeError),
);

test.each(['2022-02-29', '2022-13-01', 'yesterday', ''])('%p is no day to decide for', (text) =>
  expect(() => momentOf(text)).toThrow(RangeError),
);

test('an unknown programme decides nothing', () =>
  expect(() => evaluate('windfall', {}, on)).toThrow(RangeError));

test('what is compiled is dropped when there is much of it, and comes again the same', () => {
  const policy = openPolicy();
  const digestOn = (text: string) => policy.programmeAt('rent-support', text).digest;
  const before = digestOn('2022-04-01');
  for (let index = 0; index < 500; index += 1)
    policy.programmeAt('rent-support', { day: '2022-04-01', knownOn: `${3000 + index}-01-01` });
  expect(digestOn('2022-04-01')).toBe(before);
});

test('facts are read from JSON with money as text, and from their periods as of a day', () => {
  const { facts } = nationalCatalogue().programmes['monthly-allowance']!;
  expect(readFacts(facts, { monthlyPension: '1500000', isPregnant: true })).toEqual({
    monthlyPension: 1_500_000n,
    isPregnant: true,
  });
  expect(() => readFacts(facts, { monthlyPension: 1_500_000 })).toThrow(RangeError);
  expect(() => readFacts(facts, { pension: '1' })).toThrow(RangeError);
  const history = {
    disability: [
      { value: 'mild', from: '2020-01-01', until: '2022-03-01' },
      { value: 'severe', from: '2022-03-01' },
    ],
  };
  expect(factsOn(history, '2019-12-31')).toEqual({});
  expect(factsOn(history, '2022-02-28')).toEqual({ disability: 'mild' });
  expect(factsOn(history, '2022-03-01')).toEqual({ disability: 'severe' });
});

test('what waits on a day are the rows of that day that nobody has confirmed, and no other', () => {
  const awaitedOn = (programme: string, day: string) => openPolicy().programmeAt(programme, day).awaited;
  expect(awaitedOn('employment-loan-job', '2017-12-31')).toEqual(
    new Set(['LJ-SHORT', 'LJ-NOT-INSURED', 'LJ-INSURED-2014']),
  );
  expect(awaitedOn('employment-loan-job', '2015-08-31')).toEqual(new Set());
  // A way of combining is such a row too.
  expect(awaitedOn('monthly-allowance', '2025-08-01')).toContain('SP-PENSION-MAX');
  expect(awaitedOn('monthly-allowance', '2025-08-01')).not.toContain('SP-STD-540');
});
