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

const pause = 'mutation ($id: ID!) { pauseBatch(id: $id) { id state } }';
const paused = { data: { pauseBatch: { id: '1', state: 'PAUSED' } } };

describe('what a subgraph hears of the caller', () => {
  test('token, key, language, request id and trace; nothing else', async () => {
    subgraph.answer(200, paused);
    const given = {
      authorization: 'Bearer abc',
      'idempotency-key': 'key-12345678',
      'accept-language': 'en',
      'x-request-id': 'request-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: 'a=b',
    };
    const answer = await gateway.ask(
      pause,
      { id: '1' },
      { ...given, cookie: 'session=1', 'x-forwarded-user': 'root' },
    );
    expect(answer.body).toEqual(paused);
    expect(answer.headers['x-request-id']).toBe('request-1');
    expect(subgraph.heard).toHaveLength(1);
    const [{ headers, body }] = subgraph.heard as [StandIn['heard'][0]];
    expect(headers).toMatchObject(given);
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie']));
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-forwarded-user']));
    expect(body.query).toMatch(/pauseBatch/);
  });

  test('a request without an id is given one, the same here and there', async () => {
    subgraph.answer(200, paused);
    const answer = await gateway.ask(pause, { id: '1' });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(subgraph.heard[0]!.headers['x-request-id']).toBe(answer.headers['x-request-id']);
  });

  test('two callers with one query are two requests', async () => {
    subgraph.answer(200, { data: { funds: { edges: [] } } });
    const query = '{ funds { edges { cursor } } }';
    await Promise.all(
      ['a', 'b'].map((token) => gateway.ask(query, {}, { authorization: `Bearer ${token}` }).expect(200)),
    );
    expect(subgraph.heard.map(({ headers }) => headers.authorization).sort()).toEqual([
      'Bearer a',
      'Bearer b',
    ]);
  });

  test('two commands in one request go nowhere', async () => {
    const two = 'mutation ($id: ID!) { a: pauseBatch(id: $id) { id } b: pauseBatch(id: $id) { id } }';
    const { body } = await gateway.ask(two, { id: '1' }).expect(400);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'ONE_COMMAND_A_REQUEST' } }] });
    expect(subgraph.heard).toEqual([]);
  });
});

describe('what the caller hears of a subgraph', () => {
  const problem = {
    type: 'urn:ansinh:problem:batch-state',
    code: 'BATCH_STATE',
    title: 'The state of the batch does not allow this',
    status: 409,
    detail: 'The batch is «draft»',
    state: 'draft',
    allowed: ['transmitting'],
    instance: 'urn:ansinh:request:1',
  };

  test('its problem, as it is', async () => {
    subgraph.answer(200, {
      data: null,
      errors: [
        { message: problem.title, path: ['pauseBatch'], extensions: { code: 'BATCH_STATE', problem } },
      ],
    });
    const { body } = await gateway.ask(pause, { id: '1' }).expect(200);
    expect(body).toMatchObject({
      data: null,
      errors: [
        { message: problem.title, path: ['pauseBatch'], extensions: { code: 'BATCH_STATE', problem } },
      ],
    });
  });

  test('the half that was found, beside the problem of the other', async () => {
    const refused = { ...problem, code: 'FORBIDDEN', title: 'You may not do this', status: 403 };
    subgraph.answer(200, {
      data: { batch: { id: '1', fund: null } },
      errors: [
        {
          message: refused.title,
          path: ['batch', 'fund'],
          extensions: { code: 'FORBIDDEN', problem: refused },
        },
      ],
    });
    const { body } = await gateway.ask('{ batch(id: "1") { id fund { id } } }').expect(200);
    expect(body).toMatchObject({
      data: { batch: { id: '1', fund: null } },
      errors: [{ path: ['batch', 'fund'], extensions: { code: 'FORBIDDEN', problem: refused } }],
    });
  });

  test.each([
    ['an answer that is no GraphQL', 502, '<html>Bad gateway at 10.0.0.7</html>', 'UNAVAILABLE'],
    ['an empty answer', 200, '', 'UNAVAILABLE'],
    [
      'an error without a problem',
      200,
      { data: null, errors: [{ message: 'ECONNREFUSED 10.0.0.7' }] },
      'UNEXPECTED',
    ],
  ])('%s is masked', async (_, status, answer, code) => {
    subgraph.answer(status, answer);
    const { body, text } = await gateway.ask('{ fund(id: "1") { id } }').expect(200);
    expect(body).toMatchObject({
      data: { fund: null },
      errors: [{ extensions: { code, problem: { code } } }],
    });
    expect(text).not.toMatch(/10\.0\.0\.7|html|127\.0\.0\.1/);
  });
});

describe('health', () => {
  const get = (path: string) => supertest(gateway.app.getHttpServer()).get(path);

  test('alive by itself, ready by its subgraph', async () => {
    await get('/health/live').expect(200);
    subgraph.answer(200, { status: 'ok' });
    await get('/health/ready').expect(200);
    expect(subgraph.heard.at(-1)?.path).toBe('/health/ready');
    subgraph.answer(503, {});
    const { body } = await get('/health/ready').expect(503);
    expect(body).toMatchObject({ code: 'UNAVAILABLE', check: 'disbursements' });
  });

  test('a subgraph that is away: not ready, and its fields are unavailable', async () => {
    const away = await startStandIn();
    const alone = await startGateway(away.url);
    await away.stop();
    const { body, text } = await alone.ask('{ fund(id: "1") { id } }').expect(200);
    expect(body).toMatchObject({
      data: { fund: null },
      errors: [{ extensions: { code: 'UNAVAILABLE', problem: { status: 503 } } }],
    });
    expect(text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|fetch/);
    await supertest(alone.app.getHttpServer()).get('/health/ready').expect(503);
    await supertest(alone.app.getHttpServer()).get('/health/live').expect(200);
    await alone.stop();
  });
});
