import type { Transaction } from '@ansinh/database';
import type { Direction } from '@ansinh/iso20022';
import { move, post } from '../fund/ledger.js';
import { settleBatch } from '../transmission/settle-batch.js';
import {
  acceptByEvidence,
  bookOutcomes,
  countOutcomes,
  dropKnownExceptions,
  hasEarlierOutcomes,
  judge,
  movedAmounts,
  raiseExceptions,
  releaseReturned,
} from './reconcile.sql.js';

interface StatementKey {
  id: string;
  fundId: string;
}

export interface Reconciled {
  matched: number;
  known: number;
  exceptions: number;
}

/**
 * Matches the rows in the temporary table `incoming` with what we asked the bank for. Set-based: one judgement and a few
 * statements a direction, however many rows. Batches, then the fund, are locked first.
 */
export async function reconcile(tx: Transaction, statement: StatementKey): Promise<Reconciled> {
  const batches = (await tx.query(
    `SELECT number FROM batch WHERE number IN (SELECT DISTINCT batch_number FROM incoming) ORDER BY number FOR NO KEY UPDATE`,
  )) as { number: string }[];
  await tx.query('SELECT FROM fund WHERE id = $1 FOR NO KEY UPDATE', [statement.fundId]);
  await tx.query(dropKnownExceptions, [statement.fundId]);
  const told = (await tx.query('SELECT DISTINCT direction FROM incoming')) as { direction: Direction }[];
  const result = { matched: 0, known: 0, exceptions: 0 };
  for (const direction of ['debit', 'credit'] as const) {
    if (!told.some((row) => row.direction === direction)) continue;
    const { matched, known, exceptions } = await reconcileDirection(tx, statement, direction);
    result.matched += matched;
    result.known += known;
    result.exceptions += exceptions;
  }
  for (const { number } of batches) await settleBatch(tx, number);
  return result;
}

async function reconcileDirection(
  tx: Transaction,
  statement: StatementKey,
  direction: Direction,
): Promise<Reconciled> {
  const [earlier] = (await tx.query(hasEarlierOutcomes)) as { found: boolean }[];
  await tx.query(judge(earlier!.found), [statement.fundId, direction]);
  const [counts] = (await tx.query(
    `SELECT count(*) FILTER (WHERE verdict IN ('paid', 'returned'))::int AS matched,
            count(*) FILTER (WHERE verdict = 'known')::int AS known FROM judged`,
  )) as { matched: number; known: number }[];
  if (counts!.matched > 0) {
    await tx.query(bookOutcomes, [statement.id]);
    if (direction === 'credit') await tx.query(releaseReturned);
    await tx.query(countOutcomes);
    await bookLedger(tx, statement, direction);
    await tx.query(acceptByEvidence, ['unknown', 'sending']);
    await tx.query(acceptByEvidence, ['sending', 'accepted']);
  }
  const raised = (await tx.query(raiseExceptions, [statement.fundId, statement.id])) as object[];
  await tx.query('DROP TABLE judged');
  return { matched: counts!.matched, known: counts!.known, exceptions: raised.length };
}

async function bookLedger(tx: Transaction, statement: StatementKey, direction: Direction): Promise<void> {
  const moved = (await tx.query(movedAmounts)) as {
    batch_number: string;
    paid: string;
    returned_paid: string;
    returned_unpaid: string;
  }[];
  for (const { batch_number, paid, returned_paid, returned_unpaid } of moved) {
    const book = (name: string, postings: ReturnType<typeof move>) =>
      post(tx, {
        fundId: statement.fundId,
        kind: 'outcome',
        reference: `${statement.id}/${batch_number}/${direction}/${name}`,
        batchNumber: batch_number,
        postings,
      });
    await book('paid', move('inFlight', 'paid', BigInt(paid)));
    await book('returned', move('paid', 'available', BigInt(returned_paid)));
    await book('returned-unpaid', move('inFlight', 'available', BigInt(returned_unpaid)));
  }
}
