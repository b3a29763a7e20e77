import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { bookOn, ledgerBalances } from '@ansinh/loans';
import { contractOfLoan, eventsOf } from '../src/loan/loan-events.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  approved,
  balancesOf,
  bankSays,
  bookOf,
  decision,
  move,
  moved,
  type Officers,
  officersOf,
  ordered,
  planned,
  planOf,
  read,
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

const day = (before: number) => addDays(today(), -before);
const later = (days: number) => addDays(today(), days);

/** A loan that went out so many days ago; interest falls due monthly. */
async function out(daysAgo: number): Promise<LoanView> {
  const loan = await ordered(officers, await approved(officers, planId), { signedOn: day(20) });
  await bankSays(harness, loan, { on: day(daysAgo) });
  return read(officers.bank, loan);
}

const service = (loan: LoanView, verb: string, body: object, on = today()) =>
  moved(officers.bank, loan, verb, { ...decision('x', on), ...body });
const decide = (loan: LoanView, verb: string, body: object) =>
  moved(officers.province, loan, verb, { ...decision(), ...body });

/** What the ledger holds is what folding the events gives, account by account. */
async function expectBooked(loan: { id: string }): Promise<void> {
  const folded = await harness.dataSource.transaction(async (tx) => {
    const { terms } = (await contractOfLoan(tx, loan.id))!;
    const [book] = await tx.query<{ through: string }[]>(
      'SELECT booked_through::text AS through FROM loan_book WHERE loan_id = $1',
      [loan.id],
    );
    return ledgerBalances(bookOn(terms, await eventsOf(tx, loan.id), book!.through).entries);
  });
  const held = Object.entries(folded).filter(([, amount]) => amount !== 0n);
  expect(await balancesOf(harness, loan)).toEqual(
    Object.fromEntries(held.map(([account, amount]) => [account, amount.toString()])),
  );
}

describe('terms that change by decision', () => {
  test('a freeze stops interest, and thaws with the first event after its end', async () => {
    const frozen = await decide(await out(15), 'freezes', { until: later(30) });
    expect(frozen.state).toBe('frozen');
    await expectBooked(frozen);
    const { closing } = await bookOf(officers.bank, frozen);
    const { closing: inTwentyDays } = await bookOf(officers.bank, frozen, `on=${later(20)}`);
    expect(inTwentyDays.payoff).toBe(closing.payoff);
    const thawed = await service(frozen, 'reversals', { event: 2 });
    expect(thawed.state).toBe('active');
    await expectBooked(thawed);
  });

  test('a recall makes all principal due', async () => {
    const recalled = await decide(await out(15), 'recalls', { dueOn: later(30) });
    expect(recalled.state).toBe('recalled');
    expect((await bookOf(officers.bank, recalled)).upcoming).toMatchObject([{ dueOn: later(30) }]);
  });

  test('an extension, a deferral and a new plan move principal', async () => {
    const loan = await out(15);
    const { upcoming } = await bookOf(officers.bank, loan);
    const first = upcoming.find(({ principal }) => principal !== '0')!;
    const deferred = await service(loan, 'deferrals', {
      dueOn: first.dueOn,
      until: addDays(first.dueOn, 10),
    });
    const extended = await service(deferred, 'extensions', { until: addDays(upcoming.at(-1)!.dueOn, 90) });
    expect((await bookOf(officers.bank, extended)).upcoming.at(-1)!.dueOn).toBe(
      addDays(upcoming.at(-1)!.dueOn, 90),
    );
    const planned = [
      { dueOn: later(60), principal: '40000000', isInterestDue: true },
      { dueOn: later(120), principal: '0', isInterestDue: true },
    ];
    const rescheduled = await service(extended, 'reschedulings', { plan: planned });
    expect(rescheduled.state).toBe('active');
    expect((await bookOf(officers.bank, rescheduled)).upcoming.map(({ dueOn }) => dueOn)).toEqual(
      planned.map(({ dueOn }) => dueOn),
    );
    const nothing = await move(officers.bank, rescheduled, 'deferrals', {
      ...decision(),
      dueOn: later(61),
      until: later(70),
    });
    expect(nothing.body).toMatchObject({ status: 422, code: 'LOAN_EVENT' });
    await expectBooked(rescheduled);
  });

  test('interest and principal are cancelled, and a loan of which nothing is left is closed', async () => {
    const loan = await out(15);
    const { closing } = await bookOf(officers.bank, loan);
    const less = await decide(loan, 'interest-cancellations', { amount: closing.interestAccrued });
    const closed = await decide(less, 'principal-cancellations', { amount: closing.principal });
    expect(closed.state).toBe('closed');
    expect(await balancesOf(harness, loan)).toMatchObject({ writeOff: closing.payoff });
    await expectBooked(closed);
  });
});

describe('money that comes in', () => {
  test('too much of it is the borrower’s, and can be given back', async () => {
    const loan = await out(15);
    const { closing } = await bookOf(officers.bank, loan);
    const amount = (BigInt(closing.payoff) + 500_000n).toString();
    const closed = await service(loan, 'repayments', { amount });
    expect(closed.state).toBe('closed');
    expect(await balancesOf(harness, loan)).toMatchObject({ borrowerCredit: '-500000' });
    await service(closed, 'refunds', { amount: '500000' });
    expect(await balancesOf(harness, loan)).not.toHaveProperty('borrowerCredit');
    await expectBooked(loan);
  });

  test('a rate that changes on a past day is reckoned from it, and known as it was before', async () => {
    const loan = await out(15);
    const known = await bookOf(officers.bank, loan, `knownOn=${day(1)}`);
    expect(known.closing.principal).toBe('0');
    const before = await bookOf(officers.bank, loan);
    const changed = await moved(officers.province, loan, 'rate-changes', {
      ...decision('QĐ', day(10)),
      ratePpm: 0,
    });
    const { closing } = await bookOf(officers.bank, changed);
    expect(BigInt(closing.interestAccrued)).toBe(86_795n);
    expect(before.closing.interestAccrued).toBe('260384');
    await expectBooked(changed);
  });

  test('nothing is recorded of a day that has not come, nor by a version that is not the last', async () => {
    const loan = await out(15);
    const { body } = await move(officers.bank, loan, 'repayments', {
      ...decision('x', later(1)),
      amount: '1000',
    });
    expect(body).toMatchObject({ status: 422, code: 'LOAN_DAY' });
    await service(loan, 'repayments', { amount: '1000' });
    const stale = await move(officers.bank, loan, 'repayments', { ...decision(), amount: '1000' });
    expect(stale.body).toMatchObject({ code: 'PRECONDITION_FAILED' });
  });
});

test('of a loan that is closed, what was never paid out is available again', async () => {
  const before = await planOf(officers.bank, { id: planId });
  const loan = await ordered(officers, await approved(officers, planId), { amount: '50000000' });
  await bankSays(harness, loan);
  await service(await read(officers.bank, loan), 'repayments', { amount: '50000000' });
  expect(await planOf(officers.bank, { id: planId })).toMatchObject({
    committed: before.committed,
    available: (BigInt(before.available) - 50_000_000n).toString(),
  });
});
