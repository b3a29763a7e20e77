import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type SpawnedApp, spawnApp, testIssuer } from '@ansinh/testing';
import { type Gateway, startGateway } from './harness.js';

const everything = [
  'fund:read',
  'fund:write',
  'programme:write',
  'batch:read',
  'batch:write',
  'batch:transmit',
];

let issuer: Awaited<ReturnType<typeof testIssuer>>;
let service: SpawnedApp;
let gateway: Gateway;

function migrate(url: string, serviceUrl: string): void {
  const script = fileURLToPath(new URL('../../disbursements/dist/migrate.js', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env: { MIGRATION_DATABASE_URL: url, DATABASE_URL: serviceUrl },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the migrations failed: ${stderr}`);
}

beforeAll(async () => {
  issuer = await testIssuer();
  const database = await createTestDatabase({
    service: 'disbursements',
    migrate: async (url, serviceUrl) => migrate(url, serviceUrl),
  });
  service = await spawnApp({
    app: 'disbursements',
    environment: {
      DATABASE_URL: database.serviceUrl,
      OIDC_ISSUER: issuer.url,
      SEALING_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
      LOOKUP_KEY: Buffer.alloc(32, 8).toString('base64'),
      BANK_URL: 'http://127.0.0.1:9',
      BANK_API_TOKEN: 'test',
      LOG_LEVEL: 'error',
    },
  });
  gateway = await startGateway(service.url.concat('/graphql'));
});
afterAll(async () => {
  await gateway.stop();
  await service.stop();
  await issuer.stop();
});

const tokenOf = (office: string) =>
  issuer.token({ sub: `officer-${office}`, permissions: everything, office });

async function command<Made>(method: string, path: string, body: object): Promise<Made> {
  const answer = await fetch(new URL(path, service.url), {
    method,
    headers: {
      authorization: `Bearer ${await tokenOf('27')}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as Made;
}

describe('through the gateway to the service and back', () => {
  let batchId: string;

  beforeAll(async () => {
    await command('PUT', '/v1/programmes/NQ68', { name: 'NQ 68' });
    const { id: fundId } = await command<{ id: string }>('POST', '/v1/funds', {
      code: 'F-1',
      name: 'Fund',
      budgetSource: 'NSNN',
      programmeCodes: ['NQ68'],
      channel: 'iso20022-http',
      account: { bin: '970405', number: '2600201000001', name: 'SỞ LAO ĐỘNG' },
    });
    await command('POST', `/v1/funds/${fundId}/allotments`, { amount: '778000000000', reference: 'QD-1' });
    const batch = {
      fundId,
      programmeCode: 'NQ68',
      purpose: 'p',
      period: '2022-03',
      channel: 'iso20022-http',
    };
    batchId = (await command<{ id: string }>('POST', '/v1/batches', batch)).id;
  });

  const query = `query ($id: ID!, $first: Int!) {
    batch(id: $id) { code state amount fund { code balance { available } } findings(first: $first) { edges { cursor } } }
  }`;

  test('a batch with its fund and its findings, in one request', async () => {
    const headers = { authorization: `Bearer ${await tokenOf('27')}` };
    const { body } = await gateway.ask(query, { id: batchId, first: 5 }, headers).expect(200);
    expect(body).toEqual({
      data: {
        batch: {
          code: expect.stringMatching(/^LO-\d{8}$/),
          state: 'DRAFT',
          amount: '0',
          fund: { code: 'F-1', balance: { available: '778000000000' } },
          findings: { edges: [] },
        },
      },
    });
  });

  test('an office sees through the gateway what it sees without it', async () => {
    const headers = { authorization: `Bearer ${await tokenOf('256')}` };
    const { body } = await gateway.ask(query, { id: batchId, first: 5 }, headers).expect(200);
    expect(body).toMatchObject({
      data: { batch: null },
      errors: [{ extensions: { code: 'BATCH_NOT_FOUND' } }],
    });
  });

  test('a command and its refusal, in the language and under the request id of the caller', async () => {
    const mutation = 'mutation ($id: ID!) { pauseBatch(id: $id) { state } }';
    const headers = {
      authorization: `Bearer ${await tokenOf('27')}`,
      'accept-language': 'vi',
      'x-request-id': 'journey-1',
    };
    const keyless = await gateway.ask(mutation, { id: batchId }, headers).expect(200);
    expect(keyless.body).toMatchObject({ errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_MISSING' } }] });
    const refused = await gateway.ask(
      mutation,
      { id: batchId },
      { ...headers, 'idempotency-key': randomUUID() },
    );
    expect(refused.body).toMatchObject({
      errors: [
        {
          message: 'Trạng thái của lô không cho phép',
          extensions: {
            code: 'BATCH_STATE',
            problem: { status: 409, state: 'draft', instance: 'urn:ansinh:request:journey-1' },
          },
        },
      ],
    });
  });

  test('a token that nobody signed', async () => {
    const { body } = await gateway.ask(query, { id: batchId, first: 5 }, { authorization: 'Bearer forged' });
    expect(body).toMatchObject({
      data: { batch: null },
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});
