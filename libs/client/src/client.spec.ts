import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Client, createClient, ProblemError, UnreachableError } from './index.js';
import type { ClientOptions } from './transport.js';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  if (!server?.listening) return;
  server.close();
  await once(server, 'close');
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a server with one handler for everything. */
async function clientOf(handler: Handler, options: Partial<ClientOptions> = {}): Promise<Client> {
  server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return createClient({
    baseUrl: `http://127.0.0.1:${address.port}/`,
    retryDelayMs: 1,
    token: 't',
    ...options,
  });
}

const json = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body));

describe('what is asked', () => {
  test('token, language, escaped ids and only the parameters that are given', async () => {
    const seen: IncomingMessage[] = [];
    const client = await clientOf(
      (request, response) => {
        seen.push(request);
        json(response, { items: [], next: null });
      },
      { language: 'en', getToken: () => Promise.resolve('fresh') },
    );
    await client.batches.findings('a/../b?c', { code: 'UNKNOWN_BANK', severity: undefined });
    expect(seen[0]?.url).toBe('/v1/batches/a%2F..%2Fb%3Fc/findings?code=UNKNOWN_BANK');
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer fresh', 'accept-language': 'en' });
  });

  test("a command repeats the caller's own key", async () => {
    const keys: unknown[] = [];
    const client = await clientOf((request, response) => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length < 3) response.destroy();
      else json(response, { id: 'b' });
    });
    await client.batches.submit('b', { idempotencyKey: 'kept-in-a-file' });
    expect(keys).toEqual(['kept-in-a-file', 'kept-in-a-file', 'kept-in-a-file']);
  });

  test('a request that takes too long is given up and repeated', async () => {
    let asked = 0;
    const client = await clientOf(
      (_request, response) => {
        asked += 1;
        if (asked === 2) json(response, { ok: true, checks: [] });
      },
      { timeoutMs: 100 },
    );
    expect(await client.verification()).toEqual({ ok: true, checks: [] });
  });

  test('a signal ends the retries', async () => {
    const client = await clientOf((_request, response) => response.destroy(), { retryDelayMs: 60_000 });
    const signal = AbortSignal.timeout(100);
    await expect(client.batches.submit('b', { signal })).rejects.toHaveProperty('name', 'TimeoutError');
  });
});

describe('what comes back', () => {
  test('a problem, whole', async () => {
    const problem = {
      type: 'urn:ansinh:problem:list-frozen',
      title: 'Frozen',
      status: 409,
      code: 'LIST_FROZEN',
      errors: [{ pointer: '/rows', code: 'max', detail: 'too large' }],
    };
    const client = await clientOf((_request, response) => {
      response.writeHead(409, { 'content-type': 'application/problem+json; charset=utf-8' });
      json(response, problem);
    });
    const error: unknown = await client.batches.submit('b').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toEqual(problem);
  });

  test('HTML of a proxy becomes a problem by its status', async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(413, { 'content-type': 'text/html' });
      response.end('<h1>no</h1>');
    });
    await expect(client.batches.get('b')).rejects.toMatchObject({
      problem: { status: 413, title: 'Payload Too Large' },
    });
  });

  test('nobody there: the reason is named', async () => {
    const client = await clientOf(() => undefined, { retriesMax: 0 });
    server?.close();
    const error: unknown = await client.verification().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(String(error)).toMatch(/http:\/\/127\.0\.0\.1:\d+\/: connect ECONNREFUSED/);
  });
});

describe('streams', () => {
  test('a list goes up as it is read, and progress counts its bytes', async () => {
    const received: Buffer[] = [];
    const client = await clientOf((request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () => json(response, { id: 'b' }));
    });
    const steps: number[] = [];
    await client.batches.importPayments('b', {
      open: () => Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(5, 'b')]),
      type: 'text/csv',
      onBlocking: 'setAside',
      onProgress: (sentBytes) => steps.push(sentBytes),
    });
    expect(Buffer.concat(received).length).toBe(70_005);
    expect(steps).toEqual([70_000, 70_005]);
  });

  test('a list is read no faster than the service takes it, so memory does not grow with it', async () => {
    const chunk = Buffer.alloc(65_536, 'a');
    const total = 1_000;
    let read = 0;
    function* chunks(): Generator<Buffer> {
      for (; read < total; read += 1) yield chunk;
    }
    let readWhileStalled = 0;
    const client = await clientOf((request, response) => {
      void (async () => {
        // The service takes nothing until the client has stopped reading its list.
        for (let before = -1; before !== read; await delay(100)) before = read;
        readWhileStalled = read;
        request.resume().on('end', () => json(response, { id: 'b' }));
      })();
    });
    const open = (): Readable => Readable.from(chunks(), { objectMode: false });
    await client.batches.importPayments('b', { open, type: 'text/csv' });
    expect(read).toBe(total);
    expect(readWhileStalled).toBeLessThan(total / 2);
  });

  test('a source that cannot be read is its own error, not a service out of reach', async () => {
    const client = await clientOf((request) => request.resume());
    const broken = new Readable({ read: (): void => void broken.destroy(new Error('the disk is gone')) });
    const upload = client.batches.importPayments('b', { open: () => broken, type: 'text/csv' });
    await expect(upload).rejects.toThrow('the disk is gone');
  });

  test('payments come one by one, and a stream that is cut is an error', async () => {
    const client = await clientOf((_request, response) => {
      response.write('{"row":1}\n{"row":2}\n{"ro');
      setTimeout(() => response.destroy(), 20);
    });
    const rows: number[] = [];
    const reading = (async () => {
      for await (const { row } of client.batches.streamPayments('b')) rows.push(row);
    })();
    await expect(reading).rejects.toBeInstanceOf(UnreachableError);
    expect(rows).toEqual([1, 2]);
  });

  test('a download waits for a slow reader', async () => {
    const total = 20_000_000;
    let sent = 0;
    const client = await clientOf((_request, response) => {
      const source = new Readable({
        read() {
          sent += 100_000;
          this.push(sent > total ? null : Buffer.alloc(100_000));
        },
      });
      source.pipe(response);
    });
    let taken = 0;
    let aheadMax = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write: (chunk: Buffer, _encoding, done) => {
        taken += chunk.length;
        aheadMax = Math.max(aheadMax, sent - taken);
        setImmediate(done);
      },
    });
    await client.batches.downloadMessage('b', 1, { code: 'bankFile', note: 'Chuyển ngân hàng' }, slow);
    expect(taken).toBe(total);
    expect(aheadMax).toBeLessThan(total / 2);
  });

  test('leaving a watch closes its connection', async () => {
    let isClosed = false;
    const client = await clientOf((request, response) => {
      request.on('close', () => (isClosed = true));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: progress\ndata: {"state":"transmitting"}\n\n');
    });
    for await (const { state } of client.batches.watch('b')) {
      expect(state).toBe('transmitting');
      break;
    }
    await delay(50);
    expect(isClosed).toBe(true);
  });

  test('an event in pieces is one event', async () => {
    const event = Buffer.from('event: progress\ndata: {"state":"closed","purpose":"Hỗ trợ"}\n\n');
    const client = await clientOf((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void (async () => {
        for (let at = 0; at < event.length; at += 5) {
          response.write(event.subarray(at, at + 5));
          await delay(1);
        }
        response.end();
      })();
    });
    const seen = await Readable.from(client.batches.watch('b')).toArray();
    expect(seen).toEqual([{ state: 'closed', purpose: 'Hỗ trợ' }]);
  });

  test('a watch gives up after eight failures in a row', async () => {
    let asked = 0;
    const client = await clientOf((_request, response) => {
      asked += 1;
      response.destroy();
    });
    await expect(client.batches.watch('b').next()).rejects.toBeInstanceOf(UnreachableError);
    expect(asked).toBe(9);
  });
});

describe('too many requests', () => {
  const putOff = (response: ServerResponse, seconds: string) => {
    response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': seconds });
    json(response, { type: 'urn:ansinh:problem:too-many-requests', title: 'Too many requests', status: 429 });
  };

  test('a request waits as long as it is told, also one that is not retried otherwise', async () => {
    let asked = 0;
    const waits: number[] = [];
    const client = await clientOf(
      (request, response) => {
        request.resume();
        request.once('end', () => {
          asked += 1;
          if (asked < 3) putOff(response, '0');
          else json(response, { id: 'b' });
        });
      },
      { onRetry: (_error, delayMs) => waits.push(delayMs) },
    );
    const opened: string[] = [];
    const upload = {
      open: () => Readable.from([(opened.push('once more'), 'payeeId\n')]),
      type: 'text/csv' as const,
    };
    await client.batches.importPayments('b', upload);
    expect([asked, opened.length, waits]).toEqual([3, 3, [0, 0]]);
  });

  test('the time that is asked for is waited', async () => {
    let first: number | undefined;
    let second = 0;
    const client = await clientOf((_request, response) => {
      if (first === undefined) {
        first = performance.now();
        putOff(response, '1');
      } else {
        second = performance.now();
        json(response, { ok: true, checks: [] });
      }
    });
    await client.verification();
    expect(second - first!).toBeGreaterThanOrEqual(990);
  });

  test('an hour is not waited for, and a signal ends the wait', async () => {
    const client = await clientOf((request, response) =>
      putOff(response, request.method === 'GET' ? '3600' : '60'),
    );
    await expect(client.verification()).rejects.toMatchObject({ problem: { status: 429 } });
    const signal = AbortSignal.timeout(50);
    await expect(client.batches.submit('b', { signal })).rejects.toHaveProperty('name', 'TimeoutError');
  });
});
