import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { clientOf } from './bulk.js';
import { PatientClient } from './patient-client.js';
import { type OfficeScope, scopeToKeep, systemWhereSeen } from './scope.js';
import { statementSpan } from './statement-spans.js';
import type { Transaction } from './transaction.js';

export interface PlannedQuery {
  sql: string;
  parameters: unknown[];
  /** Whether each connection keeps its plan, until it ends: of few texts, whatever is asked. */
  isKept: boolean;
  /**
   * A record that all rows of the statement belong to: where the office sees it they are read as the system. Policies would ask for
   * the record again with each of thousands of rows. Where it does not they hold, and show nothing of it.
   */
  of?: { table: string; id: string };
}

/** Rows of one statement. */
export type AskPlanned = <Row>(query: PlannedQuery) => Promise<Row[]>;

/**
 * Statements in a transaction of its own each, for the few that are asked all day: there planning takes longer than
 * running, and the ways to the server and back take longer than both. So each connection plans one once, and the statement
 * is on its way together with the scope that it is to run in, in a transaction that ends with it. Where the scope cannot be entered it
 * is not run. All go by one connection: who waited for it once does not wait again.
 */
export async function askPlanned<Answer>(
  dataSource: DataSource,
  scope: OfficeScope,
  work: (ask: AskPlanned) => Promise<Answer>,
): Promise<Answer> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PatientClient;
    return await work((query) => rowsOf(client, scope, query));
  } finally {
    await runner.release();
  }
}

async function rowsOf<Row>(
  client: PatientClient,
  scope: OfficeScope,
  { sql, parameters, isKept, of }: PlannedQuery,
): Promise<Row[]> {
  const span = statementSpan(sql);
  try {
    const statement = { name: isKept ? nameOf(sql) : undefined, text: sql, values: parameters };
    const steps = [scopeToKeep(scope), ...(of ? [systemWhereSeen(of)] : [])];
    return (await client.queryWithin(steps, statement)).rows as Row[];
  } finally {
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
