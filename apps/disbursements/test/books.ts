import type { DataSource } from 'typeorm';

/** Everything that an event may change, by table. */
const tables = [
  'batch',
  'payment_line',
  'finding',
  'waiver',
  'decision',
  'chunk',
  'payment',
  'payment_outcome',
  'payment_exception',
  'follow_up_line',
  'sample',
  'ledger_account',
  'ledger_transaction',
  'ledger_posting',
  'statement',
  'statement_entry',
  'bank_cursor',
  'audit_event',
];

/** Each of our tables as one digest: equal digests, equal rows. */
export async function booksOf(dataSource: DataSource): Promise<Record<string, string>> {
  const columns = tables.map(
    (table) =>
      `(SELECT coalesce(md5(string_agg(md5(line::text), '' ORDER BY md5(line::text))), '') FROM ${table} line) AS ${table}`,
  );
  const [row] = (await dataSource.query(`SELECT ${columns.join(', ')}`)) as Record<string, string>[];
  return row!;
}
