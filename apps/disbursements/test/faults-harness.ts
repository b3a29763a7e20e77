import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type Batch, type Client, createClient } from '@ansinh/client';
import { inTransaction } from '@ansinh/database';
import { freePort, runToEnd, throwawayDirectory } from '@ansinh/embedded';
import { createTestDatabase, spawnApp, type SpawnedApp } from '@ansinh/testing';
import { BankWitness } from '@ansinh/witness';
import { CheckService } from '../src/finding/check.service.js';
import { BankRelay } from './bank-relay.js';
import {
  account,
  csvOf,
  firstChecker,
  freshDatabase,
  type Harness,
  listLine,
  maker,
  operator,
  secondChecker,
  startHarness,
} from './harness.js';

const bankToken = 'token-of-the-fault-tests';
const paymentsPerChunk = 50;

/** Everything short, so that a lease runs out and a sweep comes round within a test. Milliseconds. */
const quick = {
  CHUNK_PAYMENTS: String(paymentsPerChunk),
  CHUNK_LEASE_MS: '1500',
  CHUNK_BACKOFF_MS: '100',
  CHUNK_ATTEMPTS_MAX: '30',
  BANK_TIMEOUT_MS: '600',
  SWEEP_MS: '200',
  COLLECT_MS: '150',
};

type Environment = Record<string, string>;

interface RigOptions {
  /** Our database is made on this server instead of that of all tests: one that may be killed. */
  server?: string;
  /** Redis for the queue; without one it lives in PostgreSQL. */
  redisUrl?: string;
  bank?: Environment;
  worker?: Environment;
  /** The API and its workers alike: either may do the check of a list. */
  service?: Environment;
}

/** A batch on its way, and the account that pays it. */
export interface BatchUnderTest {
  id: string;
  code: string;
  number: string;
  fundId: string;
  /** The payer's account at the bank. */
  account: string;
}

/** The list that it is to get. */
interface DraftUnderTest extends BatchUnderTest {
  content: string;
}

/**
 * The whole money path in real processes but for the API, which runs in this one: a bank with a database of its own, a
 * relay before it, workers that may be killed. Each spec file has one; its scenarios follow each other with new batches.
 */
export class FaultRig {
  private readonly workers: SpawnedApp[] = [];
  private batches = 0;

  private constructor(
    readonly harness: Harness,
    readonly people: Record<'maker' | 'firstChecker' | 'secondChecker' | 'operator', Client>,
    readonly bank: BankProcess,
    readonly relay: BankRelay,
    private readonly options: RigOptions,
  ) {}

  static async start(options: RigOptions = {}): Promise<FaultRig> {
    const [bank, database] = await Promise.all([
      BankProcess.start(options.bank),
      freshDatabase(options.server),
    ]);
    const relay = new BankRelay(bank.url);
    await relay.start();
    const harness = await startHarness({
      database,
      environment: { ...quick, ...options.service, ...(options.redisUrl && { REDIS_URL: options.redisUrl }) },
    });
    const baseUrl = await harness.app.getUrl();
    const clientOf = async (player: typeof maker) =>
      createClient({ baseUrl, token: (await harness.as(player)).token, language: 'en' });
    const people = {
      maker: await clientOf(maker),
      firstChecker: await clientOf(firstChecker),
      secondChecker: await clientOf(secondChecker),
      operator: await clientOf(operator),
    };
    await people.operator.programmes.put({ code: 'NQ68', name: 'NQ68' });
    return new FaultRig(harness, people, bank, relay, options);
  }

  get witness(): BankWitness {
    return this.bank.witness;
  }

  /** A worker in a process of its own. It reaches the bank through the relay unless told another `BANK_URL`. */
  async startWorker(over: Environment = {}): Promise<SpawnedApp> {
    const environment = { ...this.environment(), ...this.options.worker, ...over };
    const worker = await spawnApp({ app: 'disbursements', entry: 'main.worker.js', environment });
    this.workers.push(worker);
    return worker;
  }

  /** The API once more, in a process of its own on the same rows. Its caller stops it. */
  startApi(over: Environment = {}): Promise<SpawnedApp> {
    return spawnApp({ app: 'disbursements', environment: { ...this.environment(), ...over } });
  }

  private environment(): Environment {
    const { config } = this.harness;
    return {
      ...quick,
      DATABASE_URL: config.databaseUrl,
      REDIS_URL: config.redisUrl ?? 'none',
      OIDC_ISSUER: config.issuer,
      SEALING_KEYS: config.sealingKeys,
      LOOKUP_KEY: config.lookupKey,
      AUDIT_SIGNING_KEY: config.auditSigningKey,
      BANK_URL: this.relay.url,
      BANK_API_TOKEN: bankToken,
      LOG_LEVEL: 'info',
      ...this.options.service,
    };
  }

  /** A batch without its list yet, on a fund and an account of its own. */
  async draftBatch(lines: number): Promise<DraftUnderTest> {
    this.batches += 1;
    const { people, witness, batches } = this;
    const payer = { ...account, number: String(2_600_300_000_000 + batches) };
    // The bank holds the same money as the fund: a payment too many would show on both sides.
    const amount = String(lines * 2_000_000);
    await witness.openAccount({ number: payer.number, name: payer.name, openingBalance: amount });
    const fund = await people.operator.funds.create({
      code: `FAULTS-${batches}`,
      name: 'Fund',
      budgetSource: 'NSNN',
      programmeCodes: ['NQ68'],
      channel: 'iso20022-http',
      account: payer,
    });
    await people.operator.funds.allot(fund.id, { amount, reference: 'QD-1' });
    const draft = await people.maker.batches.create({
      fundId: fund.id,
      programmeCode: 'NQ68',
      purpose: 'Hỗ trợ',
      period: '2022-03',
      channel: 'iso20022-http',
    });
    const policy = { policyCode: `CS${batches}` };
    const content = csvOf(Array.from({ length: lines }, (_, index) => listLine(index + 1, policy)));
    const number = String(Number(draft.code.slice('LO-'.length)));
    return { id: draft.id, code: draft.code, number, fundId: fund.id, account: payer.number, content };
  }

  async importList({ id, content }: DraftUnderTest): Promise<void> {
    const open = () => Readable.from([Buffer.from(content)]);
    await this.people.maker.batches.importPayments(id, { open, type: 'text/csv' });
  }

  /** A list of so many lines is in; nobody has checked it. */
  async importedBatch(lines: number): Promise<BatchUnderTest> {
    const batch = await this.draftBatch(lines);
    await this.importList(batch);
    return batch;
  }

  /** The same, checked, and approved by whom the rules want. */
  async approvedBatch(lines: number): Promise<BatchUnderTest> {
    const batch = await this.importedBatch(lines);
    await this.approve(batch);
    return batch;
  }

  async approve(batch: BatchUnderTest): Promise<void> {
    await this.harness.app.get(CheckService).check(batch.id);
    const submitted = await this.people.maker.batches.submit(batch.id);
    const checkers = [this.people.firstChecker, this.people.secondChecker];
    for (const checker of checkers.slice(0, submitted.requiredApprovals)) {
      await checker.batches.approve(batch.id, submitted.digest!);
    }
  }

  async transmit(batch: BatchUnderTest): Promise<void> {
    await this.people.operator.batches.transmit(batch.id);
  }

  /** Until nothing is to be sent, the bank has settled, returned and told everything, and we have read it. */
  async rest(batch: BatchUnderTest, seconds = 150): Promise<Batch> {
    return until(
      `everything of ${batch.code} comes to an end`,
      async () => {
        const view = await this.people.operator.batches.get(batch.id);
        const { pending, sending, unknown } = view.chunks;
        const isSent = pending + sending + unknown === 0;
        const told = isSent && (await this.bank.hasToldAll()) ? await this.lastCursorAtBank(batch) : null;
        const read = await this.cursorOf(batch);
        return { done: isSent && told !== null && told === read, value: view, seen: { view, told, read } };
      },
      seconds,
    );
  }

  /** What an operator's FLUSHALL does, or an emptied schema of the queue: nobody is told. */
  async emptyQueue(): Promise<void> {
    const { redisUrl } = this.harness.config;
    if (redisUrl === null) {
      const tables = await this.rows<{ name: string }>(
        `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'`,
      );
      const names = tables.map(({ name }) => `bullmq.${name}`).join(', ');
      // Again when it meets a worker in the middle of taking a job.
      await inTransaction(this.harness.dataSource, 'owner', (tx) => tx.query(`TRUNCATE ${names}`));
      return;
    }
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    redis.disconnect();
  }

  /** Rows of our own database, past the API. */
  async rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.harness.dataSource.query(sql, parameters)) as Row[];
  }

  /** No faults any more. */
  async calm(): Promise<void> {
    this.relay.calm();
    await this.witness.planFaults(0, 0);
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.harness.stop();
    await this.relay.stop();
    await this.bank.stop();
  }

  private async lastCursorAtBank(batch: BatchUnderTest): Promise<string> {
    return (await this.witness.documents(batch.account)).at(-1)?.cursor ?? '0';
  }

  private async cursorOf(batch: BatchUnderTest): Promise<string> {
    const sql = 'SELECT cursor FROM bank_cursor WHERE fund_id = $1';
    return (await this.rows<{ cursor: string }>(sql, [batch.fundId]))[0]?.cursor ?? '0';
  }
}

/** The bank simulator in a process of its own, which may be killed and comes back on the same database and port. */
class BankProcess {
  private constructor(
    private process: SpawnedApp,
    private readonly environment: Environment,
    private readonly database: pg.Pool,
    readonly witness: BankWitness,
  ) {}

  static async start(over: Environment = {}): Promise<BankProcess> {
    const { url } = await createTestDatabase({ service: 'bank-simulator', migrate: migrateBank });
    const environment = {
      ...bankSettings(url),
      PORT: String(await freePort()),
      SETTLE_DELAY_MS: '20',
      RETURN_DELAY_MS: '60',
      ...over,
    };
    const process = await spawnApp({ app: 'bank-simulator', environment });
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    return new BankProcess(process, environment, pool, new BankWitness(process.url, bankToken));
  }

  get url(): string {
    return this.process.url;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.ended;
  }

  async startAgain(): Promise<void> {
    this.process = await spawnApp({ app: 'bank-simulator', environment: this.environment });
  }

  /** Whether nothing more will happen by itself: read from its rows, which a restart reads too. */
  async hasToldAll(): Promise<boolean> {
    const { rows } = await this.database.query<{ due: number }>(
      `SELECT (SELECT count(*) FROM message WHERE settle_at IS NOT NULL AND settled_at IS NULL
                 OR return_at IS NOT NULL AND returned_at IS NULL)::int
              + (SELECT count(*) FROM document WHERE cursor IS NULL)::int AS due`,
    );
    return rows[0]?.due === 0;
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.process.stop();
  }
}

const bankSettings = (url: string) => ({ DATABASE_URL: url, BANK_API_TOKEN: bankToken, LOG_LEVEL: 'warn' });

function migrateBank(url: string): Promise<void> {
  return runToEnd({
    name: 'bank-simulator migrations',
    script: fileURLToPath(new URL('../../bank-simulator/dist/migrate.js', import.meta.url)),
    environment: bankSettings(url),
    logFile: join(throwawayDirectory('migrate'), 'migrate.log'),
  });
}

const lookMs = 100;

/** Looks until it is done. @throws Error naming what was waited for and what was seen last */
export async function until<T>(
  what: string,
  look: () => Promise<{ done: boolean; value: T; seen?: unknown }>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const { done, value, seen } = await look();
    if (done) return value;
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${seconds} s; last seen ${JSON.stringify(seen ?? value)}`);
    await sleep(lookMs);
  }
}
