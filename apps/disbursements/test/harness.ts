import { randomUUID } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { migrateQueues, queueSchema } from '@ansinh/queue';
import { createService } from '@ansinh/service';
import { migrateDatabase } from '@ansinh/database';
import {
  createTestDatabase,
  type PlayedClient as Client,
  type Player,
  serviceHarness,
  type ServiceHarness,
  statedPurpose,
  type TestDatabase,
  testIssuer,
  testKeys,
} from '@ansinh/testing';
import type supertest from 'supertest';
import type { BatchView } from '../src/batch/batch.dto.js';
import { type PaymentChannel, paymentChannels } from '../src/channel/payment-channel.js';
import { type Config, loadConfig } from '../src/config.js';
import { dataSourceOptions } from '../src/data-source.js';
import { DisbursementsModule } from '../src/disbursements.module.js';
import { CheckService } from '../src/finding/check.service.js';
import { streamedTypes } from '../src/rest.js';
import { ChunkSender } from '../src/transmission/chunk-sender.js';

export type { Player };
export { statedPurpose };

export const maker: Player = { sub: 'maker' };
export const firstChecker: Player = { sub: 'checker1' };
export const secondChecker: Player = { sub: 'checker2' };
export const operator: Player = { sub: 'operator' };

export interface Harness extends ServiceHarness {
  config: Config;
  as(player: Player): Promise<PlayedClient>;
}

/** And what only this service is sent. */
export interface PlayedClient extends Client {
  /** A statement or status report of the bank. */
  statement(content: string | Buffer, key?: string): supertest.Test;
}

interface HarnessOptions {
  environment?: Record<string, string>;
  database?: TestDatabase;
  module?: (config: Config) => DynamicModule;
  /** Stands in for the bank, where the wire does not matter. */
  channel?: PaymentChannel;
}

/** Brings an empty database to the schema of this service, and admits the login of the service. */
const migrate = async (url: string, serviceUrl: string) => {
  await migrateQueues(url);
  await migrateDatabase({ options: dataSourceOptions(url), serviceUrl, schemas: [queueSchema] });
  await emptyRegistry(url);
};

/** A registry without people that was read to its end: findings are those of the list alone. */
async function emptyRegistry(url: string): Promise<void> {
  const owner = await new DataSource(dataSourceOptions(url)).initialize();
  await owner.query('UPDATE registry_cursor SET read_at = clock_timestamp()');
  await owner.destroy();
}

/** A fresh, migrated database of this service, on a server of the test's own where one is given. */
export const freshDatabase = (server?: string) =>
  createTestDatabase({ service: 'disbursements', migrate, server });

/** The API in this process on a fresh database, with an issuer of its own. */
export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const database = options.database ?? (await freshDatabase());
  const issuer = await testIssuer();
  const config = loadConfig({
    DATABASE_URL: database.serviceUrl,
    OIDC_ISSUER: issuer.url,
    ...testKeys,
    AUDIT_SIGNING_KEY: Buffer.alloc(32, 9).toString('base64'),
    BANK_URL: 'http://127.0.0.1:9',
    BANK_API_TOKEN: 'test',
    ...options.environment,
  });
  process.env['LOG_LEVEL'] ??= 'silent';
  const app = await createService({
    name: 'disbursements-test',
    module: withChannel((options.module ?? DisbursementsModule.forApi)(config), options.channel),
    streamedTypes: Object.values(streamedTypes),
  });
  const harness = await serviceHarness({ app, database, issuer, dataSourceOptions });
  return {
    ...harness,
    config,
    as: async (player) => {
      const client = await harness.as(player);
      return {
        ...client,
        statement: (content, key) => client.upload('/v1/statements', content, streamedTypes.xml, key),
      };
    },
  };
}

/** Of two providers of one token Nest takes the later. */
function withChannel(module: DynamicModule, channel: PaymentChannel | undefined): DynamicModule {
  if (!channel) return module;
  const bank = { provide: paymentChannels, useValue: { 'iso20022-http': channel } };
  return { ...module, providers: [...(module.providers ?? []), bank] };
}

export const account = { bin: '970405', number: '2600201000001', name: 'SỞ LAO ĐỘNG' };

let funds = 0;

/** A programme and a fund with money, and what it is called. */
export async function openFund(
  harness: Harness,
  { amount = '1000000000000', programmes = ['NQ68'], office = '27', channel = 'iso20022-http' } = {},
): Promise<string> {
  const client = await harness.as({ ...operator, office });
  for (const code of programmes) await client.put(`/v1/programmes/${code}`, { name: code }).expect(200);
  funds += 1;
  const fund = {
    code: `F-${funds}-${randomUUID().slice(0, 8)}`,
    name: 'Fund',
    budgetSource: 'NSNN',
    programmeCodes: programmes,
    channel,
    account: { ...account, number: String(2_600_201_000_000 + funds) },
  };
  const { body } = await client.post('/v1/funds', fund).expect(201);
  const { id } = body as { id: string };
  await client.post(`/v1/funds/${id}/allotments`, { amount, reference: 'QD-1' }).expect(201);
  return id;
}

export const listHeader =
  'payeeId,payeeName,bankBin,account,amount,programmeCode,policyCode,period,placeCode,ordinal,remittance';

/** One line of a list; everything valid unless told otherwise. */
export function listLine(index: number, over: Partial<Record<string, string>> = {}): string {
  const line: Record<string, string> = {
    payeeId: `0272010${String(index).padStart(5, '0')}`,
    payeeName: `Nguyễn Văn ${'ABCDEGHIKLMNOPQRSTUVXY'[index % 22]}`,
    bankBin: '970405',
    account: `26002${String(index).padStart(8, '0')}`,
    amount: String(1_000_000 + index),
    programmeCode: 'NQ68',
    policyCode: 'CS04',
    period: '2022-03',
    placeCode: '09163',
    ordinal: '1',
    remittance: 'Ho tro',
  };
  return Object.values({ ...line, ...over }).join(',');
}

export const csvOf = (lines: string[]) => `${[listHeader, ...lines].join('\n')}\n`;

let lastLine = 0;

/** Lines that no other batch of this spec file has: every obligation is new. */
export function newLines(count: number, over: Partial<Record<string, string>> = {}): string[] {
  return Array.from({ length: count }, () => listLine((lastLine += 1), over));
}

export async function createBatch(
  client: PlayedClient,
  fundId: string,
  channel = 'iso20022-http',
): Promise<BatchView> {
  const { body } = await client
    .post('/v1/batches', {
      fundId,
      programmeCode: 'NQ68',
      purpose: 'Hỗ trợ',
      period: '2022-03',
      channel,
    })
    .expect(201);
  return body as BatchView;
}

export interface BatchOptions {
  fundId?: string;
  channel?: string;
  onBlocking?: 'stop' | 'setAside';
  by?: Player;
}

export async function readBatch(harness: Harness, id: string): Promise<BatchView> {
  return (await (await harness.as(operator)).get(`/v1/batches/${id}`).expect(200)).body as BatchView;
}

/** Runs the check that is due, as the worker would. */
export async function check(harness: Harness, id: string): Promise<BatchView> {
  await harness.app.get(CheckService).check(id);
  return readBatch(harness, id);
}

export async function checkedBatch(
  harness: Harness,
  lines: string[],
  options: BatchOptions = {},
): Promise<BatchView> {
  const client = await harness.as(options.by ?? maker);
  const batch = await createBatch(
    client,
    options.fundId ?? (await openFund(harness, { channel: options.channel })),
    options.channel,
  );
  const path = `/v1/batches/${batch.id}/payments?onBlocking=${options.onBlocking ?? 'stop'}`;
  await client.list(path, csvOf(lines), streamedTypes.csv).expect(202);
  return check(harness, batch.id);
}

export async function submittedBatch(
  harness: Harness,
  lines: string[],
  options: BatchOptions = {},
): Promise<BatchView> {
  const batch = await checkedBatch(harness, lines, options);
  const client = await harness.as(options.by ?? maker);
  return (await client.post(`/v1/batches/${batch.id}/submission`).expect(200)).body as BatchView;
}

/** The reply is not judged: a test may expect a refusal. */
export async function approve(harness: Harness, batch: BatchView, by: Player): Promise<supertest.Response> {
  return (await harness.as(by)).post(`/v1/batches/${batch.id}/approval`, { digest: batch.digest! });
}

export async function approvedBatch(
  harness: Harness,
  lines: string[],
  options: BatchOptions = {},
): Promise<BatchView> {
  const batch = await submittedBatch(harness, lines, options);
  const reply = await approve(harness, batch, { ...firstChecker, office: options.by?.office });
  if (reply.status !== 200) throw new Error(`not approved: ${reply.text}`);
  return reply.body as BatchView;
}

export const numberOf = ({ code }: BatchView) => String(Number(code.slice('LO-'.length)));

export const endToEndIdOf = ({ code }: BatchView, row: number) => `${code}-${String(row).padStart(7, '0')}`;

/** Starts the transmission and sends every chunk once, as the worker would on its hints. */
export async function sentBatch(
  harness: Harness,
  lines: string[],
  options: BatchOptions = {},
): Promise<BatchView> {
  const batch = await approvedBatch(harness, lines, options);
  const client = await harness.as(operator);
  await client.post(`/v1/batches/${batch.id}/transmission`).expect(202);
  for (let chunkNo = 1; chunkNo <= batch.chunks.total; chunkNo += 1) {
    await harness.app.get(ChunkSender).send({ batchNumber: numberOf(batch), chunkNo });
  }
  return readBatch(harness, batch.id);
}
