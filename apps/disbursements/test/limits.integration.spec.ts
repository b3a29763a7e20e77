import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import type { BatchView } from '../src/batch/batch.dto.js';
import {
  createBatch,
  csvOf,
  type Harness,
  maker,
  newLines,
  openFund,
  type PlayedClient,
  startHarness,
} from './harness.js';

/** Starts the API with limits of its own: they are read from the process's environment. */
async function startWith(environment: Record<string, string>): Promise<Harness> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return await startHarness();
  } finally {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

describe('too many requests', () => {
  const perMinute = 25;
  let harness: Harness;
  beforeAll(async () => {
    harness = await startWith({ RATE_LIMIT_PER_MINUTE: String(perMinute) });
  });
  afterAll(() => harness.stop());

  /** Uses up what a client has left, and one more. */
  async function exhaust(ask: () => supertest.Test): Promise<supertest.Response> {
    for (let asked = 0; asked <= perMinute; asked += 1) {
      const reply = await ask();
      if (reply.status === 429) return reply;
    }
    throw new Error('never refused');
  }

  test('of one subject are put off with a time, in its language, and do not touch another’s', async () => {
    const greedy = await harness.as({ sub: 'greedy' });
    const sameAgain = await harness.as({ sub: 'greedy' });
    const reply = await exhaust(() => greedy.get('/v1/batches'));
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    const seconds = Number(reply.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(reply.body).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429, retryAfter: seconds });
    const vietnamese = await sameAgain.get('/v1/funds').set('accept-language', 'vi');
    expect(vietnamese).toMatchObject({ status: 429, body: { title: 'Quá nhiều yêu cầu' } });
    const graphql = await sameAgain.post('/graphql', { query: '{ __typename }' });
    expect(graphql.status).toBe(429);
    await (await harness.as({ sub: 'modest' })).get('/v1/batches').expect(200);
  });

  test('under invented tokens count for the address; health and valid tokens are served', async () => {
    const agent = supertest(harness.app.getHttpServer());
    let nth = 0;
    const reply = await exhaust(() =>
      agent.get('/v1/batches').set('authorization', `Bearer invented-${(nth += 1)}`),
    );
    expect(reply.status).toBe(429);
    expect(nth).toBe(perMinute + 1);
    expect((await agent.get('/v1/batches')).status).toBe(429);
    for (let asked = 0; asked < perMinute * 2; asked += 1) await agent.get('/health/live').expect(200);
    await (await harness.as({ sub: 'at-the-same-address' })).get('/v1/batches').expect(200);
  });
});

describe('a client that is too slow', () => {
  let harness: Harness;
  let client: PlayedClient;
  let batch: BatchView;
  beforeAll(async () => {
    harness = await startWith({
      HEADERS_TIMEOUT_MS: '600',
      BODY_TIMEOUT_MS: '600',
      UPLOAD_WINDOW_MS: '500',
    });
    client = await harness.as(maker);
    batch = await createBatch(client, await openFund(harness));
  });
  afterAll(() => harness.stop());

  const open = async (): Promise<Socket> => {
    const { port } = harness.app.getHttpServer().address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    // A reset is one of the ways to be cut off.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) throw error;
    });
    await once(socket, 'connect');
    return socket;
  };

  /** Sends a byte now and then until the other side has had enough. */
  async function drip(socket: Socket, bytes: string, everyMs = 50): Promise<void> {
    const closed = once(socket, 'close');
    socket.resume();
    for (let sent = 0; !socket.destroyed; sent += 1) {
      if (socket.writable) socket.write(bytes[sent % bytes.length]!);
      await sleep(everyMs);
    }
    await closed;
  }

  const head = (method: string, path: string, headers: Record<string, string>) =>
    [
      `${method} ${path} HTTP/1.1`,
      'host: api',
      `authorization: Bearer ${client.token}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n');
  const upload = () =>
    head('PUT', `/v1/batches/${batch.id}/payments`, {
      'content-type': 'text/csv',
      'content-length': '100000000',
    });

  /** Nothing is left of an upload: no file, no transaction, and the batch as it was. */
  async function expectNoTrace(): Promise<void> {
    const spools = async () =>
      (await readdir(tmpdir())).filter(
        (name) => name.startsWith('ansinh-upload-') && name.includes(`-${process.pid}-`),
      );
    for (const patience = Date.now() + 10_000; (await spools()).length > 0 && Date.now() < patience;)
      await sleep(20);
    expect(await spools()).toEqual([]);
    const open = (await harness.dataSource.query(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
    )) as object[];
    expect(open).toEqual([]);
    const after = (await client.get(`/v1/batches/${batch.id}`).expect(200)).body as BatchView;
    expect(after).toMatchObject({ state: 'draft', rows: 0 });
  }

  test('with its headers is cut off', async () => {
    const socket = await open();
    socket.write('GET /v1/batches HTTP/1.1\r\nx-slow: ');
    await drip(socket, 'loris');
  });

  test('with a JSON body is cut off', async () => {
    const socket = await open();
    const headers = { 'content-type': 'application/json', 'content-length': '100000' };
    socket.write(head('POST', '/v1/batches', { ...headers, 'idempotency-key': 'slow-body-1' }));
    await drip(socket, ' ');
  });

  test('with an upload is cut off: byte by byte, and when it stalls', async () => {
    const dripping = await open();
    dripping.write(upload());
    await drip(dripping, csvOf(newLines(1)));
    await expectNoTrace();
    const stalled = await open();
    stalled.write(upload() + csvOf(newLines(2_000)));
    stalled.resume();
    await once(stalled, 'close');
    await expectNoTrace();
  });

  test('but one that takes its time at a fair speed is heard to the end', async () => {
    const socket = await open();
    const closed = once(socket, 'close');
    const content = csvOf(newLines(500));
    const length = String(Buffer.byteLength(content));
    socket.write(
      head('PUT', `/v1/batches/${batch.id}/payments`, {
        'content-type': 'text/csv',
        'content-length': length,
        connection: 'close',
      }),
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    const pieces = Math.ceil(content.length / 3_000);
    expect(pieces * 100).toBeGreaterThan(500 * 2);
    for (let piece = 0; piece < pieces; piece += 1) {
      socket.write(content.slice(piece * 3_000, (piece + 1) * 3_000));
      await sleep(100);
    }
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  });
});

describe('a body that is too large', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.stop());

  test.each(['/v1/batches', '/graphql'])('is refused by %s', async (path) => {
    const client = await harness.as(maker);
    const { body } = await client
      .post(path, { query: '{ __typename }', padding: 'x'.repeat(1_100_000) })
      .expect(413);
    expect(body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', status: 413 });
  });
});
