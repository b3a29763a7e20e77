import { createHash } from 'node:crypto';
import type { Transaction } from '@ansinh/database';
import { writePain001 } from '@ansinh/iso20022';
import { findPlace } from '@ansinh/places';
import type { Sealer } from '@ansinh/sealing';
import type { BankProfileContent } from '../bank-profile/bank-profile.dto.js';
import { messageProfileOf } from '../bank-profile/bank-profiles.js';
import { endToEndId } from '../batch/batch.entity.js';
import { openLines } from '../list-import/sealed-lines.js';

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

interface PaymentRow {
  row_no: number;
  amount: string;
  payee_name: string;
  bank_bin: string;
  place_code: string;
  remittance: string | null;
}

export const chunkSourceColumns = `chunk.batch_number, chunk.chunk_no, chunk.first_row, chunk.last_row, chunk.message_id,
  chunk.created_at, fund.account_bin, fund.account_number, fund.account_name,
  (SELECT content FROM bank_profile JOIN batch ON batch.bank_profile = bank_profile.digest
   WHERE batch.number = chunk.batch_number) AS profile`;

/**
 * Builds the pain.001 of a chunk. Everything in it comes from rows that no longer change, so the same chunk gives the
 * same bytes today, after a crash, and on another machine.
 */
export async function buildMessage(
  tx: Transaction,
  sealer: Sealer,
  chunk: ChunkSource,
): Promise<{ message: Buffer; digest: string }> {
  // Each line by its key, whatever the planner believes: OFFSET 0 keeps it from another join, which is quadratic in the
  // chunk where statistics are older than the rows, or reads the whole batch for each chunk.
  const rows = (await tx.query(
    `SELECT payment.row_no, payment.amount, line.payee_name, line.bank_bin, line.place_code, line.remittance
     FROM payment CROSS JOIN LATERAL (
       SELECT payee_name, bank_bin, place_code, remittance FROM payment_line
       WHERE payment_line.batch_number = payment.batch_number AND payment_line.row_no = payment.row_no OFFSET 0) line
     WHERE payment.batch_number = $1 AND payment.row_no BETWEEN $2 AND $3 ORDER BY payment.row_no`,
    [chunk.batch_number, chunk.first_row, chunk.last_row],
  )) as PaymentRow[];
  const sealed = await openLines(tx, sealer, chunk.batch_number, chunk.first_row, chunk.last_row);
  const createdAt = vietnamInstant(chunk.created_at);
  const createdOn = createdAt.slice(0, 10);
  const transfers = rows.map((row) => {
    const line = sealed.get(row.row_no);
    if (!line?.account) throw new Error(`row ${row.row_no} of batch ${chunk.batch_number} has no account`);
    return {
      endToEndId: endToEndId(chunk.batch_number, row.row_no),
      amount: BigInt(row.amount),
      creditorName: row.payee_name,
      creditorAccount: line.account,
      creditorBin: row.bank_bin,
      creditorTown: townOf(row.place_code, createdOn),
      remittance: row.remittance,
    };
  });
  const message = writePain001(
    {
      messageId: chunk.message_id,
      createdAt,
      initiatingParty: { name: chunk.account_name },
      paymentInformationId: chunk.message_id,
      executionOn: createdOn,
      debtor: { name: chunk.account_name, account: chunk.account_number, agentBin: chunk.account_bin },
      profile: messageProfileOf(chunk.profile),
    },
    transfers,
  );
  return { message, digest: createHash('sha256').update(message).digest('hex') };
}

/** What the place was called on that day: a code may be another place's later, the message stays as it was. */
function townOf(placeCode: string, on: string): string | null {
  return (findPlace(placeCode, on) ?? findPlace(placeCode))?.name ?? null;
}

/** Viet Nam has kept UTC+7 without daylight saving since 1975. */
function vietnamInstant(at: Date): string {
  return `${new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
