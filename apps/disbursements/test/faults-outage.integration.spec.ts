import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { expectEverythingAccounted } from './accounted.js';
import { type BatchUnderTest, FaultRig, until } from './faults-harness.js';

const lines = 600;

let rig: FaultRig;
beforeAll(async () => {
  rig = await FaultRig.start();
});
afterEach(async () => {
  await rig.stopWorkers();
  await rig.calm();
});
afterAll(() => rig.stop());

const view = (batch: BatchUnderTest) => rig.people.operator.batches.get(batch.id);

test('a paused batch sends nothing more and still takes answers in; resumed, it goes to its end', async () => {
  const batch = await rig.approvedBatch(lines);
  // The pause is waited for in the middle of two deliveries, however long a busy machine takes for it.
  await rig.startWorker({ BANK_TIMEOUT_MS: '20000', CHUNK_LEASE_MS: '60000' });
  let pausing: Promise<unknown> | undefined;
  rig.relay.onDelivery = async ({ nth }, pass) => {
    if (nth >= 6) await (pausing ??= rig.people.operator.batches.pause(batch.id));
    await pass();
    return 'answer';
  };
  await rig.transmit(batch);
  const paused = await until('paused, and what was sent is paid', async () => {
    const value = await view(batch);
    const { accepted, sending, unknown } = value.chunks;
    const isPaid = value.totals.paid.count === accepted * 50;
    return { done: value.state === 'paused' && sending + unknown === 0 && accepted > 0 && isPaid, value };
  });
  const { all: sent } = rig.relay.deliveries(batch.code);
  // A worker has four chunks at a time under way: those end.
  expect(sent).toBeLessThanOrEqual(9);
  expect(paused.chunks).toMatchObject({ accepted: sent, pending: lines / 50 - sent });
  // Several sweeps, each of which finds the same chunks due.
  await sleep(1_200);
  expect(await view(batch)).toEqual(paused);
  expect(rig.relay.deliveries(batch.code).all).toBe(sent);
  await rig.transmit(batch);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
});

test('a bank that dies in mid-batch and comes back costs time, not payments', async () => {
  await rig.witness.planFaults(82, 0, { returnLater: 0.05, refuse: 0.05 });
  const batch = await rig.approvedBatch(lines);
  // Past the relay: a refused connection is the surest sign that nothing was taken.
  await rig.startWorker({ BANK_URL: rig.bank.url });
  await rig.transmit(batch);
  await until('some chunks accepted', async () => {
    const value = await view(batch);
    return { done: value.chunks.accepted >= 3, value };
  });
  await rig.bank.kill();
  await sleep(1_000);
  await rig.bank.startAgain();
  await expectEverythingAccounted(rig, batch, { seed: 82 });
});

test('a chunk that was tried too often waits for the operator, who sees it and sends it again', async () => {
  const batch = await rig.approvedBatch(lines);
  await rig.startWorker({ CHUNK_ATTEMPTS_MAX: '2' });
  // The bank takes every message of the first half and its answers are lost, also when it is asked; the others it refuses.
  rig.relay.isDeaf = true;
  rig.relay.onDelivery = async ({ messageId }, pass) => {
    if (Number(messageId.slice(-5)) > 10) return 'refuse';
    await pass();
    return 'lose';
  };
  await rig.transmit(batch);
  const dead = await until('every chunk dead', async () => {
    const value = await view(batch);
    return { done: value.chunks.dead === value.chunks.total, value };
  });
  expect(dead.state).toBe('transmitting');
  const { items } = await rig.people.operator.batches.messages(batch.id);
  expect(
    items.every(({ state, problem, attempts }) => state === 'dead' && problem !== null && attempts === 2),
  ).toBe(true);
  rig.relay.calm();
  await rig.transmit(batch);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
});
