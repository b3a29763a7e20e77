import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import supertest from 'supertest';
import type { BeneficiaryHistory } from '../src/beneficiary/beneficiary.dto.js';
import { everOwed } from '../src/payout/entitlement-state.sql.js';
import type { OverpaymentPage, OverpaymentView, RecoveryView } from '../src/recovery/recovery.dto.js';
import type { RunSummary, RunView } from '../src/run/run.dto.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, changesOf, decidedMonth, disabled, entered } from './month.js';
import { approved, confirmLaw } from './support.js';

let harness: Harness;
let commune: PlayedClient;
let neighbour: PlayedClient;
let maker: PlayedClient;
let checker: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  [commune, neighbour, maker, checker] = await Promise.all([
    harness.as({ sub: 'commune', office: '256', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'neighbour', office: '261', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'checker' }),
  ]);
});
afterAll(() => harness.stop());

const query = async <Row>(sql: string, ...values: unknown[]) =>
  (await harness.dataSource.query(sql, values)) as Row[];

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Puts what is unpaid of a run on a list. */
async function listed(run: RunView): Promise<{ id: string; amount: string }> {
  const input = { fundId: randomUUID(), channel: 'post-cash', purpose: 'Trợ cấp tháng' };
  const { body } = await maker.post(`/v1/support-runs/${run.id}/payouts`, input).expect(201);
  return body as { id: string; amount: string };
}

/** Every line of a list is paid, but for his. */
async function told(payoutId: string, returned?: { beneficiaryId: string }): Promise<void> {
  await query(
    `INSERT INTO payout_outcome (payout_id, row_no, status, findings)
     SELECT $1, line.row_no, CASE WHEN d.beneficiary_id = $2 THEN 'returned' ELSE 'paid' END, '{}'
     FROM run_payout way JOIN payout_line line ON line.run_payout_id = way.id JOIN decision d ON d.id = line.entitlement_id
     WHERE way.payout_id = $1`,
    payoutId,
    returned?.beneficiaryId ?? null,
  );
}

/** A list of what is unpaid of a run; every line of it is paid, but for his. @returns what the list comes to */
async function paid(run: RunView, returned?: { beneficiaryId: string }): Promise<string> {
  const { id, amount } = await listed(run);
  await told(id, returned);
  return amount;
}

/** Somebody who was granted 720,000 for a month, of which 540,000 was right; it was paid, and then found out. */
async function overpaid(month: string, next: string): Promise<BeneficiaryHistory> {
  const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: month });
  await paid(await approvedMonth(maker, checker, month));
  await state(one.id, month, { disability: 'severe' });
  await paid(await approvedMonth(maker, checker, next));
  return one;
}

const state = (id: string, appliesFrom: string, facts: object) =>
  commune.post(`/v1/beneficiaries/${id}/statements`, { appliesFrom, facts, basis: 'x' }).expect(201);

async function owing(client: PlayedClient, id: string): Promise<OverpaymentView | undefined> {
  const { body } = await client.get('/v1/overpayments?programme=monthly-allowance&limit=500').expect(200);
  return (body as OverpaymentPage).items.find(({ beneficiaryId }) => beneficiaryId === id);
}

const plan = (beneficiaryId: string, over: object = {}) => ({
  beneficiaryId,
  manner: 'instalments',
  amount: '150000',
  mostAMonth: '100000',
  paper: 'QĐ 45/QĐ-UBND',
  reason: 'Mức độ khuyết tật ghi sai',
  ...over,
});
const receipt = { manner: 'cash', mostAMonth: undefined, receipt: 'PT 0012', receivedOn: '2023-03-02' };

async function proposed(input: object, client = commune): Promise<RecoveryView> {
  return (await client.post('/v1/recoveries', input).expect(201)).body as RecoveryView;
}

async function recovered(input: object): Promise<RecoveryView> {
  const { id } = await proposed(input);
  return (await checker.post(`/v1/recoveries/${id}/approval`).expect(201)).body as RecoveryView;
}

const seen = async (id: string) =>
  (await commune.get(`/v1/recoveries/${id}`).expect(200)).body as RecoveryView;

const linesOf = async (run: RunView, id: string) =>
  (await changesOf(maker, run))
    .filter(({ beneficiaryId }) => beneficiaryId === id)
    .map(({ month, change, amountBefore, amount }) => [month, change, amountBefore, amount]);

describe('what was paid too much', () => {
  let one: BeneficiaryHistory;
  let recovery: RecoveryView;

  test('is owed once it reached the person, is seen by his office, and comes as a workbook', async () => {
    one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2023-01' });
    const january = await listed(await approvedMonth(maker, checker, '2023-01'));
    await state(one.id, '2023-01', { disability: 'severe' });
    const february = await approvedMonth(maker, checker, '2023-02');
    expect(await linesOf(february, one.id)).toEqual([
      ['2023-01', 'overpaid', '720000', '540000'],
      ['2023-02', 'changed', '720000', '540000'],
    ]);
    expect(await owing(commune, one.id)).toBeUndefined();
    await told(january.id);
    expect(await owing(commune, one.id)).toEqual({
      beneficiaryId: one.id,
      name: 'Trần Văn Bình',
      placeCode: '09163',
      grantedUntil: '2023-02',
      months: [
        { month: '2023-01', paid: '720000', granted: '540000', returned: '0', waived: '0', owed: '180000' },
      ],
      owed: '180000',
      planned: '0',
    });
    await paid(february);
    expect(await owing(neighbour, one.id)).toBeUndefined();
    const workbook = await commune
      .get('/v1/overpayments?programme=monthly-allowance')
      .set('accept', workbookType)
      .expect(200);
    expect(workbook.headers['content-disposition']).toContain('overpayments.xlsx');
  });

  test('is proposed by one and approved by another, never more than is owed, and by one plan', async () => {
    const propose = (over: object, client = commune) => client.post('/v1/recoveries', plan(one.id, over));
    await propose({ amount: '180001' }).expect(422, /RECOVERY_TOO_MUCH/);
    await propose({ mostAMonth: undefined }).expect(422, /RECOVERY_TERMS/);
    await propose({ receipt: 'PT 1' }).expect(422, /RECOVERY_TERMS/);
    await propose({ ...receipt, receivedOn: '2199-01-01' }).expect(422, /RECOVERY_DAY/);
    await propose({ amount: '0' }).expect(400);
    await propose({}, neighbour).expect(422, /RECOVERY_BENEFICIARY/);
    const key = randomUUID();
    const again = async () =>
      (await commune.post('/v1/recoveries', plan(one.id), key).expect(201)).body as RecoveryView;
    recovery = await again();
    expect(await again()).toEqual(recovery);
    expect(recovery).toMatchObject({
      state: 'proposed',
      taken: '0',
      entries: [],
      moves: [{ kind: 'proposed' }],
    });
    await propose({ amount: '1' }).expect(409, /RECOVERY_ONE_PLAN/);
    await propose({ ...receipt, amount: '30001' }).expect(422, /RECOVERY_TOO_MUCH/);
    await neighbour.get(`/v1/recoveries/${recovery.id}`).expect(404);
    await neighbour.post(`/v1/recoveries/${recovery.id}/withdrawal`, { reason: 'x' }).expect(404);
    const proposer = await harness.as({ sub: 'commune', office: '256' });
    await proposer.post(`/v1/recoveries/${recovery.id}/approval`).expect(403, /RECOVERY_OWN/);
    const { body } = await checker.post(`/v1/recoveries/${recovery.id}/approval`).expect(201);
    expect(body).toMatchObject({ state: 'approved', taken: '0' });
    await checker.post(`/v1/recoveries/${recovery.id}/approval`).expect(409, /RECOVERY_STATE/);
    expect(await owing(commune, one.id)).toMatchObject({ owed: '180000', planned: '150000' });
  });

  test('is deducted from months to come, beside what they are compared by, and the list pays the rest', async () => {
    const rejected = await decidedMonth(maker, '2023-03');
    expect(await linesOf(rejected, one.id)).toEqual([['2023-03', 'recovered', '540000', '440000']]);
    expect(await seen(recovery.id)).toMatchObject({
      taken: '100000',
      entries: [{ month: '2023-01', kind: 'deducted', from: '2023-03', isPending: true }],
    });
    await checker.post(`/v1/support-runs/${rejected.id}/rejection`, { reason: 'Sai tháng' }).expect(201);
    expect(await seen(recovery.id)).toMatchObject({ taken: '0', entries: [] });
    const march = await decidedMonth(maker, '2023-03');
    expect(march.digest).toBe(rejected.digest);
    const [line] = await changesOf(maker, march);
    expect(line).toMatchObject({
      change: 'recovered',
      difference: '-100000',
      reasons: [{ vi: 'QĐ 45/QĐ-UBND: trừ 100.000 đồng đã chi thừa của tháng 2023-01' }],
    });
    const { body } = await maker.get(`/v1/support-runs/${march.id}/summary`).expect(200);
    expect((body as RunSummary).changes).toEqual([
      { change: 'recovered', decisions: 1, amountBefore: '540000', amount: '440000' },
    ]);
    await approved(maker, checker, march);
    expect(await paid(march)).toBe('440000');
    expect(await owing(commune, one.id)).toMatchObject({ owed: '80000', planned: '50000' });
    // The rest of the plan, which is less than a month may give; it is settled by who approves the month.
    const april = await approvedMonth(maker, checker, '2023-04');
    expect(await linesOf(april, one.id)).toEqual([['2023-04', 'recovered', '540000', '490000']]);
    expect(await paid(april)).toBe('490000');
    const settled = await seen(recovery.id);
    expect(settled).toMatchObject({ state: 'settled', taken: '150000' });
    expect(settled.moves.map(({ kind }) => kind)).toEqual(['proposed', 'approved', 'settled']);
    expect(await changesOf(maker, await approvedMonth(maker, checker, '2023-05'))).toEqual([]);
  });

  test('is paid back by a receipt, once, and then nothing is owed', async () => {
    const cash = await recovered(plan(one.id, { ...receipt, amount: '20000' }));
    expect(cash).toMatchObject({
      state: 'settled',
      taken: '20000',
      entries: [{ kind: 'repaid', from: null }],
    });
    const twice = plan(one.id, { ...receipt, amount: '1' });
    await commune.post('/v1/recoveries', twice).expect(409, /RECOVERY_RECEIPT/);
    await recovered(plan(one.id, { ...receipt, receipt: 'PT 0013', amount: '10000' }));
    expect(await owing(commune, one.id)).toBeUndefined();
    const verbs = await query<{ verb: string }>(
      'SELECT verb FROM audit_event WHERE subject = $1 ORDER BY seq',
      `recovery/${cash.id}`,
    );
    expect(verbs.map(({ verb }) => verb)).toEqual(['recovery.proposed', 'recovery.approved']);
    const { body } = await commune.get(`/v1/recoveries?beneficiaryId=${one.id}&limit=2`).expect(200);
    const { items, next } = body as { items: RecoveryView[]; next: string };
    expect(items).toHaveLength(2);
    const rest = await commune
      .get(`/v1/recoveries?beneficiaryId=${one.id}&limit=2&after=${next}`)
      .expect(200);
    expect(rest.body).toMatchObject({ items: [{ manner: 'cash', amount: '10000' }], next: null });
    expect((await neighbour.get('/v1/recoveries').expect(200)).body).toMatchObject({ items: [] });
  });

  test('is shown on the entitlement: what is granted, kept back, paid, and why', async () => {
    const [march] = await query<{ id: string }>(
      `SELECT id FROM entitlement WHERE period = '2023-03' AND NOT is_released`,
    );
    const { body } = await supertest(harness.app.getHttpServer())
      .post('/graphql')
      .set('authorization', `Bearer ${maker.token}`)
      .send({
        query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Entitlement {
          amount deducted net state deductions { recoveryId month amount paper } } } }`,
        variables: { of: [{ __typename: 'Entitlement', id: march!.id }] },
      });
    expect((body as { data: { _entities: object[] } }).data._entities).toEqual([
      {
        amount: '540000',
        deducted: '100000',
        net: '440000',
        state: 'PAID',
        deductions: [{ recoveryId: recovery.id, month: '2023-01', amount: '100000', paper: 'QĐ 45/QĐ-UBND' }],
      },
    ]);
    const report = await maker.get('/v1/half-year-reports?year=2023&half=1').expect(200);
    expect(
      (report.body as { items: { owed: string; deducted: string; paid: string }[] }).items,
    ).toMatchObject([
      { categories: ['SP-5.6-S-ADULT'], owed: '2160000', deducted: '150000', paid: '1470000' },
      { categories: ['SP-5.6-XS-ADULT'], owed: '720000', deducted: '0', paid: '720000' },
    ]);
  });
});

describe('a plan', () => {
  test('takes a whole month and no more: nothing of it is put on a list', async () => {
    const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2023-07' });
    for (const month of ['2023-07', '2023-08', '2023-09', '2023-10'])
      await paid(await approvedMonth(maker, checker, month));
    await state(one.id, '2023-07', { disability: 'severe' });
    await paid(await approvedMonth(maker, checker, '2023-11'));
    expect(await owing(commune, one.id)).toMatchObject({ owed: '720000' });
    const { id } = await recovered(plan(one.id, { amount: '720000', mostAMonth: '999999999' }));
    const june = await approvedMonth(maker, checker, '2023-12');
    expect(await linesOf(june, one.id)).toEqual([['2023-12', 'recovered', '540000', '0']]);
    // Of the oldest months first.
    expect((await seen(id)).entries.map(({ month, amount }) => [month, amount])).toEqual([
      ['2023-07', '180000'],
      ['2023-08', '180000'],
      ['2023-09', '180000'],
    ]);
    const states = await query(
      `SELECT run.state, e.amount - e.deducted AS net FROM entitlement e JOIN support_run run ON run.id = e.run_id
       JOIN beneficiary b USING (person_key) WHERE b.id = $1 AND e.period = '2023-12'`,
      one.id,
    );
    expect(states).toEqual([{ state: 'approved', net: '0' }]);
    const others = await query<{ owed: string }>(
      `SELECT sum(e.amount - e.deducted)::text AS owed FROM entitlement e
       WHERE e.run_id = $1 AND e.amount > e.deducted`,
      june.id,
    );
    expect(await paid(june)).toBe(others[0]!.owed);
    const july = await approvedMonth(maker, checker, '2024-01');
    expect(await linesOf(july, one.id)).toEqual([['2024-01', 'recovered', '540000', '360000']]);
    expect(await seen(id)).toMatchObject({ state: 'settled', taken: '720000' });
    await paid(july);
    expect(await owing(commune, one.id)).toBeUndefined();
  });

  test('is settled by the last of its months that is approved, whichever that is', async () => {
    const one = await overpaid('2022-10', '2022-11');
    const { id } = await recovered(plan(one.id));
    const december = await decidedMonth(maker, '2022-12');
    const january = await decidedMonth(maker, '2023-01', { backTo: '2023-01' });
    await approved(maker, checker, january);
    expect(await seen(id)).toMatchObject({ state: 'approved', taken: '150000' });
    await approved(maker, checker, december);
    expect(await seen(id)).toMatchObject({ state: 'settled', taken: '150000' });
    const settled = await query(
      `SELECT facts->'settled' AS ids FROM audit_event WHERE subject = $1 AND verb = 'support.run.approve'`,
      `support-run/${december.id}`,
    );
    expect(settled).toEqual([{ ids: [id] }]);
  });

  test('takes nothing any more of what was right after all, and what it took is owed to the person', async () => {
    const one = await overpaid('2024-02', '2024-03');
    const { id } = await recovered(plan(one.id));
    await paid(await approvedMonth(maker, checker, '2024-04'));
    expect(await seen(id)).toMatchObject({ taken: '100000' });
    await state(one.id, '2024-02', { disability: 'extremelySevere' });
    const april = await decidedMonth(maker, '2024-05');
    expect(await linesOf(april, one.id)).toContainEqual([
      '2024-02',
      'arrears',
      expect.anything(),
      expect.anything(),
    ]);
    // Nobody has approved that, and nothing is taken of it meanwhile.
    expect(await owing(commune, one.id)).toBeUndefined();
    await commune
      .post('/v1/recoveries', plan(one.id, { ...receipt, amount: '1', receivedOn: '2024-04-03' }))
      .expect(422, /RECOVERY_TOO_MUCH/);
    await approved(maker, checker, april);
    const [back] = await query<{ amount: string; deducted: string }>(
      `SELECT e.amount::text AS amount, e.deducted::text AS deducted FROM entitlement e JOIN beneficiary b USING (person_key)
       WHERE b.id = $1 AND e.run_id = $2 AND e.period = '2024-02'`,
      one.id,
      april.id,
    );
    expect(back).toEqual({ amount: '100000', deducted: '0' });
    expect(await seen(id)).toMatchObject({ state: 'approved', taken: '100000' });
    const { body } = await checker.post(`/v1/recoveries/${id}/end`, { reason: 'Mức cũ đúng' }).expect(201);
    expect(body).toMatchObject({ state: 'ended', taken: '100000' });
  });

  test('of somebody who died leaves a rest that stays in sight, until it is waived by a decision', async () => {
    const one = await overpaid('2022-01', '2022-02');
    const { id } = await recovered(plan(one.id));
    await state(one.id, '2022-03', { diedOn: '2022-02-20' });
    const september = await approvedMonth(maker, checker, '2022-03');
    expect(await linesOf(september, one.id)).toContainEqual(['2022-03', 'stopped', expect.anything(), '0']);
    expect(await seen(id)).toMatchObject({ state: 'approved', taken: '0' });
    const owed = (await owing(commune, one.id))!;
    expect(owed).toMatchObject({ grantedUntil: '2022-02', planned: '150000' });
    await checker.post(`/v1/recoveries/${id}/end`, { reason: 'Đã chết' }).expect(201);
    const waiver = plan(one.id, { manner: 'waiver', mostAMonth: undefined, amount: owed.owed });
    const { id: withdrawn } = await proposed(waiver);
    await commune.post(`/v1/recoveries/${withdrawn}/withdrawal`, { reason: 'x' }).expect(201);
    const { id: refused } = await proposed(waiver);
    await checker.post(`/v1/recoveries/${refused}/rejection`, { reason: 'x' }).expect(201);
    expect(await owing(commune, one.id)).toMatchObject({ owed: owed.owed, planned: '0' });
    expect(await recovered(waiver)).toMatchObject({ state: 'settled', entries: [{ kind: 'waived' }] });
    expect(await owing(commune, one.id)).toBeUndefined();
  });
});

describe('what happens meanwhile', () => {
  test('what was kept back of a month that was not due is owed, though its rest never reached the person', async () => {
    const one = await overpaid('2021-08', '2021-09');
    await recovered(plan(one.id, { amount: '180000' }));
    await paid(await approvedMonth(maker, checker, '2021-10'), { beneficiaryId: one.id });
    await state(one.id, '2021-09', { diedOn: '2021-09-20' });
    await entered(commune, disabled('severe', '1980-01-01'), { appliesFrom: '2021-11' });
    const november = await approvedMonth(maker, checker, '2021-11');
    expect(await owing(commune, one.id)).toMatchObject({ owed: '180000' });
    // Nor does it reach him now.
    await paid(november);
    expect(await owing(commune, one.id)).toMatchObject({ owed: '180000' });
  });

  test('a plan takes nothing of what was found out after it was decided', async () => {
    const one = await overpaid('2022-04', '2022-05');
    await recovered(plan(one.id));
    await state(one.id, '2022-04', { disability: 'extremelySevere' });
    await paid(await approvedMonth(maker, checker, '2022-06'));
    await paid(await approvedMonth(maker, checker, '2022-07'));
    await state(one.id, '2022-07', { disability: 'severe' });
    await paid(await approvedMonth(maker, checker, '2022-08'));
    const october = await approvedMonth(maker, checker, '2022-09');
    expect((await linesOf(october, one.id)).filter(([, change]) => change === 'recovered')).toEqual([]);
    expect(await owing(commune, one.id)).toMatchObject({ months: [{ month: '2022-07' }] });
  });

  test('what turned out right before the approval is not taken', async () => {
    const one = await overpaid('2023-05', '2023-06');
    const { id } = await proposed(plan(one.id));
    await state(one.id, '2023-05', { disability: 'extremelySevere' });
    await approvedMonth(maker, checker, '2023-07');
    await checker.post(`/v1/recoveries/${id}/approval`).expect(422, /RECOVERY_TOO_MUCH/);
    expect(await seen(id)).toMatchObject({ state: 'proposed', entries: [] });
  });

  test('what was paid back of months that turned out right is not booked on what was found out since', async () => {
    const one = await overpaid('2023-05', '2023-06');
    const { id } = await proposed(plan(one.id, { ...receipt, receivedOn: '2023-07-03' }));
    await state(one.id, '2023-05', { disability: 'extremelySevere' });
    await paid(await approvedMonth(maker, checker, '2023-07'));
    await state(one.id, '2023-07', { disability: 'severe' });
    await approvedMonth(maker, checker, '2023-08');
    expect(await owing(commune, one.id)).toMatchObject({ owed: '180000', planned: '150000' });
    await checker.post(`/v1/recoveries/${id}/approval`).expect(422, /RECOVERY_TOO_MUCH/);
    expect(await seen(id)).toMatchObject({ state: 'proposed', entries: [] });
  });

  test('a month that is decided a second time gives one instalment', async () => {
    const one = await overpaid('2023-05', '2023-06');
    const { id } = await recovered(plan(one.id));
    await approvedMonth(maker, checker, '2023-07');
    await state(one.id, '2023-07', { disability: 'extremelySevere' });
    const again = await approvedMonth(maker, checker, '2023-07');
    expect(await linesOf(again, one.id)).toEqual([['2023-07', 'arrears', '540000', '720000']]);
    expect(await seen(id)).toMatchObject({ state: 'approved', taken: '100000' });
  });

  test('a run that a later one has built upon is not rejected before that one', async () => {
    await confirmLaw(maker, 'SP-STD-500');
    const one = await overpaid('2024-08', '2024-09');
    await recovered(plan(one.id));
    const march = await decidedMonth(maker, '2024-10');
    await state(one.id, '2024-08', { disability: 'extremelySevere' });
    const april = await decidedMonth(maker, '2024-11');
    const reject = (run: RunView) => checker.post(`/v1/support-runs/${run.id}/rejection`, { reason: 'x' });
    await reject(march).expect(409, /SUPPORT_RUN_BUILT_UPON/);
    await reject(april).expect(201);
    await reject(march).expect(201);
    await approvedMonth(maker, checker, '2024-10');
    await approvedMonth(maker, checker, '2024-11', { backTo: '2024-08' });
    const months = await query<{ amount: string }>(
      `SELECT e.period, sum(e.amount - e.deducted)::text AS amount FROM entitlement e JOIN beneficiary b USING (person_key)
       WHERE b.id = $1 AND NOT e.is_released GROUP BY 1 ORDER BY 1`,
      one.id,
    );
    expect(months.map(({ amount }) => amount)).toEqual(Array(4).fill('1000000'));
  });
});

describe('past the service', () => {
  const first = `(SELECT id FROM recovery WHERE state = 'settled' AND manner = 'instalments' ORDER BY id LIMIT 1)`;
  const like = (over: string) =>
    `INSERT INTO recovery_entry SELECT uuidv7(), r.id, r.beneficiary_id, '2030-01-01', ${over} FROM recovery r WHERE`;

  test.each([
    ['another amount', 'UPDATE recovery SET amount = amount + 1', 'stays what it is'],
    [
      'money in cash without a receipt',
      `INSERT INTO recovery (id, beneficiary_id, manner, amount, paper, reason, state)
       SELECT uuidv7(), beneficiary_id, 'cash', 1, 'x', 'x', 'proposed' FROM recovery LIMIT 1`,
      'recovery_terms',
    ],
    ['another state without a move', `UPDATE recovery SET state = 'approved'`, 'changes its state by a move'],
    ['a recovery less', 'DELETE FROM recovery', 'append-only'],
    ['an entry changed', 'UPDATE recovery_entry SET amount = 1', 'append-only'],
    [
      'an approval by who proposed it',
      `INSERT INTO recovery_move (record_id, number, kind, from_state, to_state, actor_id, actor_name)
       SELECT r.id, r.moves + 1, 'approved', 'proposed', 'approved', 'commune', 'x' FROM recovery r WHERE state = 'proposed'`,
      'may not approve it',
    ],
    ['an entry of a proposal', `${like(`'repaid', 1, NULL`)} r.state = 'proposed'`, 'takes nothing'],
    [
      'more than was approved',
      `${like(`'repaid', r.amount, NULL`)} r.state = 'settled' AND r.manner = 'cash'`,
      'takes more than was approved',
    ],
    [
      'a deduction that no entry explains',
      `UPDATE entitlement SET deducted = 1 WHERE deducted = 0`,
      'is not what its entries say',
    ],
    ['more than a month gives', 'UPDATE entitlement SET deducted = amount + 1', 'entitlement_deducted'],
    [
      'a deduction from a month that is approved',
      `UPDATE entitlement SET deducted = deducted`,
      'comes too late',
    ],
    [
      'an instalment of what is settled',
      `${like(`'deducted', 1, (SELECT id FROM entitlement LIMIT 1)`)} r.id = ${first}`,
      'takes nothing',
    ],
  ])('%s is refused', async (_, sql, refusal) => {
    const open = await query<{ n: number }>(
      `SELECT count(*)::int AS n FROM recovery WHERE state = 'proposed'`,
    );
    if (open[0]!.n === 0) await proposed(plan((await overpaid('2022-07', '2022-08')).id));
    await expect(query(sql)).rejects.toThrow(refusal);
  });
});

describe('what came back, and of which less is granted by now,', () => {
  /** Of a month that came back: what the list of the next month has of it. */
  const relisted = async (run: RunView, id: string, returned?: { beneficiaryId: string }) => {
    const list = await listed(run);
    const lines = await query<{ amount: string }>(
      `SELECT (e.amount - e.deducted)::text AS amount FROM run_payout way JOIN payout_line line ON line.run_payout_id = way.id
       JOIN entitlement e ON e.id = line.entitlement_id JOIN decision d ON d.id = e.id
       WHERE way.payout_id = $1 AND d.beneficiary_id = $2 AND e.period = '2024-01'`,
      list.id,
      id,
    );
    await told(list.id, returned);
    return lines.map(({ amount }) => amount);
  };

  test.each([
    ['less', { disability: 'severe' }, ['540000']],
    ['nothing', { diedOn: '2023-12-31' }, []],
    ['just as much', { diedOn: '2024-01-01' }, ['720000']],
  ])('is paid by what is: %s', async (_, facts, lines) => {
    const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2024-01' });
    const decided = await decidedMonth(maker, '2024-01', { backTo: '2024-01' });
    const january = await approved(maker, checker, decided);
    const returned = { beneficiaryId: one.id };
    await paid(january, returned);
    await state(one.id, '2024-01', facts);
    await entered(commune, disabled('severe', '1980-01-01'), { appliesFrom: '2024-02' });
    // Nobody has approved it: what was approved is owed.
    const waiting = await decidedMonth(maker, '2024-02', { backTo: '2024-01' });
    expect(await relisted(january, one.id, returned)).toEqual(['720000']);
    await checker.post(`/v1/support-runs/${waiting.id}/rejection`, { reason: 'Chỉ để xem' }).expect(201);
    const february = await decidedMonth(maker, '2024-02', { backTo: '2024-01' });
    expect(await relisted(await approved(maker, checker, february), one.id)).toEqual(lines);
    expect(await owing(commune, one.id)).toBeUndefined();
    const kept = await query<{ amount: string }>(
      `SELECT amount::text FROM entitlement e JOIN beneficiary b USING (person_key)
       WHERE b.id = $1 AND e.period = '2024-01' AND NOT is_released`,
      one.id,
    );
    expect(kept.map(({ amount }) => amount)).toEqual(lines);
  });

  /** As a bank that books his payment of this amount after all, whatever it said before. */
  const paidAfterAll = (id: string, amount: string) =>
    query(
      `INSERT INTO payout_outcome (payout_id, row_no, status, findings)
       SELECT way.payout_id, line.row_no, 'paid', '{}' FROM payout_line line JOIN run_payout way ON way.id = line.run_payout_id
       JOIN entitlement e ON e.id = line.entitlement_id JOIN decision d ON d.id = e.id
       WHERE d.beneficiary_id = $1 AND e.period = '2024-01' AND e.amount = $2 ORDER BY way.id DESC LIMIT 1`,
      id,
      amount,
    );
  const again = async (month: string, backTo = '2024-01') =>
    approved(maker, checker, await decidedMonth(maker, month, { backTo }));
  const entitled = async (id: string, period: string) =>
    (
      await query<{ line: string }>(
        `SELECT concat_ws(' ', e.amount, nullif(e.deducted, 0), CASE WHEN is_released THEN 'released' END) AS line
         FROM entitlement e JOIN beneficiary b USING (person_key) JOIN support_run run ON run.id = e.run_id
         WHERE b.id = $1 AND e.period = $2 AND run.state <> 'rejected' ORDER BY e.id`,
        id,
        period,
      )
    ).map(({ line }) => line);

  test('by a run that somebody rejected, is paid as it was approved', async () => {
    const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2024-01' });
    const january = await again('2024-01');
    await paid(january, { beneficiaryId: one.id });
    await state(one.id, '2024-01', { disability: 'severe' });
    const rejected = await decidedMonth(maker, '2024-02', { backTo: '2024-01' });
    await checker.post(`/v1/support-runs/${rejected.id}/rejection`, { reason: 'Biên bản sai' }).expect(201);
    expect(await relisted(january, one.id)).toEqual(['720000']);
    expect(await entitled(one.id, '2024-01')).toEqual(['720000']);
  });

  test('is had where it was released and the bank paid it after all: right again, nothing more is owed', async () => {
    const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2024-01' });
    await paid(await again('2024-01'), { beneficiaryId: one.id });
    await state(one.id, '2024-01', { diedOn: '2023-12-31' });
    await entered(commune, disabled('severe', '1980-01-01'), { appliesFrom: '2024-02' });
    expect(await relisted(await again('2024-02'), one.id)).toEqual([]);
    await paidAfterAll(one.id, '720000');
    expect(await owing(commune, one.id)).toMatchObject({ owed: '720000' });
    await state(one.id, '2024-01', { diedOn: null });
    await again('2024-02');
    expect(await owing(commune, one.id)).toBeUndefined();
    expect(await entitled(one.id, '2024-01')).toEqual(['720000 released']);
  });

  test('is not paid beside what took its place, where the bank paid it after all', async () => {
    const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2024-01' });
    const returned = { beneficiaryId: one.id };
    await paid(await again('2024-01'), returned);
    await state(one.id, '2024-01', { disability: 'severe' });
    const february = await again('2024-02');
    expect(await relisted(february, one.id, returned)).toEqual(['540000']);
    await paidAfterAll(one.id, '720000');
    await entered(commune, disabled('severe', '1980-01-01'), { appliesFrom: '2024-03' });
    expect(await relisted(await again('2024-03', '2024-03'), one.id)).toEqual([]);
    expect(await owing(commune, one.id)).toMatchObject({ owed: '180000' });
  });

  test('is left to people where the last decision owes a part itself and another part was paid after all', async () => {
    const one = await entered(commune, disabled('severe', '1980-01-01'), { appliesFrom: '2024-01' });
    const returned = { beneficiaryId: one.id };
    await paid(await again('2024-01'), returned);
    await state(one.id, '2024-01', { disability: 'extremelySevere' });
    expect(await relisted(await again('2024-02'), one.id, returned)).toEqual(['540000', '180000']);
    await state(one.id, '2024-01', { disability: 'severe' });
    const lowered = await again('2024-02');
    expect(await relisted(lowered, one.id, returned)).toEqual(['540000']);
    await paidAfterAll(one.id, '180000');
    expect(await relisted(lowered, one.id)).toEqual(['540000']);
    expect(await entitled(one.id, '2024-01')).toEqual(['540000 released', '180000 released', '540000']);
    expect(await owing(commune, one.id)).toMatchObject({ owed: '180000' });
  });

  test.each([
    ['something was kept back', 'instalments', ['540000 180000', '180000']],
    ['something was paid back', 'cash', ['720000', '180000']],
  ])('is not replaced by the list where of its month %s', async (_, manner, kept) => {
    const one = await entered(commune, disabled('extremelySevere', '1980-01-01'), { appliesFrom: '2023-12' });
    const fresh = (facts: object, from = '2023-12') => state(one.id, from, facts);
    await paid(await again('2023-12', '2023-12'));
    await fresh({ disability: 'severe' });
    await again('2023-12', '2023-12');
    const month = manner === 'cash' ? '2023-12' : '2024-01';
    if (manner === 'cash') await recovered(plan(one.id, { ...receipt, amount: '180000', receipt: 'PT 77' }));
    else {
      await recovered(plan(one.id, { amount: '180000', mostAMonth: '180000' }));
      await paid(await again('2024-01'), { beneficiaryId: one.id });
    }
    // It was right after all, and then it was not.
    await fresh({ disability: 'extremelySevere' }, month);
    const more = await again('2024-02', month);
    expect(await entitled(one.id, month)).toEqual(kept);
    await fresh({ disability: 'severe' }, month);
    await again('2024-02', month);
    await listed(more);
    expect(await entitled(one.id, month)).toEqual(kept);
  });

  test('is found among everything that was ever owed to somebody, released or not, by indexes', async () => {
    const plan = await harness.dataSource.transaction(async (tx) => {
      await tx.query('SET LOCAL enable_seqscan = off');
      return (await tx.query(
        `EXPLAIN SELECT sum(amount) FROM ${everOwed} e WHERE programme = 'monthly-allowance' AND person_key = $1 AND period = '2024-01'`,
        ['00000000-0000-7000-8000-000000000001'],
      )) as { 'QUERY PLAN': string }[];
    });
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toMatch(/entitlement_once[^]*entitlement_released/);
    expect(lines).not.toContain('Seq Scan');
  });
});
