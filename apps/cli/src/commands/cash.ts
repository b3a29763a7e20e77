import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import {
  type AccessPurpose,
  type CashList,
  type CashListFormat,
  type CashListState,
  everyItem,
  type Receipts,
} from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes, UsageError } from '../failure.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { startProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';
import { openList, typeOf } from './batch-prepare.js';
import { batchId } from './batch-reference.js';
import { listTypes } from './list-types.js';
import { purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

interface DownloadOptions extends PurposeOptions {
  format: CashListFormat;
  output?: string;
  directory?: string;
}

/** `cash lists`, `download` and `receipts`: from the lists of communes to what the post office says of them. */
export function registerCash(program: Command, context: Context): void {
  const { cash: text, batch } = context.text;
  const cash = program.command('cash').description(text.group);
  const lists = cash
    .command('lists')
    .description(text.lists)
    .argument('<batch>', batch.batch)
    .addOption(choice('--state <state>', text.options.state, Object.keys(text.states), context))
    .option('--limit <count>', batch.options.limit, wholeNumber(context), 500)
    .action(async (reference: string, { state, limit }: { state?: CashListState; limit: number }) => {
      const id = await batchId(context, reference);
      const found = everyItem((page) => context.client.batches.cashLists(id, { state, ...page }));
      await printItems(context, found, limit, (shown) => listTable(context, shown));
    });
  withExamples(lists, context, [
    'ansinh cash lists LO-00000042',
    'ansinh cash lists LO-00000042 --state issued',
  ]);
  const download = cash
    .command('download')
    .description(text.download)
    .argument('<batch>', batch.batch)
    .argument('[number]', text.number, wholeNumber(context))
    .addOption(choice('--format <format>', text.options.format, ['pdf', 'xlsx'], context).default('pdf'))
    .option('-o, --output <file>', batch.options.output)
    .option('--directory <folder>', text.options.directory);
  withPurpose(download, context).action(
    async (reference: string, number: number | undefined, options: DownloadOptions) => {
      const purpose = purposeOf(context, options, 'cashList');
      if (number === undefined && options.directory === undefined) throw new UsageError(text.needsTarget);
      const id = await batchId(context, reference);
      if (number === undefined) await saveAll(context, id, options.directory!, { ...options, purpose });
      else await saveList(context, id, number, { ...options, purpose });
    },
  );
  withExamples(download, context, [
    'ansinh cash download LO-00000042 3 -o LO-00000042-3.pdf',
    'ansinh cash download LO-00000042 --directory lists --format xlsx',
    'ansinh cash download LO-00000042 3 -o 3.pdf --note "Bàn giao bưu điện theo HĐ 12/2022"',
  ]);
  const receipts = cash
    .command('receipts')
    .description(text.receipts)
    .argument('<batch>', batch.batch)
    .argument('<files...>', text.files)
    .addOption(choice('--format <format>', text.options.type, Object.keys(listTypes), context))
    .action((reference: string, files: string[], { format }: { format?: string }) =>
      recordReceipts(context, reference, files, format),
    );
  withExamples(receipts, context, [
    'ansinh cash receipts LO-00000042 LO-00000042-C00003.xlsx',
    'ansinh cash receipts LO-00000042 signed/*.xlsx --as operator',
  ]);
}

interface Saved {
  format: CashListFormat;
  purpose: AccessPurpose | undefined;
}

async function saveList(
  context: Context,
  id: string,
  number: number,
  { output, ...saved }: Saved & { output?: string },
): Promise<void> {
  await writeOut(context, output, (to) => context.client.batches.downloadCashList(id, number, saved, to));
  if (output) context.print({ file: output }, context.text.general.saved(output));
}

/** One after the other: each is made when it is asked for. */
async function saveAll(context: Context, id: string, directory: string, saved: Saved): Promise<void> {
  await mkdir(directory, { recursive: true });
  const files: string[] = [];
  const progress = startProgress(context, 'rows');
  try {
    for await (const { number, code } of everyItem((page) => context.client.batches.cashLists(id, page))) {
      const file = join(directory, `${code}.${saved.format}`);
      await writeOut(context, file, (to) => context.client.batches.downloadCashList(id, number, saved, to));
      files.push(file);
      progress.update({ label: context.text.cash.downloading, done: files.length });
    }
  } finally {
    progress.stop();
  }
  context.print({ files }, context.text.cash.saved(context.count(files.length), directory));
}

type Recorded = Receipts & { file: string };

/** One after the other, in the order given; stops at the first refusal. What is recorded stays, and may come again. */
async function recordReceipts(
  context: Context,
  reference: string,
  files: string[],
  format: string | undefined,
): Promise<void> {
  const sources = [];
  for (const file of files)
    sources.push({ file, type: typeOf(context, file, format), ...(await openList(context, file)) });
  const id = await batchId(context, reference);
  const items: Recorded[] = [];
  for (const { file, type, open, totalBytes: total } of sources) {
    const progress = startProgress(context, 'bytes');
    const label = `${context.text.batch.uploading} ${basename(file)}`;
    const onProgress = (done: number): void => progress.update({ label, done, total });
    try {
      items.push({ file, ...(await context.client.batches.recordReceipts(id, { open, type, onProgress })) });
    } catch (error) {
      context.note(`${file}:`);
      throw error;
    } finally {
      progress.stop();
    }
  }
  context.print({ items }, receiptTable(context, items));
  const exceptions = items.reduce((sum, told) => sum + told.exceptions, 0);
  if (exceptions === 0) return;
  context.note(context.text.cash.contradictions(context.count(exceptions)));
  context.exitCode = exitCodes.wrongFound;
}

function receiptTable(context: Context, items: Recorded[]): string {
  const { columns, known } = context.text.cash;
  const counts = [columns.results, columns.booked, columns.exceptions, columns.missing];
  return table(
    [{ title: columns.file }, ...counts.map((title) => ({ title, right: true })), { title: '' }],
    items.map(({ file, results, booked, exceptions, missing, alreadyImported }) => [
      file,
      ...[results, booked, exceptions, missing].map((count) => context.count(count)),
      alreadyImported ? known : '',
    ]),
  );
}

function listTable(context: Context, lists: CashList[]): string {
  const { columns, states } = context.text.cash;
  return table(
    [
      { title: columns.number, right: true },
      ...[columns.code, columns.place, columns.state].map((title) => ({ title })),
      ...[columns.people, columns.amount, columns.paid, columns.unpaid, columns.missing].map((title) => ({
        title,
        right: true,
      })),
      { title: columns.due },
    ],
    lists.map(({ number, code, placeName, state, approved, paid, unpaid, missing, resultsDueOn }) => [
      ...[String(number), code, placeName, states[state], context.count(approved.count)],
      context.amount(approved.amount),
      ...[paid, unpaid, missing].map(({ count }) => context.count(count)),
      resultsDueOn ?? '',
    ]),
  );
}
