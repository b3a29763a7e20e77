import { describe, expect, test } from '@jest/globals';
import { contradictingKinds, type HeldFact } from './contradictions.js';

const fact = (
  value: string | null,
  validFrom: string,
  validUntil: string | null = null,
  kind = 'disabilityLevel',
): HeldFact => ({ kind, value, validFrom, validUntil });

describe('what two records say of one person', () => {
  test.each<[string, HeldFact[], HeldFact[], string[]]>([
    ['nothing', [], [], []],
    ['one says nothing', [fact('mild', '2020-01-01')], [], []],
    ['the same', [fact('mild', '2020-01-01')], [fact('mild', '2019-01-01')], []],
    [
      'another level at the same time',
      [fact('mild', '2020-01-01')],
      [fact('severe', '2021-01-01')],
      ['disabilityLevel'],
    ],
    [
      'another level until the day on which the other begins',
      [fact('mild', '2020-01-01', '2021-01-01')],
      [fact('severe', '2021-01-01')],
      [],
    ],
    [
      'another level on one day',
      [fact('mild', '2020-01-01', '2021-01-02')],
      [fact('severe', '2021-01-01')],
      ['disabilityLevel'],
    ],
    [
      'what one corrected later counts as corrected',
      [fact('mild', '2020-01-01'), fact('severe', '2020-01-01')],
      [fact('severe', '2020-01-01')],
      [],
    ],
    [
      'what one took back contradicts',
      [fact('mild', '2020-01-01'), fact(null, '2021-01-01')],
      [fact('mild', '2020-01-01')],
      ['disabilityLevel'],
    ],
    [
      'a correction that ends lets the earlier record hold again',
      [fact('mild', '2020-01-01'), fact('severe', '2021-01-01', '2022-01-01')],
      [fact('severe', '2021-01-01', '2022-01-02')],
      ['disabilityLevel'],
    ],
    [
      'another kind is another matter',
      [fact('mild', '2020-01-01')],
      [fact('vision', '2020-01-01', null, 'disabilityType')],
      [],
    ],
    [
      'of two kinds both',
      [fact('mild', '2020-01-01'), fact('motor', '2020-01-01', null, 'disabilityType')],
      [fact('severe', '2020-01-01'), fact('vision', '2020-01-01', null, 'disabilityType')],
      ['disabilityLevel', 'disabilityType'],
    ],
  ])('%s', (_, survivor, absorbed, kinds) => {
    expect(contradictingKinds(survivor, absorbed)).toEqual(kinds);
    expect(contradictingKinds(absorbed, survivor)).toEqual(kinds);
  });
});
