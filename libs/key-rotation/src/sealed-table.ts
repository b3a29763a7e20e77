import type { Transaction } from '@ansinh/database';

/** A table with sealed bytes, whose key version stands in the first two of them. */
export interface SealedTable {
  name: string;
  /** Of the sealed bytes. */
  column: string;
  /** Columns that tell one row from another, with their types; rows are sealed anew in their order. */
  key: Record<string, string>;
  /** Further columns that `place` needs. */
  beside?: string[];
  /** What the seal is bound to; every column as text. */
  place(row: Record<string, string>): string;
  /** Rows of one transaction: short enough that nobody waits for it. */
  rowsPerStep: number;
  /** What has to be written before the rows are. */
  note?(tx: Transaction, rotationId: string, rows: readonly ResealedRow[]): Promise<void>;
}

/** Every table of the service with sealed bytes. */
export const sealedTables = Symbol('sealed tables');

export interface SealedRow {
  columns: Record<string, string>;
  sealed: Buffer;
}

export interface ResealedRow extends SealedRow {
  anew: Buffer;
}

/** How many rows are under each version, and where one of them is. */
export async function countVersions(
  tx: Transaction,
  { name, column }: SealedTable,
): Promise<{ version: number; count: number; at: string }[]> {
  return (await tx.query(
    `SELECT key_version(${column}) AS version, count(*)::int AS count, min(ctid)::text AS at FROM ${name}
     WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
  )) as { version: number; count: number; at: string }[];
}

/** The row at a place that `countVersions` gave; undefined where it was changed since. */
export async function rowAt(tx: Transaction, table: SealedTable, at: string): Promise<SealedRow | undefined> {
  const [row] = await rowsOf(tx, table, 'ctid = $1::tid', '', [at]);
  return row;
}

/** The next rows under older versions, behind a place and locked; those that somebody else holds are passed over. */
export function nextRows(
  tx: Transaction,
  table: SealedTable,
  toVersion: number,
  after: string[] | null,
): Promise<SealedRow[]> {
  const key = Object.entries(table.key);
  const columns = key.map(([column]) => `${table.name}.${column}`).join(', ');
  const place = key.map(([, type], index) => `($2::text[])[${index + 1}]::${type}`).join(', ');
  return rowsOf(
    tx,
    table,
    `key_version(${table.column}) < $1 AND ($2::text[] IS NULL OR (${columns}) > (${place}))`,
    `ORDER BY ${columns} LIMIT ${table.rowsPerStep} FOR UPDATE SKIP LOCKED`,
    [toVersion, after],
  );
}

async function rowsOf(
  tx: Transaction,
  { name, column, key, beside = [] }: SealedTable,
  where: string,
  rest: string,
  values: unknown[],
): Promise<SealedRow[]> {
  const texts = [...Object.keys(key), ...beside].map((text) => `${text}::text AS ${text}`);
  const rows = (await tx.query(
    `SELECT ${texts.join(', ')}, ${column} AS sealed_bytes FROM ${name} WHERE ${column} IS NOT NULL AND ${where} ${rest}`,
    values,
  )) as (Record<string, string> & { sealed_bytes: Buffer })[];
  return rows.map(({ sealed_bytes: sealed, ...columns }) => ({ columns, sealed }));
}

export async function writeRows(
  tx: Transaction,
  { name, column, key }: SealedTable,
  rows: readonly ResealedRow[],
): Promise<void> {
  const keys = Object.entries(key);
  const arrays = keys.map(([, type], index) => `$${index + 1}::${type}[]`);
  const same = keys.map(([of]) => `${name}.${of} = anew.${of}`).join(' AND ');
  await tx.query(
    `UPDATE ${name} SET ${column} = anew.sealed_bytes
     FROM unnest(${arrays.join(', ')}, $${keys.length + 1}::bytea[])
       AS anew (${keys.map(([of]) => of).join(', ')}, sealed_bytes)
     WHERE ${same}`,
    [...keys.map(([of]) => rows.map(({ columns }) => columns[of])), rows.map(({ anew }) => anew)],
  );
}
