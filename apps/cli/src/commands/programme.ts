import type { Command } from 'commander';
import { type ApprovalBand, everyItem, type Programme, type Severity } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { registerSupportRun } from './support.js';
import { amount, collecting, matching, withExamples } from '../usage.js';

interface ProgrammeOptions {
  name: string;
  min?: string;
  max?: string;
  severity?: string[];
  band?: string[];
}

export function registerProgramme(program: Command, context: Context): void {
  const text = context.text.programme;
  const { usage } = context.text.general;
  const programme = program.command('programme').description(text.group);
  const list = programme
    .command('list')
    .description(text.list)
    .action(() => {
      const all = everyItem((page) => context.client.programmes.list(page));
      return printItems(context, all, undefined, (programmes) => programmeTable(context, programmes));
    });
  withExamples(list, context, ['ansinh programme list']);
  registerSupportRun(programme, context);
  const set = programme
    .command('set')
    .description(text.set)
    .argument('<code>', text.code)
    .requiredOption('--name <name>', text.name)
    .option('--min <amount>', text.min, amount(context))
    .option('--max <amount>', text.max, amount(context))
    .option(
      '--severity <code=severity>',
      text.severity,
      collecting(matching(/^[A-Z_]+=(block|warn)$/, usage.severity)),
    )
    .option(
      '--band <amount=checkers>',
      text.band,
      collecting(matching(/^([1-9][0-9]{0,14}|\*)=[1-9]$/, usage.band)),
    )
    .action(async (code: string, options: ProgrammeOptions) => {
      const saved = await context.client.programmes.put({
        code,
        name: options.name,
        minAmount: options.min,
        maxAmount: options.max,
        severities: options.severity && severitiesOf(options.severity),
        approvalBands: options.band?.map(bandOf),
      });
      context.print(saved, text.saved(saved.code));
    });
  withExamples(set, context, [
    'ansinh programme set QD-08 --name "Hỗ trợ tiền thuê nhà" --min 500000 --max 3000000',
    'ansinh programme set QD-08 --name "Hỗ trợ tiền thuê nhà" --severity NAME_MISMATCH=block --band 5000000000=1 --band "*=2"',
  ]);
}

function severitiesOf(values: string[]): Record<string, Severity> {
  return Object.fromEntries(values.map((value) => value.split('=') as [string, Severity]));
}

function bandOf(value: string): ApprovalBand {
  const [upTo = '*', checkers] = value.split('=');
  return { upTo: upTo === '*' ? null : upTo, checkers: Number(checkers) };
}

function programmeTable(context: Context, programmes: Programme[]): string {
  const { columns, upTo, above } = context.text.programme;
  const describe = (band: ApprovalBand): string =>
    band.upTo === null ? above(band.checkers) : upTo(context.amount(band.upTo), band.checkers);
  return table(
    [
      { title: columns.code },
      { title: columns.name },
      { title: columns.min, right: true },
      { title: columns.max, right: true },
      { title: columns.bands },
    ],
    programmes.map((programme) => [
      programme.code,
      programme.name,
      context.amount(programme.minAmount),
      context.amount(programme.maxAmount),
      programme.approvalBands.map(describe).join(', '),
    ]),
  );
}
