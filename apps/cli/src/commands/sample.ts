import type { Command } from 'commander';
import type { Sample, SampleEstimate, Stratum } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { formatShare } from '../output/numbers.js';
import { facts, table } from '../output/table.js';
import { amount, idForm, matching, oneOf, wholeNumber, withExamples } from '../usage.js';
import { batchId } from './batch-reference.js';
import { registerSampleList } from './sample-list.js';

interface DrawOptions {
  seed?: string;
  confidence: number;
  margin?: number;
  size?: number;
  expected?: number;
}

interface RecordOptions {
  received?: string;
  note?: string;
  corrects?: string;
}

export function registerSamples(program: Command, context: Context): void {
  const text = context.text.sample;
  const sample = program.command('sample').description(text.group);
  const share = (value: string) => Number(matching(/^0?\.\d{1,6}$/, text.options.share)(value));
  const draw = sample
    .command('draw')
    .description(text.draw)
    .argument('<batch>', context.text.batch.batch)
    .option('--seed <text>', text.options.seed)
    .option('--confidence <share>', text.options.confidence, share, 0.95)
    .option('--margin <share>', text.options.margin, share)
    .option('--size <lines>', text.options.size, wholeNumber(context))
    .option('--expected <share>', text.options.expected, share)
    .action((reference: string, options: DrawOptions) => drawSample(context, reference, options));
  withExamples(draw, context, [
    'ansinh sample draw LO-00000042 --margin 0.02',
    'ansinh sample draw LO-00000042 --seed "XSMB 24/11/2026 12345" --confidence 0.9 --size 120',
  ]);
  registerSampleList(sample, context);
  registerRecord(sample, context);
  const estimate = sample
    .command('estimate')
    .description(text.estimate)
    .argument('<sample>', text.sample, matching(idForm, text.sample))
    .action(async (id: string) => printEstimate(context, await context.client.samples.estimate(id)));
  withExamples(estimate, context, ['ansinh sample estimate 0199b2c4-7c1a-7000-8000-000000000042']);
}

function registerRecord(sample: Command, context: Context): void {
  const text = context.text.sample;
  const outcomes = Object.keys(text.outcomes);
  const record = sample
    .command('record')
    .description(text.record)
    .argument('<sample>', text.sample, matching(idForm, text.sample))
    .argument('<payment>', text.payment)
    .argument('<outcome>', `${text.outcome}: ${outcomes.join(', ')}`, oneOf(outcomes, context))
    .option('--received <amount>', text.options.received, amount(context))
    .option('--note <text>', text.options.note)
    .option('--corrects <id>', text.options.corrects)
    .action(async (id: string, payment: string, outcome: string, options: RecordOptions) => {
      const recorded = await context.client.samples.record(id, [{ payment, outcome, ...options }]);
      context.print(recorded, text.recorded);
    });
  withExamples(record, context, [
    'ansinh sample record 0199b2c4-7c1a-7000-8000-000000000042 LO-00000042-0000123 correct',
    'ansinh sample record 0199b2c4-7c1a-7000-8000-000000000042 LO-00000042-0000123 wrongAmount --received 900000',
  ]);
}

async function drawSample(
  context: Context,
  reference: string,
  { margin, size, expected, ...rest }: DrawOptions,
): Promise<void> {
  const id = await batchId(context, reference);
  // Two in a hundred where nothing is said: what auditors commonly tolerate.
  const marginOfError = size === undefined ? (margin ?? 0.02) : undefined;
  const drawn = await context.client.batches.drawSample(id, {
    ...{ ...rest, size, marginOfError, expectedErrorRate: expected },
  });
  context.print(drawn, describeSample(context, drawn));
}

function describeSample(context: Context, sample: Sample): string {
  const { facts: names, from } = context.text.sample;
  return [
    facts([
      [names.id, sample.id],
      [names.batch, sample.batchCode],
      [names.seed, sample.seed],
      [names.confidence, formatShare(sample.confidence, context.language)],
      [names.size, context.count(sample.size)],
      [names.population, from(context.count(sample.lines), context.amount(sample.amount))],
      [names.digest, sample.listDigest],
      [names.method, sample.method],
    ]),
    '',
    strataTable(context, sample.strata),
  ].join('\n');
}

function strataTable(context: Context, strata: Stratum[]): string {
  const { columns, unknownDistrict } = context.text.sample;
  return table(
    [
      { title: columns.district },
      ...[columns.from, columns.lines, columns.amount, columns.sampled].map((title) => ({
        title,
        right: true,
      })),
    ],
    strata.map(({ districtName, amountFrom, lines, amount: sum, sampled }) => [
      districtName ?? unknownDistrict,
      context.amount(amountFrom),
      context.count(lines),
      context.amount(sum),
      context.count(sampled),
    ]),
  );
}

function printEstimate(context: Context, found: SampleEstimate): void {
  const { facts: names, from, between, incomplete } = context.text.sample;
  const { wrongMoney } = found;
  const [recorded, sampled] = [context.count(found.recorded), context.count(found.sampled)];
  const pairs: [string, string][] = [
    [names.population, from(context.count(found.lines), context.amount(found.amount))],
    [names.recorded, `${recorded} / ${sampled}`],
    [names.found, context.amount(found.found)],
  ];
  if (wrongMoney) {
    const confidence = formatShare(found.confidence, context.language);
    pairs.push(
      [names.estimate, context.amount(wrongMoney.estimate)],
      [names.standardError, context.amount(wrongMoney.standardError)],
      [
        names.interval(confidence),
        between(context.amount(wrongMoney.lower), context.amount(wrongMoney.upper)),
      ],
    );
  }
  context.print(found, [facts(pairs), '', foundTable(context, found)].join('\n'));
  if (wrongMoney) return;
  context.note(incomplete(recorded, sampled));
  context.exitCode = exitCodes.wrongFound;
}

function foundTable(context: Context, { strata }: SampleEstimate): string {
  const { columns, unknownDistrict } = context.text.sample;
  return table(
    [
      { title: columns.district },
      ...[columns.from, columns.sampled, columns.recorded, columns.wrong, columns.wrongAmount].map(
        (title) => ({
          title,
          right: true,
        }),
      ),
    ],
    strata.map((stratum) => [
      stratum.districtName ?? unknownDistrict,
      context.amount(stratum.amountFrom),
      context.count(stratum.sampled),
      context.count(stratum.recorded),
      context.count(stratum.wrong),
      context.amount(stratum.wrongAmount),
    ]),
  );
}
