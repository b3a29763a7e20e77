import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FundView } from '../src/fund/fund.dto.js';
import { debitOf, noticeOf, statusReportOf } from './bank-papers.js';
import {
  endToEndIdOf,
  type Harness,
  newLines,
  operator,
  readBatch,
  sentBatch,
  startHarness,
  statedPurpose,
} from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

const byHand = { channel: 'iso20022-file' };

async function accountOf(fundId: string): Promise<string> {
  const { body } = await (await harness.as(operator)).get(`/v1/funds/${fundId}`).expect(200);
  return (body as FundView).account.number;
}

test('the message waits for people: downloaded, never sent, decided by the uploaded status report', async () => {
  const lines = newLines(3);
  const batch = await sentBatch(harness, lines, byHand);
  expect(batch).toMatchObject({
    state: 'transmitting',
    chunks: { unknown: 1 },
    totals: { inFlight: { count: 3 } },
  });
  const client = await harness.as(operator);
  const path = `/v1/batches/${batch.id}/messages/1`;
  const file = await client.get(path).set(statedPurpose).buffer(true).expect(200);
  expect(file.text ?? String(file.body)).toContain(endToEndIdOf(batch, 3));

  const refused = [{ endToEndId: endToEndIdOf(batch, 2), reason: 'AC04' }];
  await client.statement(statusReportOf(`${batch.code}-C00001`, { refused }).toString()).expect(200);
  expect(await readBatch(harness, batch.id)).toMatchObject({
    state: 'transmitted',
    chunks: { accepted: 1 },
    totals: { refused: { count: 1 }, inFlight: { count: 2 } },
  });
  const paid = [1, 3].map((row) => debitOf(batch, lines, row));
  await client.statement(await noticeOf({ account: await accountOf(batch.fundId) }, paid)).expect(200);
  expect(await readBatch(harness, batch.id)).toMatchObject({
    state: 'reconciled',
    totals: { paid: { count: 2 } },
  });
});

test('a bank that sends no status report: booked payments show that it took the message on', async () => {
  const lines = newLines(2);
  const batch = await sentBatch(harness, lines, byHand);
  const client = await harness.as(operator);
  const notice = await noticeOf({ account: await accountOf(batch.fundId) }, [debitOf(batch, lines, 1)]);
  await client.statement(notice).expect(200);
  expect(await readBatch(harness, batch.id)).toMatchObject({
    state: 'transmitted',
    chunks: { accepted: 1 },
    totals: { paid: { count: 1 }, inFlight: { count: 1 } },
  });
  // Its refusals may still come, line by line.
  const refused = [{ endToEndId: endToEndIdOf(batch, 2), reason: 'AC01' }];
  await client.statement(statusReportOf(`${batch.code}-C00001`, { refused }).toString()).expect(200);
  expect(await readBatch(harness, batch.id)).toMatchObject({
    state: 'reconciled',
    totals: { refused: { count: 1 } },
  });
});
