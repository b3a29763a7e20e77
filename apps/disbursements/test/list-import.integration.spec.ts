import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateRows, type SampleRow, writeCsv, writeNdjson, writeXlsx } from '@ansinh/samples';
import type { BatchView } from '../src/batch/batch.dto.js';
import { streamedTypes } from '../src/rest.js';
import {
  approvedBatch,
  check,
  checkedBatch,
  createBatch,
  csvOf,
  type Harness,
  listHeader,
  listLine,
  maker,
  newLines,
  numberOf,
  openFund,
  type PlayedClient,
  readBatch,
  startHarness,
} from './harness.js';

let harness: Harness;
let client: PlayedClient;
let fundId: string;
beforeAll(async () => {
  harness = await startHarness();
  client = await harness.as(maker);
  fundId = await openFund(harness);
});
afterAll(() => harness.stop());

const put = (batch: BatchView, content: string | Buffer, type: string, query = '') =>
  client.list(`/v1/batches/${batch.id}/payments${query}`, content, type);

/** Everything that was kept of a list, but for the batch that it is in. */
async function storedList(batch: BatchView): Promise<unknown> {
  const tables = ['payment_line', 'finding'].map((table) =>
    harness.dataSource.query(
      `SELECT to_jsonb(stored) - 'batch_number' - 'set_aside' AS row FROM ${table} stored
       WHERE batch_number = $1 ORDER BY row_no, to_jsonb(stored)::text`,
      [numberOf(batch)],
    ),
  );
  return Promise.all(tables);
}

describe('one list in several formats', () => {
  const rows = [...generateRows({ rows: 1200, seed: 7, flawed: 0.1 })];
  const written = async (write: (rows: Iterable<SampleRow>, output: PassThrough) => Promise<void>) => {
    const output = new PassThrough();
    const [content] = await Promise.all([buffer(output), write(rows, output)]);
    return content;
  };
  const vietnamese =
    'Số định danh,Họ và tên,Mã ngân hàng,Số tài khoản,Số tiền,Mã chương trình,Mã chính sách,Kỳ,Mã địa bàn,Lần,Nội dung';
  const formats: [string, string, () => Promise<Buffer>][] = [
    ['CSV', streamedTypes.csv, () => written(writeCsv)],
    [
      'CSV of Excel in Vietnamese',
      streamedTypes.csv,
      async () => {
        const header = vietnamese.normalize('NFD').split(',');
        const text = await written((all, output) => writeCsv(all, output, { header, delimiter: ';' }));
        return Buffer.from(`\ufeff${text.toString().replaceAll('\n', '\r\n')}`);
      },
    ],
    ['JSON lines', streamedTypes.ndjson, () => written(writeNdjson)],
    ['XLSX', streamedTypes.xlsx, () => written(writeXlsx)],
    [
      'XLSX with shared strings',
      streamedTypes.xlsx,
      () => written((all, output) => writeXlsx(all, output, { sharedStrings: true })),
    ],
  ];
  let first: { stored: unknown; digest: string | null } | undefined;

  test.each(formats)('%s gives the same lines, findings and digest', async (_, type, make) => {
    const batch = await createBatch(client, fundId);
    await put(batch, await make(), type, '?onBlocking=setAside').expect(202);
    const checked = await check(harness, batch.id);
    expect(checked.rows).toBe(1200);
    expect(checked.kept + checked.setAside).toBe(checked.rows);
    expect(checked.setAside).toBeGreaterThan(50);
    const { body } = await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
    const list = { stored: await storedList(batch), digest: (body as BatchView).digest };
    first ??= list;
    expect(list).toEqual(first);
  });
});

describe('what happens to blocking lines', () => {
  const mixed = () => [...newLines(2), ...newLines(2, { bankBin: '970999' }), ...newLines(1)];

  test('stop: counted, and the batch cannot be submitted', async () => {
    const batch = await checkedBatch(harness, mixed(), { fundId, onBlocking: 'stop' });
    expect(batch).toMatchObject({ onBlocking: 'stop', rows: 5, kept: 3, setAside: 2 });
    const { body } = await client.post(`/v1/batches/${batch.id}/submission`).expect(409);
    expect(body).toMatchObject({ code: 'BLOCKING_FINDINGS', findings: { UNKNOWN_BANK: 2 } });
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'checked', digest: null });
  });

  test('setAside: the others are paid, and the sum is theirs', async () => {
    const lines = mixed();
    const batch = await approvedBatch(harness, lines, { fundId, onBlocking: 'setAside' });
    const amount = [0, 1, 4]
      .reduce((sum, index) => sum + BigInt(lines[index]!.split(',')[4]!), 0n)
      .toString();
    expect(batch).toMatchObject({ state: 'approved', rows: 5, kept: 3, setAside: 2, amount });
    expect(batch.totals.approved).toEqual({ count: 3, amount });
    const { body } = await client.get(`/v1/batches/${batch.id}/payments`).expect(200);
    expect((body as { items: { row: number }[] }).items.map(({ row }) => row)).toEqual([1, 2, 5]);
  });

  test('setAside: a list with nothing left to pay is not submitted', async () => {
    const lines = newLines(2, { bankBin: '970999' });
    const batch = await checkedBatch(harness, lines, { fundId, onBlocking: 'setAside' });
    expect(batch).toMatchObject({ rows: 2, kept: 0, setAside: 2, amount: '0' });
    const { body } = await client.post(`/v1/batches/${batch.id}/submission`).expect(422);
    expect(body).toMatchObject({ code: 'LIST_EMPTY' });
  });

  test('nothing else may be asked for', async () => {
    const batch = await createBatch(client, fundId);
    const { body } = await put(batch, csvOf(newLines(1)), 'text/csv', '?onBlocking=ignore').expect(400);
    expect(body).toMatchObject({ errors: [{ pointer: '?onBlocking', code: 'isIn' }] });
  });
});

describe('a second import', () => {
  test('replaces the first: lines, findings and sums', async () => {
    const batch = await checkedBatch(harness, [...newLines(3), ...newLines(1, { bankBin: '970999' })], {
      fundId,
    });
    expect(batch).toMatchObject({ rows: 4, setAside: 1, findings: { UNKNOWN_BANK: { block: 1 } } });
    const lines = newLines(1);
    const { body } = await put(batch, csvOf(lines), 'text/csv', '?onBlocking=setAside').expect(202);
    expect(body).toMatchObject({
      state: 'checking',
      rows: 1,
      setAside: 0,
      amount: '0',
      digest: null,
      findings: {},
    });
    const amount = lines[0]!.split(',')[4];
    expect(await check(harness, batch.id)).toMatchObject({
      state: 'checked',
      rows: 1,
      kept: 1,
      amount,
      findings: {},
    });
    const [blocks] = (await harness.dataSource.query(
      'SELECT count(*)::int AS count FROM sealed_block WHERE batch_number = $1',
      [numberOf(batch)],
    )) as { count: number }[];
    expect(blocks).toEqual({ count: 1 });
  });

  test('of the same bytes gives the same digest', async () => {
    const lines = newLines(2);
    const digests = [];
    const batch = await createBatch(client, fundId);
    for (let time = 0; time < 2; time += 1) {
      await put(batch, csvOf(lines), 'text/csv').expect(202);
      await check(harness, batch.id);
      const { body } = await client.post(`/v1/batches/${batch.id}/submission`).expect(200);
      digests.push((body as BatchView).digest);
      const checker = await harness.as({ sub: 'checker1' });
      await checker.post(`/v1/batches/${batch.id}/rejection`, { reason: 'again' }).expect(200);
    }
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(digests[1]).toBe(digests[0]);
  });

  test.each(['checking', 'submitted', 'approved', 'cancelled'])(
    'is refused for a batch that is %s',
    async (state) => {
      const lines = newLines(1);
      const batch = await inState(state, lines);
      const { body } = await put(batch, csvOf(newLines(1)), 'text/csv').expect(409);
      expect(body).toMatchObject({ code: 'BATCH_STATE', state, allowed: ['draft', 'checked', 'rejected'] });
    },
  );

  async function inState(state: string, lines: string[]): Promise<BatchView> {
    if (state === 'approved') return approvedBatch(harness, lines, { fundId });
    const batch = await createBatch(client, fundId);
    await put(batch, csvOf(lines), 'text/csv').expect(202);
    if (state === 'checking') return batch;
    await check(harness, batch.id);
    const [path, body] = state === 'submitted' ? ['submission', {}] : ['cancellation', { reason: 'no' }];
    await client.post(`/v1/batches/${batch.id}/${path}`, body).expect(200);
    return batch;
  }
});

describe('a list that cannot be read is refused whole', () => {
  const cases: [string, () => string | Buffer, string][] = [
    ['EMPTY_LIST', () => csvOf([]), streamedTypes.csv],
    ['EMPTY_LIST', () => '', streamedTypes.csv],
    ['EMPTY_LIST', () => '\n\n', streamedTypes.ndjson],
    ['MISSING_COLUMN', () => `${listHeader.replace('account,', '')}\n`, streamedTypes.csv],
    ['DUPLICATE_COLUMN', () => `${listHeader},Số tiền\n${newLines(1)[0]},5\n`, streamedTypes.csv],
    ['WRONG_ENCODING', () => Buffer.from(csvOf(newLines(1)), 'latin1'), streamedTypes.csv],
    ['WORKBOOK_AS_TEXT', () => Buffer.from('504b0304', 'hex'), streamedTypes.csv],
    ['NOT_A_WORKBOOK', () => csvOf(newLines(1)), streamedTypes.xlsx],
    ['LINE_TOO_LONG', () => csvOf([...newLines(600), 'x'.repeat(2_000_000)]), streamedTypes.csv],
  ];

  test.each(cases)('%s', async (reason, make, type) => {
    const batch = await checkedBatch(harness, newLines(2), { fundId });
    const before = await storedList(batch);
    const { body } = await put(batch, make(), type).expect(422);
    expect(body).toMatchObject({ code: 'LIST_REFUSED', reason, detail: expect.stringMatching(/\w/) });
    expect(await readBatch(harness, batch.id)).toEqual(batch);
    expect(await storedList(batch)).toEqual(before);
  });

  test('also when the first thousands of rows were good', async () => {
    const batch = await createBatch(client, fundId);
    const good = Buffer.from(csvOf(Array.from({ length: 3_000 }, (_, index) => listLine(index))));
    const { body } = await put(
      batch,
      Buffer.concat([good, Buffer.from([0xc3, 0x28, 0x0a])]),
      'text/csv',
    ).expect(422);
    expect(body).toMatchObject({ reason: 'WRONG_ENCODING' });
    expect(await readBatch(harness, batch.id)).toMatchObject({ state: 'draft', rows: 0 });
    expect(await storedList(batch)).toEqual([[], []]);
  });
});

describe('what is no list at all', () => {
  test.each(['text/plain', 'application/pdf', 'application/xml', 'application/vnd.ms-excel'])(
    '%s is refused by its type',
    async (type) => {
      const batch = await createBatch(client, fundId);
      const { body } = await put(batch, 'x', type).expect(415);
      expect(body).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    },
  );

  test('the type may have parameters', async () => {
    const batch = await createBatch(client, fundId);
    await put(batch, csvOf(newLines(1)), 'Text/CSV; charset=utf-8; header=present').expect(202);
  });
});
