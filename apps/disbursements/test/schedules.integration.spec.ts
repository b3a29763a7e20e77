import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import type { ScheduleView, UpcomingBatches, UpcomingBatchView } from '../src/schedule/schedule.dto.js';
import { ScheduleRunner } from '../src/schedule/schedule-runner.js';
import { ScheduleService } from '../src/schedule/schedule.service.js';
import { UpcomingService } from '../src/schedule/upcoming.service.js';
import { permissions } from '@ansinh/auth';
import { streamedTypes } from '../src/rest.js';
import { FakeBank } from './fake-bank.js';
import {
  approve,
  check,
  csvOf,
  firstChecker,
  type Harness,
  newLines,
  openFund,
  startHarness,
} from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
});
afterAll(() => harness.stop());

const offices = { province: '27', district: '256' } as const;

const bodyOf = (fundId: string, over: object = {}) => ({
  ...{ fundId, programmeCode: 'NQ68', channel: 'iso20022-http', purpose: 'Trợ cấp kỳ {period}' },
  ...{ approvalDue: { monthOffset: -1, day: 28 }, sendingDue: { monthOffset: 0, day: 1 } },
  ...{ firstPeriod: '2031-01', daysAhead: 10, ...over },
});

const officer = (office: string) => ({ sub: `officer-${office}`, office });

async function schedule(office: string, over: object = {}): Promise<ScheduleView> {
  const fundId = await openFund(harness, { office });
  const client = await harness.as(officer(office));
  return (await client.post('/v1/schedules', bodyOf(fundId, over)).expect(201)).body as ScheduleView;
}

const runner = () => harness.app.get(ScheduleRunner);

async function monthsOf(id: string): Promise<string[]> {
  const rows = (await harness.dataSource.query(
    `SELECT schedule_month.period, batch.state, purpose FROM schedule_month LEFT JOIN batch ON batch.number = batch_number
     WHERE schedule_id = $1 ORDER BY period`,
    [id],
  )) as { period: string; state: string | null }[];
  return rows.map(({ period, state }) => `${period} ${state ?? 'skipped'}`);
}

async function upcoming(office: string, query: object, day: string): Promise<UpcomingBatchView[]> {
  const actor = { id: 'x', name: 'x', office, permissions: new Set(permissions) };
  return (await harness.app.get(UpcomingService).list(query, actor, day)).items;
}

/** Of one schedule: the specs of this file share a database. */
const ofSchedule = async ({ id, officeCode }: ScheduleView, query: object, day: string) =>
  (await upcoming(officeCode, query, day)).filter(({ scheduleId }) => scheduleId === id);

describe.each(Object.entries(offices))('a schedule of the %s', (_, office) => {
  test('says by which law its list is due', async () => {
    const made = await schedule(office);
    expect(made).toMatchObject({
      ...{ officeCode: office, state: 'active', listDue: { monthOffset: -1, day: 25 }, lastPeriod: null },
      listRule: { legalBasis: expect.stringContaining('20/2021/NĐ-CP') as unknown, confidence: 'verified' },
    });
    expect((await schedule(office, { listDue: { monthOffset: -1, day: 20 } })).listRule).toBeNull();
    const listed = await (await harness.as(officer(office))).get('/v1/schedules?limit=500').expect(200);
    expect((listed.body as { items: ScheduleView[] }).items).toContainEqual(made);
  });

  test('opens each draft once, on its day and not before, over the end of a year', async () => {
    const made = await schedule(office, { lastPeriod: '2031-02' });
    await runner().openDue('2030-12-14');
    expect(await monthsOf(made.id)).toEqual([]);
    await runner().openDue('2030-12-15');
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft']);
    await runner().openDue('2030-12-15');
    await runner().openDue('2031-01-14');
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft']);
    await runner().openDue('2031-01-15');
    await runner().openDue('2031-12-31');
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft', '2031-02 draft']);
    const [first] = await ofSchedule(made, { from: '2031-01-01', to: '2031-01-31' }, '2030-12-20');
    const client = await harness.as(officer(office));
    const batch = (await client.get(`/v1/batches/${first!.batchId}`).expect(200)).body as BatchView;
    expect(batch).toMatchObject({
      ...{ fundId: made.fundId, programmeCode: 'NQ68', purpose: 'Trợ cấp kỳ 2031-01', period: '2031-01' },
      ...{ officeCode: office, state: 'draft', rows: 0, createdBy: 'system' },
    });
    const audit = await harness.dataSource.query(
      `SELECT actor_id, office, verb, facts FROM audit_event WHERE subject = $1`,
      [`batch/${batch.code}`],
    );
    const facts = { schedule: made.id, period: '2031-01' };
    expect(audit).toEqual([{ actor_id: 'system', office, verb: 'schedule.openBatch', facts }]);
  });
});

describe('whatever the clock and the workers do', () => {
  test('an outage of three months is caught up on, and a clock that jumped back changes nothing', async () => {
    const made = await schedule('27', { lastPeriod: '2031-03' });
    await runner().openDue('2031-03-01');
    const all = ['2031-01 draft', '2031-02 draft', '2031-03 draft'];
    expect(await monthsOf(made.id)).toEqual(all);
    await runner().openDue('2029-01-01');
    await runner().openDue('2031-03-01');
    expect(await monthsOf(made.id)).toEqual(all);
  });

  test('twenty workers at once open one draft', async () => {
    const made = await schedule('256', { lastPeriod: '2031-01' });
    const opened = await Promise.all(Array.from({ length: 20 }, () => runner().openDue('2030-12-20')));
    expect(opened.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(1);
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft']);
    const batches = await harness.dataSource.query(
      'SELECT count(*)::int AS count FROM batch WHERE fund_id = $1',
      [made.fundId],
    );
    expect(batches).toEqual([{ count: 1 }]);
  });

  test('a month is done with once, and for ever, also past the service', async () => {
    const made = await schedule('27', { lastPeriod: '2031-01' });
    await runner().openDue('2030-12-20');
    const again = `INSERT INTO schedule_month (schedule_id, period, skipped_by) VALUES ($1, '2031-01', 'x')`;
    await expect(harness.dataSource.query(again, [made.id])).rejects.toThrow('schedule_month_once');
    const remove = 'DELETE FROM schedule_month WHERE schedule_id = $1';
    await expect(harness.dataSource.query(remove, [made.id])).rejects.toThrow('append-only');
  });

  test('a cancelled draft does not come again', async () => {
    const made = await schedule('27', { lastPeriod: '2031-01' });
    await runner().openDue('2030-12-20');
    const [month] = await ofSchedule(made, { from: '2031-01-01', to: '2031-01-31' }, '2030-12-20');
    const client = await harness.as(officer('27'));
    await client.post(`/v1/batches/${month!.batchId}/cancellation`, { reason: 'r' }).expect(200);
    await runner().openDue('2031-01-20');
    expect(await monthsOf(made.id)).toEqual(['2031-01 cancelled']);
    expect(await ofSchedule(made, { from: '2031-01-01', to: '2031-01-31' }, '2031-02-20')).toMatchObject([
      { state: 'cancelled', nextStep: null, daysLate: 0 },
    ]);
  });
});

describe('a schedule that rested for two months', () => {
  const rest = async (catchUp: boolean): Promise<ScheduleView> => {
    const made = await schedule('27', { lastPeriod: '2031-04' });
    const client = await harness.as(officer('27'));
    await runner().openDue('2030-12-20');
    await client.post(`/v1/schedules/${made.id}/pause`, { reason: 'r' }).expect(200);
    await runner().openDue('2031-02-26');
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft']);
    const actor = { id: 'officer', name: 'officer', office: '27', permissions: new Set(permissions) };
    const command = { actor, requestId: 'x', key: null, digest: '' };
    await harness.app.get(ScheduleService).resume(made.id, catchUp, command, '2031-02-26');
    await runner().openDue('2031-02-26');
    return made;
  };

  test('skips what fell due meanwhile, and shows it as skipped', async () => {
    const made = await rest(false);
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft', '2031-02 skipped', '2031-03 skipped']);
    await runner().openDue('2031-03-15');
    expect((await monthsOf(made.id)).at(-1)).toBe('2031-04 draft');
    const months = await ofSchedule(made, { from: '2031-02-01', to: '2031-04-30' }, '2031-02-26');
    expect(months.map(({ period, state, daysLate }) => `${period} ${state} ${daysLate}`)).toEqual(
      expect.arrayContaining(['2031-02 skipped 0', '2031-03 skipped 0']),
    );
  });

  test('opens them where it was told to catch up', async () => {
    const made = await rest(true);
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft', '2031-02 draft', '2031-03 draft']);
  });

  test('is halted meanwhile, and neither pauses nor resumes twice', async () => {
    const made = await schedule('256', { lastPeriod: '2031-01' });
    const client = await harness.as(officer('256'));
    const path = `/v1/schedules/${made.id}`;
    expect((await client.post(`${path}/resumption`, {})).body).toMatchObject({ code: 'SCHEDULE_STATE' });
    await client.post(`${path}/pause`, { reason: 'r' }).expect(200);
    expect((await client.post(`${path}/pause`, { reason: 'r' })).body).toMatchObject({
      code: 'SCHEDULE_STATE',
    });
    expect(await ofSchedule(made, { from: '2031-01-01', to: '2031-01-31' }, '2031-01-20')).toMatchObject([
      { state: 'halted', nextStep: null, daysLate: 0 },
    ]);
    expect((await client.post(`${path}/resumption`, {}).expect(200)).body).toMatchObject({ state: 'active' });
  });
});

describe('what is coming', () => {
  test('is shown with its due days and what people do next, step by step', async () => {
    const made = await schedule('256', { lastPeriod: '2031-02' });
    const range = { from: '2030-12-01', to: '2031-01-31' };
    const look = async (day: string) => {
      const [month] = await ofSchedule(made, range, day);
      return month!;
    };
    expect(await look('2030-12-01')).toMatchObject({
      ...{ period: '2031-01', state: 'planned', nextStep: 'list', nextDueOn: '2030-12-25', daysLate: 0 },
      ...{ opensOn: '2030-12-15', batchCode: null, amount: null, lastAmount: null, isCalendarKnown: false },
      // 28 December 2030 is a Saturday; 1 January a holiday.
      ...{ listDueOn: '2030-12-25', approvalDueOn: '2030-12-30', sendingDueOn: '2031-01-02' },
    });
    await runner().openDue('2030-12-15');
    expect(await look('2030-12-25')).toMatchObject({ state: 'draft', nextStep: 'list', daysLate: 0 });
    expect(await look('2030-12-26')).toMatchObject({ state: 'draft', nextStep: 'list', daysLate: 1 });
    const client = await harness.as(officer('256'));
    const { batchId: id } = await look('2030-12-26');
    const path = `/v1/batches/${id}`;
    await client.list(`${path}/payments`, csvOf(newLines(2)), streamedTypes.csv).expect(202);
    const checked = await check(harness, id!);
    expect(await look('2030-12-30')).toMatchObject({
      nextStep: 'approval',
      daysLate: 0,
      amount: checked.amount,
    });
    expect(await look('2031-01-01')).toMatchObject({
      nextStep: 'approval',
      nextDueOn: '2030-12-30',
      daysLate: 2,
    });
    const submitted = (await client.post(`${path}/submission`).expect(200)).body as BatchView;
    await approve(harness, submitted, { ...firstChecker, office: '256' });
    expect(await look('2031-01-03')).toMatchObject({ state: 'approved', nextStep: 'sending', daysLate: 1 });
    await client.post(`${path}/transmission`).expect(202);
    expect(await look('2031-01-03')).toMatchObject({ nextStep: null, nextDueOn: null, daysLate: 0 });
    const next = await ofSchedule(made, { from: '2031-01-20', to: '2031-02-28' }, '2031-01-03');
    expect(next).toMatchObject([{ period: '2031-02', lastAmount: checked.amount }]);
  });

  test('holds what is late however old, and nothing of another office', async () => {
    const made = await schedule('256', { lastPeriod: '2031-01' });
    await runner().openDue('2030-12-20');
    const mine = await ofSchedule(made, { from: '2031-06-01', to: '2031-06-30' }, '2031-06-01');
    expect(mine).toMatchObject([{ period: '2031-01', nextStep: 'list', daysLate: 158 }]);
    for (const other of ['261', '99999']) {
      const theirs = await upcoming(other, { from: '2031-01-01', to: '2031-01-31' }, '2031-06-01');
      expect(theirs.filter(({ scheduleId }) => scheduleId === made.id)).toEqual([]);
    }
  });

  test('is asked for by HTTP, for a range that makes sense', async () => {
    const client = await harness.as(officer('27'));
    const { body } = await client.get('/v1/upcoming-batches').expect(200);
    expect((body as UpcomingBatches).today).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const [query, pointer] of [
      ['from=2031-02-30', '?from'],
      ['from=2031-02-02&to=2031-02-01', '?to'],
      ['from=2031-01-01&to=2032-02-06', '?to'],
    ] as const) {
      const refused = await client.get(`/v1/upcoming-batches?${query}`);
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    }
    await client.get('/v1/upcoming-batches?from=2031-01-01&to=2032-02-05').expect(200);
  });
});

describe('a schedule that cannot be', () => {
  test.each([
    ['whose first list is overdue', { firstPeriod: '2022-01' }, 422, 'SCHEDULE_IN_PAST'],
    ['of a programme that the fund does not pay', { programmeCode: 'BTXH' }, 422, 'PROGRAMME_NOT_FUNDED'],
    ['over another channel', { channel: 'iso20022-file' }, 422, 'CHANNEL_MISMATCH'],
    ['that ends before it begins', { lastPeriod: '2030-12' }, 400, 'INVALID_REQUEST'],
    ['that sends before it approves', { sendingDue: { monthOffset: -1, day: 27 } }, 400, 'INVALID_REQUEST'],
    [
      'that approves before the list is due',
      { approvalDue: { monthOffset: -1, day: 24 } },
      400,
      'INVALID_REQUEST',
    ],
    ['on a day 32', { approvalDue: { monthOffset: -1, day: 32 } }, 400, 'INVALID_REQUEST'],
  ])('%s', async (_, over, status, code) => {
    const fundId = await openFund(harness);
    const client = await harness.as(officer('27'));
    const reply = await client.post('/v1/schedules', bodyOf(fundId, over));
    expect(reply).toMatchObject({ status, body: { code } });
  });

  test('is changed only by its office, and only from the next month on', async () => {
    const made = await schedule('256', { lastPeriod: '2031-03' });
    await runner().openDue('2030-12-20');
    const { purpose, approvalDue, sendingDue } = made;
    const change = { purpose, approvalDue, sendingDue, daysAhead: 0, lastPeriod: '2031-02' };
    const stranger = await harness.as(officer('261'));
    expect((await stranger.put(`/v1/schedules/${made.id}`, change)).body).toMatchObject({
      code: 'SCHEDULE_NOT_FOUND',
    });
    const client = await harness.as(officer('256'));
    await client.put(`/v1/schedules/${made.id}`, change).expect(200);
    await runner().openDue('2031-01-24');
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft']);
    await runner().openDue('2031-12-31');
    expect(await monthsOf(made.id)).toEqual(['2031-01 draft', '2031-02 draft']);
  });
});
