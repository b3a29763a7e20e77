import type { DataSource } from 'typeorm';
import { PatientClient } from './patient-client.js';
import { type Scope, scopeStatement } from './scope.js';
import { statementSpan } from './statement-spans.js';

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
    statement_timeout: secondsMax * 1_000,
  });
  try {
    await client.connect();
    await client.query(`START TRANSACTION READ ONLY; ${scopeStatement(scope)}`);
    return (await client.query(sql, parameters)).rows as Row[];
  } finally {
    // Nothing was written: the end of the connection ends the transaction.
    await client.end();
    span?.end();
  }
}
