import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { inTransaction } from '@ansinh/database';
import type { PlayedClient } from '@ansinh/testing';
import { moveCapitalOfMany } from '../src/capital/capital-ledger.js';
import type { CapitalPlanView } from '../src/capital/capital.dto.js';
import type { FundReport, FundReportPage } from '../src/fund-report/fund-report.dto.js';
import type { LoanLaw } from '../src/law/loan-law.dto.js';
import type { LoanView } from '../src/loan/loan.dto.js';
import { type Harness, startHarness } from './harness.js';
import {
  abroadFacts,
  account,
  application,
  appraised,
  apply,
  approved,
  balancesOf,
  bankSays,
  bookOf,
  capitalInBooks,
  confirmLaw,
  decision,
  historyOf,
  move,
  moved,
  type Officers,
  officersOf,
  ordered,
  planned,
  planOf,
  read,
  sent,
  staffFacts,
  told,
  today,
  toldTogether,
  yearOfToday,
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

test('a loan is found by its code, by the offices above it alone', async () => {
  const loan = await apply(officers.commune);
  await apply(officers.commune);
  const elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
  const found = async (client: PlayedClient) =>
    (await client.get(`/v1/loans?code=${loan.code}`).expect(200)).body as { items: LoanView[] };
  expect((await found(officers.commune)).items.map(({ id }) => id)).toEqual([loan.id]);
  expect((await found(elsewhere)).items).toEqual([]);
  await officers.commune.get('/v1/loans?code=42').expect(400);
});

describe('from the application to the bank', () => {
  test('each office moves it on with its paper, and capital goes with it', async () => {
    const before = await planOf(officers.bank, { id: planId });
    const loan = await ordered(officers, await approved(officers, planId));
    expect(loan).toMatchObject({ state: 'disbursing', grantedAmount: '80000000', capitalPlanId: planId });
    expect(await planOf(officers.bank, { id: planId })).toMatchObject({
      available: (BigInt(before.available) - 80_000_000n).toString(),
      committed: before.committed,
      ordered: (BigInt(before.ordered) + 80_000_000n).toString(),
    });
    await bankSays(harness, loan);
    await told(harness, loan);
    const { moves, disbursements } = await historyOf(officers.commune, loan);
    expect(moves.map(({ kind }) => kind)).toEqual([
      'apply',
      'confirm',
      'appraise',
      'approve',
      'sign',
      'disburse',
      'disbursementPaid',
    ]);
    expect(moves.filter(({ decision: paper }) => paper === null).map(({ kind }) => kind)).toEqual([
      'apply',
      'disbursementPaid',
    ]);
    expect(disbursements).toMatchObject([{ number: 1, amount: '80000000', state: 'paid' }]);
    expect(await read(officers.commune, loan)).toMatchObject({ state: 'active' });
    expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
  });

  test('what the bank returns is approved again, and pays once by the contract with the corrected account', async () => {
    const before = await planOf(officers.bank, { id: planId });
    const loan = await ordered(officers, await approved(officers, planId));
    await bankSays(harness, loan, { returnedFor: 'AC01' });
    // A payment of what came back is somebody's to look into; it books nothing.
    await told(harness, loan);
    const { body } = await officers.bank.get('/v1/bank-exceptions?code=PAID_AFTER_RETURN').expect(200);
    expect(body).toMatchObject({ items: [{ loanId: loan.id, expected: null, observed: '80000000' }] });
    const back = await read(officers.bank, loan);
    expect(back).toMatchObject({ state: 'approved' });
    expect(await planOf(officers.bank, { id: planId })).toMatchObject({
      committed: (BigInt(before.committed) + 80_000_000n).toString(),
      ordered: before.ordered,
      lent: before.lent,
    });
    const again = await ordered(officers, back, { account: '2600205000002' });
    await bankSays(harness, again);
    expect((await historyOf(officers.bank, loan)).disbursements).toMatchObject([
      { number: 1, state: 'returned', reason: 'AC01' },
      { number: 2, state: 'paid' },
    ]);
    expect(await planOf(officers.bank, { id: planId })).toMatchObject({
      committed: before.committed,
      lent: (BigInt(before.lent) + 80_000_000n).toString(),
    });
    expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
    const early = await move(officers.commune, await read(officers.commune, loan), 'withdrawal', decision());
    expect(early.body).toMatchObject({ status: 409, code: 'LOAN_STATE', state: 'active' });
    const { status } = await move(
      officers.bank,
      await read(officers.bank, loan),
      'disbursements',
      decision(),
    );
    expect(status).toBe(409);
  });

  test('money goes out in tranches, one at a time', async () => {
    const loan = await ordered(officers, await approved(officers, planId), { amount: '50000000' });
    await bankSays(harness, loan);
    const second = await moved(officers.bank, await read(officers.bank, loan), 'disbursements', decision());
    const third = await move(officers.bank, second, 'disbursements', { ...decision(), amount: '1' });
    expect(third.body).toMatchObject({ status: 409, code: 'LOAN_DISBURSEMENT' });
    await bankSays(harness, second, { returnedFor: 'AC04' });
    expect(await read(officers.bank, loan)).toMatchObject({ state: 'active' });
    expect(await balancesOf(harness, loan)).toMatchObject({ principal: '50000000' });
  });

  test('an appraisal may send it back, or refuse it', async () => {
    const { commune, bank } = officers;
    const confirmed = await moved(commune, await apply(commune), 'confirmation', {
      ...decision(),
      outcome: 'confirmed',
    });
    const back = await moved(bank, confirmed, 'appraisal', { ...decision(), outcome: 'sentBack' });
    expect(back.state).toBe('applied');
    const refused = await moved(commune, back, 'confirmation', { ...decision(), outcome: 'refused' });
    expect(refused.state).toBe('refused');
    expect((await move(commune, refused, 'withdrawal', decision())).body).toMatchObject({
      status: 409,
      code: 'LOAN_STATE',
      state: 'refused',
    });
  });
});

describe('the law of an application', () => {
  const lawOf = async (client: PlayedClient, { id }: { id: string }) =>
    (await client.get(`/v1/loans/${id}/law`).expect(200)).body as LoanLaw;
  const appraisal = async (over: object, ratePpm = 79_200) => {
    const { commune, bank } = officers;
    const paper = { ...decision(), outcome: 'confirmed' };
    const confirmed = await moved(commune, await apply(commune, over), 'confirmation', paper);
    return move(bank, confirmed, 'appraisal', { ...decision(), outcome: 'eligible', ratePpm });
  };

  test('sets ceiling and collateral to the đồng, at whatever the appraisal asks for', async () => {
    const most = 200_000_000n;
    expect((await appraisal({ amount: most.toString() })).status).toBe(200);
    expect((await appraisal({ amount: (most + 1n).toString() })).body).toMatchObject({
      code: 'LOAN_CEILING',
      ceiling: most.toString(),
    });
    const abroad = { productCode: 'OL-WORKER', amount: (most + 1n).toString(), facts: abroadFacts() };
    expect((await appraisal(abroad, 83_820)).body).toMatchObject({ code: 'LOAN_COLLATERAL' });
    const project = {
      ...application().project,
      collateral: [{ description: 'Quyền sử dụng đất', value: '300000000' }],
    };
    expect((await appraisal({ ...abroad, project }, 83_820)).status).toBe(200);
  });

  test('is explained as it was when it was decided: before the commune, after the bank, and once confirmed', async () => {
    const asked = await apply(officers.commune);
    expect(await lawOf(officers.commune, asked)).toMatchObject({
      on: today(),
      term: { outcome: 'unconfirmed' },
    });
    const loan = await appraised(officers);
    const open = await lawOf(officers.commune, loan);
    expect(open.ceiling).toMatchObject({ outcome: 'unconfirmed', amount: '0', computed: '200000000' });
    expect(open.ceiling.unconfirmed).toContain('EL26-MAX');
    expect(open.ceiling.text.vi).toContain('200.000.000');
    await confirmLaw(officers.province, ...open.ceiling.unconfirmed);
    expect(await lawOf(officers.commune, loan)).toEqual(open);
    const later = await lawOf(officers.commune, await appraised(officers));
    expect(later.ceiling).toMatchObject({ outcome: 'granted', amount: '200000000', unconfirmed: [] });
    const elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
    await elsewhere.get(`/v1/loans/${loan.id}/law`).expect(404);
  });
});

describe('the facts by which the law decides', () => {
  const poorThere = ['isPoor', 'isInDifficultArea'].map((fact) => ({ fact, value: 'true', document: 'GXN' }));
  const abroad = (facts: object[] = []) => ({
    productCode: 'OL-WORKER',
    facts: [...abroadFacts(), ...facts],
  });
  const establishment = (facts: object[]) => ({
    productCode: 'EL-ESTABLISHMENT',
    borrower: { kind: 'cooperative', name: 'HTX', employerId: randomUUID() },
    facts,
  });
  const confirmed = async (over: object) =>
    moved(officers.commune, await apply(officers.commune, over), 'confirmation', {
      ...decision(),
      outcome: 'confirmed',
    });
  const appraise = async (over: object, ratePpm?: number) =>
    move(officers.bank, await confirmed(over), 'appraisal', {
      ...decision(),
      outcome: 'eligible',
      ...(ratePpm !== undefined && { ratePpm }),
    });

  test('are the rate of an appraisal, which says none itself, and no other one', async () => {
    expect((await appraise(abroad())).body).toMatchObject({ ratePpm: 83_820 });
    expect((await appraise(abroad(poorThere))).body).toMatchObject({ ratePpm: 66_000 });
    const other = await appraise(abroad(), 66_000);
    expect(other.body).toMatchObject({ status: 422, code: 'LOAN_RATE', ratePpm: 83_820 });
    expect((other.body as { detail: string }).detail).toContain('8.382 %');
    // Of loans within the country the law of today names none that was read: the appraisal does.
    expect((await appraise({})).body).toMatchObject({ code: 'LOAN_RATE' });
    expect((await appraise({}, 79_201)).body).toMatchObject({ ratePpm: 79_201 });
  });

  test('are explained with the rate', async () => {
    const loan = (await appraise(abroad(poorThere))).body as LoanView;
    expect(loan.facts).toHaveLength(4);
    const { body } = await officers.bank.get(`/v1/loans/${loan.id}/law`).expect(200);
    const { rate } = body as LoanLaw;
    expect(rate).toMatchObject({ computed: '66000' });
    expect(rate.text.en).toContain('6.6 %');
  });

  test('bind the contract, whatever was granted', async () => {
    const loan = await moved(officers.province, (await appraise(abroad())).body as LoanView, 'approval', {
      ...decision(),
      outcome: 'approved',
      capitalPlanId: planId,
    });
    const terms = { ...decision('HĐ 1'), ...account(), disbursedOn: today() };
    await plant(loan, 'rate_ppm = 66000');
    const { body } = await move(officers.bank, loan, 'contract', terms);
    expect(body).toMatchObject({ status: 422, code: 'LOAN_RATE', ratePpm: 83_820 });
    await plant(loan, 'rate_ppm = 83820');
    expect((await move(officers.bank, loan, 'contract', terms)).status).toBe(200);
  });

  test('are asked anew of an application that told of a priority alone', async () => {
    const loan = await confirmed({});
    await plant(loan, 'is_priority = true');
    const { body } = await move(officers.bank, loan, 'appraisal', {
      ...decision(),
      outcome: 'eligible',
      ratePpm: 39_600,
    });
    expect(body).toMatchObject({ status: 409, code: 'LOAN_FACTS_MISSING' });
  });

  test.each([
    ['none of an establishment', establishment([]), ['/facts', '/facts'], 'FACT_MISSING'],
    [
      'more of a group than work there',
      establishment(staffFacts('3', '4')),
      ['/facts/1/value'],
      'FACT_VALUE',
    ],
    ['nobody who works there', establishment(staffFacts('0', '0')), ['/facts/0/value'], 'FACT_VALUE'],
    [
      'a truth for a number',
      { productCode: 'OL-WORKER', facts: abroadFacts('true') },
      ['/facts/0/value'],
      'FACT_VALUE',
    ],
    [
      'a number for a truth',
      { facts: [{ fact: 'isDisabled', value: '1', document: 'x' }] },
      ['/facts/0/value'],
      'FACT_VALUE',
    ],
    [
      'what a worker is not asked for',
      { facts: staffFacts().slice(0, 1) },
      ['/facts/0/fact'],
      'FACT_NOT_ASKED',
    ],
    ['no contract of work abroad', { productCode: 'OL-WORKER' }, ['/facts', '/facts'], 'FACT_MISSING'],
  ])('are refused with where they stand: %s', async (_, over, pointers, code) => {
    const send = () => officers.commune.post('/v1/loans', application(over));
    const { body } = await send().set('accept-language', 'vi').expect(400);
    const { errors } = body as { errors: { pointer: string; code: string; detail: string }[] };
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(new Set(errors.map((error) => error.code))).toEqual(new Set([code]));
    const english = (await send().set('accept-language', 'en').expect(400)).body as { errors: object[] };
    expect(english.errors).not.toEqual(errors);
  });

  test('may be none for nobody of a group at an establishment', async () => {
    await apply(officers.commune, establishment(staffFacts('3', '3')));
    await apply(officers.commune, establishment(staffFacts('3', '0')));
  });

  test('name no product of others: a cooperative borrows as an establishment, and a worker does not', async () => {
    const refused = async (over: object) =>
      (await officers.commune.post('/v1/loans', application(over)).expect(422)).body as object;
    expect(await refused({ ...establishment([]), productCode: 'EL-WORKER' })).toMatchObject({
      code: 'LOAN_BORROWER',
    });
    expect(await refused({ productCode: 'EL-ESTABLISHMENT', facts: staffFacts() })).toMatchObject({
      code: 'LOAN_BORROWER',
    });
  });
});

/** Past the triggers, as only an older version of this service could have left it. */
const plant = ({ id }: LoanView, set: string) =>
  harness.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(`UPDATE loan SET ${set} WHERE id = $1`, [id]);
  });

describe('an approval', () => {
  const approval = (capitalPlanId: string) => ({ ...decision(), outcome: 'approved', capitalPlanId });

  test('is not of whoever appraised', async () => {
    const loan = await appraised(officers);
    const { body } = await move(officers.bank, loan, 'approval', approval(planId));
    expect(body).toMatchObject({ status: 409, code: 'LOAN_SAME_OFFICER' });
  });

  test('is of the body that the capital belongs to', async () => {
    const loan = await appraised(officers);
    const { id } = await planned(officers.province, '1000000000', { placeCode: '256', source: 'district' });
    const { body } = await move(officers.province, loan, 'approval', approval(id));
    expect(body).toMatchObject({ status: 409, code: 'LOAN_OTHER_BODY' });
    const chair = await harness.as({ sub: 'chair-256', office: '256' });
    expect((await moved(chair, loan, 'approval', approval(id))).state).toBe('approved');
  });

  test('of two that want the last of the capital at once, one gets it', async () => {
    const { id } = await planned(officers.province, '150000000', { source: 'province' });
    const loans = await Promise.all([appraised(officers), appraised(officers), appraised(officers)]);
    const answers = await Promise.all(
      loans.map((loan) => move(officers.province, loan, 'approval', approval(id))),
    );
    const codes = answers.map(({ status, body }) =>
      status === 200 ? 'approved' : (body as { code: string }).code,
    );
    expect(codes.sort()).toEqual(['CAPITAL_EXHAUSTED', 'CAPITAL_EXHAUSTED', 'approved']);
    expect(await planOf(officers.province, { id })).toMatchObject({
      available: '70000000',
      committed: '80000000',
    });
    const granted = loans[answers.findIndex(({ status }) => status === 200)]!;
    await moved(officers.commune, await read(officers.commune, granted), 'withdrawal', decision());
    expect(await planOf(officers.province, { id })).toMatchObject({ available: '150000000', committed: '0' });
  });

  test('is of a plan of the place and the year', async () => {
    const loan = await appraised(officers);
    const { id } = await planned(officers.province, '1000000000', { placeCode: '261' });
    const { body } = await move(officers.province, loan, 'approval', approval(id));
    expect(body).toMatchObject({ status: 422, code: 'CAPITAL_PLAN_ELSEWHERE' });
  });
});

describe('a loan that is out', () => {
  const day = (before: number) => addDays(today(), -before);

  test('that owes nothing and waits for a tranche is closed when that comes back unpaid', async () => {
    const before = await planOf(officers.bank, { id: planId });
    const loan = await ordered(officers, await approved(officers, planId), { amount: '50000000' });
    await bankSays(harness, loan);
    const active = await read(officers.bank, loan);
    await moved(officers.bank, active, 'disbursements', { ...decision(), amount: '30000000' });
    await sent(officers.bank);
    const paid = await moved(officers.bank, await read(officers.bank, loan), 'repayments', {
      ...decision('PT 1'),
      amount: '50000000',
    });
    expect(paid.state).toBe('active');
    await told(harness, loan, { status: 'returned', reason: 'AC04' });
    expect((await read(officers.bank, loan)).state).toBe('closed');
    const { committed, available } = await planOf(officers.bank, { id: planId });
    expect({ committed, available }).toEqual({ committed: before.committed, available: before.available });
  });

  test('is repaid in part and early, and closed by the rest', async () => {
    const loan = await ordered(officers, await approved(officers, planId), { signedOn: day(20) });
    await bankSays(harness, loan, { on: day(20) });
    const active = await read(officers.bank, loan);
    const part = await moved(officers.bank, active, 'repayments', {
      ...decision('PT 1', day(10)),
      amount: '30000000',
    });
    const { closing } = await bookOf(officers.commune, loan);
    const owed = 80_000_000n - 30_000_000n + 173_589n;
    expect(closing).toMatchObject({ credit: '0', daysPastDue: 0 });
    expect(BigInt(closing.principal)).toBe(owed);
    const closed = await moved(officers.bank, part, 'repayments', {
      ...decision('PT 2'),
      amount: closing.payoff,
    });
    expect(closed.state).toBe('closed');
    const { interestIncome, capital } = await balancesOf(harness, loan);
    expect(interestIncome).toBe(`-${capital}`);
  });

  test('a payment of a past day is reversed, and the ledger is what it was', async () => {
    const loan = await ordered(officers, await approved(officers, planId), { signedOn: day(25) });
    await bankSays(harness, loan, { on: day(25) });
    const first = await moved(officers.bank, await read(officers.bank, loan), 'repayments', {
      ...decision('PT 1'),
      amount: '5000000',
    });
    const before = await balancesOf(harness, loan);
    const late = await moved(officers.bank, first, 'repayments', {
      ...decision('PT 2', day(12)),
      amount: '20000000',
    });
    expect(await balancesOf(harness, loan)).not.toEqual(before);
    const reversed = await moved(officers.bank, late, 'reversals', { ...decision('BB 1'), event: 3 });
    expect(await balancesOf(harness, loan)).toEqual(before);
    expect(reversed.state).toBe('active');
    const again = await move(officers.bank, reversed, 'reversals', { ...decision('BB 2'), event: 3 });
    expect(again.body).toMatchObject({ status: 422, code: 'LOAN_EVENT' });
  });

  test('a payment that closed the loan and is taken back opens it again', async () => {
    const loan = await ordered(officers, await approved(officers, planId));
    await bankSays(harness, loan);
    const closed = await moved(officers.bank, await read(officers.bank, loan), 'repayments', {
      ...decision('PT 1'),
      amount: '80000000',
    });
    expect(closed.state).toBe('closed');
    const open = await moved(officers.bank, closed, 'reversals', { ...decision('BB 1'), event: 2 });
    expect(open.state).toBe('active');
    expect(await balancesOf(harness, loan)).toEqual({ capital: '-80000000', principal: '80000000' });
  });

  test('a worker of it counts once, whatever loans name him', async () => {
    const workers = [
      { personId: '01900000-0000-7000-8000-000000000001', name: 'Trần Văn A', kind: 'created' },
    ];
    const counted: string[][] = [];
    const borrower = {
      ...{ kind: 'worker', name: 'Trần Văn A' },
      personId: workers[0]!.personId,
    };
    for (let number = 0; number < 2; number += 1) {
      const loan = await ordered(officers, await approved(officers, planId, { borrower, workers }));
      await bankSays(harness, loan);
      const people = workers.map(({ personId }) => personId);
      await moved(officers.commune, await read(officers.commune, loan), 'use-checks', {
        ...decision(),
        workers: people,
      });
      counted.push((await historyOf(officers.commune, loan)).counted);
    }
    expect(counted).toEqual([[workers[0]!.personId], []]);
  });
});

describe('capital that comes back', () => {
  const plans = '/v1/capital-plans';
  const out = async (plan: { id: string }) => {
    const loan = await ordered(officers, await approved(officers, plan.id));
    await bankSays(harness, loan);
    return read(officers.bank, loan);
  };
  const repaid = (loan: LoanView, amount: string) =>
    moved(officers.bank, loan, 'repayments', { ...decision('PT 1'), amount });
  const ofYear = async (year: number, amount: string) =>
    planned(officers.province, amount, { placeCode: '09187', source: 'province', year });

  test('is available again in its plan, and sums as the books of its loans do', async () => {
    const plan = await planned(officers.province, '160000000', { placeCode: '256' });
    const loan = await out(plan);
    const other = await repaid(await out(plan), '1000000');
    const part = await repaid(loan, '30000000');
    expect(await planOf(officers.bank, plan)).toMatchObject({
      planned: '160000000',
      collected: '31000000',
      carried: '0',
      available: '31000000',
      lent: '160000000',
    });
    expect(await capitalInBooks(harness, plan)).toEqual({ lent: '160000000', collected: '31000000' });
    await moved(officers.bank, part, 'reversals', { ...decision('BB 1'), event: 2 });
    await repaid(other, '500000');
    const now = await planOf(officers.bank, plan);
    expect(now).toMatchObject({ collected: '1500000', available: '1500000' });
    expect(await capitalInBooks(harness, plan)).toEqual({ lent: now.lent, collected: now.collected });
  });

  test('and was lent again before its payment is taken back leaves the plan short, which approves nothing more', async () => {
    const plan = await planned(officers.province, '80000000', { placeCode: '09169' });
    const closed = await repaid(await out(plan), '80000000');
    expect(closed.state).toBe('closed');
    await approved(officers, plan.id);
    await moved(officers.bank, closed, 'reversals', { ...decision('BB 1'), event: 2 });
    expect(await planOf(officers.bank, plan)).toMatchObject({ collected: '0', available: '-80000000' });
    const refused = await move(officers.province, await appraised(officers, { amount: '1' }), 'approval', {
      ...decision(),
      outcome: 'approved',
      capitalPlanId: plan.id,
    });
    expect(refused.body).toMatchObject({ status: 409, code: 'CAPITAL_EXHAUSTED' });
    await officers.province
      .post(`${plans}/${plan.id}/decisions`, { amount: '-1', decision: 'cut' })
      .expect(409);
  });

  test('of a plan of an earlier year is available in that of this year: at once, or when it is carried over', async () => {
    const year = yearOfToday();
    const [before, last] = [await ofYear(year - 2, '50000000'), await ofYear(year - 1, '10000000')];
    const moveIn = (
      plan: { id: string },
      kind: 'commitment' | 'order' | 'payment' | 'collection',
      amount: bigint,
    ) =>
      inTransaction(harness.dataSource, 'system', (tx) =>
        moveCapitalOfMany(tx, [{ planId: plan.id, kind, reference: `${kind} ${amount}`, amount }]),
      );
    for (const kind of ['commitment', 'order', 'payment'] as const) await moveIn(before, kind, 40_000_000n);
    await moveIn(before, 'collection', 7_000_000n);
    const { id } = await ofYear(year, '1000');
    await moveIn(before, 'collection', 2_000_000n);
    const carried = async (decided: string, status = 200) =>
      (await officers.province.post(`${plans}/${id}/carry-overs`, { decision: decided }).expect(status))
        .body as CapitalPlanView;
    expect(await planOf(officers.bank, { id })).toMatchObject({ carried: '2000000', available: '2001000' });
    expect(await carried('21/QĐ')).toMatchObject({
      planned: '1000',
      collected: '0',
      carried: '9000000',
      available: '9001000',
    });
    // What was planned and never lent stays in its year.
    expect(await planOf(officers.bank, before)).toMatchObject({
      collected: '9000000',
      carried: '-9000000',
      available: '10000000',
    });
    expect(await planOf(officers.bank, last)).toMatchObject({ carried: '0', available: '10000000' });
    expect(await carried('22/QĐ')).toMatchObject({ carried: '9000000' });
    await officers.province.post(`${plans}/${last.id}/carry-overs`, { decision: '23/QĐ' }).expect(422);
    await moveIn(before, 'collection', 1n);
    await moveIn(before, 'collection', -3n);
    expect(await planOf(officers.bank, { id })).toMatchObject({ carried: '8999998', available: '9000998' });
    // More than was ever collected: what was given back turns out to have been owed.
    const other = await ofYear(year - 3, '1000');
    for (const amount of [5n, -7n]) await moveIn(other, 'collection', amount);
    expect(await planOf(officers.bank, other)).toMatchObject({ collected: '-2' });
  });
});

describe('the report on a fund', () => {
  const reportTo = async (client: PlayedClient, query = '') => {
    const url = `/v1/fund-reports?placeCode=09169&source=province&${query}`;
    return ((await client.get(url).expect(200)).body as FundReportPage).items[0];
  };
  const sumOf = (report: FundReport, ...parts: (keyof FundReport)[]) =>
    parts.reduce((sum, part) => sum + BigInt(report[part] as string), 0n);

  test('has what came and went by its day, and divides the interest once the law is confirmed', async () => {
    const on = addDays(today(), -20);
    const plan = await planned(officers.province, '80000000', { placeCode: '09169', source: 'province' });
    const loan = await ordered(officers, await approved(officers, plan.id), { signedOn: on });
    await bankSays(harness, loan, { on });
    const active = await read(officers.bank, loan);
    const part = await moved(officers.bank, active, 'repayments', { ...decision('PT 1'), amount: '1000000' });
    const wrong = await moved(officers.bank, part, 'repayments', { ...decision('PT 2'), amount: '5000000' });
    await moved(officers.bank, wrong, 'reversals', { ...decision('BB 1'), event: 3 });
    const open = (await reportTo(officers.bank))!;
    // 80 million at 7.92 % for 20 days, and the rest of the payment principal ahead of its day.
    expect(open).toMatchObject({
      principalCollected: (1_000_000n - 347_178n).toString(),
      principalCancelled: '0',
      closing: (80_000_000n - 1_000_000n + 347_178n).toString(),
      interestCollected: '347178',
      bank: '0',
      undivided: '347178',
    });
    expect(sumOf(open, 'opening', 'disbursed')).toBe(80_000_000n);
    expect(open.principalCollected).toBe((await planOf(officers.bank, plan)).collected);
    expect(open.unconfirmed).toContain('EL26-INT-MINISTRY');
    await confirmLaw(officers.province, 'EL26-INT-MINISTRY', 'EL26-INT-DEPARTMENT', 'EL26-INT-FUND');
    const divided = (await reportTo(officers.bank))!;
    expect(divided).toMatchObject({
      ministry: '1042',
      departmentAndDistricts: '52077',
      fund: '34718',
      undivided: '0',
      unconfirmed: [],
      rows: ['EL26-INT-MINISTRY', 'EL26-INT-DEPARTMENT', 'EL26-INT-FUND'],
    });
    expect(sumOf(divided, 'ministry', 'departmentAndDistricts', 'fund', 'bank')).toBe(347_178n);
    expect(await reportTo(officers.bank, `knownOn=${addDays(today(), -1)}`)).toMatchObject({ closing: '0' });
    expect(await reportTo(await harness.as({ sub: 'elsewhere', office: '261' }))).toBeUndefined();
    const { body } = await officers.bank.get('/v1/fund-reports?from=2021-12-31&through=2022-01-01');
    expect(body).toMatchObject({ status: 422, code: 'FUND_REPORT_PERIOD' });
  });
});

describe('a list of loans', () => {
  const list = (client: PlayedClient, kind: string, items: object[]) =>
    client.post(`/v1/loan-lists/${kind}`, { items });
  const seen = ({ id, version }: LoanView, body: object) => ({ id, version, ...decision(), ...body });
  const appliedFor = async () => {
    const items = [application(), application()];
    return (await list(officers.commune, 'applications', items).expect(201)).body.items as LoanView[];
  };
  const listed = async (client: PlayedClient, kind: string, loans: LoanView[], body: object) => {
    const { body: answer } = await list(
      client,
      kind,
      loans.map((loan) => seen(loan, body)),
    ).expect(200);
    return answer.items as LoanView[];
  };

  test('is moved by each office as its loans are one by one, with a row of the audit log for each', async () => {
    const confirmed = await listed(officers.commune, 'confirmations', await appliedFor(), {
      outcome: 'confirmed',
    });
    const examined = await listed(officers.bank, 'appraisals', confirmed, {
      outcome: 'eligible',
      ratePpm: 79_200,
    });
    const granted = await listed(officers.province, 'approvals', examined, {
      outcome: 'approved',
      capitalPlanId: planId,
    });
    const signed = await listed(officers.bank, 'contracts', granted, { ...account(), disbursedOn: today() });
    const sentOut = await listed(officers.bank, 'disbursements', signed, {});
    expect(sentOut.map(({ state, version }) => ({ state, version }))).toEqual(
      Array.from({ length: 2 }, () => ({ state: 'disbursing', version: 6 })),
    );
    for (const loan of sentOut) {
      const events = await harness.dataSource.query<{ verb: string; before: string; after: string }[]>(
        `SELECT verb, before_digest AS before, after_digest AS after FROM audit_event WHERE subject = $1 ORDER BY seq`,
        [`loan/${loan.code}`],
      );
      const verbs = ['apply', 'confirm', 'appraise', 'approve', 'sign', 'disburse'];
      expect(events.map(({ verb }) => verb)).toEqual(verbs.map((verb) => `loan.${verb}`));
      // Each begins with the record that the one before it has left.
      expect(events.slice(1).map(({ before }) => before)).toEqual(
        events.slice(0, -1).map(({ after }) => after),
      );
    }
    await bankSays(harness, sentOut[0]!);
    await told(harness, sentOut[1]!);
    const active = await Promise.all(sentOut.map((loan) => read(officers.commune, loan)));
    const [worker] = (await historyOf(officers.commune, active[0]!)).workers;
    const checked = active.map((loan, index) =>
      seen(loan, { workers: index === 0 ? [worker!.personId] : [] }),
    );
    await list(officers.commune, 'use-checks', checked).expect(200);
    expect((await historyOf(officers.commune, active[0]!)).counted).toEqual([worker!.personId]);
  });

  test('is taken as a whole: what is refused of a row is refused of all, and says which', async () => {
    const [first, second] = (await appliedFor()) as [LoanView, LoanView];
    const stale = [
      seen(first, { outcome: 'confirmed' }),
      { ...seen(second, { outcome: 'confirmed' }), version: 7 },
    ];
    const { body } = await list(officers.commune, 'confirmations', stale).expect(412);
    expect(body).toMatchObject({ code: 'PRECONDITION_FAILED', row: 2 });
    expect(await read(officers.commune, first)).toMatchObject({ state: 'applied', version: 1 });
    const twice = [first, first].map((loan) => seen(loan, { outcome: 'confirmed' }));
    await list(officers.commune, 'confirmations', twice).expect(400);
    const confirmed = await listed(officers.province, 'confirmations', [first, second], {
      outcome: 'confirmed',
    });
    const examined = await listed(officers.province, 'appraisals', confirmed, {
      outcome: 'eligible',
      ratePpm: 79_200,
    });
    const own = examined.map((loan) => seen(loan, { outcome: 'approved', capitalPlanId: planId }));
    const refused = await list(officers.province, 'approvals', own);
    expect(refused.body).toMatchObject({ status: 409, code: 'LOAN_SAME_OFFICER', row: 1 });
    const small = await planned(officers.bank, '100000000', { placeCode: '256', source: 'province' });
    const tooMuch = examined.map((loan) => seen(loan, { outcome: 'approved', capitalPlanId: small.id }));
    const exhausted = await list(officers.bank, 'approvals', tooMuch);
    expect(exhausted.body).toMatchObject({ status: 409, code: 'CAPITAL_EXHAUSTED', row: 2 });
    expect(await planOf(officers.bank, small)).toMatchObject({ available: '100000000', committed: '0' });
    expect(await read(officers.bank, first)).toMatchObject({ state: 'appraised', version: 3 });
  });

  /** What each of the loans is moved with. They differ, so that what is one's cannot stand at another. */
  const papers = (index: number) => {
    const paper = (kind: string) => decision(`${index}/${kind}`);
    return {
      confirmation: { ...paper('XN'), outcome: 'confirmed' },
      appraisal: {
        ...paper('TĐ'),
        outcome: 'eligible',
        ratePpm: 79_200 + index,
        termMonths: 24 + 12 * index,
      },
      approval: { ...paper('QĐ'), outcome: 'approved', capitalPlanId: planId },
      contract: { ...paper('HĐ'), ...account(`260020500000${index}`), disbursedOn: today() },
      disbursements: { ...paper('GN'), amount: `${index + 1}0000000` },
      'use-checks': paper('KT'),
    };
  };
  type Verb = keyof ReturnType<typeof papers>;
  const lists: Record<Verb, string> = {
    confirmation: 'confirmations',
    appraisal: 'appraisals',
    approval: 'approvals',
    contract: 'contracts',
    disbursements: 'disbursements',
    'use-checks': 'use-checks',
  };
  const officeOf = (verb: Verb) => {
    if (verb === 'confirmation' || verb === 'use-checks') return officers.commune;
    return verb === 'approval' ? officers.province : officers.bank;
  };

  /** From applications to use checks; `move` makes one move of all of them. */
  const moveOn = async (
    applications: ReturnType<typeof application>[],
    applied: LoanView[],
    make: (verb: Verb, rows: (LoanView & { body: object })[]) => Promise<LoanView[]>,
  ) => {
    let loans = applied;
    for (const verb of Object.keys(lists) as Verb[]) {
      const found = (index: number) =>
        verb === 'use-checks' && { workers: applications[index]!.workers.map(({ personId }) => personId) };
      const rows = loans.map((loan, index) => ({
        ...loan,
        body: { ...papers(index)[verb], ...found(index) },
      }));
      loans = await make(verb, rows);
      if (verb !== 'disbursements') continue;
      await sent(officers.bank);
      await toldTogether(
        harness,
        loans.map((loan) => ({ loan, over: {} })),
      );
      loans = await Promise.all(loans.map((loan) => read(officers.bank, loan)));
    }
    return loans;
  };

  /** Loans that went by lists, and how many statements each of these took. */
  const movedByLists = async (applications: ReturnType<typeof application>[]) => {
    const runner = harness.dataSource.createQueryRunner();
    const asked = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
    await runner.release();
    const statements: Record<string, number> = {};
    const send = async (client: PlayedClient, kind: string, items: object[], status = 200) => {
      asked.mockClear();
      const { body } = await list(client, kind, items).expect(status);
      statements[kind] = asked.mock.calls.length;
      return body.items as LoanView[];
    };
    const applied = await send(officers.commune, 'applications', applications, 201);
    const loans = await moveOn(applications, applied, (verb, rows) =>
      send(
        officeOf(verb),
        lists[verb],
        rows.map(({ body, id, version }) => ({ id, version, ...body })),
      ),
    );
    asked.mockRestore();
    return { loans, statements };
  };

  /** Whatever stands of loans, but for keys, instants, and who the people are. */
  const standsOf = (loans: LoanView[]) =>
    harness.dataSource.query<object[]>(
      `SELECT to_jsonb(loan) - '{id,code,person_id}'::text[] AS loan,
         (SELECT jsonb_agg(to_jsonb(move) - '{loan_id,at}'::text[] ORDER BY number) FROM loan_move move
          WHERE loan_id = loan.id) AS moves,
         (SELECT jsonb_agg(to_jsonb(worker) - '{loan_id,person_id}'::text[]) FROM loan_worker worker
          WHERE loan_id = loan.id) AS workers,
         (SELECT jsonb_agg(to_jsonb(job) - '{loan_id,person_id,stands_for_id}'::text[]) FROM loan_job job WHERE loan_id = loan.id) AS jobs,
         (SELECT jsonb_agg(to_jsonb(found) - '{loan_id,person_id,stands_for_id,answered_at}'::text[]) FROM job_finding found
          WHERE loan_id = loan.id) AS findings,
         (SELECT jsonb_agg(to_jsonb(contract) - '{loan_id,sealed_payee}'::text[]) FROM loan_contract contract
          WHERE loan_id = loan.id) AS contracts,
         (SELECT jsonb_agg(to_jsonb(sent) - '{id,loan_id,payout_id,payout_row}'::text[]) FROM disbursement sent
          WHERE loan_id = loan.id) AS disbursements,
         (SELECT to_jsonb(book) - 'loan_id' FROM loan_book book WHERE loan_id = loan.id) AS book,
         (SELECT jsonb_object_agg(kind, balance) FROM book_account WHERE loan_id = loan.id) AS accounts,
         (SELECT jsonb_agg(jsonb_build_array(kind, replace(reference, loan.code, ''),
            (SELECT jsonb_object_agg(kind, amount) FROM capital_posting WHERE transaction_id = entry.id)) ORDER BY id)
          FROM capital_transaction entry WHERE reference LIKE loan.code || '/%') AS capital,
         (SELECT jsonb_agg(jsonb_build_array(actor_id, office, verb, facts) ORDER BY seq) FROM audit_event
          WHERE subject = 'loan/' || loan.code) AS audit
       FROM loan WHERE id = ANY($1::uuid[]) ORDER BY code`,
      [loans.map(({ id }) => id)],
    );

  test('leaves what its loans leave one by one, by as many statements for three as for one', async () => {
    const applications = () =>
      Array.from({ length: 3 }, (_, index) => application({ amount: `${index + 5}0000000` }));
    const ofOne = await movedByLists(applications().slice(0, 1));
    const ofThree = await movedByLists(applications());
    expect(ofThree.statements).toEqual(ofOne.statements);
    const inputs = applications();
    const applied: LoanView[] = [];
    for (const input of inputs) applied.push(await apply(officers.commune, input));
    const oneByOne = await moveOn(inputs, applied, async (verb, rows) => {
      const loans: LoanView[] = [];
      for (const { body, ...loan } of rows) loans.push(await moved(officeOf(verb), loan, verb, body));
      return loans;
    });
    const stands = await standsOf(ofThree.loans);
    expect(stands).toEqual(await standsOf(oneByOne));
    expect(stands[2]).toMatchObject({
      loan: { state: 'active', granted_amount: 70_000_000, granted_term_months: 48 },
      jobs: [{ move: 8 }],
      findings: [{ move: 8, outcome: 'counted' }],
      accounts: { principal: 30_000_000 },
    });
  });

  test('is decided once, however often it is sent', async () => {
    const loans = await appliedFor();
    const items = loans.map((loan) => seen(loan, { outcome: 'confirmed' }));
    const send = () =>
      list(officers.commune, 'confirmations', items).set('idempotency-key', `list-${loans[0]!.id}`);
    const [one, other] = [await send().expect(200), await send().expect(200)];
    expect(other.body).toEqual(one.body);
    expect((await historyOf(officers.commune, loans[0]!)).moves.map(({ kind }) => kind)).toEqual([
      'apply',
      'confirm',
    ]);
  });
});
