import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { todayInVietnam } from '@ansinh/calendar';
import { readList, receiptColumns } from '@ansinh/payment-list';
import { permissions } from '@ansinh/auth';
import type { ScheduleView } from '../src/schedule/schedule.dto.js';
import { UpcomingService } from '../src/schedule/upcoming.service.js';
import type supertest from 'supertest';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { CashListPage, CashListView, ReceiptsView } from '../src/cash-list/cash-list.dto.js';
import type { ReturnedLineView } from '../src/follow-up/follow-up.dto.js';
import type { BalanceView } from '../src/fund/fund.dto.js';
import { streamedTypes } from '../src/rest.js';
import { accountOf, debitsOf, noticeOf } from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';
import {
  approve,
  approvedBatch,
  check,
  checkedBatch,
  endToEndIdOf,
  firstChecker,
  type Harness,
  newLines,
  numberOf,
  openFund,
  operator,
  type Player,
  readBatch,
  startHarness,
  statedPurpose,
} from './harness.js';

/** What an office sends back: one row a line, as NDJSON. */
const receiptsOf = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

let harness: Harness;
const bank = new FakeBank();
beforeAll(async () => {
  harness = await startHarness({ channel: bank, environment: { CHUNK_PAYMENTS: '3' } });
});
afterAll(() => harness.stop());

/** Both offices play the story: the province, and one of its districts. */
const offices = [
  ['the province', '27'],
  ['a district', '256'],
] as const;

const channel = 'post-cash';
const noAccount = { bankBin: '', account: '' };
const today = todayInVietnam();

/** Two communes, their people mixed as lists mix them: 09163 has rows 1, 3 and 5, 09169 has rows 2 and 4. */
const mixedLines = () =>
  ['09163', '09169', '09163', '09169', '09163'].flatMap((placeCode) =>
    newLines(1, { ...noAccount, placeCode }),
  );

interface Issued {
  batch: BatchView;
  lines: string[];
  fundId: string;
  by: Player;
}

async function issuedBatch(office: string, lines = mixedLines()): Promise<Issued> {
  const by = { sub: `maker-${office}`, office };
  const fundId = await openFund(harness, { office, channel });
  const approved = await approvedBatch(harness, lines, { fundId, channel, by });
  await (await harness.as(operator)).post(`/v1/batches/${approved.id}/transmission`).expect(202);
  return { batch: await readBatch(harness, approved.id), lines, fundId, by };
}

const listsOf = async ({ batch, by }: Pick<Issued, 'batch' | 'by'>, query = ''): Promise<CashListView[]> => {
  const client = await harness.as(by);
  const { body } = await client.get(`/v1/batches/${batch.id}/cash-lists${query}`).expect(200);
  return (body as CashListPage).items;
};

async function tell(
  issued: Pick<Issued, 'batch' | 'by'>,
  rows: object[],
  key?: string,
): Promise<supertest.Response> {
  const client = await harness.as(issued.by);
  const content = receiptsOf(rows);
  return client.upload(`/v1/batches/${issued.batch.id}/receipts`, content, streamedTypes.ndjson, key);
}

const paid = (payment: string | number, paidOn = today) => ({
  payment: String(payment),
  result: 'paid',
  paidOn,
});
const unpaid = (payment: string | number, reason = 'ABSENT') => ({
  ...{ payment: String(payment), result: 'unpaid', reason },
});

async function balanceOf({ fundId, by }: Issued): Promise<Partial<BalanceView>> {
  const client = await harness.as(by);
  const { body } = await client.get(`/v1/funds/${fundId}/balance`).expect(200);
  const { available, reserved, inFlight, paid: spent } = body as BalanceView;
  return { available, reserved, inFlight, paid: spent };
}

async function expectVerified(): Promise<void> {
  const verified = await (await harness.as(operator)).get('/v1/verification').expect(200);
  expect((verified.body as { checks: { ok: boolean }[] }).checks.filter(({ ok }) => !ok)).toEqual([]);
}

const fetched = async (
  { batch, by }: Issued,
  number: number,
  type: string,
  headers: Record<string, string> = {},
) => {
  const client = await harness.as(by);
  const path = `/v1/batches/${batch.id}/cash-lists/${number}`;
  return client.get(path).set('accept', type).set(headers).responseType('blob');
};

async function sheetOf(issued: Issued, number: number, headers = {}): Promise<string[][]> {
  const { body } = await fetched(issued, number, streamedTypes.xlsx, headers);
  const rows: string[][] = [];
  for await (const read of readList(Readable.from([body as Buffer]), 'xlsx', receiptColumns))
    rows.push(...read.map(({ cells }) => cells));
  return rows;
}

describe.each(offices)('a batch that the post office pays, of %s', (_, office) => {
  test('goes from list to lists, to receipts, to books that fit, and what nobody collected to the next month', async () => {
    const issued = await issuedBatch(office);
    const { batch, by } = issued;
    const sum = BigInt(batch.amount);
    expect(batch).toMatchObject({
      ...{ state: 'transmitted', channel, openExceptions: 0, resultsDueOn: '2022-03-21' },
      chunks: { total: 2, accepted: 2 },
      totals: { approved: { count: 5 }, inFlight: { count: 5, amount: batch.amount } },
    });
    expect(await balanceOf(issued)).toMatchObject({ reserved: '0', inFlight: batch.amount, paid: '0' });
    expect(await listsOf(issued)).toMatchObject([
      {
        number: 1,
        code: `${batch.code}-C00001`,
        placeCode: '09163',
        state: 'issued',
        approved: { count: 3 },
      },
      { number: 2, code: `${batch.code}-C00002`, placeCode: '09169', state: 'issued', missing: { count: 2 } },
    ]);

    // The workbook of the first commune comes back filled in: rows 1 and 3 were paid, of row 5 nothing is known yet.
    const sheet = await sheetOf(issued, 1);
    const ids = [1, 3, 5].map((row) => endToEndIdOf(batch, row));
    expect(sheet.map(([payment]) => payment)).toEqual([...ids, '', '']);
    const filled = [paid(ids[0]!), paid(ids[1]!), { payment: ids[2]!, result: '' }];
    const first = await tell(issued, filled);
    expect(first).toMatchObject({ status: 200, body: { results: 2, booked: 2, exceptions: 0, missing: 3 } });
    const second = await tell(issued, [paid(2), unpaid(4)]);
    expect(second).toMatchObject({ status: 200, body: { results: 2, booked: 2, missing: 1 } });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'transmitted',
      totals: { paid: { count: 3 }, returned: { count: 1 }, inFlight: { count: 1 } },
    });
    expect(await listsOf(issued, '?state=issued')).toMatchObject([{ number: 1, missing: { count: 1 } }]);
    expect(await listsOf(issued, '?state=settled')).toMatchObject([
      { number: 2, paid: { count: 1 }, unpaid: { count: 1 }, missing: { count: 0 } },
    ]);
    await expectVerified();

    const last = await tell(issued, [unpaid(5, 'Đã chết')]);
    expect(last.body).toMatchObject({ booked: 1, missing: 0 });
    const reconciled = await readBatch(harness, batch.id);
    expect(reconciled).toMatchObject({
      state: 'reconciled',
      totals: { paid: { count: 3 }, returned: { count: 2 }, inFlight: { count: 0 } },
    });
    const client = await harness.as(by);
    const reconciliation = await client.get(`/v1/batches/${batch.id}/reconciliation`).expect(200);
    expect(reconciliation.body).toMatchObject({ balanced: true, exceptions: { open: 0 } });
    const paidSum = BigInt(reconciled.totals.paid.amount);
    expect(paidSum + BigInt(reconciled.totals.returned.amount)).toBe(sum);
    expect(await balanceOf(issued)).toMatchObject({ inFlight: '0', paid: String(paidSum) });

    // Carried to the next month: the list of what is open marks who only did not come, and sent in as it is pays them again.
    const { text } = await client
      .get(`/v1/batches/${batch.id}/returned`)
      .set('accept', streamedTypes.csv)
      .expect(200);
    expect(text).toContain(',Did not come,');
    expect(text).toContain(',Deceased,');
    const made = await client.upload(`/v1/batches/${batch.id}/follow-up`, text, streamedTypes.csv);
    expect(made).toMatchObject({
      status: 202,
      body: { rows: 1, channel, period: '2022-04', followUpOf: batch.code, resultsDueOn: '2022-04-20' },
    });
    const again = await sendCash(await check(harness, (made.body as BatchView).id), by);
    const settled = await tell({ batch: again, by }, [paid(1)]);
    expect(settled.body).toMatchObject({ booked: 1, missing: 0 });
    expect(await readBatch(harness, again.id)).toMatchObject({ state: 'reconciled' });
    const { body } = await client.get(`/v1/batches/${batch.id}/payments`).expect(200);
    expect((body as { items: object[] }).items[3]).toMatchObject({
      state: 'returned',
      reason: 'ABSENT',
      followUp: endToEndIdOf(again, 1),
    });
    await client.post(`/v1/batches/${batch.id}/closure`).expect(200);
    await expectVerified();
  });
});

async function sendCash(batch: BatchView, by: Player): Promise<BatchView> {
  const client = await harness.as(by);
  const submitted = await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
  expect(
    (await approve(harness, submitted.body as BatchView, { ...firstChecker, office: by.office })).status,
  ).toBe(200);
  await (await harness.as(operator)).post(`/v1/batches/${batch.id}/transmission`).expect(202);
  return readBatch(harness, batch.id);
}

describe('what came back', () => {
  test('uncollected cash goes to a bank, to an account that is given then', async () => {
    const issued = await issuedBatch('256');
    const { batch, by, lines } = issued;
    await tell(
      issued,
      [1, 2, 3].map((row) => paid(row)),
    );
    await tell(issued, [unpaid(4), unpaid(5)]);
    const fundId = await openFund(harness, { office: '256' });
    const client = await harness.as(by);
    const path = `/v1/batches/${batch.id}/follow-up?fundId=${fundId}&period=2022-05`;
    const followUp = (rows: object[]) => client.upload(path, receiptsOf(rows), streamedTypes.ndjson);
    const missing = await followUp([{ payment: '4', again: 'x' }]);
    expect(missing).toMatchObject({
      status: 422,
      body: {
        errors: [
          { pointer: '/lines/1/bankBin', code: 'MISSING_FIELD' },
          { pointer: '/lines/1/account', code: 'MISSING_FIELD' },
        ],
      },
    });
    const to = { bankBin: '970405', account: '99990000004' };
    const made = await followUp([{ payment: '4', ...to }]);
    expect(made).toMatchObject({
      status: 202,
      body: { fundId, channel: 'iso20022-http', period: '2022-05', followUpOf: batch.code },
    });
    const checked = await check(harness, (made.body as BatchView).id);
    expect(checked).toMatchObject({ state: 'checked', findings: {} });
    bank.onSend = (messageId) => accepted(messageId);
    const approved = await approvedFrom(checked, by);
    await (await harness.as(operator)).post(`/v1/batches/${approved.id}/transmission`).expect(202);
    await harness.app.get(ChunkSender).send({ batchNumber: numberOf(approved), chunkNo: 1 });
    const cells = lines[3]!.split(',');
    const line = [...cells.slice(0, 2), to.bankBin, to.account, ...cells.slice(4)].join(',');
    const account = await accountOf(harness, fundId);
    await (
      await harness.as(operator)
    )
      .statement(await noticeOf({ account }, debitsOf(approved, [line])))
      .expect(200);
    expect(await readBatch(harness, approved.id)).toMatchObject({
      state: 'reconciled',
      totals: { paid: { count: 1 } },
    });
    await expectVerified();
  });

  test('what a bank gave back goes to the post office, which needs no account', async () => {
    const by = { sub: 'maker-256', office: '256' };
    const lines = newLines(2);
    const source = await approvedBatch(harness, lines, {
      fundId: await openFund(harness, { office: '256' }),
      by,
    });
    bank.onSend = (messageId) => ({
      ...accepted(messageId),
      refused: [1, 2].map((row) => ({ endToEndId: endToEndIdOf(source, row), reason: 'AC04' })),
    });
    await (await harness.as(operator)).post(`/v1/batches/${source.id}/transmission`).expect(202);
    await harness.app.get(ChunkSender).send({ batchNumber: numberOf(source), chunkNo: 1 });
    const fundId = await openFund(harness, { office: '256', channel });
    const client = await harness.as(by);
    const path = `/v1/batches/${source.id}/follow-up?fundId=${fundId}`;
    const refused = await client.upload(
      path,
      receiptsOf([{ payment: '1', account: '99990000004' }]),
      streamedTypes.ndjson,
    );
    expect(refused.body).toMatchObject({ errors: [{ pointer: '/lines/1/account', code: 'cash' }] });
    const rows = [1, 2].map((row) => ({ payment: String(row), again: 'x' }));
    const made = await client.upload(path, receiptsOf(rows), streamedTypes.ndjson);
    expect(made).toMatchObject({ status: 202, body: { channel, period: '2022-03' } });
    const checked = await check(harness, (made.body as BatchView).id);
    expect(checked).toMatchObject({ state: 'checked', findings: {} });
    const batch = await sendCash(checked, by);
    expect((await tell({ batch, by }, [paid(1), paid(2)])).body).toMatchObject({ booked: 2, missing: 0 });
    await expectVerified();
  });
});

async function approvedFrom(batch: BatchView, by: Player): Promise<BatchView> {
  const client = await harness.as(by);
  const submitted = await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
  const reply = await approve(harness, submitted.body as BatchView, { ...firstChecker, office: by.office });
  expect(reply.status).toBe(200);
  return reply.body as BatchView;
}

describe('the list of a cash batch', () => {
  test('needs a name and a known commune, and no account; an account that it has is kept and not read', async () => {
    const lines = [
      ...newLines(1, noAccount),
      ...newLines(1, { ...noAccount, payeeName: '' }),
      ...newLines(1, { ...noAccount, placeCode: '256' }),
      ...newLines(1, { ...noAccount, placeCode: '99999' }),
      ...newLines(1, { bankBin: '999888', account: '1 2' }),
    ];
    const batch = await checkedBatch(harness, lines, { channel });
    expect(batch.findings).toEqual({
      CASH_PLACE_MISSING: { block: 2, warn: 0, waived: 0 },
      MISSING_FIELD: { block: 1, warn: 0, waived: 0 },
      UNKNOWN_PLACE: { block: 1, warn: 0, waived: 0 },
    });
    const client = await harness.as({ sub: 'maker' });
    const path = `/v1/batches/${batch.id}/findings`;
    const { text } = await client.get(path).set('accept', streamedTypes.csv).set(statedPurpose).expect(200);
    expect(text).toContain(',999888,1 2,');
    const waived = await client.post(`/v1/batches/${batch.id}/waivers`, {
      code: 'CASH_PLACE_MISSING',
      reason: 'r',
    });
    expect(waived.status).toBe(422);
  });

  test('may leave the columns of accounts out; one that a bank pays may not', async () => {
    const client = await harness.as({ sub: 'maker' });
    const line = newLines(1)[0]!.split(',');
    const header = 'payeeId,payeeName,amount,programmeCode,policyCode,period,placeCode';
    const content = `${header}\n${[...line.slice(0, 2), ...line.slice(4, 9)].join(',')}\n`;
    for (const [name, status] of [
      [channel, 202],
      ['iso20022-http', 422],
    ] as const) {
      const fundId = await openFund(harness, { channel: name });
      const fields = { fundId, programmeCode: 'NQ68', purpose: 'P', period: '2022-03', channel: name };
      const { body } = await client.post('/v1/batches', fields).expect(201);
      const path = `/v1/batches/${(body as BatchView).id}/payments`;
      expect((await client.list(path, content, streamedTypes.csv)).status).toBe(status);
    }
  });

  test('a commune of more people than a list holds has several lists', async () => {
    const { batch, by } = await issuedBatch('27', newLines(7, noAccount));
    const lists = await listsOf({ batch, by });
    expect(lists.map(({ placeCode, approved }) => [placeCode, approved.count])).toEqual([
      ['09163', 3],
      ['09163', 3],
      ['09163', 1],
    ]);
    const paged = await (await harness.as(by)).get(`/v1/batches/${batch.id}/cash-lists?limit=2`).expect(200);
    const { items, next } = paged.body as CashListPage;
    expect(items).toHaveLength(2);
    expect(await listsOf({ batch, by }, `?limit=2&after=${next}`)).toMatchObject([{ number: 3 }]);
  });

  test('the database lets neither cash go to an account nor a transfer go without one', async () => {
    for (const [name, over, to] of [
      [channel, noAccount, 'gen_random_uuid()'],
      ['iso20022-http', {}, 'NULL'],
    ] as const) {
      const batch = await checkedBatch(harness, newLines(1, over), { channel: name });
      const client = await harness.as({ sub: 'maker' });
      await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
      const insert = harness.dataSource.query(
        `INSERT INTO payment (batch_number, row_no, chunk_no, amount, payee_key, account_key, obligation_key)
         SELECT batch_number, row_no, 1, amount, payee_key, ${to}, obligation_key FROM payment_line WHERE batch_number = $1`,
        [numberOf(batch)],
      );
      await expect(insert).rejects.toMatchObject({ driverError: { constraint: 'payment_account' } });
    }
  });
});

describe('a list', () => {
  let issued: Issued;
  beforeAll(async () => {
    issued = await issuedBatch('256');
  });

  test('is a PDF with masked numbers, the same whenever it is fetched', async () => {
    const [first, second] = [
      await fetched(issued, 1, 'application/pdf'),
      await fetched(issued, 1, 'application/pdf'),
    ];
    expect(first.headers['content-type']).toBe('application/pdf');
    expect(first.headers['content-disposition']).toContain(`${issued.batch.code}-C00001.pdf`);
    expect((first.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    expect((first.body as Buffer).equals(second.body as Buffer)).toBe(true);
  });

  test('shows whole numbers for a purpose alone, and each such reading is a row of the access log', async () => {
    const numbers = async (headers: Record<string, string>, player = issued.by) => {
      const reply = await fetched({ ...issued, by: player }, 2, streamedTypes.xlsx, headers);
      if (reply.status !== 200) return [reply.status];
      const rows: string[] = [];
      for await (const read of readList(Readable.from([reply.body as Buffer]), 'xlsx', idColumn))
        rows.push(...read.map(({ cells }) => cells[0]!));
      return rows.slice(0, 2);
    };
    const whole = [1, 3].map((index) => issued.lines[index]!.split(',')[0]!);
    expect(await numbers({})).toEqual(whole.map((number) => `••••••••${number.slice(-4)}`));
    const carrier: Player = {
      sub: 'carrier',
      office: '256',
      permissions: ['payment:read', 'batch:transmit'],
    };
    expect(await numbers(statedPurpose, carrier)).toEqual(whole);
    const reader: Player = { sub: 'reader', office: '256', permissions: ['payment:read'] };
    expect(await numbers(statedPurpose, reader)).toEqual([403]);
    const auditor = await harness.as({ sub: 'auditor', office: '256' });
    const { body } = await auditor.get('/v1/access-log?actor=carrier').expect(200);
    expect(body).toMatchObject({
      items: [{ subject: `batch/${issued.batch.code}/cash-lists/2`, numbers: 2, firstRow: 2, lastRow: 4 }],
    });
  });

  test('is not handed out before the batch is sent, and has no bank file', async () => {
    const fundId = await openFund(harness, { channel });
    const approved = await approvedBatch(harness, newLines(1, noAccount), { fundId, channel });
    const client = await harness.as(operator);
    expect(await listsOf({ batch: approved, by: operator })).toMatchObject([
      { state: 'approved', issuedAt: null },
    ]);
    const path = `/v1/batches/${approved.id}/cash-lists`;
    const early = await client.get(`${path}/1`).set('accept', 'application/pdf');
    expect(early).toMatchObject({ status: 409, body: { code: 'CASH_LIST_NOT_ISSUED' } });
    expect(await client.get(`${path}/2`)).toMatchObject({
      status: 404,
      body: { code: 'CASH_LIST_NOT_FOUND' },
    });
    const message = await client.get(`/v1/batches/${approved.id}/messages/1`).set(statedPurpose);
    expect(message).toMatchObject({ status: 404, body: { code: 'MESSAGE_NOT_FOUND' } });
  });

  test('is nobody else’s: another office finds neither list nor door for receipts', async () => {
    const other = { sub: 'maker-261', office: '261' };
    const client = await harness.as(other);
    await client.get(`/v1/batches/${issued.batch.id}/cash-lists`).expect(404);
    await client
      .get(`/v1/batches/${issued.batch.id}/cash-lists/1`)
      .set('accept', 'application/pdf')
      .expect(404);
    expect((await tell({ ...issued, by: other }, [paid(1)])).body).toMatchObject({ code: 'BATCH_NOT_FOUND' });
  });
});

const idColumn = {
  names: ['payeeId'],
  optional: new Set<string>(),
  indexOf: (header: string) => (header === 'Citizen number' ? 0 : -1),
};

describe('results', () => {
  test('told twice change nothing: by the same key, the same file, and the same words', async () => {
    const issued = await issuedBatch('27');
    const rows = [paid(1), unpaid(2)];
    const key = randomUUID();
    const [first, sameKey] = [await tell(issued, rows, key), await tell(issued, rows, key)];
    expect(sameKey.body).toEqual(first.body);
    const before = await balanceOf(issued);
    const sameFile = await tell(issued, rows);
    expect(sameFile.body).toMatchObject({ id: (first.body as ReceiptsView).id, alreadyImported: true });
    const sameWords = await tell(issued, [...rows, ...rows]);
    expect(sameWords.body).toMatchObject({ results: 2, booked: 0, exceptions: 0, missing: 3 });
    expect(await balanceOf(issued)).toEqual(before);
    const otherBody = await tell(issued, [paid(3)], key);
    expect(otherBody.status).toBe(422);
  });

  test('that contradict what was told before are exceptions, and move nothing', async () => {
    const issued = await issuedBatch('256');
    const { batch, by } = issued;
    await issuedYesterday(batch);
    const yesterday = todayInVietnam(new Date(Date.now() - 86_400_000));
    await tell(issued, [paid(1), paid(2), unpaid(3), paid(4), paid(5)]);
    const before = await balanceOf(issued);
    const contrary = [unpaid(1), paid(2, yesterday), paid(3), paid(4)];
    expect((await tell(issued, contrary)).body).toMatchObject({ results: 4, booked: 0, exceptions: 3 });
    expect(await balanceOf(issued)).toEqual(before);
    const client = await harness.as(by);
    const { body } = await client.get(`/v1/batches/${batch.id}/exceptions`).expect(200);
    const found = (body as { items: { id: string; code: string; endToEndId: string }[] }).items;
    const resolve = async (code: string, action: string) => {
      const { id } = found.find((exception) => exception.code === code)!;
      return client.post(`/v1/exceptions/${id}/resolution`, { action, note: 'Biên bản 3' });
    };
    expect(found.map(({ code, endToEndId: id }) => `${id.slice(-1)} ${code}`).sort()).toEqual([
      '1 UNPAID_AFTER_PAID',
      '2 PAID_TWICE',
      '3 PAID_AFTER_RETURN',
    ]);
    expect((await tell(issued, [...contrary, paid(4)])).body).toMatchObject({ booked: 0, exceptions: 0 });
    const unfit = await resolve('PAID_AFTER_RETURN', 'recordAsReturned');
    expect(unfit).toMatchObject({ status: 422, body: { code: 'EXCEPTION_NOT_RETURNABLE' } });
    const closed = await client.post(`/v1/batches/${batch.id}/closure`);
    expect(closed).toMatchObject({ status: 409, body: { code: 'OPEN_EXCEPTIONS' } });

    // Line 1 was called paid by mistake: its money goes back to the fund, and it can be paid again.
    expect((await resolve('UNPAID_AFTER_PAID', 'recordAsReturned')).status).toBe(200);
    const amount = BigInt(issued.lines[0]!.split(',')[4]!);
    expect(BigInt((await balanceOf(issued)).paid!)).toBe(BigInt(before.paid!) - amount);
    const returned = await client.get(`/v1/batches/${batch.id}/returned`).expect(200);
    expect(returned.body).toMatchObject({ items: [{ row: 1, state: 'open' }, { row: 3 }] });
    for (const code of ['PAID_AFTER_RETURN', 'PAID_TWICE']) await resolve(code, 'noAction');
    await client.post(`/v1/batches/${batch.id}/closure`).expect(200);
    const settled = await client.get(`/v1/batches/${batch.id}/reconciliation`).expect(200);
    expect(settled.body).toMatchObject({
      balanced: true,
      returned: { count: 2 },
      exceptions: { resolved: 3 },
    });
    await expectVerified();
  });

  test.each<[string, object, string, string]>([
    ['a line that the batch does not have', paid(6), 'payment', 'unknown'],
    ['a line of another batch', paid('LO-99999999-0000001'), 'payment', 'unknown'],
    ['no line', paid(''), 'payment', 'unknown'],
    ['a word that is no result', { payment: '2', result: 'perhaps' }, 'result', 'unknown'],
    ['a day without a result', { payment: '2', result: '', paidOn: today }, 'result', 'missing'],
    ['a payment without a day', { payment: '2', result: 'paid' }, 'paidOn', 'day'],
    ['a day that is none', paid(2, '30/02/2022'), 'paidOn', 'day'],
    ['a day before the list', paid(2, '2022-01-01'), 'paidOn', 'early'],
    ['a day to come', paid(2, '01/01/2199'), 'paidOn', 'late'],
    ['a payment with a reason against it', { ...paid(2), reason: 'ABSENT' }, 'reason', 'contradiction'],
    ['no payment, with a day', { ...unpaid(2), paidOn: today }, 'paidOn', 'contradiction'],
    ['no payment, for a reason that nobody knows', unpaid(2, 'rain'), 'reason', 'unknown'],
    ['another amount', { ...paid(2), amount: '1' }, 'amount', 'amount'],
    ['an amount that cannot be read', { ...paid(2), amount: 'x' }, 'amount', 'unreadable'],
    ['another result for a line above', unpaid(1), 'result', 'twice'],
  ])('with %s are refused as a whole, the row named', async (_, row, column, code) => {
    wrongBatch ??= await issuedBatch('27');
    const reply = await tell(wrongBatch, [paid(1), row]);
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'RECEIPTS_REFUSED', errors: [{ pointer: `/lines/2/${column}`, code }] },
    });
    expect(await readBatch(harness, wrongBatch.batch.id)).toMatchObject({
      totals: { inFlight: { count: 5 } },
    });
  });
  let wrongBatch: Issued | undefined;

  test('come in the words and days that people write, and in a workbook', async () => {
    const issued = await issuedBatch('27');
    const [year, month, date] = today.split('-');
    const rows = [
      { 'Mã khoản chi': '1', 'Kết quả': 'Đã nhận', 'Ngày nhận': `${Number(date)}/${Number(month)}/${year}` },
      { 'Mã khoản chi': '2', 'Kết quả': 'CHƯA NHẬN', 'Lý do chưa nhận': 'Không đến nhận' },
    ];
    expect((await tell(issued, rows)).body).toMatchObject({ booked: 2 });
    const client = await harness.as(issued.by);
    const empty = await client.upload(
      `/v1/batches/${issued.batch.id}/receipts`,
      (await fetched(issued, 1, streamedTypes.xlsx)).body as Buffer,
      streamedTypes.xlsx,
    );
    expect(empty).toMatchObject({ status: 422, body: { code: 'NO_RECEIPTS' } });
  });

  test('are not taken for a batch that a bank pays, or that is not out yet', async () => {
    const bankBatch = await approvedBatch(harness, newLines(1));
    expect((await tell({ batch: bankBatch, by: operator }, [paid(1)])).body).toMatchObject({
      code: 'NOT_PAID_IN_CASH',
    });
    const cash = await approvedBatch(harness, newLines(1, noAccount), { channel });
    expect((await tell({ batch: cash, by: operator }, [paid(1)])).body).toMatchObject({
      code: 'BATCH_STATE',
    });
  });

  test('come to one end from twenty uploads at once', async () => {
    const issued = await issuedBatch('27');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        tell(issued, [paid(1), { payment: '2', result: '' }, ...unknownYet(index)]),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    const booked = replies.reduce((sum, { body }) => sum + (body as ReceiptsView).booked, 0);
    expect(booked).toBe(1);
    expect(await readBatch(harness, issued.batch.id)).toMatchObject({ totals: { paid: { count: 1 } } });
    await expectVerified();
  });
});

/** Rows that say nothing, so that each of many files is another file. */
const unknownYet = (count: number) => Array.from({ length: count }, () => ({ payment: '3', result: '' }));

/** So that there is a day in the past on which somebody can have been paid. */
async function issuedYesterday(batch: BatchView): Promise<void> {
  await harness.dataSource.query(
    `UPDATE chunk SET first_sent_at = first_sent_at - interval '1 day' WHERE batch_number = $1`,
    [numberOf(batch)],
  );
}

describe('what is coming', () => {
  const actor = { id: 'x', name: 'x', office: '256', permissions: new Set(permissions) };
  const upcomingOn = async (day: string, { id }: BatchView) => {
    const { items } = await harness.app.get(UpcomingService).list({}, actor, day);
    return items.filter(({ batchId }) => batchId === id);
  };

  test('shows when the results of a batch are due, and how late they are, until the last one is there', async () => {
    const issued = await issuedBatch('256');
    expect(await upcomingOn('2022-03-01', issued.batch)).toMatchObject([
      {
        ...{ scheduleId: null, period: '2022-03', state: 'transmitted', batchCode: issued.batch.code },
        ...{ listDueOn: '2022-02-25', sendingDueOn: '2022-02-25', resultsDueOn: '2022-03-21' },
        ...{ nextStep: 'results', nextDueOn: '2022-03-21', daysLate: 0, amount: issued.batch.amount },
      },
    ]);
    expect(await upcomingOn('2022-03-24', issued.batch)).toMatchObject([{ daysLate: 3 }]);
    await tell(
      issued,
      [1, 2, 3, 4].map((row) => paid(row)),
    );
    expect(await upcomingOn('2022-03-24', issued.batch)).toHaveLength(1);
    await tell(issued, [unpaid(5)]);
    expect(await upcomingOn('2022-03-24', issued.batch)).toEqual([]);
  });

  test('shows a list that is not there by the 25th, and nothing of another office', async () => {
    const by = { sub: 'maker-256', office: '256' };
    const fundId = await openFund(harness, { office: '256', channel });
    const draft = await checkedBatch(harness, newLines(1, noAccount), { fundId, channel, by });
    expect(await upcomingOn('2022-03-02', draft)).toMatchObject([{ nextStep: 'approval', daysLate: 5 }]);
    const elsewhere = await harness.app
      .get(UpcomingService)
      .list({}, { ...actor, office: '261' }, '2022-03-02');
    expect(elsewhere.items.filter(({ batchId }) => batchId === draft.id)).toEqual([]);
  });

  test('shows both days of a schedule of cash, and only one of a batch that a bank pays', async () => {
    const client = await harness.as({ sub: 'officer-256', office: '256' });
    const day = { monthOffset: -1, day: 25 };
    for (const [name, due] of [
      [channel, '2031-02-20'],
      ['iso20022-http', null],
    ] as const) {
      const fundId = await openFund(harness, { office: '256', channel: name });
      const fields = { fundId, programmeCode: 'NQ68', channel: name, purpose: 'Kỳ {period}' };
      const days = { approvalDue: day, sendingDue: day, firstPeriod: '2031-02', lastPeriod: '2031-02' };
      const { body } = await client.post('/v1/schedules', { ...fields, ...days }).expect(201);
      const { items } = await harness.app.get(UpcomingService).list({}, actor, '2031-01-02');
      const [view] = items.filter(({ scheduleId }) => scheduleId === (body as ScheduleView).id);
      expect(view).toMatchObject({ nextStep: 'list', resultsDueOn: due });
    }
  });
});

test('the graph leads from a batch to its lists, page by page', async () => {
  const { batch, by } = await issuedBatch('256');
  const client = await harness.as(by);
  const query = `query ($id: ID!, $after: String) { batch(id: $id) { resultsDueOn cashLists(first: 1, after: $after) {
    pageInfo { endCursor hasNextPage }
    edges { node { number code placeName state approved { count amount } missing { count } resultsDueOn } } } } }`;
  const ask = async (after?: string) => {
    const { body } = await client.post('/graphql', { query, variables: { id: batch.id, after } }).expect(200);
    return (body as { data: { batch: GraphBatch } }).data.batch;
  };
  const first = await ask();
  expect(first).toMatchObject({
    resultsDueOn: '2022-03-21',
    cashLists: {
      pageInfo: { hasNextPage: true },
      edges: [{ node: { number: 1, code: `${batch.code}-C00001`, state: 'ISSUED', approved: { count: 3 } } }],
    },
  });
  const second = await ask(first.cashLists.pageInfo.endCursor);
  expect(second.cashLists).toMatchObject({
    pageInfo: { hasNextPage: false },
    edges: [{ node: { number: 2 } }],
  });
});

interface GraphBatch {
  resultsDueOn: string;
  cashLists: { pageInfo: { endCursor: string } };
}

test('lines that came back are shown without an account', async () => {
  const issued = await issuedBatch('256');
  await tell(issued, [unpaid(1)]);
  const client = await harness.as(issued.by);
  const { body } = await client.get(`/v1/batches/${issued.batch.id}/returned`).expect(200);
  const [line] = (body as { items: ReturnedLineView[] }).items;
  expect(line).toMatchObject({
    bankBin: null,
    account: null,
    reason: 'ABSENT',
    outcome: 'returned',
    state: 'open',
  });
});
