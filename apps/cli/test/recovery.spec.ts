import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Recovery, RecoveryStatus } from '@ansinh/client';
import { type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

const recovery: Recovery = {
  number: 1,
  state: 'collected',
  firstSkipped: '8',
  lastSkipped: '10007',
  paused: 1,
  asked: 12,
  newlyKnown: ['LO-00000001-C00007'],
  lost: ['LO-00000008-C00001'],
  byHand: [],
  problem: null,
  note: 'Bản sao lưu 02:00',
  begunBy: 'operator',
  begunAt: '2026-11-25T12:00:00.000Z',
  endNote: null,
  endedBy: null,
  endedAt: null,
};
const status = (over: Partial<RecoveryStatus> = {}): RecoveryStatus => ({
  isSendingOpen: false,
  serverStartedAt: '2026-11-25T11:00:00.000Z',
  comparison: {
    verdict: 'ahead',
    asked: 25,
    messages: ['LO-00000008-C00001'],
    at: '2026-11-25T11:00:02.000Z',
  },
  recovery: null,
  unknownPayments: { count: 0, amount: '0' },
  ...over,
});

test.each([
  [status(), 3, 'the bank knows 1 messages that these books have never sent'],
  [status({ comparison: null }), 3, 'the bank was not asked yet'],
  [status({ recovery: { ...recovery, state: 'asking' } }), 3, 'being asked for every open message'],
  [status({ recovery }), 3, 'ansinh recover end'],
  [status({ isSendingOpen: true }), 0, 'Batches may be sent.'],
])('status %#', async (answer, exitCode, said) => {
  service.on('GET /v1/recovery', () => answer);
  const { code, out } = await ansinh(service.url, ['recover', 'status']);
  expect({ code, out }).toEqual({ code: exitCode, out: expect.stringContaining(said) });
});

test('begin says why, waits until a person has to look, and shows what was found', async () => {
  const states = ['asking', 'collecting', 'collected'] as const;
  let looks = 0;
  const unknownPayments = { count: 499, amount: '1234567000' };
  service.on('POST /v1/recovery', (_, reply) => reply.status(202).send(status()));
  service.on('GET /v1/recovery', () =>
    status({ recovery: { ...recovery, state: states[looks++]! }, unknownPayments }),
  );
  const { code, out } = await ansinh(service.url, ['recover', 'begin', '--note', recovery.note]);
  expect(code).toBe(0);
  expect(looks).toBe(3);
  expect(service.asked.find(({ method }) => method === 'POST')?.body).toEqual({ note: recovery.note });
  for (const said of ['LO-00000001-C00007', 'LO-00000008-C00001', '8–10007', '499', '1,234,567,000'])
    expect(out).toContain(said);
});

test('nothing is begun without a reason', async () => {
  const { code } = await ansinh(service.url, ['recover', 'begin']);
  expect({ code, asked: service.asked }).toEqual({ code: 2, asked: [] });
});
