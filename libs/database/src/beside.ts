import type { DataSource } from 'typeorm';
import { PatientClient } from './patient-client.js';
import { type Scope, scopeStatement } from './scope.js';
import { statementSpan } from './statement-spans.js';
import type { Transaction } from './transaction.js';

interface LongRead {
  sql: string;
  parameters: unknown[];
  secondsMax: number;
}

/**
 * Rows of a long read on a connection of its own, beside a transaction that goes on meanwhile: on a second core, where the
 * two do not need each other. It sees what was committed before, and nothing of that transaction.
 * Not one of the pool: whoever holds one of those and waits for another may wait for ever.
 */
export async function rowsBeside<Row>(
  { options }: DataSource,
  scope: Exclude<Scope, 'owner'>,
  { sql, parameters, secondsMax }: LongRead,
): Promise<Row[]> {
  const { url, applicationName, extra } = options as { url: string; applicationName: string; extra: object };
  const span = statementSpan(sql);
  const client = new PatientClient({
    ...extra,
    connectionString: url,
    application_name: applicationName,
  });
  try {
    await client.connect();
    // Not asked for at the start of the connection, of which a pooler passes nothing on.
    const limit = `SET LOCAL statement_timeout = ${secondsMax * 1_000}`;
    await client.query(`START TRANSACTION READ ONLY; ${limit}; ${scopeStatement(scope)}`);
    client.waitFor(secondsMax * 1_000);
    return (await client.query(sql, parameters)).rows as Row[];
  } finally {
    // Nothing was written: the end of the connection ends the transaction.
    await client.end();
    span?.end();
  }
}

/** For a transaction that waits for what is read beside it: its session is idle meanwhile, and would be ended for that. */
export async function mayWaitForBeside(tx: Transaction, secondsMax: number): Promise<void> {
  await tx.query(`SELECT set_config('idle_in_transaction_session_timeout', $1, true)`, [
    String(secondsMax * 1_000),
  ]);
}
