import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Random } from '@ansinh/samples';
import { describeWith, type RedisForTests, redisForTests } from '@ansinh/testing';
import { expectEverythingAccounted } from './accounted.js';
import { FaultRig, until } from './faults-harness.js';

const lines = 600;

/** When a worker dies, as seen from the bank: before the message arrives, before its answer is out, or right after. */
const moments = ['before', 'between', 'after'] as const;

const queues: { name: string; redis: RedisForTests }[] = [
  { name: 'on PostgreSQL', redis: { url: '' } },
  { name: 'on Redis', redis: redisForTests() },
];

for (const { name, redis } of queues) describeWith(redis, `the queue ${name}`, () => faultsOn(redis.url));

function faultsOn(redisUrl: string): void {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await FaultRig.start({ redisUrl });
  });
  afterEach(async () => {
    await rig.stopWorkers();
    await rig.calm();
  });
  afterAll(() => rig.stop());

  test.each([{ seed: 11 }])('workers die by SIGKILL in mid-transmission (seed $seed)', async ({ seed }) => {
    const random = new Random(seed);
    const plan = new Map([2, 6, 10].map((nth) => [nth + random.below(3), random.pick(moments)]));
    const batch = await rig.approvedBatch(lines);
    let worker = rig.startWorker();
    let deaths = 0;
    const kill = async () => {
      const dying = await worker;
      dying.kill('SIGKILL');
      await dying.ended;
      deaths += 1;
      worker = rig.startWorker();
    };
    rig.relay.onDelivery = async ({ nth }, pass) => {
      const moment = plan.get(nth);
      if (moment === 'before') await kill();
      await pass();
      if (moment === 'between') await kill();
      if (moment === 'after') setTimeout(() => void kill(), random.below(20));
      return 'answer';
    };
    await worker;
    await rig.transmit(batch);
    await expectEverythingAccounted(rig, batch, { seed });
    expect(deaths).toBe(plan.size);
  });

  test('the queue is emptied in mid-batch, again and again: the sweeper finds all', async () => {
    const batch = await rig.approvedBatch(lines);
    await rig.startWorker();
    let emptied = 0;
    rig.relay.onDelivery = async ({ nth }, pass) => {
      await pass();
      if (nth % 3 === 0) {
        await rig.emptyQueue();
        emptied += 1;
      }
      return 'answer';
    };
    await rig.transmit(batch);
    await expectEverythingAccounted(rig, batch, { seed: 0 });
    expect(emptied).toBeGreaterThanOrEqual(4);
  });

  test('the hint of a check is lost: the sweeper gives it again', async () => {
    const batch = await rig.importedBatch(100);
    await rig.emptyQueue();
    await rig.startWorker();
    await until('checked', async () => {
      const value = await rig.people.maker.batches.get(batch.id);
      return { done: value.state === 'checked', value, seen: value.state };
    });
  });
}
