import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { register } from 'prom-client';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import type { PlayedClient } from '@ansinh/testing';
import type { SupportListView } from '../src/list/list.dto.js';
import { CellSweepService } from '../src/list/cell-sweep.service.js';
import { type Harness, startHarness } from './harness.js';
import { registered, registerHead } from './month.js';
import {
  approved,
  bring,
  brought,
  confirm,
  covidHead,
  decided,
  newNumber,
  newTaxCode,
  stopped,
} from './support.js';

let harness: Harness;
let employer: PlayedClient;
let checker: PlayedClient;
let sweeper: CellSweepService;

const daysKept = 30;
/** Until 31 March a list of the first of March is kept, and swept on the day after. */
const [lastDay, dayAfter] = ['2026-03-31', '2026-04-01'];

beforeAll(async () => {
  harness = await startHarness();
  [employer, checker] = await Promise.all([harness.as({ sub: 'employer' }), harness.as({ sub: 'checker' })]);
  sweeper = new CellSweepService(harness.app.get(DataSource), daysKept);
});
afterAll(() => harness.stop());

const flawed = () => stopped(newNumber(), { stoppedFrom: 'x' });
const refused = () => brought(employer, covidHead(newTaxCode()), [stopped(), flawed()]);
const setAside = () =>
  brought(employer, covidHead(newTaxCode(), { onFlawed: 'setAside' }), [stopped(), flawed()]);

/** As if it had been brought then. */
async function date(lists: 'support_list' | 'insurance_list', id: string, at: string): Promise<void> {
  await harness.dataSource.query(`UPDATE ${lists} SET created_at = $2 WHERE id = $1`, [id, at]);
}

async function keptOf(table: string, ...ids: string[]): Promise<number[]> {
  const rows = (await harness.dataSource.query(
    `SELECT id, (SELECT count(*)::int FROM ${table} WHERE list_id = id) AS count FROM unnest($1::uuid[]) AS id`,
    [ids],
  )) as { id: string; count: number }[];
  return ids.map((id) => rows.find((row) => row.id === id)!.count);
}

async function sweptCount(): Promise<number> {
  const { values } = await register.getSingleMetric('ansinh_flawed_lists_swept_total')!.get();
  return values[0]!.value;
}

describe('the cells of a flawed list', () => {
  test('are there on their last day, and gone on the next one; days are those of Viet Nam', async () => {
    const [of1March, of2March] = [await refused(), await refused()];
    await date('support_list', of1March.id, '2026-03-01T16:59:59.999Z');
    await date('support_list', of2March.id, '2026-03-01T17:00:00Z');
    await sweeper.sweepDue(lastDay);
    expect(await keptOf('list_cells', of1March.id, of2March.id)).toEqual([1, 1]);
    const before = await sweptCount();
    await Promise.all([sweeper.sweepDue(dayAfter), sweeper.sweepDue(dayAfter)]);
    expect(await keptOf('list_cells', of1March.id, of2March.id)).toEqual([0, 1]);
    expect(await sweptCount()).toBe(before + 1);
    await employer.get(`/v1/support-lists/${of2March.id}/list`).expect(200);
    await sweeper.sweepDue('2026-04-02');
    expect(await keptOf('list_cells', of2March.id)).toEqual([0]);
  });

  test('say since when they are gone; the list and what was found stay', async () => {
    const list = await refused();
    await date('support_list', list.id, '2026-03-01T05:00:00Z');
    await sweeper.sweepDue(dayAfter);
    await harness.dataSource.query('UPDATE support_list SET cells_swept_at = $2 WHERE id = $1', [
      list.id,
      '2026-04-01T17:30:00Z',
    ]);
    const gone = (language: string) =>
      employer.get(`/v1/support-lists/${list.id}/list`).set('accept-language', language).expect(410);
    expect((await gone('vi')).body).toMatchObject({
      code: 'SUPPORT_LIST_SWEPT',
      detail: 'Đã xoá từ ngày 02/04/2026.',
      sweptAt: '2026-04-01T17:30:00.000Z',
    });
    expect((await gone('en')).body).toMatchObject({ detail: 'They are gone since 2026-04-02.' });
    const findings = (await employer.get(`/v1/support-lists/${list.id}/findings`).expect(200)).body as {
      items: object[];
    };
    expect(findings.items).toMatchObject([{ row: 2, column: 'stoppedFrom' }]);
    expect((await employer.get(`/v1/support-lists/${list.id}`).expect(200)).body).toMatchObject({
      blocked: 1,
    });
    const events = await harness.dataSource.query(
      `SELECT actor_id AS actor, office, facts FROM audit_event WHERE verb = 'support.list.sweep' AND subject = $1`,
      [`support-list/${list.id}`],
    );
    expect(events).toEqual([{ actor: 'system', office: '09169', facts: { cells: 1 } }]);
  });

  test('stay while the list is worked on, for a year at the most', async () => {
    const waiting = await setAside();
    const deciding = await setAside();
    const rejected = await setAside();
    await decided(employer, 'covid-support', [deciding.id]);
    const run = await decided(employer, 'covid-support', [rejected.id]);
    await employer.post(`/v1/support-runs/${run.id}/submission`).expect(201);
    await checker.post(`/v1/support-runs/${run.id}/rejection`, { reason: 'Sai' }).expect(201);
    const paid = await brought(checker, covidHead(newTaxCode(), { onFlawed: 'setAside' }), [
      stopped(),
      flawed(),
    ]);
    const third = await harness.as({ sub: 'third' });
    await approved(employer, third, await decided(employer, 'covid-support', [paid.id]));
    const lists = [waiting, deciding, rejected, paid];
    for (const { id } of lists)
      await date('support_list', id, `${addDays(todayInVietnam(), -300)}T05:00:00Z`);
    // Of the one that was approved the days count from then: it is as old as the others.
    const [approval] = (await harness.dataSource.query(
      `SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date::text AS day FROM run_approval JOIN run_list USING (run_id) WHERE list_id = $1`,
      [paid.id],
    )) as [{ day: string }];
    await sweeper.sweepDue(addDays(approval.day, daysKept));
    expect(await keptOf('list_cells', ...lists.map(({ id }) => id))).toEqual([1, 1, 1, 1]);
    await employer.get(`/v1/support-lists/${paid.id}/list`).expect(200);
    await sweeper.sweepDue(addDays(approval.day, daysKept + 1));
    expect(await keptOf('list_cells', ...lists.map(({ id }) => id))).toEqual([1, 1, 1, 0]);
    for (const { id } of [waiting, deciding, rejected])
      await employer.get(`/v1/support-lists/${id}/list`).expect(200);
    await date('support_list', waiting.id, '2025-03-01T05:00:00Z');
    await sweeper.sweepDue(lastDay);
    expect(await keptOf('list_cells', waiting.id)).toEqual([1]);
    await sweeper.sweepDue(dayAfter);
    expect(await keptOf('list_cells', waiting.id)).toEqual([0]);
  });

  test('of a list of a register go too: it is done with as it is brought', async () => {
    const list: SupportListView = await brought(
      employer,
      { ...registerHead('2022-03'), onFlawed: 'setAside' },
      [registered({ bornOn: '01/01/1980' }), registered({ bornOn: 'x' })],
    );
    expect(list).toMatchObject({ blocked: 1, isRefused: false });
    await date('support_list', list.id, '2026-03-01T05:00:00Z');
    await sweeper.sweepDue(dayAfter);
    expect(await keptOf('list_cells', list.id)).toEqual([0]);
  });

  test('are passed over while somebody holds the list', async () => {
    const list = await refused();
    await date('support_list', list.id, '2026-03-01T05:00:00Z');
    const holder = harness.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM support_list WHERE id = $1 FOR UPDATE', [list.id]);
    await sweeper.sweepDue(dayAfter);
    expect(await keptOf('list_cells', list.id)).toEqual([1]);
    await holder.rollbackTransaction();
    await holder.release();
    await sweeper.sweepDue(dayAfter);
    expect(await keptOf('list_cells', list.id)).toEqual([0]);
  });

  test('go with a note on the list, or not at all', async () => {
    await refused();
    for (const table of ['list_cells', 'insurance_cells', 'insurance_finding'])
      await expect(harness.dataSource.query(`TRUNCATE ${table}`)).rejects.toThrow('is append-only');
    await expect(harness.dataSource.query('DELETE FROM list_cells')).rejects.toThrow('is append-only');
    await bring(employer, covidHead(newTaxCode()), [stopped()]).expect(201);
  });
});

test('a refused list of the insurance office goes by the same days, with what was found', async () => {
  const send = async () => {
    const { body } = await confirm(employer, newTaxCode(), [stopped(), stopped('1')], '2021-06').expect(422);
    return (body as { listId: string }).listId;
  };
  const [id, younger] = [await send(), await send()];
  await date('insurance_list', id, '2026-03-01T16:59:59.999Z');
  await date('insurance_list', younger, '2026-03-01T17:00:00Z');
  await sweeper.sweepDue(lastDay);
  expect(await keptOf('insurance_cells', id, younger)).toEqual([1, 1]);
  await sweeper.sweepDue(dayAfter);
  expect(await keptOf('insurance_cells', id, younger)).toEqual([0, 1]);
  expect(await keptOf('insurance_finding', id, younger)).toEqual([0, 1]);
  const { body } = await employer.get(`/v1/insurance-lists/${id}/list`).expect(410);
  expect(body).toMatchObject({ code: 'INSURANCE_LIST_SWEPT', sweptAt: expect.any(String) as unknown });
  await employer.get(`/v1/insurance-lists/${younger}/list`).expect(200);
  const events = await harness.dataSource.query(
    `SELECT facts FROM audit_event WHERE verb = 'support.insurance.sweep' AND subject = $1`,
    [`insurance-list/${id}`],
  );
  expect(events).toEqual([{ facts: { cells: 1, findings: 1 } }]);
  for (const table of ['insurance_cells', 'insurance_finding'])
    await expect(harness.dataSource.query(`DELETE FROM ${table}`)).rejects.toThrow('is append-only');
});
