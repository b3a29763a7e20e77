import type { Command } from 'commander';
import type { UpcomingBatch } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { table } from '../output/table.js';
import { matching, withExamples } from '../usage.js';

/** `upcoming`: what people have to do next, and by when. */
export function registerUpcoming(program: Command, context: Context): void {
  const text = context.text.schedule;
  const day = matching(/^20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, text.date);
  const upcoming = program
    .command('upcoming')
    .description(text.upcoming)
    .option('--from <day>', text.options.from, day)
    .option('--to <day>', text.options.to, day)
    .action(async (range: { from?: string; to?: string }) => {
      const found = await context.client.upcoming(range);
      const { items } = found;
      context.print(found, items.length > 0 ? upcomingTable(context, items) : context.text.general.noneFound);
      if (items.some(({ isCalendarKnown }) => !isCalendarKnown)) context.note(text.unknownCalendar);
      const late = items.filter(({ daysLate }) => daysLate > 0).length;
      if (late === 0) return;
      context.note(text.someLate(context.count(late)));
      context.exitCode = exitCodes.wrongFound;
    });
  withExamples(upcoming, context, ['ansinh upcoming', 'ansinh upcoming --from 2027-01-01 --to 2027-03-31']);
}

function upcomingTable(context: Context, items: UpcomingBatch[]): string {
  const { columns, steps, late, upcomingStates } = context.text.schedule;
  const states: Record<string, string> = { ...context.text.batch.states, ...upcomingStates };
  const columnsOfDays = [columns.list, columns.approval, columns.sending, columns.results];
  return table(
    [
      ...[columns.period, columns.programme, columns.batch, columns.state].map((title) => ({ title })),
      ...[...columnsOfDays, columns.next, columns.late].map((title) => ({ title })),
      { title: columns.amount, right: true },
      { title: columns.lastAmount, right: true },
    ],
    items.map((item) => {
      const days = [item.listDueOn, item.approvalDueOn, item.sendingDueOn, item.resultsDueOn];
      return [
        ...[item.period, item.programmeCode, item.batchCode ?? '', states[item.state] ?? item.state],
        ...days.map((due) => (item.isCalendarKnown || due === null ? (due ?? '') : `${due}*`)),
        item.nextStep ? steps[item.nextStep] : '',
        item.daysLate > 0 ? late(context.count(item.daysLate)) : '',
        ...[context.amount(item.amount), context.amount(item.lastAmount)],
      ];
    }),
  );
}
