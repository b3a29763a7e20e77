import { createHash } from 'node:crypto';
import type { Transaction } from '@ansinh/database';
import { confirmationsOf, knownAt } from '@ansinh/law-confirmations';
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

/**
 * The law by which this province decides: the carried one with its own rows that a second person approved, and with what
 * named persons have confirmed.
 */
export async function lawOf(tx: Transaction): Promise<Policy> {
  return (await lawsOf(tx))(null);
}

/**
 * The law as it was recorded at an instant, so that a decision of that time can be made again: what was approved or confirmed
 * later is left out. Null is now.
 */
export async function lawsOf(tx: Transaction): Promise<(recordedAt: Date | null) => Policy> {
  const rows = await approvedRows(tx);
  const confirmations = await confirmationsOf(tx);
  return (recordedAt) => opening(knownAt(rows, recordedAt), knownAt(confirmations, recordedAt));
}

/** Rows of the province that a second person approved, in the order in which they were entered. */
export async function approvedRows(tx: Transaction): Promise<(AddedRow & { at: Date })[]> {
  return (await tx.query(
    `SELECT law_verdict.at, parameter, law AS row, instrument FROM law_row JOIN law_verdict ON row_id = id
     WHERE verdict = 'approved' ORDER BY id`,
  )) as (AddedRow & { at: Date })[];
}

const openedMax = 8;
const opened = new Map<string, Policy>();

/** A catalogue is checked whole when it is opened: once for each state of the tables, not once a request. */
function opening(rows: readonly AddedRow[], confirmations: readonly Confirmation[]): Policy {
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
