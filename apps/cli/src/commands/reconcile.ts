import type { Command } from 'commander';
import type { Reconciliation, Total } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { totalsTable } from '../output/batch-summary.js';
import { withExamples } from '../usage.js';
import { batchId } from './batch-reference.js';

export function registerReconcile(program: Command, context: Context): void {
  const reconcile = program
    .command('reconcile')
    .description(context.text.money.reconcile)
    .argument('<batch>', context.text.batch.batch)
    .action((reference: string) => showReconciliation(context, reference));
  withExamples(reconcile, context, ['ansinh reconcile LO-00000042', 'ansinh reconcile LO-00000042 --json']);
}

/** The identity is added up here again: it must hold in the figures that are shown, not only in the service's opinion. */
async function showReconciliation(context: Context, reference: string): Promise<void> {
  const { balanced, unbalanced, exceptionCounts } = context.text.money;
  const found = await context.client.batches.reconciliation(await batchId(context, reference));
  const sum = sumOf(found);
  const holds =
    found.balanced &&
    sum.count === found.approved.count &&
    BigInt(sum.amount) === BigInt(found.approved.amount);
  context.print(
    { ...found, balanced: holds },
    [
      totalsTable(context, { ...found, sum }),
      '',
      holds ? balanced : unbalanced,
      exceptionCounts(found.exceptions.open, found.exceptions.resolved),
    ].join('\n'),
  );
  if (!holds) context.exitCode = exitCodes.wrongFound;
}

function sumOf({ paid, returned, refused, inFlight }: Reconciliation): Total {
  const parts = [paid, returned, refused, inFlight];
  return {
    count: parts.reduce((sum, part) => sum + part.count, 0),
    amount: parts.reduce((sum, part) => sum + BigInt(part.amount), 0n).toString(),
  };
}
