import pg from 'pg';
import { type Postgres, type Redis, startPostgres, startRedis } from '@ansinh/embedded';
import { spawnApp, type SpawnedApp } from '@ansinh/testing';
import { FaultWorker } from './fault-worker.js';
import { FaultRig } from './faults-harness.js';

export const paymentsPerChunk = 20;
export const leaseMs = 1_500;
export const statementTimeoutMs = 1_500;

/** Of the workers alone: the API of the test reads all of its books at once, which may take longer. */
const workerSettings = {
  STATEMENT_TIMEOUT_MS: String(statementTimeoutMs),
  BANK_DOCUMENT_TIMEOUT_MS: '2000',
  CHUNK_LEASE_MS: String(leaseMs),
  CHUNK_ATTEMPTS_MAX: '200',
};

/** Where schedules are played: servers that may be killed, two workers behind networks of their own, and an API to kill. */
export class FaultGround {
  readonly workers: FaultWorker[] = [];
  private api: SpawnedApp | undefined;

  private constructor(
    readonly rig: FaultRig,
    private postgres: Postgres,
    readonly redis: Redis | null,
  ) {}

  static async start(queue: 'PostgreSQL' | 'Redis'): Promise<FaultGround> {
    const [postgres, redis] = await Promise.all([
      startPostgres({ persistent: false, isDurable: false }),
      queue === 'Redis' ? startRedis() : null,
    ]);
    const rig = await FaultRig.start({
      server: postgres.url(),
      redisUrl: redis?.url,
      bank: { ANSWER_LATE_MS: '900' },
      service: { CHUNK_PAYMENTS: String(paymentsPerChunk) },
      worker: workerSettings,
    });
    const ground = new FaultGround(rig, postgres, redis);
    for (let worker = 0; worker < 2; worker += 1) ground.workers.push(new FaultWorker(rig, {}));
    await Promise.all(ground.workers.map((worker) => worker.start()));
    return ground;
  }

  /** Everything of the database server dies at once, and it comes back on the same data. */
  async crashPostgres(): Promise<void> {
    const { dataDirectory, port } = this.postgres;
    await this.postgres.crash();
    this.postgres = await startPostgres({ dataDirectory, port, persistent: false, isDurable: false });
  }

  /** A session past everything, as an administrator has one. */
  async session<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.rig.harness.database.url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** An API in a process of its own; the next one starts when it is asked for. */
  async apiToKill(): Promise<SpawnedApp> {
    const { config } = this.rig.harness;
    return (this.api ??= await spawnApp({
      app: 'disbursements',
      environment: {
        DATABASE_URL: config.databaseUrl,
        REDIS_URL: config.redisUrl ?? 'none',
        OIDC_ISSUER: config.issuer,
        SEALING_KEYS: config.sealingKeys,
        LOOKUP_KEY: config.lookupKey,
        BANK_URL: config.bankUrl,
        BANK_API_TOKEN: config.bankToken,
        LOG_LEVEL: 'warn',
      },
    }));
  }

  async killApi(): Promise<void> {
    this.api?.kill('SIGKILL');
    await this.api?.ended;
    this.api = undefined;
  }

  async stop(): Promise<void> {
    await this.killApi();
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.rig.stop();
    await this.redis?.stop();
    await this.postgres.stop();
  }
}
