import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { CheckService } from '../src/finding/check.service.js';
import {
  createBatch,
  csvOf,
  firstChecker,
  type Harness,
  listLine,
  maker,
  openFund,
  operator,
  startHarness,
} from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

async function importAndCheck(batch: BatchView, content: string, onBlocking = 'stop'): Promise<BatchView> {
  const client = await harness.as(maker);
  await client
    .list(`/v1/batches/${batch.id}/payments?onBlocking=${onBlocking}`, content, 'text/csv')
    .expect(202);
  await harness.app.get(CheckService).check(batch.id);
  return (await client.get(`/v1/batches/${batch.id}`).expect(200)).body as BatchView;
}

describe('a list becomes an approved batch', () => {
  test('import, check, submit, approve: frozen, reserved, balanced', async () => {
    const fundId = await openFund(harness);
    const client = await harness.as(maker);
    const created = await createBatch(client, fundId);
    const checked = await importAndCheck(created, csvOf([1, 2, 3].map((index) => listLine(index))));
    expect(checked).toMatchObject({
      state: 'checked',
      rows: 3,
      kept: 3,
      setAside: 0,
      amount: '3000006',
      findings: {},
    });
    const submitted = (await client.post(`/v1/batches/${created.id}/submission`).expect(200))
      .body as BatchView;
    expect(submitted).toMatchObject({ state: 'submitted', requiredApprovals: 1 });
    const checker = await harness.as(firstChecker);
    const { body } = await checker
      .post(`/v1/batches/${created.id}/approval`, { digest: submitted.digest! })
      .expect(200);
    expect(body).toMatchObject({ state: 'approved', totals: { approved: { count: 3, amount: '3000006' } } });
    const balance = await client.get(`/v1/funds/${fundId}/balance`).expect(200);
    expect(balance.body).toMatchObject({
      allotted: '1000000000000',
      available: '999996999994',
      reserved: '3000006',
    });
    const operatorClient = await harness.as(operator);
    expect((await operatorClient.get('/v1/verification').expect(200)).body).toMatchObject({ ok: true });
  });
});
