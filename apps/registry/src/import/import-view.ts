import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { ImportView } from './import.dto.js';
import { importProblems } from './import.problems.js';

/** What was found, by kind of remark. */
export const findingsNow = `(
  SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'isBlocking', is_blocking, 'rows', rows) ORDER BY code), '[]')
  FROM (SELECT code, is_blocking, count(DISTINCT row_no)::int AS rows FROM import_finding
        WHERE import_id = registry_import.id GROUP BY code, is_blocking) counted)`;

/** Counted where remarks come, not by each chunk that is asked for; lists of before have no counts yet. */
export const countedFindings = `coalesce(counted_findings, ${findingsNow})`;

const columns = `id, kind, file_digest AS "fileDigest", rows, blocked, warned, taken_up AS applied, entered, ${countedFindings} AS findings,
  kept_until::text AS "keptUntil", swept_at AS "sweptAt", created_by AS "createdBy", created_at AS "createdAt"`;

type ImportRow = Omit<ImportView, 'createdAt' | 'sweptAt'> & { createdAt: Date; sweptAt: Date | null };

const viewOf = ({ createdAt, sweptAt, ...row }: ImportRow): ImportView => ({
  ...row,
  sweptAt: sweptAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

/** @throws ProblemError IMPORT_NOT_FOUND */
export async function viewImport(tx: Transaction, id: string): Promise<ImportView> {
  const [row] = (await tx.query(`SELECT ${columns} FROM registry_import WHERE id = $1`, [id])) as ImportRow[];
  if (!row) throw new ProblemError(importProblems.notFound);
  return viewOf(row);
}

/** The newest first: their ids go by time. @param before the last one of the page before */
export async function viewImports(
  tx: Transaction,
  before: string | null,
  limit: number,
): Promise<ImportView[]> {
  const rows = (await tx.query(
    `SELECT ${columns} FROM registry_import WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
    [before, limit],
  )) as ImportRow[];
  return rows.map(viewOf);
}
