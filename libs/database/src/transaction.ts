import type { DataSource, EntityManager } from 'typeorm';
import { traced } from '@ansinh/telemetry';
import { enterScope, type Scope } from './scope.js';
import { sqlState } from './sql-state.js';

/** A transaction in being: the first argument of whatever joins it. */
export type Transaction = EntityManager;

/** Serialization failure and deadlock: PostgreSQL asks for the whole transaction again. */
const retryable = new Set(['40001', '40P01']);
const attemptsMax = 5;

/**
 * Runs `work` in one transaction of a scope, again from its start when PostgreSQL asks for it, five times at most.
 * `work` may run more than once: it holds no HTTP, Redis or queue call, only SQL.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await traced('transaction', { attributes: { attempt } }, () =>
        dataSource.transaction(async (tx) => {
          await enterScope(tx, scope);
          return work(tx);
        }),
      );
    } catch (error) {
      if (attempt >= attemptsMax || !retryable.has(sqlState(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt * Math.random()));
    }
  }
}
