import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { StatementView } from '../src/statement/statement.dto.js';
import { accountOf, daysFromToday, debitOf, debitsOf, type Movement, noticeOf } from './bank-papers.js';
import { accepted, FakeBank } from './fake-bank.js';
import {
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
beforeAll(async () => {
  harness = await startHarness({ channel: bank, environment: { CHUNK_PAYMENTS: '4' } });
  client = await harness.as(operator);
});
beforeEach(() => bank.reset());
afterAll(() => harness.stop());

const rows = 8;

/** What the bank tells of the first chunk, rows 1 to 4. */
type Story = (exact: Movement[], batch: BatchView, lines: string[]) => Movement[];

const stories: Record<string, Story> = {
  'every payment as it was asked for': (exact) => exact,
  'one đồng too much': ([first, second, ...others]) => [
    first!,
    { ...second!, amount: second!.amount + 1n },
    ...others,
  ],
  'amounts of two payments changed round': ([first, second, ...others]) => [
    { ...first!, amount: second!.amount },
    { ...second!, amount: first!.amount },
    ...others,
  ],
  'another account': ([first, ...others]) => [{ ...first!, account: '99999999' }, ...others],
  'another bank': ([first, ...others]) => [{ ...first!, bin: '970436' }, ...others],
  'the last payment is missing': (exact) => exact.slice(0, -1),
  'a payment of the next chunk besides': (exact, batch, lines) => [...exact, debitOf(batch, lines, 5)],
  'a payment of the next chunk instead': (exact, batch, lines) => [
    ...exact.slice(1),
    debitOf(batch, lines, 5),
  ],
  'the day before it was sent': (exact) =>
    exact.map((movement) => ({ ...movement, bookedOn: daysFromToday(-1) })),
  'one payment on another day': ([first, ...others]) => [
    { ...first!, bookedOn: daysFromToday(1) },
    ...others,
  ],
  'one payment twice': (exact) => [...exact, { ...exact[0]!, reference: 'SECOND' }],
  'a payment that nobody asked for': (exact, batch) => [
    ...exact,
    { ...exact[0]!, endToEndId: endToEndIdOf(batch, 999), reference: 'UNKNOWN' },
  ],
};

interface Result {
  told: Pick<StatementView, 'matched' | 'exceptions'>;
  again: Pick<StatementView, 'matched' | 'exceptions'>;
  totals: unknown;
  codes: string[];
  states: string[];
}

/** @param isInOrder otherwise the lines are judged one by one: a chunk is told as a whole in the order of its rows only */
async function play(story: Story, isInOrder: boolean, refusedRow?: number): Promise<Result> {
  bank.onSend = (messageId) => ({
    ...accepted(messageId),
    refused:
      refusedRow && messageId.endsWith('-C00001')
        ? [{ endToEndId: messageId.replace('-C00001', `-000000${refusedRow}`), reason: 'AC04' }]
        : [],
  });
  const fundId = await openFund(harness);
  const account = await accountOf(harness, fundId);
  const lines = newLines(rows, { amount: '' }).map((line, index) => line.replace(',,', `,${1_000 + index},`));
  const batch = await sentBatch(harness, lines, { fundId });
  const exact = debitsOf(batch, lines)
    .slice(0, 4)
    .filter((_, index) => index + 1 !== refusedRow);
  const movements = story(exact, batch, lines);
  const tell = async () => {
    const notice = await noticeOf({ account }, isInOrder ? movements : movements.toReversed());
    const { matched, exceptions } = (
      (await client.statement(notice).expect(200)).body as { items: StatementView[] }
    ).items[0]!;
    return { matched, exceptions };
  };
  const result = { told: await tell(), again: await tell() };
  const { body: payments } = await client.get(`/v1/batches/${batch.id}/payments`).expect(200);
  const { body: raised } = await client.get(`/v1/batches/${batch.id}/exceptions`).expect(200);
  const { body: verification } = await client.get('/v1/verification').expect(200);
  expect(verification).toMatchObject({ ok: true });
  return {
    ...result,
    totals: (await readBatch(harness, batch.id)).totals,
    codes: (raised as { items: { code: string }[] }).items.map(({ code }) => code).sort(),
    states: (payments as { items: { state: string }[] }).items.map(({ state }) => state),
  };
}

test.each(Object.entries(stories))(
  '%s: in order, or line by line, it comes to the same',
  async (_, story) => {
    expect(await play(story, true)).toEqual(await play(story, false));
  },
);

test.each(Object.entries(stories))('a refused line, and of the others %s', async (_, story) => {
  expect(await play(story, true, 2)).toEqual(await play(story, false, 2));
});

test('a whole chunk is paid, once', async () => {
  expect(await play((exact) => exact, true)).toMatchObject({
    told: { matched: 4, exceptions: 0 },
    again: { matched: 0, exceptions: 0 },
    codes: [],
    states: ['paid', 'paid', 'paid', 'paid', 'inFlight', 'inFlight', 'inFlight', 'inFlight'],
  });
});
