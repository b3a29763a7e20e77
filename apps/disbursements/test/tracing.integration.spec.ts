import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type SpawnedApp, spawnApp } from '@ansinh/testing';
import { type BatchUnderTest, FaultRig } from './faults-harness.js';
import { csvOf, listLine, maker, operator, statedPurpose } from './harness.js';
import { type CollectedSpan, TraceCollector } from './trace-collector.js';

/** What the client of the test sends: everything that follows belongs to its trace. */
const trace = { id: '4bf92f3577b34da6a3ce929d0e0e4736', client: '00f067aa0ba902b7' };
const traceparent = `00-${trace.id}-${trace.client}-01`;

const lines = 120;

/** Five processes start and stop before the first test. */
const startsManyMs = 180_000;

let collector: TraceCollector;
let rig: FaultRig;
let api: SpawnedApp;
let gateway: SpawnedApp;
let batch: BatchUnderTest;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  collector = await TraceCollector.start();
  const traced = collector.environment;
  rig = await FaultRig.start({ bank: traced });
  for (const player of [maker, operator]) tokens[player.sub] = (await rig.harness.as(player)).token;
  api = await rig.startApi(traced);
  gateway = await spawnApp({
    app: 'gateway',
    environment: {
      ...traced,
      SUBGRAPH_DISBURSEMENTS_URL: `${api.url}/graphql`,
      // Nothing is asked of them here: the gateway only wants them to be ready.
      SUBGRAPH_REGISTRY_URL: `${api.url}/graphql`,
      SUBGRAPH_SOCIAL_PROTECTION_URL: `${api.url}/graphql`,
      SUBGRAPH_EMPLOYMENT_LOANS_URL: `${api.url}/graphql`,
    },
  });
  batch = await rig.approvedBatch(lines);
  // Whoever is first gives the hint: a sweep just after the commit would be a trace of its own.
  const unhurried = { SWEEP_MS: '600000', BANK_TIMEOUT_MS: '20000' };
  await rig.startWorker({ ...traced, ...unhurried, BANK_URL: rig.bank.url });
  await transmitByGateway();
  await rig.rest(batch);
  await askForPeople();
  // What is stopped in order sends its last spans.
  await rig.stopWorkers();
  await gateway.stop();
  await api.stop();
  await rig.stop();
}, startsManyMs);
afterAll(() => collector.stop());

async function transmitByGateway(): Promise<void> {
  const reply = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokens[operator.sub]}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      traceparent,
    },
    body: JSON.stringify({
      query: 'mutation ($id: ID!) { transmitBatch(id: $id) { state } }',
      variables: { id: batch.id },
    }),
  });
  expect(await reply.json()).toEqual({ data: { transmitBatch: { state: 'TRANSMITTING' } } });
}

/** Requests with numbers of people in their address, their headers, their body, and in what refuses them. */
async function askForPeople(): Promise<void> {
  const citizen = listLine(1).split(',')[0]!;
  const ask = (path: string, init: RequestInit = {}, who = operator.sub) =>
    fetch(`${api.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${tokens[who]}`, traceparent, ...init.headers },
    });
  const search = await ask(`/v1/payments?payeeId=${citizen}`, { headers: { 'x-request-id': citizen } });
  expect(((await search.json()) as { items: object[] }).items).toHaveLength(1);
  expect((await ask(`/v1/batches/${batch.id}/payments/1/payee`, { headers: statedPurpose })).status).toBe(
    200,
  );
  expect((await ask(`/v1/batches/${citizen}`)).status).toBe(400);
  expect((await ask(`/v1/nothing/${citizen}`)).status).toBe(404);
  const draft = await rig.people.maker.batches.create({
    fundId: batch.fundId,
    programmeCode: 'NQ68',
    purpose: 'Hỗ trợ',
    period: '2022-03',
    channel: 'iso20022-http',
  });
  const list = csvOf(Array.from({ length: lines }, (_, index) => listLine(index + 1)));
  const headers = { 'content-type': 'text/csv' };
  const path = `/v1/batches/${draft.id}/payments`;
  expect((await ask(path, { method: 'PUT', headers, body: list }, maker.sub)).status).toBe(202);
}

/** From a span up to the first of its trace: `service: name`. */
function wayTo(span: CollectedSpan): string[] {
  const way: string[] = [];
  for (let at: CollectedSpan | undefined = span; at; at = parentOf(at)) way.push(`${at.service}: ${at.name}`);
  return way.reverse();
}

function parentOf({ parentSpanId }: CollectedSpan): CollectedSpan | undefined {
  return collector.spans.find(({ spanId }) => spanId === parentSpanId);
}

const inTrace = () => collector.spans.filter(({ traceId }) => traceId === trace.id);

test('one transmission is one trace: gateway, API, queue, worker, bank, and the SQL of each', () => {
  const received = inTrace().filter(
    ({ service, name }) => service === 'bank-simulator' && name.startsWith('POST'),
  );
  // One message a chunk, sent once.
  expect(received).toHaveLength(3);
  for (const span of received) {
    expect(wayTo(span)).toEqual([
      'gateway: POST /graphql',
      'gateway: subgraph',
      'disbursements: POST /graphql',
      'disbursements: disbursements-transmit give',
      'disbursements-worker: disbursements-transmit process',
      'disbursements-worker: bank send',
      'bank-simulator: POST /messages',
    ]);
  }
  for (const service of ['disbursements', 'disbursements-worker', 'bank-simulator']) {
    const statements = inTrace().filter(
      (span) => span.service === service && span.attributes['db.query.text'],
    );
    expect(statements.map(wayTo)).toContainEqual(expect.arrayContaining([`${service}: transaction`]));
  }
});

test('no span of the trace hangs in the air', () => {
  const orphans = inTrace().filter((span) => span.parentSpanId !== trace.client && !parentOf(span));
  expect(orphans).toEqual([]);
});

test('reading a document of the bank is a trace of its own, into the tables', () => {
  const copied = collector.spans.filter(({ name, traceId }) => name === 'COPY' && traceId !== trace.id);
  expect(copied.map((span) => wayTo(span)[0])).toContain('disbursements-worker: bank document');
});

test('an upload is traced into the tables as well', () => {
  const copied = inTrace().filter(({ name }) => name === 'COPY');
  expect(copied.map(wayTo)).toContainEqual(
    expect.arrayContaining(['disbursements: PUT /v1/batches/:id/payments']),
  );
});

test('numbers and names of people stand in no span', () => {
  const people = Array.from({ length: lines }, (_, index) => listLine(index + 1).split(','));
  const all = collector.bodies.join('\n');
  const told = people.flatMap(([citizen, name, , account]) => [citizen!, name!, account!]);
  expect(told.filter((text) => all.includes(text))).toEqual([]);
  expect(all).not.toContain(batch.account);
  const values = collector.spans.flatMap(({ name, attributes }) => [name, ...Object.values(attributes)]);
  const long = values.filter((value) => /(?<![\da-f-])\d{9,}(?![\da-f-])/.test(String(value)));
  expect(long).toEqual([]);
  expect(values.filter((value) => String(value).includes('?payeeId'))).toEqual([]);
});
