import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';
import { writeOut } from '../output/file.js';
import { startProgress } from '../output/progress.js';
import { choice, wholeNumber, withExamples } from '../usage.js';

interface GenerateOptions {
  rows: number;
  seed: number;
  format: (typeof formats)[number];
  flawed?: number;
  period?: string;
  programme?: string;
  output?: string;
}

const formats = ['csv', 'ndjson', 'xlsx'] as const;

/** Rows between two looks at the clock. */
const reportEvery = 1_000;

export function registerList(program: Command, context: Context): void {
  const text = context.text.list;
  const list = program.command('list').description(text.group);
  const generate = list
    .command('generate')
    .description(text.generate)
    .requiredOption('--rows <count>', text.rows, wholeNumber(context))
    .option('--seed <number>', text.seed, wholeNumber(context), 1)
    .addOption(choice('--format <format>', text.format, formats, context).default('csv'))
    .option('--flawed <rate>', text.flawed, (value) => rate(context, value))
    .option('--period <period>', context.text.batch.options.period)
    .option('--programme <code>', context.text.batch.options.programme)
    .option('-o, --output <file>', text.output)
    .action((options: GenerateOptions) => generateList(context, options));
  withExamples(generate, context, [
    'ansinh list generate --rows 20000 --seed 7 -o list.csv',
    'ansinh list generate --rows 604000 --seed 7 --flawed 0.01 --format xlsx -o list.xlsx',
  ]);
}

async function generateList(
  context: Context,
  { rows, seed, format, flawed, period, programme, output }: GenerateOptions,
): Promise<void> {
  // Loaded only here: the writer of XLSX would double the start of every other command.
  const { generateRows, writeCsv, writeNdjson, writeXlsx } = await import('@ansinh/samples');
  const write = { csv: writeCsv, ndjson: writeNdjson, xlsx: writeXlsx }[format];
  const progress = startProgress(context, 'rows');
  try {
    const made = generateRows({ rows, seed, flawed, period, programmeCode: programme });
    const reported = reporting(made, (done) =>
      progress.update({ label: context.text.list.generating, done, total: rows }),
    );
    await writeOut(context, output, (to) => write(reported, to));
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  } finally {
    progress.stop();
  }
  if (output) {
    context.print(
      { file: output, rows, seed, format },
      context.text.list.generated(context.count(rows), output),
    );
  }
}

function* reporting<T>(rows: Iterable<T>, report: (done: number) => void): Generator<T, void, undefined> {
  let done = 0;
  for (const row of rows) {
    yield row;
    done += 1;
    if (done % reportEvery === 0) report(done);
  }
}

function rate(context: Context, value: string): number {
  const parsed = /^(0(\.\d+)?|1(\.0+)?)$/.test(value) ? Number(value) : undefined;
  if (parsed === undefined) throw new InvalidArgumentError(context.text.general.usage.rate);
  return parsed;
}
