import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { readEndToEndId } from '../batch/batch-code.js';
import type { BankAnswer } from '../channel/payment-channel.js';
import { move, post } from '../fund/ledger.js';
import { statementProblems } from '../statement/statement.problems.js';

interface ChunkKey {
  batch_number: string;
  chunk_no: number;
  message_id: string;
  fund_id: string;
}

/**
 * Books the lines of a chunk that the bank will not pay: outcome rows, counters, obligations given back, money given back.
 * A line that already has an outcome stays as it is, so an answer that comes twice changes nothing.
 * @throws ProblemError STATUS_UNKNOWN_LINES for lines that are not in the message
 * @param reference of the ledger entry: one for each answer that may bring refusals
 */
export async function bookRefusals(
  tx: Transaction,
  chunk: ChunkKey,
  answer: BankAnswer,
  reference: string,
): Promise<void> {
  const isWhole = answer.verdict === 'refused';
  const lines = answer.refused.flatMap((line) => {
    const id = readEndToEndId(line.endToEndId);
    return id?.batchNumber === chunk.batch_number ? [{ row: id.row, reason: line.reason }] : [];
  });
  if (lines.length !== answer.refused.length) throw new ProblemError(statementProblems.unknownLines);
  if (!isWhole && lines.length === 0) return;
  await requireInChunk(
    tx,
    chunk,
    lines.map(({ row }) => row),
  );
  const [booked] = (await tx.query(
    `WITH told AS (SELECT * FROM unnest($3::int[], $4::text[]) AS line (row_no, reason)),
     booked AS (
       INSERT INTO payment_outcome (batch_number, row_no, kind, amount, reason)
       SELECT payment.batch_number, payment.row_no, 'refused', payment.amount, coalesce(told.reason, $5)
       FROM payment LEFT JOIN told USING (row_no)
       WHERE payment.batch_number = $1 AND payment.chunk_no = $2 AND ($6 OR told.row_no IS NOT NULL)
         AND NOT EXISTS (SELECT FROM payment_outcome earlier
                         WHERE earlier.batch_number = payment.batch_number AND earlier.row_no = payment.row_no)
       RETURNING amount)
     SELECT count(*)::int AS count, coalesce(sum(amount), 0)::bigint AS amount FROM booked`,
    [
      chunk.batch_number,
      chunk.chunk_no,
      lines.map(({ row }) => row),
      lines.map((line) => line.reason),
      answer.reason ?? 'NARR',
      isWhole,
    ],
  )) as { count: number; amount: string }[];
  if (booked!.count === 0) return;
  await tx.query(
    `UPDATE payment SET released = true WHERE batch_number = $1 AND chunk_no = $2 AND NOT released
     AND EXISTS (SELECT FROM payment_outcome outcome WHERE outcome.batch_number = payment.batch_number
                 AND outcome.row_no = payment.row_no AND outcome.kind = 'refused')`,
    [chunk.batch_number, chunk.chunk_no],
  );
  await tx.query(
    `UPDATE chunk SET refused_count = refused_count + $3, refused_amount = refused_amount + $4
     WHERE batch_number = $1 AND chunk_no = $2`,
    [chunk.batch_number, chunk.chunk_no, booked!.count, booked!.amount],
  );
  await post(tx, {
    fundId: chunk.fund_id,
    kind: 'outcome',
    reference,
    batchNumber: chunk.batch_number,
    postings: move('inFlight', 'available', BigInt(booked!.amount)),
  });
}

/** A refusal that was not booked would leave its line in flight for ever, and the bank's answer half read. */
async function requireInChunk(tx: Transaction, chunk: ChunkKey, rows: number[]): Promise<void> {
  const [foreign] = (await tx.query(
    `SELECT FROM unnest($3::int[]) AS told (row_no)
     WHERE NOT EXISTS (SELECT FROM payment WHERE payment.batch_number = $1 AND payment.chunk_no = $2
                       AND payment.row_no = told.row_no) LIMIT 1`,
    [chunk.batch_number, chunk.chunk_no, rows],
  )) as object[];
  if (foreign) throw new ProblemError(statementProblems.unknownLines);
}
