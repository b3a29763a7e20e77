import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { Batch } from '../batch/batch.entity.js';
import { recoveryProblems } from './recovery.problems.js';
import type { RecoveryState } from './recovery.states.js';

/** `due`: the bank was not asked yet, or knows more than the books; else where a recovery stands, if one runs. */
type Standing = 'open' | 'due' | Exclude<RecoveryState, 'ended'>;

/**
 * What stands between the books and the banks. Nothing goes there before the bank was asked since PostgreSQL started: a
 * start is how a backup comes back. Where it knew more than the books, not before a recovery; and not while one runs.
 */
const standing = `
SELECT coalesce((SELECT state FROM recovery WHERE state <> 'ended'), (
  SELECT 'open' FROM bank_comparison compared
  WHERE compared.server_started_at = pg_postmaster_start_time()
    AND (compared.verdict = 'agrees'
         OR EXISTS (SELECT FROM recovery WHERE recovery.server_started_at = compared.server_started_at))), 'due') AS standing`;

export async function sendingStanding(tx: Transaction): Promise<Standing> {
  const [row] = (await tx.query(standing)) as { standing: Standing }[];
  return row!.standing;
}

/** Asked under the lock of the batch: a recovery takes those locks before it begins, so that none slips past it. */
export async function isSendingOpen(tx: Transaction): Promise<boolean> {
  return (await sendingStanding(tx)) === 'open';
}

/** @throws ProblemError SENDING_CLOSED */
export async function requireSendingOpen(tx: Transaction): Promise<void> {
  if (await isSendingOpen(tx)) return;
  throw new ProblemError(recoveryProblems.sendingClosed, {
    detail: {
      vi: 'Hãy xem: ansinh recover status. Nếu ngân hàng biết nhiều hơn sổ sách: ansinh recover begin.',
      en: 'Look at: ansinh recover status. Where the bank knows more than the books: ansinh recover begin.',
    },
  });
}

/**
 * In the books that were lost, a batch may have been approved and sent under this number with another list. The bank would
 * then take the new one for the old, so that its people are never paid: the list comes again under a new number.
 * @throws ProblemError BATCH_BEFORE_RESTORE
 */
export async function requireAfterRestore(tx: Transaction, batch: Batch): Promise<void> {
  const [earlier] = (await tx.query('SELECT FROM recovery WHERE last_skipped >= $1 LIMIT 1', [
    batch.number,
  ])) as object[];
  if (!earlier) return;
  throw new ProblemError(recoveryProblems.beforeRestore, {
    detail: {
      vi: 'Ngân hàng có thể đã nhận một danh sách khác dưới mã lô này. Hãy hủy lô và nhập lại danh sách vào lô mới.',
      en: 'The bank may have got another list under this number. Cancel the batch and import the list into a new one.',
    },
  });
}
