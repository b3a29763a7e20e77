import type { Command } from 'commander';
import {
  type AccessPurpose,
  everyItem,
  type Finding,
  type ListType,
  type Severity,
  type Waiver,
} from '@ansinh/client';
import type { Context } from '../context.js';
import { writeOut } from '../output/file.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';
import { awaitCheck } from './batch-follow.js';
import { batchId } from './batch-reference.js';
import { listTypes } from './list-types.js';
import { purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

interface FindingsOptions extends PurposeOptions {
  code?: string;
  severity?: Severity;
  limit: number;
  format?: string;
  flawed?: boolean;
  output?: string;
}

/** `batch findings`, `waive` and `waivers`: what the check found, and what is accepted of it. */
export function registerBatchFindings(batches: Command, context: Context): void {
  const text = context.text.batch;
  const findings = batches
    .command('findings')
    .description(text.findings)
    .argument('<batch>', text.batch)
    .option('--code <code>', text.options.code)
    .addOption(choice('--severity <severity>', text.options.severity, ['block', 'warn'], context))
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .addOption(choice('--format <format>', text.options.format, ['csv', 'xlsx'], context))
    .option('--flawed', text.options.flawed)
    .option('-o, --output <file>', text.options.output);
  withPurpose(findings, context).action((reference: string, options: FindingsOptions) =>
    showFindings(context, reference, options),
  );
  withExamples(findings, context, [
    'ansinh batch findings LO-00000042 --severity block',
    'ansinh batch findings LO-00000042 --format xlsx --flawed -o remarks.xlsx',
    'ansinh batch findings LO-00000042 --format xlsx --flawed -o remarks.xlsx --note "Sửa danh sách theo CV 45"',
  ]);
  const waive = batches
    .command('waive')
    .description(text.waive)
    .argument('<batch>', text.batch)
    .requiredOption('--code <code>', text.options.waivedCode)
    .option('--row <numbers...>', text.options.rows, rowsOf(context))
    .requiredOption('--reason <text>', text.options.reason)
    .action(async (reference: string, options: { code: string; row?: number[]; reason: string }) => {
      const { code, row: rows, reason } = options;
      const id = await batchId(context, reference);
      await context.client.batches.waive(id, { code, rows, reason });
      // The service checks the list again: two lines that now both stand may be one obligation.
      await awaitCheck(context, id);
    });
  withExamples(waive, context, [
    'ansinh batch waive LO-00000042 --code NAME_MISMATCH --row 17 230 --reason "Đã đối chiếu căn cước"',
  ]);
  const waivers = batches
    .command('waivers')
    .description(text.waivers)
    .argument('<batch>', text.batch)
    .action(async (reference: string) => {
      const id = await batchId(context, reference);
      const { items } = await context.client.batches.waivers(id);
      await printItems(context, items, undefined, (given) => waiverTable(context, given));
    });
  withExamples(waivers, context, ['ansinh batch waivers LO-00000042']);
}

function rowsOf(context: Context): (value: string, before?: number[]) => number[] {
  const parse = wholeNumber(context);
  return (value, before = []) => [...before, parse(value)];
}

async function showFindings(context: Context, reference: string, options: FindingsOptions): Promise<void> {
  const { code, severity, limit, format, flawed, output } = options;
  const id = await batchId(context, reference);
  const type = format && listTypes[format];
  if (type) {
    const purpose = purposeOf(context, options, 'listCorrection');
    await saveFindings(context, id, { type, rows: flawed ? 'flawed' : 'all', purpose }, output);
    return;
  }
  const found = everyItem((page) => context.client.batches.findings(id, { code, severity, ...page }));
  await printItems(context, found, limit, (findings) => findingTable(context, findings));
}

async function saveFindings(
  context: Context,
  id: string,
  list: { type: ListType; rows: 'all' | 'flawed'; purpose: AccessPurpose | undefined },
  output: string | undefined,
): Promise<void> {
  await writeOut(context, output, (to) => context.client.batches.downloadFindings(id, list, to));
  if (output) context.print({ file: output }, context.text.general.saved(output));
}

function findingTable(context: Context, findings: Finding[]): string {
  const { columns, severities, wholeList } = context.text.batch;
  return table(
    [
      { title: columns.row, right: true },
      { title: columns.severity },
      { title: columns.finding },
      { title: columns.column },
      { title: columns.value },
      { title: columns.message },
    ],
    findings.map((finding) => [
      finding.row > 0 ? String(finding.row) : wholeList,
      finding.waived ? columns.waived.toLowerCase() : severities[finding.severity],
      finding.code,
      finding.column ?? '',
      finding.value ?? '',
      finding.message[context.language],
    ]),
  );
}

function waiverTable(context: Context, waivers: Waiver[]): string {
  const { columns, allRows } = context.text.batch;
  return table(
    [columns.finding, columns.row, columns.by, columns.reason].map((title) => ({ title })),
    waivers.map(({ code, rows, name, reason }) => [code, rows?.join(' ') ?? allRows, name, reason]),
  );
}
