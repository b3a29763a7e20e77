import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HintQueue } from '@ansinh/queue';
import { Random } from '@ansinh/samples';
import type { SpawnedApp } from '@ansinh/testing';
import { type TransmitHint, transmitQueue } from '../src/hints/hints.js';
import { expectEverythingAccounted } from './accounted.js';
import { type BatchUnderTest, FaultRig, until } from './faults-harness.js';

const lines = 1_000;

let rig: FaultRig;
beforeAll(async () => {
  rig = await FaultRig.start();
});
afterEach(async () => {
  await rig.stopWorkers();
  await rig.calm();
});
afterAll(() => rig.stop());

test('two workers and four hints a chunk: each chunk is taken once, nobody waits in a circle', async () => {
  const deadlocksBefore = await deadlocks();
  const batch = await rig.approvedBatch(lines);
  const hints = new HintQueue<TransmitHint>(transmitQueue, rig.harness.config, new Logger('race'));
  const chunks = await rig.rows<TransmitHint>(
    `SELECT batch_number AS "batchNumber", chunk_no AS "chunkNo" FROM chunk WHERE batch_number = $1 ORDER BY chunk_no`,
    [batch.number],
  );
  await hints.give(
    chunks.flatMap((payload) =>
      ['a', 'b', 'c', 'd'].map((name) => ({ id: `race-${payload.chunkNo}-${name}`, payload })),
    ),
  );
  await hints.close();
  await rig.transmit(batch);
  // Neither a lease nor a call to the bank may run out on a slow machine: then more than one delivery would be right.
  const patient = { CHUNK_LEASE_MS: '60000', BANK_TIMEOUT_MS: '30000' };
  await Promise.all([rig.startWorker(patient), rig.startWorker(patient)]);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
  expect(rig.relay.deliveries(batch.code).all).toBe(chunks.length);
  // PostgreSQL counts for a session when that ends. A deadlock costs a second each, and is a break of the lock order.
  await rig.stopWorkers();
  expect(await deadlocks()).toBe(deadlocksBefore);
});

test('a zombie wakes with a stale answer while another worker asks the bank: it is fenced off', async () => {
  const batch = await rig.approvedBatch(150);
  // It waits for the bank longer than its lease is, and does nothing else by then: a frozen process keeps its locks.
  const never = '600000';
  const zombie = await rig.startWorker({ BANK_TIMEOUT_MS: '20000', SWEEP_MS: never, COLLECT_MS: never });
  let held = '';
  const thawed = Promise.withResolvers<void>();
  rig.relay.onDelivery = async ({ messageId }, pass) => {
    if (held === '') {
      held = messageId;
      await othersAccepted(rig, batch, messageId);
      zombie.kill('SIGSTOP');
      await Promise.all([rig.startWorker(), thawed.promise]);
      return 'refuse';
    }
    await pass();
    if (messageId !== held) return 'answer';
    zombie.kill('SIGCONT');
    thawed.resolve();
    // Were the zombie's word taken, the chunk would now count as never sent, and go out once more.
    await sleep(500);
    held = 'done';
    return 'lose';
  };
  await rig.transmit(batch);
  await expectEverythingAccounted(rig, batch, { seed: 0 });
  expect(held).toBe('done');
  expect(rig.relay.deliveries(batch.code)).toEqual({ all: 4, unanswered: 1 });
});

test('leases run out while a slow database still makes the messages: who has lost his lease sends nothing', async () => {
  const batch = await rig.approvedBatch(100);
  await Promise.all([rig.startWorker(), rig.startWorker()]);
  await rig.harness.dataSource.transaction(async (tx) => {
    await tx.query('LOCK TABLE payment_line IN ACCESS EXCLUSIVE MODE');
    await rig.transmit(batch);
    await until('a chunk whose lease ran out was taken again', async () => {
      const [row] = await rig.rows<{ taken: number }>(
        'SELECT max(attempts) AS taken FROM chunk WHERE batch_number = $1',
        [batch.number],
      );
      return { done: row!.taken >= 2, value: undefined, seen: row };
    });
  });
  await expectEverythingAccounted(rig, batch, { seed: 0 });
});

test.each([{ seed: 61 }])('workers freeze past their leases and wake up (seed $seed)', async ({ seed }) => {
  const random = new Random(seed);
  const batch = await rig.approvedBatch(lines);
  const workers = await Promise.all([rig.startWorker(), rig.startWorker()]);
  const freezes = new Set([1, 7, 13].map((nth) => nth + random.below(5)));
  const thaws: Promise<void>[] = [];
  rig.relay.onDelivery = async ({ nth }, pass) => {
    if (freezes.delete(nth)) thaws.push(freeze(random.pick(workers), random.below(10)));
    await pass();
    return 'answer';
  };
  await rig.transmit(batch);
  await rig.rest(batch);
  await Promise.all(thaws);
  await expectEverythingAccounted(rig, batch, { seed });
  expect(thaws).toHaveLength(3);
});

function othersAccepted(rig: FaultRig, batch: BatchUnderTest, messageId: string): Promise<void> {
  return until('the other chunks accepted', async () => {
    const waiting = await rig.rows(
      `SELECT FROM chunk WHERE batch_number = $1 AND message_id <> $2 AND state <> 'accepted'`,
      [batch.number, messageId],
    );
    return { done: waiting.length === 0, value: undefined, seen: waiting.length };
  });
}

/** Longer than a lease: somebody else has the chunk when it wakes. */
async function freeze(worker: SpawnedApp, delayMs: number): Promise<void> {
  await sleep(delayMs);
  worker.kill('SIGSTOP');
  await sleep(2_500);
  worker.kill('SIGCONT');
}

/** So far, of sessions that have ended. */
async function deadlocks(): Promise<number> {
  const sql = 'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()';
  return (await rig.rows<{ deadlocks: number }>(sql))[0]!.deadlocks;
}
