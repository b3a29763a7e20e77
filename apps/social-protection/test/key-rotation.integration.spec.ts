import { randomUUID } from 'node:crypto';
import { testKeyRotation } from '@ansinh/testing';
import type { ReviewView } from '../src/review/review.dto.js';
import { tablesWithSeals } from '../src/sealed-tables.js';
import { type Harness, startHarness } from './harness.js';
import { disabled, entered, registered, registerHead } from './month.js';
import {
  approved,
  brought,
  confirm,
  covidHead,
  csv,
  decided,
  household,
  newNumber,
  newTaxCode,
  stopped,
} from './support.js';

/** A list on its way to the disbursements, people of a register who came by a list and singly, and a household of a review. */
async function fill(harness: Harness): Promise<void> {
  const [employer, maker, checker] = await Promise.all([
    harness.as({ sub: 'employer' }),
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'checker' }),
  ]);
  const taxCode = newTaxCode();
  const rows = [stopped(), stopped()];
  const list = await brought(employer, covidHead(taxCode), rows);
  await confirm(employer, taxCode, rows, '2021-06').expect(201);
  const run = await approved(maker, checker, await decided(maker, 'covid-support', [list.id]));
  const payout = { fundId: randomUUID(), channel: 'iso20022-http', purpose: 'Hỗ trợ' };
  await maker.post(`/v1/support-runs/${run.id}/payouts`, payout).expect(201);
  // Of a list in which something is wrong the cells are kept; of one of the insurance office that is refused too.
  await brought(employer, covidHead(taxCode), [stopped(), stopped(newNumber(), { stoppedFrom: 'x' })]);
  await confirm(employer, taxCode, [stopped(), stopped('1')], '2021-06').expect(422);
  const severe = disabled('nặng', '1980-01-01');
  await brought(maker, registerHead('2022-03'), [registered(severe)]);
  await entered(maker, { bornOn: '1980-01-01' });
  const review = {
    year: 2022,
    placeCode: '09163',
    reviewedOn: '2022-10-03',
    area: 'urban',
    households: 1000,
  };
  const { body } = await maker.post('/v1/poverty-reviews', review).expect(201);
  const { id } = body as ReviewView;
  await maker.upload(`/v1/poverty-reviews/${id}/lists`, csv([household()]), 'text/csv').expect(201);
}

testKeyRotation({
  app: 'social-protection',
  start: startHarness,
  fill,
  tables: tablesWithSeals,
  guarded: ['list_row', 'list_cells', 'insurance_cells', 'reviewed_household'],
  // The list waits: nobody listens there.
  environmentOf: () => ({
    DISBURSEMENTS_URL: 'http://127.0.0.1:9',
    SOCIAL_PROTECTION_CLIENT_SECRET: 'of-this-test',
  }),
});
