import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KeyRotation, SealingKeys } from '@ansinh/client';
import { batchId, refuse, type Service, startService } from './service.js';
import { ansinh } from './terminal.js';

let service: Service;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.stop());

describe('whole numbers', () => {
  const payee = {
    endToEndId: 'LO-00000042-0000123',
    isMasked: false,
    payeeName: 'Nguyễn Văn A',
    payeeId: '•',
    bankBin: '970405',
    account: '2600200000123',
  };

  test.each([
    [[], undefined],
    [
      ['--purpose', 'inspection', '--note', 'Kế hoạch 12/KH'],
      `inspection; ${encodeURIComponent('Kế hoạch 12/KH')}`,
    ],
  ])('a payee with %j', async (options, header) => {
    const headers: unknown[] = [];
    service.on('GET /v1/batches', () => ({ items: [{ id: batchId }], next: null }));
    service.on(`GET /v1/batches/${batchId}/payments/123/payee`, (request) => {
      headers.push(request.headers['access-purpose']);
      return payee;
    });
    const { code, out } = await ansinh(service.url, ['payee', 'LO-00000042-0000123', ...options]);
    expect({ code, headers }).toEqual({ code: 0, headers: [header] });
    expect(out).toContain('2600200000123');
  });

  test.each([
    [['payee', 'LO-00000042-0000123', '--purpose', 'inspection'], 'need both --purpose and --note'],
    [['payee', 'LO-00000042'], 'is not a payment'],
    [['payee', 'LO-00000042-0000123', '--purpose', 'curiosity', '--note', 'n'], 'Allowed: bankFile'],
    [['batch', 'message', batchId, '3'], 'by --note'],
    [['access-log', '--day', 'yesterday'], 'Write a day as'],
  ])('%j is wrong usage', async (argv, said) => {
    const { code, err } = await ansinh(service.url, argv);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(service.asked).toEqual([]);
  });

  test.each([
    [
      ['batch', 'message', batchId, '3', '--note', 'Nộp tại quầy'],
      `GET /v1/batches/${batchId}/messages/3`,
      'bankFile',
    ],
    [
      ['batch', 'findings', batchId, '--format', 'csv', '--note', 'Sửa danh sách'],
      `GET /v1/batches/${batchId}/findings`,
      'listCorrection',
    ],
  ])('%j has its usual purpose', async (argv, request, purpose) => {
    let header: unknown;
    service.on(request, (asked, reply) => {
      header = asked.headers['access-purpose'];
      return reply.type('text/csv').send('x\n');
    });
    expect((await ansinh(service.url, argv)).code).toBe(0);
    expect(String(header)).toMatch(new RegExp(`^${purpose}; `));
  });

  test('the access log, filtered', async () => {
    service.on('GET /v1/access-log', () => ({
      items: [
        {
          ...{ id: '1', at: '2026-11-25T01:00:00.000Z', actor: 'auditor', name: 'Hoàng Thị Kiểm' },
          ...{ actorOffice: '27', office: '256', subject: 'batch/LO-00000042/list', firstRow: 1, lastRow: 9 },
          ...{ numbers: 18, purpose: 'grievance', note: 'Đơn số 7', requestId: 'r' },
        },
      ],
      next: null,
    }));
    const argv = ['access-log', '--subject', 'batch/LO-00000042', '--day', '2026-11-25', '--lang', 'vi'];
    const { out } = await ansinh(service.url, argv);
    expect(out).toMatch(/Hoàng Thị Kiểm.*batch\/LO-00000042\/list.*18.*khiếu nại.*Đơn số 7/);
    expect(service.asked[0]?.query).toMatchObject({ subject: 'batch/LO-00000042', day: '2026-11-25' });
  });
});

describe('keys', () => {
  const rotation: KeyRotation = {
    ...{ id: batchId, state: 'running', toVersion: 2, blocks: 10, resealed: 0, problem: null },
    ...{ startedBy: 'keykeeper', startedAt: '2026-11-25T01:00:00.000Z', finishedAt: null },
  };
  const keys = (old: number, rotationNow: KeyRotation | null): SealingKeys => ({
    current: 2,
    versions: [
      { version: 1, blocks: old, isGiven: true, isRemovable: old === 0 },
      { version: 2, blocks: 10 - old, isGiven: true, isRemovable: false },
    ],
    rotation: rotationNow,
  });

  test('rotate follows to the end, and says that the old key may go', async () => {
    let looks = 0;
    service.on('GET /v1/sealing-keys', () =>
      looks < 3 ? keys(10, null) : keys(0, { ...rotation, state: 'finished' }),
    );
    service.on('POST /v1/key-rotations', (_request, reply) => reply.status(202).send(rotation));
    service.on(`GET /v1/key-rotations/${batchId}`, () => {
      looks += 1;
      return { ...rotation, resealed: looks * 3 + 1, state: looks < 3 ? 'running' : 'finished' };
    });
    const { code, out, err } = await ansinh(service.url, ['keys', 'rotate']);
    expect(code).toBe(0);
    expect(err).toMatch(/Blocks sealed anew {2}0 \/ 10/);
    expect(out).toMatch(/1 +0 +may be taken out of SEALING_KEYS/);
    expect(service.asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('rotate with nothing to do starts nothing', async () => {
    service.on('GET /v1/sealing-keys', () => keys(0, null));
    expect((await ansinh(service.url, ['keys', 'rotate', '--json'])).code).toBe(0);
    expect(service.asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('are those of the service that is named', async () => {
    service.on('GET /v1/sealing-keys', () => keys(0, null));
    const env = { ANSINH_REGISTRY_URL: service.url };
    const argv = ['keys', 'status', '--service', 'registry'];
    expect((await ansinh('http://127.0.0.1:9', argv, { env })).code).toBe(0);
  });

  test('rotate that is stuck says why, and ends with 3', async () => {
    const stuck = { ...rotation, problem: 'SEALING_KEYS of this worker does not have version 2' };
    service.on('GET /v1/sealing-keys', () => keys(10, stuck));
    service.on('POST /v1/key-rotations', () => stuck);
    const { code, err } = await ansinh(service.url, ['keys', 'rotate']);
    expect(code).toBe(3);
    expect(err).toContain(stuck.problem);
  });

  test('status needs the permission', async () => {
    service.on('GET /v1/sealing-keys', (_request, reply) =>
      refuse(reply, { status: 403, title: 'You may not do this', code: 'FORBIDDEN' }),
    );
    expect((await ansinh(service.url, ['keys', 'status'])).code).toBe(5);
  });
});

test('too many requests: the command waits and says so', async () => {
  let asked = 0;
  service.on('GET /v1/verification', (_request, reply) => {
    asked += 1;
    if (asked > 1) return { ok: true, checks: [] };
    return refuse(reply.header('retry-after', '0'), {
      status: 429,
      title: 'Too many requests',
      code: 'TOO_MANY_REQUESTS',
    });
  });
  const { code, err } = await ansinh(service.url, ['verify']);
  expect({ code, asked }).toEqual({ code: 0, asked: 2 });
  expect(err).toContain('Too many requests');
});
