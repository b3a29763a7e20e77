import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, daysBetween } from '@ansinh/calendar';
import { bookOn, ledgerBalances } from '@ansinh/loans';
import { type PlayedClient, textOfPdf } from '@ansinh/testing';
import type { LoanEventPage } from '../src/event/event.dto.js';
import { contractOfLoan, eventsOf } from '../src/loan/loan-events.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import type { ReminderPage } from '../src/reminder/reminder.dto.js';
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

describe('what others are told', () => {
  const toldOf = async (loan: { id: string }) =>
    ((await officers.bank.get('/v1/events').expect(200)).body as LoanEventPage).items
      .filter(({ data }) => data.id === loan.id)
      .map(({ type, data }) => `${type} ${data.dueOn ?? ''}`.trim());
  const reminded = async (loan: { id: string }, query: string, client: PlayedClient) =>
    (
      (await client.get(`/v1/loan-reminders?limit=500&${query}`).expect(200)).body as ReminderPage
    ).items.filter(({ loanId }) => loanId === loan.id);

  /** Out since yesterday; the first instalment falls due in a few days, after a rest of Tết in two weeks. */
  async function near(): Promise<LoanView> {
    const loan = await ordered(officers, await approved(officers, planId), { signedOn: day(27) });
    await bankSays(harness, loan, { on: day(1) });
    return read(officers.bank, loan);
  }

  test('an instalment that is near, from the moment the money is out; to its own offices', async () => {
    const loan = await near();
    const { upcoming } = await bookOf(officers.bank, loan);
    const { dueOn } = upcoming[0]!;
    const days = daysBetween(today(), dueOn);
    expect(days).toBeLessThanOrEqual(14);
    expect(await toldOf(loan)).toEqual([`instalment.dueSoon ${dueOn}`]);
    const { closing } = await bookOf(officers.bank, loan, `on=${dueOn}`);
    const [reminder, ...others] = await reminded(loan, '', officers.commune);
    expect(reminder).toMatchObject({ dueOn, principal: closing.principalDue, interest: closing.interestDue });
    expect(others).toEqual([]);
    expect(await reminded(loan, `days=${days}`, officers.bank)).toEqual([reminder]);
    expect(await reminded(loan, `days=${days - 1}`, officers.bank)).toEqual([]);
    expect(await reminded(loan, '', await harness.as({ sub: 'elsewhere', office: '261' }))).toEqual([]);
  });

  test('each closing of a loan once, and nothing of it to remind of after', async () => {
    const loan = await near();
    const { closing } = await bookOf(officers.bank, loan);
    const closed = await service(loan, 'repayments', { amount: closing.payoff });
    expect(closed.state).toBe('closed');
    const [soon, ...told] = await toldOf(loan);
    expect([soon!.split(' ')[0], told]).toEqual(['instalment.dueSoon', ['loan.closed']]);
    expect(await reminded(loan, '', officers.bank)).toEqual([]);
    const reopened = await service(closed, 'reversals', { event: 2 });
    expect(await reminded(loan, '', officers.bank)).toHaveLength(1);
    await service(reopened, 'repayments', { amount: closing.payoff });
    expect(await toldOf(loan)).toEqual([soon, 'loan.closed', 'loan.closed']);
  });
});

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
    expect(nothing.body).toMatchObject({
      status: 422,
      code: 'LOAN_EVENT',
      detail: `Nothing is due on ${later(61)}`,
    });
    const inVietnamese = await move(officers.bank, rescheduled, 'deferrals', {
      ...decision(),
      dueOn: later(61),
      until: later(70),
    }).set('accept-language', 'vi');
    expect(inVietnamese.body).toMatchObject({ detail: `Ngày ${later(61)} không có kỳ trả nợ` });
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
    const lent = await move(officers.bank, closed, 'refunds', { ...decision(), amount: '500001' });
    expect(lent.body).toMatchObject({ status: 422, code: 'LOAN_EVENT' });
    expect((lent.body as { detail: string }).detail).toContain('500000 đồng');
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

test('of a loan that is closed, what was never paid out is available again, beside what was repaid', async () => {
  const before = await planOf(officers.bank, { id: planId });
  const loan = await ordered(officers, await approved(officers, planId), { amount: '50000000' });
  await bankSays(harness, loan);
  const closed = await service(await read(officers.bank, loan), 'repayments', { amount: '50000000' });
  const after = {
    committed: before.committed,
    collected: (BigInt(before.collected) + 50_000_000n).toString(),
    available: before.available,
  };
  expect(await planOf(officers.bank, { id: planId })).toMatchObject(after);
  // It is available once, however often the loan is opened again and closed, and cannot be ordered any more.
  const reopened = await service(closed, 'reversals', { event: 2 });
  const more = await move(officers.bank, reopened, 'disbursements', decision());
  expect(more.body).toMatchObject({ code: 'LOAN_DISBURSEMENT' });
  await service(reopened, 'repayments', { amount: '50000000' });
  expect(await planOf(officers.bank, { id: planId })).toMatchObject(after);
});

describe('the papers of a loan', () => {
  const print = async (client: PlayedClient, { id }: { id: string }, paper: string) => {
    const reply = await client
      .get(`/v1/loans/${id}/papers/${paper}`)
      .responseType('blob')
      .expect(200)
      .expect('content-type', 'application/pdf')
      .expect('content-disposition', /^attachment; filename="VV-[\w-]+\.pdf"$/);
    return reply.body as Buffer;
  };
  const said = (pdf: Buffer) => textOfPdf(pdf).replaceAll(/\s+/g, ' ');

  test('the annex says what was agreed, to all who may read the loan, with numbers masked', async () => {
    const loan = await out(0);
    const pdf = await print(officers.commune, loan, 'annex');
    expect(pdf).toEqual(await print(officers.bank, loan, 'annex'));
    const text = said(pdf);
    for (const words of [
      'hợp đồng số HĐ 1',
      '80.000.000 đồng (Tám mươi triệu đồng)',
      'vốn trung ương',
      'Thời hạn vay: 36 tháng',
      'Quyết định phê duyệt số 1/QĐ',
      '••••••••0007',
      'nơi thực hiện dự án: Phường Vũ Ninh, Tỉnh Bắc Ninh.',
    ])
      expect(text).toContain(words);
    expect(text).not.toMatch(/\d{9}/);
  });

  test('the schedule is planned before the money goes out, and the same file before and after a payment', async () => {
    const signed = await ordered(officers, await approved(officers, planId), { signedOn: day(20) });
    const planned = said(await print(officers.bank, signed, 'schedule'));
    expect(planned).toContain(`Dự kiến giải ngân ngày ${day(20).split('-').reverse().join('/')}`);
    await bankSays(harness, signed, { on: day(10) });
    const before = await print(officers.bank, signed, 'schedule');
    expect(said(before)).toContain(`Đã giải ngân ngày ${day(10).split('-').reverse().join('/')}`);
    expect(said(before)).toContain('Tổng cộng 80.000.000');
    await service(await read(officers.bank, signed), 'repayments', { amount: '5000000' });
    expect(await print(officers.bank, signed, 'schedule')).toEqual(before);
  });

  test('the notice is of the day that is asked for, and by the book', async () => {
    const loan = await out(20);
    expect(said(await print(officers.bank, loan, 'notice'))).toContain('GIẤY BÁO NỢ ĐẾN HẠN');
    const on = later(60);
    const { closing } = await bookOf(officers.bank, loan, `on=${on}`);
    const text = said(await print(officers.bank, loan, `notice?on=${on}`));
    expect(text).toContain(`GIẤY BÁO NỢ QUÁ HẠN`);
    expect(text).toContain(`đã quá hạn ${closing.daysPastDue} ngày`);
    const parts = [closing.principalDue, closing.interestDue, closing.overdueInterest].map(BigInt);
    const owed = parts.reduce((total, part) => total + part);
    expect(text).toContain(`${new Intl.NumberFormat('vi-VN').format(owed)} Bằng chữ`);
  });

  test('there are none before a contract, and no notice where nothing is owed', async () => {
    const loan = await approved(officers, planId);
    for (const paper of ['annex', 'schedule', 'notice'])
      await officers.bank.get(`/v1/loans/${loan.id}/papers/${paper}`).expect(409, /LOAN_STATE/);
    const signed = await ordered(officers, loan);
    await officers.bank.get(`/v1/loans/${signed.id}/papers/notice`).expect(409, /LOAN_STATE/);
    await officers.bank.get(`/v1/loans/${signed.id}/papers/notice?on=x`).expect(400);
  });
});
