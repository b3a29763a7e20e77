import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import { closeChunk } from '../src/closing/close-chunk.js';
import type { PortfolioView } from '../src/portfolio/portfolio.dto.js';
import { type Harness, startHarness } from './harness.js';
import { decision, moved, type Officers, officersOf, read, today } from './lending.js';
import { plantLoans } from './sampled.js';

const yesterday = () => addDays(today(), -1);

let harness: Harness;
let officers: Officers;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  await plantLoans(harness, { seed: 'known', count: 8, disbursedBefore: 160, repayments: 4 });
  await officers.bank.post('/v1/day-closings', { day: yesterday() }).expect(201);
  for (let loans = 1; loans > 0;)
    loans = await inTransaction(harness.dataSource, 'system', (tx) => closeChunk(tx, yesterday(), 10));
  // All of it became known yesterday.
  await harness.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(`UPDATE loan_closing SET state = 'closed', closed_at = clock_timestamp()`);
    for (const table of ['book_transaction', 'debt_group_change'])
      await tx.query(`UPDATE ${table} SET at = at - interval '1 day'`);
  });
});
afterAll(() => harness.stop());

const groupsOn = async (on: string, knownOn?: string, office = '27') => {
  const client = await harness.as({ sub: `officer-${office}`, office });
  const query = knownOn === undefined ? `on=${on}` : `on=${on}&knownOn=${knownOn}`;
  const { body } = await client.get(`/v1/loan-portfolio?${query}`).expect(200);
  return (body as PortfolioView).items;
};

test('a payment that is taken back today moves the loan into its group of then, but not into what was known then', async () => {
  const before = await groupsOn(yesterday());
  expect(before.map(({ debtGroup }) => debtGroup)).toContain('1');
  // The last payment of a loan that owed nothing overdue.
  const [paid] = await harness.dataSource.query<{ id: string; number: number }[]>(
    `SELECT loan.id, max(event.number) AS number FROM loan JOIN loan_book book ON book.loan_id = loan.id
       JOIN loan_event event ON event.loan_id = loan.id AND event.kind = 'repaid'
     WHERE book.debt_group = '1' AND loan.state = 'active' GROUP BY loan.id ORDER BY loan.id LIMIT 1`,
  );
  for (let number = paid!.number; number > paid!.number - 3; number -= 1)
    await moved(officers.bank, await read(officers.bank, paid!), 'reversals', {
      ...decision(`BB ${number}`),
      event: number,
    });
  const [moves] = await harness.dataSource.query<{ was: string; becomes: string }[]>(
    `SELECT (array_agg(was ORDER BY id))[1] AS was, (array_agg(becomes ORDER BY id DESC))[1] AS becomes
     FROM debt_group_change WHERE loan_id = $1 AND at >= current_date`,
    [paid!.id],
  );
  expect(moves!.was).toBe('1');
  expect(moves!.becomes).not.toBe('1');

  const now = await groupsOn(today());
  expect(now).not.toEqual(before);
  const loansIn = (items: typeof now, group: string) =>
    items.find(({ debtGroup }) => debtGroup === group)?.loans ?? 0;
  expect(loansIn(now, '1')).toBe(loansIn(before, '1') - 1);
  expect(loansIn(now, moves!.becomes)).toBe(loansIn(before, moves!.becomes) + 1);
  // As it was known yesterday, of yesterday and of today alike.
  expect(await groupsOn(yesterday(), yesterday())).toEqual(before);
  expect(await groupsOn(today(), yesterday())).toEqual(before);
  expect(await groupsOn(today(), today())).toEqual(now);
  expect(await groupsOn(today(), yesterday(), '261')).toEqual([]);
});
