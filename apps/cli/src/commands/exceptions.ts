import type { Command } from 'commander';
import { everyItem, type ExceptionAction, type PaymentException } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { choice, wholeNumber, withExamples } from '../usage.js';
import { batchId } from './batch-reference.js';

const actions: readonly ExceptionAction[] = ['recordAsPaid', 'recordAsReturned', 'noAction', 'claimedBack'];

interface ListOptions {
  status: string;
  batch?: string;
  code?: string;
  limit: number;
}

export function registerExceptions(program: Command, context: Context): void {
  const text = context.text.money;
  const exceptions = program.command('exceptions').description(text.exceptionsGroup);
  const list = exceptions
    .command('list', { isDefault: true })
    .description(text.exceptionsList)
    .addOption(
      choice('--status <status>', text.options.status, ['open', 'resolved', 'all'], context).default('open'),
    )
    .option('--batch <batch>', text.options.batch)
    .option('--code <code>', text.options.code)
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action((options: ListOptions) => listExceptions(context, options));
  withExamples(list, context, [
    'ansinh exceptions',
    'ansinh exceptions list --batch LO-00000042 --status all',
  ]);
  const assign = exceptions
    .command('assign')
    .description(text.exceptionsAssign)
    .argument('<id>', text.exception)
    .argument('<owner>', text.owner)
    .action(async (id: string, owner: string) =>
      context.print(await context.client.exceptions.assign(id, owner), text.assigned(owner)),
    );
  withExamples(assign, context, ['ansinh exceptions assign 0199b2c4-… operator']);
  const resolve = exceptions
    .command('resolve')
    .description(text.exceptionsResolve)
    .argument('<id>', text.exception)
    .addOption(choice('--action <action>', text.options.action, actions, context).makeOptionMandatory())
    .requiredOption('--note <text>', text.options.note)
    .action(async (id: string, options: { action: ExceptionAction; note: string }) =>
      context.print(await context.client.exceptions.resolve(id, options), text.resolved),
    );
  withExamples(resolve, context, [
    'ansinh exceptions resolve 0199b2c4-… --action claimedBack --note "Ngân hàng đã hoàn 1 đồng"',
  ]);
}

async function listExceptions(context: Context, { status, batch, code, limit }: ListOptions): Promise<void> {
  const query = {
    status: status === 'all' ? undefined : status,
    batchId: batch && (await batchId(context, batch)),
    code,
  };
  const all = everyItem((page) => context.client.exceptions.list({ ...query, ...page }));
  await printItems(context, all, limit, (found) => exceptionTable(context, found));
}

function exceptionTable(context: Context, exceptions: PaymentException[]): string {
  const { columns } = context.text.money;
  return table(
    [
      { title: columns.id },
      { title: columns.code },
      { title: columns.status },
      { title: columns.payment },
      { title: columns.expected, right: true },
      { title: columns.reported, right: true },
      { title: columns.owner },
    ],
    exceptions.map((exception) => [
      exception.id,
      exception.code,
      exception.status,
      exception.endToEndId,
      context.amount(exception.expectedAmount),
      context.amount(exception.observedAmount),
      exception.owner ?? '',
    ]),
  );
}
