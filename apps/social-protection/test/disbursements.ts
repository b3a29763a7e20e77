import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { DataSource } from 'typeorm';
import { permissions } from '@ansinh/auth';
import { PayoutRunner } from '@ansinh/payouts';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { createTestDatabase, registrySecret, spawnApp, testIssuer, testKeys } from '@ansinh/testing';
import { applyOutcomes } from '../src/payout/apply-outcomes.js';
import type { Harness } from './harness.js';

/** A line as the disbursements have taken it in. */
export interface PaidLine {
  payeeName: string;
  amount: string;
}

const paces = { open: 50, idle: 50, checking: 50, settled: 200, refused: 100 };
const waitMax = 60_000;

/** The API of the disbursements in a process of its own, with its issuer, and the runner by which lists reach it. */
export class Disbursements {
  private funds = 0;

  private constructor(
    private readonly books: DataSource,
    private readonly command: (method: string, path: string, body: object) => Promise<{ id: string }>,
    private readonly runner: PayoutRunner,
    private readonly stopAll: () => Promise<void>,
  ) {}

  static async start({ database: programme }: Harness): Promise<Disbursements> {
    const issuer = await testIssuer();
    const database = await createTestDatabase({
      service: 'disbursements',
      migrate: async (url, serviceUrl) => migrate(url, serviceUrl),
    });
    const api = await spawnApp({
      app: 'disbursements',
      environment: {
        ...testKeys,
        DATABASE_URL: database.serviceUrl,
        OIDC_ISSUER: issuer.url,
        BANK_URL: 'http://127.0.0.1:9',
        BANK_API_TOKEN: 'test',
        LOG_LEVEL: 'error',
      },
    });
    const dataSource = await new DataSource({ type: 'postgres', url: programme.serviceUrl }).initialize();
    const books = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const runner = new PayoutRunner({
      dataSource,
      sealer: new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY)),
      url: api.url,
      access: { issuer: issuer.url, clientId: 'social-protection', clientSecret: registrySecret },
      applyOutcomes,
      paces,
    });
    runner.onApplicationBootstrap();
    const token = await issuer.token({ sub: 'operator', permissions: [...permissions], office: '27' });
    const command = async (method: string, path: string, body: object) => {
      const answer = await fetch(new URL(path, api.url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
      return (await answer.json()) as { id: string };
    };
    return new Disbursements(books, command, runner, async () => {
      await runner.onModuleDestroy();
      await Promise.all([dataSource.destroy(), books.destroy(), api.stop()]);
      await issuer.stop();
    });
  }

  /** A fund with money that pays for a programme. @returns its id */
  async openFund(programmeCode: string): Promise<string> {
    await this.command('PUT', `/v1/programmes/${programmeCode}`, { name: programmeCode });
    this.funds += 1;
    const number = `260020100000${this.funds}`;
    const { id } = await this.command('POST', '/v1/funds', {
      code: `F-${programmeCode}`,
      name: programmeCode,
      budgetSource: 'NSNN',
      programmeCodes: [programmeCode],
      channel: 'iso20022-http',
      account: { bin: '970405', number, name: 'SỞ NỘI VỤ' },
    });
    await this.command('POST', `/v1/funds/${id}/allotments`, { amount: '9000000000', reference: 'QD-1' });
    return id;
  }

  /** Waits until a batch for the fund has taken so many lines in. */
  async linesOf(fundId: string, count: number): Promise<PaidLine[]> {
    for (const until = Date.now() + waitMax; Date.now() < until;) {
      const lines = (await this.books.query(
        `SELECT line.payee_name AS "payeeName", line.amount::text AS amount FROM payment_line line
         JOIN batch ON batch.number = line.batch_number WHERE batch.fund_id = $1 ORDER BY line.row_no`,
        [fundId],
      )) as PaidLine[];
      if (lines.length === count) return lines;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no batch of the fund ${fundId} has ${count} lines`);
  }

  stop(): Promise<void> {
    return this.stopAll();
  }
}

function migrate(url: string, serviceUrl: string): void {
  const script = fileURLToPath(new URL('../../disbursements/dist/migrate.js', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env: { MIGRATION_DATABASE_URL: url, DATABASE_URL: serviceUrl },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the migrations failed: ${stderr}`);
}
