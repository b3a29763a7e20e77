import type { Command } from 'commander';
import { type Access, everyItem, type PurposeCode } from '@ansinh/client';
import type { Context } from '../context.js';
import { UsageError } from '../failure.js';
import { printItems } from '../output/items.js';
import { formatInstant } from '../output/numbers.js';
import { facts, table } from '../output/table.js';
import { choice, matching, wholeNumber, withExamples } from '../usage.js';
import { batchId } from './batch-reference.js';
import { purposeCodes, purposeOf, type PurposeOptions, withPurpose } from './purpose.js';

const paymentForm = /^(LO-\d{8,18})-(\d{1,9})$/i;

/** `payee` and `access-log`: seeing who is behind a payment, and who saw it. */
export function registerAccess(program: Command, context: Context): void {
  const text = context.text.privacy;
  const payee = program.command('payee').description(text.payee).argument('<payment>', text.payment);
  withPurpose(payee, context).action((payment: string, options: PurposeOptions) =>
    showPayee(context, payment, options),
  );
  withExamples(payee, context, [
    'ansinh payee LO-00000042-0000123',
    'ansinh payee LO-00000042-0000123 --purpose inspection --note "Kế hoạch kiểm tra 12/KH-TTr" --as auditor',
  ]);
  const log = program
    .command('access-log')
    .description(text.log)
    .option('--actor <user>', text.options.actor)
    .option('--subject <record>', text.options.subject)
    .addOption(choice('--purpose <purpose>', text.options.purpose, purposeCodes, context))
    .option('--day <day>', text.options.day, matching(/^\d{4}-\d{2}-\d{2}$/, text.dayForm))
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action((options: LogOptions) => showLog(context, options));
  withExamples(log, context, [
    'ansinh access-log --as auditor',
    'ansinh access-log --subject batch/LO-00000042 --day 2026-11-25 --as auditor',
  ]);
}

async function showPayee(context: Context, payment: string, options: PurposeOptions): Promise<void> {
  const [, batch, row] = paymentForm.exec(payment) ?? [];
  if (batch === undefined) throw new UsageError(context.text.privacy.notPayment(payment));
  const purpose = purposeOf(context, options);
  const found = await context.client.batches.payee(await batchId(context, batch), Number(row), purpose);
  const { titles } = context.text.privacy;
  context.print(
    found,
    facts([
      [titles.payment, found.endToEndId],
      [titles.name, found.payeeName ?? ''],
      [titles.citizenNumber, found.payeeId ?? ''],
      [titles.bank, found.bankBin ?? ''],
      [titles.account, found.account ?? ''],
    ]),
  );
}

interface LogOptions {
  actor?: string;
  subject?: string;
  purpose?: PurposeCode;
  day?: string;
  limit: number;
}

async function showLog(context: Context, { limit, ...filter }: LogOptions): Promise<void> {
  const all = everyItem((page) => context.client.accessLog({ ...filter, ...page }));
  await printItems(context, all, limit, (found) => logTable(context, found));
}

function logTable(context: Context, accesses: Access[]): string {
  const { titles, purposes } = context.text.privacy;
  return table(
    [
      { title: titles.at },
      { title: titles.reader },
      { title: titles.office },
      { title: titles.subject },
      { title: titles.numbers, right: true },
      { title: titles.purpose },
      { title: titles.note },
    ],
    accesses.map((access) => [
      formatInstant(access.at, context.language),
      access.name,
      access.actorOffice,
      access.subject,
      context.count(access.numbers),
      purposes[access.purpose],
      access.note,
    ]),
  );
}
