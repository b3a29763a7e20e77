import { describe, expect, test } from '@jest/globals';
import { spawnApp } from '@ansinh/testing';
import pg from 'pg';
import { BankClient, messageOf, ordersOf, payer, token } from './bank-client.js';
import { bankDatabase, startBank } from './running-bank.js';

const ids = Array.from({ length: 60 }, (_, index) => `M${index + 10}`);

async function query(database: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function numberOf(database: string, sql: string): Promise<number> {
  const [row] = await query(database, sql);
  return Number(row!['count']);
}

async function until(database: string, sql: string, isSo: (count: number) => boolean): Promise<void> {
  while (!isSo(await numberOf(database, sql))) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a bank that is started again', () => {
  test('settles, returns and tells what it had accepted', async () => {
    const database = await bankDatabase();
    const before = await startBank(database, { SETTLE_DELAY_MS: '600' });
    await before.bank.open();
    await before.bank.faults({ returnLater: 0.2, outOfOrder: 0.5 });
    await before.bank.accept(messageOf('M1', ordersOf('M1', 100)));
    await before.stop();

    const { bank, stop } = await startBank(database);
    expect((await bank.books()).every(({ state }) => state === 'received')).toBe(true);
    const documents = await bank.documentsWhen(2);
    expect(documents).toHaveLength(2);
    expect((await bank.books()).every(({ debits }) => debits === 1)).toBe(true);
    expect(await bank.totals()).toMatchObject({ balanced: true });
    await stop();
  });

  test('after SIGKILL in mid-settlement has booked and told everything once', async () => {
    const database = await bankDatabase();
    const start = (settleDelayMs: number) =>
      spawnApp({
        app: 'bank-simulator',
        environment: {
          DATABASE_URL: database,
          BANK_API_TOKEN: token,
          SETTLE_DELAY_MS: String(settleDelayMs),
          RETURN_DELAY_MS: '50',
          LOG_LEVEL: 'error',
        },
      });
    // Everything falls due while the bank is down, so that each new start finds a heap of work and dies over it.
    let app = await start(10_000);
    await new BankClient(app.url).open();
    await new BankClient(app.url).faults({ returnLater: 0.05 });
    await Promise.all(ids.map((id) => new BankClient(app.url).accept(messageOf(id, ordersOf(id, 2_000)))));
    app.kill('SIGKILL');
    await app.ended;
    expect(await numberOf(database, 'SELECT count(settled_at) FROM message')).toBe(0);
    await until(
      database,
      'SELECT count(*) FROM message WHERE settle_at > clock_timestamp()',
      (left) => left === 0,
    );
    for (const share of [0.3, 0.6]) {
      app = await start(0);
      await until(
        database,
        'SELECT count(settled_at) FROM message',
        (settled) => settled > ids.length * share,
      );
      app.kill('SIGKILL');
      await app.ended;
      expect(await numberOf(database, 'SELECT count(settled_at) FROM message')).toBeLessThan(ids.length);
    }
    app = await start(0);

    const bank = new BankClient(app.url);
    const documents = await bank.documentsWhen(2 * ids.length);
    const books = await bank.books();
    expect(books).toHaveLength(2_000 * ids.length);
    expect(books.filter(({ debits, debited, amount }) => debits !== 1 || debited !== amount)).toEqual([]);
    const told = new Map<string, number>();
    for (const { id } of documents) {
      for (const event of await bank.read(id)) {
        if (event.kind !== 'transaction') continue;
        const key = `${event.direction} ${event.endToEndId}`;
        told.set(key, (told.get(key) ?? 0) + 1);
      }
    }
    expect([...told.values()].every((times) => times === 1)).toBe(true);
    expect(told.size).toBe(books.length + books.filter(({ state }) => state === 'returned').length);
    expect(await bank.totals()).toMatchObject({ balanced: true });
    await app.stop();
    // Three starts and 2,000 payments a message: a guard against hanging, not a bar.
  }, 180_000);
});

describe('the books themselves', () => {
  test('refuse what does not balance, and any change', async () => {
    const database = await bankDatabase();
    const { bank, stop } = await startBank(database);
    await bank.open();
    await bank.accept(messageOf('M1', ordersOf('M1', 2)));
    await bank.settledBooks(['M1']);
    await stop();
    const attempts: [string, string][] = [
      ['INSERT INTO posting VALUES (1, 9, 1, 5)', 'do not sum to zero'],
      ['INSERT INTO posting VALUES (99, 1, 1, 5), (99, 0, 2, -5)', 'without a journal'],
      ['INSERT INTO posting VALUES (1, 8, 77, 5), (1, 9, 2, -5)', 'unknown account'],
      ['UPDATE posting SET amount = amount', 'only added to'],
      ['DELETE FROM posting', 'only added to'],
      ['TRUNCATE posting', 'only added to'],
      ['DELETE FROM journal', 'only added to'],
      ['DELETE FROM transfer', 'only added to'],
      [
        `INSERT INTO journal (kind, account_id, message_number, booked_on) SELECT kind, account_id, message_number, booked_on FROM journal WHERE kind = 'settlement'`,
        'journal_once',
      ],
      [`UPDATE account SET reserved = balance + 1 WHERE number = '${payer.number}'`, 'account_covered'],
    ];
    for (const [sql, reason] of attempts) await expect(query(database, sql)).rejects.toThrow(reason);
  });
});
