import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import type { Transaction } from '@ansinh/database';
import { findPayouts, type PayoutOutcome } from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { testKeys } from '@ansinh/testing';
import type { BankExceptionView } from '../src/bank-exception/bank-exception.dto.js';
import { applyOutcomes } from '../src/loan/disbursement-outcomes.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  account,
  approved,
  balancesOf,
  historyOf,
  listOf,
  moved,
  decision,
  type Officers,
  officersOf,
  ordered,
  planned,
  planOf,
  read,
  sent,
  told,
  toldTogether,
  today,
} from './lending.js';

let harness: Harness;
let officers: Officers;
let planId: string;
beforeAll(async () => {
  harness = await startHarness();
  officers = await officersOf(harness);
  planId = (await planned(officers.province, '10000000000')).id;
});
afterAll(() => harness.stop());

async function exceptionsOf({ id }: { id: string }): Promise<BankExceptionView[]> {
  const { body } = await officers.bank.get('/v1/bank-exceptions?source=disbursement&limit=100').expect(200);
  return (body as { items: BankExceptionView[] }).items.filter(({ loanId }) => loanId === id);
}

/** The lines of a list as they will be sent. */
async function linesOf(listId: string): Promise<Record<string, unknown>[]> {
  const sealer = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY));
  const blocks = await harness.dataSource.query<{ block_no: number; sealed: Buffer }[]>(
    'SELECT block_no, sealed FROM payout_block WHERE payout_id = $1 ORDER BY block_no',
    [listId],
  );
  const text = blocks.map(({ block_no, sealed }) =>
    sealer.open(sealed, `payout_block/${listId}/${block_no}`),
  );
  return text
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('what was ordered goes out once, to the account of its contract', async () => {
  const loans = [
    await ordered(officers, await approved(officers, planId)),
    await ordered(officers, await approved(officers, planId), {
      amount: '30000000',
      account: '2600205000009',
    }),
  ];
  const list = await sent(officers.bank);
  expect(list).toMatchObject({
    state: 'frozen',
    rows: 2,
    amount: '110000000',
    batchCode: null,
    problem: null,
  });
  const { payeeId } = account().account;
  const line = { payeeId, bankBin: '970405', programmeCode: 'EL-2022', policyCode: 'EL-WORKER', ordinal: 1 };
  expect(await linesOf(list.id)).toMatchObject([
    { ...line, account: '2600205000001', amount: '80000000', remittance: `Giai ngan ${loans[0]!.code}` },
    { ...line, account: '2600205000009', amount: '30000000', period: today().slice(0, 7) },
  ]);
  const again = await officers.bank.post('/v1/disbursement-lists', listOf());
  expect(again.body).toMatchObject({ status: 409, code: 'DISBURSEMENT_LIST_EMPTY' });
  await told(harness, loans[0]!);
  await told(harness, loans[1]!, { status: 'setAside', amount: null, findings: ['OTHER_BATCH'] });
  expect(await read(officers.bank, loans[0]!)).toMatchObject({ state: 'active' });
  expect(await read(officers.bank, loans[1]!)).toMatchObject({ state: 'approved' });
  expect((await historyOf(officers.bank, loans[1]!)).disbursements).toMatchObject([
    { reason: 'OTHER_BATCH' },
  ]);
});

test('what comes back and is ordered again is the same obligation', async () => {
  const loan = await ordered(officers, await approved(officers, planId));
  const first = await sent(officers.bank);
  await told(harness, loan, { status: 'returned', reason: 'AC01' });
  await ordered(officers, await read(officers.bank, loan), { account: '2600205000002' });
  const second = await sent(officers.bank);
  const [before, after] = [(await linesOf(first.id))[0]!, (await linesOf(second.id))[0]!];
  expect(after).toEqual({ ...before, account: '2600205000002' });
  await told(harness, loan);
  expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
});

test('a second tranche is another obligation', async () => {
  const loan = await ordered(officers, await approved(officers, planId), { amount: '50000000' });
  await sent(officers.bank);
  await told(harness, loan);
  await moved(officers.bank, await read(officers.bank, loan), 'disbursements', decision());
  const list = await sent(officers.bank);
  expect(await linesOf(list.id)).toMatchObject([{ ordinal: 2, amount: '30000000' }]);
});

test('what comes back after it was booked as paid leaves the book again', async () => {
  const before = await planOf(officers.bank, { id: planId });
  const loan = await ordered(officers, await approved(officers, planId));
  await sent(officers.bank);
  await told(harness, loan);
  await told(harness, loan, { status: 'returned', reason: 'AC04' });
  await told(harness, loan, { status: 'returned', reason: 'AC04' });
  expect(await balancesOf(harness, loan)).toEqual({});
  expect(await read(officers.bank, loan)).toMatchObject({ state: 'active' });
  expect(await planOf(officers.bank, { id: planId })).toMatchObject({ lent: before.lent });
  await moved(officers.bank, await read(officers.bank, loan), 'disbursements', decision());
  await sent(officers.bank);
  await told(harness, loan);
  expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
});

test('an amount that is not what was ordered is an exception of its loan, and stops no other one', async () => {
  const loan = await ordered(officers, await approved(officers, planId));
  const other = await ordered(officers, await approved(officers, planId));
  await sent(officers.bank);
  await toldTogether(harness, [
    { loan, over: { amount: 79_999_999n } },
    { loan: other, over: {} },
  ]);
  await told(harness, loan, { amount: 79_999_999n });
  expect(await read(officers.bank, loan)).toMatchObject({ state: 'disbursing' });
  expect(await balancesOf(harness, loan)).toEqual({});
  expect(await read(officers.bank, other)).toMatchObject({ state: 'active' });
  expect(await exceptionsOf(loan)).toMatchObject([
    { code: 'DISBURSEMENT_DIFFERS', expected: '80000000', observed: '79999999', state: 'open' },
  ]);
  // The bank corrects what it did: the outcome as it comes last is taken.
  await told(harness, loan);
  expect(await read(officers.bank, loan)).toMatchObject({ state: 'active' });
});

test('a list is taken back for a reason', async () => {
  await ordered(officers, await approved(officers, planId));
  const { id } = await sent(officers.bank);
  await officers.bank.post(`/v1/disbursement-lists/${id}/withdrawal`, { reason: 'Sai quỹ' }).expect(200);
  const [list] = await harness.dataSource.query<object[]>('SELECT withdrawal FROM payout WHERE id = $1', [
    id,
  ]);
  expect(list).toEqual({ withdrawal: 'Sai quỹ' });
});

/** Whatever stands of the loans, and of the capital that they take: all but instants, and numbers that a sequence gives. */
async function rowsOf(tx: Transaction, loans: readonly LoanView[]): Promise<Record<string, unknown[]>> {
  await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
  const of = (sql: string, keys: string[]) => tx.query<unknown[]>(sql, [keys]);
  const ids = loans.map(({ id }) => id);
  const ofLoan = (table: string, order: string) =>
    of(
      `SELECT to_jsonb(row) - 'at' FROM ${table} row WHERE loan_id = ANY($1::uuid[]) ORDER BY loan_id, ${order}`,
      ids,
    );
  const booked = (ledger: string, owner: string, keys: string[]) =>
    of(
      `SELECT to_jsonb(entry) - 'at' - 'id' AS entry,
         (SELECT jsonb_object_agg(kind, amount) FROM ${ledger}_posting WHERE transaction_id = entry.id) AS moved
       FROM ${ledger}_transaction entry WHERE ${owner} = ANY($1::uuid[]) ORDER BY ${owner}, id`,
      keys,
    );
  return {
    loans: await of('SELECT to_jsonb(loan) FROM loan WHERE id = ANY($1::uuid[]) ORDER BY id', ids),
    moves: await ofLoan('loan_move', 'number'),
    disbursements: await ofLoan('disbursement', 'number'),
    events: await ofLoan('loan_event', 'number'),
    books: await ofLoan('loan_book', 'loan_id'),
    accounts: await ofLoan('book_account', 'kind'),
    entries: await booked('book', 'loan_id', ids),
    capital: await of(
      'SELECT kind, balance FROM capital_account WHERE plan_id = ANY($1::uuid[]) ORDER BY kind',
      [planId],
    ),
    capitalEntries: await booked('capital', 'plan_id', [planId]),
    exceptions: await of(
      `SELECT code, loan_code, expected, observed, reference FROM bank_exception WHERE loan_id = ANY($1::uuid[]) ORDER BY loan_id`,
      ids,
    ),
    audit: await of(
      `SELECT actor_id, office, verb, subject, request_id, before_digest, after_digest, facts
       FROM audit_event WHERE subject = ANY($1::text[]) ORDER BY seq`,
      loans.map(({ code }) => `loan/${code}`),
    ),
  };
}

/** What pages of outcomes leave, and by how many statements. It is taken back again. */
async function leftBy(
  payoutId: string,
  pages: readonly PayoutOutcome[][],
  loans: readonly LoanView[],
): Promise<{ rows: Record<string, unknown[]>; statements: number }> {
  const runner = harness.dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    const [payout] = await findPayouts(runner.manager, [payoutId]);
    const asked = jest.spyOn(runner, 'query');
    for (const page of pages) await applyOutcomes(runner.manager, payout!, page);
    const statements = asked.mock.calls.length;
    return { statements, rows: await rowsOf(runner.manager, loans) };
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

test('a return of a loan that was paid back and closed is an exception, once, and holds up nothing of its page', async () => {
  const [repaid, waiting] = [
    await ordered(officers, await approved(officers, planId)),
    await ordered(officers, await approved(officers, planId)),
  ];
  await sent(officers.bank);
  await told(harness, repaid);
  const closed = await moved(officers.bank, await read(officers.bank, repaid), 'repayments', {
    ...decision('PT 1'),
    amount: repaid.grantedAmount!,
  });
  expect(closed.state).toBe('closed');
  const page = [
    { loan: repaid, over: { status: 'returned', reason: 'AC04' } as const },
    { loan: waiting, over: {} },
  ];
  // Told again, it says nothing new.
  for (let times = 0; times < 2; times += 1) await toldTogether(harness, page);
  expect(await read(officers.bank, closed)).toEqual(closed);
  expect(await read(officers.bank, waiting)).toMatchObject({ state: 'active' });
  expect(await exceptionsOf(repaid)).toMatchObject([{ state: 'open', code: 'LOAN_CLOSED' }]);
  const elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
  expect((await elsewhere.get('/v1/bank-exceptions').expect(200)).body).toMatchObject({ items: [] });
});

test('a page of many loans leaves what its outcomes leave one by one', async () => {
  const day = (before: number) => addDays(today(), -before);
  const half = { amount: '50000000' };
  const waiting = (over: Parameters<typeof ordered>[2] = {}) =>
    approved(officers, planId).then((loan) => ordered(officers, loan, over));
  const secondTranche = await waiting(half);
  const repaid = await waiting(half);
  await sent(officers.bank);
  await told(harness, secondTranche);
  await told(harness, repaid);
  const again = async (loan: LoanView) =>
    moved(officers.bank, await read(officers.bank, loan), 'disbursements', {
      ...decision(),
      amount: '20000000',
    });
  await again(secondTranche);
  const awaited = await again(repaid);
  await moved(officers.bank, awaited, 'repayments', { ...decision(), ...half });
  const lateReturn = await waiting();
  const known = await waiting();
  const differs = await waiting();
  const told20DaysAgo = await waiting({ signedOn: day(30) });
  const plain = [await waiting(), await waiting(half), await waiting()];
  const back = await waiting();
  const { id: payoutId } = await sent(officers.bank);
  for (const loan of [repaid, lateReturn, known]) await told(harness, loan);

  const returned = { status: 'returned', reason: 'AC01' } as const;
  const all: [LoanView, Partial<PayoutOutcome>][] = [
    [secondTranche, {}],
    [repaid, returned],
    [lateReturn, returned],
    [known, {}],
    [differs, { amount: 1n }],
    [told20DaysAgo, { bookedOn: day(20) }],
    [back, returned],
    ...plain.map((loan): [LoanView, Partial<PayoutOutcome>] => [loan, {}]),
  ];
  const rows = await harness.dataSource.query<{ loan_id: string; payout_row: number; amount: string }[]>(
    'SELECT loan_id, payout_row, amount FROM disbursement WHERE payout_id = $1 ORDER BY loan_id',
    [payoutId],
  );
  const outcomes = rows.map(({ loan_id, payout_row: row, amount }): PayoutOutcome => {
    const [, over] = all.find(([{ id }]) => id === loan_id)!;
    const paid = { row, amount: BigInt(amount), bookedOn: today(), reason: null, findings: [] };
    return { ...paid, status: 'paid', ...over };
  });
  const loans = all.map(([loan]) => loan);
  const oneByOne = await leftBy(
    payoutId,
    outcomes.map((outcome) => [outcome]),
    loans,
  );
  const atOnce = await leftBy(payoutId, [outcomes], loans);
  expect(atOnce.rows).toEqual(oneByOne.rows);
  expect(outcomes).toHaveLength(10);
  expect(atOnce.rows).toMatchObject({ exceptions: [{ code: 'DISBURSEMENT_DIFFERS' }] });
  expect(atOnce.rows['audit']!.length).toBeGreaterThan(loans.length);
  // The loan that had paid everything back is closed by the return of what it waited for, and what it never got is free again.
  const { version } = await read(officers.bank, repaid);
  const reference = `${repaid.code}/${version + 2}`;
  const released = expect.objectContaining({ kind: 'release', reference }) as unknown;
  expect(atOnce.rows['capitalEntries']).toContainEqual({
    entry: released,
    moved: { available: 30_000_000, committed: -30_000_000 },
  });

  const rowsOfPlain = new Set(
    rows.filter(({ loan_id }) => plain.some(({ id }) => id === loan_id)).map(({ payout_row }) => payout_row),
  );
  const ofPlain = outcomes.filter(({ row }) => rowsOfPlain.has(row));
  const ofOne = await leftBy(payoutId, [ofPlain.slice(0, 1)], loans);
  const ofThree = await leftBy(payoutId, [ofPlain], loans);
  expect(ofThree.statements).toBe(ofOne.statements);
});
