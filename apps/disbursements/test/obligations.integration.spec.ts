import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { accountOf, creditOf, debitsOf, noticeOf } from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
  approve,
  approvedBatch,
  check,
  checkedBatch,
  endToEndIdOf,
  firstChecker,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  readBatch,
  secondChecker,
  sentBatch,
  startHarness,
  submittedBatch,
} from './harness.js';

const bank = new FakeBank();
let harness: Harness;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness({ channel: bank });
});
beforeEach(async () => {
  bank.reset();
  fundId = await openFund(harness);
});
afterAll(() => harness.stop());

const changed = (line: string, column: number, value: string) =>
  line.split(',').with(column, value).join(',');

describe('one obligation is one payment', () => {
  test.each([
    ['another ordinal', 9, '2'],
    ['another period', 7, '2022-04'],
    ['a year instead of its month', 7, '2022'],
    ['another policy', 6, 'CS05'],
  ])('%s: two equal payments are both kept', async (_, column, value) => {
    const [line] = newLines(1);
    const batch = await approvedBatch(harness, [line!, changed(line!, column, value)], { fundId });
    expect(batch.totals.approved).toEqual({
      count: 2,
      amount: (2n * BigInt(line!.split(',')[4]!)).toString(),
    });
    const later = await checkedBatch(harness, [changed(line!, 9, '7')], { fundId });
    expect(later.findings).toEqual({});
  });

  test.each([
    ['another amount', 4, '5'],
    ['another account', 3, '999999999'],
    ['another bank', 2, '970436'],
    ['another place', 8, '09190'],
    ['another remittance', 10, 'x'],
    ['the ordinal 1 left out', 9, ''],
  ])('%s: still the same obligation', async (_, column, value) => {
    const [line] = newLines(1);
    const batch = await checkedBatch(harness, [line!, changed(line!, column, value)], { fundId });
    expect(batch.findings).toEqual({ DUPLICATE_IN_LIST: { block: 1, warn: 0, waived: 0 } });
  });

  test('across funds and their batches too', async () => {
    const [line] = newLines(1);
    await approvedBatch(harness, [line!], { fundId });
    const other = await checkedBatch(harness, [line!], { fundId: await openFund(harness) });
    expect(other.findings).toEqual({ DUPLICATE_OBLIGATION: { block: 1, warn: 0, waived: 0 } });
  });
});

describe('two batches with the same obligation, both checked before either was approved', () => {
  test('the second approval is refused whole, and the next check names the line', async () => {
    const [shared] = newLines(1);
    const first = await submittedBatch(harness, [...newLines(2), shared!], { fundId });
    const second = await submittedBatch(harness, [shared!, ...newLines(3)], { fundId });
    expect((await approve(harness, first, firstChecker)).status).toBe(200);
    const before = await balance();
    const refused = await approve(harness, second, firstChecker);
    expect(refused).toMatchObject({ status: 409, body: { code: 'OBLIGATION_TAKEN' } });
    expect(await readBatch(harness, second.id)).toMatchObject({ state: 'submitted', approvals: [] });
    expect(await balance()).toEqual(before);
    const checker = await harness.as(firstChecker);
    await checker.post(`/v1/batches/${second.id}/rejection`, { reason: 'duplicate' }).expect(200);
    await (await harness.as(maker)).post(`/v1/batches/${second.id}/check`).expect(202);
    const checked = await check(harness, second.id);
    expect(checked.findings).toEqual({ DUPLICATE_OBLIGATION: { block: 1, warn: 0, waived: 0 } });
  });

  test('approved at the same moment, in opposite orders: one wins, the other is refused', async () => {
    const lines = newLines(40);
    const first = await submittedBatch(harness, lines, { fundId });
    const second = await submittedBatch(harness, lines.toReversed(), { fundId: await openFund(harness) });
    const replies = await Promise.all([
      approve(harness, first, firstChecker),
      approve(harness, second, secondChecker),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'OBLIGATION_TAKEN' });
    const { totals } = await readBatch(harness, first.id);
    const other = await readBatch(harness, second.id);
    expect(totals.approved.count + other.totals.approved.count).toBe(40);
  });

  const balance = async () => {
    const { at: _, ...amounts } = (
      await (await harness.as(operator)).get(`/v1/funds/${fundId}/balance`).expect(200)
    ).body as Record<string, string>;
    return amounts;
  };
});

describe('an obligation comes again', () => {
  const isFree = async (line: string): Promise<boolean> => {
    const batch = await checkedBatch(harness, [line], { fundId });
    if (batch.findings['DUPLICATE_OBLIGATION']) return false;
    const { body } = await (await harness.as(maker)).post(`/v1/batches/${batch.id}/submission`).expect(200);
    expect((await approve(harness, body as BatchView, firstChecker)).status).toBe(200);
    return true;
  };

  test('when the bank refused the line, and not when it accepted it', async () => {
    const lines = newLines(2);
    bank.onSend = (messageId) => ({
      ...accepted(messageId),
      refused: [{ endToEndId: `${messageId.slice(0, -'-C00001'.length)}-0000001`, reason: 'AC04' }],
    });
    const batch = await sentBatch(harness, lines, { fundId });
    expect(batch.totals).toMatchObject({ refused: { count: 1 }, inFlight: { count: 1 } });
    expect(await isFree(lines[0]!)).toBe(true);
    expect(await isFree(lines[1]!)).toBe(false);
  });

  test('when the payment was returned, once, and not while it is paid', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const client = await harness.as(operator);
    const account = await accountOf(harness, fundId);
    await client.statement(await noticeOf({ account }, debitsOf(batch, lines))).expect(200);
    expect(await isFree(lines[0]!)).toBe(false);
    await client.statement(await noticeOf({ account }, [creditOf(batch, lines, 1)])).expect(200);
    expect(await isFree(lines[0]!)).toBe(true);
    expect(await isFree(lines[0]!)).toBe(false);
    expect(await isFree(lines[1]!)).toBe(false);
  });

  test('when the approved batch is cancelled, which also gives the money back', async () => {
    const lines = newLines(3);
    const batch = await approvedBatch(harness, lines, { fundId });
    const client = await harness.as(maker);
    const { body } = await client
      .post(`/v1/batches/${batch.id}/cancellation`, { reason: 'wrong month' })
      .expect(200);
    expect(body).toMatchObject({ state: 'cancelled' });
    const balance = await client.get(`/v1/funds/${fundId}/balance`).expect(200);
    expect(balance.body).toMatchObject({ available: '1000000000000', reserved: '0' });
    const payments = await client.get(`/v1/batches/${batch.id}/payments?state=cancelled`).expect(200);
    expect((payments.body as { items: object[] }).items).toHaveLength(3);
    expect(await isFree(lines[0]!)).toBe(true);
  });

  test('nothing of a cancelled batch is in flight, and its books balance', async () => {
    const batch = await approvedBatch(harness, newLines(3), { fundId });
    const client = await harness.as(maker);
    await client.post(`/v1/batches/${batch.id}/cancellation`, { reason: 'wrong month' }).expect(200);
    const none = { count: 0, amount: '0' };
    expect((await readBatch(harness, batch.id)).totals).toMatchObject({ approved: none, inFlight: none });
    const { body } = await client.get(`/v1/batches/${batch.id}/reconciliation`).expect(200);
    expect(body).toMatchObject({ balanced: true, approved: none, inFlight: none });
  });

  test.each(['transmitting', 'transmitted', 'reconciled'])(
    'a batch that is %s is not cancelled',
    async (state) => {
      const lines = newLines(1);
      const client = await harness.as(operator);
      const batch =
        state === 'transmitting'
          ? await approvedBatch(harness, lines, { fundId })
          : await sentBatch(harness, lines, { fundId });
      if (state === 'transmitting') await client.post(`/v1/batches/${batch.id}/transmission`).expect(202);
      if (state === 'reconciled') {
        const notice = await noticeOf({ account: await accountOf(harness, fundId) }, debitsOf(batch, lines));
        await client.statement(notice).expect(200);
      }
      const { body } = await client.post(`/v1/batches/${batch.id}/cancellation`, { reason: 'r' }).expect(409);
      expect(body).toMatchObject({ code: 'BATCH_STATE', state });
    },
  );
});

describe('a person’s payments over all programmes', () => {
  test('newest first, page by page, with what became of each', async () => {
    const [line] = newLines(1);
    const batches = [];
    for (const period of ['2022-03', '2022-04', '2022-05']) {
      batches.push(await approvedBatch(harness, [...newLines(1), changed(line!, 7, period)], { fundId }));
    }
    await (
      await harness.as(maker)
    )
      .post(`/v1/batches/${batches[0]!.id}/cancellation`, { reason: 'r' })
      .expect(200);
    const client = await harness.as(operator);
    const payeeId = line!.split(',')[0]!;
    const items: { endToEndId: string; state: string; period: string; payeeId: string }[] = [];
    for (let next: string | null = ''; next !== null;) {
      const path: string = `/v1/payments?payeeId=${payeeId}&limit=1${next && `&after=${next}`}`;
      const page = (await client.get(path).expect(200)).body as { items: typeof items; next: string | null };
      items.push(...page.items);
      next = page.next;
    }
    expect(items).toMatchObject([
      { endToEndId: endToEndIdOf(batches[2]!, 2), period: '2022-05', state: 'awaiting' },
      { endToEndId: endToEndIdOf(batches[1]!, 2), period: '2022-04', state: 'awaiting' },
      { endToEndId: endToEndIdOf(batches[0]!, 2), period: '2022-03', state: 'cancelled' },
    ]);
    expect(items[0]!.payeeId).toBe(`••••••••${payeeId.slice(-4)}`);
  });

  test('of merged people by either number, and no number is shown that was not asked for', async () => {
    const lines = newLines(2);
    const batch = await approvedBatch(harness, lines, { fundId });
    const [one, other] = lines.map((line) => line.split(',')[0]!) as [string, string];
    const client = await harness.as(operator);
    const paymentsOf = async (payeeId: string) =>
      ((await client.get(`/v1/payments?payeeId=${payeeId}`).expect(200)).body as { items: object[] }).items;
    expect(await paymentsOf(one)).toMatchObject([{ endToEndId: endToEndIdOf(batch, 1) }]);
    await harness.dataSource.query(
      `INSERT INTO registry_payee (payee_key, person_id, is_former, name, name_key, plain_key, place_code)
       SELECT payee_key, $2::uuid, false, '', '', '', '09169'
       FROM payment_line JOIN batch ON batch.number = batch_number WHERE batch.id = $1`,
      [batch.id, randomUUID()],
    );
    const hidden = '•'.repeat(12);
    for (const [asked, shown] of [
      [one, [hidden, `••••••••${one.slice(-4)}`]],
      [other, [`••••••••${other.slice(-4)}`, hidden]],
    ] as const)
      expect(await paymentsOf(asked)).toMatchObject([
        { endToEndId: endToEndIdOf(batch, 2), payeeId: shown[0] },
        { endToEndId: endToEndIdOf(batch, 1), payeeId: shown[1] },
      ]);
  });
});
