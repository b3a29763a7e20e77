import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, cursorOf, inTransaction, readCursor, type Transaction } from '@ansinh/database';
import type { FollowQuery } from '@ansinh/service';
import type { Batch } from '../batch/batch.entity.js';
import { findBatch } from '../batch/batch.service.js';
import type { BatchState } from '../batch/batch.states.js';
import type { OutcomePage, OutcomeStatus } from './outcome.dto.js';

/**
 * Where a reader stands. Lines that the approval left out come before all chunks, the whole list of a cancelled batch behind
 * them; between them are chunks, in the order in which something became known of their payments.
 */
interface Position {
  outcomeNo: string;
  chunkNo: number;
  row: number;
}

interface OutcomeRow {
  outcome_no: string;
  chunk_no: number;
  row_no: number;
  status: OutcomeStatus;
  amount: string | null;
  booked_on: string | null;
  reason: string | null;
  findings: string[];
}

const beginning: Position = { outcomeNo: '0', chunkNo: 0, row: 0 };
/** No chunk has the number 0: nothing more of what was left out. */
const behindSetAside: Position = { outcomeNo: '0', chunkNo: 1, row: 0 };
/** Farther than any clock goes. */
const ofCancelled = '999999999999999999';

const listFrozen: readonly BatchState[] = [
  'approved',
  'transmitting',
  'paused',
  'transmitted',
  'reconciled',
  'closed',
];

/** What became of the lines of a batch, for the programme that sent its list. */
@Injectable()
export class OutcomeService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * What became known behind a cursor. Where nothing did, only chunks are read, of which there is one to thousands of payments:
   * to ask again is cheap.
   * @throws ProblemError BATCH_NOT_FOUND
   */
  async list(batchId: string, { after, limit }: FollowQuery, actor: Actor): Promise<OutcomePage> {
    const key = readCursor(after, 'number', 'row', 'row');
    const from: Position = key
      ? { outcomeNo: String(key[0]), chunkNo: Number(key[1]), row: Number(key[2]) }
      : beginning;
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      // Who sees the batch sees all of it; the policies would be asked for each line.
      const { rows, isLast, to } = await asSystem(tx, () => read(tx, batch, from, limit));
      return {
        batchState: batch.state,
        listDigest: batch.listDigest,
        items: rows.map((row) => ({
          row: row.row_no,
          status: row.status,
          amount: row.amount,
          bookedOn: row.booked_on,
          reason: row.reason,
          findings: row.findings,
        })),
        next: to === beginning ? null : cursorOf([to.outcomeNo, to.chunkNo, to.row]),
        isLast,
      };
    });
  }
}

interface Reading {
  rows: OutcomeRow[];
  /** Behind the last of them. */
  to: Position;
  isLast: boolean;
}

async function read(tx: Transaction, batch: Batch, from: Position, limit: number): Promise<Reading> {
  if (batch.state === 'cancelled') return readCancelled(tx, batch, from, limit);
  if (!listFrozen.includes(batch.state)) return { rows: [], to: from, isLast: true };
  if (from.outcomeNo !== '0' || from.chunkNo > 0) return readChunks(tx, batch, from, limit);
  const left = batch.setAside === 0 ? [] : await setAside(tx, batch, from, limit);
  // The next page begins with the chunks: there may be something of them already.
  if (left.length < limit) return { rows: left, to: behindSetAside, isLast: false };
  return { rows: left, to: positionOf(left.at(-1)!), isLast: false };
}

const positionOf = ({ outcome_no, chunk_no, row_no }: OutcomeRow): Position => ({
  outcomeNo: outcome_no,
  chunkNo: chunk_no,
  row: row_no,
});

async function setAside(
  tx: Transaction,
  batch: Batch,
  { row }: Position,
  limit: number,
): Promise<OutcomeRow[]> {
  return (await tx.query(`${leftOut} AND line.set_aside ORDER BY row_no LIMIT $4`, [
    batch.number,
    '0',
    row,
    limit,
  ])) as OutcomeRow[];
}

/** Nothing of it is paid: each line comes once more, after whatever was told of it. */
async function readCancelled(tx: Transaction, batch: Batch, from: Position, limit: number): Promise<Reading> {
  const row = from.outcomeNo === ofCancelled ? from.row : 0;
  const rows = (await tx.query(`${leftOut} ORDER BY row_no LIMIT $4`, [
    batch.number,
    ofCancelled,
    row,
    limit,
  ])) as OutcomeRow[];
  const last = rows.at(-1);
  return { rows, to: last ? positionOf(last) : from, isLast: rows.length < limit };
}

/** Lines that are not paid, and why those were set aside that were: `$1` batch, `$2` place of them, `$3` row, `$4` limit. */
const leftOut = `
SELECT $2 AS outcome_no, 0 AS chunk_no, line.row_no, line.amount, NULL AS booked_on, NULL AS reason,
  CASE WHEN line.set_aside THEN 'setAside' ELSE 'cancelled' END AS status,
  ARRAY(SELECT DISTINCT code FROM finding
        WHERE line.set_aside AND finding.batch_number = line.batch_number AND finding.row_no = line.row_no
          AND severity = 'block' AND waiver_id IS NULL ORDER BY code) AS findings
FROM payment_line line
WHERE line.batch_number = $1 AND line.row_no > $3`;

/** As many chunks as fill a page, and their lines by one statement. */
async function readChunks(tx: Transaction, batch: Batch, from: Position, limit: number): Promise<Reading> {
  const chunks = (await tx.query(nextChunks, [
    batch.number,
    from.outcomeNo,
    from.chunkNo,
    limit,
  ])) as ChunkRow[];
  if (chunks.length === 0) return { rows: [], to: from, isLast: true };
  const isRest = (chunk: ChunkRow) => chunk.outcome_no === from.outcomeNo && chunk.chunk_no === from.chunkNo;
  const rows = (await tx.query(linesOfChunks, [
    batch.number,
    chunks.map(({ outcome_no }) => outcome_no),
    chunks.map(({ chunk_no }) => chunk_no),
    chunks.map((chunk) => (isRest(chunk) ? from.row : 0)),
    Math.min(...chunks.map(({ first_row }) => first_row)),
    Math.max(...chunks.map(({ last_row }) => last_row)),
    limit + 1,
  ])) as OutcomeRow[];
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { rows: items, to: last ? positionOf(last) : from, isLast: rows.length <= limit };
}

interface ChunkRow {
  outcome_no: string;
  chunk_no: number;
  first_row: number;
  last_row: number;
}

/** Those that begin within the next `$4` lines; the first of them may be the rest of a chunk, and one comes behind them. */
const nextChunks = `
SELECT outcome_no, chunk_no, first_row, last_row FROM (
  SELECT *, sum(CASE WHEN (outcome_no, chunk_no) > ($2::bigint, $3::int) THEN told ELSE 0 END)
            OVER (ORDER BY outcome_no, chunk_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM (SELECT *, paid_count + returned_count + refused_count AS told FROM chunk
        WHERE batch_number = $1 AND outcome_no > 0 AND (outcome_no, chunk_no) >= ($2::bigint, $3::int)) behind) counted
WHERE before IS NULL OR before <= $4
ORDER BY outcome_no, chunk_no`;

/** Line by line, by the key of the outcomes: at most one of a kind, and of two that of the return. */
const linesOfChunks = `
SELECT picked.outcome_no, picked.chunk_no, payment.row_no, told.kind AS status, told.amount, told.booked_on, told.reason,
       '{}'::text[] AS findings
FROM unnest($2::bigint[], $3::int[], $4::int[]) AS picked (outcome_no, chunk_no, after_row)
JOIN payment ON payment.batch_number = $1 AND payment.chunk_no = picked.chunk_no
  AND payment.row_no > picked.after_row AND payment.row_no BETWEEN $5 AND $6
CROSS JOIN LATERAL (
  SELECT kind, amount, booked_on::text AS booked_on, reason FROM payment_outcome outcome
  WHERE outcome.batch_number = payment.batch_number AND outcome.row_no = payment.row_no
  ORDER BY kind = 'returned' DESC LIMIT 1) told
ORDER BY picked.outcome_no, picked.chunk_no, payment.row_no LIMIT $7`;
