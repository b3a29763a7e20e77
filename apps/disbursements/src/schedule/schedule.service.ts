import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands, type Effect } from '@ansinh/idempotency';
import { type FieldError, problems, ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import { findFundFor } from '../batch/batch.service.js';
import { type Cycle, type DayOfCycle, listDueRule, plainDay } from './cycle.js';
import type { CreateSchedule, ScheduleView, SetSchedule } from './schedule.dto.js';
import { Schedule } from './schedule.entity.js';
import { scheduleProblems } from './schedule.problems.js';
import { lockSchedule, skipOverdue, today } from './schedule-runner.js';

/** Monthly cycles: what they are, and when they rest. Their drafts are opened by the worker. */
@Injectable()
export class ScheduleService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError FUND_NOT_FOUND, PROGRAMME_NOT_FUNDED, CHANNEL_MISMATCH, SCHEDULE_IN_PAST, INVALID_REQUEST */
  async create(input: CreateSchedule, command: Command): Promise<ScheduleView> {
    const cycle = cycleOf(input, input.firstPeriod);
    return this.commands.run(command, 'schedule.create', async (tx) => {
      const fund = await findFundFor(tx, input);
      if (plainDay(input.firstPeriod, cycle.listDue) < (await today(tx)))
        throw new ProblemError(scheduleProblems.past);
      const { programmeCode, purpose, channel, daysAhead, firstPeriod } = input;
      const schedule = tx.create(Schedule, {
        ...{ id: uuidv7(), fundId: fund.id, programmeCode, purpose, channel, cycle, daysAhead, firstPeriod },
        lastPeriod: input.lastPeriod ?? null,
        officeCode: command.actor.office,
        createdBy: command.actor.id,
      });
      await tx.insert(Schedule, schedule);
      return effect(tx, await lockSchedule(tx, schedule.id), null, { ...input });
    });
  }

  /** Holds for months whose drafts are not open yet. @throws ProblemError SCHEDULE_NOT_FOUND, INVALID_REQUEST */
  async set(id: string, input: SetSchedule, command: Command): Promise<ScheduleView> {
    return this.commands.run(command, 'schedule.set', async (tx) => {
      const schedule = await findLocked(tx, id);
      const before = await digestOf(tx, 'schedule', id);
      const lastPeriod = input.lastPeriod ?? null;
      const cycle = cycleOf({ ...input, lastPeriod }, schedule.firstPeriod);
      const changes = { purpose: input.purpose, cycle, daysAhead: input.daysAhead, lastPeriod };
      await tx.update(Schedule, { id }, changes);
      return effect(tx, Object.assign(schedule, changes), before, changes);
    });
  }

  /** @throws ProblemError SCHEDULE_NOT_FOUND, SCHEDULE_STATE */
  async pause(id: string, reason: string, command: Command): Promise<ScheduleView> {
    return this.commands.run(command, 'schedule.pause', async (tx) => {
      const schedule = await findLocked(tx, id);
      const before = await digestOf(tx, 'schedule', id);
      await setPaused(tx, schedule, true);
      return effect(tx, schedule, before, { reason });
    });
  }

  /**
   * Goes on. Somebody chose not to pay by this schedule for a while, so months whose lists fell due meanwhile are skipped
   * and shown as skipped, unless they are to be caught up on.
   * @throws ProblemError SCHEDULE_NOT_FOUND, SCHEDULE_STATE
   */
  async resume(id: string, catchUp: boolean, command: Command, day?: string): Promise<ScheduleView> {
    return this.commands.run(command, 'schedule.resume', async (tx) => {
      const schedule = await findLocked(tx, id);
      const before = await digestOf(tx, 'schedule', id);
      await setPaused(tx, schedule, false);
      const on = day ?? (await today(tx));
      const skipped = catchUp ? [] : await skipOverdue(tx, schedule, on, command.actor.id);
      return effect(tx, schedule, before, { catchUp, skipped });
    });
  }

  async list(query: PageQuery, actor: Actor): Promise<Page<ScheduleView>> {
    const after = readCursor(query.after, 'uuid')?.[0];
    const schedules = await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.find(Schedule, {
        where: after === undefined ? {} : { id: MoreThan(String(after)) },
        order: { id: 'ASC' },
        take: query.limit + 1,
      }),
    );
    return pageOf(schedules.map(toView), query.limit, ({ id }) => [id]);
  }
}

async function effect(
  tx: Transaction,
  schedule: Schedule,
  before: string | null,
  facts: Record<string, unknown>,
): Promise<Effect<ScheduleView>> {
  const after = await digestOf(tx, 'schedule', schedule.id);
  return { result: toView(schedule), subject: `schedule/${schedule.id}`, before, after, facts };
}

async function findLocked(tx: Transaction, id: string): Promise<Schedule> {
  if (!(await tx.existsBy(Schedule, { id }))) throw new ProblemError(scheduleProblems.notFound);
  return lockSchedule(tx, id);
}

async function setPaused(tx: Transaction, schedule: Schedule, isPaused: boolean): Promise<void> {
  if (schedule.isPaused === isPaused) throw new ProblemError(scheduleProblems.state);
  await tx.update(Schedule, { id: schedule.id }, { isPaused });
  schedule.isPaused = isPaused;
}

const placeInTime = ({ monthOffset, day }: DayOfCycle) => monthOffset * 31 + day;

/** @throws ProblemError INVALID_REQUEST where a step would come before the one that it needs */
function cycleOf(input: SetSchedule, firstPeriod: string): Cycle {
  const { approvalDue, sendingDue, lastPeriod } = input;
  const listDue = input.listDue ?? listDueRule(firstPeriod);
  const errors: FieldError[] = [];
  const refuse = (pointer: string, vi: string, en: string) =>
    errors.push({ pointer, code: 'order', detail: { vi, en } });
  if (listDue === null)
    refuse('/listDue', 'chưa có quy định cho kỳ này', 'there is no rule of law for this month');
  else if (placeInTime(listDue) > placeInTime(approvalDue))
    refuse('/approvalDue', 'phải không trước hạn nộp danh sách', 'must not be before the list is due');
  if (placeInTime(approvalDue) > placeInTime(sendingDue))
    refuse('/sendingDue', 'phải không trước hạn duyệt', 'must not be before the approval is due');
  if (lastPeriod && lastPeriod < firstPeriod)
    refuse('/lastPeriod', 'phải không trước kỳ đầu', 'must not be before the first month');
  if (listDue === null || errors.length > 0) throw new ProblemError(problems.invalidRequest, { errors });
  const plain = ({ monthOffset, day }: DayOfCycle) => ({ monthOffset, day });
  return { listDue: plain(listDue), approvalDue: plain(approvalDue), sendingDue: plain(sendingDue) };
}

function toView(schedule: Schedule): ScheduleView {
  const { cycle, isPaused, createdAt, ...rest } = schedule;
  const rule = listDueRule(schedule.firstPeriod);
  const followsLaw = rule !== null && placeInTime(rule) === placeInTime(cycle.listDue);
  return {
    ...rest,
    ...cycle,
    listRule: followsLaw
      ? { legalBasis: rule.legalBasis, effectiveFrom: rule.effectiveFrom, confidence: rule.confidence }
      : null,
    state: isPaused ? 'paused' : 'active',
    createdAt: createdAt.toISOString(),
  };
}
