import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Worker } from 'bullmq';
import { HintQueue, migrateQueues, processHints, type QueueSettings } from '@ansinh/queue';
import {
  createTestDatabase,
  describeWith,
  type RedisForTests,
  redisForTests,
  TcpProxy,
} from '@ansinh/testing';
import { until } from './faults-harness.js';

interface Work {
  name: string;
}

/** What goes wrong here goes wrong on purpose. */
Logger.overrideLogger(false);
const logger = new Logger('queue');

// First, because its connection lets go two seconds after it was closed.
describe('a Redis that is away', () => {
  test('keeps nobody waiting for ever: the giver is told', async () => {
    const away = new HintQueue<Work>(
      'away',
      { redisUrl: 'redis://127.0.0.1:1', databaseUrl: '', statementTimeoutMs: 1_000 },
      logger,
    );
    await expect(away.give([{ id: 'a', payload: { name: 'a' } }])).rejects.toThrow('does not answer');
    await away.close();
  });
});

describe('a PostgreSQL that is away at first', () => {
  let url: string;
  let network: TcpProxy;
  beforeEach(async () => {
    ({ url } = await createTestDatabase({ service: 'queue', migrate: migrateQueues }));
    const { hostname, port } = new URL(url);
    network = new TcpProxy({ host: hostname, port: Number(port) });
    await network.start();
  });
  afterEach(() => network.stop());

  test('is found again by who gives and by who listens, and nobody spins meanwhile', async () => {
    network.isDown = true;
    const settings = { redisUrl: null, databaseUrl: network.through(url), statementTimeoutMs: 5_000 };
    const queue = new HintQueue<Work>('away', settings, logger);
    const heard = Promise.withResolvers<Work>();
    const errors: unknown[] = [];
    const worker = processHints<Work>('away', settings, logger, { concurrency: 1 }, async (work) =>
      heard.resolve(work),
    );
    worker.on('error', (error) => errors.push(error));
    await expect(queue.give([{ id: 'a', payload: { name: 'lost' } }])).rejects.toThrow();
    expect(errors.length).toBeLessThan(10);
    network.clear();
    await until('the hint is taken', async () => {
      const isTaken = await queue.give([{ id: 'b', payload: { name: 'found' } }]).then(
        () => true,
        () => false,
      );
      return { done: isTaken, value: undefined };
    });
    expect(await heard.promise).toEqual({ name: 'found' });
    await worker.close();
    await queue.close();
  });
});

const backends: { title: string; redis: RedisForTests }[] = [
  { title: 'hints on PostgreSQL', redis: { url: '' } },
  { title: 'hints on Redis', redis: redisForTests() },
];
for (const { title, redis } of backends) describeWith(redis, title, () => testsOf(redis.url || null));

let queues = 0;
function testsOf(redisUrl: string | null): void {
  let settings: QueueSettings;
  let name: string;
  let queue: HintQueue<Work>;
  const workers: Worker[] = [];

  beforeAll(async () => {
    const { url } = await createTestDatabase({ service: 'queue', migrate: migrateQueues });
    settings = { redisUrl, databaseUrl: url, statementTimeoutMs: 30_000 };
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await queue.close();
  });

  /** A queue of its own, and who listens to it. */
  function open(): void {
    queues += 1;
    name = `test-${queues}`;
    queue = new HintQueue<Work>(name, settings, logger);
  }
  function listen(handle: (work: Work) => Promise<void>): Worker {
    const worker = processHints<Work>(name, settings, logger, { concurrency: 1 }, handle);
    workers.push(worker);
    return worker;
  }
  const give = (...ids: string[]) => queue.give(ids.map((id) => ({ id, payload: { name: id } })));

  test('a hint given three times while it waits runs once', async () => {
    open();
    await give('a', 'a');
    await give('a', 'b');
    const ran: string[] = [];
    listen(async (work) => void ran.push(work.name));
    await until('both ran', async () => ({ done: ran.length >= 2, value: ran }));
    await sleep(300);
    expect(ran).toEqual(['a', 'b']);
  });

  test('given while it runs it is the same hint; given after that it runs again', async () => {
    open();
    const ran: string[] = [];
    const gate = Promise.withResolvers<void>();
    listen(async (work) => {
      ran.push(work.name);
      await gate.promise;
    });
    await give('a');
    await until('running', async () => ({ done: ran.length === 1, value: ran }));
    await give('a');
    gate.resolve();
    await sleep(300);
    expect(ran).toEqual(['a']);
    await give('a');
    await until('ran again', async () => ({ done: ran.length === 2, value: ran }));
  });

  test('a handler that throws ends its job, and does not block its id or those behind it', async () => {
    open();
    const ran: string[] = [];
    listen(async (work) => {
      ran.push(work.name);
      if (ran.length === 1) throw new Error('no');
    });
    await give('a', 'b');
    await until('the next one ran', async () => ({ done: ran.length === 2, value: ran }));
    await give('a');
    await until('the same id ran again', async () => ({ done: ran.length === 3, value: ran }));
    expect(ran).toEqual(['a', 'b', 'a']);
  });

  test('a queue that was emptied takes and runs hints again, the same ids too', async () => {
    open();
    await give('a', 'b');
    await queue.obliterate();
    const ran: string[] = [];
    listen(async (work) => void ran.push(work.name));
    await sleep(300);
    expect(ran).toEqual([]);
    await give('b', 'c');
    await until('both ran', async () => ({ done: ran.length === 2, value: ran }));
    expect(ran).toEqual(['b', 'c']);
  });

  test('a hint that a dead worker held goes to another worker', async () => {
    open();
    const ran: string[] = [];
    const taken = Promise.withResolvers<void>();
    const dead = listen(async () => {
      taken.resolve();
      await new Promise<void>(() => undefined);
    });
    await give('a');
    await taken.promise;
    await dead.close(true);
    workers.pop();
    listen(async (work) => void ran.push(work.name));
    await until('run by the other', async () => ({ done: ran.length === 1, value: ran }), 20);
  });
}
