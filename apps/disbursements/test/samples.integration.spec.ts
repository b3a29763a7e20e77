import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { bandsUpTo } from '../src/sample/population.js';
import type { SampleEstimateView, SampleLineView, SampleView } from '../src/sample/sample.dto.js';
import { streamedTypes } from '../src/rest.js';
import { accountOf, creditOf, debitsOf, noticeOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import {
  endToEndIdOf,
  type Harness,
  listLine,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  readBatch,
  sentBatch,
  startHarness,
} from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
});
afterAll(() => harness.stop());

/** Two communes of the district 256 and one of 261, and three bands of amounts. */
const places = ['09163', '09163', '09367'] as const;

let index = 500_000;
const manyLines = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => {
    index += 1;
    const amount = String([600_000, 1_200_000, 2_500_000][at % 3]! + at);
    const payeeId = `0272010${String(index % 100_000).padStart(5, '0')}`;
    return listLine(at, {
      payeeId,
      account: `26${index}`,
      amount,
      placeCode: places[at % 3 === 2 ? 2 : at % 2],
    });
  });

/** A batch that is paid and reconciled; `back` of its lines came back before that. */
async function paidBatch(office: string, lines: string[], back: number[] = []): Promise<BatchView> {
  const fundId = await openFund(harness, { office });
  const sent = await sentBatch(harness, lines, { fundId, by: { sub: `maker-${office}`, office } });
  const account = await accountOf(harness, fundId);
  const credits = back.map((row) => creditOf(sent, lines, row));
  await (
    await harness.as(operator)
  )
    .statement(await noticeOf({ account }, [...debitsOf(sent, lines), ...credits]))
    .expect(200);
  return readBatch(harness, sent.id);
}

const auditor = (office = '27') =>
  harness.as({ sub: 'auditor', office, permissions: ['batch:read', 'verify:read', 'sample:write'] });

async function draw(batch: BatchView, input: object, office = '27'): Promise<SampleView> {
  const client = await auditor(office);
  return (await client.post(`/v1/batches/${batch.id}/samples`, input).expect(201)).body as SampleView;
}

async function linesOf(client: PlayedClient, { id }: SampleView): Promise<SampleLineView[]> {
  const { body } = await client.get(`/v1/samples/${id}/lines?limit=500`).expect(200);
  return (body as { items: SampleLineView[] }).items;
}

async function estimateOf(client: PlayedClient, { id }: SampleView): Promise<SampleEstimateView> {
  return (await client.get(`/v1/samples/${id}/estimate`).expect(200)).body as SampleEstimateView;
}

const record = (client: PlayedClient, { id }: SampleView, ...results: object[]) =>
  client.post(`/v1/samples/${id}/results`, { results });

describe.each([
  ['the province', '27'],
  ['a district', '256'],
])('a sample drawn by %s', (_, office) => {
  let batch: BatchView;
  let sample: SampleView;
  let client: PlayedClient;
  beforeAll(async () => {
    batch = await paidBatch(office, manyLines(90), [4, 8]);
    client = await auditor(office);
    sample = await draw(
      batch,
      { seed: 'lottery of 24 November', confidence: 0.9, marginOfError: 0.15 },
      office,
    );
  });

  test('has strata by district and amount, that add up to what was paid', () => {
    expect(sample).toMatchObject({
      ...{ seed: 'lottery of 24 November', confidence: 0.9, marginOfError: 0.15, drawnBy: 'auditor' },
      ...{ batchCode: batch.code, lines: 88, amount: batch.totals.paid.amount },
    });
    const groups = sample.strata.map(({ districtCode, amountFrom }) => `${districtCode} ${amountFrom}`);
    expect(groups).toEqual(['256 500000', '256 1000000', '261 2000000']);
    const sum = sample.strata.reduce((total, { amount }) => total + BigInt(amount), 0n);
    expect(sum).toBe(BigInt(sample.amount));
    // ln 0.05 / ln 0.85 = 18.4, more where amounts differ within a band.
    expect(sample.size).toBeGreaterThanOrEqual(19);
    expect(sample.size).toBeLessThan(30);
  });

  test('can be drawn again by anybody, from the seed and the published list', async () => {
    const { text } = await client.get(`/v1/samples/${sample.id}/list`).expect(200);
    expect(createHash('sha256').update(text).digest('hex')).toBe(sample.listDigest);
    expect(text).not.toMatch(/\d{12}/);
    const [header, ...rows] = text.trimEnd().split('\n');
    expect([header, rows.length]).toEqual(['payment,stratum,amount', 88]);
    const hashOf = (payment: string) =>
      createHash('sha256').update(`${sample.seed}|${payment}`).digest('hex');
    const again = sample.strata.flatMap(({ stratum, sampled }) =>
      rows
        .map((row) => row.split(','))
        .filter(([, of]) => of === String(stratum))
        .map(([payment]) => ({ payment: payment!, hash: hashOf(payment!) }))
        .sort((a, b) => (a.hash < b.hash ? -1 : 1))
        .slice(0, sampled)
        .map(({ payment }) => payment),
    );
    const drawn = (await linesOf(client, sample)).map(({ endToEndId }) => endToEndId);
    expect(drawn).toEqual(again.sort());
    const same = await draw(batch, { seed: sample.seed, confidence: 0.9, marginOfError: 0.15 }, office);
    expect((await linesOf(client, same)).map(({ endToEndId }) => endToEndId)).toEqual(drawn);
    const other = await draw(batch, { confidence: 0.9, marginOfError: 0.15 }, office);
    expect(other.seed).toMatch(/^[0-9a-f]{32}$/);
    expect((await linesOf(client, other)).map(({ endToEndId }) => endToEndId)).not.toEqual(drawn);
    const listed = await client.get(`/v1/batches/${batch.id}/samples`).expect(200);
    const ids = (listed.body as { items: SampleView[] }).items.map(({ id }) => id);
    expect(ids).toEqual([other.id, same.id, sample.id]);
  });

  test('keeps its list, whatever comes back later', async () => {
    const path = `/v1/samples/${sample.id}/list`;
    const before = (await client.get(path).expect(200)).text;
    const lines = manyLines(3);
    const late = await paidBatch(office, lines);
    const drawn = await draw(late, { size: 3 }, office);
    const account = await accountOf(harness, late.fundId);
    await (
      await harness.as(operator)
    )
      .statement(await noticeOf({ account }, [creditOf(late, lines, 2)]))
      .expect(200);
    expect((await readBatch(harness, late.id)).totals.returned.count).toBe(1);
    const { text } = await client.get(`/v1/samples/${drawn.id}/list`).expect(200);
    expect(createHash('sha256').update(text).digest('hex')).toBe(drawn.listDigest);
    expect((await draw(late, { size: 3 }, office)).lines).toBe(2);
    expect((await client.get(path).expect(200)).text).toBe(before);
  });

  test('lists whom to visit, masked, also to print', async () => {
    const lines = await linesOf(client, sample);
    expect(lines).toHaveLength(sample.size);
    for (const line of lines) {
      expect(line).toMatchObject({ payeeId: expect.stringMatching(/^•{8}\d{4}$/) as unknown, result: null });
      expect(line.placeName).toMatch(/^(Phường|Xã|Thị trấn) /);
      expect(line.account).toMatch(/^•+\d{4}$/);
    }
    const first = await client.get(`/v1/samples/${sample.id}/lines?limit=5`).expect(200);
    const { next } = first.body as { next: string };
    const second = await client.get(`/v1/samples/${sample.id}/lines?limit=5&after=${next}`).expect(200);
    const items = [first, second].flatMap(({ body }) => (body as { items: SampleLineView[] }).items);
    expect(items).toEqual(lines.slice(0, 10));
    const { text } = await client
      .get(`/v1/samples/${sample.id}/lines`)
      .set('accept', streamedTypes.csv)
      .expect(200);
    expect(text.trimEnd().split('\r\n')).toHaveLength(sample.size + 1);
    expect(text).not.toMatch(/\d{12}/);
    const book = await client.get(`/v1/samples/${sample.id}/lines`).set('accept', streamedTypes.xlsx);
    expect(book.headers['content-disposition']).toContain(`${batch.code}-sample.xlsx`);
  });

  test('gives an estimate when every line has its result, and not before', async () => {
    const lines = await linesOf(client, sample);
    const [first, second, third, ...others] = lines.map(({ endToEndId }) => endToEndId);
    await record(client, sample, ...others.map((payment) => ({ payment, outcome: 'correct' }))).expect(200);
    const half = await estimateOf(client, sample);
    expect(half).toMatchObject({ recorded: lines.length - 3, found: '0', wrongMoney: null });
    const amounts = lines.map(({ amount }) => BigInt(amount));
    await record(
      client,
      sample,
      {
        payment: first,
        outcome: 'wrongAmount',
        received: String(amounts[0]! - 100_000n),
        note: 'bớt 100.000',
      },
      { payment: second, outcome: 'notReceived' },
      { payment: third, outcome: 'notFound', note: 'đã chuyển đi' },
    ).expect(200);
    const whole = await estimateOf(client, sample);
    const found = 100_000n + amounts[1]! + amounts[2]!;
    expect(whole).toMatchObject({
      ...{ confidence: 0.9, lines: 88, amount: sample.amount, sampled: lines.length, recorded: lines.length },
      outcomes: { correct: lines.length - 3, wrongAmount: 1, notReceived: 1, notFound: 1 },
      found: found.toString(),
    });
    // Σ N/n · errors, by hand.
    const wrong = [100_000n, amounts[1]!, amounts[2]!];
    const expected = sample.strata.reduce((total, { stratum, lines: size, sampled }) => {
      const errors = lines
        .slice(0, 3)
        .reduce((sum, line, at) => sum + (line.stratum === stratum ? wrong[at]! : 0n), 0n);
      return total + (Number(errors) * size) / sampled;
    }, 0);
    const { estimate, standardError, lower, upper } = whole.wrongMoney!;
    expect(Math.abs(Number(estimate) - expected)).toBeLessThan(3);
    expect(BigInt(lower)).toBeGreaterThanOrEqual(found);
    expect(Number(lower)).toBeLessThan(Number(estimate));
    expect(Number(upper)).toBeGreaterThan(Number(estimate) + 1.28 * Number(standardError));
    expect(BigInt(upper)).toBeLessThan(BigInt(sample.amount));
  });

  test('is seen by no other office', async () => {
    const other = await auditor('261');
    for (const path of ['', '/list', '/lines', '/estimate']) {
      expect((await other.get(`/v1/samples/${sample.id}${path}`)).body).toMatchObject({
        code: 'SAMPLE_NOT_FOUND',
      });
    }
    const payment = endToEndIdOf(batch, 1);
    const told = await record(other, sample, { payment, outcome: 'correct' });
    expect(told).toMatchObject({ status: 404, body: { code: 'SAMPLE_NOT_FOUND' } });
    expect((await other.post(`/v1/batches/${batch.id}/samples`, { size: 3 })).status).toBe(404);
  });
});

describe('a result', () => {
  let batch: BatchView;
  let sample: SampleView;
  let client: PlayedClient;
  let payments: string[];
  beforeAll(async () => {
    batch = await paidBatch('27', manyLines(12));
    sample = await draw(batch, { size: 6 });
    client = await auditor();
    payments = (await linesOf(client, sample)).map(({ endToEndId }) => endToEndId);
  });

  test('stands once; another one corrects it under its name, and both are kept', async () => {
    const payment = payments[0]!;
    await record(client, sample, { payment, outcome: 'notFound' }).expect(200);
    const again = await record(client, sample, { payment, outcome: 'correct' });
    expect(again).toMatchObject({ status: 409, body: { code: 'RESULT_RECORDED' } });
    const { result } = (await linesOf(client, sample))[0]!;
    expect(result).toMatchObject({ outcome: 'notFound', by: 'auditor' });
    await record(client, sample, { payment, outcome: 'correct', corrects: result!.id }).expect(200);
    const twice = await record(client, sample, { payment, outcome: 'wrongPerson', corrects: result!.id });
    expect(twice).toMatchObject({ status: 409, body: { code: 'RESULT_RECORDED' } });
    const elsewhere = await record(client, sample, {
      payment: payments[1],
      outcome: 'correct',
      corrects: result!.id,
    });
    expect(elsewhere.status).toBe(409);
    expect((await linesOf(client, sample))[0]!.result).toMatchObject({ outcome: 'correct' });
    const rows = await harness.dataSource.query(
      'SELECT outcome, corrects IS NOT NULL AS corrects FROM sample_result WHERE sample_id = $1 ORDER BY id',
      [sample.id],
    );
    expect(rows).toEqual([
      { outcome: 'notFound', corrects: false },
      { outcome: 'correct', corrects: true },
    ]);
    await expect(
      harness.dataSource.query(`UPDATE sample_result SET outcome = 'correct' WHERE sample_id = $1`, [
        sample.id,
      ]),
    ).rejects.toThrow('append-only');
  });

  test('of twenty at once, one is recorded', async () => {
    const told = { payment: payments[2]!, outcome: 'correct' };
    const replies = await Promise.all(Array.from({ length: 20 }, () => record(client, sample, told)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(409)]);
  });

  test.each([
    [
      'of a line that was not drawn',
      () => ({ payment: endToEndIdOf(batch, 99), outcome: 'correct' }),
      'payment',
    ],
    ['of another batch', () => ({ payment: 'LO-99999999-0000001', outcome: 'correct' }), 'payment'],
    ['without what was received', () => ({ payment: payments[3], outcome: 'wrongAmount' }), 'received'],
    [
      'with what was received, though not wrong',
      () => ({ payment: payments[3], outcome: 'correct', received: '5' }),
      'received',
    ],
    [
      'beyond twice the payment',
      () => ({ payment: payments[3], outcome: 'wrongAmount', received: '90000000' }),
      'received',
    ],
  ])('%s is refused, with all that came with it', async (_, result, field) => {
    const right = { payment: payments[4], outcome: 'correct' };
    const reply = await record(client, sample, right, result());
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'RESULTS_REFUSED', errors: [{ pointer: `/results/1/${field}` }] },
    });
    expect((await linesOf(client, sample))[4]!.result).toBeNull();
  });

  test('of a line is given once in a request', async () => {
    const twice = { payment: payments[3], outcome: 'correct' };
    expect((await record(client, sample, twice, twice)).body).toMatchObject({
      errors: [{ pointer: '/results/1/payment' }],
    });
  });
});

describe('a draw', () => {
  test('of everything knows the truth', async () => {
    const batch = await paidBatch('27', manyLines(6));
    const client = await auditor();
    const sample = await draw(batch, { size: 100 });
    const [first, ...others] = await linesOf(client, sample);
    const right = others.map(({ endToEndId: payment }) => ({ payment, outcome: 'correct' }));
    await record(client, sample, { payment: first!.endToEndId, outcome: 'wrongPerson' }, ...right).expect(
      200,
    );
    const { amount } = first!;
    const { wrongMoney } = await estimateOf(client, sample);
    expect(wrongMoney).toEqual({ estimate: amount, standardError: '0', lower: amount, upper: amount });
  });

  test('in which nothing wrong is found says how much may still be wrong', async () => {
    const lines = newLines(400, { amount: '1000000', ordinal: '2' });
    const batch = await paidBatch('27', lines);
    const client = await auditor();
    const sample = await draw(batch, { confidence: 0.95, marginOfError: 0.05 });
    // ln 0.025 / ln 0.95 = 71.9
    expect(sample.size).toBe(72);
    const right = (await linesOf(client, sample)).map(({ endToEndId: payment }) => ({
      payment,
      outcome: 'correct',
    }));
    await record(client, sample, ...right).expect(200);
    const { wrongMoney } = await estimateOf(client, sample);
    expect(wrongMoney).toMatchObject({ estimate: '0', standardError: '0', lower: '0' });
    expect(Number(wrongMoney!.upper) / 4e8).toBeCloseTo(1 - 0.025 ** (1 / 72), 6);
    expect(Number(wrongMoney!.upper)).toBeLessThanOrEqual(20_000_000);
  });

  test.each([
    ['a confidence of all', { confidence: 1, size: 2 }],
    ['neither size nor margin', {}],
    ['a seed with what parts it from the payment', { seed: 'a|bbbbbbbb', size: 2 }],
    ['a short seed', { seed: 'abc', size: 2 }],
  ])('with %s is refused', async (_, input) => {
    const batch = await paidBatch('27', manyLines(3));
    const client = await auditor();
    const reply = await client.post(`/v1/batches/${batch.id}/samples`, input);
    expect(reply).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  test('waits for the reconciliation, and for something that was paid', async () => {
    const lines = manyLines(2);
    const sent = await sentBatch(harness, lines);
    const client = await auditor();
    const early = await client.post(`/v1/batches/${sent.id}/samples`, { size: 2 });
    expect(early).toMatchObject({ status: 409, body: { code: 'BATCH_STATE' } });
    const back = await paidBatch('27', manyLines(2), [1, 2]);
    const none = await client.post(`/v1/batches/${back.id}/samples`, { size: 2 });
    expect(none).toMatchObject({ status: 422, body: { code: 'NOTHING_TO_SAMPLE' } });
  });

  test('is not for those who may only look', async () => {
    const batch = await paidBatch('27', manyLines(2));
    const reader = await harness.as({ sub: 'reader', permissions: ['verify:read'] });
    expect((await reader.post(`/v1/batches/${batch.id}/samples`, { size: 2 })).status).toBe(403);
    await reader.get(`/v1/batches/${batch.id}/samples`).expect(200);
  });
});

test('bands are 1, 2 and 5 times the powers of ten, up to the largest amount', () => {
  expect(bandsUpTo(1n)).toEqual(['1']);
  expect(bandsUpTo(19n)).toEqual(['1', '2', '5', '10']);
  expect(bandsUpTo(20n)).toEqual(['1', '2', '5', '10', '20']);
});
