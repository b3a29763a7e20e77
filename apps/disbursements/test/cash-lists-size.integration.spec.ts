import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type CashListFormat } from '@ansinh/client';
import { spawnApp, type SpawnedApp } from '@ansinh/testing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { approvedBatch, type Harness, newLines, openFund, operator, startHarness } from './harness.js';

const people = 20_000;
const listsOfBatch = 4;
const memoryMbMax = 512;
const communes = ['09163', '09169', '09172', '09175'];

let harness: Harness;
let api: SpawnedApp | undefined;
let batch: BatchView;
beforeAll(async () => {
  harness = await startHarness();
  const channel = 'post-cash';
  const fundId = await openFund(harness, { channel });
  // Commune by commune in turn: each list has people in every block of the batch, the worst that a list can be.
  const lines = newLines(people, { bankBin: '', account: '', amount: '20000' }).map((line, index) =>
    line.replace(',09163,', `,${communes[index % listsOfBatch]},`),
  );
  batch = await approvedBatch(harness, lines, { fundId, channel });
  await (await harness.as(operator)).post(`/v1/batches/${batch.id}/transmission`).expect(202);
  const { config } = harness;
  api = await spawnApp({
    app: 'disbursements',
    environment: {
      DATABASE_URL: config.databaseUrl,
      OIDC_ISSUER: config.issuer,
      SEALING_KEYS: config.sealingKeys,
      LOOKUP_KEY: config.lookupKey,
      BANK_URL: config.bankUrl,
      BANK_API_TOKEN: config.bankToken,
      LOG_LEVEL: 'warn',
    },
  });
}, 300_000);
afterAll(async () => {
  await api?.stop();
  await harness.stop();
});

class Counted extends Writable {
  bytes = 0;
  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.bytes += piece.length;
    done();
  }
}

async function download(number: number, format: CashListFormat): Promise<number> {
  const client = createClient({ baseUrl: api!.url, token: (await harness.as(operator)).token });
  const to = new Counted();
  await client.batches.downloadCashList(batch.id, number, { format }, to);
  return to.bytes;
}

test('the service answers others while a list of 5,000 people becomes paper', async () => {
  let isDone = false;
  const paper = download(1, 'pdf').finally(() => (isDone = true));
  let answered = 0;
  while (!isDone) {
    expect((await fetch(`${api!.url}/health/live`)).status).toBe(200);
    answered += 1;
  }
  expect(await paper).toBeGreaterThan(100_000);
  // Made on the thread that answers, the paper would have let one or two of them through.
  expect(answered).toBeGreaterThan(10);
});

test(`a hundred thousand lines leave memory below ${memoryMbMax} MB`, async () => {
  const formats: CashListFormat[] = ['pdf', 'pdf', 'xlsx', 'pdf', 'pdf'];
  for (const format of formats)
    await Promise.all(Array.from({ length: listsOfBatch }, (_, index) => download(index + 1, format)));
  expect(api!.peakRssMb()).toBeGreaterThan(50);
  expect(api!.peakRssMb()).toBeLessThan(memoryMbMax);
}, 300_000);
