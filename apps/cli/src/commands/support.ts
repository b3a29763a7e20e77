import type { Command } from 'commander';
import { todayInVietnam } from '@ansinh/calendar';
import type { SupportRun, SupportSummary } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { startProgress } from '../output/progress.js';
import { facts, table } from '../output/table.js';
import { collecting, idForm, matching, withExamples } from '../usage.js';

interface RunOptions {
  on?: string;
  month?: string;
  backTo?: string;
  list?: string[];
  goOn?: string;
  submit?: boolean;
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const monthForm = /^\d{4}-\d{2}$/;

/** `programme run`: decisions on the lists of a one-off programme. */
export function registerSupportRun(programme: Command, context: Context): void {
  const text = context.text.support;
  const run = programme
    .command('run')
    .description(text.run)
    .argument('<programme>', text.programme, matching(/^[a-z-]+$/, text.programme))
    .option('--on <day>', text.options.on, matching(dayForm, text.options.on))
    .option('--month <month>', text.options.month, matching(monthForm, text.options.month))
    .option('--back-to <month>', text.options.backTo, matching(monthForm, text.options.backTo))
    .option('--list <id>', text.options.list, collecting(matching(idForm, text.options.list)))
    .option('--go-on <id>', text.options.goOn, matching(idForm, text.options.goOn))
    .option('--submit', text.options.submit)
    .action((code: string, options: RunOptions) => decideLists(context, code, options));
  withExamples(run, context, [
    'ansinh programme run rent-support --on 2022-06-01',
    'ansinh programme run monthly-allowance --month 2022-07 --submit',
    'ansinh programme run covid-support --go-on 0199b2c4-7c1a-7000-8000-000000000042 --submit',
  ]);
}

/** `policy explain`: why somebody gets what he gets. */
export function registerPolicy(program: Command, context: Context): void {
  const text = context.text.support;
  const policy = program.command('policy').description(text.policyGroup);
  const explain = policy
    .command('explain')
    .description(text.explain)
    .requiredOption('--person <number>', text.options.person, matching(/^\d{12}$/, text.options.person))
    .option('--as-of <day>', text.options.asOf, matching(dayForm, text.options.asOf))
    .action(({ person, asOf }: { person: string; asOf?: string }) => explainPerson(context, person, asOf));
  withExamples(explain, context, ['ansinh policy explain --person NUMBER --as-of 2022-06-30']);
}

async function decideLists(context: Context, programme: string, options: RunOptions): Promise<void> {
  const { runs } = context.socialProtection;
  const decidedOn = options.on ?? todayInVietnam();
  let run = options.goOn
    ? await runs.get(options.goOn)
    : await runs.start({
        programme,
        decidedOn,
        lists: options.list,
        month: options.month,
        backTo: options.backTo,
      });
  const { support } = context.text;
  // Said before the first decision: whoever is stopped needs it to go on.
  context.note(support.goOnBy(programme, run.id));
  const progress = startProgress(context, 'rows');
  try {
    while (run.state === 'deciding') {
      run = await runs.decideNext(run.id);
      progress.update({ label: support.deciding, done: run.taken, total: run.rows });
    }
  } finally {
    progress.stop();
  }
  if (options.submit && run.state === 'decided') run = await runs.submit(run.id);
  const summary = await runs.summary(run.id);
  context.print({ ...run, summary }, runText(context, run, summary));
}

function runText(context: Context, run: SupportRun, summary: SupportSummary): string {
  const { labels, columns, states, changes } = context.text.support;
  const heads = (first: string) => [
    { title: first },
    { title: columns.decisions, right: true },
    { title: columns.amount, right: true },
  ];
  return [
    facts([
      [labels.id, run.id],
      [labels.state, states[run.state]],
      ...(run.month === null ? [] : [[labels.month, `${run.backTo} … ${run.month}`] as [string, string]]),
      [labels.people, context.count(summary.people)],
      [labels.newPeople, context.count(summary.newPeople)],
      [labels.grantedBefore, context.count(summary.grantedBefore)],
      [labels.refusedBefore, context.count(summary.refusedBefore)],
      [labels.digest, run.digest ?? ''],
    ]),
    table(
      heads(columns.outcome),
      summary.outcomes.map(({ outcome, decisions, amount }) => [
        outcome,
        context.count(decisions),
        context.amount(amount),
      ]),
    ),
    table(
      heads(columns.rules),
      summary.rules.map(({ rules, decisions, amount }) => [
        rules.join(' + '),
        context.count(decisions),
        context.amount(amount),
      ]),
    ),
    ...(summary.changes.length > 0
      ? [
          table(
            [
              { title: columns.change },
              { title: columns.decisions, right: true },
              { title: columns.before, right: true },
              { title: columns.amount, right: true },
            ],
            summary.changes.map(({ change, decisions, amountBefore, amount }) => [
              changes[change],
              context.count(decisions),
              context.amount(amountBefore),
              context.amount(amount),
            ]),
          ),
        ]
      : []),
    ...(summary.reasons.length > 0
      ? [
          table(
            [
              { title: columns.outcome },
              { title: columns.reason },
              { title: columns.decisions, right: true },
            ],
            summary.reasons.map(({ outcome, fact, decisions }) => [outcome, fact, context.count(decisions)]),
          ),
        ]
      : []),
  ].join('\n\n');
}

async function explainPerson(context: Context, number: string, asOf: string | undefined): Promise<void> {
  const { items } = await context.socialProtection.decisions.ofPerson(number, asOf);
  const { nothing, reproduced, changed } = context.text.support;
  const told = items.map(
    ({ explanation, isReproduced }) =>
      `${explanation[context.language]}\n${isReproduced ? reproduced : changed}`,
  );
  context.print({ items }, told.length > 0 ? told.join('\n\n') : nothing);
  if (items.some(({ isReproduced }) => !isReproduced)) context.exitCode = exitCodes.wrongFound;
}
