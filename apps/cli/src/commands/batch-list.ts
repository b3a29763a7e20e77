import type { Command } from 'commander';
import { type AccessPurpose, type Batch, type BatchState, everyItem, type Message } from '@ansinh/client';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';
import { printBatch } from '../output/batch-summary.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';
import { batchId, findBatch } from './batch-reference.js';
import { purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

/** `batch status`, `list` and `message`: what only reads. */
export function registerBatchLists(batches: Command, context: Context): void {
  const text = context.text.batch;
  const status = batches
    .command('status')
    .description(text.status)
    .argument('<batch>', text.batch)
    .action(async (reference: string) => printBatch(context, await findBatch(context, reference)));
  withExamples(status, context, [
    'ansinh batch status LO-00000042',
    'ansinh batch status LO-00000042 --json',
  ]);
  const states = Object.keys(text.states);
  const list = batches
    .command('list')
    .description(text.list)
    .addOption(choice('--state <state>', text.options.state, states, context))
    .option('--limit <count>', text.options.limit, wholeNumber(context), 50)
    .action(({ state, limit }: { state?: BatchState; limit: number }) => {
      const all = everyItem((page) => context.client.batches.list({ state, ...page }));
      return printItems(context, all, limit, (found) => batchTable(context, found));
    });
  withExamples(list, context, ['ansinh batch list --state submitted']);
  const message = batches
    .command('message')
    .description(text.message)
    .argument('<batch>', text.batch)
    .argument('[number]', text.number, wholeNumber(context))
    .option('-o, --output <file>', text.options.output);
  withPurpose(message, context).action(
    async (reference: string, n: number | undefined, options: MessageOptions) => {
      // The file has whole accounts: it is given for a purpose alone.
      const purpose = n === undefined ? undefined : purposeOf(context, options, 'bankFile');
      if (n !== undefined && !purpose) throw new UsageError(context.text.privacy.needsNote);
      const id = await batchId(context, reference);
      if (n === undefined || !purpose) await listMessages(context, id);
      else await saveMessage(context, id, { n, purpose }, options.output);
    },
  );
  withExamples(message, context, [
    'ansinh batch message LO-00000042',
    'ansinh batch message LO-00000042 3 -o LO-00000042-3.xml --note "Nộp tệp tại quầy ngày 25/11"',
  ]);
}

interface MessageOptions extends PurposeOptions {
  output?: string;
}

async function listMessages(context: Context, id: string): Promise<void> {
  const { items } = await context.client.batches.messages(id);
  await printItems(context, items, undefined, (messages) => messageTable(context, messages));
}

async function saveMessage(
  context: Context,
  id: string,
  { n, purpose }: { n: number; purpose: AccessPurpose },
  output: string | undefined,
): Promise<void> {
  await writeOut(context, output, (to) => context.client.batches.downloadMessage(id, n, purpose, to));
  if (output) context.print({ file: output }, context.text.general.saved(output));
}

function batchTable(context: Context, batches: Batch[]): string {
  const { columns, states } = context.text.batch;
  return table(
    [
      { title: columns.code },
      { title: columns.state },
      { title: columns.programme },
      { title: columns.period },
      { title: columns.rows, right: true },
      { title: columns.amount, right: true },
      { title: columns.purpose },
    ],
    batches.map((batch) => [
      batch.code,
      states[batch.state],
      batch.programmeCode,
      batch.period,
      context.count(batch.rows),
      context.amount(batch.amount),
      batch.purpose,
    ]),
  );
}

function messageTable(context: Context, messages: Message[]): string {
  const { columns } = context.text.batch;
  return table(
    [
      { title: columns.number, right: true },
      { title: columns.messageId },
      { title: columns.state },
      { title: columns.payments, right: true },
      { title: columns.amount, right: true },
      { title: columns.problem },
    ],
    messages.map(({ number, messageId, state, payments, amount, problem }) => [
      String(number),
      messageId,
      state,
      context.count(payments),
      context.amount(amount),
      problem ?? '',
    ]),
  );
}
