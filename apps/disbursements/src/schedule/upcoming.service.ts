import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, daysBetween, todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { type FieldError, problems, ProblemError } from '@ansinh/problem';
import { batchCode } from '../batch/batch-code.js';
import type { BatchState } from '../batch/batch.states.js';
import { postCash } from '../channel/post-cash.js';
import { dueDays, isDay, isMonth, listDueRule, monthOf, monthsBetween, resultsDueOn } from './cycle.js';
import type { nextSteps, UpcomingBatches, UpcomingBatchView, UpcomingQuery } from './schedule.dto.js';
import { Schedule } from './schedule.entity.js';
import { opensOn, today } from './schedule-runner.js';

interface MonthRow {
  schedule_id: string;
  period: string;
  batch_id: string | null;
  number: string | null;
  state: BatchState | null;
  rows: number | null;
  kept_amount: string | null;
  was_approved: boolean | null;
}

type Step = (typeof nextSteps)[number];

const daysShown = 60;
const daysShownMax = 400;

/** What people have to do next on a batch; it moves on by itself from where none is named. */
const stepByState: Partial<Record<BatchState, Step>> = {
  draft: 'list',
  checking: 'approval',
  checked: 'approval',
  submitted: 'approval',
  rejected: 'approval',
  approved: 'sending',
  paused: 'sending',
};

/** Where the post office pays, a batch that is out waits for what it says. */
const stepOf = (state: string, channel: string): Step | null =>
  state === 'transmitted' && channel === postCash ? 'results' : (stepByState[state as BatchState] ?? null);

/** A batch of cash that somebody made by hand, or that carries over what was not collected. */
interface CashBatchRow {
  batch_id: string;
  number: string;
  period: string;
  programme_code: string;
  fund_id: string;
  office_code: string;
  purpose: string;
  state: BatchState;
  rows: number;
  kept_amount: string;
  created_at: Date;
}

/** What is coming, by what is due when; and what should have come. */
@Injectable()
export class UpcomingService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Months of which something is due between the two days, and every month that is late, however old.
   * @throws ProblemError INVALID_REQUEST
   */
  async list(query: UpcomingQuery, actor: Actor, day?: string): Promise<UpcomingBatches> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) =>
      upcoming(tx, query, day ?? (await today(tx))),
    );
  }
}

async function upcoming(tx: Transaction, query: UpcomingQuery, now: string): Promise<UpcomingBatches> {
  const from = query.from ?? now;
  const to = query.to ?? (isDay(from) ? addDays(from, daysShown) : now);
  requireRange(from, to);
  const schedules = await tx.find(Schedule);
  const months = await monthsOf(tx, schedules);
  // What is due in a month belongs to that month or the next one, and what moved over a holiday to the one before.
  const last = monthOf(to > now ? to : now, 1);
  const views = schedules.flatMap((schedule) => {
    const done = months.get(schedule.id) ?? [];
    const until = schedule.lastPeriod !== null && schedule.lastPeriod < last ? schedule.lastPeriod : last;
    return monthsBetween(schedule.firstPeriod, until).map((period) => viewOf(schedule, period, done, now));
  });
  views.push(...(await cashWithoutSchedule(tx, now)));
  const items = views.filter((view) => view.daysLate > 0 || isWithin(view, from, to));
  const keyOf = (view: UpcomingBatchView) => `${view.nextDueOn ?? view.sendingDueOn} ${view.period}`;
  return { today: now, items: items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}

/** Cash has its days by law, whether a schedule asks for them or not. */
async function cashWithoutSchedule(tx: Transaction, now: string): Promise<UpcomingBatchView[]> {
  const rows = (await tx.query(
    `SELECT id AS batch_id, number, period, programme_code, fund_id, office_code, purpose, state, rows, kept_amount, created_at
     FROM batch
     WHERE channel = $1 AND state NOT IN ('reconciled', 'closed', 'cancelled')
       AND NOT EXISTS (SELECT FROM schedule_month WHERE batch_number = batch.number)`,
    [postCash],
  )) as CashBatchRow[];
  return rows.flatMap((row) => cashViewOf(row, now) ?? []);
}

async function monthsOf(tx: Transaction, schedules: Schedule[]): Promise<Map<string, MonthRow[]>> {
  const rows = (await tx.query(
    `SELECT schedule_id, schedule_month.period, batch.id AS batch_id, batch.number, batch.state, batch.rows, batch.kept_amount,
              batch.approved_at IS NOT NULL AND batch.state <> 'cancelled' AS was_approved
       FROM schedule_month LEFT JOIN batch ON batch.number = batch_number
       WHERE schedule_id = ANY($1) ORDER BY schedule_month.period`,
    [schedules.map(({ id }) => id)],
  )) as MonthRow[];
  return Map.groupBy(rows, (row) => row.schedule_id);
}

function viewOf(schedule: Schedule, period: string, done: MonthRow[], now: string): UpcomingBatchView {
  const month = done.find((row) => row.period === period);
  const days = dueDays(period, schedule.cycle);
  const planned = schedule.isPaused ? 'halted' : 'planned';
  const state = month ? (month.state ?? 'skipped') : planned;
  const nextStep = state === 'planned' ? 'list' : stepOf(state, schedule.channel);
  const due = { ...days, resultsDueOn: schedule.channel === postCash ? resultsDueOn(period) : null };
  const nextDueOn = nextStep === null ? null : due[`${nextStep}DueOn`];
  const { id: scheduleId, programmeCode, fundId, officeCode } = schedule;
  const isListed = (month?.rows ?? 0) > 0;
  return {
    ...{ scheduleId, period, programmeCode, fundId, officeCode, state, ...due, nextStep, nextDueOn },
    purpose: schedule.purpose.replaceAll('{period}', period),
    batchId: month?.batch_id ?? null,
    batchCode: month?.number ? batchCode(month.number) : null,
    opensOn: opensOn(schedule, period),
    daysLate: nextDueOn === null ? 0 : Math.max(0, daysBetween(nextDueOn, now)),
    amount: isListed ? (month?.kept_amount ?? null) : null,
    lastAmount: done.findLast((row) => row.was_approved && row.period < period)?.kept_amount ?? null,
  };
}

/** Null where no law says when: such a batch is not late, whenever it comes. */
function cashViewOf(row: CashBatchRow, now: string): UpcomingBatchView | null {
  const rule = isMonth(row.period) ? listDueRule(row.period) : null;
  if (rule === null) return null;
  // List and money are to be with the post office on one day, so everything before it is due by then.
  const days = dueDays(row.period, { listDue: rule, approvalDue: rule, sendingDue: rule });
  const due = { ...days, resultsDueOn: resultsDueOn(row.period) };
  const nextStep = stepOf(row.state, postCash);
  const nextDueOn = nextStep === null ? null : due[`${nextStep}DueOn`];
  return {
    ...{ scheduleId: null, period: row.period, programmeCode: row.programme_code, fundId: row.fund_id },
    ...{ officeCode: row.office_code, state: row.state, ...due, nextStep, nextDueOn, purpose: row.purpose },
    batchId: row.batch_id,
    batchCode: batchCode(row.number),
    opensOn: todayInVietnam(row.created_at),
    daysLate: nextDueOn === null ? 0 : Math.max(0, daysBetween(nextDueOn, now)),
    amount: row.rows > 0 ? row.kept_amount : null,
    lastAmount: null,
  };
}

function isWithin(view: UpcomingBatchView, from: string, to: string): boolean {
  const days = [view.listDueOn, view.approvalDueOn, view.sendingDueOn, view.resultsDueOn];
  return days.some((day) => day !== null && from <= day && day <= to);
}

function requireRange(from: string, to: string): void {
  const errors: FieldError[] = [];
  for (const [name, day] of Object.entries({ from, to })) {
    const detail = { vi: 'không có ngày này', en: 'there is no such day' };
    if (!isDay(day)) errors.push({ pointer: `?${name}`, code: 'day', detail });
  }
  if (errors.length === 0 && (to < from || daysBetween(from, to) > daysShownMax)) {
    const [vi, en] = [
      `phải trong ${daysShownMax} ngày từ from`,
      `must be within ${daysShownMax} days of from`,
    ];
    errors.push({ pointer: '?to', code: 'range', detail: { vi, en } });
  }
  if (errors.length > 0) throw new ProblemError(problems.invalidRequest, { errors });
}
