import { describe, expect, test } from '@jest/globals';
import type { CamtEvent } from '@ansinh/iso20022';
import { type BankClient, type BookLine, messageOf, ordersOf, statusOf } from './bank-client.js';
import { bankDatabase, startBank, withBank } from './running-bank.js';

const connectionLost = (attempt: Promise<unknown>) => expect(attempt).rejects.toThrow('fetch failed');
const directionsOf = (events: CamtEvent[]) => [
  ...new Set(events.flatMap((event) => (event.kind === 'entry' ? [event.direction] : []))),
];
const stateOf = (bank: BankClient, id: string) => bank.request(`/messages/${id}/status`);

describe('faults of lines', () => {
  test('refuse: an ISO reason, nothing taken, the neighbours paid', () =>
    withBank({}, async (bank) => {
      await bank.faults({ refuse: 0.2 });
      const report = await bank.accept(messageOf('M1', ordersOf('M1', 100)));
      const refused = report
        .slice(1)
        .map((event) => (event.kind === 'transaction' ? [event.endToEndId, event.reason] : []));
      const books = await bank.settledBooks(['M1']);
      const inBooks = books.filter(({ state }) => state === 'refused');
      expect(inBooks.map(({ endToEndId, reason }) => [endToEndId, reason])).toEqual(refused);
      expect(refused.length).toBeGreaterThan(5);
      expect(inBooks.every(({ debits, debited }) => debits === 0 && debited === '0')).toBe(true);
      expect(books.filter(({ state }) => state === 'settled')).toHaveLength(100 - refused.length);
    }));

  test('returnLater: taken and given back', () =>
    withBank({}, async (bank) => {
      await bank.faults({ returnLater: 0.2 });
      await bank.accept(messageOf('M1', ordersOf('M1', 100)));
      await bank.documentsWhen(2);
      const returned = (await bank.books()).filter(({ state }) => state === 'returned');
      expect(returned.length).toBeGreaterThan(5);
      for (const line of returned) {
        expect(line).toMatchObject({ debited: line.amount, credited: line.amount, debits: 1, credits: 1 });
        expect(line.reason).toMatch(/^[A-Z]{2}\d\d$/);
      }
      const kept = (await bank.books()).filter(({ state }) => state === 'settled');
      const debited = kept.reduce((sum, line) => sum + BigInt(line.debited), 0n);
      expect(await bank.totals()).toMatchObject({
        balance: String(1_000_000_000_000n - debited),
        balanced: true,
      });
    }));

  test('shortByOne: one đồng less, and the notice says so', () =>
    withBank({}, async (bank) => {
      await bank.faults({ shortByOne: 0.2 });
      await bank.accept(messageOf('M1', ordersOf('M1', 100)));
      const [document] = await bank.documentsWhen(1);
      const books = await bank.books();
      const short = books.filter(({ amount, debited }) => BigInt(amount) - BigInt(debited) === 1n);
      expect(short.length).toBeGreaterThan(5);
      expect(books.filter(({ amount, debited }) => amount === debited)).toHaveLength(100 - short.length);
      const told = (await bank.read(document!.id)).flatMap((event) =>
        event.kind === 'transaction' ? [[event.endToEndId, String(event.amount)]] : [],
      );
      expect(told).toEqual(books.map(({ endToEndId, debited }) => [endToEndId, debited]));
    }));

  test('the same seed gives the same faults in another bank', async () => {
    const run = async (seed: number) => {
      let lines: BookLine[] = [];
      await withBank({}, async (bank) => {
        await bank.faults({ refuse: 0.1, returnLater: 0.1, shortByOne: 0.1 }, seed);
        await bank.accept(messageOf('M1', ordersOf('M1', 200)));
        await bank.documentsWhen(2);
        lines = await bank.books();
      });
      return lines;
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });
});

describe('faults of answers', () => {
  test('loseAnswer: stored and executed, but nobody is told', () =>
    withBank({}, async (bank) => {
      await bank.faults({ loseAnswer: true });
      const message = messageOf('M1', ordersOf('M1', 3));
      await connectionLost(bank.send(message));
      const known = await stateOf(bank, 'M1');
      expect(known.status).toBe(200);
      expect((await bank.send(message)).status).toBe(202);
      expect((await bank.settledBooks(['M1'])).map(({ debits }) => debits)).toEqual([1, 1, 1]);
    }));

  test('closeConnection: nothing is stored, and the second delivery arrives', () =>
    withBank({}, async (bank) => {
      await bank.faults({ closeConnection: true });
      const message = messageOf('M1', ordersOf('M1', 3));
      await connectionLost(bank.send(message));
      expect((await stateOf(bank, 'M1')).status).toBe(404);
      expect(await bank.books()).toEqual([]);
      expect((await bank.send(message)).status).toBe(202);
      expect(await bank.settledBooks(['M1'])).toHaveLength(3);
    }));

  test('answerLate: executed in time, told too late', () =>
    withBank({ ANSWER_LATE_MS: '1500' }, async (bank) => {
      await bank.faults({ answerLate: true });
      const message = messageOf('M1', ordersOf('M1', 3));
      const started = Date.now();
      const late = bank.send(message);
      await bank.settledBooks(['M1']);
      expect(await statusOf(await stateOf(bank, 'M1'))).toMatchObject([{ groupStatus: 'ACTC' }]);
      expect((await late).status).toBe(202);
      expect(Date.now() - started).toBeGreaterThanOrEqual(1_500);
      expect((await bank.settledBooks(['M1'])).map(({ debits }) => debits)).toEqual([1, 1, 1]);
    }));
});

describe('faults of documents', () => {
  test('answerTwice: two ids, the same bytes', () =>
    withBank({}, async (bank) => {
      await bank.faults({ answerTwice: true });
      await bank.accept(messageOf('M1', ordersOf('M1', 3)));
      const [first, second, ...others] = await bank.documentsWhen(2);
      expect(others).toEqual([]);
      expect(second!.id).not.toBe(first!.id);
      expect(second!.bytes).toBe(first!.bytes);
      expect(await bank.download(second!.id)).toBe(await bank.download(first!.id));
      expect((await bank.books()).map(({ debits }) => debits)).toEqual([1, 1, 1]);
    }));

  test('outOfOrder: what came back is told before what was paid', () =>
    withBank({}, async (bank) => {
      await bank.faults({ outOfOrder: true, returnLater: 0.5 });
      await bank.accept(messageOf('M1', ordersOf('M1', 20)));
      const documents = await bank.documentsWhen(2);
      const directions = [];
      for (const { id } of documents) directions.push(directionsOf(await bank.read(id)));
      expect(directions).toEqual([['credit'], ['debit']]);
    }));

  test('outOfOrder: without returns, a later message is told first', () =>
    withBank({ RETURN_DELAY_MS: '300' }, async (bank) => {
      await bank.faults({ outOfOrder: true });
      await bank.accept(messageOf('M1', ordersOf('M1', 1)));
      await bank.settledBooks(['M1']);
      await bank.faults({});
      await bank.accept(messageOf('M2', ordersOf('M2', 1)));
      const messages = [];
      for (const { id } of await bank.documentsWhen(2)) {
        for (const event of await bank.read(id))
          if (event.kind === 'entry') messages.push(event.batches[0]!.messageId);
      }
      expect(messages).toEqual(['M2', 'M1']);
    }));
});

test('a plan of faults survives a restart', async () => {
  const database = await bankDatabase();
  const before = await startBank(database);
  await before.bank.open();
  expect(await before.bank.post('/control/faults', { seed: 7, rate: 0.5 })).toMatchObject({
    seed: '7',
    rates: { refuse: 0.5, closeConnection: 0.5, shortByOne: 0.05 },
  });
  await before.bank.faults({ refuse: true });
  await before.stop();
  const { bank, stop } = await startBank(database);
  expect(await bank.accept(messageOf('M1', ordersOf('M1', 2)))).toMatchObject([
    { groupStatus: 'RJCT' },
    {},
    {},
  ]);
  await stop();
});

test.each([
  { seed: 7 },
  { seed: 7, rate: 2 },
  { seed: 7, rate: 1, kinds: { explode: true } },
  { seed: {}, rate: 0 },
])('the plan %j is refused', (plan) =>
  withBank({}, async (bank) => {
    await expect(bank.post('/control/faults', plan)).rejects.toThrow('INVALID_REQUEST');
  }),
);
