import { createHash } from 'node:crypto';
import type { Transaction } from '@ansinh/database';
import {
  type AddedRow,
  type Confirmation,
  nationalCatalogue,
  openPolicy,
  type Policy,
  withParameterRows,
} from '@ansinh/policy';

/** Rows that are entered here are of this province: it needs no code, and keeps its rows when provinces are merged. */
export const ownProvince = 'own';

const openedMax = 8;
const opened = new Map<string, Policy>();

/**
 * The law by which this province decides: the carried one with its own rows that a second person approved, and with what
 * named persons have confirmed.
 * @param recordedAt an instant: by what was approved and confirmed by then, so that a decision of that time can be made again
 */
export async function lawOf(tx: Transaction, recordedAt: string | null = null): Promise<Policy> {
  const rows = await approvedRows(tx, recordedAt);
  const confirmations = (await tx.query(
    `SELECT row_code AS row, digest, confirmed_by_name AS "confirmedBy", confirmed_on::text AS "confirmedOn"
     FROM law_confirmation WHERE $1::timestamptz IS NULL OR at <= $1 ORDER BY row_code, digest`,
    [recordedAt],
  )) as Confirmation[];
  return opening(rows, confirmations);
}

/** Rows of the province, in the order in which they were entered. */
export async function approvedRows(tx: Transaction, recordedAt: string | null = null): Promise<AddedRow[]> {
  return (await tx.query(
    `SELECT parameter, law AS row, instrument FROM law_row JOIN law_verdict ON row_id = id
     WHERE verdict = 'approved' AND ($1::timestamptz IS NULL OR law_verdict.at <= $1) ORDER BY id`,
    [recordedAt],
  )) as AddedRow[];
}

/** A catalogue is checked whole when it is opened: once for each state of the tables, not once a request. */
function opening(rows: AddedRow[], confirmations: Confirmation[]): Policy {
  const key = createHash('sha256')
    .update(JSON.stringify([rows, confirmations]))
    .digest('hex');
  const known = opened.get(key);
  if (known) return known;
  const catalogue = withParameterRows(nationalCatalogue(), rows);
  const policy = openPolicy({ catalogue, confirmations, province: ownProvince });
  if (opened.size >= openedMax) opened.delete(opened.keys().next().value!);
  opened.set(key, policy);
  return policy;
}
