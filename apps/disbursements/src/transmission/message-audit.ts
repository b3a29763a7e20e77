import { recordAudit, worker } from '@ansinh/audit';
import type { Transaction } from '@ansinh/database';
import { digestOf } from '../audit/record-digest.js';

interface Message {
  message_id: string;
  office_code: string;
  fence: string;
}

/** Takes the row lock of a chunk. @returns the digest of what it is; null when there is no such chunk */
export async function lockMessage(
  tx: Transaction,
  batchNumber: string,
  chunkNo: number,
): Promise<string | null> {
  const [chunk] = (await tx.query(
    'SELECT message_id FROM chunk WHERE batch_number = $1 AND chunk_no = $2 FOR UPDATE',
    [batchNumber, chunkNo],
  )) as { message_id: string }[];
  return chunk ? digestOf(tx, 'message', chunk.message_id) : null;
}

/**
 * One event where money moves or stands still for good: handed over for the first time, answered, given up. Attempts
 * between these change no record but the chunk's own, which counts them. The last statement of its transaction.
 */
export async function auditMessage(
  tx: Transaction,
  verb: 'message.send' | 'message.answer' | 'message.giveUp',
  { message_id, office_code, fence }: Message,
  { before, facts }: { before: string | null; facts?: Record<string, unknown> },
): Promise<void> {
  await recordAudit(tx, {
    ...worker,
    office: office_code,
    verb,
    subject: `message/${message_id}`,
    requestId: `lease-${fence}`,
    before,
    after: await digestOf(tx, 'message', message_id),
    facts,
  });
}
