import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Batch } from '@ansinh/client';
import { batch, batchId, drop, events, refuse, type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const approved = { count: 1000, amount: '1500000000' };
function sent(paid: number, change: Partial<Batch> = {}): Batch {
  const totals = { ...batch().totals, approved, paid: { count: paid, amount: '0' } };
  return batch({ state: 'transmitting', totals, ...change });
}

const streamOf = `GET /v1/batches/${batchId}/events`;

describe('batch watch', () => {
  test('goes on over connections that break, end early and are refused', async () => {
    const turns = [
      (reply) => events(reply, [sent(100)], 'break'),
      (reply) => drop(reply),
      (reply) => refuse(reply, { status: 503, title: 'Restarting', code: 'UNAVAILABLE' }),
      (reply) => events(reply, [sent(200)], 'end'),
      (reply) => events(reply, [sent(1000, { state: 'reconciled' })], 'end'),
    ] as ((reply: Parameters<typeof drop>[0]) => unknown)[];
    let turn = 0;
    service.on(streamOf, (_request, reply) => turns[turn++]?.(reply));
    service.on(`GET /v1/batches/${batchId}`, () => sent(300));
    const { code, out } = await ansinh(service.url, ['batch', 'watch', batchId, '--json']);
    expect(code).toBe(0);
    expect(turn).toBe(turns.length);
    expect(JSON.parse(out)).toMatchObject({ state: 'reconciled' });
  });

  test('a stream that ends before the end state is not waited for', async () => {
    service.on(streamOf, (_request, reply) => events(reply, [sent(900)], 'end'));
    service.on(`GET /v1/batches/${batchId}`, () => sent(1000, { state: 'reconciled' }));
    expect((await ansinh(service.url, ['batch', 'watch', batchId])).code).toBe(0);
  });

  test.each(['paused', 'cancelled', 'rejected'] as const)(
    'ends with 3 when the batch is %s',
    async (state) => {
      service.on(streamOf, (_request, reply) => events(reply, [sent(100, { state })], 'end'));
      expect((await ansinh(service.url, ['batch', 'watch', batchId])).code).toBe(3);
    },
  );

  test('--until leaves at that state or a later one', async () => {
    service.on(streamOf, (_request, reply) =>
      events(reply, [sent(0), sent(1000, { state: 'transmitted' }), sent(1000)], 'break'),
    );
    const { code, out } = await ansinh(service.url, ['batch', 'watch', batchId, '--until', 'transmitted']);
    expect(code).toBe(0);
    expect(out).toMatch(/State +transmitted/);
  });

  test('a refusal is not asked for again', async () => {
    service.on(streamOf, (_request, reply) => refuse(reply, { status: 403, title: 'No', code: 'FORBIDDEN' }));
    expect((await ansinh(service.url, ['batch', 'watch', batchId])).code).toBe(5);
    expect(service.asked.length).toBe(1);
  });

  test('send --watch sends, then follows', async () => {
    service.on(`POST /v1/batches/${batchId}/transmission`, () => sent(0));
    service.on(streamOf, (_request, reply) => events(reply, [sent(1000, { state: 'reconciled' })], 'end'));
    const { code } = await ansinh(service.url, ['batch', 'send', batchId, '--watch']);
    expect(code).toBe(0);
    expect(service.asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });
});

describe('progress', () => {
  const many = [...Array.from({ length: 300 }, (_, at) => sent(at)), sent(1000, { state: 'reconciled' })];

  test('in a pipe: plain lines on standard error, at most one a second', async () => {
    service.on(streamOf, (_request, reply) => events(reply, many, 'end'));
    const startedAt = performance.now();
    const { out, err } = await ansinh(service.url, ['batch', 'watch', batchId]);
    const seconds = (performance.now() - startedAt) / 1000;
    const lines = err.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(Math.floor(seconds) + 1);
    expect(lines[0]).toBe('LO-00000042 transmitting; Settled  0 / 1,000');
    expect(out + err).not.toMatch(/[\u001b\r█░]/);
  });

  test('on a terminal: a bar on standard error, nothing of it on standard output', async () => {
    service.on(streamOf, (_request, reply) => events(reply, many, 'end'));
    const { out, err } = await ansinh(service.url, ['batch', 'watch', batchId], { isTerminal: true });
    expect(err).toMatch(/█.* 1,000 \/ 1,000/);
    expect(out).not.toMatch(/[\u001b\r█░]/);
  });
});
