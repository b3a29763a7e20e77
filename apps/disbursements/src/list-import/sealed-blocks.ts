import { createHash } from 'node:crypto';
import type { Transaction } from '@ansinh/database';
import type { ResealedRow, SealedTable } from '@ansinh/key-rotation';
import { placeOf } from './sealed-lines.js';

/** Blocks of signed lists: the database lets one change only when exactly these bytes were noted before. */
export const sealedBlocks: SealedTable = {
  name: 'sealed_block',
  column: 'sealed',
  key: { batch_number: 'bigint', block_no: 'int' },
  place: ({ batch_number, block_no }) => placeOf(batch_number!, Number(block_no)),
  // Some megabytes: a transaction short enough that an import of the same batch does not wait.
  rowsPerStep: 100,
  note: noteReseal,
};

async function noteReseal(tx: Transaction, rotationId: string, rows: readonly ResealedRow[]): Promise<void> {
  await tx.query(
    `INSERT INTO block_reseal (rotation_id, batch_number, block_no, before_digest, after_digest)
     SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::bytea[], $5::bytea[])`,
    [
      rotationId,
      rows.map(({ columns }) => columns['batch_number']),
      rows.map(({ columns }) => columns['block_no']),
      rows.map(({ sealed }) => hashOf(sealed)),
      rows.map(({ anew }) => hashOf(anew)),
    ],
  );
}

const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
