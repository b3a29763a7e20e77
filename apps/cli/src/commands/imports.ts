import type { Command } from 'commander';
import { everyItem, type ImportKind, type ListType, type RegistryImport } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes, UsageError } from '../failure.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { startProgress } from '../output/progress.js';
import { facts, table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';
import { openList, typeOf } from './batch-prepare.js';
import { listTypes } from './list-types.js';
import { purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

interface ImportOptions extends PurposeOptions {
  kind: ImportKind;
  dryRun?: boolean;
  format?: string;
  remarks?: string;
  goOn?: boolean;
}

const kinds = ['people', 'households', 'employers', 'employment'] as const;

/** `registry import` and `registry imports`: lists that enter the registry, and those that did. */
export function registerImports(registry: Command, context: Context): void {
  const text = context.text.registry;
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
  const imports = registry
    .command('imports')
    .description(text.imports)
    .option('--limit <count>', text.options.listLimit, wholeNumber(context), 100)
    .action(({ limit }: { limit: number }) => listImports(context, limit));
  withExamples(imports, context, ['ansinh registry imports', 'ansinh registry imports --limit 5 --json']);
}

async function listImports(context: Context, limit: number): Promise<void> {
  const all = everyItem((page) => context.registry.imports.list(page));
  await printItems(context, all, limit, (items) => importTable(context, items));
}

function importTable(context: Context, items: RegistryImport[]): string {
  const { importColumns, kinds: kindTexts, labels } = context.text.registry;
  const counts = ['rows', 'blocked', 'applied', 'entered'] as const;
  return table(
    [
      ...[importColumns.id, importColumns.kind].map((title) => ({ title })),
      ...counts.map((name) => ({ title: labels[name].toUpperCase(), right: true })),
      ...[importColumns.keptUntil, importColumns.createdBy].map((title) => ({ title })),
    ],
    items.map((item) => [
      item.id,
      kindTexts[item.kind],
      ...counts.map((name) => context.count(item[name])),
      item.sweptAt === null ? item.keptUntil : importColumns.swept,
      item.createdBy,
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
  try {
    return await context.registry.imports.enter(checked, ({ applied, rows }) =>
      progress.update({ label: context.text.registry.entering, done: applied, total: rows }),
    );
  } finally {
    progress.stop();
  }
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
  const { columns, findings } = context.text.registry;
  const found = view.findings.map(({ code, rows }) => [findings[code] ?? code, context.count(rows)]);
  if (found.length === 0) return figures;
  return `${figures}\n\n${table([{ title: columns.finding }, { title: columns.rows, right: true }], found)}`;
}
