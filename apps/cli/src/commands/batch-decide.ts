import type { Command } from 'commander';
import type { Context } from '../context.js';
import { refusal, UsageError } from '../failure.js';
import { batchSummary, printBatch } from '../output/batch-summary.js';
import { ask, canAsk } from '../session/ask.js';
import { withExamples } from '../usage.js';
import { batchId, findBatch } from './batch-reference.js';

interface ApproveOptions {
  digest?: string;
  yes?: boolean;
}

/** `batch submit`, `approve`, `reject` and `cancel`: what a person decides and signs. */
export function registerBatchDecisions(batches: Command, context: Context): void {
  const text = context.text.batch;
  const submit = batches
    .command('submit')
    .description(text.submit)
    .argument('<batch>', text.batch)
    .action(async (reference: string) =>
      printBatch(context, await context.client.batches.submit(await batchId(context, reference))),
    );
  withExamples(submit, context, ['ansinh batch submit LO-00000042 --as maker']);
  const approve = batches
    .command('approve')
    .description(text.approve)
    .argument('<batch>', text.batch)
    .option('--digest <digest>', text.options.digest)
    .option('-y, --yes', text.options.yes)
    .action((reference: string, options: ApproveOptions) => approveBatch(context, reference, options));
  withExamples(approve, context, [
    'ansinh batch approve LO-00000042 --as checker1',
    'ansinh batch approve LO-00000042 --as checker2 --digest 4f1c…',
  ]);
  registerWithReason(batches, context, 'reject', 'ansinh batch reject LO-00000042 --reason "Sai kỳ chi"');
  registerWithReason(batches, context, 'cancel', 'ansinh batch cancel LO-00000042 --reason "Lập trùng"');
}

function registerWithReason(
  batches: Command,
  context: Context,
  verb: 'reject' | 'cancel',
  example: string,
): void {
  const text = context.text.batch;
  const command = batches
    .command(verb)
    .description(text[verb])
    .argument('<batch>', text.batch)
    .requiredOption('--reason <text>', text.options.reason)
    .action(async (reference: string, { reason }: { reason: string }) =>
      printBatch(context, await context.client.batches[verb](await batchId(context, reference), reason)),
    );
  withExamples(command, context, [example]);
}

/**
 * Signs the digest of the list as it stands, or of the one that the approver names. On a terminal the batch is shown
 * and confirmed first; in a script the call itself is the decision.
 */
async function approveBatch(
  context: Context,
  reference: string,
  { digest, yes }: ApproveOptions,
): Promise<void> {
  const text = context.text.batch;
  const batch = await findBatch(context, reference);
  if (!batch.digest) throw refusal(409, 'BATCH_STATE', text.noDigest);
  if (digest !== undefined && digest !== batch.digest) {
    throw refusal(409, 'DIGEST_MISMATCH', text.otherDigest(batch.digest));
  }
  if (!yes && digest === undefined && canAsk(context)) {
    context.note(batchSummary(context, batch));
    const question = text.confirm(batch.code, context.count(batch.kept), context.amount(batch.amount));
    const answer = (await ask(context, question)).trim().normalize('NFC');
    if (!text.yes.test(answer)) throw new UsageError(text.notConfirmed);
  }
  printBatch(context, await context.client.batches.approve(batch.id, batch.digest));
}
