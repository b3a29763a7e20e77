import { setTimeout as sleep } from 'node:timers/promises';
import { type BackendFactory, createPostgresBackend } from 'bullmq';

/** Before whoever failed may try again. */
const pauseMs = 1_000;

/** What is needed of BullMQ's backend on PostgreSQL beyond its published face (6.7.0; the version is pinned). */
interface Backend {
  readyPromise?: Promise<void>;
  connection: { readyPromise?: Promise<void>; bootstrap: () => Promise<void> };
  moveToActive: (...args: unknown[]) => Promise<unknown>;
}

/**
 * BullMQ's backend on PostgreSQL, for a database that is sometimes away. Left to itself it remembers for ever that its first
 * connection failed: a queue then takes nothing any more, and a worker asks again in a circle so tight that its process
 * does nothing else until its memory is full. Here a failure is forgotten, and costs a second.
 */
export const createSteadyBackend = ((...args: Parameters<BackendFactory>) => {
  const backend = createPostgresBackend(
    ...(args as Parameters<typeof createPostgresBackend>),
  ) as unknown as Backend;
  const { connection } = backend;
  const bootstrap = connection.bootstrap.bind(connection);
  connection.bootstrap = () =>
    afterPause(bootstrap, () => {
      connection.readyPromise = undefined;
      backend.readyPromise = undefined;
    });
  const moveToActive = backend.moveToActive.bind(backend);
  backend.moveToActive = (...job) => afterPause(() => moveToActive(...job));
  return backend;
}) as unknown as BackendFactory;

/** What fails does so no more than once a second. */
async function afterPause<T>(work: () => Promise<T>, onFailure?: () => void): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await sleep(pauseMs);
    onFailure?.();
    throw error;
  }
}
