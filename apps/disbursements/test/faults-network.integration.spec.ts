import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TcpProxy } from '@ansinh/testing';
import { expectEverythingAccounted } from './accounted.js';
import { FaultRig } from './faults-harness.js';

const lines = 300;

let rig: FaultRig;
let network: TcpProxy;
beforeAll(async () => {
  rig = await FaultRig.start({ worker: { STATEMENT_TIMEOUT_MS: '1000' } });
});
beforeEach(async () => {
  const { hostname, port } = new URL(rig.harness.config.databaseUrl);
  network = new TcpProxy({ host: hostname, port: Number(port) });
  await network.start();
});
afterEach(async () => {
  await rig.stopWorkers();
  await network.stop();
  await rig.calm();
});
afterAll(() => rig.stop());

/** The one worker that there is; nobody else can go on for it. */
const startWorker = () => rig.startWorker({ DATABASE_URL: network.through(rig.harness.config.databaseUrl) });

test('connections to PostgreSQL that fall silent for ever: the worker gives them up and goes on', async () => {
  const batch = await rig.approvedBatch(lines);
  await startWorker();
  rig.relay.onDelivery = async ({ nth }, pass) => {
    if (nth === 1) {
      network.fallSilent();
      await sleep(300);
      // Only new connections carry anything from here on.
      network.clear();
    }
    await pass();
    return 'answer';
  };
  await rig.transmit(batch);
  const { totals } = await expectEverythingAccounted(rig, batch, { seed: 0 });
  expect(totals.paid.count).toBe(lines);
});

test('a network to PostgreSQL that breaks again and again', async () => {
  const batch = await rig.approvedBatch(lines);
  await startWorker();
  let cuts = 0;
  rig.relay.onDelivery = async ({ nth }, pass) => {
    await pass();
    if (nth % 2 === 0) {
      network.cut();
      cuts += 1;
    }
    return 'answer';
  };
  await rig.transmit(batch);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
  expect(cuts).toBeGreaterThan(1);
});
