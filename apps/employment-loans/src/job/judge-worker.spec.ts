import { expect, test } from '@jest/globals';
import type { EmployedPerson } from '@ansinh/client';
import { type BorrowerOfJob, judgeWorker } from './judge-worker.js';

const on = '2022-06-01';
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
  expect(judgeWorker(borrower, found, on).outcome).toBe(outcome);
});

test('of two contracts with the borrower the insured one is told', () => {
  const second = { ...contract, contractFrom: '2022-03-01' };
  const found = worker({ contracts: [{ ...second, insuredFrom: null }, contract] });
  expect(judgeWorker(workshop, found, on)).toEqual({ outcome: 'counted', contract });
});
