import type { Command } from 'commander';
import { everyItem, type Sample, type SampleLine } from '@ansinh/client';
import type { Context } from '../context.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { formatInstant, formatShare } from '../output/numbers.js';
import { table } from '../output/table.js';
import { choice, withExamples } from '../usage.js';
import { batchId } from './batch-reference.js';
import { listTypes } from './list-types.js';

interface ListOptions {
  lines?: boolean;
  format?: string;
  drawnFrom?: boolean;
  output?: string;
}

/** `sample list`: the samples of a batch; of one sample, whom to visit and what it was drawn from. */
export function registerSampleList(sample: Command, context: Context): void {
  const text = context.text.sample;
  const list = sample
    .command('list')
    .description(text.list)
    .argument('<batch|sample>', text.reference)
    .option('--lines', text.options.lines)
    .addOption(choice('--format <format>', text.options.format, ['csv', 'xlsx'], context))
    .option('--drawn-from', text.options.drawnFrom)
    .option('-o, --output <file>', text.options.output)
    .action((reference: string, options: ListOptions) => showSamples(context, reference, options));
  withExamples(list, context, [
    'ansinh sample list LO-00000042',
    'ansinh sample list 0199b2c4-7c1a-7000-8000-000000000042 --lines --format xlsx -o visits.xlsx',
    'ansinh sample list 0199b2c4-7c1a-7000-8000-000000000042 --drawn-from -o list.csv && sha256sum list.csv',
  ]);
}

async function showSamples(context: Context, reference: string, options: ListOptions): Promise<void> {
  const { lines, format, drawnFrom, output } = options;
  const { samples, batches } = context.client;
  const type = format === undefined ? undefined : listTypes[format];
  if (drawnFrom || type !== undefined) {
    await writeOut(context, output, (to) =>
      drawnFrom ? samples.downloadList(reference, to) : samples.downloadLines(reference, type!, to),
    );
    if (output) context.print({ file: output }, context.text.general.saved(output));
    return;
  }
  if (lines) {
    const all = everyItem((page) => samples.lines(reference, page));
    await printItems(context, all, undefined, (shown) => lineTable(context, shown));
    return;
  }
  const { items } = await batches.samples(await batchId(context, reference));
  await printItems(context, items, undefined, (shown) => sampleTable(context, shown));
}

function sampleTable(context: Context, samples: Sample[]): string {
  const { columns, facts } = context.text.sample;
  return table(
    [
      { title: columns.id },
      { title: columns.at },
      { title: columns.seed },
      { title: facts.confidence.toUpperCase(), right: true },
      { title: columns.sampled, right: true },
      { title: columns.lines, right: true },
    ],
    samples.map((sample) => [
      sample.id,
      formatInstant(sample.drawnAt, context.language),
      sample.seed,
      formatShare(sample.confidence, context.language),
      context.count(sample.size),
      context.count(sample.lines),
    ]),
  );
}

function lineTable(context: Context, lines: SampleLine[]): string {
  const { columns, outcomes } = context.text.sample;
  return table(
    [
      { title: columns.payment },
      { title: columns.name },
      { title: columns.place },
      { title: columns.amount, right: true },
      { title: columns.result },
      { title: columns.resultId },
    ],
    lines.map(({ result, ...line }) => [
      line.endToEndId,
      line.payeeName,
      line.placeName ?? line.placeCode,
      context.amount(line.amount),
      result ? outcomes[result.outcome] : '',
      result?.id ?? '',
    ]),
  );
}
