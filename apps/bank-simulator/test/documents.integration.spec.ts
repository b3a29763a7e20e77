import { describe, expect, test } from '@jest/globals';
import { todayInVietnam } from '@ansinh/calendar';
import type { CamtDocument, CamtEntryEvent, CamtEvent, CamtTransactionEvent } from '@ansinh/iso20022';
import { type BankClient, messageOf, ordersOf, payer, totalOf } from './bank-client.js';
import { withBank } from './running-bank.js';
import { schemas, validate } from './schemas.js';

const today = todayInVietnam();
const schemaTest = schemas ? test : test.skip;
const headOf = (events: CamtEvent[]) => events[0] as CamtDocument;
const entriesOf = (events: CamtEvent[]) =>
  events.filter((event): event is CamtEntryEvent => event.kind === 'entry');
const paymentsOf = (events: CamtEvent[]) =>
  events.filter((event): event is CamtTransactionEvent => event.kind === 'transaction');

async function statement(bank: BankClient): Promise<CamtEvent[]> {
  const { id } = await bank.post<{ id: string }>('/statements', { account: payer.number, on: today });
  return bank.read(id);
}

describe('notices', () => {
  test('a settled message is one entry with all its payments', () =>
    withBank({}, async (bank) => {
      const orders = ordersOf('M1', 2_500);
      await bank.accept(messageOf('M1', orders));
      const [document] = await bank.documentsWhen(1);
      const events = await bank.read(document!.id);
      expect(events[0]).toMatchObject({ type: 'camt.054', account: payer.number, currency: 'VND' });
      expect(
        paymentsOf(events).map(({ endToEndId, amount, account, bin }) => [endToEndId, amount, account, bin]),
      ).toEqual(
        orders.map((order) => [order.endToEndId, order.amount, order.creditorAccount, order.creditorBin]),
      );
      expect(entriesOf(events)).toMatchObject([
        {
          amount: totalOf(orders),
          direction: 'debit',
          status: 'BOOK',
          bookedOn: today,
          batches: [{ messageId: 'M1', count: 2_500, total: totalOf(orders) }],
        },
      ]);
    }));

  test('what comes back is an entry each, with its reason', () =>
    withBank({}, async (bank) => {
      await bank.faults({ returnLater: 0.3 });
      await bank.accept(messageOf('M1', ordersOf('M1', 40)));
      const [, notice] = await bank.documentsWhen(2);
      const events = await bank.read(notice!.id);
      const returned = (await bank.books()).filter(({ state }) => state === 'returned');
      expect(returned.length).toBeGreaterThan(0);
      expect(
        paymentsOf(events).map(({ endToEndId, amount, direction, reason }) => [
          endToEndId,
          String(amount),
          direction,
          reason,
        ]),
      ).toEqual(returned.map((line) => [line.endToEndId, line.credited, 'credit', line.reason]));
      expect(entriesOf(events)).toHaveLength(returned.length);
    }));

  test('a later execution day is the day of booking', () =>
    withBank({}, async (bank) => {
      await bank.accept(messageOf('M1', ordersOf('M1', 1), { executionOn: '2099-01-05' }));
      const [document] = await bank.documentsWhen(1);
      expect(entriesOf(await bank.read(document!.id))).toMatchObject([{ bookedOn: '2099-01-05' }]);
    }));

  test('the same id is the same bytes, as many as the list says', () =>
    withBank({}, async (bank) => {
      await bank.accept(messageOf('M1', ordersOf('M1', 3_000)));
      const [document] = await bank.documentsWhen(1);
      const first = await bank.download(document!.id);
      expect(await bank.download(document!.id)).toBe(first);
      expect(Buffer.byteLength(first)).toBe(document!.bytes);
    }));

  test('a list goes on after its cursor, and knows no other account', () =>
    withBank({}, async (bank) => {
      for (const id of ['M1', 'M2', 'M3', 'M4', 'M5']) await bank.accept(messageOf(id, ordersOf(id, 1)));
      const cursors = (await bank.documentsWhen(5)).map(({ cursor }) => Number(cursor));
      expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
      const other = await bank.request('/documents?account=999999999999');
      expect([other.status, (await other.json()) as unknown]).toMatchObject([
        404,
        { code: 'ACCOUNT_NOT_FOUND' },
      ]);
      expect((await bank.request('/documents/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    }));
});

describe('statements', () => {
  test('opening and entries make closing, and the next one begins there', () =>
    withBank({}, async (bank) => {
      await bank.faults({ returnLater: 0.2 });
      await bank.accept(messageOf('M1', ordersOf('M1', 50)));
      await bank.accept(messageOf('M2', ordersOf('M2', 50)));
      await bank.documentsWhen(4);
      const first = await statement(bank);
      await bank.faults({});
      await bank.accept(messageOf('M3', ordersOf('M3', 10)));
      await bank.documentsWhen(6);
      const second = await statement(bank);
      const empty = await statement(bank);

      expect(headOf(first).opening).toBe(1_000_000_000_000n);
      expect(headOf(second).opening).toBe(headOf(first).closing);
      for (const events of [first, second, empty]) {
        const { opening, closing } = headOf(events);
        const moved = entriesOf(events).map(({ direction, amount }) =>
          direction === 'debit' ? -amount : amount,
        );
        expect(moved.reduce((sum, amount) => sum + amount, opening!)).toBe(closing);
      }
      expect([first, second, empty].map((events) => headOf(events).sequence)).toEqual([1, 2, 3]);
      expect(entriesOf(second)).toMatchObject([
        { transactions: 0, batches: [{ messageId: 'M3', count: 10 }] },
      ]);
      expect(entriesOf(empty)).toEqual([]);
      expect(String(headOf(empty).closing)).toBe((await bank.totals())['balance']);
    }));

  test('drawn while the bank settles, miss nothing and tell nothing twice', () =>
    withBank({ SETTLE_DELAY_MS: '0' }, async (bank) => {
      await bank.faults({ returnLater: 0.1 });
      const ids = Array.from({ length: 20 }, (_, index) => `M${index + 10}`);
      const statements: CamtEvent[][] = [];
      const sending = Promise.all(ids.map((id) => bank.accept(messageOf(id, ordersOf(id, 200)))));
      for (let drawn = 0; drawn < 10; drawn += 1) statements.push(await statement(bank));
      await sending;
      await bank.documentsWhen(2 * ids.length + statements.length);
      statements.push(await statement(bank));

      const batches = statements.flatMap((events) => entriesOf(events).flatMap((entry) => entry.batches));
      expect(batches.map(({ messageId }) => messageId).toSorted()).toEqual(ids);
      const returned = (await bank.books()).filter(({ state }) => state === 'returned');
      expect(
        statements
          .flatMap(paymentsOf)
          .map(({ endToEndId }) => endToEndId)
          .toSorted(),
      ).toEqual(returned.map(({ endToEndId }) => endToEndId));
      for (const [index, events] of statements.entries()) {
        expect(headOf(events).opening).toBe(
          index ? headOf(statements[index - 1]!).closing : 1_000_000_000_000n,
        );
      }
      expect(String(headOf(statements.at(-1)!).closing)).toBe((await bank.totals())['balance']);
    }));

  test('two at once share what is booked and give it twice to nobody', () =>
    withBank({}, async (bank) => {
      for (const id of ['M1', 'M2', 'M3']) await bank.accept(messageOf(id, ordersOf(id, 5)));
      await bank.documentsWhen(3);
      const statements = await Promise.all([statement(bank), statement(bank), statement(bank)]);
      const messages = statements.flatMap((events) => entriesOf(events).flatMap(({ batches }) => batches));
      expect(messages.map(({ messageId }) => messageId).toSorted()).toEqual(['M1', 'M2', 'M3']);
    }));
});

schemaTest(`every document is valid by its schema${schemas ? '' : ' (skipped: no shared/vectors)'}`, () =>
  withBank({}, async (bank) => {
    await bank.faults({ returnLater: 0.3, refuse: 0.1 });
    const answer = await bank.send(messageOf('M1', ordersOf('M1', 30)));
    validate(await answer.text(), 'pain.002.001.11');
    await bank.documentsWhen(2);
    await statement(bank);
    await statement(bank);
    const documents = await bank.documents();
    expect(documents.map(({ type }) => type)).toEqual(['camt.054', 'camt.054', 'camt.053', 'camt.053']);
    for (const { id, type } of documents) validate(await bank.download(id), `${type}.001.08`);
  }),
);

test('the books of another account are other books', () =>
  withBank({}, async (bank) => {
    const other = { number: '200000000001', name: 'Quỹ A' };
    await bank.open('50000000', other);
    await bank.accept(messageOf('M1', ordersOf('M1', 2)));
    await bank.accept(messageOf('M2', ordersOf('M2', 3), { account: other.number }));
    await bank.settledBooks(['M1']);
    await bank.settledBooks(['M2'], other.number);
    expect(await bank.books()).toHaveLength(2);
    expect(await bank.books(other.number)).toHaveLength(3);
    expect(await bank.totals(other.number)).toMatchObject({
      debited: '3000003',
      balance: '46999997',
      balanced: true,
    });
  }));
