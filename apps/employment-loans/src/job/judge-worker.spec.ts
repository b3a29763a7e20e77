import { describe, expect, test } from '@jest/globals';
import type { EmployedPerson } from '@ansinh/client';
import { confirmableRows, openPolicy, rowDigest } from '@ansinh/policy';
import { loanCatalogue } from '../law/law.js';
import { type BorrowerOfJob, judgeUninsured, judgeWorker } from './judge-worker.js';

const on = '2022-06-01';
const catalogue = loanCatalogue();
const carried = openPolicy({ catalogue });
/** As a named person has confirmed what was read in no text. */
const confirmations = [...confirmableRows(catalogue)]
  .filter(([row]) => row.startsWith('LJ-'))
  .map(([row, law]) => ({ row, digest: rowDigest(law), confirmedBy: 'Trần Văn Quyết', confirmedOn: on }));
const confirmed = openPolicy({ catalogue, confirmations });
const workshop: BorrowerOfJob = { personId: null, employerId: 'workshop' };
const himself: BorrowerOfJob = { personId: 'a', employerId: null };
const contract = {
  employerId: 'workshop',
  contractFrom: '2022-01-01',
  contractUntil: null,
  insuredFrom: '2022-01-01',
  insuredUntil: null,
};
const worker = (over: Partial<EmployedPerson> = {}): EmployedPerson => ({
  personId: 'a',
  standsForId: 'a',
  diedOn: null,
  contracts: [],
  ...over,
});
const employed = (over: object = {}) => worker({ contracts: [{ ...contract, ...over }] });

test.each<[string, BorrowerOfJob, EmployedPerson | null, string]>([
  ['nobody of the registry', workshop, null, 'unknown'],
  ['died the day before', workshop, { ...employed(), diedOn: '2022-05-31' }, 'deceased'],
  ['died on the day', workshop, { ...employed(), diedOn: on }, 'deceased'],
  ['died the day after', workshop, { ...employed(), diedOn: '2022-06-02' }, 'counted'],
  ['no contract', workshop, worker(), 'notEmployed'],
  ['employed by another', workshop, employed({ employerId: 'mill' }), 'notEmployed'],
  ['insured', workshop, employed(), 'counted'],
  ['never insured', workshop, employed({ insuredFrom: null }), 'notInsured'],
  ['insured from the day on', workshop, employed({ insuredFrom: on }), 'counted'],
  ['insured from the day after', workshop, employed({ insuredFrom: '2022-06-02' }), 'notInsured'],
  ['not insured from the day on', workshop, employed({ insuredUntil: on }), 'notInsured'],
  ['insured to the day', workshop, employed({ insuredUntil: '2022-06-02' }), 'counted'],
  [
    'a month, not insured',
    workshop,
    employed({ contractFrom: '2022-05-20', contractUntil: '2022-06-20', insuredFrom: null }),
    'notInsured',
  ],
  [
    'a day less than a month',
    workshop,
    employed({ contractFrom: '2022-05-20', contractUntil: '2022-06-19', insuredFrom: null }),
    'counted',
  ],
  ['works for himself', himself, worker(), 'counted'],
  ['works for himself, of a merged record', himself, worker({ personId: 'b' }), 'counted'],
  ['works for himself, dead', himself, worker({ diedOn: on }), 'deceased'],
  [
    'somebody else beside a person',
    himself,
    { ...employed(), personId: 'c', standsForId: 'c' },
    'notEmployed',
  ],
])('%s: %j, %j is %s', (_, borrower, found, outcome) => {
  expect(judgeWorker(confirmed, borrower, found, on).outcome).toBe(outcome);
});

const uninsured = (contractFrom: string, contractUntil: string | null) =>
  employed({ contractFrom, contractUntil, insuredFrom: null });

test.each<[string, EmployedPerson, string]>([
  ['2015-12-31', uninsured('2015-12-01', '2016-02-29'), 'counted'],
  ['2015-12-31', uninsured('2015-12-01', '2016-03-01'), 'notInsured'],
  ['2017-12-31', uninsured('2017-12-01', '2018-02-28'), 'counted'],
  ['2017-12-31', uninsured('2017-12-01', '2018-03-01'), 'notInsured'],
  ['2018-01-01', uninsured('2017-12-01', '2017-12-31'), 'counted'],
  ['2018-01-01', uninsured('2017-12-01', '2018-01-01'), 'notInsured'],
  ['2025-07-01', uninsured('2025-07-01', '2025-07-31'), 'counted'],
  ['2025-07-01', uninsured('2025-07-01', '2025-08-01'), 'notInsured'],
  ['2025-07-01', uninsured('2025-07-01', null), 'notInsured'],
])('by the law of %s %j is %s', (day, found, outcome) => {
  expect(judgeWorker(confirmed, workshop, found, day)).toMatchObject({ outcome, unconfirmed: [] });
});

test.each<[string, EmployedPerson, string[]]>([
  [on, uninsured('2022-05-20', '2022-06-19'), ['LJ-SHORT', 'LJ-INSURED-2018']],
  [on, uninsured('2022-05-20', null), ['LJ-NOT-INSURED', 'LJ-INSURED-2018']],
  ['2017-12-31', uninsured('2017-01-01', null), ['LJ-NOT-INSURED', 'LJ-INSURED-2014']],
  ['2026-01-01', uninsured('2025-01-01', null), ['LJ-NOT-INSURED', 'LJ-INSURED-2024']],
  // Of no law at all nothing is decided either.
  ['2015-08-31', uninsured('2015-01-01', null), []],
])('on %s a job without insurance is not decided before %j', (day, found, rows) => {
  expect(judgeWorker(carried, workshop, found, day)).toMatchObject({
    outcome: 'undecided',
    unconfirmed: rows,
  });
});

test('who is insured, employed by nobody or works for himself waits for no law', () => {
  const outcomes = [employed(), worker()].map((found) => judgeWorker(carried, workshop, found, on).outcome);
  expect(outcomes).toEqual(['counted', 'notEmployed']);
  expect(judgeWorker(carried, himself, worker(), on).outcome).toBe('counted');
});

describe('of two contracts', () => {
  const month = { ...contract, contractUntil: '2022-06-19', contractFrom: '2022-05-20', insuredFrom: null };
  const years = { ...contract, insuredFrom: null };
  const both = [
    [years, month],
    [month, years],
  ];

  test.each(both)('the one that counts is his job (%#)', (...contracts) => {
    expect(judgeWorker(confirmed, workshop, worker({ contracts }), on)).toMatchObject({
      outcome: 'counted',
      contract: month,
    });
  });

  test.each(both)('that are open the one is kept by which he would count (%#)', (...contracts) => {
    const found = judgeWorker(carried, workshop, worker({ contracts }), on);
    expect(found).toMatchObject({ outcome: 'undecided', contract: month });
    // Once the rows are confirmed it comes to what a check finds then.
    expect(judgeUninsured(confirmed, found.contract!, on).outcome).toBe('counted');
  });

  test('the one that is open may be, where the other does not count', () => {
    const rows = ['LJ-NOT-INSURED', 'LJ-INSURED-2018'];
    const half = openPolicy({
      catalogue,
      confirmations: confirmations.filter(({ row }) => rows.includes(row)),
    });
    const found = judgeWorker(half, workshop, worker({ contracts: [years, month] }), on);
    expect(found).toEqual({ outcome: 'undecided', contract: month, unconfirmed: ['LJ-SHORT'] });
  });
});

test('of two contracts with the borrower the insured one is told', () => {
  const second = { ...contract, contractFrom: '2022-03-01' };
  const found = worker({ contracts: [{ ...second, insuredFrom: null }, contract] });
  expect(judgeWorker(carried, workshop, found, on)).toEqual({
    outcome: 'counted',
    contract,
    unconfirmed: [],
  });
});
