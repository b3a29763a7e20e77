import pg from 'pg';

/**
 * Nobody gave a connection back in time. Not a problem that is thrown on: whoever works on a list must not take it for a refusal of
 * the list. A request ends with 503 by it (`toProblem`).
 */
class NoConnection extends Error {
  readonly statusCode = 503;
  readonly retryAfterSeconds = 5;
}

/** What the pool says when a caller has waited for too long: for a connection that is in use, or for a new one. */
const waitedInVain = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
]);

const named = (error: Error) =>
  waitedInVain.has(error.message) ? new NoConnection(error.message, { cause: error }) : error;

type Connected = Parameters<pg.Pool['connect']>[0];

class ServicePool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (!callback)
      return super.connect().catch((error: Error) => {
        throw named(error);
      });
    super.connect((error, client, release) => callback(error && named(error), client, release));
  }
}

/** `pg` with that pool, as TypeORM takes a driver. */
export const serviceDriver: typeof pg = Object.create(pg, { Pool: { value: ServicePool } });
