import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  backUpPostgres,
  freePort,
  type Postgres,
  restorePostgres,
  runToEnd,
  type ServiceProcess,
  startPostgres,
  startService,
  startSuite,
  type Suite,
  throwawayDirectory,
} from '@ansinh/embedded';
import { BankWitness } from '@ansinh/witness';
import { tell, WORKSPACE } from '../command.js';

const bankToken = 'token-of-the-rehearsal';
/** Small messages and a bank that takes its time: the backup falls into the middle of the batch. */
const paymentsPerMessage = 100;
const answerLateMs = 400;

/** Our services on one server, the bank on another: what brings ours back must not bring the bank back with it. */
export class Stage {
  private restored: Postgres | undefined;

  private constructor(
    readonly suite: Suite,
    readonly bank: BankWitness,
    private readonly directory: string,
    private readonly backup: string,
    private readonly stops: (() => Promise<unknown>)[],
  ) {}

  static async set(signal: AbortSignal): Promise<Stage> {
    const stops: (() => Promise<unknown>)[] = [];
    try {
      const bank = await startBank(stops, signal);
      const directory = throwawayDirectory('rehearsal');
      const suite = await startSuite({
        workspace: WORKSPACE,
        persistent: false,
        directory,
        ports: 'free',
        without: ['bank', 'gateway'],
        environment: {
          BANK_URL: bank.url,
          BANK_API_TOKEN: bankToken,
          CHUNK_PAYMENTS: String(paymentsPerMessage),
          CHUNK_LEASE_MS: '5000',
        },
        onProgress: tell,
        signal,
      });
      stops.push(() => suite.stop());
      const witness = new BankWitness(bank.url, bankToken);
      return new Stage(suite, witness, join(directory, 'postgres'), join(directory, 'backup'), stops);
    } catch (error) {
      await stopAll(stops);
      throw error;
    }
  }

  /** Answers come late, and one in twenty not at all. */
  async slowBank(seed: number): Promise<void> {
    await this.bank.planFaults(seed, 0, { answerLate: 1, loseAnswer: 0.05 });
  }

  async backUp(): Promise<void> {
    const url = (database = 'postgres') => withDatabase(this.suite.ownerUrls['disbursements']!, database);
    await backUpPostgres({ url, dataDirectory: this.directory }, this.backup);
  }

  /** The server is killed, its files are gone, and it comes back on those of the backup. The services outlive it. */
  async loseAndRestore(): Promise<void> {
    process.kill(
      Number.parseInt(readFileSync(join(this.directory, 'postmaster.pid'), 'utf8'), 10),
      'SIGKILL',
    );
    rmSync(this.directory, { recursive: true });
    restorePostgres(this.backup, this.directory);
    const port = Number(new URL(this.suite.databaseUrls.disbursements).port);
    this.restored = await startPostgres({ dataDirectory: this.directory, port, persistent: true });
  }

  async strike(): Promise<void> {
    await stopAll(this.stops.slice(1));
    await this.restored?.stop();
    await stopAll(this.stops.slice(0, 1));
  }
}

function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.toString();
}

async function startBank(stops: (() => Promise<unknown>)[], signal: AbortSignal): Promise<{ url: string }> {
  const directory = throwawayDirectory('rehearsal-bank');
  const postgres = await startPostgres({ dataDirectory: join(directory, 'postgres'), persistent: false });
  const services: ServiceProcess[] = [];
  stops.push(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await postgres.stop();
  });
  const port = await freePort();
  const environment = {
    PATH: process.env['PATH'],
    DATABASE_URL: postgres.url(),
    BANK_API_TOKEN: bankToken,
    HOST: '127.0.0.1',
    PORT: String(port),
    ANSWER_LATE_MS: String(answerLateMs),
  };
  const app = (script: string) => ({
    name: `bank-simulator/${script}`,
    script: join(WORKSPACE, 'apps/bank-simulator/dist', script),
    environment,
    logFile: join(directory, `${script}.log`),
    signal,
  });
  await runToEnd(app('migrate.js'));
  const url = `http://127.0.0.1:${port}`;
  services.push(await startService({ ...app('main.js'), readyUrl: `${url}/health/ready` }));
  return { url };
}

async function stopAll(stops: (() => Promise<unknown>)[]): Promise<void> {
  for (const stop of [...stops].reverse()) await stop();
}
