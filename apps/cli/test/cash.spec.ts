import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CashList, Receipts } from '@ansinh/client';
import { batchId, refuse, type Service, startService } from './service.js';
import { ansinh, temporaryDirectory } from './terminal.js';

let service: Service;
let directory: string;
beforeEach(async () => {
  directory = temporaryDirectory();
  service = await startService();
});
afterEach(() => service.stop());

const total = (count: number) => ({ count, amount: String(count * 360_000) });

const cashList = (number: number): CashList => ({
  number,
  code: `LO-00000042-C0000${number}`,
  placeCode: '09163',
  placeName: 'Phường Vũ Ninh',
  state: 'issued',
  approved: total(5),
  paid: total(2),
  unpaid: total(1),
  missing: total(2),
  issuedAt: '2022-02-25T02:00:00.000Z',
  resultsDueOn: '2022-03-21',
});

const receipts = (over: Partial<Receipts> = {}): Receipts => ({
  ...{ id: batchId, results: 2, booked: 2, exceptions: 0, missing: 3, alreadyImported: false },
  ...over,
});

describe('cash lists', () => {
  test('are shown with what is known of each commune', async () => {
    service.on(`GET /v1/batches/${batchId}/cash-lists`, () => ({ items: [cashList(1)], next: null }));
    const { code, out } = await ansinh(service.url, ['cash', 'lists', batchId, '--state', 'issued']);
    expect(code).toBe(0);
    expect(out).toMatch(/LO-00000042-C00001 +Phường Vũ Ninh +issued +5 +1,800,000.* +2 +1 +2 +2022-03-21/);
    expect(service.asked[0]!.query).toMatchObject({ state: 'issued' });
    const json = await ansinh(service.url, ['cash', 'lists', batchId, '--json']);
    expect(JSON.parse(json.out)).toEqual({ items: [cashList(1)], more: false });
  });

  test.each([
    ['pdf', 'application/pdf'],
    ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ])('one is downloaded as %s, masked unless there is a purpose', async (format, type) => {
    const headers: unknown[] = [];
    service.on(`GET /v1/batches/${batchId}/cash-lists/3`, (request, reply) => {
      headers.push([request.headers.accept, request.headers['access-purpose']]);
      return reply.type(type).send('the list');
    });
    const file = join(directory, `3.${format}`);
    const argv = ['cash', 'download', batchId, '3', '--format', format, '-o', file];
    expect((await ansinh(service.url, argv)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('the list');
    await ansinh(service.url, [...argv, '--note', 'Bàn giao bưu điện']);
    expect(headers).toEqual([
      [type, undefined],
      [type, `cashList; ${encodeURIComponent('Bàn giao bưu điện')}`],
    ]);
  });

  test('all of a batch go into a folder, page by page', async () => {
    service.on(`GET /v1/batches/${batchId}/cash-lists`, (request) =>
      (request.query as { after?: string }).after
        ? { items: [cashList(2)], next: null }
        : { items: [cashList(1)], next: 'two' },
    );
    for (const number of [1, 2])
      service.on(`GET /v1/batches/${batchId}/cash-lists/${number}`, (_, reply) =>
        reply.type('application/pdf').send(`list ${number}`),
      );
    const folder = join(directory, 'lists');
    const { code, out } = await ansinh(service.url, ['cash', 'download', batchId, '--directory', folder]);
    expect({ code, out }).toEqual({ code: 0, out: `Saved 2 lists into ${folder}\n` });
    expect(readdirSync(folder).sort()).toEqual(['LO-00000042-C00001.pdf', 'LO-00000042-C00002.pdf']);
  });

  test.each([
    [['cash', 'download', batchId], '--directory'],
    [['cash', 'download', batchId, '1', '--format', 'csv'], 'Allowed: pdf, xlsx'],
    [['cash', 'download', batchId, 'one', '-o', 'x'], 'one'],
    [['cash', 'receipts', batchId, 'nowhere.xlsx'], 'nowhere.xlsx'],
    [['cash', 'receipts', batchId, 'signed.doc'], 'signed.doc'],
  ])('%j is wrong usage', async (argv, said) => {
    const { code, err } = await ansinh(service.url, argv);
    expect(code).toBe(2);
    expect(err).toContain(said);
    expect(service.asked).toEqual([]);
  });
});

describe('receipts', () => {
  const file = (name: string) => {
    const path = join(directory, name);
    writeFileSync(path, `content of ${name}`);
    return path;
  };

  test('are sent one after the other, under keys of their own', async () => {
    service.on(`POST /v1/batches/${batchId}/receipts`, () => receipts());
    const files = [file('1.csv'), file('2.xlsx')];
    const { code, out } = await ansinh(service.url, ['cash', 'receipts', batchId, ...files]);
    expect(code).toBe(0);
    expect(out).toMatch(/1\.csv +2 +2 +0 +3/);
    const sent = service.asked.map(({ type, body }) => [type?.split('/')[1]?.slice(0, 3), body]);
    expect(sent).toEqual([
      ['csv', 'content of 1.csv'],
      ['vnd', 'content of 2.xlsx'],
    ]);
    expect(new Set(service.asked.map(({ key }) => key)).size).toBe(2);
  });

  test('that contradict earlier ones end with exit code 3', async () => {
    service.on(`POST /v1/batches/${batchId}/receipts`, () => receipts({ booked: 1, exceptions: 1 }));
    const { code, err, out } = await ansinh(service.url, [
      'cash',
      'receipts',
      batchId,
      file('1.csv'),
      '--json',
    ]);
    expect(code).toBe(3);
    expect(err).toContain('1 results contradict earlier ones');
    expect(JSON.parse(out)).toMatchObject({ items: [{ booked: 1, exceptions: 1 }] });
  });

  test('that are refused name the file and the rows; what came before stays', async () => {
    const detail = 'This day is still to come.';
    const errors = [{ pointer: '/lines/2/paidOn', code: 'late', detail }];
    service.on(`POST /v1/batches/${batchId}/receipts`, (request, reply) =>
      request.body === 'content of 2.csv'
        ? refuse(reply, { status: 422, title: 'The results were refused', code: 'RECEIPTS_REFUSED', errors })
        : receipts(),
    );
    const files = ['1.csv', '2.csv', '3.csv'].map(file);
    const { code, err } = await ansinh(service.url, ['cash', 'receipts', batchId, ...files]);
    expect(code).not.toBe(0);
    expect(err).toContain('2.csv:');
    expect(err).toContain(detail);
    expect(service.asked).toHaveLength(2);
  });
});

test('a follow-up may be paid by another fund, in another month', async () => {
  const fund = '0199b2c4-7c1a-7000-8000-000000000009';
  service.on(`GET /v1/batches/${batchId}`, () => ({ id: batchId, code: 'LO-00000042' }));
  service.on(`POST /v1/batches/${batchId}/follow-up`, (_, reply) =>
    refuse(reply, { status: 422, title: 'Nothing', code: 'NO_CORRECTIONS' }),
  );
  const path = join(directory, 'back.csv');
  writeFileSync(path, 'payment,again\n4,x\n');
  await ansinh(service.url, ['batch', 'follow-up', batchId, path, '--fund', fund, '--period', '2022-05']);
  expect(service.asked.at(-1)!.query).toMatchObject({ fundId: fund, period: '2022-05' });
});
