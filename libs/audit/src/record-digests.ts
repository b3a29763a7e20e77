import { rowsByKeptPlan, type Transaction } from '@ansinh/database';

/**
 * What the before and after digests of a service's audit log are of.
 * @param records SQL by kind of record: the whole row, and what belongs to it, as one `jsonb`, by the key $1
 * @returns SHA-256 of a record as it stands in the transaction, hex; null when there is none. Its row is locked by then.
 */
export function recordDigests<Kind extends string>(records: Readonly<Record<Kind, string>>) {
  return async (tx: Transaction, kind: Kind, key: string): Promise<string | null> => {
    const [row] = await rowsByKeptPlan<{ digest: string | null }>(
      tx,
      `SELECT encode(sha256(convert_to((${records[kind]})::text, 'UTF8')), 'hex') AS digest`,
      [key],
    );
    return row!.digest;
  };
}
