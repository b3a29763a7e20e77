import type { Command } from 'commander';
import { type DayOfCycle, everyItem, type Schedule } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { idForm, matching, wholeNumber, withExamples } from '../usage.js';
import { fundId } from './fund.js';

interface CreateOptions {
  fund: string;
  programme: string;
  purpose: string;
  channel: string;
  listDue?: string;
  approvalDue: string;
  sendingDue: string;
  first: string;
  last?: string;
  daysAhead?: number;
}

export function registerSchedules(program: Command, context: Context): void {
  const text = context.text.schedule;
  const schedule = program.command('schedule').description(text.group);
  const list = schedule
    .command('list')
    .description(text.list)
    .action(() => {
      const all = everyItem((page) => context.client.schedules.list(page));
      return printItems(context, all, undefined, (shown) => scheduleTable(context, shown));
    });
  withExamples(list, context, ['ansinh schedule list']);
  registerCreate(schedule, context);
  const id = matching(idForm, text.schedule);
  const pause = schedule
    .command('pause')
    .description(text.pause)
    .argument('<schedule>', text.schedule, id)
    .requiredOption('--reason <text>', text.options.reason)
    .action(async (of: string, { reason }: { reason: string }) =>
      context.print(await context.client.schedules.pause(of, reason), text.paused),
    );
  withExamples(pause, context, [
    'ansinh schedule pause 0199b2c4-7c1a-7000-8000-000000000042 --reason "Chờ quyết định mới"',
  ]);
  const resume = schedule
    .command('resume')
    .description(text.resume)
    .argument('<schedule>', text.schedule, id)
    .option('--catch-up', text.options.catchUp)
    .action(async (of: string, { catchUp }: { catchUp?: boolean }) =>
      context.print(await context.client.schedules.resume(of, catchUp ?? false), text.resumed),
    );
  withExamples(resume, context, ['ansinh schedule resume 0199b2c4-7c1a-7000-8000-000000000042 --catch-up']);
}

function registerCreate(schedule: Command, context: Context): void {
  const text = context.text.schedule;
  const day = matching(/^-?([1-9]|[12]\d|3[01])$/, text.day);
  const period = matching(/^20\d{2}-(0[1-9]|1[0-2])$/, text.period);
  const create = schedule
    .command('create')
    .description(text.create)
    .requiredOption('--fund <fund>', text.options.fund)
    .requiredOption('--programme <code>', text.options.programme)
    .requiredOption('--purpose <text>', text.options.purpose)
    .option('--channel <channel>', text.options.channel, 'iso20022-http')
    .option('--list-due <day>', text.options.listDue, day)
    .requiredOption('--approval-due <day>', text.options.approvalDue, day)
    .requiredOption('--sending-due <day>', text.options.sendingDue, day)
    .requiredOption('--first <month>', text.options.first, period)
    .option('--last <month>', text.options.last, period)
    .option('--days-ahead <days>', text.options.daysAhead, wholeNumber(context))
    .action(async (options: CreateOptions) => {
      const { fund, programme, purpose, channel, daysAhead, first, last } = options;
      const made = await context.client.schedules.create({
        ...{ fundId: await fundId(context, fund), programmeCode: programme, purpose, channel, daysAhead },
        ...{
          firstPeriod: first,
          lastPeriod: last,
          listDue: options.listDue ? dayOf(options.listDue) : undefined,
        },
        ...{ approvalDue: dayOf(options.approvalDue), sendingDue: dayOf(options.sendingDue) },
      });
      context.print(made, text.created(made.id));
    });
  withExamples(create, context, [
    'ansinh schedule create --fund NS-BTXH --programme BTXH --purpose "Trợ cấp kỳ {period}" --approval-due -28 --sending-due 1 --first 2027-01',
  ]);
}

/** `25` in the month itself, `-25` in the month before. */
function dayOf(text: string): DayOfCycle {
  const day = Number(text);
  return day < 0 ? { monthOffset: -1, day: -day } : { monthOffset: 0, day };
}

function scheduleTable(context: Context, schedules: Schedule[]): string {
  const { columns, states, before } = context.text.schedule;
  const when = ({ monthOffset, day }: DayOfCycle) => (monthOffset < 0 ? before(String(day)) : String(day));
  const titles = [
    ...[columns.id, columns.programme, columns.purpose, columns.list, columns.approval, columns.sending],
    ...[columns.first, columns.last, columns.state],
  ];
  return table(
    titles.map((title) => ({ title })),
    schedules.map((schedule) => [
      ...[schedule.id, schedule.programmeCode, schedule.purpose],
      ...[when(schedule.listDue), when(schedule.approvalDue), when(schedule.sendingDue)],
      ...[schedule.firstPeriod, schedule.lastPeriod ?? '', states[schedule.state]],
    ]),
  );
}
