import { expect, test } from '@jest/globals';
import { factsOfMonth, type Statement } from './facts-of-month.js';

const said = (appliesFrom: string, facts: Record<string, unknown>): Statement => ({
  appliesFrom: `${appliesFrom}-01`,
  facts,
});
const severe = said('2022-03', { bornOn: '1980-01-01', disability: 'severe', household: 'poor' });
const worse = said('2022-05', { disability: 'extremelySevere' });
const late = said('2022-04', { household: 'other' });

test.each<[string, Statement[], string, Record<string, unknown>]>([
  ['what was stated once', [severe], '2022-03', severe.facts],
  ['the month before another statement', [severe, worse], '2022-04', { disability: 'severe' }],
  [
    'the month of another statement',
    [severe, worse],
    '2022-05',
    { disability: 'extremelySevere', household: 'poor' },
  ],
  [
    'one that came later and is so from before',
    [severe, worse, late],
    '2022-05',
    { disability: 'extremelySevere', household: 'other' },
  ],
  ['nor before its month', [severe, worse, late], '2022-03', { household: 'poor' }],
  [
    'of two for one month the one that was recorded later',
    [severe, said('2022-03', { disability: 'mild' })],
    '2022-03',
    { disability: 'mild' },
  ],
  [
    'a late word on an earlier month leaves the later month as it was stated',
    [severe, worse, said('2022-03', { disability: 'mild' })],
    '2022-06',
    { disability: 'extremelySevere' },
  ],
  [
    'a day of birth that was corrected, for every month',
    [severe, said('2022-06', { bornOn: '1981-01-01' })],
    '2022-03',
    { bornOn: '1981-01-01' },
  ],
  [
    'a death that was told later',
    [severe, said('2022-06', { diedOn: '2022-04-02' })],
    '2022-05',
    { diedOn: '2022-04-02' },
  ],
])('%s', (_, statements, month, expected) => {
  expect(factsOfMonth('monthly-allowance', statements, `${month}-01`)).toMatchObject(expected);
});
