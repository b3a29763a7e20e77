import type { DataSource, EntityManager } from 'typeorm';
import { traced } from '@ansinh/telemetry';

/** A transaction in being: the first argument of whatever joins it. */
export type Transaction = EntityManager;

/** Serialization failure and deadlock: PostgreSQL asks for the whole transaction again. */
const retryable = new Set(['40001', '40P01']);
const attemptsMax = 5;

export function sqlState(error: unknown): string | undefined {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  const state = driverError?.code ?? code;
  return typeof state === 'string' ? state : undefined;
}

/** Name of the constraint that refused a row, where one did. */
export function violatedConstraint(error: unknown): string | undefined {
  const { constraint, driverError } = (error ?? {}) as {
    constraint?: string;
    driverError?: { constraint?: string };
  };
  return driverError?.constraint ?? constraint;
}

/**
 * Runs `work` in one transaction, again from its start when PostgreSQL asks for it, five times at most.
 * `work` may run more than once: it holds no HTTP, Redis or queue call, only SQL.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await traced('transaction', { attributes: { attempt } }, () => dataSource.transaction(work));
    } catch (error) {
      if (attempt >= attemptsMax || !retryable.has(sqlState(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * 2 ** attempt * Math.random()));
    }
  }
}
