import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { LookupAnswer } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes, UsageError } from '../failure.js';
import { writeOut } from '../output/file.js';
import { table } from '../output/table.js';
import { choice, matching, wholeNumber, withExamples } from '../usage.js';
import { openList, typeOf } from './batch-prepare.js';
import { registerDuplicates } from './duplicates.js';
import { registerImports } from './imports.js';
import { listTypes } from './list-types.js';
import { purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

interface LookupOptions extends PurposeOptions {
  on?: string;
  format?: string;
  limit: number;
  output?: string;
}

interface SeedOptions {
  people: number;
  seed: number;
}

/** `registry lookup`, `import` and `seed`: whole lists of people. */
export function registerRegistry(program: Command, context: Context): void {
  const text = context.text.registry;
  const registry = program.command('registry').description(text.group);
  const lookup = registry
    .command('lookup')
    .description(text.lookup)
    .argument('<file>', text.file)
    .option('--on <day>', text.options.on, matching(/^\d{4}-\d{2}-\d{2}$/, text.options.on))
    .addOption(choice('--format <format>', text.options.format, Object.keys(listTypes), context))
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .option('-o, --output <file>', text.options.output);
  withPurpose(lookup, context).action((file: string, options: LookupOptions) =>
    lookUp(context, file, options),
  );
  withExamples(lookup, context, [
    'ansinh registry lookup list.xlsx --note "Đối chiếu danh sách đợt 3"',
    'ansinh registry lookup list.csv --on 2026-03-31 --note "Đối chiếu danh sách đợt 3" -o answers.csv',
  ]);
  registerImports(registry, context);
  registerDuplicates(registry, context);
  const seed = registry
    .command('seed')
    .description(text.seed)
    .option('--people <count>', text.options.people, wholeNumber(context), 20_000)
    .option('--seed <number>', text.options.seed, wholeNumber(context), 1)
    .action((options: SeedOptions) => seedProvince(context, options));
  withExamples(seed, context, ['ansinh registry seed --people 1500000 --seed 7']);
}

/** The program that `npm start` fills a new registry by; it works on the database, not through the service. */
const seedScript = fileURLToPath(new URL('../../../registry/dist/main.seed.js', import.meta.url));

/** As the program itself would miss them, but said in a sentence. */
const seedVariables = ['DATABASE_URL', 'SEALING_KEYS', 'LOOKUP_KEY'];

async function seedProvince(context: Context, { people, seed }: SeedOptions): Promise<void> {
  const missing = seedVariables.filter((name) => !context.terminal.env[name]);
  if (missing.length > 0) throw new UsageError(context.text.registry.seedNeeds(missing.join(', ')));
  const child = spawn(process.execPath, [seedScript, String(people), String(seed)], {
    env: context.terminal.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr]) output.pipe(context.terminal.stderr, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new UsageError(context.text.registry.seedFailed);
  context.print({ people, seed }, context.text.registry.seeded(context.count(people)));
}

async function lookUp(context: Context, file: string, options: LookupOptions): Promise<void> {
  const type = typeOf(context, file, options.format);
  const purpose = purposeOf(context, options, 'listCheck');
  if (!purpose) throw new UsageError(context.text.registry.needsNote);
  const { open } = await openList(context, file);
  const { output, on, limit } = options;
  const { people } = context.registry;
  if (output !== undefined) {
    await writeOut(context, output, (to) => people.downloadLookUp({ open, type }, { purpose, on }, to));
    context.print({ file: output }, context.text.general.saved(output));
    return;
  }
  const counts = { rows: 0, found: 0, notFound: 0, malformed: 0, differing: 0 };
  const differing: LookupAnswer[] = [];
  for await (const answer of people.lookUp({ open, type }, { purpose, on })) {
    counts.rows += 1;
    counts[answer.outcome] += 1;
    if (!differs(answer)) continue;
    counts.differing += 1;
    if (differing.length < limit) differing.push(answer);
  }
  const summary = context.text.registry.lookedUp(context.count(counts.rows), context.count(counts.found));
  context.print(
    { ...counts, items: differing },
    [summary, ...(differing.length > 0 ? ['', answerTable(context, differing)] : [])].join('\n'),
  );
  if (counts.differing > differing.length) context.note(context.text.general.more(limit));
  if (counts.differing > 0) context.exitCode = exitCodes.wrongFound;
}

/** What somebody has to look at: nobody found, another name or birth, or a death. */
function differs({ outcome, nameFit, birthFit, diedOn }: LookupAnswer): boolean {
  const isOther = nameFit === 'different' || birthFit === 'different' || birthFit === 'unreadable';
  return outcome !== 'found' || isOther || diedOn !== null;
}

function answerTable(context: Context, answers: LookupAnswer[]): string {
  const { columns, outcomes, fits } = context.text.registry;
  return table(
    [
      { title: columns.row, right: true },
      ...[columns.number, columns.outcome, columns.name, columns.nameFit, columns.born].map((title) => ({
        title,
      })),
      { title: columns.birthFit },
      { title: columns.diedOn },
    ],
    answers.map((answer) => [
      String(answer.row),
      answer.number,
      outcomes[answer.outcome],
      answer.name ?? '',
      answer.nameFit ? fits[answer.nameFit] : '',
      answer.bornOn ?? String(answer.birthYear ?? ''),
      answer.birthFit ? fits[answer.birthFit] : '',
      answer.diedOn ?? '',
    ]),
  );
}
