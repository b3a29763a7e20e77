import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { ImportKind, ListType, LookupAnswer, RegistryImport } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes, UsageError } from '../failure.js';
import { writeOut } from '../output/file.js';
import { startProgress } from '../output/progress.js';
import { facts, table } from '../output/table.js';
import { choice, matching, wholeNumber, withExamples } from '../usage.js';
import { openList, typeOf } from './batch-prepare.js';
import { registerDuplicates } from './duplicates.js';
import { listTypes } from './list-types.js';
import { purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

interface LookupOptions extends PurposeOptions {
  on?: string;
  format?: string;
  limit: number;
  output?: string;
}

interface ImportOptions extends PurposeOptions {
  kind: ImportKind;
  dryRun?: boolean;
  format?: string;
  remarks?: string;
  goOn?: boolean;
}

interface SeedOptions {
  people: number;
  seed: number;
}

const kinds = ['people', 'households', 'employers', 'employment'] as const;

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
  const importing = registry
    .command('import')
    .description(text.import)
    .argument('<file>', text.fileOrImport)
    .addOption(choice('--kind <kind>', text.options.kind, kinds, context).default('people'))
    .option('--dry-run', text.options.dryRun)
    .option('--go-on', text.options.goOn)
    .addOption(choice('--format <format>', text.options.format, Object.keys(listTypes), context))
    .option('--remarks <file>', text.options.remarks);
  withPurpose(importing, context).action((file: string, options: ImportOptions) =>
    importList(context, file, options),
  );
  withExamples(importing, context, [
    'ansinh registry import people.xlsx --dry-run --remarks remarks.xlsx --note "Sửa danh sách nhập"',
    'ansinh registry import households.csv --kind households',
    'ansinh registry import 0199b2c4-7c1a-7000-8000-000000000042 --go-on',
  ]);
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

async function seedProvince(context: Context, { people, seed }: SeedOptions): Promise<void> {
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

/** The list is checked; unless that is all, its rows enter chunk by chunk. Whatever stops it, `--go-on` goes on. */
async function importList(context: Context, file: string, options: ImportOptions): Promise<void> {
  if (options.goOn && options.dryRun) throw new UsageError(context.text.registry.goOnOrDryRun);
  const checked = options.goOn
    ? await context.registry.imports.get(file)
    : await checkList(context, file, options);
  const entered = options.dryRun ? checked : await enter(context, checked);
  const { remarks } = options;
  if (remarks !== undefined) {
    const type: ListType = typeOf(context, remarks, undefined);
    const purpose = purposeOf(context, options, 'listCorrection');
    await writeOut(context, remarks, (to) =>
      context.registry.imports.downloadList(entered.id, { type, rows: 'flawed', purpose }, to),
    );
  }
  context.print(entered, importText(context, entered));
  if (entered.blocked > 0) context.exitCode = exitCodes.wrongFound;
}

async function checkList(
  context: Context,
  file: string,
  { kind, format }: ImportOptions,
): Promise<RegistryImport> {
  const type = typeOf(context, file, format);
  const { open, totalBytes } = await openList(context, file);
  const progress = startProgress(context, 'bytes');
  try {
    return await context.registry.imports.check(kind, {
      open,
      type,
      onProgress: (done) => progress.update({ label: context.text.batch.uploading, done, total: totalBytes }),
    });
  } finally {
    progress.stop();
  }
}

async function enter(context: Context, checked: RegistryImport): Promise<RegistryImport> {
  const progress = startProgress(context, 'rows');
  // Said before the first row enters: whoever is stopped needs it to go on.
  context.note(context.text.registry.goOnBy(checked.id));
  let view = checked;
  try {
    while (view.applied < view.rows) {
      view = await context.registry.imports.apply(view.id);
      progress.update({ label: context.text.registry.entering, done: view.applied, total: view.rows });
    }
  } finally {
    progress.stop();
  }
  return view;
}

function importText(context: Context, view: RegistryImport): string {
  const { labels } = context.text.registry;
  const figures = facts([
    [labels.id, view.id],
    [labels.rows, context.count(view.rows)],
    [labels.blocked, context.count(view.blocked)],
    [labels.warned, context.count(view.warned)],
    [labels.applied, context.count(view.applied)],
    [labels.entered, context.count(view.entered)],
  ]);
  const found = view.findings.map(({ code, rows }) => [code, context.count(rows)]);
  if (found.length === 0) return figures;
  const { columns } = context.text.registry;
  return `${figures}\n\n${table([{ title: columns.finding }, { title: columns.rows, right: true }], found)}`;
}
