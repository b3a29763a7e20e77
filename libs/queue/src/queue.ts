import { type BackendFactory, type Job, Queue, Worker } from 'bullmq';
import type { Logger } from '@nestjs/common';
import { connectionLimits } from '@ansinh/database';
import { createSteadyBackend } from './steady-backend.js';

/** Where the queues live: on Redis when an URL is given, else in the service's own PostgreSQL (schema `bullmq`). */
export interface QueueSettings {
  redisUrl: string | null;
  databaseUrl: string;
  /** How long a statement of the queue may take in PostgreSQL. */
  statementTimeoutMs: number;
}

/** A hint that something is due. PostgreSQL rows are the truth: a lost hint is given again by the sweeper. */
export interface Hint<Payload> {
  /** Hints with the same id are one while it waits or runs. No `:`, not digits alone (a rule of BullMQ). */
  id: string;
  payload: Payload;
  delayMs?: number;
}

/** Jobs leave nothing behind: what was done is in the rows, and a kept job would swallow the next hint of its id. */
const jobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

/**
 * A worker renews its locks while it lives; when it died, its jobs go to another after this time. A job that runs twice
 * because a lock was lost does no harm: leases and states in PostgreSQL, not these locks, keep two workers apart.
 */
const lockDurationMs = 5_000;
const stalledIntervalMs = 2_000;

/** How long a worker waits before it asks again for jobs, where the queue was away. */
const retryDelayMs = 1_000;

/** Who gives a hint does not wait longer: the sweeper will. */
const giveWaitMs = 2_000;

/** Who listens waits for Redis as long as it takes; who gives fails at once, and keeps nothing for later in memory. */
const redisWaits = {
  giving: { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: giveWaitMs },
  listening: { maxRetriesPerRequest: null },
} as const;

function backend(
  settings: QueueSettings,
  end: keyof typeof redisWaits,
): {
  connection: Record<string, unknown>;
  factory: BackendFactory | undefined;
} {
  if (settings.redisUrl !== null) {
    return { connection: { url: settings.redisUrl, ...redisWaits[end] }, factory: undefined };
  }
  return {
    connection: {
      ...connectionLimits(settings.statementTimeoutMs),
      connectionString: settings.databaseUrl,
      schema: 'bullmq',
      migrate: true,
      max: 4,
    },
    factory: createSteadyBackend,
  };
}

/** The sending end of one queue. */
export class HintQueue<Payload extends object> {
  private readonly queue: Queue;

  constructor(name: string, settings: QueueSettings, logger: Logger) {
    const { connection, factory } = backend(settings, 'giving');
    this.queue = new Queue(name, { connection, defaultJobOptions: jobOptions }, factory as never);
    this.queue.on('error', (error) => logger.error(error, `queue ${name}`));
  }

  /**
   * @throws when the queue cannot be reached within two seconds: callers may go on, since the sweeper gives the hint
   * again
   */
  async give(hints: Hint<Payload>[]): Promise<void> {
    if (hints.length === 0) return;
    const jobs = hints.map(({ id, payload, delayMs }) => ({
      name: 'hint',
      data: payload,
      opts: { jobId: id, ...(delayMs !== undefined && { delay: delayMs }) },
    }));
    await inTime(this.queue.waitUntilReady());
    await inTime(this.queue.addBulk(jobs));
  }

  /** Empties the queue: tests show that nothing is lost by it. */
  async obliterate(): Promise<void> {
    await this.queue.obliterate({ force: true });
  }

  async ready(): Promise<void> {
    await this.queue.waitUntilReady();
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`the queue does not answer within ${giveWaitMs} ms`)),
    giveWaitMs,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface ProcessorOptions {
  concurrency: number;
}

/** The receiving end. A handler that throws is logged; when the work is due again, its row says so. */
export function processHints<Payload extends object>(
  name: string,
  settings: QueueSettings,
  logger: Logger,
  options: ProcessorOptions,
  handle: (payload: Payload) => Promise<void>,
): Worker {
  const { connection, factory } = backend(settings, 'listening');
  const worker = new Worker(
    name,
    async (job: Job) => handle(job.data as Payload),
    {
      connection,
      concurrency: options.concurrency,
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      runRetryDelay: retryDelayMs,
      ...jobOptionsForWorker,
    },
    factory as never,
  );
  worker.on('error', (error) => logger.error(error, `queue ${name}`));
  worker.on('failed', (job, error) => logger.error(error, `queue ${name}, job ${job?.id}`));
  return worker;
}

const jobOptionsForWorker = { removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } };
