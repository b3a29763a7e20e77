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
  payments: number;
  amount: string;
  message_id: string;
  created_at: Date;
  account_bin: string;
  account_number: string;
  account_name: string;
  /** As it was when the list was checked; null for a batch of before there were profiles. */
  profile: BankProfileContent | null;
}

export const chunkSourceColumns = `chunk.batch_number, chunk.chunk_no, chunk.first_row, chunk.last_row, chunk.payments,
  chunk.amount, chunk.message_id, chunk.created_at, fund.account_bin, fund.account_number, fund.account_name,
  (SELECT content FROM bank_profile JOIN batch ON batch.bank_profile = bank_profile.digest
   WHERE batch.number = chunk.batch_number) AS profile`;

/**
 * Reads what the pain.001 of a chunk is written of. Everything in it comes from rows that no longer change, so the same
 * chunk gives the same bytes today, after a crash, and on another machine.
 */
export async function readMessage(tx: Transaction, chunk: ChunkSource): Promise<MessageParts> {
  const range = [chunk.batch_number, chunk.first_row, chunk.last_row];
  // Of the signed list alone, of which the payments are copies: looking up each line for its payment cost more than half of the
  // reading. Neither changes once they are approved, and number and sum must be those of the chunk. One text, not 5,000 rows:
  // taking rows apart is work of the thread that waits for PostgreSQL. Fields and lines cannot hold the separators: the importer
  // refuses control characters.
  const [read] = (await tx.query(
    `SELECT string_agg(concat_ws(E'\\x1f', row_no, amount, account_key, bank_bin, place_code, payee_name, remittance),
                       E'\\x1e' ORDER BY row_no) AS lines,
            count(*)::int AS payments, sum(amount)::text AS amount
     FROM payment_line WHERE batch_number = $1 AND row_no BETWEEN $2 AND $3 AND NOT set_aside`,
    range,
  )) as { lines: string; payments: number; amount: string }[];
  if (read!.payments !== chunk.payments || read!.amount !== chunk.amount)
    throw new Error(`${chunk.message_id}: the lines of the list are not the payments that were approved`);
  const { account_bin, account_name, account_number, profile, created_at } = chunk;
  return {
    batchNumber: chunk.batch_number,
    messageId: chunk.message_id,
    createdAt: vietnamInstant(created_at),
    payer: { name: account_name, account: account_number, agentBin: account_bin },
    profile: messageProfileOf(profile),
    payments: read!.lines,
    blocks: await readBlocks(tx, chunk.batch_number, chunk.first_row, chunk.last_row),
  };
}

/** Viet Nam has kept UTC+7 without daylight saving since 1975. */
function vietnamInstant(at: Date): string {
  return `${new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
