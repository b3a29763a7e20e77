import type { Command } from 'commander';
import { everyItem, type ReturnedLine, type ReturnedState } from '@ansinh/client';
import type { Context } from '../context.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { startProgress } from '../output/progress.js';
import { table } from '../output/table.js';
import { choice, matching, wholeNumber, withExamples } from '../usage.js';
import { followCheck } from './batch-follow.js';
import { openList, typeOf } from './batch-prepare.js';
import { batchId, findBatch } from './batch-reference.js';
import { fundId } from './fund.js';
import { listTypes } from './list-types.js';

interface ReturnedOptions {
  state?: ReturnedState;
  format?: string;
  output?: string;
  limit: number;
}

interface FollowUpOptions {
  setAside?: boolean;
  fund?: string;
  period?: string;
  format?: string;
  key?: string;
}

/** `batch returned` and `batch follow-up`: from what came back to the batch that pays it again. */
export function registerFollowUps(batches: Command, context: Context): void {
  const { batch: text, followUp } = context.text;
  const returned = batches
    .command('returned')
    .description(followUp.returned)
    .argument('<batch>', text.batch)
    .addOption(choice('--state <state>', followUp.state, Object.keys(followUp.states), context))
    .addOption(choice('--format <format>', text.options.format, ['csv', 'xlsx'], context))
    .option('-o, --output <file>', text.options.output)
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action((reference: string, options: ReturnedOptions) => showReturned(context, reference, options));
  withExamples(returned, context, [
    'ansinh batch returned LO-00000042',
    'ansinh batch returned LO-00000042 --format xlsx -o returned.xlsx',
  ]);
  const follow = batches
    .command('follow-up')
    .description(followUp.followUp)
    .argument('<batch>', text.batch)
    .argument('<file>', followUp.corrections)
    .option('--set-aside', text.options.setAside)
    .addOption(choice('--format <format>', text.options.format, Object.keys(listTypes), context))
    .option('--fund <fund>', followUp.fund)
    .option('--period <period>', followUp.period, matching(/^20\d{2}(-(0[1-9]|1[0-2]))?$/, followUp.period))
    .option('--key <key>', followUp.key)
    .action((reference: string, file: string, options: FollowUpOptions) =>
      makeFollowUp(context, reference, file, options),
    );
  withExamples(follow, context, [
    'ansinh batch follow-up LO-00000042 returned.xlsx',
    'ansinh batch follow-up LO-00000042 corrections.csv --set-aside',
    'ansinh batch follow-up LO-00000042 uncollected.xlsx --fund NS-2022 --period 2022-04',
  ]);
}

async function showReturned(
  context: Context,
  reference: string,
  { state, format, output, limit }: ReturnedOptions,
): Promise<void> {
  const id = await batchId(context, reference);
  const type = format && listTypes[format];
  if (!type) {
    const lines = everyItem((page) => context.client.batches.returned(id, { state, ...page }));
    await printItems(context, lines, limit, (shown) => returnedTable(context, shown));
    return;
  }
  await writeOut(context, output, (to) => context.client.batches.downloadReturned(id, type, to));
  if (output) context.print({ file: output }, context.text.general.saved(output));
}

async function makeFollowUp(
  context: Context,
  reference: string,
  file: string,
  { setAside, fund, period, format, key }: FollowUpOptions,
): Promise<void> {
  const type = typeOf(context, file, format);
  const { open, totalBytes: total } = await openList(context, file);
  const source = await findBatch(context, reference);
  const progress = startProgress(context, 'bytes');
  let made;
  try {
    made = await context.client.batches.followUp(source.id, {
      open,
      type,
      onBlocking: setAside ? 'setAside' : 'stop',
      fundId: fund && (await fundId(context, fund)),
      period,
      idempotencyKey: key,
      onProgress: (done) => progress.update({ label: context.text.batch.uploading, done, total }),
    });
  } finally {
    progress.stop();
  }
  context.note(context.text.followUp.made(made.code, source.code));
  await followCheck(context, made.id);
}

function returnedTable(context: Context, lines: ReturnedLine[]): string {
  const { columns, states, outcomes } = context.text.followUp;
  return table(
    [
      { title: columns.payment },
      { title: columns.name },
      { title: columns.bank },
      { title: columns.account },
      { title: columns.amount, right: true },
      { title: columns.outcome },
      { title: columns.reason },
      { title: columns.state },
      { title: columns.again },
    ],
    lines.map((line) => [
      ...[
        line.endToEndId,
        line.payeeName,
        line.bankBin ?? '',
        line.account ?? '',
        context.amount(line.amount),
      ],
      ...[outcomes[line.outcome], line.reason ?? '', states[line.state], line.paidAgainBy ?? ''],
    ]),
  );
}
