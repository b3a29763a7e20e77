import { testKeyRotation } from '@ansinh/testing';
import { tablesWithSeals } from '../src/sealed-tables.js';
import { type Harness, startHarness } from './harness.js';
import { approved, officersOf, ordered, planned, sent } from './lending.js';

/** Loans on a list that waits. */
async function fill(harness: Harness): Promise<void> {
  const officers = await officersOf(harness);
  const { id } = await planned(officers.province, '10000000000');
  for (let loan = 0; loan < 2; loan += 1) await ordered(officers, await approved(officers, id));
  await sent(officers.bank);
}

testKeyRotation({
  app: 'employment-loans',
  start: startHarness,
  fill,
  tables: tablesWithSeals,
  guarded: ['loan_contract'],
  environmentOf: () => ({}),
});
