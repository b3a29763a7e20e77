import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { findingCodes, type FindingView, type WaiverView } from '../src/finding/finding.dto.js';
import { findingCatalogue } from '@ansinh/payment-list';
import {
  approvedBatch,
  check,
  checkedBatch,
  csvOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  openFund,
  type PlayedClient,
  readBatch,
  startHarness,
  submittedBatch,
} from './harness.js';

let harness: Harness;
let client: PlayedClient;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness();
  client = await harness.as(maker);
  fundId = await openFund(harness);
});
afterAll(() => harness.stop());

const waive = (batch: BatchView, body: object) => client.post(`/v1/batches/${batch.id}/waivers`, body);

const waivedAndChecked = async (batch: BatchView, body: object) => {
  await waive(batch, body).expect(202);
  return check(harness, batch.id);
};

const findingsOf = async (batch: BatchView) => {
  const { body } = await client.get(`/v1/batches/${batch.id}/findings`).expect(200);
  return (body as { items: FindingView[] }).items;
};

const unknownPlace = { placeCode: '99999' };

test('a waiver lets the line be paid, under a name and with a reason', async () => {
  const batch = await checkedBatch(harness, [...newLines(1), ...newLines(2, unknownPlace)], { fundId });
  expect(batch).toMatchObject({ kept: 1, setAside: 2 });
  const reply = await waive(batch, { code: 'UNKNOWN_PLACE', rows: [3], reason: 'Sáp nhập xã' }).expect(202);
  expect(reply.body).toMatchObject({ state: 'checking' });
  const checked = await check(harness, batch.id);
  expect(checked).toMatchObject({ state: 'checked', kept: 2, setAside: 1 });
  expect(checked.findings).toEqual({ UNKNOWN_PLACE: { block: 2, warn: 0, waived: 1 } });
  const [second, third] = await findingsOf(batch);
  expect(second).toMatchObject({ row: 2, waived: null });
  expect(third).toMatchObject({ row: 3, waived: { by: 'maker', reason: 'Sáp nhập xã' } });
  const { body } = await client.get(`/v1/batches/${batch.id}/waivers`).expect(200);
  expect((body as { items: WaiverView[] }).items).toEqual([
    {
      code: 'UNKNOWN_PLACE',
      rows: [3],
      reason: 'Sáp nhập xã',
      by: 'maker',
      name: 'maker',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  ]);
});

test('without rows it holds for every row of the code, and for no other code', async () => {
  const lines = [...newLines(2, unknownPlace), ...newLines(1, { amount: '600000000' })];
  const batch = await checkedBatch(harness, lines, { fundId });
  const checked = await waivedAndChecked(batch, { code: 'UNKNOWN_PLACE', reason: 'r' });
  expect(checked.findings).toEqual({
    UNKNOWN_PLACE: { block: 2, warn: 0, waived: 2 },
    AMOUNT_OUT_OF_BOUNDS: { block: 1, warn: 0, waived: 0 },
  });
  await client.post(`/v1/batches/${batch.id}/submission`).expect(409);
  await waivedAndChecked(batch, { code: 'AMOUNT_OUT_OF_BOUNDS', reason: 'r' });
  await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
});

test('two lines that stand only by a waiver are still one obligation', async () => {
  const [line] = newLines(1);
  const twin = line!.replace(/,09163,/, ',99999,');
  const batch = await checkedBatch(harness, [line!, twin], { fundId });
  expect(batch.findings).toEqual({ UNKNOWN_PLACE: { block: 1, warn: 0, waived: 0 } });
  const checked = await waivedAndChecked(batch, { code: 'UNKNOWN_PLACE', reason: 'r' });
  expect(checked.findings).toEqual({
    UNKNOWN_PLACE: { block: 1, warn: 0, waived: 1 },
    DUPLICATE_IN_LIST: { block: 1, warn: 0, waived: 0 },
  });
  expect(checked).toMatchObject({ kept: 1, setAside: 1 });
  await client.post(`/v1/batches/${batch.id}/submission`).expect(409);
});

test('a waiver does not hide that the obligation is approved elsewhere', async () => {
  const [line] = newLines(1);
  await approvedBatch(harness, [line!], { fundId });
  const batch = await checkedBatch(harness, [line!.replace(/,09163,/, ',99999,')], { fundId });
  const checked = await waivedAndChecked(batch, { code: 'UNKNOWN_PLACE', reason: 'r' });
  expect(checked.findings).toMatchObject({ DUPLICATE_OBLIGATION: { block: 1 } });
  expect(checked).toMatchObject({ kept: 0, setAside: 1 });
});

describe('the digest', () => {
  test('is of another list once a waiver is given, though every line is the same', async () => {
    const [line, other] = newLines(2);
    const shared = other!.split(',').with(3, line!.split(',')[3]!).join(',');
    const submitted = await submittedBatch(harness, [line!, shared], { fundId });
    const checker = await harness.as(firstChecker);
    await checker.post(`/v1/batches/${submitted.id}/rejection`, { reason: 'who shares?' }).expect(200);
    await client.post(`/v1/batches/${submitted.id}/check`).expect(202);
    await check(harness, submitted.id);
    await waivedAndChecked(submitted, { code: 'SHARED_ACCOUNT', reason: 'vợ chồng' });
    const { body } = await client.post(`/v1/batches/${submitted.id}/submission`).expect(200);
    expect((body as BatchView).digest).not.toBe(submitted.digest);
    const stale = await checker.post(`/v1/batches/${submitted.id}/approval`, { digest: submitted.digest });
    expect(stale).toMatchObject({ status: 409, body: { code: 'DIGEST_MISMATCH' } });
  });

  test('a waiver slipped in after the submission stops the approval', async () => {
    const batch = await submittedBatch(harness, newLines(2), { fundId });
    await harness.dataSource.query(
      `INSERT INTO waiver (batch_number, import_number, code, reason, actor_id, actor_name)
       SELECT number, import_number, 'NAME_MISMATCH', 'r', 'x', 'X' FROM batch WHERE id = $1`,
      [batch.id],
    );
    const checker = await harness.as(firstChecker);
    const { body } = await checker
      .post(`/v1/batches/${batch.id}/approval`, { digest: batch.digest })
      .expect(409);
    expect(body).toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'submitted', approvals: [] });
  });
});

describe('refused', () => {
  const notWaivable = findingCodes.filter((code) => !findingCatalogue[code].waivable);

  test('what can be waived is a short list', () => {
    expect(findingCodes.filter((code) => findingCatalogue[code].waivable).sort()).toEqual([
      'AMOUNT_OUT_OF_BOUNDS',
      'NAME_MISMATCH',
      'PAYEE_DECEASED',
      'PAYEE_MOVED',
      'REGISTERED_NAME_DIFFERS',
      'REGISTRY_UNREAD',
      'SAME_ACCOUNT_AGAIN',
      'SHARED_ACCOUNT',
      'UNEXPLAINED_PAYMENT',
      'UNKNOWN_PLACE',
    ]);
  });

  test.each(notWaivable)('%s', async (code) => {
    const batch = await checkedBatch(harness, newLines(1), { fundId });
    const { body } = await waive(batch, { code, reason: 'r' }).expect(422);
    expect(body).toMatchObject({ code: 'FINDING_NOT_WAIVABLE' });
    expect(await readBatch(harness, batch.id)).toEqual(batch);
  });

  test('what was not found', async () => {
    const batch = await checkedBatch(harness, newLines(2, unknownPlace), { fundId });
    for (const body of [
      { code: 'SHARED_ACCOUNT', reason: 'r' },
      { code: 'UNKNOWN_PLACE', rows: [3], reason: 'r' },
    ]) {
      const reply = await waive(batch, body).expect(404);
      expect(reply.body).toMatchObject({ code: 'NOTHING_TO_WAIVE' });
    }
  });

  test.each([
    [{ code: 'UNKNOWN_PLACE', reason: ' ' }, '/reason'],
    [{ code: 'UNKNOWN_PLACE' }, '/reason'],
    [{ code: 'UNKNOWN_PLACE', reason: 'r', rows: [] }, '/rows'],
    [{ code: 'UNKNOWN_PLACE', reason: 'r', rows: [0] }, '/rows'],
    [{ code: 'UNKNOWN_PLACE', reason: 'r', rows: [1.5] }, '/rows'],
    [{ code: 'UNKNOWN_PLACE', reason: 'r', rows: [2_147_483_648] }, '/rows'],
    [{ code: 'NOSUCH', reason: 'r' }, '/code'],
  ])('%j', async (body, pointer) => {
    const batch = await checkedBatch(harness, newLines(1, unknownPlace), { fundId });
    const reply = await waive(batch, body).expect(400);
    expect(reply.body).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
    });
  });

  test('once the batch is submitted', async () => {
    const batch = await checkedBatch(harness, newLines(1, unknownPlace), { fundId });
    await waivedAndChecked(batch, { code: 'UNKNOWN_PLACE', reason: 'r' });
    await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
    const { body } = await waive(batch, { code: 'UNKNOWN_PLACE', reason: 'r' }).expect(409);
    expect(body).toMatchObject({ code: 'BATCH_STATE', state: 'submitted' });
  });
});

test('a new list needs new waivers', async () => {
  const lines = newLines(1, unknownPlace);
  const batch = await checkedBatch(harness, lines, { fundId });
  await waivedAndChecked(batch, { code: 'UNKNOWN_PLACE', reason: 'r' });
  await client.list(`/v1/batches/${batch.id}/payments`, csvOf(lines), 'text/csv').expect(202);
  expect((await check(harness, batch.id)).findings).toEqual({
    UNKNOWN_PLACE: { block: 1, warn: 0, waived: 0 },
  });
  const { body } = await client.get(`/v1/batches/${batch.id}/waivers`).expect(200);
  expect(body).toEqual({ items: [] });
});
