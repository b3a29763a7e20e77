import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BankClient, messageOf, ordersOf, payer, statusOf, totalOf } from './bank-client.js';
import { bankDatabase, startBank, withBank } from './running-bank.js';

let bank: BankClient;
let stop: () => Promise<void>;
let name = 0;
let id: string;

beforeAll(async () => {
  ({ bank, stop } = await startBank(await bankDatabase()));
  await bank.open();
});
afterAll(() => stop());
beforeEach(() => {
  id = `M${(name += 1)}`;
});

const messageWithDay = (day: string) =>
  Buffer.from(messageOf(id, ordersOf(id, 1)).toString().replace('2022-07-01</Dt>', `${day}</Dt>`));
const settledBooks = () => bank.settledBooks([id]);

describe('accounts', () => {
  test('open once, however often it is asked', async () => {
    const account = { number: '200000000001', name: 'Quỹ A' };
    const opened = await bank.open('5000', account);
    expect(await bank.open('5000', account)).toEqual(opened);
    expect(await bank.totals(account.number)).toEqual({
      openingBalance: '5000',
      debited: '0',
      credited: '0',
      balance: '5000',
      balanced: true,
    });
    await expect(bank.open('6000', account)).rejects.toThrow('ACCOUNT_EXISTS');
  });

  test('a token is asked for', async () => {
    for (const authorization of ['', 'Bearer wrong', 'Basic x']) {
      const answer = await bank.request(`/books?account=${payer.number}`, { headers: { authorization } });
      expect([answer.status, (await answer.json()) as unknown]).toMatchObject([
        401,
        { code: 'UNAUTHENTICATED' },
      ]);
    }
    expect((await fetch(`${bank.url}/health/ready`)).status).toBe(200);
  });
});

describe('a message', () => {
  test('is accepted, settled, and in the books', async () => {
    const orders = ordersOf(id, 3);
    const report = await bank.accept(messageOf(id, orders));
    expect(report).toEqual([
      expect.objectContaining({
        kind: 'report',
        originalMessageId: id,
        groupStatus: 'ACTC',
        groupReason: null,
      }),
    ]);
    expect(await settledBooks()).toEqual(
      orders.map(({ endToEndId, amount }) => ({
        endToEndId,
        messageId: id,
        state: 'settled',
        amount: String(amount),
        debited: String(amount),
        credited: '0',
        debits: 1,
        credits: 0,
        reason: null,
      })),
    );
  });

  test('sent again gets the same answer and is not booked again', async () => {
    const message = messageOf(id, ordersOf(id, 3));
    const first = await (await bank.send(message)).text();
    await settledBooks();
    expect(await (await bank.send(message)).text()).toBe(first);
    expect(await (await bank.request(`/messages/${id}/status`)).text()).toBe(first);
    expect((await settledBooks()).map(({ debits }) => debits)).toEqual([1, 1, 1]);
  });

  test('sent twenty times at once is booked once', async () => {
    const message = messageOf(id, ordersOf(id, 200));
    const answers = await Promise.all(Array.from({ length: 20 }, () => bank.send(message)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    const books = await settledBooks();
    expect(books).toHaveLength(200);
    expect(books.every(({ debits, state }) => debits === 1 && state === 'settled')).toBe(true);
  });

  test('with the same id and other bytes is refused', async () => {
    await bank.accept(messageOf(id, ordersOf(id, 3)));
    const answer = await bank.send(messageOf(id, ordersOf(id, 2)));
    expect([answer.status, (await answer.json()) as unknown]).toMatchObject([
      409,
      { code: 'MESSAGE_REUSED' },
    ]);
  });

  test('that the bank never got has no status', async () => {
    const answer = await bank.request('/messages/never/status');
    expect([answer.status, (await answer.json()) as unknown]).toMatchObject([
      404,
      { code: 'MESSAGE_NOT_FOUND' },
    ]);
  });

  test.each([
    ['broken XML', () => Buffer.from('<Document>')],
    [
      'a wrong sum',
      () => Buffer.from(messageOf(id, ordersOf(id, 2)).toString().replace('2000001', '2000002')),
    ],
    [
      'decimals',
      () => Buffer.from(messageOf(id, ordersOf(id, 1)).toString().replaceAll('1000000<', '1000000.5<')),
    ],
    ['a day that is none', () => messageWithDay('2022-02-30')],
    [
      'no orders',
      () =>
        Buffer.from(
          messageOf(id, ordersOf(id, 1))
            .toString()
            .replace(/<CdtTrfTxInf>.*<\/CdtTrfTxInf>/, ''),
        ),
    ],
    ['5,001 orders', () => messageOf(id, ordersOf(id, 5_001))],
  ])('with %s is refused and not stored', async (_, message) => {
    const answer = await bank.send(message());
    expect([answer.status, (await answer.json()) as unknown]).toMatchObject([
      400,
      { code: 'INVALID_MESSAGE' },
    ]);
    expect((await bank.request(`/messages/${id}/status`)).status).toBe(404);
  });

  test('that is not XML is refused', async () => {
    await expect(bank.post('/messages', {})).rejects.toThrow('UNSUPPORTED_MEDIA_TYPE');
  });
});

describe('an end-to-end id', () => {
  test('used before is refused with AM05, and its neighbours are paid', async () => {
    const earlier = ordersOf(id, 2);
    await bank.accept(messageOf(id, earlier));
    const later = [...ordersOf(`${id}b`, 2), earlier[1]!];
    const report = await bank.accept(messageOf(`${id}b`, later));
    expect(report[0]).toMatchObject({ groupStatus: 'PART' });
    expect(report.slice(1)).toEqual([
      {
        kind: 'transaction',
        endToEndId: earlier[1]!.endToEndId,
        status: 'RJCT',
        reason: 'AM05',
        detail: null,
      },
    ]);
    expect((await bank.settledBooks([`${id}b`])).map(({ endToEndId }) => endToEndId)).toEqual([
      `${id}b-000001`,
      `${id}b-000002`,
    ]);
  });

  test('twice in one message is paid once', async () => {
    const [order] = ordersOf(id, 1);
    const report = await bank.accept(messageOf(id, [order!, order!]));
    expect(report).toMatchObject([{ groupStatus: 'PART' }, { reason: 'AM05' }]);
    expect(await settledBooks()).toHaveLength(1);
  });

  test('in two messages at once is paid by one of them', async () => {
    const shared = ordersOf(id, 50);
    const reports = await Promise.all(
      ['a', 'b', 'c', 'd'].map((letter) =>
        bank.accept(messageOf(id + letter, letter === 'b' ? shared.toReversed() : shared)),
      ),
    );
    expect(
      reports.map(([report]) => report).filter((report) => JSON.stringify(report).includes('ACTC')),
    ).toHaveLength(1);
    const books = (await bank.books()).filter(({ endToEndId }) => endToEndId.startsWith(`${id}-`));
    expect(books).toHaveLength(50);
    expect(new Set(books.map(({ messageId }) => messageId)).size).toBe(1);
  });
});

describe('refusals', () => {
  test('a line that no bank would execute does not fail its neighbours', async () => {
    const [first, second, third] = ordersOf(id, 3);
    const orders = [{ ...first!, creditorBin: '12' }, { ...second!, creditorAccount: 'A-1' }, third!];
    const report = await bank.accept(messageOf(id, orders));
    expect(report).toMatchObject([
      { groupStatus: 'PART' },
      { endToEndId: first!.endToEndId, reason: 'RC01' },
      { endToEndId: second!.endToEndId, reason: 'AC01' },
    ]);
    expect(
      (await settledBooks()).map(({ state, debited, reason }) => [state, debited, reason]),
    ).toMatchObject([
      ['refused', '0', 'RC01'],
      ['refused', '0', 'AC01'],
      ['settled', String(third!.amount), null],
    ]);
  });

  test('an account that the bank does not keep: AC02 for all', async () => {
    const report = await bank.accept(messageOf(id, ordersOf(id, 2), { account: '999999999999' }));
    expect(report).toMatchObject([
      { groupStatus: 'RJCT', groupReason: 'AC02' },
      { reason: 'AC02' },
      { reason: 'AC02' },
    ]);
  });

  test('sums beyond all measure: AM04', async () => {
    const orders = ordersOf(id, 40).map((order) => ({ ...order, amount: 9n * 10n ** 17n }));
    // The sum does not fit the schema's eighteen digits either, so it is left out.
    const written = orders.map(
      (order) =>
        messageOf(id, [order])
          .toString()
          .match(/<CdtTrfTxInf>.*<\/CdtTrfTxInf>/)![0],
    );
    const message = messageOf(id, orders.slice(0, 1)).toString();
    const large = message
      .replaceAll(/<CtrlSum>\d+<\/CtrlSum>/g, '')
      .replaceAll('<NbOfTxs>1<', '<NbOfTxs>40<')
      .replace(written[0]!, written.join(''));
    expect((await bank.accept(Buffer.from(large)))[0]).toMatchObject({
      groupStatus: 'RJCT',
      groupReason: 'AM04',
    });
  });

  test('no cover: AM04 for all, and what was promised to others counts', async () => {
    const poor = { number: '200000000002', name: 'Quỹ B' };
    const orders = ordersOf(id, 2);
    await bank.open(String(totalOf(orders) + 5n), poor);
    const send = (messageId: string) =>
      bank.accept(messageOf(messageId, ordersOf(messageId, 2), { account: poor.number }));
    const reports = await Promise.all([send(`${id}a`), send(`${id}b`), send(`${id}c`)]);
    const statuses = reports.map(([report]) => (report as { groupStatus: string }).groupStatus);
    expect(statuses.toSorted()).toEqual(['ACTC', 'RJCT', 'RJCT']);
    await bank.documentsWhen(1, poor.number);
    expect(await bank.totals(poor.number)).toMatchObject({ balance: '5', balanced: true });
  });
});

test('the answer to a status question is the answer that was given', async () => {
  const [first] = ordersOf(id, 1);
  await bank.accept(messageOf(id, [{ ...first!, creditorBin: 'X' }]));
  expect(await statusOf(await bank.request(`/messages/${id}/status`))).toMatchObject([
    { groupStatus: 'RJCT' },
    { status: 'RJCT', reason: 'RC01' },
  ]);
});

test('a bank that takes one version refuses the other, and has not taken it', async () => {
  await withBank({ MESSAGE_VERSION: 'pain.001.001.03' }, async (older) => {
    const answer = await older.send(messageOf(id, ordersOf(id, 1)));
    expect([answer.status, (await answer.json()) as unknown]).toMatchObject([
      400,
      { code: 'INVALID_MESSAGE' },
    ]);
    expect((await older.request(`/messages/${id}/status`)).status).toBe(404);
  });
});
