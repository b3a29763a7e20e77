import type { Transaction } from '@ansinh/database';
import type { Confirmation } from '@ansinh/policy';

/** Whatever people add to the law is kept with the instant at which it was recorded. */
interface Recorded {
  at: Date;
}

export async function confirmationsOf(tx: Transaction): Promise<(Confirmation & Recorded)[]> {
  return (await tx.query(
    `SELECT at, row_code AS row, digest, confirmed_by_name AS "confirmedBy", confirmed_on::text AS "confirmedOn"
     FROM law_confirmation ORDER BY row_code, digest`,
  )) as (Confirmation & Recorded)[];
}

/** What was recorded by then, so that a decision of that time can be made again; all of it without an instant. */
export function knownAt<Row extends Recorded>(
  rows: readonly Row[],
  recordedAt?: Date | null,
): Omit<Row, 'at'>[] {
  return rows.filter(({ at }) => !recordedAt || at <= recordedAt).map(({ at: _, ...row }) => row);
}
