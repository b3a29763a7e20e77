import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exceptionCodes, type ExceptionView, resolutions } from '../src/exception/exception.dto.js';
import type { ExceptionState } from '../src/exception/exception.states.js';
import {
  accountOf,
  creditOf,
  daysFromToday,
  debitOf,
  type Movement,
  noticeOf,
  statusReportOf,
} from './bank-papers.js';
import { booksOf } from './books.js';
import { FakeBank } from './fake-bank.js';
import {
  endToEndIdOf,
  type Harness,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  sentBatch,
  startHarness,
} from './harness.js';

type Code = Exclude<(typeof exceptionCodes)[number], 'UNPAID_AFTER_PAID'>;

/** What a bank can tell. The one that is left is told by the post office: cash-lists.integration.spec.ts. */
const codes = exceptionCodes.filter((code): code is Code => code !== 'UNPAID_AFTER_PAID');

let harness: Harness;
let client: PlayedClient;
let fundId: string;
let account: string;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
  client = await harness.as(operator);
  fundId = await openFund(harness);
  account = await accountOf(harness, fundId);
});
afterAll(() => harness.stop());

/** What the bank says one after the other, until there is an exception of each kind on the first line of a batch. */
const causes: Record<Code, (line: Line) => (Movement | 'refusal')[]> = {
  UNKNOWN_PAYMENT: ({ debit }) => [{ ...debit(), endToEndId: 'LO-99999999-0000001' }],
  AMOUNT_DIFFERS: ({ debit }) => [{ ...debit(), amount: 1n }],
  ACCOUNT_DIFFERS: ({ debit }) => [debit({ account: '2600277777777' })],
  DATE_DIFFERS: ({ debit }) => [debit({ bookedOn: daysFromToday(-1) })],
  PAID_TWICE: ({ debit }) => [debit(), debit()],
  PAID_AFTER_RETURN: ({ debit, credit }) => [debit(), credit(), debit()],
  PAID_AFTER_REFUSAL: ({ debit }) => ['refusal', debit()],
  RETURNED_TWICE: ({ debit, credit }) => [debit(), credit(), credit()],
  RETURNED_AFTER_REFUSAL: ({ credit }) => ['refusal', credit()],
  RETURN_AMOUNT_DIFFERS: ({ debit, credit }) => [debit(), { ...credit(), amount: 1n }],
};

interface Line {
  debit: (over?: Partial<Movement>) => Movement;
  credit: (over?: Partial<Movement>) => Movement;
}

interface Planted {
  id: string;
  /** The notice that raised it. */
  notice: string;
}

async function planted(code: Code): Promise<Planted> {
  const lines = newLines(2);
  const batch = await sentBatch(harness, lines, { fundId });
  const line: Line = {
    debit: (over) => debitOf(batch, lines, 1, over),
    credit: (over) => creditOf(batch, lines, 1, over),
  };
  let notice = '';
  for (const word of causes[code](line)) {
    notice =
      word === 'refusal'
        ? statusReportOf(`${batch.code}-C00001`, {
            refused: [{ endToEndId: endToEndIdOf(batch, 1), reason: 'AC04' }],
          }).toString()
        : await noticeOf({ account }, [word]);
    await client.statement(notice).expect(200);
  }
  const { items } = (await client.get('/v1/exceptions?status=open').expect(200)).body as {
    items: ExceptionView[];
  };
  expect(items.map((item) => item.code)).toEqual([code]);
  return { id: items[0]!.id, notice };
}

/** The bank's payment may be taken for ours only where ours is still open. */
const recordable: Code[] = ['AMOUNT_DIFFERS', 'ACCOUNT_DIFFERS', 'DATE_DIFFERS'];

const events: Record<string, (found: Planted) => Promise<number>> = {
  ...Object.fromEntries(
    resolutions.map((action) => [
      action,
      async ({ id }: Planted) =>
        (await client.post(`/v1/exceptions/${id}/resolution`, { action, note: 'n' })).status,
    ]),
  ),
  assign: async ({ id }) => (await client.post(`/v1/exceptions/${id}/assignment`, { owner: 'x' })).status,
  'told again': async ({ notice }) => (await client.statement(notice)).status,
};

const stateOf = async ({ id }: Planted): Promise<ExceptionState> => {
  const rows = await harness.dataSource.query('SELECT state FROM payment_exception WHERE id = $1', [id]);
  return (rows as { state: ExceptionState }[])[0]!.state;
};

async function expectVerified(): Promise<void> {
  const { body } = await client.get('/v1/verification').expect(200);
  const { checks } = body as { checks: { name: string; ok: boolean }[] };
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

describe.each(codes)('%s', (code) => {
  test.each(Object.keys(events))('open: %s', async (event) => {
    const found = await planted(code);
    const isResolution = (resolutions as readonly string[]).includes(event);
    // Only what the post office paid out can be taken back by hand.
    const isRefused =
      event === 'recordAsReturned' || (event === 'recordAsPaid' && !recordable.includes(code));
    expect(await events[event]!(found)).toBe(isRefused ? 422 : 200);
    expect(await stateOf(found)).toBe(isResolution && !isRefused ? 'resolved' : 'open');
    // For the next one, which looks at what is open.
    if ((await stateOf(found)) === 'open') await events['noAction']!(found);
  });

  test('resolved: no command changes anything, and what is told again raises nothing', async () => {
    const found = await planted(code);
    await events['noAction']!(found);
    const { audit_event: _, ...before } = await booksOf(harness.dataSource);
    for (const [event, happen] of Object.entries(events)) {
      expect([event, await happen(found)]).toEqual([event, event === 'told again' ? 200 : 409]);
      const { audit_event: _told, ...after } = await booksOf(harness.dataSource);
      expect(after).toEqual(before);
    }
  });

  test('after all of them the books hold', expectVerified);
});
