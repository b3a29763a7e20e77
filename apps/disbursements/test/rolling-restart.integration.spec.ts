import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Client, createClient } from '@ansinh/client';
import type { SpawnedApp } from '@ansinh/testing';
import { expectEverythingAccounted } from './accounted.js';
import { type BatchUnderTest, FaultRig, until } from './faults-harness.js';
import { csvOf, maker, newLines, operator } from './harness.js';
import { RoundRobin } from './round-robin.js';

/** 24 chunks; each worker has four in hand at a time. */
const lines = 1_200;
const chunksAtOnce = 8;
/** Of each client between two requests: six of them that never paused took most of a core. */
const pauseMs = 200;
const processesMs = 300_000;

/** A lease that does not run out during the test: what a stopped worker left behind would stay there. */
const patient = { CHUNK_LEASE_MS: '280000', BANK_TIMEOUT_MS: '280000' };
/** Many times as long as the load balancer takes to look. */
const draining = { DRAIN_MS: '1500' };

let rig: FaultRig;
let proxy: RoundRobin;
let apis: SpawnedApp[];
let workers: SpawnedApp[];
let traffic: Traffic;

beforeAll(async () => {
  rig = await FaultRig.start();
  proxy = await RoundRobin.start();
  apis = await Promise.all([rig.startApi(draining), rig.startApi(draining)]);
  for (const { url } of apis) await proxy.add(url);
  workers = await Promise.all([rig.startWorker(patient), rig.startWorker(patient)]);
}, processesMs);
afterAll(async () => {
  await traffic?.end();
  await Promise.all([...apis, ...workers].map((app) => app.stop()));
  await proxy.stop();
  await rig.stop();
}, processesMs);

/** The bank lets messages in only while it is told to: chunks stay in the workers' hands at will. */
function bankGate(): { open(): void; openOnce(): void } {
  let gate = Promise.withResolvers<void>();
  rig.relay.onDelivery = async (_delivery, pass) => {
    await gate.promise;
    await pass();
    return 'answer';
  };
  const open = () => gate.resolve();
  const openOnce = () => {
    open();
    gate = Promise.withResolvers<void>();
  };
  return { open, openOnce };
}

/** Clients that never stop asking, and try nothing twice. */
class Traffic {
  readonly failures: string[] = [];
  readonly done: Record<string, number> = {};
  private readonly loops: Promise<void>[] = [];
  private isOver = false;

  private constructor(private readonly tokens: Record<'maker' | 'operator', string>) {}

  static async start(batch: BatchUnderTest): Promise<Traffic> {
    const traffic = new Traffic({
      maker: (await rig.harness.as(maker)).token,
      operator: (await rig.harness.as(operator)).token,
    });
    const asOperator = traffic.client('operator');
    const asMaker = traffic.client('maker');
    traffic.keep('reads of the batch', () => asOperator.batches.get(batch.id));
    traffic.keep('reads of payments', () => asOperator.batches.payments(batch.id, { limit: 50 }));
    traffic.keep('GraphQL', () => traffic.graphql());
    traffic.keep('commands', async () => {
      const { id } = await asMaker.batches.create(draftOf(batch));
      await asMaker.batches.cancel(id, 'Thử');
    });
    traffic.keep('uploads', async () => {
      const { id } = await asMaker.batches.create(draftOf(batch));
      await asMaker.batches.importPayments(id, { open: () => Readable.from(slowList()), type: 'text/csv' });
    });
    traffic.keep('events', () => traffic.events(batch));
    return traffic;
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.loops);
  }

  private keep(name: string, ask: () => Promise<unknown>): void {
    this.done[name] = 0;
    const loop = async () => {
      while (!this.isOver) {
        try {
          await ask();
          this.done[name]! += 1;
        } catch (error) {
          this.failures.push(`${name}: ${String(error)} ${String((error as Error).cause ?? '')}`);
        }
        await sleep(pauseMs);
      }
    };
    this.loops.push(loop());
  }

  private client(who: 'maker' | 'operator'): Client {
    return createClient({ baseUrl: proxy.url, token: this.tokens[who], retriesMax: 0 });
  }

  private async graphql(): Promise<void> {
    const answer = await fetch(`${proxy.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.tokens.operator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ batches(first: 3) { edges { node { code state } } } }' }),
    });
    const body = (await answer.json()) as { errors?: object[] };
    if (!answer.ok || body.errors) throw new Error(JSON.stringify(body));
  }

  /** Ends when the service stops, or when the test is over: never by a broken connection. */
  private async events(batch: BatchUnderTest): Promise<void> {
    const leave = new AbortController();
    const look = setInterval(() => this.isOver && leave.abort(), 50);
    try {
      const answer = await fetch(`${proxy.url}/v1/batches/${batch.id}/events`, {
        headers: { authorization: `Bearer ${this.tokens.operator}` },
        signal: leave.signal,
      });
      const text = await answer.text();
      if (!text.startsWith('event: progress') || !text.endsWith('\n\n'))
        throw new Error(`broke off: ${text}`);
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    } finally {
      clearInterval(look);
    }
  }
}

const draftOf = ({ fundId }: BatchUnderTest) => ({
  fundId,
  programmeCode: 'NQ68',
  purpose: 'Hỗ trợ',
  period: '2022-03',
  channel: 'iso20022-http' as const,
});

/** Two seconds long, so that one is under way whenever a process is told to stop. */
async function* slowList(): AsyncGenerator<Buffer> {
  const [header, ...rows] = csvOf(newLines(40)).split('\n');
  yield Buffer.from(`${header}\n`);
  for (let at = 0; at < rows.length; at += 5) {
    await sleep(250);
    yield Buffer.from(`${rows.slice(at, at + 5).join('\n')}\n`);
  }
}

/** SIGTERM, as a cluster does; the process ends by itself and says that all went well. */
async function retire(app: SpawnedApp): Promise<void> {
  app.kill('SIGTERM');
  expect(await app.ended).toEqual({ code: 0, signal: null });
}

test(
  'API and workers are replaced one by one under a batch in flight: no request fails, the batch ends right',
  async () => {
    const batch = await rig.approvedBatch(lines);
    const gate = bankGate();
    traffic = await Traffic.start(batch);
    await rig.transmit(batch);
    const inHand = (chunks: number) =>
      until(
        `${chunks} chunks were handed to the bank`,
        async () => {
          const { all } = rig.relay.deliveries(batch.code);
          return { done: all >= chunks, value: all };
        },
        60,
      );

    for (const [index, old] of [...workers].entries()) {
      await inHand(chunksAtOnce * (index + 1));
      workers.push(await rig.startWorker(patient));
      const retired = retire(old);
      // It holds four chunks that the bank has not answered, and may not go before.
      await sleep(500);
      gate.openOnce();
      await retired;
      workers = workers.filter((worker) => worker !== old);
    }
    await inHand(chunksAtOnce * 2 + 1);
    for (const old of [...apis]) {
      const fresh = await rig.startApi(draining);
      apis.push(fresh);
      await proxy.add(fresh.url);
      const before = { ...traffic.done };
      await retire(old);
      expect(proxy.served(old.url)).toBeGreaterThan(0);
      proxy.remove(old.url);
      apis = apis.filter((api) => api !== old);
      await until(
        'every kind of request was answered since',
        async () => {
          const brief = Object.keys(before).filter((name) => name !== 'events');
          const idle = brief.filter((name) => traffic.done[name]! <= before[name]!);
          return { done: idle.length === 0, value: undefined, seen: { idle, failures: traffic.failures } };
        },
        60,
      );
    }
    gate.open();
    await rig.rest(batch, 120);
    await traffic.end();
    expect(traffic.failures).toEqual([]);
    expect(traffic.done['events']).toBeGreaterThan(0);
    await until('the lists that were uploaded are checked', async () => {
      const checking = await rig.rows(`SELECT FROM batch WHERE state = 'checking'`);
      return { done: checking.length === 0, value: undefined, seen: checking.length };
    });
    await expectEverythingAccounted(rig, batch, { seed: 0 });
    // Nobody had to wait for a lease to run out, and nothing was sent twice.
    const [chunk] = await rig.rows<{ attempts: number; chunks: number }>(
      'SELECT max(attempts) AS attempts, count(*)::int AS chunks FROM chunk WHERE batch_number = $1',
      [batch.number],
    );
    expect(chunk).toEqual({ attempts: 1, chunks: lines / 50 });
    expect(rig.relay.deliveries(batch.code)).toEqual({ all: lines / 50, unanswered: 0 });
  },
  processesMs,
);

test('who is told to stop says at once that it is not ready, and goes on answering', async () => {
  const [api] = apis as [SpawnedApp];
  const extra = await rig.startApi({ DRAIN_MS: '4000' });
  extra.kill('SIGTERM');
  await until('it is not ready', async () => {
    const answer = await fetch(`${extra.url}/health/ready`);
    const { status, headers } = answer;
    const seen = { status, connection: headers.get('connection'), body: await answer.text() };
    return {
      done: status === 503 && /stopping|dừng/.test(seen.body) && seen.connection === 'close',
      value: seen,
    };
  });
  expect((await fetch(`${extra.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${extra.url}/v1/batches`)).status).toBe(401);
  expect(await extra.ended).toEqual({ code: 0, signal: null });
  expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);
});
