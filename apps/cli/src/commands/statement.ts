import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Statement } from '@ansinh/client';
import type { Context } from '../context.js';
import { startProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { withExamples } from '../usage.js';
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
    'ansinh statement import notices/*.xml --json',
  ]);
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
