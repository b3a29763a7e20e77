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

/** The same of many records, whose keys are of one type, by one statement. A record that is not there has none. */
export function recordDigestsOfMany<Kind extends string>(
  records: Readonly<Record<Kind, string>>,
  keyType: 'uuid' | 'text',
) {
  return async (tx: Transaction, kind: Kind, keys: readonly string[]): Promise<Map<string, string>> => {
    const rows = await rowsByKeptPlan<{ key: string; digest: string | null }>(
      tx,
      `SELECT wanted.key, encode(sha256(convert_to((${records[kind].replaceAll('$1', 'wanted.key')})::text, 'UTF8')), 'hex') AS digest
       FROM unnest($1::${keyType}[]) AS wanted (key)`,
      [keys],
    );
    return new Map(rows.flatMap(({ key, digest }) => (digest === null ? [] : [[key, digest]])));
  };
}
