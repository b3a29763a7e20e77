import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { sweptProblem } from '@ansinh/uploads';
import { importProblems } from './import.problems.js';
import type { Chunk } from './import-apply.sql.js';
import type { ImportKind } from './import-columns.js';

/** Rows that enter in one transaction: half a second. */
export const rowsPerChunk = 10_000;

interface FoundImport {
  kind: ImportKind;
  rows: number;
  taken_up: number;
  swept_at: Date | null;
}

const cutIntoChunks = `
INSERT INTO import_chunk (import_id, first_row, last_row)
SELECT id, first_row, least(first_row + ${rowsPerChunk} - 1, rows)
FROM registry_import, generate_series(1, rows, ${rowsPerChunk}) AS first_row WHERE id = $1`;

const takeChunk = (ofOthers: 'SKIP LOCKED' | '') => `
DELETE FROM import_chunk WHERE import_id = $1 AND first_row = (
  SELECT first_row FROM import_chunk WHERE import_id = $1 ORDER BY first_row LIMIT 1 FOR UPDATE ${ofOthers})
RETURNING first_row - 1 AS after, last_row AS to`;

/**
 * Takes the next chunk of a list, which waits again if the transaction does not commit. People enter several chunks at a time,
 * once the first one is there; households, employers and their people one after another, for a row may refer to one of another chunk.
 * @throws ProblemError IMPORT_NOT_FOUND, IMPORT_DONE, IMPORT_SWEPT
 */
export async function claimChunk(tx: Transaction, id: string): Promise<{ kind: ImportKind; rows: Chunk }> {
  const find = async (lock: '' | 'FOR UPDATE' | 'FOR KEY SHARE') => {
    const sql = `SELECT kind, rows, taken_up, swept_at FROM registry_import WHERE id = $1 ${lock}`;
    const [found] = (await tx.query(sql, [id])) as FoundImport[];
    if (!found) throw new ProblemError(importProblems.notFound);
    return found;
  };
  const seen = await find('');
  const isShared = seen.kind === 'people' && seen.taken_up > 0;
  const found = await find(isShared ? 'FOR KEY SHARE' : 'FOR UPDATE');
  if (found.taken_up === found.rows) throw new ProblemError(importProblems.done);
  if (found.swept_at !== null) throw sweptProblem(importProblems.swept, found.swept_at);
  if (found.taken_up === 0) await tx.query(cutIntoChunks, [id]);
  // Where others have all that is left, it is waited for: theirs may come back.
  for (const ofOthers of ['SKIP LOCKED', ''] as const) {
    const [[rows]] = (await tx.query(takeChunk(ofOthers), [id])) as [Omit<Chunk, 'id'>[]];
    if (rows) return { kind: found.kind, rows: { id, ...rows } };
  }
  throw new ProblemError(importProblems.done);
}
