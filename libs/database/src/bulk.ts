import { finished, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import QueryStream from 'pg-query-stream';
import type { DataSource } from 'typeorm';
import { PatientClient } from './patient-client.js';
import { enterScope, type Scope } from './scope.js';
import { statementSpan } from './statement-spans.js';
import type { Transaction } from './transaction.js';

/** The `pg` client under a transaction: for COPY and cursors, which TypeORM does not know. */
export async function clientOf(tx: Transaction): Promise<ClientBase> {
  const runner = tx.queryRunner;
  if (!runner) throw new Error('a bulk statement needs a transaction');
  return (await runner.connect()) as ClientBase;
}

/**
 * A writable end of `COPY … FROM STDIN` (text format) inside the transaction.
 * @param target table and columns, e.g. `payment_line (batch_number, row_no)`
 */
export async function copyInto(tx: Transaction, target: string): Promise<Writable> {
  const client = await clientOf(tx);
  const statement = `COPY ${target} FROM STDIN`;
  const span = statementSpan(statement);
  const copy = client.query(copyFrom(statement));
  finished(copy, () => span?.end());
  return copy;
}

/** Streams text rows into a table by COPY; resolves when PostgreSQL has taken the last one. */
export async function copyRows(tx: Transaction, target: string, rows: Readable): Promise<void> {
  await pipeline(rows, await copyInto(tx, target));
}

/**
 * Rows of a query by a server-side cursor, so that memory does not grow with the result.
 * Holds one connection, and a transaction of the scope, until the last row was read or the loop left.
 */
export async function* streamRows<Row>(
  dataSource: DataSource,
  scope: Scope,
  sql: string,
  parameters: unknown[],
  rowsPerFetch = 1_000,
): AsyncGenerator<Row> {
  const runner = dataSource.createQueryRunner();
  const span = statementSpan(sql);
  try {
    await runner.startTransaction();
    await enterScope(runner.manager, scope);
    const client = (await runner.connect()) as ClientBase;
    const stream = client.query(new QueryStream(sql, parameters, { batchSize: rowsPerFetch }));
    yield* stream as AsyncIterable<Row>;
  } finally {
    // Nothing was written, and a loop that was left has no commit.
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
    span?.end();
  }
}

let cursors = 0;

/**
 * Pages of a query inside the transaction, by a cursor that ends with it. Other statements may run between two pages, which they
 * may not with {@link streamRows}: what they change is not seen by the pages that follow.
 */
export async function* fetchPages<Row>(
  tx: Transaction,
  sql: string,
  parameters: unknown[],
  rowsPerPage = 1_000,
): AsyncGenerator<Row[]> {
  const cursor = `page_cursor_${(cursors += 1)}`;
  await tx.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`, parameters);
  for (;;) {
    const page = (await tx.query(`FETCH ${rowsPerPage} FROM ${cursor}`)) as Row[];
    if (page.length > 0) yield page;
    if (page.length < rowsPerPage) break;
  }
  await tx.query(`CLOSE ${cursor}`);
}

/** Bulk statements may take long, but never for ever: stale statistics once made one run past a minute. */
export async function limitStatement(tx: Transaction, secondsMax: number): Promise<void> {
  await tx.query(`SELECT set_config('statement_timeout', $1, true)`, [String(secondsMax * 1_000)]);
  const client = await clientOf(tx);
  if (client instanceof PatientClient) client.waitFor(secondsMax * 1_000);
}
