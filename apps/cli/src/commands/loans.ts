import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { todayInVietnam } from '@ansinh/calendar';
import type { DayClosing } from '@ansinh/client';
import type { Context } from '../context.js';
import { startProgress } from '../output/progress.js';
import { facts } from '../output/table.js';
import { matching, withExamples } from '../usage.js';
import { registerLoanBank } from './loan-bank.js';
import { registerLoanLaw } from './loan-law.js';
import { registerLoanReports } from './loan-reports.js';

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const lookEveryMs = 500;

/** `loans`: what operators do for all loans at once. */
export function registerLoans(program: Command, context: Context): void {
  const text = context.text.loans;
  const loans = program.command('loans').description(text.group);
  const close = loans
    .command('close-day')
    .alias('accrue')
    .description(text.closeDay)
    .option('--day <day>', text.options.day, matching(dayForm, text.options.day))
    .action(({ day }: { day?: string }) => closeDay(context, day));
  withExamples(close, context, ['ansinh loans close-day', 'ansinh loans close-day --day 2022-05-31']);
  registerLoanBank(loans, context);
  registerLoanReports(loans, context);
  registerLoanLaw(loans, context);
}

/** Workers do it; whoever stops watching stops nothing, and sees by the same command how far it is. */
async function closeDay(context: Context, asked: string | undefined): Promise<void> {
  const { closings } = context.employmentLoans;
  const { loans } = context.text;
  const day = asked ?? todayInVietnam();
  let closing = await closings.start(day);
  const progress = startProgress(context, 'rows');
  try {
    while (closing.state === 'closing') {
      progress.update({ label: loans.closing(day), done: closing.done, total: closing.loans });
      await sleep(lookEveryMs);
      closing = (await closings.latest()) ?? closing;
    }
  } finally {
    progress.stop();
  }
  context.print(closing, closingText(context, closing));
}

function closingText(context: Context, closing: DayClosing): string {
  const { labels } = context.text.loans;
  return facts([
    [labels.day, closing.day],
    [labels.loans, context.count(closing.done)],
    [labels.entries, context.count(closing.entries)],
    [labels.moves, context.count(closing.moves)],
  ]);
}
