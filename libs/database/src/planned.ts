import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { clientOf } from './bulk.js';
import { PatientClient } from './patient-client.js';
import { type Scope, scopeStatement } from './scope.js';
import { statementSpan } from './statement-spans.js';
import type { Transaction } from './transaction.js';

export interface PlannedQuery {
  sql: string;
  parameters: unknown[];
  /** Whether each connection keeps its plan, until it ends: of few texts, whatever is asked. */
  isKept: boolean;
  /** Settings that the statement is to run under. */
  settings?: ReadonlyMap<string, number>;
}

/**
 * Rows of one statement in a transaction of its own, for the few that are asked all day: there planning takes longer than
 * running, and the ways to the server and back take longer than both. So each connection plans it once, and the statement
 * is on its way together with the scope that it is to run in and the end of its transaction. Where the scope cannot be
 * entered, the statement runs under the login, which sees nothing.
 */
export async function plannedRows<Row>(
  dataSource: DataSource,
  scope: Exclude<Scope, 'owner'>,
  { sql, parameters, isKept, settings = new Map() }: PlannedQuery,
): Promise<Row[]> {
  const set = [...settings].map(([name, value]) => `; SET LOCAL ${name} = ${value}`);
  const runner = dataSource.createQueryRunner();
  const span = statementSpan(sql);
  try {
    const client = (await runner.connect()) as PatientClient;
    const [, found] = await client.queryTogether([
      `START TRANSACTION READ ONLY; ${scopeStatement(scope)}${set.join('')}`,
      { name: isKept ? nameOf(sql) : undefined, text: sql, values: parameters },
      'COMMIT',
    ]);
    return found!.rows as Row[];
  } finally {
    await runner.release();
    span?.end();
  }
}

/**
 * Rows of one statement inside a transaction, by a plan that its connection keeps: for the few texts that stand in every command. Where
 * a text reads several tables under the policies of offices, planning it takes ten times as long as running it.
 */
export async function rowsByKeptPlan<Row>(
  tx: Transaction,
  sql: string,
  parameters: unknown[],
): Promise<Row[]> {
  const client = await clientOf(tx);
  const span = statementSpan(sql);
  try {
    return (await client.query({ name: nameOf(sql), text: sql, values: parameters })).rows as Row[];
  } finally {
    span?.end();
  }
}

const nameOf = (sql: string) => hash('sha256', sql).slice(0, 40);
