import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { listTypes } from '@ansinh/uploads';
import type { DecisionView, ExplainedDecision } from '../src/decision/decision.dto.js';
import type { HalfYearReport } from '../src/report/report.dto.js';
import type { RunView } from '../src/run/run.dto.js';
import { Disbursements } from './disbursements.js';
import { lastAllowancesOf } from '../src/run/known-of-claims.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, changesOf, decidedMonth, entered, registered, registerHead } from './month.js';
import { approved, brought, confirmLaw, covidHead, decided, newNumber } from './support.js';

let harness: Harness;
let disbursements: Disbursements;
let commune: PlayedClient;
let maker: PlayedClient;
let checker: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  [disbursements, commune, maker, checker] = await Promise.all([
    Disbursements.start(harness),
    harness.as({ sub: 'commune', office: '256', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'checker' }),
  ]);
  await confirmLaw(maker, 'SP-STD-500');
});
afterAll(async () => {
  await disbursements.stop();
  await harness.stop();
});

const merit = { programme: 'merit-allowance' };

async function decisionsOf(run: RunView): Promise<DecisionView[]> {
  const { body } = await maker.get(`/v1/support-decisions?runId=${run.id}&limit=100`).expect(200);
  return (body as { items: DecisionView[] }).items;
}

const short = ({ outcome, amount, because }: DecisionView) => ({ outcome, amount, because });

const explained = async ({ id }: DecisionView) =>
  (await maker.get(`/v1/support-decisions/${id}`).expect(200)).body as ExplainedDecision;

async function paid(run: RunView, fundId: string): Promise<void> {
  const order = { fundId, channel: 'iso20022-http', purpose: 'Chi trả' };
  await maker.post(`/v1/support-runs/${run.id}/payouts`, order).expect(201);
}

describe('people of merit, month by month', () => {
  const both = newNumber();
  const person = (facts: object, number = newNumber(), over: object = {}) =>
    entered(commune, facts, {
      ...merit,
      appliesFrom: '2024-08',
      number,
      bankBin: '970405',
      account: `26${number.slice(-8)}`,
      ...over,
    });

  test('have what each category gives, together; and carers the higher one, beside it', async () => {
    const wounded = { statuses: ['wounded'], injuryPercent: 45, concludedOn: '2022-01-01' };
    const statuses = ['heroicMother', 'martyrRelative'];
    await brought(commune, registerHead('2024-08', merit), [
      registered({ statuses: 'wounded', injuryPercent: '45', concludedOn: '2022-01-01' }),
      registered({ statuses: 'heroicMother;martyrRelative', martyrs: '2' }),
      registered({ statuses: 'wounded', injuryPercent: '20', concludedOn: '2022-01-01' }),
    ]);
    await person(wounded, both);
    await person({ statuses, injuryPercent: 85, isAtHome: true }, both, { programme: 'merit-carer' });
    await person({ decidedOn: '2024-08-01', disabledMembers: 1 }, both, { programme: 'care-support' });
    const allowances = await approvedMonth(maker, checker, '2024-08', merit);
    const decisions = await decisionsOf(allowances);
    expect(decisions.map(({ amount }) => amount).sort()).toEqual(['0', '16282000', '4024000', '4024000']);
    const mother = decisions.find(({ amount }) => amount === '16282000')!;
    expect(mother.articles.map(({ number }) => number)).toContain('77/2024/NĐ-CP');
    const carers = await approvedMonth(maker, checker, '2024-08', { programme: 'merit-carer' });
    expect((await decisionsOf(carers)).map(short)).toMatchObject([{ outcome: 'granted', amount: '2789000' }]);
    const care = await approvedMonth(maker, checker, '2024-08', { programme: 'care-support' });
    expect((await decisionsOf(care)).map(short)).toMatchObject([{ outcome: 'granted', amount: '500000' }]);
  });

  test('on a value that nobody has read are not paid before a named person has confirmed it', async () => {
    const number = newNumber();
    const facts = { statuses: ['sickSoldier'], sicknessPercent: 55, concludedOn: '2021-12-01' };
    const { id } = await person(facts, number, { appliesFrom: '2022-05' });
    const may = { ...merit, decidedOn: '2022-05-10' };
    const refused = await decidedMonth(maker, '2022-05', may);
    const [unread] = await decisionsOf(refused);
    expect(short(unread!)).toEqual({ outcome: 'unconfirmed', amount: '0', because: ['MR-BB-51-75'] });
    const { explanation } = await explained(unread!);
    expect(explanation.en).toContain('MR-BB-51-75');
    const awaiting = (await maker.get('/v1/law/awaiting-rows').expect(200)).body as {
      items: { row: string; confidence: string }[];
    };
    expect(awaiting.items).toContainEqual(
      expect.objectContaining({ row: 'MR-BB-51-75', confidence: 'memory' }),
    );
    const [undecided] = await changesOf(maker, refused);
    expect(undecided).toMatchObject({ change: 'undecided', amount: '0' });
    await checker.post(`/v1/support-runs/${refused.id}/rejection`, { reason: 'Chờ xác nhận' }).expect(201);
    await confirmLaw(maker, 'MR-BB-51-75');
    const paidRun = await approvedMonth(maker, checker, '2022-05', may);
    expect((await decisionsOf(paidRun)).map(short)).toEqual([
      { outcome: 'granted', amount: '2112000', because: [] },
    ]);
    // A later conclusion raises him from its month on; of the month before he had nothing yet.
    await commune
      .post(`/v1/beneficiaries/${id}/statements`, {
        appliesFrom: '2024-09',
        facts: { sicknessPercent: 61 },
        basis: 'Biên bản giám định 12',
      })
      .expect(201);
    const september = await decidedMonth(maker, '2024-09', { ...merit, backTo: '2024-08' });
    const changed = (await changesOf(maker, september)).filter(({ beneficiaryId }) => beneficiaryId === id);
    expect(changed.map(({ month, change, amount }) => [month, change, amount])).toEqual([
      ['2024-08', 'arrears', '3627000'],
      ['2024-09', 'new', '4622000'],
    ]);
    await approved(maker, checker, september);
  });

  test('reach a batch of the disbursements, what was owed before with them', async () => {
    const [run] = (await harness.dataSource.query(
      `SELECT id, state FROM support_run WHERE programme = 'merit-allowance' AND month = '2024-09-01' AND state = 'approved'`,
    )) as RunView[];
    const [owed] = (await harness.dataSource.query(
      `SELECT count(*)::int AS lines, sum(amount)::text AS amount FROM entitlement
       WHERE programme = 'merit-allowance' AND NOT is_released`,
    )) as [{ lines: number; amount: string }];
    const fund = await disbursements.openFund('NCC');
    await paid(run!, fund);
    const lines = await disbursements.linesOf(fund, owed.lines);
    expect(String(lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n))).toBe(owed.amount);
    expect(owed.lines).toBeGreaterThan(6);
  });
});

describe('what is claimed when something happened', () => {
  const head = (programme: string, choice: string) =>
    covidHead('', {
      taxCode: '',
      programme,
      choice,
      employerName: 'UBND phường',
      employerType: 'other',
      receivedOn: '2024-10-05',
    });
  const claimed = ({ taxCode: _, ...of }: Record<string, string>, rows: Record<string, string>[]) =>
    brought(commune, of, rows);
  const son = newNumber();
  const buried = (number: string, payee = son, payeeName = 'Lê Văn Con') => {
    const { citizenNumber: _, ...account } = registered({}, payee);
    return { ...account, citizenNumber: number, diedOn: '2024-10-01', payeeNumber: payee, payeeName };
  };

  test('a funeral is paid to who held it, once for each who died, and twice to who buried two', async () => {
    const [father, mother] = [newNumber(), newNumber()];
    const funeral = head('funeral-support', 'beneficiary');
    const first = await claimed(funeral, [buried(father), buried(mother)]);
    const second = await claimed(funeral, [buried(father, newNumber(), 'Lê Thị Khác')]);
    const run = await decided(maker, 'funeral-support', [first.id, second.id], '2024-10-08');
    expect((await decisionsOf(run)).map(short)).toEqual([
      { outcome: 'granted', amount: '10000000', because: [] },
      { outcome: 'granted', amount: '10000000', because: [] },
      { outcome: 'refused', amount: '0', because: ['isAlreadyHad'] },
    ]);
    await approved(maker, checker, run);
    const fund = await disbursements.openFund('HTMT');
    await paid(run, fund);
    const line = { payeeName: 'Lê Văn Con', amount: '10000000' };
    expect(await disbursements.linesOf(fund, 2)).toEqual([line, line]);
    const ordinals = (await harness.dataSource.query(
      `SELECT ordinal, benefit FROM entitlement WHERE programme = 'funeral-support' ORDER BY ordinal`,
    )) as object[];
    expect(ordinals).toEqual([
      { ordinal: 1, benefit: 'death' },
      { ordinal: 2, benefit: 'death' },
    ]);
  });

  test('survivors have three months of what the register last paid, and nothing where it paid nothing', async () => {
    const number = newNumber();
    const wounded = { statuses: ['wounded'], injuryPercent: 61, concludedOn: '2022-01-01' };
    const paidTo = { ...merit, number, appliesFrom: '2024-10' };
    await entered(commune, wounded, paidTo);
    await approvedMonth(maker, checker, '2024-10', merit);
    const list = await claimed(head('merit-death-once', 'claim'), [
      { ...buried(number), diedOn: '2024-10-20' },
      { ...buried(newNumber()), diedOn: '2024-10-20' },
    ]);
    const run = await decided(maker, 'merit-death-once', [list.id], '2024-10-25');
    expect((await decisionsOf(run)).map(short)).toEqual([
      { outcome: 'granted', amount: '16350000', because: [] },
      { outcome: 'incomplete', amount: '0', because: ['currentAllowance'] },
    ]);
  });

  test('a yearly item waits for its confirmation, and is had once a year', async () => {
    const worship = head('merit-item', 'worship');
    const rows = [registered({ martyrsWorshipped: '2' })];
    const list = await claimed(worship, rows);
    const waiting = await decided(maker, 'merit-item', [list.id], '2024-10-08');
    expect((await decisionsOf(waiting)).map(short)).toEqual([
      { outcome: 'unconfirmed', amount: '0', because: ['MR-WORSHIP'] },
    ]);
    await checker.post(`/v1/support-runs/${waiting.id}/rejection`, { reason: 'Chờ xác nhận' }).expect(201);
    await confirmLaw(maker, 'MR-WORSHIP');
    const again = await claimed(worship, rows);
    const run = await decided(maker, 'merit-item', [list.id, again.id], '2024-10-08');
    expect((await decisionsOf(run)).map(short)).toEqual([
      { outcome: 'granted', amount: '2800000', because: [] },
      { outcome: 'refused', amount: '0', because: ['isAlreadyHad'] },
    ]);
    await approved(maker, checker, run);
  });

  test('an emergency is another one on another day', async () => {
    const number = newNumber();
    const injured = (happenedOn: string) => registered({ happenedOn, treatmentDays: '4' }, number);
    const injury = head('emergency-support', 'injury');
    const lists = [
      await claimed(injury, [injured('2024-09-07')]),
      await claimed(injury, [injured('2024-09-07')]),
      await claimed(injury, [injured('2024-09-20')]),
    ];
    const run = await decided(
      maker,
      'emergency-support',
      lists.map(({ id }) => id),
      '2024-10-08',
    );
    expect((await decisionsOf(run)).map(short)).toEqual([
      { outcome: 'granted', amount: '5000000', because: [] },
      { outcome: 'refused', amount: '0', because: ['isAlreadyHad'] },
      { outcome: 'granted', amount: '5000000', because: [] },
    ]);
  });
});

describe('the report of a half-year', () => {
  const lines = async (client: PlayedClient, year: number, half: number) =>
    ((await client.get(`/v1/half-year-reports?year=${year}&half=${half}`).expect(200)).body as HalfYearReport)
      .items;

  test('counts who is in the last month by category, and money as the entitlements have it', async () => {
    const found = await lines(maker, 2024, 2);
    const sums = (await harness.dataSource.query(
      `SELECT e.programme, sum(e.amount)::text AS owed FROM entitlement e JOIN support_run run ON run.id = e.run_id
       WHERE run.state = 'approved' AND NOT e.is_released AND (e.period BETWEEN '2024-07' AND '2024-12' OR e.period = '2024')
       GROUP BY e.programme ORDER BY e.programme`,
    )) as { programme: string; owed: string }[];
    for (const { programme, owed } of sums) {
      const lines = found.filter((line) => line.programme === programme);
      expect({ programme, owed: String(lines.reduce((sum, line) => sum + BigInt(line.owed), 0n)) }).toEqual({
        programme,
        owed,
      });
    }
    expect(new Set(found.map(({ programme }) => programme)).size).toBe(sums.length);
    expect(found).toContainEqual(
      expect.objectContaining({
        programme: 'funeral-support',
        categories: ['beneficiary'],
        before: null,
        people: 2,
      }),
    );
    expect(found.every(({ paid }) => paid === '0')).toBe(true);
  });

  test('takes the last decision on a month, of its own people alone', async () => {
    const facts = { bornOn: '1980-01-01', disability: 'severe', certificateOn: '2021-08-20' };
    const people = [
      await entered(commune, facts),
      await entered(commune, facts),
      await entered(commune, facts),
    ];
    for (const month of ['2022-06', '2022-12']) await approvedMonth(maker, checker, month);
    const [gone] = people;
    await commune
      .post(`/v1/beneficiaries/${gone!.id}/statements`, {
        appliesFrom: '2022-11',
        facts: { diedOn: '2022-11-20' },
        basis: 'TLKT 4',
      })
      .expect(201);
    const again = await decidedMonth(maker, '2022-12', { decidedOn: '2022-12-20' });
    await approved(maker, checker, again);
    const expected = {
      programme: 'monthly-allowance',
      categories: ['SP-5.6-S-ADULT'],
      before: 3,
      people: 2,
      // Of December, and of November, which was looked at again for the death: he has that month.
      owed: String(6 * 540_000),
      deducted: '0',
      paid: '0',
    };
    expect(await lines(commune, 2022, 2)).toContainEqual(expected);
    const neighbour = await harness.as({ sub: 'neighbour', office: '261' });
    expect(await lines(neighbour, 2022, 2)).toEqual([]);
    const { headers } = await commune
      .get('/v1/half-year-reports?year=2022&half=2')
      .set('accept', listTypes.xlsx)
      .expect(200);
    expect(headers['content-disposition']).toContain('half-year-2022-2.xlsx');
  });
});

test('the last allowance of who died is what was granted, not all that went back and forth', async () => {
  const number = newNumber();
  const wounded = { statuses: ['wounded'], injuryPercent: 45, concludedOn: '2022-01-01' };
  const account = { bankBin: '970405', account: `26${number.slice(-8)}` };
  const one = await entered(commune, wounded, { ...merit, ...account, number, appliesFrom: '2024-11' });
  const state = (injuryPercent: number) =>
    commune
      .post(`/v1/beneficiaries/${one.id}/statements`, {
        appliesFrom: '2024-11',
        facts: { injuryPercent },
        basis: 'x',
      })
      .expect(201);
  const august = await approvedMonth(maker, checker, '2024-11', merit);
  const order = { fundId: randomUUID(), channel: 'iso20022-http', purpose: 'x' };
  const { body: list } = await maker.post(`/v1/support-runs/${august.id}/payouts`, order).expect(201);
  const { id, rows } = list as { id: string; rows: number };
  await harness.dataSource.query(
    `INSERT INTO payout_outcome (payout_id, row_no, status, findings) SELECT $1, row, 'paid', '{}' FROM generate_series(1, $2) AS row`,
    [id, rows],
  );
  await state(20);
  await approvedMonth(maker, checker, '2024-12', { ...merit, backTo: '2024-11' });
  const cash = { manner: 'cash', amount: '4024000', receipt: 'PT 1', receivedOn: '2025-01-02' };
  const { body: recovery } = await commune
    .post('/v1/recoveries', { ...cash, beneficiaryId: one.id, paper: 'x', reason: 'x' })
    .expect(201);
  await checker.post(`/v1/recoveries/${(recovery as { id: string }).id}/approval`).expect(201);
  await state(45);
  await approvedMonth(maker, checker, '2025-01', { ...merit, backTo: '2024-11' });
  const [{ key, granted }] = (await harness.dataSource.query(
    `SELECT person_key AS key, (SELECT sum(amount)::text FROM entitlement e
       WHERE e.person_key = beneficiary.person_key AND period = '2024-11' AND NOT is_released) AS granted FROM beneficiary WHERE id = $1`,
    [one.id],
  )) as [{ key: string; granted: string }];
  expect(granted).toBe('8048000');
  const had = await harness.dataSource.transaction((tx) =>
    lastAllowancesOf(tx, [{ personKey: key, facts: { diedOn: '2024-11-20' } }]),
  );
  expect(had.get(key)).toBe('4024000');
});
