import { createHash } from 'node:crypto';
import { rowsBeside, type Transaction } from '@ansinh/database';
import type { Batch } from '../batch/batch.entity.js';

const blockRows = 1_000;

/** Blocks `$2` to `$3` of batch `$1`, or to its last row; each is a range of the primary key, whose order saves sorting. */
const blockDigests = `
SELECT string_agg(part, ''::bytea ORDER BY block) AS parts
FROM (
  SELECT block, (
    SELECT sha256(convert_to(string_agg(
             concat_ws(E'\\x1f', row_no, payee_key, account_key, obligation_key, amount, bank_bin, place_code,
                       payee_name, remittance), E'\\x1e' ORDER BY row_no), 'UTF8'))
    FROM payment_line
    WHERE batch_number = $1 AND row_no BETWEEN block * ${blockRows} + 1 AND (block + 1) * ${blockRows} AND NOT set_aside) AS part
  FROM generate_series($2::int, coalesce($3::int, (
    SELECT max(row_no) - 1 FROM payment_line WHERE batch_number = $1) / ${blockRows})) AS block
) blocks`;

interface Blocks {
  parts: Buffer | null;
}

/**
 * SHA-256 of what a checker signs: every kept line in order (keyed hashes for payee, account and obligation), and the
 * waivers. Hashed by blocks of 1,000 lines and then over the blocks, so that no value grows with the list.
 * Fields cannot contain the separator: the importer refuses control characters.
 * The second half is read beside the transaction, which has locked the batch: nobody else changes its lines meanwhile.
 */
export async function digestOfList(tx: Transaction, batch: Batch): Promise<string> {
  const middle = Math.ceil(batch.rows / blockRows / 2);
  const [[first], second] = await Promise.all([
    tx.query(blockDigests, [batch.number, 0, middle - 1]) as Promise<Blocks[]>,
    blocksBeside(tx, batch, middle),
  ]);
  return digestOver([first!, second], await waiversOf(tx, batch));
}

/** The same, all of it beside a transaction that has other work meanwhile and does not touch the lines. */
export async function digestBeside(tx: Transaction, batch: Batch): Promise<string> {
  const waivers = await waiversOf(tx, batch);
  return digestOver([await blocksBeside(tx, batch, 0)], waivers);
}

async function blocksBeside(tx: Transaction, batch: Batch, from: number): Promise<Blocks> {
  const [blocks] = await rowsBeside<Blocks>(tx.dataSource, 'system', {
    sql: blockDigests,
    parameters: [batch.number, from, null],
    secondsMax: 300,
  });
  return blocks!;
}

function digestOver(blocks: Blocks[], waivers: string): string {
  const digest = createHash('sha256');
  for (const { parts } of blocks) if (parts !== null) digest.update(parts);
  return digest.update(waivers).digest('hex');
}

async function waiversOf(tx: Transaction, batch: Batch): Promise<string> {
  const waivers: unknown = await tx.query(
    `SELECT id, code, rows, reason, actor_id FROM waiver
     WHERE batch_number = $1 AND import_number = $2 ORDER BY id`,
    [batch.number, batch.importNumber],
  );
  return JSON.stringify(waivers);
}
