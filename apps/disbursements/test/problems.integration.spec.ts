import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import type { ProblemDefinition } from '@ansinh/problem';
import {
  createBatch,
  csvOf,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  type PlayedClient,
  startHarness,
} from './harness.js';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
/** The simulated bank is another party, with words of its own. */
const files = globSync('{apps,libs}/*/src/**/{*.problems,common-problems}.ts', { cwd: workspace }).filter(
  (file) => !file.startsWith('apps/bank-simulator/'),
);

let harness: Harness;
let client: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  client = await harness.as(operator);
});
afterAll(() => harness.stop());

describe('the definitions of problems, all over the workspace', () => {
  const definitions: { file: string; key: string; definition: ProblemDefinition }[] = [];
  beforeAll(async () => {
    for (const file of files) {
      const exported = Object.values((await import(`${workspace}${file}`)) as object) as unknown[];
      const tables = exported.filter(
        (value): value is Record<string, ProblemDefinition> => typeof value === 'object',
      );
      for (const [key, definition] of tables.flatMap((table) => Object.entries(table))) {
        definitions.push({ file, key, definition });
      }
    }
  });

  test('are found', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(definitions.length).toBeGreaterThan(30);
  });

  test('each have a code of their own, for clients branch on it', () => {
    const codes = definitions.map(({ definition }) => definition.code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(codes.filter((code) => !/^[A-Z][A-Z0-9_]*[A-Z0-9]$/.test(code))).toEqual([]);
  });

  test('each have a title in both languages, and a status of refusal', () => {
    for (const { file, key, definition } of definitions) {
      const { title, status } = definition;
      expect({
        file,
        key,
        vi: title.vi.length > 5,
        en: title.en.length > 5,
        differ: title.vi !== title.en,
      }).toEqual({
        file,
        key,
        vi: true,
        en: true,
        differ: true,
      });
      expect(status >= 400 && status < 600).toBe(true);
    }
  });
});

describe('a refusal', () => {
  test('is a problem by RFC 9457, with the request’s id', async () => {
    const reply = await client
      .get('/v1/batches/00000000-0000-7000-8000-000000000000')
      .set('x-request-id', 'request-42')
      .expect(404)
      .expect('content-type', 'application/problem+json; charset=utf-8')
      .expect('x-request-id', 'request-42');
    expect(reply.body).toEqual({
      type: 'urn:ansinh:problem:batch-not-found',
      code: 'BATCH_NOT_FOUND',
      title: 'The batch was not found',
      status: 404,
      instance: 'urn:ansinh:request:request-42',
    });
  });

  test.each([
    ['vi', 'vi'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['fr, en;q=0.5', 'en'],
    ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
    ['fr', 'vi'],
    ['', 'vi'],
  ])('speaks by Accept-Language: «%s» is %s', async (header, language) => {
    const reply = await client
      .get('/v1/batches/00000000-0000-7000-8000-000000000000')
      .set('accept-language', header)
      .expect(404)
      .expect('content-language', language);
    const title = language === 'vi' ? 'Không tìm thấy lô chi trả' : 'The batch was not found';
    expect(reply.body).toMatchObject({ title });
  });

  test('for a route that does not exist', async () => {
    for (const path of ['/v1/nothing', '/', '/v1/batches/1/2/3']) {
      const { body } = await client
        .get(path)
        .expect(404)
        .expect('content-type', /problem\+json/);
      expect(body).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('for an identifier that is none', async () => {
    const { body } = await client.get('/v1/batches/LO-00000001').expect(400);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringContaining('UUID') });
  });

  test('that nobody expected tells nothing of the inside', async () => {
    await harness.dataSource.query('ALTER TABLE fund RENAME TO fund_away');
    try {
      const { body, text } = await client.get('/v1/funds').expect(500);
      expect(body).toMatchObject({
        code: 'UNEXPECTED',
        instance: expect.stringMatching(/^urn:ansinh:request:/),
      });
      expect(text).not.toMatch(/relation|select|fund_away/i);
    } finally {
      await harness.dataSource.query('ALTER TABLE fund_away RENAME TO fund');
    }
  });
});

describe('a body', () => {
  const post = (content: string | Buffer, type?: string) => {
    const request = supertest(harness.app.getHttpServer())
      .post('/v1/batches')
      .set('authorization', `Bearer ${client.token}`)
      .set('accept-language', 'en')
      .set('idempotency-key', crypto.randomUUID());
    return (type === undefined ? request : request.set('content-type', type)).send(content);
  };

  test.each(['{"fundId": ', '[1, 2', 'fund=1', '{"a":1}}', '\ufeff'])(
    'of broken JSON (%s)',
    async (content) => {
      const { body } = await post(content, 'application/json')
        .expect(400)
        .expect('content-type', /problem\+json/);
      expect(body).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );

  test.each(['null', '5', '"text"', '[]', '[{}]'])('that is no object (%s)', async (content) => {
    const { body } = await post(content, 'application/json').expect(400);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/csv',
    'application/xml',
  ])('of the wrong type (%s)', async (type) => {
    const { body } = await post('x', type)
      .expect(415)
      .expect('content-type', /problem\+json/);
    expect(body).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  test('that is too large', async () => {
    const content = JSON.stringify({ purpose: 'x'.repeat(1024 * 1024) });
    const { body } = await post(content, 'application/json')
      .expect(413)
      .expect('content-type', /problem\+json/);
    expect(body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  test('that would change the prototype of objects', async () => {
    const { body } = await post('{"__proto__": {"admin": true}}', 'application/json').expect(400);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('with a field that there is not, and a missing one: each is pointed to', async () => {
    const fund = {
      code: 'F-1',
      name: 'Fund',
      budgetSource: 'NSNN',
      programmeCodes: ['NQ68', '?'],
      channel: 'iso20022-http',
      account: { bin: '97040', number: '260', name: ' ', iban: 'x' },
      balance: '5',
    };
    const { body } = await client.post('/v1/funds', fund).expect(400);
    const { errors } = body as { errors: { pointer: string; detail: string }[] };
    expect([...new Set(errors.map(({ pointer }) => pointer))].sort()).toEqual([
      '/account/bin',
      '/account/iban',
      '/account/name',
      '/account/number',
      '/balance',
      '/programmeCodes',
    ]);
    for (const { detail } of errors) expect(detail).toMatch(/\w/);
  });

  test('a query parameter that there is not, or out of its bounds', async () => {
    for (const [query, pointer] of [
      ['limit=0', '?limit'],
      ['limit=501', '?limit'],
      ['limit=ten', '?limit'],
      ['offset=5', '?offset'],
      ['state=sent', '?state'],
      ['code=42', '?code'],
      ['after=not-a-cursor', '?after'],
    ]) {
      const { body } = await client.get(`/v1/batches?${query}`).expect(400);
      expect(body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ pointer })]) });
    }
  });

  const paths = ['funds', 'batches', 'exceptions', 'statements', 'programmes', 'payments'];
  test.each(paths)('a cursor that we never gave is refused, not tripped over: %s', async (path) => {
    const query = path === 'payments' ? `payeeId=${'1'.repeat(11)}2&` : '';
    const keys = [
      ['x'],
      ['x', 'y'],
      ['x', 'y', 'z'],
      [-1],
      [1e300],
      [{}],
      [['x']],
      'x',
      null,
      [],
      ['\u0000'],
    ];
    for (const key of keys) {
      const after = Buffer.from(JSON.stringify(key)).toString('base64url');
      const { status } = await client.get(`/v1/${path}?${query}after=${after}`);
      expect({ key, isDefect: status >= 500 }).toEqual({ key, isDefect: false });
    }
  });

  test.each(['', '/findings', '/payments', '/exceptions'])('and neither within a batch: %s', async (path) => {
    const batch = await createBatch(await harness.as(maker), await openFund(harness));
    for (const key of [
      ['x'],
      ['x', 'y'],
      ['x', 'y', 'z'],
      [1e300],
      [9_999_999_999],
      [9_999_999_999, 'x', 'y'],
      ['\u0000'],
    ]) {
      const after = Buffer.from(JSON.stringify(key)).toString('base64url');
      const { status } = await client.get(`/v1/batches/${batch.id}${path}?after=${after}`);
      expect({ key, isDefect: status >= 500 }).toEqual({ key, isDefect: false });
    }
  });

  test('a text with NUL is refused, which PostgreSQL could not store', async () => {
    const fundId = await openFund(harness);
    for (const [path, body] of [
      [`/v1/funds/${fundId}/allotments`, { amount: '1', reference: 'QD\u00002' }],
      [`/v1/funds/${fundId}/allotments`, { amount: '1', reference: 'QD-2', note: '\u0000' }],
    ] as const) {
      const { status } = await client.post(path, body);
      expect(status).toBe(400);
    }
  });
});

describe('every detail speaks the language that was asked for', () => {
  test.each([
    ['POST', '/v1/funds', { account: 'none', programmeCodes: 'NQ68' }],
    ['POST', '/v1/funds', { programmeCodes: [], account: {} }],
    ['POST', '/v1/batches', { fundId: 'x', period: '2022-13', channel: 'mail' }],
    ['PUT', '/v1/programmes/NQ68', { name: 5, severities: 'none', approvalBands: [{ checkers: 0 }] }],
    [
      'PUT',
      '/v1/programmes/NQ68',
      { name: 'x', approvalBands: [{ checkers: 9 }, { checkers: 1.5 }, 'band'] },
    ],
    ['PUT', '/v1/programmes/NQ68', { name: 'x', approvalBands: 'none', minAmount: '-1', maxAmount: '1.5' }],
    ['GET', '/v1/payments?payeeId=123&limit=x', undefined],
    ['GET', '/v1/batches?after=x', undefined],
    ['GET', '/v1/exceptions?batchId=x&status=x&code=x', undefined],
  ] as const)('%s %s %j', async (method, path, body) => {
    const request = {
      GET: () => client.get(path),
      POST: () => client.post(path, body),
      PUT: () => client.put(path, body!),
    };
    const reply = await request[method]().set('accept-language', 'vi').expect(400);
    const { errors, title } = reply.body as { title: string; errors: { detail: string }[] };
    expect(errors.length).toBeGreaterThan(0);
    for (const detail of [title, ...errors.map((error) => error.detail)]) {
      expect(detail).toMatch(/[àáảãạăâđèéêìíòóôơùúưýếềểễệốồộớờởợứừựậấầẩẫắằặ]/i);
    }
  });
});

test('a list may be larger than any JSON body', async () => {
  const batch = await createBatch(await harness.as(maker), await openFund(harness));
  const content = csvOf(newLines(12_000));
  expect(content.length).toBeGreaterThan(1024 * 1024);
  await (await harness.as(maker)).list(`/v1/batches/${batch.id}/payments`, content, 'text/csv').expect(202);
});
