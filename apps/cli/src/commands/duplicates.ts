import type { Command } from 'commander';
import { type DuplicatePair, type DuplicateState, everyItem } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { startProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';

interface DuplicatesOptions {
  find?: boolean;
  state: DuplicateState;
  limit: number;
}

const states = ['open', 'same', 'different'] as const;

/** `registry duplicates`: records that may be of one person. */
export function registerDuplicates(registry: Command, context: Context): void {
  const text = context.text.duplicates;
  const duplicates = registry
    .command('duplicates')
    .description(text.duplicates)
    .option('--find', text.options.find)
    .addOption(choice('--state <state>', text.options.state, states, context).default('open'))
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action((options: DuplicatesOptions) => listDuplicates(context, options));
  withExamples(duplicates, context, [
    'ansinh registry duplicates --find',
    'ansinh registry duplicates --state different',
  ]);
}

async function listDuplicates(context: Context, { find, state, limit }: DuplicatesOptions): Promise<void> {
  if (find) await search(context);
  const all = everyItem((page) => context.registry.duplicates.list({ state, ...page }));
  await printItems(context, all, limit, (items) => pairTable(context, items));
}

/** Commune by commune. Whoever stops it has the pairs of the communes that were searched. */
async function search(context: Context): Promise<void> {
  const { duplicates } = context.registry;
  const text = context.text.duplicates;
  const progress = startProgress(context, 'rows');
  let run = await duplicates.startRun();
  try {
    while (run.searched < run.communes) {
      run = await duplicates.searchNext(run.id);
      progress.update({ label: text.searching, done: run.searched, total: run.communes });
    }
  } finally {
    progress.stop();
  }
  context.note(text.searched(context.count(run.people), context.count(run.pairs)));
  for (const [code, keys] of Object.entries(run.passedOver))
    context.note(text.passedOver(code, context.count(keys)));
}

function pairTable(context: Context, pairs: DuplicatePair[]): string {
  const { columns } = context.text.duplicates;
  return table(
    [
      { title: columns.score, right: true },
      ...columns.people.map((title) => ({ title })),
      { title: columns.reasons },
    ],
    pairs.map(({ score, one, other, reasons }) => [
      String(score),
      ...[one, other].flatMap((person) => [
        person.name,
        person.citizenNumber ?? '',
        person.bornOn ?? String(person.birthYear),
        person.placeCode,
      ]),
      reasons.map(({ message }) => message[context.language]).join('; '),
    ]),
  );
}
