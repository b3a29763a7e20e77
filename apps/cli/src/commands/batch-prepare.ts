import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { ListType } from '@ansinh/client';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';
import { printBatch } from '../output/batch-summary.js';
import { startProgress } from '../output/progress.js';
import { choice, matching, withExamples } from '../usage.js';
import { followCheck } from './batch-follow.js';
import { batchId } from './batch-reference.js';
import { fundId } from './fund.js';
import { listTypes } from './list-types.js';

interface CreateOptions {
  fund: string;
  programme: string;
  purpose: string;
  period: string;
  channel: string;
}

interface ImportOptions {
  setAside?: boolean;
  format?: string;
  wait: boolean;
}

/** `batch create`, `import` and `check`: from nothing to a checked list. */
export function registerBatchPreparation(batches: Command, context: Context): void {
  const text = context.text.batch;
  const create = batches
    .command('create')
    .description(text.create)
    .requiredOption('--fund <fund>', text.options.fund)
    .requiredOption('--programme <code>', text.options.programme)
    .requiredOption('--purpose <text>', text.options.purpose)
    .requiredOption(
      '--period <period>',
      text.options.period,
      matching(/^\d{4}(-(0[1-9]|1[0-2]))?$/, text.options.period),
    )
    .option('--channel <channel>', text.options.channel, 'iso20022-http')
    .action(async ({ fund, programme, ...rest }: CreateOptions) => {
      const created = await context.client.batches.create({
        fundId: await fundId(context, fund),
        programmeCode: programme,
        ...rest,
      });
      context.print(created, text.created(created.code));
    });
  withExamples(create, context, [
    'ansinh batch create --fund NS-2022 --programme QD-08 --purpose "Hỗ trợ thuê nhà" --period 2022-03',
  ]);
  const importing = batches
    .command('import')
    .description(text.import)
    .argument('<batch>', text.batch)
    .argument('<file>', text.file)
    .option('--set-aside', text.options.setAside)
    .addOption(choice('--format <format>', text.options.format, Object.keys(listTypes), context))
    .option('--no-wait', text.options.noWait)
    .action((reference: string, file: string, options: ImportOptions) =>
      importList(context, reference, file, options),
    );
  withExamples(importing, context, [
    'ansinh batch import LO-00000042 list.csv',
    'ansinh batch import LO-00000042 list.xlsx --set-aside',
    'ansinh list generate --rows 1000 --seed 7 | ansinh batch import LO-00000042 - --format csv',
  ]);
  const check = batches
    .command('check')
    .description(text.check)
    .argument('<batch>', text.batch)
    .action(async (reference: string) => {
      const { id } = await context.client.batches.check(await batchId(context, reference));
      await followCheck(context, id);
    });
  withExamples(check, context, ['ansinh batch check LO-00000042']);
}

async function importList(
  context: Context,
  reference: string,
  file: string,
  { setAside, format, wait }: ImportOptions,
): Promise<void> {
  const type = typeOf(context, file, format);
  const source = await openList(context, file);
  const id = await batchId(context, reference);
  const progress = startProgress(context, 'bytes');
  let batch;
  try {
    batch = await context.client.batches.importPayments(id, {
      open: source.open,
      type,
      onBlocking: setAside ? 'setAside' : 'stop',
      onProgress: (done) =>
        progress.update({ label: context.text.batch.uploading, done, total: source.totalBytes }),
    });
  } finally {
    progress.stop();
  }
  if (wait) await followCheck(context, batch.id);
  else printBatch(context, batch);
}

/** What kind of list a file is: as it is told, else by its name. */
export function typeOf(context: Context, file: string, format: string | undefined): ListType {
  const extension = extname(file).slice(1).toLowerCase();
  const type = listTypes[format ?? (extension === 'jsonl' ? 'ndjson' : extension)];
  if (!type) throw new UsageError(context.text.general.usage.unknownListType(file));
  return type;
}

/** A file to send, found readable before anything is asked of the service. */
export async function openList(
  context: Context,
  file: string,
): Promise<{ open: () => Readable; totalBytes?: number }> {
  if (file === '-') return { open: () => context.terminal.stdin };
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${context.text.general.usage.noSuchFile(file)} (${error.code})`);
  });
  if (!found.isFile()) throw new UsageError(context.text.general.usage.noSuchFile(file));
  return { open: () => createReadStream(file), totalBytes: found.size };
}
