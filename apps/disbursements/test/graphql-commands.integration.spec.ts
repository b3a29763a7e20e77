import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { BatchView } from '../src/batch/batch.dto.js';
import { type Answer, ask, checkedBatch } from './graphql-client.js';
import { firstChecker, type Harness, listLine, maker, openFund, startHarness } from './harness.js';

let harness: Harness;
let fundId: string;
const batches: BatchView[] = [];

beforeAll(async () => {
  harness = await startHarness();
  fundId = await openFund(harness);
  const client = await harness.as(maker);
  for (const from of [100, 200]) batches.push(await checkedBatch(harness, client, fundId, from));
});
afterAll(() => harness.stop());

describe('commands', () => {
  const submit = 'mutation ($id: ID!) { submitBatch(id: $id) { id state digest requiredApprovals } }';
  const approve = `mutation ($id: ID!, $digest: String!) {
    approveBatch(id: $id, digest: $digest) { state totals { approved { count amount } } payments { edges { node { state amount } } } }
  }`;

  test('submit and approve: the same key gives the same answer, another request under it is refused', async () => {
    const client = await harness.as(maker);
    const { id } = batches[0]!;
    const key = randomUUID();
    const first = await ask<{ submitBatch: { digest: string } }>(client, submit, { id }, key);
    expect(first.data).toMatchObject({ submitBatch: { id, state: 'SUBMITTED', requiredApprovals: 1 } });
    expect(await ask(client, submit, { id }, key)).toEqual(first);
    const other = await ask(client, submit, { id: batches[1]!.id }, key);
    expect(other.errors).toMatchObject([
      { extensions: { code: 'IDEMPOTENCY_KEY_REUSED', problem: { status: 422 } } },
    ]);
    const again = await ask(client, submit, { id });
    expect(again.errors).toMatchObject([{ extensions: { code: 'BATCH_STATE' } }]);

    const checker = await harness.as(firstChecker);
    const digest = first.data!.submitBatch.digest;
    const wrong = await ask(checker, approve, { id, digest: '0'.repeat(64) });
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'DIGEST_MISMATCH' } }]);
    const own = await ask(client, approve, { id, digest });
    expect(own.errors).toMatchObject([{ extensions: { code: 'MAKER_IS_NOT_CHECKER' } }]);
    const approved = await ask(checker, approve, { id, digest });
    expect(approved.data).toEqual({
      approveBatch: {
        state: 'APPROVED',
        totals: { approved: { count: 3, amount: '3000303' } },
        payments: {
          edges: ['1000100', '1000101', '1000102'].map((amount) => ({ node: { state: 'AWAITING', amount } })),
        },
      },
    });
    const outOfState = await ask(checker, 'mutation ($id: ID!) { pauseBatch(id: $id) { state } }', { id });
    expect(outOfState.errors).toMatchObject([{ extensions: { code: 'BATCH_STATE' } }]);
  });

  test('a command without a key is refused, and so are two commands in one request', async () => {
    const client = await harness.as(maker);
    const { id } = batches[1]!;
    const bare = await client
      .post('/graphql', { query: submit, variables: { id } })
      .unset('idempotency-key')
      .expect(200);
    expect(bare.body).toMatchObject({ errors: [{ extensions: { code: 'IDEMPOTENCY_KEY_MISSING' } }] });
    const two = 'mutation ($id: ID!) { a: submitBatch(id: $id) { id } b: submitBatch(id: $id) { id } }';
    const { body } = await client.post('/graphql', { query: two, variables: { id } }).expect(400);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'ONE_COMMAND_A_REQUEST' } }] });
    expect((await client.get(`/v1/batches/${id}`)).body).toMatchObject({ state: 'checked' });
  });

  test('one person’s payments over all programmes', async () => {
    const query = `query ($payeeId: String!) { payments(payeeId: $payeeId) {
      edges { cursor node { endToEndId payeeId amount batch { code fund { id } } } } } }`;
    const payeeId = listLine(100).split(',')[0];
    const { data } = await ask(await harness.as(maker), query, { payeeId });
    expect(data).toMatchObject({
      payments: {
        edges: [{ node: { amount: '1000100', batch: { code: batches[0]!.code, fund: { id: fundId } } } }],
      },
    });
    expect(JSON.stringify(data)).not.toContain(payeeId);
  });

  test('the balance of a fund follows, and its past stays', async () => {
    const query = `query ($id: ID!, $at: Instant) { fund(id: $id) { now: balance { reserved } then: balance(at: $at) { allotted reserved } } }`;
    const { data } = await ask(await harness.as(maker), query, {
      id: fundId,
      at: '2020-01-01T00:00:00+07:00',
    });
    expect(data).toEqual({ fund: { now: { reserved: '3000303' }, then: { allotted: '0', reserved: '0' } } });
  });
});

describe('errors', () => {
  test('are problems in the caller’s language, with the request id', async () => {
    const client = await harness.as(maker);
    const answer = await client
      .post('/graphql', { query: '{ batch(id: "00000000-0000-4000-8000-000000000000") { id } }' })
      .set('accept-language', 'vi')
      .set('x-request-id', 'abc-1')
      .expect(200);
    expect((answer.body as Answer<unknown>).errors).toEqual([
      {
        message: 'Không tìm thấy lô chi trả',
        locations: [{ line: 1, column: 3 }],
        path: ['batch'],
        extensions: {
          code: 'BATCH_NOT_FOUND',
          problem: {
            type: 'urn:ansinh:problem:batch-not-found',
            code: 'BATCH_NOT_FOUND',
            title: 'Không tìm thấy lô chi trả',
            status: 404,
            instance: 'urn:ansinh:request:abc-1',
          },
        },
      },
    ]);
  });

  test('a mistyped name gets no near one', async () => {
    const client = await harness.as(maker);
    const field = await client.post('/graphql', { query: '{ batchs { edges { cursor } } }' }).expect(400);
    const word = await client
      .post('/graphql', {
        query: 'query ($s: BatchState) { batches(state: $s) { edges { cursor } } }',
        variables: { s: 'DRAF' },
      })
      .expect(400);
    for (const { text } of [field, word]) {
      expect(text).toContain('INVALID_REQUEST');
      expect(text).not.toMatch(/Did you mean|batches|DRAFT/);
    }
  });

  test('what breaks inside says nothing of itself', async () => {
    const runner = harness.dataSource.createQueryRunner();
    const spy = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
    spy.mockRejectedValue(new Error('relation "secret" does not exist'));
    const { errors } = await ask(await harness.as(maker), '{ exceptions { edges { cursor } } }').finally(() =>
      spy.mockRestore(),
    );
    await runner.release();
    expect(errors).toMatchObject([
      { message: 'Unexpected error', extensions: { code: 'UNEXPECTED', problem: { status: 500 } } },
    ]);
    expect(JSON.stringify(errors)).not.toContain('secret');
  });

  test('without a token nothing is answered, not even what the schema is', async () => {
    const client = await harness.as(maker);
    for (const query of ['{ funds { edges { cursor } } }', '{ _service { sdl } }', '{']) {
      const { body } = await client.post('/graphql', { query }).unset('authorization').expect(401);
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  test('in production the schema is not told, by neither door', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    const production = await startHarness();
    process.env['NODE_ENV'] = before;
    const client = await production.as(maker);
    for (const query of ['{ _service { sdl } }', '{ __schema { types { name } } }']) {
      await client.post('/graphql', { query }).expect(400);
      await (await harness.as(maker)).post('/graphql', { query }).expect(200);
    }
    await client.post('/graphql', { query: '{ funds { edges { cursor } } }' }).expect(200);
    await production.stop();
  });
});
