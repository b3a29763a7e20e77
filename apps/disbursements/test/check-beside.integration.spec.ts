import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { TcpProxy } from '@ansinh/testing';
import { checkedBatch, type Harness, newLines, startHarness } from './harness.js';

let harness: Harness;
let network: TcpProxy;
beforeAll(async () => {
  // A session may be idle in its transaction for half as long as a statement may take.
  harness = await startHarness({ environment: { STATEMENT_TIMEOUT_MS: '2000' } });
  const { hostname, port } = new URL(harness.config.databaseUrl);
  network = new TcpProxy({ host: hostname, port: Number(port) });
  await network.start();
});
afterAll(async () => {
  await network.stop();
  await harness.stop();
});

test('a check waits for what is read beside it, though that takes longer than a session may be idle', async () => {
  const { options } = harness.app.get(DataSource);
  const url = harness.config.databaseUrl;
  // The connection beside the pool alone.
  Object.assign(options, { url: network.through(url) });
  network.delayMs = 150;
  try {
    expect(await checkedBatch(harness, newLines(2))).toMatchObject({ state: 'checked' });
  } finally {
    Object.assign(options, { url });
  }
});
