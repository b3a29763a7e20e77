import { describe, expect, test } from '@jest/globals';
import {
  evaluate,
  type Facts,
  nationalCatalogue,
  openPolicy,
  rowDigest,
  withParameterRows,
} from './index.js';

const decided = { decidedOn: '2021-07-05' };
const disabled = (degree: string, bornOn: string): Facts => ({
  bornOn,
  disability: degree,
  certificateOn: '2021-08-20',
});
const elderly: Facts = { bornOn: '1942-03-31', monthlyPension: 0n };
const alone: Facts = { ...elderly, ...decided, household: 'poor', hasNoCarer: true };
const orphan: Facts = { bornOn: '2018-03-31', isChildWithoutCare: true, ...decided };

/** Rows of law that no text was seen of, as somebody would confirm them who has seen it. */
function confirmed(...ids: string[]) {
  const { parameters, programme } = nationalCatalogue().programmes['monthly-allowance']!;
  const rows = [
    ...Object.values(parameters).flatMap((p) => p.rows),
    ...programme.groups.flatMap(({ rules }) => rules),
  ];
  return ids.map((id) => ({
    row: id,
    digest: rowDigest(rows.find((row) => row.id === id)!),
    confirmedBy: 'Vụ Pháp chế',
    confirmedOn: '2026-10-06',
  }));
}

describe('monthly allowance', () => {
  test.each<[string, string, Facts, bigint]>([
    ['an orphan, the month before the fourth birthday', '2022-02-01', orphan, 900_000n],
    ['in the month of the fourth birthday', '2022-03-01', orphan, 540_000n],
    ['in the month of the 16th birthday', '2034-03-01', orphan, 0n],
    [
      'an orphan of 15 years, in the month of the 16th birthday',
      '2022-03-01',
      { ...orphan, bornOn: '2006-03-31' },
      540_000n,
    ],
    ['and in the month after it', '2022-04-01', { ...orphan, bornOn: '2006-03-31' }, 0n],
    [
      'one who studies, at 22',
      '2022-03-01',
      { bornOn: '1999-04-01', wasChildWithoutCare: true, isStudying: true, ...decided },
      540_000n,
    ],
    [
      'and at 23',
      '2022-03-01',
      { bornOn: '1999-03-01', wasChildWithoutCare: true, isStudying: true, ...decided },
      0n,
    ],
    ['no allowance in the month before the decision', '2021-06-30', orphan, 0n],
    ['a severely disabled adult', '2022-03-01', disabled('severe', '1980-01-01'), 540_000n],
    ['before the certificate', '2021-07-31', disabled('severe', '1980-01-01'), 0n],
    ['in its month', '2021-08-01', disabled('severe', '1980-01-01'), 540_000n],
    ['a month before 16', '2022-02-28', disabled('severe', '2006-03-31'), 720_000n],
    ['in the month of turning 16', '2022-03-01', disabled('severe', '2006-03-31'), 540_000n],
    ['a mildly disabled adult', '2022-03-01', disabled('mild', '1980-01-01'), 0n],
    [
      'an extremely severely disabled adult',
      '2022-03-01',
      disabled('extremelySevere', '1980-01-01'),
      720_000n,
    ],
    [
      'a month before 60',
      '2022-02-01',
      { ...disabled('extremelySevere', '1962-03-31'), monthlyPension: 0n },
      720_000n,
    ],
    [
      'in the month of turning 60',
      '2022-03-01',
      { ...disabled('extremelySevere', '1962-03-31'), monthlyPension: 0n },
      900_000n,
    ],
    ['a month before 80', '2022-02-01', elderly, 0n],
    ['in the month of the 80th birthday', '2022-03-01', elderly, 360_000n],
    ['with a pension', '2022-03-01', { ...elderly, monthlyPension: 1n }, 0n],
    ['a month before 60, alone and poor', '2022-02-01', { ...alone, bornOn: '1962-03-31' }, 0n],
    ['alone and poor at 60', '2022-03-01', { ...alone, bornOn: '1962-03-31' }, 540_000n],
    ['alone and poor before 80', '2022-02-01', alone, 540_000n],
    ['alone and poor at 80', '2022-03-01', alone, 720_000n],
    ['cared for in the community', '2022-03-01', { ...alone, isEligibleForFacility: true }, 1_080_000n],
    [
      'at 74 in a difficult area',
      '2022-02-01',
      { ...elderly, bornOn: '1947-03-31', household: 'nearPoor', isInDifficultArea: true },
      0n,
    ],
    [
      'at 75 there',
      '2022-03-01',
      { ...elderly, bornOn: '1947-03-31', household: 'nearPoor', isInDifficultArea: true },
      360_000n,
    ],
    ['in the month of death', '2022-03-01', { ...alone, diedOn: '2022-03-02' }, 720_000n],
    ['in the month after it', '2022-04-01', { ...alone, diedOn: '2022-03-02' }, 0n],
    ['in a facility, under 4', '2022-02-01', { ...orphan, isInFacility: true }, 1_800_000n],
    ['in a facility, from 4, and nothing else', '2022-03-01', { ...orphan, isInFacility: true }, 1_440_000n],
    ['not collected for two months', '2022-03-01', { ...alone, monthsNotCollected: 2 }, 720_000n],
    ['not collected for three', '2022-03-01', { ...alone, monthsNotCollected: 3 }, 0n],
  ])('%s', (_, day, facts, amount) => expect(evaluate('monthly-allowance', facts, day).amount).toBe(amount));

  const mother: Facts = {
    ...disabled('severe', '1981-01-01'),
    ...decided,
    isSingleParent: true,
    household: 'poor',
    childrenBornOn: ['2012-01-01', '2015-01-01'],
  };
  test.each<[string, Facts, bigint]>([
    ['a poor single parent has the allowance for her children and her own', mother, 1_260_000n],
    ['a near-poor one the higher of the two', { ...mother, household: 'nearPoor' }, 720_000n],
    ['an only child counts once', { ...mother, childrenBornOn: ['2012-01-01'] }, 900_000n],
    [
      'a child who is an orphan and disabled has one',
      { ...disabled('extremelySevere', '2020-05-01'), isChildWithoutCare: true, ...decided },
      900_000n,
    ],
    [
      'a disabled woman who is pregnant and raises a child',
      { ...disabled('severe', '1990-01-01'), ...decided, isPregnant: true, childrenBornOn: ['2020-07-01'] },
      1_260_000n,
    ],
    [
      'whose child is 36 months old',
      { ...disabled('severe', '1990-01-01'), ...decided, childrenBornOn: ['2019-03-01'] },
      540_000n,
    ],
    [
      'or is that a day later',
      { ...disabled('severe', '1990-01-01'), ...decided, childrenBornOn: ['2019-03-02'] },
      1_080_000n,
    ],
  ])('%s', (_, facts, amount) =>
    expect(evaluate('monthly-allowance', facts, '2022-03-01').amount).toBe(amount),
  );

  test('nothing is decided on a level that nobody has read, and all of it once somebody has', () => {
    const facts = disabled('severe', '1980-01-01');
    expect(evaluate('monthly-allowance', facts, '2024-07-01')).toMatchObject({
      outcome: 'unconfirmed',
      amount: 0n,
      computed: 750_000n,
    });
    const policy = openPolicy({ confirmations: confirmed('SP-STD-500') });
    expect(policy.evaluate('monthly-allowance', facts, '2024-07-01')).toMatchObject({
      outcome: 'granted',
      amount: 750_000n,
    });
    const [word] = confirmed('SP-STD-500');
    const stale = openPolicy({ confirmations: [{ ...word!, digest: '0'.repeat(64) }] });
    expect(stale.evaluate('monthly-allowance', facts, '2024-07-01').outcome).toBe('unconfirmed');
    // A row that was confirmed before it changed is confirmed again, and both words are kept, in whatever order.
    for (const digest of ['0'.repeat(64), 'f'.repeat(64)]) {
      const old = { ...word!, digest };
      for (const confirmations of [
        [old, word!],
        [word!, old],
      ])
        expect(openPolicy({ confirmations }).evaluate('monthly-allowance', facts, '2024-07-01').outcome).toBe(
          'granted',
        );
    }
  });

  test('of pension and allowance the higher one, once the way of combining is confirmed too', () => {
    const facts: Facts = {
      bornOn: '1945-01-01',
      monthlyPension: 0n,
      hasRequestedPension: true,
      decidedOn: '2025-07-10',
      ...disabled('severe', '1945-01-01'),
    };
    const policy = openPolicy({ confirmations: confirmed('SP-STD-500', 'SP-PENSION-500', 'SP-PENSION-75') });
    expect(policy.evaluate('monthly-allowance', facts, '2025-08-01')).toMatchObject({
      outcome: 'unconfirmed',
      computed: 1_000_000n,
    });
    expect(policy.evaluate('monthly-allowance', { ...facts, disability: 'none' }, '2025-08-01').amount).toBe(
      500_000n,
    );
    expect(
      policy.evaluate(
        'monthly-allowance',
        { ...facts, bornOn: '1950-09-01', disability: 'none' },
        '2025-08-01',
      ).amount,
    ).toBe(0n);
  });

  test('from 1 July 2026 more applies, which nobody could know before 5 October', () => {
    const policy = openPolicy({ confirmations: confirmed('SP-STD-500', 'SP-STD-540') });
    const at = (day: string, knownOn: string) =>
      policy.evaluate('monthly-allowance', disabled('severe', '1980-01-01'), { day, knownOn }).amount;
    expect(at('2026-08-01', '2026-08-01')).toBe(750_000n);
    expect(at('2026-08-01', '2026-10-04')).toBe(750_000n);
    expect(at('2026-08-01', '2026-10-05')).toBe(810_000n);
    expect(at('2026-06-30', '2026-10-05')).toBe(750_000n);
  });

  test('a province may raise the level for its own, and not lower it', () => {
    const row = (id: string, value: string) => ({
      parameter: 'standardLevel',
      row: {
        id,
        citation: { instrument: 'ND-20-2021', article: '4', clause: '3' },
        confidence: 'verified' as const,
        carriedFrom: [],
        appliedFrom: '2022-01-01',
        value,
        province: '27',
      },
    });
    const facts = disabled('severe', '1980-01-01');
    const at = (value: string, province?: string) =>
      openPolicy({ catalogue: withParameterRows(nationalCatalogue(), [row('BN-STD', value)]) }).evaluate(
        'monthly-allowance',
        facts,
        { day: '2022-03-01', ...(province && { province }) },
      ).amount;
    expect(at('400000', '27')).toBe(600_000n);
    expect(at('400000')).toBe(540_000n);
    expect(at('400000', '01')).toBe(540_000n);
    expect(at('300000', '27')).toBe(540_000n);
  });
});

test.each<[string, string, Facts, bigint]>([
  ['care-support', 'an extremely severely disabled member', { ...decided, disabledMembers: 1 }, 360_000n],
  [
    'care-support',
    'a foster child before 4',
    { ...decided, fosteredChildrenBornOn: ['2018-04-01'] },
    900_000n,
  ],
  ['care-support', 'a foster child of 4', { ...decided, fosteredChildrenBornOn: ['2018-03-31'] }, 540_000n],
  ['funeral-support', 'of a beneficiary', { deathCase: 'beneficiary' }, 7_200_000n],
  ['funeral-support', 'of a resident of a facility', { deathCase: 'facilityResident' }, 18_000_000n],
  [
    'funeral-support',
    'with more under other documents',
    { deathCase: 'beneficiary', otherFuneralSupport: 8_000_000n },
    0n,
  ],
  ['emergency-support', 'two days of treatment', { emergency: 'injury', treatmentDays: 2 }, 0n],
  ['emergency-support', 'three days', { emergency: 'injury', treatmentDays: 3 }, 3_600_000n],
  ['emergency-support', 'a death', { emergency: 'death' }, 18_000_000n],
  ['emergency-support', 'a burial that cost nothing', { emergency: 'burialByOthers', burialCosts: 0n }, 0n],
  [
    'emergency-support',
    'a burial that cost less',
    { emergency: 'burialByOthers', burialCosts: 9_000_000n },
    9_000_000n,
  ],
  [
    'emergency-support',
    'one that cost more',
    { emergency: 'burialByOthers', burialCosts: 20_000_000n },
    18_000_000n,
  ],
  [
    'emergency-support',
    'a home of a poor household',
    { emergency: 'houseLost', household: 'poor' },
    40_000_000n,
  ],
  [
    'rice-support',
    'three of four months',
    { hunger: 'disaster', membersInHunger: 5, monthsOfHunger: 4 },
    225n,
  ],
])('%s: %s', (programme, _, facts, amount) =>
  expect(evaluate(programme, { isAlreadyHad: false, ...facts }, '2022-03-01').amount).toBe(amount),
);

test.each<[string, Facts]>([
  ['funeral-support', { deathCase: 'beneficiary' }],
  ['emergency-support', { emergency: 'relocation' }],
])('%s is had once, and what nobody looked up decides nothing', (programme, facts) => {
  const outcome = (more: Facts) => evaluate(programme, { ...facts, ...more }, '2022-03-01').outcome;
  expect([outcome({ isAlreadyHad: false }), outcome({ isAlreadyHad: true }), outcome({})]).toEqual([
    'granted',
    'refused',
    'incomplete',
  ]);
});

test.each<[number, string]>([
  [14, 'extremelySevere'],
  [13, 'severe'],
  [7, 'severe'],
  [6, 'mild'],
  [0, 'mild'],
])('%i points are %s', (activityScore, answer) =>
  expect(evaluate('disability-degree', { bornOn: '1980-01-01', activityScore }, '2022-03-01').answer).toBe(
    answer,
  ),
);

test.each<[number, string]>([
  [81, 'extremelySevere'],
  [80, 'severe'],
  [61, 'severe'],
  [60, 'mild'],
])('a loss of %i %% is %s', (medicalPercent, answer) =>
  expect(evaluate('disability-degree', { bornOn: '1980-01-01', medicalPercent }, '2022-03-01').answer).toBe(
    answer,
  ),
);
