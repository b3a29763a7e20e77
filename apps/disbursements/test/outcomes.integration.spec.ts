import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { OutcomePage, OutcomeView } from '../src/payment/outcome.dto.js';
import { accountOf, creditOf, debitOf, type Movement, noticeOf, today } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  approve,
  approvedBatch,
  check,
  checkedBatch,
  csvOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  sentBatch,
  startHarness,
  submittedBatch,
} from './harness.js';

const bank = new FakeBank();
let harness: Harness;
let client: PlayedClient;
let fundId: string;
let account: string;
beforeAll(async () => {
  harness = await startHarness({ channel: bank, environment: { CHUNK_PAYMENTS: '2' } });
  client = await harness.as(operator);
});
beforeEach(async () => {
  fundId = await openFund(harness);
  account = await accountOf(harness, fundId);
});
afterAll(() => harness.stop());

const tell = async (...movements: Movement[]) =>
  client.statement(await noticeOf({ account }, movements)).expect(200);

async function pageAfter(batch: BatchView, after?: string | null, limit = 1_000): Promise<OutcomePage> {
  const query = new URLSearchParams({ limit: String(limit), ...(after && { after }) });
  const { body } = await client.get(`/v1/batches/${batch.id}/outcomes?${query}`).expect(200);
  return body as OutcomePage;
}

/** Everything behind the cursor, page by page. */
async function readOn(batch: BatchView, after?: string | null, limit?: number) {
  const items: OutcomeView[] = [];
  for (let cursor = after; ;) {
    const page = await pageAfter(batch, cursor, limit);
    items.push(...page.items);
    if (page.isLast) return { ...page, items };
    expect(page.next).not.toBe(cursor);
    cursor = page.next;
  }
}

const toldBy = ({ items }: { items: OutcomeView[] }) => items.map(({ row, status }) => [row, status]);

test('nothing is told of a batch that nobody has approved, and the cursor stays', async () => {
  const batch = await submittedBatch(harness, newLines(2), { fundId });
  expect(await pageAfter(batch)).toMatchObject({
    batchState: 'submitted',
    items: [],
    next: null,
    isLast: true,
  });
});

test('lines that were set aside are told once the batch is approved, with their findings', async () => {
  const lines = [...newLines(1), ...newLines(1, { amount: 'nhiều' }), ...newLines(2)];
  const batch = await approvedBatch(harness, lines, { fundId, onBlocking: 'setAside' });
  const first = await readOn(batch);
  expect(first.items).toEqual([
    {
      row: 2,
      status: 'setAside',
      amount: null,
      bookedOn: null,
      reason: null,
      findings: ['INVALID_AMOUNT'],
    },
  ]);
  expect(await pageAfter(batch, first.next)).toMatchObject({ items: [], next: first.next, isLast: true });
});

test('a page tells what became known since the cursor, and a line again when it changes', async () => {
  const lines = newLines(6);
  const batch = await sentBatch(harness, lines, { fundId });
  const start = await readOn(batch);
  expect(start.items).toEqual([]);
  await tell(debitOf(batch, lines, 5), debitOf(batch, lines, 6));
  await tell(debitOf(batch, lines, 1));
  const paid = await readOn(batch, start.next);
  expect(toldBy(paid)).toEqual([
    [5, 'paid'],
    [6, 'paid'],
    [1, 'paid'],
  ]);
  const amount = lines[4]!.split(',')[4];
  expect(paid.items[0]).toMatchObject({ amount, bookedOn: today(), reason: null });
  expect((await readOn(batch, paid.next)).items).toEqual([]);
  await tell(creditOf(batch, lines, 5));
  const returned = await readOn(batch, paid.next);
  expect(toldBy(returned)).toEqual([
    [5, 'returned'],
    [6, 'paid'],
  ]);
  expect(returned.items[0]).toMatchObject({ reason: 'AC04', bookedOn: today() });
  expect(toldBy(await readOn(batch))).toEqual([
    [1, 'paid'],
    [5, 'returned'],
    [6, 'paid'],
  ]);
});

test('pages of any size tell every line once, also where they end within a chunk', async () => {
  const lines = newLines(7);
  const batch = await sentBatch(harness, lines, { fundId });
  await tell(...[1, 2, 3, 4, 5, 6, 7].map((row) => debitOf(batch, lines, row)));
  for (const limit of [1, 2, 3, 5, 7, 8]) {
    const { items } = await readOn(batch, null, limit);
    expect(items.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  }
});

test('a reader within a chunk that changes is told all of it again', async () => {
  const lines = newLines(2);
  const batch = await sentBatch(harness, lines, { fundId });
  await tell(debitOf(batch, lines, 1), debitOf(batch, lines, 2));
  const skipped = (await pageAfter(batch)).next;
  const half = await pageAfter(batch, skipped, 1);
  expect(toldBy(half)).toEqual([[1, 'paid']]);
  await tell(creditOf(batch, lines, 1));
  expect(toldBy(await readOn(batch, half.next))).toEqual([
    [1, 'returned'],
    [2, 'paid'],
  ]);
});

test('what the bank refuses is told with its reason', async () => {
  bank.onSend = (messageId) => ({
    messageId,
    verdict: 'refused',
    reason: 'AC01',
    refused: [],
  });
  const batch = await sentBatch(harness, newLines(1), { fundId });
  bank.reset();
  expect((await readOn(batch)).items).toMatchObject([{ row: 1, status: 'refused', reason: 'AC01' }]);
});

test('of a cancelled batch each line is told once more, whatever was told before', async () => {
  const lines = [...newLines(1), ...newLines(1, { amount: 'nhiều' })];
  const batch = await approvedBatch(harness, lines, { fundId, onBlocking: 'setAside' });
  const before = await readOn(batch);
  await (
    await harness.as(maker)
  )
    .post(`/v1/batches/${batch.id}/cancellation`, { reason: 'Nhầm' })
    .expect(200);
  const after = await readOn(batch, before.next);
  expect(after.batchState).toBe('cancelled');
  expect(toldBy(after)).toEqual([
    [1, 'cancelled'],
    [2, 'setAside'],
  ]);
  expect((await readOn(batch, after.next)).items).toEqual([]);
});

test('books that were put back to an earlier day go on behind what a reader has seen', async () => {
  const lines = newLines(2);
  const batch = await sentBatch(harness, lines, { fundId });
  await tell(debitOf(batch, lines, 1));
  const read = await readOn(batch);
  // As the backup has it: the notice is not there yet, and comes again.
  await harness.dataSource.query('UPDATE chunk SET outcome_no = 0 WHERE batch_number = $1', [
    String(Number(batch.code.slice(3))),
  ]);
  await tell(debitOf(batch, lines, 2));
  expect(toldBy(await readOn(batch, read.next))).toEqual([
    [1, 'paid'],
    [2, 'paid'],
  ]);
});

test('the digest of a list is that of the bytes which were sent', async () => {
  const lines = newLines(3);
  const { listDigest } = await checkedBatch(harness, lines, { fundId });
  expect(listDigest).toBe(createHash('sha256').update(csvOf(lines)).digest('hex'));
});

test('whoever is named as a maker of a batch may not approve it', async () => {
  const by = await harness.as(maker);
  const draft = { fundId, programmeCode: 'NQ68', purpose: 'Hỗ trợ', period: '2022-03' };
  const channel = 'iso20022-http';
  const { body } = await by
    .post('/v1/batches', { ...draft, channel, makers: [firstChecker.sub] })
    .expect(201);
  const batch = body as BatchView;
  await by.list(`/v1/batches/${batch.id}/payments`, csvOf(newLines(1)), 'text/csv').expect(202);
  await check(harness, batch.id);
  const submitted = await by.post(`/v1/batches/${batch.id}/submission`).expect(200);
  const refused = await approve(harness, submitted.body as BatchView, firstChecker);
  expect(refused.body).toMatchObject({ status: 403, code: 'MAKER_IS_NOT_CHECKER' });
});
