import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { cursorOf, inTransaction } from '@ansinh/database';
import { appliedOn, bandOf, bookOn, debtGroups, ledgerBalances } from '@ansinh/loans';
import { type SpawnedApp, spawnApp, testKeys } from '@ansinh/testing';
import type { ArrearsPage } from '../src/arrears/arrears.dto.js';
import { closeChunk } from '../src/closing/close-chunk.js';
import type { ClosingPage, ClosingView } from '../src/closing/closing.dto.js';
import type { LoanEventPage } from '../src/event/event.dto.js';
import { contractOfLoan, eventsOf } from '../src/loan/loan-events.js';
import type { PortfolioSums, PortfolioView } from '../src/portfolio/portfolio.dto.js';
import { type Harness, startHarness } from './harness.js';
import { balancesOf, decision, moved, type Officers, officersOf, read, today } from './lending.js';
import { plantLoans } from './sampled.js';

const day = (before: number) => addDays(today(), -before);
const loansInAll = 40;
/** Of one transaction. */
const loansMax = 7;

/** The same loans in each: one is closed day by day, one after a rest, one by workers that are killed. */
let daily: Harness;
let rested: Harness;
let killed: Harness;
let officers: Officers;
const workers: SpawnedApp[] = [];
beforeAll(async () => {
  [daily, rested, killed] = await Promise.all([withLoans(), withLoans(), withLoans()]);
  officers = await officersOf(rested);
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await Promise.all([daily, rested, killed].map((harness) => harness.stop()));
});

async function withLoans(): Promise<Harness> {
  const harness = await startHarness();
  await plantLoans(harness, { seed: 'closing', count: loansInAll, disbursedBefore: 160, repayments: 3 });
  return harness;
}

const started = async (harness: Harness, closed: string): Promise<ClosingView> => {
  const bank = await harness.as({ sub: 'bank', office: '27' });
  return (await bank.post('/v1/day-closings', { day: closed }).expect(201)).body as ClosingView;
};

/** As a worker does it, in this process. */
async function close(harness: Harness, closed: string): Promise<void> {
  await started(harness, closed);
  for (let loans = 1; loans > 0;)
    loans = await inTransaction(harness.dataSource, 'system', (tx) => closeChunk(tx, closed, loansMax));
  await harness.dataSource.query(
    `UPDATE loan_closing SET state = 'closed', closed_at = clock_timestamp() WHERE state = 'closing'`,
  );
}

/** How each loan stands, and everything that its ledger got, in its order. */
async function outcomeOf({ dataSource }: Harness): Promise<Record<string, unknown>[]> {
  return dataSource.query<Record<string, unknown>[]>(
    `SELECT loan.id, loan.state, loan.moves, book.debt_group, book.past_due_from::text, book.wakes_on::text,
       (SELECT jsonb_object_agg(kind, balance) FROM book_account WHERE loan_id = loan.id) AS balances,
       (SELECT jsonb_agg(jsonb_build_array(entry.kind, counts_on, cause, posted.amounts) ORDER BY entry.id)
        FROM book_transaction entry, LATERAL (
          SELECT jsonb_object_agg(kind, amount) AS amounts FROM book_posting WHERE transaction_id = entry.id) posted
        WHERE loan_id = loan.id) AS entries
     FROM loan JOIN loan_book book ON book.loan_id = loan.id ORDER BY loan.id`,
  );
}

async function expectLedgerIsBook(harness: Harness, id: string, on: string): Promise<void> {
  const folded = await harness.dataSource.transaction(async (tx) => {
    const { terms } = (await contractOfLoan(tx, id))!;
    return ledgerBalances(bookOn(terms, await eventsOf(tx, id), on).entries);
  });
  const held = Object.entries(folded).filter(([, amount]) => amount !== 0n);
  expect(await balancesOf(harness, { id })).toEqual(
    Object.fromEntries(held.map(([account, amount]) => [account, amount.toString()])),
  );
}

async function startWorker({ database }: Harness): Promise<SpawnedApp> {
  const worker = await spawnApp({
    app: 'employment-loans',
    entry: 'main.worker.js',
    environment: {
      DATABASE_URL: database.serviceUrl,
      ...testKeys,
      AUDIT_SIGNING_KEY: Buffer.alloc(32, 5).toString('base64'),
      CLOSING_CHUNK_LOANS: '1',
      SWEEP_MS: '100',
    },
  });
  workers.push(worker);
  return worker;
}

describe('days that are closed', () => {
  test('one by one, after a rest, and by workers that are killed in the middle: the same books, each entry once', async () => {
    for (let before = 45; before >= 1; before -= 1) await close(daily, day(before));
    await close(rested, day(1));
    // Nobody starts it there: the workers do.
    for (let kill = 1; kill <= 2; kill += 1) {
      const worker = await startWorker(killed);
      await untilDone(5 * kill);
      worker.kill('SIGKILL');
    }
    await startWorker(killed);
    await untilDone(loansInAll);
    const calm = await outcomeOf(rested);
    expect(calm).toHaveLength(loansInAll);
    expect(await outcomeOf(killed)).toEqual(calm);
    expect(await outcomeOf(daily)).toEqual(calm);
    const unpaid = calm.filter(({ debt_group }) => debt_group === '3');
    expect(unpaid.length).toBeGreaterThan(0);
    for (const loan of unpaid) expect(loan).toMatchObject({ state: 'overdue', moves: 3 });
    await expectLedgerIsBook(rested, unpaid[0]!['id'] as string, day(1));
    const [sums] = await killed.dataSource.query<object[]>(
      `SELECT (SELECT state FROM loan_closing), (SELECT done FROM loan_closing), sum(loans)::int AS loans,
         sum(entries)::int AS entries, (SELECT count(*)::int FROM book_transaction) AS booked
       FROM loan_closing_chunk`,
    );
    const { entries } = sums as { entries: number };
    expect(sums).toMatchObject({ state: 'closed', done: loansInAll, loans: loansInAll, booked: entries });
    const starts = await killed.dataSource.query<object[]>(
      `SELECT subject, actor_id, facts FROM audit_event WHERE verb = 'loanClosing.start'`,
    );
    expect(starts).toEqual([
      { subject: `loanClosing/${day(1)}`, actor_id: 'system', facts: { loans: loansInAll } },
    ]);
  });

  async function untilDone(loans: number): Promise<void> {
    for (;;) {
      const [row] = await killed.dataSource.query<{ done: number; state: string }[]>(
        'SELECT done, state FROM loan_closing',
      );
      if (row?.state === 'closed' || (row && row.done >= loans && loans < loansInAll)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test('each instalment is told of once, whoever closed its days: what comes near, and what is overdue', async () => {
    const toldIn = async ({ dataSource }: Harness, type: string) =>
      (
        await dataSource.query<{ told: string }[]>(
          `SELECT loan_id || ' ' || due_on AS told FROM event WHERE type = $1 ORDER BY 1`,
          [type],
        )
      ).map(({ told }) => told);
    const until = addDays(day(1), 15);
    const planned = await rested.dataSource.transaction(async (tx) => {
      const loans = (await tx.query('SELECT id FROM loan')) as { id: string }[];
      const dues: string[] = [];
      for (const { id } of loans)
        for (const { dueOn } of (await contractOfLoan(tx, id))!.terms.plan)
          if (dueOn <= until) dues.push(`${id} ${dueOn}`);
      return dues.sort();
    });
    const overdue = await toldIn(daily, 'instalment.overdue');
    expect(overdue.length).toBeGreaterThan(loansInAll);
    for (const harness of [daily, rested, killed]) {
      expect(await toldIn(harness, 'instalment.dueSoon')).toEqual(planned);
      // Daily closings hear of what was late for a while, too.
      for (const told of await toldIn(harness, 'instalment.overdue')) expect(overdue).toContain(told);
      const [head] = await harness.dataSource.query<object[]>(
        `SELECT last::int, (SELECT count(*)::int FROM event) AS told, (SELECT max(seq)::int FROM event) AS highest FROM event_head`,
      );
      const { last } = head as { last: number };
      expect(head).toEqual({ last, told: last, highest: last });
    }
    expect(await toldIn(killed, 'instalment.overdue')).toEqual(await toldIn(rested, 'instalment.overdue'));
  });

  test('events are followed by a cursor, by the office of the loans alone', async () => {
    const follower = await rested.as({ sub: 'follower', office: '256' });
    const seen: string[] = [];
    for (let after = '', isLast = false; !isLast;) {
      const page = (await follower.get(`/v1/events?limit=100${after}`).expect(200)).body as LoanEventPage;
      seen.push(...page.items.map(({ id }) => id));
      expect(page.items[0]).toMatchObject({ source: '/employment-loans', data: { placeCode: '09169' } });
      after = `&after=${page.next}`;
      isLast = page.isLast;
    }
    const [told] = await rested.dataSource.query<{ count: number }[]>('SELECT count(*)::int FROM event');
    expect([seen.length, new Set(seen).size]).toEqual([told!.count, told!.count]);
    const other = await rested.as({ sub: 'other', office: '261' });
    expect((await other.get('/v1/events').expect(200)).body).toEqual({ items: [], next: null, isLast: true });
    const lost = cursorOf(['1', '00000000-0000-4000-8000-000000000000']);
    const { body } = await follower.get(`/v1/events?after=${lost}`);
    expect(body).toMatchObject({ status: 409, code: 'LOAN_EVENT_CURSOR_UNKNOWN' });
  });

  test('what is past due is listed by how long it has been, by its group, and to its office alone', async () => {
    const listed = async (query: string, office = '27') => {
      const client = await rested.as({ sub: `officer-${office}`, office });
      return (await client.get(`/v1/loan-arrears?${query}`).expect(200)).body as ArrearsPage;
    };
    const { items: worst } = await listed('debtGroup=3&limit=100');
    const unpaid = (await outcomeOf(rested)).filter(({ debt_group }) => debt_group === '3');
    expect(worst.map(({ loanId }) => loanId).sort()).toEqual(unpaid.map(({ id }) => id));
    expect(worst[0]!.daysPastDue).toBeGreaterThan(90);
    const { items: first, next } = await listed('limit=2');
    const { items: second } = await listed(`limit=2&after=${next}`);
    const days = [...first, ...second].map(({ daysPastDue }) => daysPastDue);
    expect(days).toEqual([...days].sort((a, b) => b - a));
    expect(new Set([...first, ...second].map(({ loanId }) => loanId)).size).toBe(4);
    expect((await listed('', '09169')).items.length).toBeGreaterThan(0);
    expect((await listed('', '261')).items).toEqual([]);
  });

  test('the portfolio as of any day is what the books of that day sum to, by group, and of its office alone', async () => {
    const told = async (harness: Harness, query: string, office = '27') => {
      const client = await harness.as({ sub: `officer-${office}`, office });
      return (await client.get(`/v1/loan-portfolio?${query}`).expect(200)).body as PortfolioView;
    };
    for (const before of [1, 9, 25, 44, 100, 170]) {
      const on = day(before);
      const { total, groups } = await foldedPortfolio(rested, on);
      for (const harness of [daily, rested, killed]) {
        const { items, ...view } = await told(harness, `on=${on}`);
        expect(view).toEqual({ on, closedThrough: day(1), total });
        // Its days were closed one by one from then on; a rest shows what was worse for a while at its end alone.
        const isDaily = harness === daily && before <= 45;
        if (isDaily || before === 1)
          expect(Object.fromEntries(items.map(({ debtGroup, ...line }) => [debtGroup, line]))).toEqual(
            groups,
          );
      }
    }
    const { items: all } = await told(rested, `on=${day(1)}&by=place,product,capitalSource`, '256');
    expect(all).toMatchObject([
      {
        placeCode: '09169',
        productCode: 'EL-WORKER',
        debtGroup: null,
        capitalSource: 'central',
        loans: loansInAll,
      },
    ]);
    const nothing = { loans: 0, principal: '0', overduePrincipal: '0', interest: '0', overdueInterest: '0' };
    const others = [
      await told(rested, '', '261'),
      await told(rested, 'placeCode=261'),
      // Everything of these books was recorded today.
      await told(rested, `knownOn=${day(1)}`),
    ];
    for (const { total, items } of others) expect([total, items]).toEqual([nothing, []]);
    const { body } = await officers.bank.get(`/v1/loan-portfolio?on=${addDays(today(), 1)}`);
    expect(body).toMatchObject({ status: 422, code: 'LOAN_DAY' });
    const query = `{ loanPortfolio(on: "${day(40)}", by: [DEBT_GROUP, PLACE]) { total { principal } items { placeCode debtGroup loans } } }`;
    const { body: answer } = await officers.bank.post('/graphql', { query });
    const { total, items } = await told(rested, `on=${day(40)}&by=debtGroup,place`);
    const lines = items.map(({ placeCode, debtGroup, loans }) => ({ placeCode, debtGroup, loans }));
    expect(answer).toEqual({
      data: { loanPortfolio: { total: { principal: total.principal }, items: lines } },
    });
  });

  test('time moves a loan into the next group on its day, whenever its days were closed', async () => {
    const changesIn = ({ dataSource }: Harness) =>
      dataSource.query<{ id: string; changed_on: string; past_due_from: string; becomes: string }[]>(
        `SELECT loan_id AS id, changed_on::text, past_due_from::text, was, becomes
         FROM debt_group_change JOIN loan_book USING (loan_id) WHERE debt_group = '3' ORDER BY loan_id, changed_on`,
      );
    const changes = await changesIn(daily);
    for (const { changed_on, past_due_from, becomes } of changes) {
      const { fromDays } = appliedOn(debtGroups, changed_on).value.find(({ code }) => code === becomes)!;
      expect(changed_on).toBe(addDays(past_due_from, fromDays));
    }
    expect(new Set(changes.map(({ becomes }) => becomes))).toEqual(new Set(['2', '3']));
    for (const harness of [rested, killed]) expect(await changesIn(harness)).toEqual(changes);
  });

  /** By folding every loan: what the ledger has of the books of that day, and the groups by their days past due. */
  async function foldedPortfolio(harness: Harness, on: string) {
    const ids = await harness.dataSource.query<{ id: string }[]>('SELECT id FROM loan');
    const books = await harness.dataSource.transaction(async (tx) => {
      const folded = [];
      for (const { id } of ids)
        folded.push(bookOn((await contractOfLoan(tx, id))!.terms, await eventsOf(tx, id), on));
      return folded;
    });
    const sumOf = (some: typeof books): PortfolioSums => {
      const ledgers = some.map(({ entries }) => ledgerBalances(entries));
      const sum = (...accounts: (keyof (typeof ledgers)[number])[]) =>
        ledgers
          .reduce((all, ledger) => accounts.reduce((part, each) => part + (ledger[each] ?? 0n), all), 0n)
          .toString();
      return {
        loans: some.length,
        principal: sum('principal', 'overduePrincipal'),
        overduePrincipal: sum('overduePrincipal'),
        interest: sum('interestReceivable'),
        overdueInterest: sum('overdueInterestReceivable'),
      };
    };
    const owing = books.filter(({ position }) => position.principal > 0n);
    const ofLine = { placeCode: null, productCode: null, capitalSource: null };
    const byGroup = Map.groupBy(
      owing,
      ({ position }) => bandOf(position.daysPastDue, appliedOn(debtGroups, position.on).value).code,
    );
    return {
      total: sumOf(owing),
      groups: Object.fromEntries([...byGroup].map(([group, some]) => [group, { ...ofLine, ...sumOf(some) }])),
    };
  }

  test('a payment of a day that is closed is reversals and new entries', async () => {
    const { items } = (await officers.bank.get('/v1/loans?limit=8').expect(200)).body as {
      items: { id: string }[];
    };
    const loan = await read(officers.bank, items[1]!);
    const reversals = async () =>
      (
        await rested.dataSource.query<{ count: number }[]>(
          `SELECT count(*)::int FROM book_transaction WHERE loan_id = $1 AND kind = 'reversal'`,
          [loan.id],
        )
      )[0]!.count;
    expect(await reversals()).toBe(0);
    await moved(officers.bank, loan, 'repayments', { ...decision('BT', day(70)), amount: '1000000' });
    expect(await reversals()).toBeGreaterThan(0);
    await expectLedgerIsBook(rested, loan.id, day(1));
    await close(rested, today());
    await expectLedgerIsBook(rested, loan.id, today());
    // As a service of the release before records: it counts no entries. They are counted anew.
    const [asBefore] = await rested.dataSource.query<[{ entries: null; wakes: boolean }[], number]>(
      `UPDATE loan_book SET events = events + 1 WHERE loan_id = $1 RETURNING entries, wakes_on = booked_through + 1 AS wakes`,
      [loan.id],
    );
    expect(asBefore).toEqual([{ entries: null, wakes: true }]);
  });

  test('in their order, none that has not come, and once', async () => {
    const bank = await rested.as({ sub: 'bank', office: '27' });
    const again = await started(rested, today());
    expect(again).toMatchObject({ day: today(), state: 'closed' });
    for (const wrong of [day(3), addDays(today(), 1)]) {
      const { body } = await bank.post('/v1/day-closings', { day: wrong });
      expect(body).toMatchObject({ status: 422, code: 'LOAN_CLOSING_DAY' });
    }
    const { items } = (await bank.get('/v1/day-closings?limit=1').expect(200)).body as ClosingPage;
    expect(items).toEqual([again]);
    await expect(
      rested.dataSource.query('UPDATE loan_book SET booked_through = booked_through - 1'),
    ).rejects.toMatchObject({ constraint: 'loan_book_forward' });
  });
});
