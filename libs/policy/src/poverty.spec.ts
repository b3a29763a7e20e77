import { describe, expect, test } from '@jest/globals';
import { evaluate, explanationText, type Facts, nationalCatalogue, openPolicy, rowDigest } from './index.js';

const on = '2022-12-01';
const indicators = Object.keys(nationalCatalogue().programmes['poverty-class']!.facts['deprivedOf']!.values!);
const deprived = (count: number) => indicators.slice(0, count);

/** Marks of exactly so many points in the column: a household of one, and what is worth the rest. */
const rural140 = ['size1', 'fridge', 'waterTap', 'wallDurable', 'airConditioner1'];
const urban175 = ['size1', 'regionRedRiver', 'motorbike2', 'electricityFrom150'];
const rural = (over: Facts): Facts => ({ reviewArea: 'ruralRedRiver', characteristics: rural140, ...over });
const urban = (over: Facts): Facts => ({ reviewArea: 'urban', characteristics: urban175, ...over });
const answer = (facts: Facts, asOf: Parameters<typeof evaluate>[2] = on) =>
  evaluate('poverty-class', facts, asOf).answer;

describe('by points, from 2022', () => {
  test.each<[string, Facts, string]>([
    ['rural, 140 points, 3 deprived', rural({ deprivedOf: deprived(3) }), 'poor'],
    ['rural, 140 points, 2 deprived', rural({ deprivedOf: deprived(2) }), 'nearPoor'],
    [
      'rural, 145 points, 6 deprived',
      rural({ characteristics: [...rural140, 'computer'], deprivedOf: deprived(6) }),
      'notPoor',
    ],
    ['urban, 175 points, 3 deprived', urban({ deprivedOf: deprived(3) }), 'poor'],
    ['urban, 175 points, none deprived', urban({ deprivedOf: [] }), 'nearPoor'],
    [
      'urban, 180 points',
      urban({ characteristics: [...urban175, 'fridge'], deprivedOf: deprived(3) }),
      'notPoor',
    ],
    [
      'more than seven people have no points for it',
      rural({ characteristics: ['sizeOver7'], deprivedOf: [] }),
      'nearPoor',
    ],
  ])('%s', (_, facts, expected) => expect(answer(facts)).toBe(expected));

  test.each<[string, Facts, RegExp]>([
    [
      'two answers of one line',
      rural({ characteristics: ['size1', 'size2'] }),
      /householdSize has 2 answers/,
    ],
    ['one answer twice', rural({ characteristics: ['size1', 'size1'] }), /marked twice/],
    ['no size', rural({ characteristics: ['car'] }), /householdSize has no answer/],
    ['no region in a town', urban({ characteristics: ['size1'] }), /urbanRegion has no answer/],
    [
      'a region of a town in the country',
      rural({ characteristics: ['size1', 'regionRedRiver'] }),
      /no line regionRedRiver/,
    ],
    [
      'an answer that there is not',
      rural({ characteristics: ['size1', 'yacht'] }),
      /must be a list of some of the codes/,
    ],
  ])('a form with %s is no form', (_, facts, message) =>
    expect(() => answer({ deprivedOf: [], ...facts })).toThrow(message),
  );

  test('indicators that were not asked leave a household open that may be poor', () => {
    expect(evaluate('poverty-class', rural({}), on).outcome).toBe('incomplete');
    expect(answer(rural({ characteristics: [...rural140, 'car'] }))).toBe('notPoor');
  });

  test('the form of 2022 was in force in May only, and counts from January', () => {
    const facts = rural({ deprivedOf: deprived(3) });
    const known = evaluate('poverty-class', facts, { day: '2022-02-01', knownOn: '2022-05-14' });
    expect(known.outcome).toBe('unconfirmed');
    expect(known.unconfirmed).toContainEqual({ row: 'PV-B1-2021', confidence: 'missing' });
    expect(answer(facts, { day: '2022-02-01', knownOn: '2022-05-15' })).toBe('poor');
    expect(answer(facts, '2025-12-31')).toBe('poor');
  });

  test('from 2026 there are another standard and forms that nobody has read', () => {
    const decision = evaluate('poverty-class', rural({ deprivedOf: deprived(3) }), '2026-01-01');
    expect(decision.outcome).toBe('unconfirmed');
    expect(decision.unconfirmed.map(({ row }) => row)).toContain('PV-B1-2026');
    expect(explanationText(decision, 'en')).toContain('PV-B1-2026 (has no value)');
    expect(explanationText(decision, 'en')).toContain(
      'not classified, since the law has yet to be confirmed',
    );
  });

  test('the explanation says the points and the line', () =>
    expect(explanationText(evaluate('poverty-class', rural({ deprivedOf: [] }), on), 'vi')).toMatch(
      /Kết quả: hộ cận nghèo\.[^]*đúng trường hợp này[^]*Điểm A tương đương chuẩn thu nhập, nông thôn: 140 điểm/,
    ));
});

describe('by income, in 2021', () => {
  const { parameters, programme } = nationalCatalogue().programmes['poverty-class']!;
  const rows = [
    ...Object.values(parameters).flatMap((p) => p.rows),
    ...programme.groups.flatMap(({ rules }) => rules),
  ].filter(({ id }) => id.startsWith('PV-2021'));
  const policy = openPolicy({
    confirmations: rows.map((row) => ({
      row: row.id,
      digest: rowDigest(row),
      confirmedBy: 'Vụ Pháp chế',
      confirmedOn: '2026-01-05',
    })),
  });
  const of = (reviewArea: string, income: bigint, deprivationsOf2016: number): Facts => ({
    reviewArea,
    monthlyIncomePerPerson: income,
    deprivationsOf2016,
  });

  test.each<[string, bigint, number, string]>([
    ['ruralRedRiver', 700_000n, 0, 'poor'],
    ['ruralRedRiver', 700_001n, 3, 'poor'],
    ['ruralRedRiver', 700_001n, 2, 'nearPoor'],
    ['ruralRedRiver', 1_000_000n, 3, 'poor'],
    ['ruralRedRiver', 1_000_000n, 2, 'nearPoor'],
    ['ruralRedRiver', 1_000_001n, 9, 'notPoor'],
    ['urban', 900_000n, 0, 'poor'],
    ['urban', 900_001n, 2, 'nearPoor'],
    ['urban', 1_300_000n, 3, 'poor'],
    ['urban', 1_300_001n, 3, 'notPoor'],
  ])('%s with %p a month and %i indicators', (area, income, indicatorsDeprived, expected) => {
    const facts = of(area, income, indicatorsDeprived);
    expect(policy.evaluate('poverty-class', facts, '2021-12-31').answer).toBe(expected);
    expect(evaluate('poverty-class', facts, '2021-12-31').outcome).toBe('unconfirmed');
  });
});

test.each<[string, string[], string[], string]>([
  ['3 criteria', ['washer', 'waterHeater', 'rentsOut'], [], 'review'],
  ['4 criteria', ['washer', 'waterHeater', 'rentsOut', 'hasContract'], [], 'stop'],
  ['a villa and nothing else', [], ['villa'], 'stop'],
  ['nothing', [], [], 'review'],
])('the quick screen with %s', (_, screeningCriteria, screeningExclusions, expected) =>
  expect(evaluate('poverty-screening', { screeningCriteria, screeningExclusions }, on).answer).toBe(expected),
);

test.each<[string, bigint, bigint]>([
  ['ruralRedRiver', 1_500_001n, 2_250_000n],
  ['urban', 2_000_001n, 3_000_000n],
])('%s: average from %p to %p, once somebody has confirmed it', (reviewArea, from, to) => {
  const of = (monthlyIncomePerPerson: bigint) =>
    evaluate('average-living-standard', { livesByFarming: true, reviewArea, monthlyIncomePerPerson }, on)
      .outcome;
  expect([of(from - 1n), of(from), of(to), of(to + 1n)]).toEqual([
    'refused',
    'unconfirmed',
    'unconfirmed',
    'refused',
  ]);
});

test('half of those present are enough for the village to agree', () => {
  const computed = (agreed: number) => {
    const { choice, law } = evaluate('poverty-meeting', { present: 81, agreed }, on);
    return law.rules[choice!.chosen[0]!]!.rule.answer;
  };
  expect([computed(40), computed(41)]).toEqual(['again', 'agreed']);
});
