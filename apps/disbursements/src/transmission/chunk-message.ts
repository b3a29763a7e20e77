import type { Transaction } from '@ansinh/database';
import type { BankProfileContent } from '../bank-profile/bank-profile.dto.js';
import { messageProfileOf } from '../bank-profile/bank-profiles.js';
import { readBlocks } from '../list-import/sealed-lines.js';
import type { MessageParts } from './message-text.js';

/** What a message is made of: a chunk, and the fund that pays it. */
export interface ChunkSource {
  batch_number: string;
  chunk_no: number;
  first_row: number;
  last_row: number;
  message_id: string;
  created_at: Date;
  account_bin: string;
  account_number: string;
  account_name: string;
  /** As it was when the list was checked; null for a batch of before there were profiles. */
  profile: BankProfileContent | null;
}

export const chunkSourceColumns = `chunk.batch_number, chunk.chunk_no, chunk.first_row, chunk.last_row, chunk.message_id,
  chunk.created_at, fund.account_bin, fund.account_number, fund.account_name,
  (SELECT content FROM bank_profile JOIN batch ON batch.bank_profile = bank_profile.digest
   WHERE batch.number = chunk.batch_number) AS profile`;

/**
 * Reads what the pain.001 of a chunk is written of. Everything in it comes from rows that no longer change, so the same
 * chunk gives the same bytes today, after a crash, and on another machine.
 */
export async function readMessage(tx: Transaction, chunk: ChunkSource): Promise<MessageParts> {
  const range = [chunk.batch_number, chunk.first_row, chunk.last_row];
  // Each line by its key, whatever the planner believes: OFFSET 0 keeps it from another join, which is quadratic in the
  // chunk where statistics are older than the rows, or reads the whole batch for each chunk. One text, not 5,000 rows:
  // taking rows apart is work of the thread that waits for PostgreSQL. Fields and lines cannot hold the separators: the
  // importer refuses control characters.
  const [payments] = (await tx.query(
    `SELECT string_agg(concat_ws(E'\\x1f', payment.row_no, payment.amount, payment.account_key, line.bank_bin,
                                 line.place_code, line.payee_name, line.remittance), E'\\x1e' ORDER BY payment.row_no) AS lines
     FROM payment CROSS JOIN LATERAL (
       SELECT payee_name, bank_bin, place_code, remittance FROM payment_line
       WHERE payment_line.batch_number = payment.batch_number AND payment_line.row_no = payment.row_no OFFSET 0) line
     WHERE payment.batch_number = $1 AND payment.row_no BETWEEN $2 AND $3`,
    range,
  )) as { lines: string }[];
  const { account_bin, account_name, account_number, profile, created_at, ...parts } = chunk;
  return {
    batchNumber: parts.batch_number,
    messageId: parts.message_id,
    createdAt: vietnamInstant(created_at),
    payer: { name: account_name, account: account_number, agentBin: account_bin },
    profile: messageProfileOf(profile),
    payments: payments!.lines,
    blocks: await readBlocks(tx, chunk.batch_number, chunk.first_row, chunk.last_row),
  };
}

/** Viet Nam has kept UTC+7 without daylight saving since 1975. */
function vietnamInstant(at: Date): string {
  return `${new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
