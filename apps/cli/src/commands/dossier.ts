import { type Command, Option } from 'commander';
import { type Dossier, type DossierDue, everyItem } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { wholeNumber, withExamples } from '../usage.js';

interface ListOptions {
  overdue?: boolean;
  soon?: boolean;
  byStep?: boolean;
  holder?: string;
  procedure?: string;
  step?: string;
  limit: number;
}

/** `dossier`: what the offices owe an answer to, and by when. */
export function registerDossiers(program: Command, context: Context): void {
  const text = context.text.dossier;
  const dossiers = program.command('dossier').description(text.group);
  const list = dossiers
    .command('list')
    .description(text.list)
    .addOption(new Option('--overdue', text.options.overdue).conflicts('soon'))
    .option('--soon', text.options.soon)
    .option('--by-step', text.options.byStep)
    .option('--holder <place>', text.options.holder)
    .option('--procedure <code>', text.options.procedure)
    .option('--step <code>', text.options.step)
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action((options: ListOptions) => listDossiers(context, options));
  withExamples(list, context, [
    'ansinh dossier list --overdue',
    'ansinh dossier list --soon --by-step --holder 09169',
  ]);
}

async function listDossiers(context: Context, { limit, ...options }: ListOptions): Promise<void> {
  const { holder, procedure, step } = options;
  const query = { due: dueOf(options), holder, procedure, step };
  const shown: Dossier[] = [];
  const all = everyItem((page) => context.registry.dossiers.list({ ...query, ...page }));
  await printItems(context, remembered(all, shown, limit), limit, (items) => dossierTable(context, items));
  if (shown.some(({ unconfirmedDays }) => unconfirmedDays.length > 0))
    context.note(context.text.dossier.unconfirmed);
  const late = shown.filter(({ standing }) => standing === 'overdue').length;
  if (late === 0) return;
  context.note(context.text.dossier.someLate(context.count(late)));
  context.exitCode = exitCodes.wrongFound;
}

/** With `--json` nothing is made into a table, and the exit code still has to tell. */
async function* remembered(
  items: AsyncIterable<Dossier>,
  shown: Dossier[],
  limit: number,
): AsyncGenerator<Dossier> {
  for await (const item of items) {
    if (shown.length < limit) shown.push(item);
    yield item;
  }
}

function dueOf({ overdue, soon, byStep }: Omit<ListOptions, 'limit'>): DossierDue | undefined {
  if (overdue) return byStep ? 'stepOverdue' : 'overdue';
  if (soon) return byStep ? 'stepSoon' : 'soon';
  return undefined;
}

function dossierTable(context: Context, items: Dossier[]): string {
  const { columns, standings, desk } = context.text.dossier;
  return table(
    Object.values(columns).map((title) => ({ title })),
    items.map((item) => [
      item.code,
      item.procedure.name[context.language],
      item.applicantName,
      item.holderCode,
      item.step?.name[context.language] ?? desk,
      item.stepDueOn ?? '',
      item.unconfirmedDays.length > 0 ? `${item.dueOn}*` : (item.dueOn ?? ''),
      item.standing ? standings[item.standing] : '',
    ]),
  );
}
