import { type BackendFactory, type Job, Queue, Worker } from 'bullmq';
import { SpanKind } from '@opentelemetry/api';
import type { Logger } from '@nestjs/common';
import { connectionLimits } from '@ansinh/database';
import { startTrace, traced, traceHeaders, type TraceHeaders } from '@ansinh/telemetry';
import { createSteadyBackend } from './steady-backend.js';

/** Where the queues live: on Redis when an URL is given, else in the service's own PostgreSQL (`migrateQueues` made them). */
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

/** Where PostgreSQL holds the queues. */
export const queueSchema = 'bullmq';

/** What lies in the queue: the payload, and beside it the trace in which the hint was given, where there is one. */
type HintJob<Payload> = Payload & { trace?: TraceHeaders };

/** How many hints of a queue wait for a worker, wait for their time, or are being worked on. */
export type QueueDepth = Record<'waiting' | 'delayed' | 'active', number>;

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
      schema: queueSchema,
      max: 4,
    },
    factory: createSteadyBackend,
  };
}

/** Makes the tables of the queues in PostgreSQL, as their owner: who gives and takes hints only reads and writes them. */
export async function migrateQueues(ownerUrl: string): Promise<void> {
  const connection = { connectionString: ownerUrl, schema: queueSchema, migrate: true, max: 1 } as object;
  const queue = new Queue('migration', { connection }, createSteadyBackend as never);
  await queue.waitUntilReady();
  await queue.close();
}

/** The sending end of one queue. */
export class HintQueue<Payload extends object> {
  private readonly queue: Queue;

  constructor(
    readonly name: string,
    settings: QueueSettings,
    logger: Logger,
  ) {
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
    await traced(`${this.name} give`, { kind: SpanKind.PRODUCER, attributes: { hints: hints.length } }, () =>
      this.add(hints),
    );
  }

  /** @throws when the queue cannot be reached within two seconds */
  async depth(): Promise<QueueDepth> {
    await inTime(this.queue.waitUntilReady());
    const counts = await inTime(this.queue.getJobCounts('waiting', 'delayed', 'active'));
    return {
      waiting: counts['waiting'] ?? 0,
      delayed: counts['delayed'] ?? 0,
      active: counts['active'] ?? 0,
    };
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

  private async add(hints: Hint<Payload>[]): Promise<void> {
    const trace = traceHeaders();
    const jobs = hints.map(({ id, payload, delayMs }) => ({
      name: 'hint',
      data: { ...payload, trace } satisfies HintJob<Payload>,
      opts: { jobId: id, ...(delayMs !== undefined && { delay: delayMs }) },
    }));
    await inTime(this.queue.waitUntilReady());
    // In PostgreSQL many at once make two temporary tables: for one hint that takes ten times as long as adding it.
    const [first] = jobs;
    await inTime(
      jobs.length === 1 ? this.queue.add(first!.name, first!.data, first!.opts) : this.queue.addBulk(jobs),
    );
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
    async (job: Job) => {
      const { trace, ...payload } = job.data as HintJob<Payload>;
      await startTrace(`${name} process`, { kind: SpanKind.CONSUMER, from: trace }, () =>
        handle(payload as Payload),
      );
    },
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
