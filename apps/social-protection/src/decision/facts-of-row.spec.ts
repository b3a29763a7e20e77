import { describe, expect, test } from '@jest/globals';
import {
  benefitOf,
  factsOfRow,
  monthBefore,
  monthsAsked,
  type RowToDecide,
  type Taken,
} from './facts-of-row.js';

const covid: RowToDecide = {
  listId: 'l',
  listNumber: 1,
  row: 1,
  personKey: 'k',
  payeeKey: null,
  officeCode: '09163',
  programme: 'covid-support',
  choice: 'policy5',
  months: [],
  receivedOn: '2021-09-01',
  employerType: 'enterprise',
  taxCode: 'T1',
  placeCode: '09163',
  facts: { stoppedFrom: '2021-06-15', stoppedUntil: '2021-07-10' },
};
const rent: RowToDecide = {
  ...covid,
  programme: 'rent-support',
  choice: 'working',
  months: ['2022-04-01'],
  receivedOn: '2022-05-10',
  facts: {},
};
const known = (insured: Record<string, boolean> = {}, taken: Record<string, Taken> = {}) => ({
  taken: new Map(Object.entries(taken)),
  insured: new Map(Object.entries(insured)),
});

describe('whether somebody was insured when it happened', () => {
  test.each([
    ['in the month', { '2021-06-01 T1': true }, true],
    ['in the month before', { '2021-06-01 T1': false, '2021-05-01 T1': true }, true],
    ['in neither', { '2021-06-01 T1': false, '2021-05-01 T1': false }, false],
    ['one answer is missing', { '2021-06-01 T1': false }, undefined],
    ['nobody answered', {}, undefined],
    ['by another employer', { '2021-06-01 T2': true }, undefined],
    ['two months before', { '2021-04-01 T1': true }, undefined],
  ])('%s', (_, insured, expected) =>
    expect(factsOfRow(covid, null, known(insured))['isInsuredThen']).toBe(expected),
  );

  test('is not asked of a list without an employer', () => {
    const facts = factsOfRow({ ...covid, taxCode: null }, null, known({ '2021-06-01 null': true }));
    expect(facts).not.toHaveProperty('isInsuredThen');
  });
});

describe('through which employer somebody may ask for rent', () => {
  const facts = (insured: Record<string, boolean>, over: Record<string, unknown> = {}) =>
    factsOfRow({ ...rent, facts: over }, '2022-04-01', known(insured));
  test.each([
    ['insured here', { '2022-04-01 T1': true }, {}, true, true],
    ['insured here and elsewhere', { '2022-04-01 T1': true, '2022-04-01 T2': true }, {}, true, true],
    ['insured elsewhere', { '2022-04-01 T1': false, '2022-04-01 T2': true }, {}, false, false],
    ['insured elsewhere, nothing said of here', { '2022-04-01 T2': true }, {}, undefined, false],
    ['insured by none', { '2022-04-01 T1': false }, {}, false, true],
    ['newly hired, nothing said', {}, { isNewlyHired: true }, undefined, true],
    ['nothing said', {}, {}, undefined, undefined],
    ['insured in another month', { '2022-03-01 T1': true }, {}, undefined, undefined],
  ])('%s', (_, insured, over, isOnInsuranceList, isInsuranceEmployer) => {
    const found = facts(insured as Record<string, boolean>, over);
    expect([found['isOnInsuranceList'], found['isInsuranceEmployer']]).toEqual([
      isOnInsuranceList,
      isInsuranceEmployer,
    ]);
  });
});

test('what was granted before stands in the facts', () => {
  const taken = {
    '2022-02': { choice: 'working', slot: 1 },
    '2022-03': { choice: 'returning', slot: 2 },
  };
  expect(factsOfRow(rent, '2022-03-01', known({}, taken))).toMatchObject({
    isMonthSupported: true,
    monthsSupported: 2,
    month: '2022-03-01',
    group: 'working',
  });
  expect(factsOfRow(covid, null, known({}, { oneOff: { choice: 'policy5', slot: null } }))).toMatchObject({
    isPolicyAlreadyPaid: true,
    isOtherOneOffPaid: false,
    policy: 'policy5',
  });
  expect(factsOfRow(covid, null, known({}, { oneOff: { choice: 'policy4', slot: null } }))).toMatchObject({
    isPolicyAlreadyPaid: false,
    isOtherOneOffPaid: true,
  });
  expect(factsOfRow(covid, null, known({}, { policy7: { choice: 'policy7', slot: null } }))).toMatchObject({
    isPolicyAlreadyPaid: false,
    isOtherOneOffPaid: false,
  });
});

test('what a list says of a person cannot stand in for what others confirm', () => {
  const facts = { isMonthSupported: false, isAreaEligible: true, receivedOn: '2022-01-01' };
  const found = factsOfRow(
    { ...rent, facts },
    '2022-03-01',
    known({}, { '2022-03': { choice: 'working', slot: 1 } }),
  );
  expect(found).toMatchObject({ isMonthSupported: true, receivedOn: '2022-05-10' });
});

test.each([
  ['2022-01-01', '2021-12-01'],
  ['2022-03-31', '2022-02-01'],
  ['2024-03-01', '2024-02-01'],
])('the month before %s is %s', (day, month) => expect(monthBefore(day)).toBe(month));

test('the insurance office is asked about the months that the law names', () => {
  expect(monthsAsked(covid)).toEqual(['2021-06-01', '2021-05-01']);
  expect(monthsAsked(rent)).toEqual(['2022-04-01']);
  expect(monthsAsked({ ...covid, facts: { treatedFrom: '2021-08-01' } })).toEqual([]);
});

describe('what is claimed', () => {
  const claim = (over: Partial<RowToDecide>): RowToDecide => ({
    ...covid,
    receivedOn: '2022-03-09',
    ...over,
  });
  const had: Taken = { choice: 'x', slot: null };
  test.each<[string, Partial<RowToDecide>, string]>([
    [
      'one funeral of one who died, whatever he was',
      { programme: 'funeral-support', choice: 'beneficiary' },
      'death',
    ],
    ['the allowances of his survivors once', { programme: 'merit-death-once', choice: 'claim' }, 'death'],
    [
      'each emergency',
      { programme: 'emergency-support', choice: 'injury', facts: { happenedOn: '2022-03-04' } },
      'injury/2022-03-04',
    ],
    ['an injury', { programme: 'merit-injury-once', choice: 'claim' }, 'claim'],
    ['a convalescence a year', { programme: 'merit-convalescence', choice: 'home' }, '2022'],
    ['each item a year', { programme: 'merit-item', choice: 'worship' }, 'worship/2022'],
  ])('may be had once: %s', (_, over, benefit) => {
    const row = claim(over);
    expect(benefitOf(row, null)).toBe(benefit);
    expect(factsOfRow(row, null, known())['isAlreadyHad']).toBe(false);
    expect(factsOfRow(row, null, known({}, { [benefit]: had }))['isAlreadyHad']).toBe(true);
    expect(factsOfRow(row, null, known())).not.toHaveProperty('receivedOn');
  });

  test('three months of an allowance are of what the register paid, and of nothing else', () => {
    const row = claim({ programme: 'merit-death-once', choice: 'claim', facts: { diedOn: '2022-03-04' } });
    const facts = (lastAllowance?: string) => factsOfRow(row, null, { ...known(), lastAllowance });
    expect(facts('2343000')).toMatchObject({ currentAllowance: '2343000' });
    expect(facts()).not.toHaveProperty('currentAllowance');
  });
});
