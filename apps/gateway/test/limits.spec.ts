import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { type Gateway, type StandIn, startGateway, startStandIn } from './harness.js';

let subgraph: StandIn;
let gateway: Gateway;
beforeAll(async () => {
  subgraph = await startStandIn();
  gateway = await startGateway(subgraph.url);
});
beforeEach(() => {
  subgraph.heard.length = 0;
});
afterAll(async () => {
  await gateway.stop();
  await subgraph.stop();
});

const many = (count: number, text: (nth: number) => string) =>
  Array.from({ length: count }, (_, nth) => text(nth)).join(' ');

const nested = (depth: number, kernel: string): string =>
  depth === 0 ? kernel : `fund { batches(first: 1) { edges { node { ${nested(depth - 1, kernel)} } } } }`;

interface Refusal {
  errors: {
    message: string;
    extensions: { code: string; problem: { code: string; limit?: string; max?: number; found?: number } };
  }[];
}

describe('a request over the limits is refused before a subgraph hears of it', () => {
  test.each([
    [
      '1,000 aliases',
      `{ ${many(1_000, (nth) => `a${nth}: funds { edges { cursor } }`)} }`,
      'GRAPHQL_PARSE_FAILED',
      undefined,
    ],
    [
      '31 aliases',
      `{ ${many(31, (nth) => `a${nth}: funds(first: 1) { edges { cursor } }`)} }`,
      'QUERY_TOO_LARGE',
      'aliases',
    ],
    [
      'aliases in a fragment',
      `{ ...F } fragment F on Query { ${many(31, (nth) => `a${nth}: __typename`)} }`,
      'QUERY_TOO_LARGE',
      'aliases',
    ],
    ['a query deep as a well', `{ batch(id: "1") { ${nested(3, 'id')} } }`, 'QUERY_TOO_LARGE', 'depth'],
    ['20,000 tokens', `{ ${many(20_000, () => 'a')} }`, 'GRAPHQL_PARSE_FAILED', undefined],
    ['100,000 tokens', `{ ${many(100_000, () => 'a')} }`, 'QUERY_TOO_LARGE', 'characters'],
    [
      'fragments in a circle',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
    [
      'a fragment of itself',
      '{ funds { ...F } } fragment F on FundConnection { edges { node { batches { edges { node { fund { id } } } } } } ...F }',
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
    [
      '1,000 directives',
      `{ funds ${many(1_000, () => '@skip(if: false)')} { edges { cursor } } }`,
      'GRAPHQL_PARSE_FAILED',
      undefined,
    ],
    ['a comment like a book', `{ __typename } # ${'x'.repeat(900_000)}`, 'QUERY_TOO_LARGE', 'characters'],
    ['a text like a book', `{ batch(id: "${'x'.repeat(900_000)}") { id } }`, 'QUERY_TOO_LARGE', 'characters'],
    ['50,001 characters', `{ __typename }${' '.repeat(50_001 - 14)}`, 'QUERY_TOO_LARGE', 'characters'],
    [
      'a list in a list, and so on, in the document',
      `{ batch(id: ${'['.repeat(2_000)}${']'.repeat(2_000)}) { id } }`,
      'GRAPHQL_PARSE_FAILED',
      undefined,
    ],
    [
      'a page of pages',
      '{ batches(first: 500) { edges { node { payments(first: 500) { edges { node { amount } } } } } } }',
      'QUERY_TOO_LARGE',
      'cost',
    ],
    [
      'a page of pages whose sizes are not written',
      '{ funds { edges { node { batches { edges { node { payments { edges { node { amount } } } } } } } } } }',
      'QUERY_TOO_LARGE',
      'cost',
    ],
  ])('%s', async (_, query, code, limit) => {
    const { body } = await gateway.ask(query).expect(400);
    const { errors } = body as Refusal;
    expect(errors).toHaveLength(1);
    expect(errors[0]!.extensions.code).toBe(code);
    expect(errors[0]!.extensions.problem.limit).toBe(limit);
    expect(subgraph.heard).toEqual([]);
  });

  test('sizes in variables count', async () => {
    const query = `query ($n: Int!) { batches(first: $n) { edges { node { payments(first: $n) { edges { cursor } } } } } }`;
    const { body } = await gateway.ask(query, { n: 500 }).expect(400);
    const [{ extensions }] = (body as Refusal).errors as [Refusal['errors'][0]];
    expect(extensions.problem).toMatchObject({
      code: 'QUERY_TOO_LARGE',
      limit: 'cost',
      max: 20_000,
      found: 501_501,
    });
    subgraph.answer(200, { data: { batches: { edges: [] } } });
    await gateway.ask(query, { n: 5 }).expect(200, { data: { batches: { edges: [] } } });
  });

  test('exactly as many characters as are allowed', async () => {
    await gateway.ask(`{ __typename }${' '.repeat(50_000 - 14)}`).expect(200);
  });

  test('directives over and over on one field, known and unknown: few errors, however many there are', async () => {
    for (const directive of ['@skip(if: false)', '@nothing', '@include(if: true) @nothing']) {
      const { body } = await gateway
        .ask(`{ funds ${many(130, () => directive)} { edges { cursor } } }`)
        .expect(400);
      const { errors } = body as Refusal;
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.length).toBeLessThanOrEqual(101);
    }
    expect(subgraph.heard).toEqual([]);
  });

  test('the same field again and again is asked for once', async () => {
    subgraph.answer(200, { data: { funds: { edges: [] } } });
    await gateway.ask(`{ ${many(130, () => 'funds { edges { cursor } }')} }`).expect(200);
    expect(subgraph.heard).toHaveLength(1);
    expect(subgraph.heard[0]!.body.query.match(/edges/g)).toHaveLength(1);
  });

  test('many operations in one document: none without a name, one with it', async () => {
    const document = many(40, (nth) => `query Q${nth} { funds { edges { cursor } } }`);
    await gateway.ask(document).expect(400);
    expect(subgraph.heard).toEqual([]);
    subgraph.answer(200, { data: { funds: { edges: [] } } });
    await supertest(gateway.app.getHttpServer())
      .post('/graphql')
      .set('authorization', 'Bearer token')
      .send({ query: document, operationName: 'Q7' })
      .expect(200);
    expect(subgraph.heard).toHaveLength(1);
  });

  const nest = (depth: number) => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`) as object;
  test.each([
    ['query ($id: ID!) { batch(id: $id) { id } }', { id: nest(2_000) }],
    ['query ($n: Int!) { batches(first: $n) { edges { cursor } } }', { n: nest(2_000) }],
    ['query ($s: BatchState) { batches(state: $s) { edges { cursor } } }', { s: nest(2_000) }],
    ['{ __typename }', { unused: nest(2_000) }],
  ])('lists in lists as variables of %s', async (query, variables) => {
    const reply = await gateway.ask(query, variables);
    expect(reply.status).toBe('unused' in variables ? 200 : 400);
    expect(reply.text.length).toBeLessThan(2_000);
    expect(subgraph.heard).toEqual([]);
  });

  test('lists in lists deeper than any stack: answered, and the gateway lives', async () => {
    const depth = 200_000;
    const variables = `{"id":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const reply = await supertest(gateway.app.getHttpServer())
      .post('/graphql')
      .set({ authorization: 'Bearer token', 'content-type': 'application/json' })
      .send(`{"query":"query ($id: ID!) { batch(id: $id) { id } }","variables":${variables}}`);
    expect(reply.status).toBe(400);
    expect(subgraph.heard).toEqual([]);
    await gateway.ask('{ __typename }').expect(200);
  });

  test('a value that is refused is not repeated where it may be a number of a person', async () => {
    const number = '0'.repeat(10) + '42';
    const inline = await gateway.ask(`{ payments(payeeId: 1${number}) { edges { cursor } } }`).expect(400);
    const variable = await gateway
      .ask('query ($n: Int!) { payments(payeeId: "x", first: $n) { edges { cursor } } }', { n: number })
      .expect(400);
    for (const { text } of [inline, variable]) expect(text).not.toContain(number);
  });

  test('a body over a mebibyte', async () => {
    const { body } = await gateway
      .ask('{ funds { edges { cursor } } }', { padding: 'x'.repeat(1_100_000) })
      .expect(413);
    expect(body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  test('requests in an array', async () => {
    await supertest(gateway.app.getHttpServer())
      .post('/graphql')
      .set('authorization', 'Bearer token')
      .send([{ query: '{ __typename }' }, { query: '{ __typename }' }])
      .expect(400);
  });

  test('an ordinary query is let through', async () => {
    const fields =
      'id code state amount chunks { total } totals { paid { count amount } } approvals { by at }';
    const findings =
      'findings(first: 20) { edges { node { row code message { vi en } } } pageInfo { hasNextPage endCursor } }';
    subgraph.answer(200, { data: { batches: { edges: [] } } });
    await gateway
      .ask(`{ batches(first: 20) { edges { cursor node { ${fields} fund { id code } ${findings} } } } }`)
      .expect(200);
    expect(subgraph.heard).toHaveLength(1);
  });
});

describe('who asks, and how', () => {
  const query = '{ funds { edges { cursor } } }';

  test('without a token the query is not read', async () => {
    const { body } = await supertest(gateway.app.getHttpServer())
      .post('/graphql')
      .set('accept-language', 'vi')
      .send({ query: '{ this is no GraphQL' })
      .expect(401);
    expect(body).toMatchObject({
      errors: [
        {
          message: 'Chưa đăng nhập hoặc phiên đã hết hạn',
          extensions: { code: 'UNAUTHENTICATED', problem: { code: 'UNAUTHENTICATED', status: 401 } },
        },
      ],
    });
  });

  test('a page of another site cannot ask in the name of the reader', async () => {
    const { body } = await supertest(gateway.app.getHttpServer())
      .get(`/graphql?query=${encodeURIComponent(query)}`)
      .set('authorization', 'Bearer token')
      .expect(400);
    expect((body as Refusal).errors[0]!.message).toMatch(/CSRF/);
    await supertest(gateway.app.getHttpServer())
      .post('/graphql')
      .set({ authorization: 'Bearer token', 'content-type': 'text/plain' })
      .send(JSON.stringify({ query }))
      .expect(({ status }) => expect([400, 415]).toContain(status));
    expect(subgraph.heard).toEqual([]);
  });

  test.each([
    ['{ fundz { edges { cursor } } }', {}],
    ['{ funds { edgs { cursor } } }', {}],
    ['query ($s: BatchState) { batches(state: $s) { edges { cursor } } }', { s: 'DRAF' }],
    ['{ batches(state: DRAF) { edges { cursor } } }', {}],
  ])('no near name is given for %s', async (mistyped, variables) => {
    const { text } = await gateway.ask(mistyped, variables).expect(400);
    expect(text).toContain('INVALID_REQUEST');
    expect(text).not.toMatch(/Did you mean|"funds"|"edges"|DRAFT/);
  });
});

describe('in production', () => {
  let production: Gateway;
  beforeAll(async () => {
    production = await startGateway(subgraph.url, 'production');
  });
  afterAll(() => production.stop());

  test('the schema is not told, outside of it it is', async () => {
    const introspection = '{ __schema { types { name } } }';
    const { body } = await production.ask(introspection).expect(400);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    await production.ask('{ __type(name: "Batch") { fields { name } } }').expect(400);
    await gateway.ask(introspection).expect(200);
  });

  test('there is no page to try it', async () => {
    const page = (app: Gateway) =>
      supertest(app.app.getHttpServer()).get('/graphql').set('accept', 'text/html');
    expect((await page(production)).text).not.toMatch(/<html/i);
    expect((await page(gateway)).text).toMatch(/<html/i);
  });
});
