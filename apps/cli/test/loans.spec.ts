import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DayClosing } from '@ansinh/client';
import { type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const run = (...argv: string[]) =>
  ansinh('http://127.0.0.1:9', argv, { env: { ANSINH_EMPLOYMENT_LOANS_URL: service.url } });

const begun: DayClosing = {
  day: '2022-05-31',
  state: 'closing',
  loans: 12_000,
  done: 0,
  entries: 0,
  moves: 0,
  startedAt: '2022-05-31T17:00:00.000Z',
  closedAt: null,
};

test('loans close-day watches until the day is closed', async () => {
  const done = [5_000, 12_000];
  service.on('POST /v1/day-closings', () => begun);
  service.on('GET /v1/day-closings', () => {
    const now = done.shift()!;
    const state = now === begun.loans ? 'closed' : 'closing';
    return { items: [{ ...begun, done: now, entries: 3 * now, state }], next: null };
  });
  const { code, out, err } = await run('loans', 'close-day', '--day', '2022-05-31');
  expect(code).toBe(0);
  expect(err).toContain('Closing 2022-05-31');
  expect(out).toMatch(/Entries of the ledger +36,000/);
  expect(service.asked[0]).toMatchObject({ body: { day: '2022-05-31' } });
});

test('a day that is closed already is told at once', async () => {
  service.on('POST /v1/day-closings', () => ({ ...begun, state: 'closed', done: 12_000 }));
  const { code, out } = await run('loans', 'accrue', '--day', '2022-05-31', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ state: 'closed' });
  expect(service.asked).toHaveLength(1);
});
