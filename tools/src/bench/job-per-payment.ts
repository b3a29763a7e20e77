import { createHash, randomBytes } from 'node:crypto';
import { Sealer } from '@ansinh/sealing';
import { type BackendFactory, createPostgresBackend, Queue, Worker } from 'bullmq';
import { Column, DataSource, type EntityManager, Entity, PrimaryColumn } from 'typeorm';
import { secondsOf } from './clock.js';

/** Where the queue lives. */
export type QueueServer = 'redis' | 'postgresql';

/** `bare` marks rows and nothing else; `guarded` does it under the duties that ours has too. */
export type Duties = 'bare' | 'guarded';

export interface JobPerPayment {
  queue: QueueServer;
  duties: Duties;
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

  @Column({ type: 'bytea' })
  account: Buffer;
}

@Entity('log')
class LogRow {
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id: string;

  @Column({ type: 'text' })
  verb: string;

  @Column({ type: 'text' })
  subject: string;

  @Column({ type: 'text' })
  digest: string;
}

/** A chain of the log, as ours is, would let one job commit after the other: it is left out, in favour of the jobs. */
const tables = `
CREATE TABLE payment (id bigint PRIMARY KEY, amount bigint NOT NULL, status text NOT NULL, account bytea NOT NULL);
CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
  verb text NOT NULL, subject text NOT NULL, digest text NOT NULL);
DO $$ BEGIN CREATE ROLE bench_jobs; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT SELECT, UPDATE ON payment TO bench_jobs;
GRANT SELECT, INSERT ON log TO bench_jobs;
ALTER TABLE payment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY all_of_system ON payment TO bench_jobs USING (true);`;

const sealer = new Sealer({ sealing: new Map([[1, randomBytes(32)]]), lookup: randomBytes(32) });
const placeOf = (id: string) => `payment/${id}`;

/**
 * The usual way of a Nest, BullMQ and TypeORM project, for comparison: one job a payment, which marks its row as sent and
 * then as paid in one transaction. Nothing is sent, nothing checked, nothing booked: only the queue and the rows; with
 * `guarded` also what encryption, audit and row-level security ask of each transaction.
 */
export async function measureJobs(
  url: string,
  { payments, redisUrl, duties }: { payments: number; redisUrl: string | null; duties: Duties },
): Promise<JobPerPayment> {
  const dataSource = await new DataSource({
    type: 'postgres',
    url,
    entities: [Payment, LogRow],
    poolSize: jobsAtOnce,
  }).initialize();
  try {
    await dataSource.query(tables);
    const numbers = Array.from({ length: payments }, (_, index) => String(index + 1));
    await dataSource.query(
      `INSERT INTO payment SELECT id, 1500000, 'approved', account
       FROM unnest($1::bigint[], $2::bytea[]) AS given (id, account)`,
      [numbers, numbers.map((id) => sealer.seal(`970436|19${id.padStart(11, '0')}`, placeOf(id)))],
    );
    const pay = duties === 'bare' ? markPaid : payGuarded;
    const seconds = await payAll(dataSource, payments, connectionOf(redisUrl, url), pay);
    return { queue: redisUrl ? 'redis' : 'postgresql', duties, payments, seconds };
  } finally {
    await dataSource.destroy();
  }
}

type Pay = (tx: EntityManager, id: string) => Promise<void>;

async function markPaid(tx: EntityManager, id: string): Promise<void> {
  await tx.update(Payment, { id }, { status: 'sent' });
  await tx.update(Payment, { id }, { status: 'paid' });
}

/** Takes on the role that policies are of, opens the account that the order is to name, and logs what it did. */
async function payGuarded(tx: EntityManager, id: string): Promise<void> {
  await tx.query('SET LOCAL ROLE bench_jobs');
  const payment = await tx.findOneByOrFail(Payment, { id });
  const order = `${id}|${payment.amount}|${sealer.open(payment.account, placeOf(id))}`;
  await markPaid(tx, id);
  const digest = createHash('sha256').update(order).digest('hex');
  await tx.insert(LogRow, { verb: 'payment.pay', subject: placeOf(id), digest });
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
  pay: Pay,
): Promise<number> {
  const options = { connection, defaultJobOptions: { removeOnComplete: true } };
  const queue = new Queue<{ id: string }>(queueName, options, factory as never);
  await queue.waitUntilReady();
  let paid = 0;
  const done = Promise.withResolvers<void>();
  const worker = new Worker<{ id: string }>(
    queueName,
    async ({ data: { id } }) => {
      await dataSource.transaction((tx) => pay(tx, id));
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
