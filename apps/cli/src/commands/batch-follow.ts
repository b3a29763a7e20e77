import type { Batch, BatchState } from '@ansinh/client';
import type { Context } from '../context.js';
import { exitCodes } from '../failure.js';
import { printBatch } from '../output/batch-summary.js';
import { type Report, startProgress } from '../output/progress.js';

/** The way of a batch that goes well; the other states are ends aside of it. */
const way: readonly BatchState[] = [
  'draft',
  'checking',
  'checked',
  'submitted',
  'approved',
  'transmitting',
  'transmitted',
  'reconciled',
  'closed',
];

export const waypoints: readonly BatchState[] = way.slice(1);

/** Follows the check to its end and prints what it found; exit code 3 when the list cannot be submitted as it is. */
export async function followCheck(context: Context, id: string): Promise<void> {
  const batch = await awaitCheck(context, id);
  if (!isBlocked(batch)) return;
  context.note(context.text.batch.blocked);
  context.exitCode = exitCodes.wrongFound;
}

/** The same without a judgement: for a command that was about something else, and is done. */
export async function awaitCheck(context: Context, id: string): Promise<Batch> {
  const { checking } = context.text.batch;
  const describe = ({ rows }: Batch): Report => ({ label: checking, done: rows });
  const batch = await follow(context, id, ({ state }) => state !== 'checking', describe);
  printBatch(context, batch);
  return batch;
}

/** Follows until `state` or a later one; exit code 3 when the batch ends in another way. */
export async function followUntil(context: Context, id: string, state: BatchState): Promise<void> {
  const hasArrived = (batch: Batch): boolean => way.indexOf(batch.state) >= way.indexOf(state);
  const batch = await follow(context, id, hasArrived, (moved) => settledOf(context, moved));
  printBatch(context, batch);
  if (!hasArrived(batch)) context.exitCode = exitCodes.wrongFound;
}

async function follow(
  context: Context,
  id: string,
  hasArrived: (batch: Batch) => boolean,
  describe: (batch: Batch) => Report,
): Promise<Batch> {
  const progress = startProgress(context, 'rows');
  let last: Batch | undefined;
  try {
    for await (const batch of context.client.batches.watch(id)) {
      last = batch;
      progress.update(describe(batch));
      if (hasArrived(batch)) break;
    }
  } finally {
    progress.stop();
  }
  return last ?? context.client.batches.get(id);
}

function settledOf(context: Context, { code, state, totals, chunks }: Batch): Report {
  const { states, sending, facts } = context.text.batch;
  const files = chunks.total > 0 ? `; ${facts.files}: ${facts.filesOf(chunks.accepted, chunks.total)}` : '';
  return {
    label: `${code} ${states[state]}${files}; ${sending}`,
    done: totals.paid.count + totals.returned.count + totals.refused.count,
    total: totals.approved.count,
  };
}

/** Lines set aside no longer block; a finding on the list as a whole (the fund does not suffice) always does. */
function isBlocked({ onBlocking, findings, kept }: Batch): boolean {
  if (kept === 0) return true;
  const counts = (code: string): boolean => onBlocking === 'stop' || code === 'INSUFFICIENT_FUND';
  return Object.entries(findings).some(([code, { block, waived }]) => block > waived && counts(code));
}
