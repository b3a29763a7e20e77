import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { exceptionCodes, type ExceptionView } from '../src/exception/exception.dto.js';
import type { StatementView } from '../src/statement/statement.dto.js';
import {
  accountOf,
  bookedMessage,
  creditOf,
  daysFromToday,
  debitOf,
  debitsOf,
  type Movement,
  noticeOf,
  statementOf,
  today,
} from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
  approvedBatch,
  endToEndIdOf,
  type Harness,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  readBatch,
  sentBatch,
  startHarness,
} from './harness.js';

const bank = new FakeBank();
let harness: Harness;
let client: PlayedClient;
let fundId: string;
let account: string;
beforeAll(async () => {
  harness = await startHarness({ channel: bank });
  client = await harness.as(operator);
});
beforeEach(async () => {
  bank.reset();
  fundId = await openFund(harness);
  account = await accountOf(harness, fundId);
});
afterAll(() => harness.stop());

/** Whatever a bank says, our own books agree with each other. */
afterEach(async () => {
  const { body } = await client.get('/v1/verification').expect(200);
  const { checks } = body as { checks: { ok: boolean }[] };
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  const { items } = (await client.get('/v1/batches?limit=5').expect(200)).body as { items: BatchView[] };
  for (const { id } of items) {
    const reconciliation = await client.get(`/v1/batches/${id}/reconciliation`).expect(200);
    expect(reconciliation.body).toMatchObject({ balanced: true });
  }
});

const upload = async (content: string): Promise<StatementView> => {
  const { body } = await client.statement(content).expect(200);
  return (body as { items: StatementView[] }).items[0]!;
};

/** A notice of its own with these movements. */
const tell = async (...movements: Movement[]) => upload(await noticeOf({ account }, movements));

const exceptionsOf = async (batch: BatchView): Promise<ExceptionView[]> => {
  const { body } = await client.get(`/v1/batches/${batch.id}/exceptions`).expect(200);
  return (body as { items: ExceptionView[] }).items;
};

const balance = async () => {
  const { allotted, available, reserved, inFlight, paid } = (
    await client.get(`/v1/funds/${fundId}/balance`).expect(200)
  ).body as Record<string, string>;
  return { allotted, available, reserved, inFlight, paid };
};

const stateOf = async (batch: BatchView, row = 1) => {
  const { body } = await client.get(`/v1/batches/${batch.id}/payments`).expect(200);
  return (body as { items: { row: number; state: string }[] }).items.find((item) => item.row === row)!;
};

const refuseFirst = () => {
  bank.onSend = (messageId) => ({
    ...accepted(messageId),
    refused: [{ endToEndId: messageId.replace('-C00001', '-0000001'), reason: 'AC04' }],
  });
};

describe('as it should be', () => {
  test('paid: matched, money moved, batch reconciled', async () => {
    const lines = newLines(3);
    const batch = await sentBatch(harness, lines, { fundId });
    expect(batch).toMatchObject({
      state: 'transmitted',
      totals: { inFlight: { count: 3, amount: batch.amount } },
    });
    expect(await balance()).toMatchObject({ reserved: '0', inFlight: batch.amount, paid: '0' });
    expect(await tell(...debitsOf(batch, lines))).toMatchObject({
      kind: 'camt.054',
      entries: 3,
      matched: 3,
      exceptions: 0,
      alreadyImported: false,
    });
    const after = await readBatch(harness, batch.id);
    expect(after).toMatchObject({ state: 'reconciled', openExceptions: 0 });
    expect(after.totals).toMatchObject({
      paid: { count: 3, amount: batch.amount },
      inFlight: { count: 0, amount: '0' },
    });
    expect(await balance()).toMatchObject({ inFlight: '0', paid: batch.amount });
    expect(await stateOf(batch)).toMatchObject({
      state: 'paid',
      paidAmount: lines[0]!.split(',')[4],
      paidOn: today(),
    });
  });

  test('returned: the money is there again', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const before = await balance();
    await tell(...debitsOf(batch, lines));
    await tell(creditOf(batch, lines, 1, { reason: 'AC06' }));
    const amounts = lines.map((line) => line.split(',')[4]!);
    expect((await readBatch(harness, batch.id)).totals).toMatchObject({
      paid: { count: 1, amount: amounts[1] },
      returned: { count: 1, amount: amounts[0] },
      inFlight: { count: 0 },
    });
    expect(await stateOf(batch)).toMatchObject({ state: 'returned', reason: 'AC06' });
    const available = (BigInt(before.available!) + BigInt(amounts[0]!)).toString();
    expect(await balance()).toMatchObject({ available, paid: amounts[1], inFlight: '0' });
  });

  test('refused by the bank’s answer: given back at once, the others go on', async () => {
    refuseFirst();
    const lines = newLines(3);
    const batch = await sentBatch(harness, lines, { fundId });
    expect(batch.totals).toMatchObject({ refused: { count: 1 }, inFlight: { count: 2 } });
    expect(await stateOf(batch)).toMatchObject({ state: 'refused', reason: 'AC04', paidAmount: null });
    await tell(debitOf(batch, lines, 2), debitOf(batch, lines, 3));
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled' });
    expect(await balance()).toMatchObject({ inFlight: '0', reserved: '0' });
  });

  test('some lines now, some later', async () => {
    const lines = newLines(3);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(debitOf(batch, lines, 2));
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'transmitted',
      totals: { inFlight: { count: 2 } },
    });
    await tell(debitOf(batch, lines, 1), debitOf(batch, lines, 3));
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled' });
  });
});

interface Odd {
  code: (typeof exceptionCodes)[number];
  because: string;
  /** Notices in their order; the last movement of the last is the odd one. */
  tell: (batch: BatchView, lines: string[]) => Movement[][];
  refused?: boolean;
  /** What becomes of the first line. */
  state: string;
}

const less = (movement: Movement): Movement => ({ ...movement, amount: movement.amount - 1n });
const more = (movement: Movement): Movement => ({ ...movement, amount: movement.amount + 1n });

const odd: Odd[] = [
  {
    code: 'AMOUNT_DIFFERS',
    because: 'one đồng less',
    tell: (batch, lines) => [[less(debitOf(batch, lines, 1))]],
    state: 'inFlight',
  },
  {
    code: 'AMOUNT_DIFFERS',
    because: 'one đồng more',
    tell: (batch, lines) => [[more(debitOf(batch, lines, 1))]],
    state: 'inFlight',
  },
  {
    code: 'ACCOUNT_DIFFERS',
    because: 'another account',
    tell: (batch, lines) => [[debitOf(batch, lines, 1, { account: '99999999' })]],
    state: 'inFlight',
  },
  {
    code: 'ACCOUNT_DIFFERS',
    because: 'the same number at another bank',
    tell: (batch, lines) => [[debitOf(batch, lines, 1, { bin: '970436' })]],
    state: 'inFlight',
  },
  {
    code: 'DATE_DIFFERS',
    because: 'booked before it was sent',
    tell: (batch, lines) => [[debitOf(batch, lines, 1, { bookedOn: daysFromToday(-1) })]],
    state: 'inFlight',
  },
  {
    code: 'PAID_TWICE',
    because: 'in one notice',
    tell: (batch, lines) => [[debitOf(batch, lines, 1), debitOf(batch, lines, 1)]],
    state: 'paid',
  },
  {
    code: 'PAID_TWICE',
    because: 'a day later',
    tell: (batch, lines) => [
      [debitOf(batch, lines, 1)],
      [debitOf(batch, lines, 1, { bookedOn: daysFromToday(1) })],
    ],
    state: 'paid',
  },
  {
    code: 'PAID_AFTER_RETURN',
    because: 'sent again by the bank itself',
    tell: (batch, lines) => [
      [debitOf(batch, lines, 1)],
      [creditOf(batch, lines, 1)],
      [debitOf(batch, lines, 1)],
    ],
    state: 'returned',
  },
  {
    code: 'PAID_AFTER_RETURN',
    because: 'the only debit, but booked after the return',
    tell: (batch, lines) => [
      [creditOf(batch, lines, 1)],
      [debitOf(batch, lines, 1, { bookedOn: daysFromToday(1) })],
    ],
    state: 'returned',
  },
  {
    code: 'PAID_AFTER_REFUSAL',
    because: 'it had refused the line',
    refused: true,
    tell: (batch, lines) => [[debitOf(batch, lines, 1)]],
    state: 'refused',
  },
  {
    code: 'RETURNED_TWICE',
    because: 'in one notice',
    tell: (batch, lines) => [
      [debitOf(batch, lines, 1)],
      [creditOf(batch, lines, 1), creditOf(batch, lines, 1)],
    ],
    state: 'returned',
  },
  {
    code: 'RETURNED_TWICE',
    because: 'a day later',
    tell: (batch, lines) => [
      [debitOf(batch, lines, 1)],
      [creditOf(batch, lines, 1)],
      [creditOf(batch, lines, 1, { bookedOn: daysFromToday(1) })],
    ],
    state: 'returned',
  },
  {
    code: 'RETURN_AMOUNT_DIFFERS',
    because: 'one đồng was kept',
    tell: (batch, lines) => [[debitOf(batch, lines, 1)], [less(creditOf(batch, lines, 1))]],
    state: 'paid',
  },
  {
    code: 'RETURN_AMOUNT_DIFFERS',
    because: 'returned before it was told paid, one đồng too much',
    tell: (batch, lines) => [[more(creditOf(batch, lines, 1))]],
    state: 'inFlight',
  },
  {
    code: 'RETURNED_AFTER_REFUSAL',
    because: 'it had never taken the money',
    refused: true,
    tell: (batch, lines) => [[creditOf(batch, lines, 1)]],
    state: 'refused',
  },
];

describe('an exception, never a match', () => {
  test.each(odd)('$code: $because', async ({ code, tell: papers, refused, state }) => {
    if (refused) refuseFirst();
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const notices = papers(batch, lines);
    for (const movements of notices.slice(0, -1))
      expect(await tell(...movements)).toMatchObject({ exceptions: 0 });
    const before = await balance();
    const last = notices.at(-1)!;
    expect(await tell(...last)).toMatchObject({ matched: last.length - 1, exceptions: 1 });
    if (last.length === 1) expect(await balance()).toEqual(before);
    const movement = last.at(-1)!;
    const found = await exceptionsOf(batch);
    expect(found).toMatchObject([
      {
        code,
        batchId: batch.id,
        endToEndId: endToEndIdOf(batch, 1),
        direction: movement.direction,
        expectedAmount: lines[0]!.split(',')[4],
        observedAmount: movement.amount.toString(),
        reference: movement.reference,
        bookedOn: movement.bookedOn,
        status: 'open',
        owner: null,
      },
    ]);
    expect(await stateOf(batch)).toMatchObject({ state });
    await tell(debitOf(batch, lines, 2));
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'transmitted', openExceptions: 1 });
  });

  test.each(odd)(
    'told again by other documents, $code ($because) stays one',
    async ({ tell: papers, refused }) => {
      if (refused) refuseFirst();
      const lines = newLines(2);
      const batch = await sentBatch(harness, lines, { fundId });
      const notices = papers(batch, lines);
      for (const movements of notices) await tell(...movements);
      const [before, money] = [await readBatch(harness, batch.id), await balance()];
      for (const movements of notices.toReversed()) {
        expect(await tell(...movements)).toMatchObject({ matched: 0, exceptions: 0 });
      }
      const statement = await statementOf({ account }, notices.flat());
      expect(await upload(statement)).toMatchObject({ kind: 'camt.053', matched: 0, exceptions: 0 });
      expect(await readBatch(harness, batch.id)).toEqual(before);
      expect(await balance()).toEqual(money);
      expect(await exceptionsOf(batch)).toHaveLength(1);
    },
  );

  test.each([
    ['an id that we never gave', () => 'HOA-DON-2022-17'],
    ['a line that the batch does not have', (batch: BatchView) => endToEndIdOf(batch, 99)],
    ['a batch that does not exist', () => 'LO-99999999-0000001'],
    ['no id at all', () => 'NOTPROVIDED'],
  ])('UNKNOWN_PAYMENT: %s', async (_, idOf) => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    const movement = debitOf(batch, lines, 1, { endToEndId: idOf(batch) });
    expect(await tell(movement)).toMatchObject({ matched: 0, exceptions: 1 });
    expect(await exceptionsOf(batch)).toEqual([]);
    const { body } = await client
      .get('/v1/exceptions?status=open&code=UNKNOWN_PAYMENT&limit=500')
      .expect(200);
    expect((body as { items: ExceptionView[] }).items.at(-1)).toMatchObject({
      batchId: null,
      expectedAmount: null,
      observedAmount: movement.amount.toString(),
      reference: movement.reference,
    });
    expect(await tell(debitOf(batch, lines, 1))).toMatchObject({ matched: 1 });
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled' });
  });

  test('every code of the list is tested here', () => {
    // Of the post office alone: cash-lists.integration.spec.ts.
    const tested = new Set([...odd.map(({ code }) => code), 'UNKNOWN_PAYMENT', 'UNPAID_AFTER_PAID']);
    expect([...tested].sort()).toEqual([...exceptionCodes].sort());
  });

  test('a wrong debit, then the right one: the line is paid by it, and the wrong one stays what it was', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    const [wrong, right] = [less(debitOf(batch, lines, 1)), debitOf(batch, lines, 1)];
    await tell(wrong);
    expect(await tell(right)).toMatchObject({ matched: 1, exceptions: 0 });
    expect(await tell(wrong, right)).toMatchObject({ matched: 0, exceptions: 0 });
    expect(await exceptionsOf(batch)).toMatchObject([{ code: 'AMOUNT_DIFFERS' }]);
  });

  test.each(['debit', 'credit'] as const)('a %s of a batch that was never sent', async (direction) => {
    const lines = newLines(1);
    const batch = await approvedBatch(harness, lines, { fundId });
    const movement = direction === 'debit' ? debitOf(batch, lines, 1) : creditOf(batch, lines, 1);
    expect(await tell(movement)).toMatchObject({ matched: 0, exceptions: 1 });
    const [found] = await exceptionsOf(batch);
    expect(found).toMatchObject({ code: 'DATE_DIFFERS', direction });
    const resolution = { action: 'recordAsPaid', note: 'n' };
    const { body } = await client.post(`/v1/exceptions/${found!.id}/resolution`, resolution).expect(422);
    expect(body).toMatchObject({ code: 'EXCEPTION_NOT_RECORDABLE' });
    expect(await stateOf(batch)).toMatchObject({ state: 'awaiting' });
  });
});

describe('the order in which banks tell does not matter', () => {
  test.each([
    ['the return in an earlier notice', (debit: Movement, credit: Movement) => [[credit], [debit]]],
    ['the return first in one notice', (debit: Movement, credit: Movement) => [[credit, debit]]],
    ['as it happened', (debit: Movement, credit: Movement) => [[debit], [credit]]],
  ])('%s', async (_, order) => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const [debit, credit] = [debitOf(batch, lines, 1), creditOf(batch, lines, 1)];
    for (const movements of order(debit, credit)) {
      expect(await tell(...movements)).toMatchObject({ matched: movements.length, exceptions: 0 });
    }
    await tell(debitOf(batch, lines, 2));
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'reconciled',
      totals: { paid: { count: 1 }, returned: { count: 1 }, inFlight: { count: 0 } },
    });
    expect(await balance()).toMatchObject({ inFlight: '0', paid: lines[1]!.split(',')[4] });
  });

  test('the statement by message before the notices by payment', async () => {
    const lines = newLines(3);
    const batch = await sentBatch(harness, lines, { fundId });
    const movements = debitsOf(batch, lines);
    const statement = await statementOf({ account }, [bookedMessage(`${batch.code}-C00001`, movements)]);
    expect(await upload(statement)).toMatchObject({ entries: 1, matched: 0, exceptions: 0 });
    const { body } = await client.get('/v1/verification').expect(200);
    expect(body).toMatchObject({ ok: true });
    await tell(movements[0]!);
    expect((await client.get('/v1/verification').expect(200)).body).toMatchObject({ ok: true });
    await tell(...movements.slice(1));
    const reconciliation = await client.get(`/v1/batches/${batch.id}/reconciliation`).expect(200);
    expect(reconciliation.body).toMatchObject({ statementDebits: batch.amount, balanced: true });
  });
});

describe('the same movement told twice is one', () => {
  test('the same statement again changes nothing', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const notice = await noticeOf({ account }, debitsOf(batch, lines));
    const first = await upload(notice);
    const [before, money] = [await readBatch(harness, batch.id), await balance()];
    expect(await upload(notice)).toEqual({ ...first, alreadyImported: true });
    expect(await readBatch(harness, batch.id)).toEqual(before);
    expect(await balance()).toEqual(money);
  });

  test('ten times at once it is taken in once, and nobody is told of a defect', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const notice = await noticeOf({ account }, debitsOf(batch, lines));
    const replies = await Promise.all(Array.from({ length: 10 }, () => client.statement(notice)));
    expect(replies.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    const views = replies.map(({ body }) => (body as { items: StatementView[] }).items[0]!);
    expect(views.filter(({ alreadyImported }) => !alreadyImported)).toHaveLength(1);
    expect(await balance()).toMatchObject({ paid: batch.amount });
  });

  test('two different notices of one payment at once: it is paid once', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const movements = debitsOf(batch, lines);
    const notices = await Promise.all([0, 1, 2, 3].map(() => noticeOf({ account }, movements)));
    const replies = await Promise.all(notices.map((notice) => client.statement(notice)));
    const matched = replies.map(({ body }) => (body as { items: StatementView[] }).items[0]!.matched);
    expect(matched.sort()).toEqual([0, 0, 0, 2]);
    expect(await exceptionsOf(batch)).toEqual([]);
  });

  test('under the same number with another content it is refused', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const [first, second] = debitsOf(batch, lines);
    await upload(await noticeOf({ account, id: 'N-1' }, [first!]));
    const { body } = await client.statement(await noticeOf({ account, id: 'N-1' }, [second!])).expect(409);
    expect(body).toMatchObject({ code: 'STATEMENT_CHANGED' });
    expect(await stateOf(batch, 2)).toMatchObject({ state: 'inFlight' });
  });

  test('of another account or of another kind the same number is another statement', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    const movements = debitsOf(batch, lines);
    await upload(await noticeOf({ account, id: 'N-1' }, movements));
    expect(await upload(await statementOf({ account, id: 'N-1' }, movements))).toMatchObject({
      matched: 0,
      exceptions: 0,
    });
    const other = await accountOf(harness, await openFund(harness));
    const odd = debitOf(batch, lines, 1, { endToEndId: 'X' });
    expect(await upload(await noticeOf({ account: other, id: 'N-1' }, [odd]))).toMatchObject({
      exceptions: 1,
    });
  });

  test('told by a notice and again in a detailed statement', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const movements = [...debitsOf(batch, lines), creditOf(batch, lines, 1)];
    await tell(...movements);
    const [before, money] = [await readBatch(harness, batch.id), await balance()];
    const statement = await statementOf({ account }, movements);
    expect(await upload(statement)).toMatchObject({ entries: 3, matched: 0, exceptions: 0 });
    expect(await readBatch(harness, batch.id)).toEqual(before);
    expect(await balance()).toEqual(money);
  });

  test('a message booked as one sum, told by two statements that overlap', async () => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const movements = debitsOf(batch, lines);
    await tell(...movements);
    const booked = bookedMessage(`${batch.code}-C00001`, movements, 'BOOKED-1');
    await upload(await statementOf({ account }, [booked]));
    await upload(await statementOf({ account }, [booked]));
    const { body } = await client.get(`/v1/batches/${batch.id}/reconciliation`).expect(200);
    expect(body).toMatchObject({ statementDebits: batch.amount });
  });
});

describe('a statement that is refused leaves nothing behind', () => {
  const unchanged = async (content: string, expected: object) => {
    const before = await balance();
    const { body } = await client.statement(content);
    expect(body).toMatchObject(expected);
    expect(await balance()).toEqual(before);
  };

  test.each([1n, -1n])('balances that do not add up by %s đồng', async (error) => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    const [movement] = debitsOf(batch, lines);
    const statement = await statementOf({ account, offBy: error }, [movement!]);
    await unchanged(statement, { status: 422, code: 'STATEMENT_UNBALANCED' });
    expect(await stateOf(batch)).toMatchObject({ state: 'inFlight' });
    await upload(await statementOf({ account }, [movement!]));
    expect(await stateOf(batch)).toMatchObject({ state: 'paid' });
  });

  test('an account that no fund pays from', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    const notice = await noticeOf({ account: '000000' }, debitsOf(batch, lines));
    await unchanged(notice, { status: 422, code: 'STATEMENT_UNKNOWN_ACCOUNT' });
  });

  test.each([
    ['cut off', (text: string) => text.slice(0, -60), 'STATEMENT_UNREADABLE'],
    ['of another currency', (text: string) => text.replaceAll('"VND"', '"USD"'), 'STATEMENT_OTHER_CURRENCY'],
    [
      'with a fraction of a đồng',
      (text: string) => text.replaceAll('</Amt>', '.50</Amt>'),
      'STATEMENT_UNREADABLE',
    ],
    [
      'with a document type',
      (text: string) => text.replace('<Document', '<!DOCTYPE x [<!ENTITY a "b">]><Document'),
      'STATEMENT_UNREADABLE',
    ],
    ['no XML', () => 'Số dư: 5', 'STATEMENT_UNREADABLE'],
    ['nothing', () => '', 'STATEMENT_UNREADABLE'],
    [
      'another message',
      (text: string) => text.replaceAll('BkToCstmrDbtCdtNtfctn', 'FIToFICstmrCdtTrf'),
      'STATEMENT_UNREADABLE',
    ],
  ])('%s', async (_, spoil, code) => {
    const lines = newLines(2);
    const batch = await sentBatch(harness, lines, { fundId });
    const notice = await noticeOf({ account }, debitsOf(batch, lines));
    await unchanged(spoil(notice), { status: 422, code });
    expect(await tell(...debitsOf(batch, lines))).toMatchObject({ matched: 2 });
  });
});

describe('somebody looks into an exception', () => {
  const withException = async (movementOf: (batch: BatchView, lines: string[]) => Movement) => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(movementOf(batch, lines));
    const [exception] = await exceptionsOf(batch);
    return { batch, lines, exception: exception! };
  };
  const resolve = ({ id }: ExceptionView, action: string) =>
    client.post(`/v1/exceptions/${id}/resolution`, { action, note: 'asked the bank' });

  test.each([
    ['one đồng less', less, -1n],
    ['one đồng more', more, 1n],
  ])(
    'recordAsPaid: %s is booked as it was moved, and the batch is reconciled',
    async (_, change, difference) => {
      const before = BigInt((await balance()).available!);
      const { batch, exception } = await withException((...args) => change(debitOf(...args, 1)));
      const { body } = await resolve(exception, 'recordAsPaid').expect(200);
      expect(body).toMatchObject({
        status: 'resolved',
        resolution: 'recordAsPaid',
        note: 'asked the bank',
        resolvedBy: 'operator',
      });
      const moved = BigInt(batch.amount) + difference;
      expect(await balance()).toMatchObject({
        available: (before - moved).toString(),
        inFlight: '0',
        paid: moved.toString(),
      });
      expect(await stateOf(batch)).toMatchObject({
        state: 'paid',
        paidAmount: moved.toString(),
        exceptionDebit: null,
      });
      const after = await readBatch(harness, batch.id);
      expect(after).toMatchObject({
        state: 'reconciled',
        openExceptions: 0,
        totals: { paid: { amount: batch.amount } },
      });
    },
  );

  test.each([
    [
      'ACCOUNT_DIFFERS',
      (batch: BatchView, lines: string[]) => debitOf(batch, lines, 1, { account: '88888888' }),
    ],
    [
      'DATE_DIFFERS',
      (batch: BatchView, lines: string[]) => debitOf(batch, lines, 1, { bookedOn: daysFromToday(-3) }),
    ],
  ])('recordAsPaid: %s', async (code, movementOf) => {
    const { batch, exception } = await withException(movementOf);
    expect(exception.code).toBe(code);
    await resolve(exception, 'recordAsPaid').expect(200);
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'reconciled',
      totals: { paid: { count: 1 } },
    });
  });

  test('a payment that was recorded may come back, by what was moved', async () => {
    const { batch, lines, exception } = await withException((...args) => less(debitOf(...args, 1)));
    await resolve(exception, 'recordAsPaid').expect(200);
    expect(await tell(less(creditOf(batch, lines, 1)))).toMatchObject({ matched: 1, exceptions: 0 });
    expect(await balance()).toMatchObject({ paid: '0', inFlight: '0', available: '1000000000000' });
    expect(await stateOf(batch)).toMatchObject({ state: 'returned' });
  });

  test('the bank took more than the fund has: not booked until it has', async () => {
    fundId = await openFund(harness, { amount: '500' });
    account = await accountOf(harness, fundId);
    const lines = newLines(1, { amount: '500' });
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(more(debitOf(batch, lines, 1)));
    const [exception] = await exceptionsOf(batch);
    const { body } = await resolve(exception!, 'recordAsPaid').expect(409);
    expect(body).toMatchObject({ code: 'INSUFFICIENT_FUND' });
    await client.post(`/v1/funds/${fundId}/allotments`, { amount: '1', reference: 'QD-2' }).expect(201);
    await resolve(exception!, 'recordAsPaid').expect(200);
    expect(await balance()).toMatchObject({ available: '0', paid: '501' });
  });

  test.each(['PAID_TWICE', 'RETURN_AMOUNT_DIFFERS'])('recordAsPaid does not fit %s', async (code) => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(debitOf(batch, lines, 1));
    await tell(code === 'PAID_TWICE' ? debitOf(batch, lines, 1) : less(creditOf(batch, lines, 1)));
    const [exception] = await exceptionsOf(batch);
    expect(exception!.code).toBe(code);
    const { body } = await resolve(exception!, 'recordAsPaid').expect(422);
    expect(body).toMatchObject({ code: 'EXCEPTION_NOT_RECORDABLE' });
    await resolve(exception!, 'claimedBack').expect(200);
    expect(await readBatch(harness, batch.id)).toMatchObject({ openExceptions: 0 });
  });

  test('an unknown payment cannot be recorded, only be looked into', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(debitOf(batch, lines, 1, { endToEndId: 'HOA-DON-9' }));
    const { body } = await client
      .get('/v1/exceptions?code=UNKNOWN_PAYMENT&status=open&limit=500')
      .expect(200);
    const exception = (body as { items: ExceptionView[] }).items.find(
      ({ endToEndId }) => endToEndId === 'HOA-DON-9',
    )!;
    await resolve(exception, 'recordAsPaid').expect(422);
    await resolve(exception, 'noAction').expect(200);
  });

  test('once, by one of ten at the same time', async () => {
    const { exception } = await withException((...args) => less(debitOf(...args, 1)));
    const replies = await Promise.all(Array.from({ length: 10 }, () => resolve(exception, 'recordAsPaid')));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
    expect(replies.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'EXCEPTION_RESOLVED' });
  });

  test('it has an owner until it is resolved', async () => {
    const { exception } = await withException((...args) => less(debitOf(...args, 1)));
    const path = `/v1/exceptions/${exception.id}/assignment`;
    expect((await client.post(path, { owner: 'chị Hoa' }).expect(200)).body).toMatchObject({
      owner: 'chị Hoa',
    });
    expect((await client.post(path, { owner: 'anh Minh' }).expect(200)).body).toMatchObject({
      owner: 'anh Minh',
    });
    await resolve(exception, 'noAction').expect(200);
    const { body } = await client.post(path, { owner: 'ai đó' }).expect(409);
    expect(body).toMatchObject({ code: 'EXCEPTION_RESOLVED' });
  });

  test('the queue, oldest first, page by page, each once', async () => {
    const lines = newLines(7);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(...debitsOf(batch, lines).map(less));
    const all = (await exceptionsOf(batch)).map(({ id }) => id);
    expect(all).toHaveLength(7);
    const paged: string[] = [];
    for (let next: string | null = ''; next !== null && paged.length < 20;) {
      const path: string = `/v1/batches/${batch.id}/exceptions?limit=2${next && `&after=${next}`}`;
      const page = (await client.get(path).expect(200)).body as {
        items: ExceptionView[];
        next: string | null;
      };
      paged.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(paged).toEqual(all);
  });
});

describe('closing', () => {
  test('a batch is closed when nothing of it is open, and not before', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    const early = await client.post(`/v1/batches/${batch.id}/closure`).expect(409);
    expect(early.body).toMatchObject({ code: 'BATCH_STATE', allowed: ['reconciled'] });
    await tell(debitOf(batch, lines, 1));
    expect((await client.post(`/v1/batches/${batch.id}/closure`).expect(200)).body).toMatchObject({
      state: 'closed',
    });
  });

  test('an exception raised since the reconciliation keeps it open', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(debitOf(batch, lines, 1));
    await tell(debitOf(batch, lines, 1));
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'reconciled', openExceptions: 1 });
    const { body } = await client.post(`/v1/batches/${batch.id}/closure`).expect(409);
    expect(body).toMatchObject({ code: 'OPEN_EXCEPTIONS' });
    const [exception] = await exceptionsOf(batch);
    await client
      .post(`/v1/exceptions/${exception!.id}/resolution`, { action: 'claimedBack', note: 'n' })
      .expect(200);
    await client.post(`/v1/batches/${batch.id}/closure`).expect(200);
  });

  test('a return may still come, and is booked', async () => {
    const lines = newLines(1);
    const batch = await sentBatch(harness, lines, { fundId });
    await tell(debitOf(batch, lines, 1));
    await client.post(`/v1/batches/${batch.id}/closure`).expect(200);
    expect(await tell(creditOf(batch, lines, 1))).toMatchObject({ matched: 1 });
    expect(await readBatch(harness, batch.id)).toMatchObject({
      state: 'closed',
      totals: { returned: { count: 1 } },
    });
    expect(await balance()).toMatchObject({ paid: '0', available: '1000000000000' });
  });
});
