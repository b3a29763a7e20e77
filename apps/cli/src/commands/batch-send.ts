import type { Command } from 'commander';
import type { BatchState } from '@ansinh/client';
import type { Context } from '../context.js';
import { printBatch } from '../output/batch-summary.js';
import { choice, withExamples } from '../usage.js';
import { followUntil, waypoints } from './batch-follow.js';
import { batchId } from './batch-reference.js';

/** `batch send`, `pause`, `resume`, `watch` and `close`: from approved to closed. */
export function registerBatchSending(batches: Command, context: Context): void {
  const text = context.text.batch;
  registerTransmission(batches, context, 'send');
  const pause = batches
    .command('pause')
    .description(text.pause)
    .argument('<batch>', text.batch)
    .action(async (reference: string) =>
      printBatch(context, await context.client.batches.pause(await batchId(context, reference))),
    );
  withExamples(pause, context, ['ansinh batch pause LO-00000042']);
  registerTransmission(batches, context, 'resume');
  const close = batches
    .command('close')
    .description(text.close)
    .argument('<batch>', text.batch)
    .action(async (reference: string) =>
      printBatch(context, await context.client.batches.close(await batchId(context, reference))),
    );
  withExamples(close, context, ['ansinh batch close LO-00000042']);
  const watch = batches
    .command('watch')
    .description(text.watch)
    .argument('<batch>', text.batch)
    .addOption(choice('--until <state>', text.options.until, waypoints, context).default('reconciled'))
    .action(async (reference: string, { until }: { until: BatchState }) =>
      followUntil(context, await batchId(context, reference), until),
    );
  withExamples(watch, context, [
    'ansinh batch watch LO-00000042',
    'ansinh batch watch LO-00000042 --until transmitted --json',
  ]);
}

/** Sending and going on after a pause are one command of the service; two words, because people look for both. */
function registerTransmission(batches: Command, context: Context, verb: 'send' | 'resume'): void {
  const text = context.text.batch;
  const command = batches
    .command(verb)
    .description(text[verb])
    .argument('<batch>', text.batch)
    .option('--watch', text.options.watch)
    .action(async (reference: string, { watch }: { watch?: boolean }) => {
      const batch = await context.client.batches.transmit(await batchId(context, reference));
      if (watch) await followUntil(context, batch.id, 'reconciled');
      else printBatch(context, batch);
    });
  withExamples(command, context, [`ansinh batch ${verb} LO-00000042 --watch`]);
}
