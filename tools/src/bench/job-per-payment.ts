import { type BackendFactory, createPostgresBackend, Queue, Worker } from 'bullmq';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { secondsOf } from './clock.js';

/** Where the queue lives. */
export type QueueServer = 'redis' | 'postgresql';

export interface JobPerPayment {
  queue: QueueServer;
  payments: number;
  seconds: number;
}

/** What such projects usually set; more at once only waits for the same disk. */
const jobsAtOnce = 16;
const jobsPerCall = 1_000;
const queueName = 'job-per-payment';

@Entity('payment')
class Payment {
  @PrimaryColumn({ type: 'bigint' })
  id: string;

  @Column({ type: 'bigint' })
  amount: string;

  @Column({ type: 'text' })
  status: string;
}

/**
 * The usual way of a Nest, BullMQ and TypeORM project, for comparison: one job a payment, which marks its row as sent and
 * then as paid in one transaction. Nothing is sent, nothing checked, nothing booked: only the queue and the rows.
 */
export async function measureJobs(
  url: string,
  payments: number,
  redisUrl: string | null,
): Promise<JobPerPayment> {
  const dataSource = await new DataSource({
    type: 'postgres',
    url,
    entities: [Payment],
    poolSize: jobsAtOnce,
  }).initialize();
  try {
    await dataSource.query(
      'CREATE TABLE payment (id bigint PRIMARY KEY, amount bigint NOT NULL, status text NOT NULL)',
    );
    await dataSource.query(
      `INSERT INTO payment SELECT number, 1500000, 'approved' FROM generate_series(1, $1::int) AS number`,
      [payments],
    );
    const seconds = await payAll(dataSource, payments, connectionOf(redisUrl, url));
    return { queue: redisUrl ? 'redis' : 'postgresql', payments, seconds };
  } finally {
    await dataSource.destroy();
  }
}

interface QueueConnection {
  connection: Record<string, unknown>;
  factory: BackendFactory | undefined;
}

function connectionOf(redisUrl: string | null, databaseUrl: string): QueueConnection {
  if (redisUrl) return { connection: { url: redisUrl, maxRetriesPerRequest: null }, factory: undefined };
  return {
    connection: { connectionString: databaseUrl, schema: 'bullmq', migrate: true },
    factory: createPostgresBackend as unknown as BackendFactory,
  };
}

async function payAll(
  dataSource: DataSource,
  payments: number,
  { connection, factory }: QueueConnection,
): Promise<number> {
  const options = { connection, defaultJobOptions: { removeOnComplete: true } };
  const queue = new Queue<{ id: string }>(queueName, options, factory as never);
  await queue.waitUntilReady();
  let paid = 0;
  const done = Promise.withResolvers<void>();
  const worker = new Worker<{ id: string }>(
    queueName,
    async ({ data: { id } }) => {
      await dataSource.transaction(async (tx) => {
        await tx.update(Payment, { id }, { status: 'sent' });
        await tx.update(Payment, { id }, { status: 'paid' });
      });
      paid += 1;
      if (paid === payments) done.resolve();
    },
    { connection, concurrency: jobsAtOnce, autorun: false },
    factory as never,
  );
  queue.on('error', done.reject);
  worker.on('error', done.reject);
  worker.on('failed', (_job, error) => done.reject(error));
  try {
    await worker.waitUntilReady();
    return await secondsOf(async () => {
      const running = worker.run();
      running.catch(done.reject);
      for (let first = 1; first <= payments; first += jobsPerCall) {
        const count = Math.min(jobsPerCall, payments - first + 1);
        const ids = Array.from({ length: count }, (_, index) => String(first + index));
        await queue.addBulk(ids.map((id) => ({ name: 'pay', data: { id } })));
      }
      await done.promise;
    });
  } finally {
    await worker.close();
    await queue.close();
  }
}
