import { basename } from 'node:path';
import type { Command } from 'commander';
import { everyItem, type RefusedDocument, type Statement } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { formatInstant } from '../output/numbers.js';
import { startProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';
import { openList } from './batch-prepare.js';

/** A file may hold several documents. */
type Imported = Statement & { file: string };

export function registerStatement(program: Command, context: Context): void {
  const text = context.text.money;
  const statement = program.command('statement').description(text.statementGroup);
  const importing = statement
    .command('import')
    .description(text.statementImport)
    .argument('<files...>', text.statementFiles)
    .action((files: string[]) => importStatements(context, files));
  withExamples(importing, context, [
    'ansinh statement import camt053-20221123.xml',
    'ansinh statement import mt940-20221123.sta',
    'ansinh statement import notices/*.xml --json',
  ]);
  registerRefused(statement, context);
}

interface RefusedOptions {
  status: string;
  limit: number;
}

function registerRefused(statement: Command, context: Context): void {
  const text = context.text.money;
  const refused = statement
    .command('refused')
    .description(text.statementRefused)
    .addOption(
      choice('--status <status>', text.options.refusedStatus, ['open', 'taken', 'all'], context).default(
        'open',
      ),
    )
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action((options: RefusedOptions) => listRefused(context, options));
  withExamples(refused, context, [
    'ansinh statement refused',
    'ansinh statement refused --status all --json',
  ]);
  const retry = statement
    .command('retry')
    .description(text.statementRetry)
    .argument('<id>', text.refusedDocument)
    .action(async (id: string) =>
      context.print(await context.client.statements.retry(id), text.statementTaken),
    );
  withExamples(retry, context, ['ansinh statement retry 0199b2c4-…']);
}

async function listRefused(context: Context, { status, limit }: RefusedOptions): Promise<void> {
  const query = { status: status === 'all' ? undefined : status };
  const all = everyItem((page) => context.client.statements.refused({ ...query, ...page }));
  await printItems(context, all, limit, (found) => refusedTable(context, found));
}

function refusedTable(context: Context, documents: RefusedDocument[]): string {
  const { columns, waiting } = context.text.money;
  return table(
    [
      { title: columns.id },
      { title: columns.kind },
      { title: columns.number, right: true },
      { title: columns.since },
      { title: columns.status },
      { title: columns.reason },
    ],
    documents.map((document) => [
      document.id,
      document.kind ?? '',
      document.sequence === null ? (document.documentId ?? '') : String(document.sequence),
      formatInstant(document.refusedAt, context.language),
      document.waiting && document.status === 'open' ? waiting : document.status,
      document.reason[context.language],
    ]),
  );
}

/** One after the other, in the order given; stops at the first refusal. What is imported stays, and may come again. */
async function importStatements(context: Context, files: string[]): Promise<void> {
  const { uploading } = context.text.money;
  const sources = [];
  for (const file of files) sources.push({ file, ...(await openList(context, file)) });
  const statements: Imported[] = [];
  for (const { file, open, totalBytes } of sources) {
    const progress = startProgress(context, 'bytes');
    const onProgress = (done: number): void =>
      progress.update({ label: `${uploading} ${basename(file)}`, done, total: totalBytes });
    try {
      const { items } = await context.client.statements.import({ open, onProgress });
      statements.push(...items.map((imported) => ({ file, ...imported })));
    } catch (error) {
      context.note(`${file}:`);
      throw error;
    } finally {
      progress.stop();
    }
  }
  context.print({ statements }, statementTable(context, statements));
}

function statementTable(context: Context, statements: Imported[]): string {
  const { columns, known } = context.text.money;
  const counts = [columns.entries, columns.matched, columns.exceptions];
  return table(
    [
      { title: columns.file },
      { title: columns.kind },
      ...counts.map((title) => ({ title, right: true })),
      { title: '' },
    ],
    statements.map(({ file, kind, entries, matched, exceptions, alreadyImported }) => [
      file,
      kind,
      ...[entries, matched, exceptions].map((count) => context.count(count)),
      alreadyImported ? known : '',
    ]),
  );
}
