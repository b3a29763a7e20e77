import type { Batch } from '@ansinh/client';
import type { Context } from '../context.js';
import { refusal, UsageError } from '../failure.js';
import { idForm } from '../usage.js';

const codeForm = /^LO-\d{8,18}$/;

/** The batch behind a code (LO-00000042) or an id. */
export async function findBatch(context: Context, reference: string): Promise<Batch> {
  const { batch: text } = context.text;
  if (idForm.test(reference)) return context.client.batches.get(reference);
  const code = reference.toUpperCase();
  if (!codeForm.test(code)) throw new UsageError(text.notReference(reference));
  const { items } = await context.client.batches.list({ code });
  if (items[0]) return items[0];
  throw refusal(404, 'BATCH_NOT_FOUND', text.unknown(code));
}

export async function batchId(context: Context, reference: string): Promise<string> {
  return idForm.test(reference) ? reference : (await findBatch(context, reference)).id;
}
