import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { batch, batchId, drop, refuse, type Service, startService } from './service.js';
import { ansinh, temporaryDirectory } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const keys = (): (string | undefined)[] => service.asked.map(({ key }) => key);

test('a command whose answer was lost is repeated under its key, and carried out once', async () => {
  const carriedOut = new Set<unknown>();
  service.on(`POST /v1/batches/${batchId}/submission`, (request, reply) => {
    const isFirst = !carriedOut.has(request.headers['idempotency-key']);
    carriedOut.add(request.headers['idempotency-key']);
    return isFirst ? drop(reply) : batch({ state: 'submitted' });
  });
  const { code, err } = await ansinh(service.url, ['batch', 'submit', batchId]);
  expect(code).toBe(0);
  expect(carriedOut.size).toBe(1);
  expect(keys()).toEqual([expect.stringMatching(uuidv7), keys()[0]]);
  expect(err).toContain('trying again');
});

test('it waits while its own first attempt is still being carried out', async () => {
  const turns = [
    (reply: Parameters<typeof drop>[0]) => drop(reply),
    (reply: Parameters<typeof drop>[0]) =>
      refuse(reply, { status: 409, title: 'Running', code: 'COMMAND_STILL_RUNNING' }),
    () => batch({ state: 'submitted' }),
  ];
  service.on(`POST /v1/batches/${batchId}/submission`, (_request, reply) => turns.shift()?.(reply));
  expect((await ansinh(service.url, ['batch', 'submit', batchId])).code).toBe(0);
  expect(new Set(keys()).size).toBe(1);
});

test('a statement is sent again from its first byte', async () => {
  const file = join(temporaryDirectory(), 'camt.xml');
  const content = `<Document>${'x'.repeat(300_000)}</Document>`;
  writeFileSync(file, content);
  service.on('POST /v1/statements', (_request, reply) =>
    service.asked.length === 1 ? drop(reply) : { items: [] },
  );
  const { code } = await ansinh(service.url, ['statement', 'import', file]);
  expect(code).toBe(0);
  expect(service.asked.map(({ body }) => body === content)).toEqual([true, true]);
  expect(new Set(keys()).size).toBe(1);
});

test('two runs are two commands: each has a key of its own', async () => {
  service.on(`POST /v1/batches/${batchId}/pause`, () => batch({ state: 'paused' }));
  await ansinh(service.url, ['batch', 'pause', batchId]);
  await ansinh(service.url, ['batch', 'pause', batchId]);
  expect(new Set(keys()).size).toBe(2);
});

test('a refusal is never repeated', async () => {
  service.on(`POST /v1/batches/${batchId}/pause`, (_request, reply) =>
    refuse(reply, { status: 409, title: 'Wrong state', code: 'BATCH_STATE' }),
  );
  expect((await ansinh(service.url, ['batch', 'pause', batchId])).code).toBe(4);
  expect(service.asked.length).toBe(1);
});

test('a list that the service refuses before it has read it: the refusal is shown', async () => {
  const file = join(temporaryDirectory(), 'list.csv');
  writeFileSync(file, 'x'.repeat(40_000_000));
  const { code, err } = await ansinh(service.url, ['batch', 'import', batchId, file], {
    env: { ANSINH_TOKEN: 'expired' },
  });
  expect(err).toContain('The session has expired');
  expect(code).toBe(5);
});
