import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit } from '@ansinh/audit';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { digestOf } from '../audit/record-digest.js';
import { batchCode } from '../batch/batch-code.js';
import { insertBatch, subjectOf } from '../batch/batch.service.js';
import { monthOf, monthsBetween, plainDay } from './cycle.js';
import { Schedule } from './schedule.entity.js';

/** The day that it is by the clock of the database: one clock for all workers, whatever theirs say. */
export async function today(tx: Transaction): Promise<string> {
  const [row] = (await tx.query('SELECT clock_timestamp() AS now')) as { now: Date }[];
  return todayInVietnam(row!.now);
}

/** The day on which the draft of a month is opened. */
export function opensOn(schedule: Schedule, period: string): string {
  return addDays(plainDay(period, schedule.cycle.listDue), -schedule.daysAhead);
}

/** Months whose drafts should be there by a day. */
function duePeriods(schedule: Schedule, day: string): string[] {
  // A list may be due in the month before, and its draft is opened up to 60 days ahead of that.
  const last = monthOf(day, 4);
  const until = schedule.lastPeriod !== null && schedule.lastPeriod < last ? schedule.lastPeriod : last;
  return monthsBetween(schedule.firstPeriod, until).filter((period) => opensOn(schedule, period) <= day);
}

/**
 * Opens the drafts that schedules ask for. Nothing else: lists, approvals and sending are people's. What is due is what has
 * no row in `schedule_month`, not what the last look left: an outage is caught up on, and a clock that jumped back finds
 * the rows there.
 */
@Injectable()
export class ScheduleRunner {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @param day in place of today, for rehearsals; the number of drafts that were opened */
  async openDue(day?: string): Promise<number> {
    const { on, schedules, done } = await inTransaction(this.dataSource, 'system', async (tx) => {
      const active = await tx.findBy(Schedule, { isPaused: false });
      return { on: day ?? (await today(tx)), schedules: active, done: await donePeriods(tx, active) };
    });
    let opened = 0;
    for (const schedule of schedules) {
      const isMissing = duePeriods(schedule, on).some((period) => !done.get(schedule.id)?.has(period));
      if (isMissing) opened += await this.open(schedule.id, on);
    }
    return opened;
  }

  private async open(id: string, day: string): Promise<number> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      const schedule = await lockSchedule(tx, id);
      if (schedule.isPaused) return 0;
      const done = (await donePeriods(tx, [schedule])).get(id);
      const periods = duePeriods(schedule, day).filter((period) => !done?.has(period));
      for (const period of periods) await openBatch(tx, schedule, period);
      return periods.length;
    });
  }
}

/** The first lock of whatever decides on the months of a schedule. */
export async function lockSchedule(tx: Transaction, id: string): Promise<Schedule> {
  await tx.query('SELECT FROM schedule WHERE id = $1 FOR NO KEY UPDATE', [id]);
  return tx.findOneByOrFail(Schedule, { id });
}

async function donePeriods(tx: Transaction, schedules: Schedule[]): Promise<Map<string, Set<string>>> {
  const rows = (await tx.query(
    'SELECT schedule_id, array_agg(period) AS periods FROM schedule_month WHERE schedule_id = ANY($1) GROUP BY schedule_id',
    [schedules.map(({ id }) => id)],
  )) as { schedule_id: string; periods: string[] }[];
  return new Map(rows.map((row) => [row.schedule_id, new Set(row.periods)]));
}

async function openBatch(tx: Transaction, schedule: Schedule, period: string): Promise<void> {
  const { fundId, programmeCode, channel, officeCode } = schedule;
  const purpose = schedule.purpose.replaceAll('{period}', period);
  const batch = await insertBatch(
    tx,
    { fundId, programmeCode, purpose, period, channel, officeCode },
    'system',
  );
  await tx.query('INSERT INTO schedule_month (schedule_id, period, batch_number) VALUES ($1, $2, $3)', [
    schedule.id,
    period,
    batch.number,
  ]);
  await recordAudit(tx, {
    actorId: 'system',
    actorName: 'ansinh worker',
    office: officeCode,
    verb: 'schedule.openBatch',
    subject: subjectOf(batch),
    before: null,
    after: await digestOf(tx, 'batch', batch.id),
    requestId: `schedule-${batchCode(batch.number)}`,
    facts: { schedule: schedule.id, period },
  });
}

/**
 * Months whose lists fell due by a day and that have neither batch nor decision: skipped from now on, under a name.
 * Gives the months.
 */
export async function skipOverdue(
  tx: Transaction,
  schedule: Schedule,
  day: string,
  by: string,
): Promise<string[]> {
  const done = (await donePeriods(tx, [schedule])).get(schedule.id);
  const overdue = duePeriods(schedule, day).filter(
    (period) => !done?.has(period) && plainDay(period, schedule.cycle.listDue) < day,
  );
  await tx.query(
    'INSERT INTO schedule_month (schedule_id, period, skipped_by) SELECT $1, period, $3 FROM unnest($2::text[]) period',
    [schedule.id, overdue, by],
  );
  return overdue;
}
