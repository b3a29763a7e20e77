import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testIssuer } from '@ansinh/testing';
import { type Gateway, type StandIn, startGateway, startStandIn } from './harness.js';

const perMinute = 5;
let subgraph: StandIn;
let gateway: Gateway;
let issuer: Awaited<ReturnType<typeof testIssuer>>;
beforeAll(async () => {
  subgraph = await startStandIn();
  issuer = await testIssuer();
  process.env['RATE_LIMIT_PER_MINUTE'] = String(perMinute);
  gateway = await startGateway(subgraph.url, undefined, issuer.url);
  delete process.env['RATE_LIMIT_PER_MINUTE'];
});
afterAll(async () => {
  await gateway.stop();
  await issuer.stop();
  await subgraph.stop();
});

const tokenOf = async (sub: string) => `Bearer ${await issuer.token({ sub, office: '27', permissions: [] })}`;
const ask = (authorization: string) => gateway.ask('{ __typename }', {}, { authorization });

test('each caller has a counter of its own; invented tokens share that of their address', async () => {
  const [one, other] = [await tokenOf('one'), await tokenOf('other')];
  for (let asked = 0; asked < perMinute; asked += 1) await ask(one).expect(200);
  const refused = await ask(await tokenOf('one')).expect(429);
  expect(refused.headers['retry-after']).toMatch(/^\d+$/);
  expect(refused.body).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429 });
  await ask(other).expect(200);
  for (let asked = 0; asked < perMinute; asked += 1) await ask(`Bearer invented-${asked}`).expect(200);
  await ask('Bearer invented-too').expect(429);
  await ask(other).expect(200);
});

test('the stated purpose is handed on to the subgraph', async () => {
  subgraph.answer(200, { data: { payee: { isMasked: false } } });
  const query = '{ payee(endToEndId: "LO-00000001-0000001") { isMasked } }';
  const headers = { authorization: await tokenOf('auditor'), 'access-purpose': 'inspection; KH%2012%2FTTr' };
  await gateway.ask(query, {}, headers).expect(200);
  expect(subgraph.heard.at(-1)!.headers['access-purpose']).toBe(headers['access-purpose']);
});
