import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { listColumns, readList } from '@ansinh/payment-list';
import { Readable } from 'node:stream';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { ReturnedLineView } from '../src/follow-up/follow-up.dto.js';
import { streamedTypes } from '../src/rest.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import { accountOf, creditOf, debitsOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  approve,
  check,
  endToEndIdOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  numberOf,
  openFund,
  operator,
  type Player,
  readBatch,
  sentBatch,
  startHarness,
} from './harness.js';

let harness: Harness;
const bank = new FakeBank();
beforeAll(async () => {
  harness = await startHarness({ channel: bank });
});
beforeEach(() => bank.reset());
afterAll(() => harness.stop());

/** Both offices play every test: the province, and one of its districts. */
const offices = [
  ['the province', '27'],
  ['a district', '256'],
] as const;

interface Returned {
  batch: BatchView;
  lines: string[];
  fundId: string;
  by: Player;
}

/** A batch of four that is reconciled: line 1 is paid, line 2 refused (AC01), 3 returned (AC04), 4 returned (MS03). */
async function returnedBatch(office: string, lines = newLines(4)): Promise<Returned> {
  const by = { sub: `maker-${office}`, office };
  const fundId = await openFund(harness, { office });
  bank.onSend = (messageId) => ({
    messageId,
    verdict: 'accepted',
    reason: null,
    refused: [{ endToEndId: `${messageId.slice(0, messageId.lastIndexOf('-'))}-0000002`, reason: 'AC01' }],
  });
  const sent = await sentBatch(harness, lines, { fundId, by });
  await settle(sent, lines, fundId, [
    { row: 3, reason: 'AC04' },
    { row: 4, reason: 'MS03' },
  ]);
  bank.reset();
  return { batch: await readBatch(harness, sent.id), lines, fundId, by };
}

/** The bank tells of every debit that it took on, and of what it gives back. */
async function settle(
  batch: BatchView,
  lines: string[],
  fundId: string,
  back: { row: number; reason: string }[],
): Promise<void> {
  const refused = batch.totals.refused.count > 0 ? [2] : [];
  const debits = debitsOf(batch, lines).filter((_, index) => !refused.includes(index + 1));
  const credits = back.map(({ row, reason }) => creditOf(batch, lines, row, { reason }));
  const account = await accountOf(harness, fundId);
  const client = await harness.as(operator);
  await client.statement(await noticeOf({ account }, [...debits, ...credits])).expect(200);
}

const corrections = (...rows: Record<string, string>[]) => rows.map((row) => JSON.stringify(row)).join('\n');

async function followUp({ batch, by }: Returned, content: string, onBlocking = 'stop') {
  const client = await harness.as(by);
  const path = `/v1/batches/${batch.id}/follow-up?onBlocking=${onBlocking}`;
  return client.upload(path, content, streamedTypes.ndjson);
}

async function made(returned: Returned, content: string, onBlocking = 'stop'): Promise<BatchView> {
  const reply = await followUp(returned, content, onBlocking);
  if (reply.status !== 202) throw new Error(reply.text);
  return check(harness, (reply.body as BatchView).id);
}

async function returnedLines({ batch, by }: Returned, query = ''): Promise<ReturnedLineView[]> {
  const client = await harness.as(by);
  const { body } = await client.get(`/v1/batches/${batch.id}/returned${query}`).expect(200);
  return (body as { items: ReturnedLineView[] }).items;
}

const statesOf = async (returned: Returned) =>
  (await returnedLines(returned)).map(({ row, state }) => `${row} ${state}`);

/** Submission, approval and sending of a checked batch. */
async function send(batch: BatchView, by: Player): Promise<BatchView> {
  const client = await harness.as(by);
  const submitted = (await client.post(`/v1/batches/${batch.id}/submission`).expect(200)).body as BatchView;
  const reply = await approve(harness, submitted, { ...firstChecker, office: by.office });
  if (reply.status !== 200) throw new Error(reply.text);
  await client.post(`/v1/batches/${batch.id}/transmission`).expect(202);
  await harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo: 1 });
  return readBatch(harness, batch.id);
}

const newAccounts = corrections(
  { payment: '2', account: '99990000002' },
  { payment: '3', account: '99990000003', bankBin: '970436' },
);

describe.each(offices)('a batch of %s whose lines came back', (_, office) => {
  test('tells which, and why', async () => {
    const returned = await returnedBatch(office);
    expect(returned.batch).toMatchObject({ state: 'reconciled', followUpOf: null });
    const lines = await returnedLines(returned);
    expect(lines).toMatchObject([
      { row: 2, outcome: 'refused', reason: 'AC01', state: 'open', paidAgainBy: null },
      { row: 3, outcome: 'returned', reason: 'AC04', state: 'open' },
      { row: 4, outcome: 'returned', reason: 'MS03', state: 'open' },
    ]);
    for (const { payeeId, account } of lines) expect(`${payeeId} ${account}`).toMatch(/^•{8}\d{4} •+\d{4}$/);
  });

  test('pays the corrected ones again, linked line to line; the others stay open', async () => {
    const returned = await returnedBatch(office);
    const { batch, lines, fundId, by } = returned;
    const draft = await made(returned, newAccounts);
    expect(draft).toMatchObject({
      ...{ state: 'checked', rows: 2, setAside: 0, findings: {}, followUpOf: batch.code, officeCode: office },
      ...{ fundId, programmeCode: batch.programmeCode, period: batch.period, channel: batch.channel },
    });
    expect(await statesOf(returned)).toEqual(['2 followedUp', '3 followedUp', '4 open']);
    const sent = await send(draft, by);
    const message = bank.sends[0]!.message.toString();
    for (const part of ['99990000002', '99990000003', '970436']) expect(message).toContain(part);
    const asked = lines.map((line) => line.split(','));
    const again = [1, 2].map((row) => {
      const [id, name, bin, , amount, ...rest] = asked[row]!;
      return [id, name, row === 2 ? '970436' : bin, `9999000000${row + 1}`, amount, ...rest].join(',');
    });
    await settle(sent, again, fundId, []);
    const paid = await readBatch(harness, draft.id);
    expect(paid).toMatchObject({ state: 'reconciled', totals: { paid: { count: 2 } } });
    const client = await harness.as(by);
    const before = (await client.get(`/v1/batches/${batch.id}/payments`).expect(200)).body as object;
    const after = (await client.get(`/v1/batches/${draft.id}/payments`).expect(200)).body as object;
    expect(before).toMatchObject({
      items: [
        { state: 'paid', followUp: null, followUpOf: null },
        { state: 'refused', followUp: endToEndIdOf(draft, 1) },
        { state: 'returned', followUp: endToEndIdOf(draft, 2) },
        { state: 'returned', followUp: null },
      ],
    });
    expect(after).toMatchObject({
      items: [
        { state: 'paid', followUpOf: endToEndIdOf(batch, 2), amount: asked[1]![4] },
        { state: 'paid', followUpOf: endToEndIdOf(batch, 3), amount: asked[2]![4] },
      ],
    });
    const person = await client.get(`/v1/payments?payeeId=${asked[1]![0]}`).expect(200);
    expect(person.body).toMatchObject({
      items: [
        { followUp: null, followUpOf: endToEndIdOf(batch, 2) },
        { followUp: endToEndIdOf(draft, 1), followUpOf: null },
      ],
    });
    const verification = await (await harness.as(operator)).get('/v1/verification').expect(200);
    expect((verification.body as { checks: { ok: boolean }[] }).checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  test('is corrected in the list that it hands out', async () => {
    const returned = await returnedBatch(office);
    const path = `/v1/batches/${returned.batch.id}/returned`;
    const client = await harness.as(returned.by);
    const { text } = await client.get(path).set('accept', streamedTypes.csv).expect(200);
    const [, second, ...others] = text.trimEnd().split('\r\n');
    const whole = returned.lines[1]!.split(',');
    expect(second).toContain(`,••••••••${whole[0]!.slice(-4)},${whole[1]},${whole[2]},`);
    expect(text).not.toContain(whole[0]);
    expect(text).not.toContain(whole[3]);
    // Sent in as it is, it corrects nothing: lines that nobody touched stay open.
    const empty = await client.upload(`/v1/batches/${returned.batch.id}/follow-up`, text, streamedTypes.csv);
    expect(empty).toMatchObject({ status: 422, body: { code: 'NO_CORRECTIONS' } });
    const filled = [text.split('\r\n')[0], `${second!.slice(0, -5)},,,99990000007,,`, ...others].join('\r\n');
    const reply = await client.upload(
      `/v1/batches/${returned.batch.id}/follow-up`,
      filled,
      streamedTypes.csv,
    );
    expect(reply).toMatchObject({ status: 202, body: { rows: 1, followUpOf: returned.batch.code } });
    const rest = await client.get(path).set('accept', streamedTypes.xlsx).responseType('blob').expect(200);
    const rows: string[][] = [];
    for await (const read of readList(Readable.from([rest.body as Buffer]), 'xlsx', payments))
      rows.push(...read.map(({ cells }) => cells));
    expect(rows).toEqual([3, 4].map((row) => [endToEndIdOf(returned.batch, row)]));
  });
});

const payments = {
  names: ['payment'],
  optional: new Set<string>(),
  indexOf: (header: string) => (header === 'Payment' ? 0 : -1),
};

describe('the account of a line that came back', () => {
  test.each([
    ['2', 'AC01', 'RETURNED_ACCOUNT', { block: 1, warn: 0, waived: 0 }],
    ['3', 'AC04', 'RETURNED_ACCOUNT', { block: 1, warn: 0, waived: 0 }],
    ['4', 'MS03', 'SAME_ACCOUNT_AGAIN', { block: 0, warn: 1, waived: 0 }],
  ])('row %s (%s) once more is %s', async (payment, reason, code, count) => {
    const returned = await returnedBatch('27');
    const batch = await made(returned, corrections({ payment, again: 'x' }));
    expect(batch.findings).toEqual({ [code]: count });
    const client = await harness.as(returned.by);
    const { body } = await client.get(`/v1/batches/${batch.id}/findings`).expect(200);
    const message = (body as { items: { message: { en: string } }[] }).items[0]!.message.en;
    expect(message).toContain(`batch ${returned.batch.code}, row ${payment}`);
    expect(message).toContain(reason);
    const waived = await client.post(`/v1/batches/${batch.id}/waivers`, { code, reason: 'r' });
    expect(waived.status).toBe(code === 'RETURNED_ACCOUNT' ? 422 : 202);
  });

  test('is remembered over a chain of follow-ups', async () => {
    const returned = await returnedBatch('27');
    const second = await send(await made(returned, newAccounts), returned.by);
    const lines = [2, 3].map((row) => {
      const cells = returned.lines[row - 1]!.split(',');
      return [
        ...cells.slice(0, 2),
        row === 3 ? '970436' : cells[2],
        `9999000000${row}`,
        ...cells.slice(4),
      ].join(',');
    });
    await settle(second, lines, returned.fundId, [{ row: 1, reason: 'AC04' }]);
    const again = { ...returned, batch: await readBatch(harness, second.id) };
    expect(await statesOf(again)).toEqual(['1 open']);
    expect(await statesOf(returned)).toEqual(['2 followedUp', '3 followedUp', '4 open']);
    const first = returned.lines[1]!.split(',');
    const back = await made(again, corrections({ payment: '1', bankBin: first[2]!, account: first[3]! }));
    expect(back).toMatchObject({ findings: { RETURNED_ACCOUNT: { block: 1 } }, followUpOf: second.code });
    await (
      await harness.as(returned.by)
    )
      .post(`/v1/batches/${back.id}/cancellation`, { reason: 'r' })
      .expect(200);
    const third = await send(
      await made(again, corrections({ payment: '1', account: '77770000001' })),
      returned.by,
    );
    expect(third.totals.approved.count).toBe(1);
  });
});

describe('a source line', () => {
  test('is free again when its follow-up is cancelled, before and after the approval', async () => {
    const returned = await returnedBatch('27');
    const client = await harness.as(returned.by);
    const draft = await made(returned, newAccounts);
    await client.post(`/v1/batches/${draft.id}/cancellation`, { reason: 'r' }).expect(200);
    expect(await statesOf(returned)).toEqual(['2 open', '3 open', '4 open']);
    const second = await made(returned, newAccounts);
    const submitted = await client.post(`/v1/batches/${second.id}/submission`).expect(200);
    expect((await approve(harness, submitted.body as BatchView, firstChecker)).status).toBe(200);
    expect(await statesOf(returned)).toEqual(['2 followedUp', '3 followedUp', '4 open']);
    await client.post(`/v1/batches/${second.id}/cancellation`, { reason: 'r' }).expect(200);
    expect(await statesOf(returned)).toEqual(['2 open', '3 open', '4 open']);
    const kept = await client.get(`/v1/batches/${second.id}/payments`).expect(200);
    expect(kept.body).toMatchObject({ items: [{ followUpOf: endToEndIdOf(returned.batch, 2) }, {}] });
  });

  test('is free again when the approval leaves its line out', async () => {
    const returned = await returnedBatch('27');
    const content = corrections({ payment: '2', again: 'x' }, { payment: '3', account: '99990000003' });
    const batch = await made(returned, content, 'setAside');
    expect(batch).toMatchObject({ rows: 2, setAside: 1 });
    expect(await statesOf(returned)).toEqual(['2 followedUp', '3 followedUp', '4 open']);
    await send(batch, returned.by);
    expect(await statesOf(returned)).toEqual(['2 open', '3 followedUp', '4 open']);
  });

  test('that an ordinary batch pays is not open, and cannot be followed up', async () => {
    const returned = await returnedBatch('27');
    await sentBatch(harness, [returned.lines[3]!], { fundId: returned.fundId, by: maker });
    expect(await statesOf(returned)).toEqual(['2 open', '3 open', '4 paidOtherwise']);
    const reply = await followUp(returned, corrections({ payment: '4', again: 'x' }));
    expect(reply).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/lines/1/payment', code: 'paidOtherwise' }] },
    });
  });

  test('goes to one of twenty follow-ups at once', async () => {
    const returned = await returnedBatch('27');
    const replies = await Promise.all(Array.from({ length: 20 }, () => followUp(returned, newAccounts)));
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, ...Array<number>(19).fill(422)]);
    const links = (await harness.dataSource.query(
      'SELECT count(*)::int AS links FROM follow_up_line WHERE source_batch = $1',
      [numberOf(returned.batch)],
    )) as unknown[];
    expect(links).toEqual([{ links: 2 }]);
  });

  test('is linked once, and for ever, also past the service', async () => {
    const returned = await returnedBatch('27');
    const draft = await made(returned, newAccounts);
    const [source, number] = [numberOf(returned.batch), numberOf(draft)];
    const sql = (text: string, parameters: unknown[]) => harness.dataSource.query(text, parameters);
    const link =
      'INSERT INTO follow_up_line (batch_number, row_no, source_batch, source_row) VALUES ($1, 9, $2, 2)';
    await expect(sql(link, [number, source])).rejects.toThrow('follow_up_line_once');
    await expect(
      sql('UPDATE follow_up_line SET source_row = 4 WHERE batch_number = $1 AND row_no = 1', [number]),
    ).rejects.toThrow('immutable');
    await expect(sql('DELETE FROM follow_up_line WHERE batch_number = $1', [number])).rejects.toThrow(
      'append-only',
    );
    await sql('UPDATE follow_up_line SET released = true WHERE batch_number = $1', [number]);
    await expect(
      sql('UPDATE follow_up_line SET released = false WHERE batch_number = $1', [number]),
    ).rejects.toThrow('immutable');
  });
});

describe('corrections that are refused', () => {
  let returned: Returned;
  beforeAll(async () => {
    returned = await returnedBatch('27');
  });

  test.each([
    ['a line that was paid', { payment: '1', account: '99990000001' }, 'payment', 'none'],
    ['a line that is not there', { payment: '5', account: '99990000001' }, 'payment', 'none'],
    ['another batch', { payment: 'LO-99999999-0000001', account: '99990000001' }, 'payment', 'unknown'],
    ['no line', { payment: '', account: '99990000001' }, 'payment', 'unknown'],
    ['an account that is none', { payment: '2', account: '12' }, 'account', 'INVALID_ACCOUNT'],
    ['a bank that is none', { payment: '2', bankBin: '123456' }, 'bankBin', 'UNKNOWN_BANK'],
    ['another amount', { payment: '2', account: '99990000002', amount: '1' }, 'amount', 'fixed'],
    ['another person', { payment: '2', account: '99990000002', payeeId: '1' }, 'payeeId', 'fixed'],
  ])('%s', async (_, row, column, code) => {
    const content = corrections({ payment: '3', account: '99990000003' }, row);
    const reply = await followUp(returned, content);
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'CORRECTIONS_REFUSED', errors: [{ pointer: `/lines/2/${column}`, code }] },
    });
    // The id of the request may end in twelve digits.
    const { instance: _request, ...told } = reply.body as Record<string, unknown>;
    expect(JSON.stringify(told)).not.toMatch(/\d{12}/);
    expect(await statesOf(returned)).toEqual(['2 open', '3 open', '4 open']);
  });

  test('the same line twice, and a file that is no list', async () => {
    const twice = corrections(
      { payment: '2', account: '99990000001' },
      { payment: '2', account: '99990000002' },
    );
    expect((await followUp(returned, twice)).body).toMatchObject({
      errors: [{ pointer: '/lines/2/payment', code: 'twice' }],
    });
    const client = await harness.as(returned.by);
    const path = `/v1/batches/${returned.batch.id}/follow-up`;
    const csv = await client.upload(path, 'account\n99990000001\n', streamedTypes.csv);
    expect(csv).toMatchObject({ status: 422, body: { code: 'LIST_REFUSED', reason: 'MISSING_COLUMN' } });
    const zip = await client.upload(path, 'no zip', streamedTypes.xlsx);
    expect(zip).toMatchObject({ status: 422, body: { reason: 'NOT_A_WORKBOOK' } });
    expect(await statesOf(returned)).toEqual(['2 open', '3 open', '4 open']);
  });

  test('of a batch that is not with the bank yet, and a list that replaces that of a follow-up', async () => {
    const draft = await made(returned, newAccounts);
    const onDraft = await followUp({ ...returned, batch: draft }, newAccounts);
    expect(onDraft).toMatchObject({ status: 409, body: { code: 'BATCH_STATE' } });
    const client = await harness.as(returned.by);
    const list = [listColumns.join(','), ...newLines(1)].join('\n');
    const replaced = await client.list(`/v1/batches/${draft.id}/payments`, list, streamedTypes.csv);
    expect(replaced).toMatchObject({ status: 409, body: { code: 'FOLLOW_UP_LIST_FIXED' } });
  });

  test('the same key again gives the first answer', async () => {
    const again = await returnedBatch('256');
    const client = await harness.as(again.by);
    const path = `/v1/batches/${again.batch.id}/follow-up`;
    const send = () => client.upload(path, newAccounts, streamedTypes.ndjson, 'follow-up-key');
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
  });

  test('another office sees nothing of it', async () => {
    const theirs = await returnedBatch('256');
    const other = { sub: 'maker-261', office: '261' };
    expect((await followUp({ ...theirs, by: other }, newAccounts)).body).toMatchObject({
      code: 'BATCH_NOT_FOUND',
    });
    const client = await harness.as(other);
    await client.get(`/v1/batches/${theirs.batch.id}/returned`).expect(404);
  });
});

test('the key of a follow-up stands for its file', async () => {
  const returned = await returnedBatch(offices[0]![1]);
  const client = await harness.as(returned.by);
  const key = randomUUID();
  const send = (content: string) =>
    client.upload(
      `/v1/batches/${returned.batch.id}/follow-up?onBlocking=stop`,
      content,
      streamedTypes.ndjson,
      key,
    );
  const first = await send(newAccounts).expect(202);
  expect((await send(newAccounts).expect(202)).body).toEqual(first.body);
  await send(corrections({ payment: '2', account: '99990000009' })).expect(422, /IDEMPOTENCY_KEY_REUSED/);
});
