import type { Transaction } from '@ansinh/database';
import type { Batch } from '../batch/batch.entity.js';

/**
 * SHA-256 of what a checker signs: every kept line in order (keyed hashes for payee, account and obligation), and the
 * waivers. Hashed by blocks of 1,000 lines and then over the blocks, so that no value grows with the list; each block is
 * a range of the primary key, whose order saves sorting.
 * Fields cannot contain the separator: the importer refuses control characters.
 */
export async function digestOfList(tx: Transaction, batch: Batch): Promise<string> {
  const [row] = (await tx.query(
    `SELECT encode(sha256(coalesce(string_agg(part, ''::bytea ORDER BY block), ''::bytea) || convert_to($2, 'UTF8')), 'hex') AS digest
     FROM (
       SELECT block, (
         SELECT sha256(convert_to(string_agg(
                  concat_ws(E'\\x1f', row_no, payee_key, account_key, obligation_key, amount, bank_bin, place_code,
                            payee_name, remittance), E'\\x1e' ORDER BY row_no), 'UTF8'))
         FROM payment_line
         WHERE batch_number = $1 AND row_no BETWEEN block * 1000 + 1 AND block * 1000 + 1000 AND NOT set_aside) AS part
       FROM generate_series(0, (SELECT max(row_no) - 1 FROM payment_line WHERE batch_number = $1) / 1000) AS block
     ) blocks`,
    [batch.number, await waiversOf(tx, batch)],
  )) as { digest: string }[];
  return row!.digest;
}

async function waiversOf(tx: Transaction, batch: Batch): Promise<string> {
  const waivers: unknown = await tx.query(
    `SELECT id, code, rows, reason, actor_id FROM waiver
     WHERE batch_number = $1 AND import_number = $2 ORDER BY id`,
    [batch.number, batch.importNumber],
  );
  return JSON.stringify(waivers);
}
