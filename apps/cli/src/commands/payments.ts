import type { Command } from 'commander';
import { everyItem, type PayeePayment } from '@ansinh/client';
import type { Context } from '../context.js';
import { printItems } from '../output/items.js';
import { table } from '../output/table.js';
import { wholeNumber, withExamples } from '../usage.js';

export function registerPayments(program: Command, context: Context): void {
  const text = context.text.money;
  const payments = program
    .command('payments')
    .description(text.payments)
    .requiredOption('--payee <number>', text.options.payee)
    .option('--limit <count>', text.options.limit, wholeNumber(context), 100)
    .action(({ payee, limit }: { payee: string; limit: number }) => {
      const all = everyItem((page) => context.client.payments({ payeeId: payee, ...page }));
      return printItems(context, all, limit, (found) => paymentTable(context, found));
    });
  withExamples(payments, context, ['ansinh payments --payee 027000000000']);
}

function paymentTable(context: Context, payments: PayeePayment[]): string {
  const { columns } = context.text.money;
  return table(
    [
      { title: columns.payment },
      { title: columns.batch },
      { title: columns.programme },
      { title: columns.period },
      { title: columns.amount, right: true },
      { title: columns.state },
    ],
    payments.map((payment) => [
      payment.endToEndId,
      payment.batchCode,
      payment.programmeCode,
      payment.period,
      context.amount(payment.amount),
      payment.state,
    ]),
  );
}
