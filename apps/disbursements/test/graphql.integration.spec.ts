import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { requiredPermission } from '@ansinh/auth';
import { Sealer } from '@ansinh/sealing';
import type { BatchView } from '../src/batch/batch.dto.js';
import { resolvers } from '../src/graphql/resolvers.js';
import { accountOf, bookedMessage, debitsOf, noticeOf, statementOf } from './bank-papers.js';
import { FakeBank } from './fake-bank.js';
import { type Answer, ask, checkedBatch, type Edges } from './graphql-client.js';
import {
  approvedBatch,
  endToEndIdOf,
  type Harness,
  maker,
  newLines,
  openFund,
  operator,
  type Player,
  sentBatch,
  startHarness,
} from './harness.js';

const district256: Player = { sub: 'district256', office: '256' };
const district261: Player = { sub: 'district261', office: '261' };

let harness: Harness;
let fundId: string;
const provinceBatches: BatchView[] = [];
let districtBatch: BatchView;

beforeAll(async () => {
  harness = await startHarness({ channel: new FakeBank() });
  fundId = await openFund(harness);
  const client = await harness.as(maker);
  for (const from of [100, 200, 300]) provinceBatches.push(await checkedBatch(harness, client, fundId, from));
  const districtFund = await openFund(harness, { office: '256' });
  districtBatch = await checkedBatch(harness, await harness.as(district256), districtFund, 400);
});
afterAll(() => harness.stop());

describe('an office sees what is its own', () => {
  const query = `query ($id: ID!) { batch(id: $id) { id fund { id } } batches { edges { node { id } } } }`;
  type Seen = { batch: { id: string } | null; batches: Edges<{ id: string }> };

  test('a district officer sees the own batch, and the province sees it too', async () => {
    for (const player of [district256, maker]) {
      const { data } = await ask<Seen>(await harness.as(player), query, { id: districtBatch.id });
      expect(data?.batch?.id).toBe(districtBatch.id);
      expect(data?.batches.edges.map(({ node }) => node.id)).toContain(districtBatch.id);
    }
  });

  test('another district finds neither the batch nor its children, by no door', async () => {
    const client = await harness.as(district261);
    const { data, errors } = await ask<Seen>(client, query, { id: districtBatch.id });
    expect(data).toEqual({ batch: null, batches: { edges: [] } });
    expect(errors).toMatchObject([
      { path: ['batch'], extensions: { code: 'BATCH_NOT_FOUND', problem: { status: 404 } } },
    ]);
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Batch { id } ... on Fund { id } } }`;
    const of = [
      { __typename: 'Batch', id: districtBatch.id },
      { __typename: 'Fund', id: fundId },
      { __typename: 'Batch', id: 'not-an-id' },
    ];
    expect((await ask(client, entities, { of })).data).toEqual({ _entities: [null, null, null] });
    expect((await ask(await harness.as(maker), entities, { of })).data).toEqual({
      _entities: [{ id: districtBatch.id }, { id: fundId }, null],
    });
    const exceptions = await ask(client, '{ exceptions { edges { node { id } } } }');
    expect(exceptions.data).toEqual({ exceptions: { edges: [] } });
  });

  test('a field that the caller may not read is null, and says why', async () => {
    const client = await harness.as({ sub: 'reader', permissions: ['batch:read'] });
    const { data, errors } = await ask(
      client,
      'query ($id: ID!) { batch(id: $id) { code fund { id } payments { edges { cursor } } } }',
      {
        id: provinceBatches[0]!.id,
      },
    );
    expect(data).toEqual({ batch: { code: provinceBatches[0]!.code, fund: null, payments: null } });
    expect(errors?.map(({ extensions, path }) => [extensions.code, path?.at(-1)])).toEqual([
      ['FORBIDDEN', 'fund'],
      ['FORBIDDEN', 'payments'],
    ]);
  });

  test('every resolver declares its permission', () => {
    const bare = resolvers.flatMap(({ name, prototype }) =>
      Object.getOwnPropertyNames(prototype)
        .filter((method) => method !== 'constructor')
        .filter(
          (method) => !Reflect.hasMetadata(requiredPermission, Reflect.get(prototype, method) as object),
        )
        .map((method) => `${name}.${method}`),
    );
    expect(bare).toEqual([]);
  });
});

describe('connections', () => {
  const query = `query ($first: Int!, $after: String) {
    batches(first: $first, after: $after, state: CHECKED) {
      edges { cursor node { code findingCounts { code block } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;

  type CheckedPage = { batches: Edges<{ code: string }> };

  test('pages follow each other without gap or overlap', async () => {
    const client = await harness.as(maker);
    const codes: string[] = [];
    let after: string | null = null;
    do {
      const answer: Answer<CheckedPage> = await ask(client, query, { first: 3, after });
      const { edges, pageInfo } = answer.data!.batches;
      codes.push(...edges.map(({ node }) => node.code));
      expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(codes).toEqual([...provinceBatches, districtBatch].map(({ code }) => code).reverse());
  });

  test('an edge in the middle of a page is a cursor too', async () => {
    const nested = `query ($id: ID!, $after: String) {
      batch(id: $id) { findings(first: 10) { edges { cursor node { row code severity message { en } } } }
                       payments(first: 10, after: $after) { edges { cursor node { row amount state } } } }
    }`;
    const { data } = await ask<{ batch: { findings: Edges<{ row: number }> } }>(
      await harness.as(maker),
      nested,
      {
        id: provinceBatches[0]!.id,
      },
    );
    expect(data?.batch.findings.edges).toMatchObject([
      { node: { row: 4, code: 'UNKNOWN_BANK', severity: 'BLOCK' } },
    ]);
    const rest = `query ($id: ID!, $after: String) { batch(id: $id) { findings(after: $after) { edges { cursor } } } }`;
    const after = data!.batch.findings.edges[0]!.cursor;
    const next = await ask(await harness.as(maker), rest, { id: provinceBatches[0]!.id, after });
    expect(next.data).toEqual({ batch: { findings: { edges: [] } } });
  });

  test.each([
    ['first: 0', 'INVALID_REQUEST'],
    ['first: 501', 'INVALID_REQUEST'],
    ['after: "nonsense"', 'INVALID_REQUEST'],
  ])('%s is refused', async (args, code) => {
    const { errors } = await ask(await harness.as(maker), `{ funds(${args}) { edges { cursor } } }`);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});

describe('queries do not grow with the answer', () => {
  const query = `query ($first: Int!) {
    batches(first: $first) { edges { node {
      id fund { code balance { available } batches(first: 2) { edges { node { id } } } }
      findings(first: 5) { edges { node { row } } }
      payments(first: 5) { edges { node { endToEndId } } }
      exceptions(first: 5) { edges { node { id batch { code } } } }
    } } }
  }`;

  async function countQueries(first: number): Promise<number> {
    const runner = harness.dataSource.createQueryRunner();
    const spy = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
    try {
      const { data, errors } = await ask<{ batches: Edges<unknown> }>(await harness.as(maker), query, {
        first,
      });
      expect(errors).toBeUndefined();
      expect(data?.batches.edges).toHaveLength(first);
      // Each look has a transaction and a scope around it.
      return spy.mock.calls.filter(([sql]) => !/^(START|SET LOCAL|COMMIT)/.test(sql)).length;
    } finally {
      spy.mockRestore();
      await runner.release();
    }
  }

  test('four batches cost as many queries as one', async () => {
    const one = await countQueries(1);
    expect(await countQueries(4)).toBe(one);
    expect(one).toBeLessThanOrEqual(20);
  });
});

describe('exceptions', () => {
  const page = 'edges { node { id batch { code } } } pageInfo { hasNextPage endCursor }';
  type ExceptionPage = { exceptions: Edges<{ id: string; batch: { code: string } }> };

  /** Made within one millisecond: no cursor may lose or repeat one of them. */
  beforeAll(async () => {
    await harness.dataSource.query(
      `WITH told AS (INSERT INTO statement (id, fund_id, kind, document_id, digest, imported_by)
                     VALUES (gen_random_uuid(), $1, 'camt.054', 'planted', '', '') RETURNING id)
       INSERT INTO payment_exception
         (id, fund_id, code, batch_number, end_to_end_id, direction, observed_amount, reference, statement_id, at)
       SELECT gen_random_uuid(), $1, 'PAID_TWICE', batch.number, '', 'debit', 1, nth::text, told.id,
              '2022-03-31 08:00:00.0001Z'::timestamptz + nth * interval '100 microseconds'
       FROM told, generate_series(1, 5) nth, batch WHERE batch.id = $2`,
      [fundId, provinceBatches[2]!.id],
    );
  });

  test.each([
    [
      'of a batch',
      'query ($id: ID!, $after: String) { batch(id: $id) { exceptions(first: 2, after: $after) { PAGE } } }',
    ],
    [
      'of all batches',
      'query ($id: ID!, $after: String) { exceptions(first: 2, after: $after, batchId: $id, status: OPEN) { PAGE } }',
    ],
  ])('%s, page by page, each once', async (_, query) => {
    const client = await harness.as(maker);
    const { id, code } = provinceBatches[2]!;
    const ids: string[] = [];
    for (let after: string | null = null, pages = 0; pages < 3; pages += 1) {
      const answer: Answer<ExceptionPage & { batch?: ExceptionPage }> = await ask(
        client,
        query.replace('PAGE', page),
        { id, after },
      );
      const { edges, pageInfo } = (answer.data!.batch ?? answer.data!).exceptions;
      expect(edges.every(({ node }) => node.batch.code === code)).toBe(true);
      ids.push(...edges.map((edge) => edge.node.id));
      expect(pageInfo.hasNextPage).toBe(pages < 2);
      after = pageInfo.endCursor;
    }
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
  });
});

describe('people of the registry', () => {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person {
    payments(first: 2) { edges { node { batchCode payeeId amount } } pageInfo { hasNextPage } } } } }`;
  type People = { _entities: { payments: Edges<{ batchCode: string; payeeId: string }> }[] };

  /** Looks that many people's payments cost. */
  async function look(
    keys: string[],
    office?: string,
  ): Promise<{ people: People['_entities']; looks: number }> {
    const client = await harness.as({ ...maker, ...(office && { office }) });
    const runner = harness.dataSource.createQueryRunner();
    const spy = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
    try {
      const of = keys.map((numberKey) => ({ __typename: 'Person', numberKey }));
      const { data, errors } = await ask<People>(client, query, { of });
      expect(errors).toBeUndefined();
      const looks = spy.mock.calls.filter(([sql]) => !/^(START|SET LOCAL|COMMIT)/.test(sql)).length;
      return { people: data!._entities, looks };
    } finally {
      spy.mockRestore();
      await runner.release();
    }
  }

  test('have their payments by the keys of their numbers, many at the cost of one, and none of another office', async () => {
    const lines = newLines(6);
    const batch = await approvedBatch(harness, lines);
    const keys = lines.map((line) => harness.app.get(Sealer).lookupKey('payee', line.split(',')[0]!));
    const one = await look(keys.slice(0, 1));
    const all = await look(keys);
    expect(all.looks).toBe(one.looks);
    expect(all.people).toHaveLength(6);
    for (const { payments } of all.people) {
      expect(payments.edges).toMatchObject([{ node: { batchCode: batch.code, payeeId: '••••••••••••' } }]);
    }
    const foreign = await look(keys, '261');
    expect(foreign.people.map(({ payments }) => payments.edges)).toEqual(keys.map(() => []));
  });
});

describe('what a bank has booked', () => {
  const query = `query ($endToEndId: String!) { statementEntries(endToEndId: $endToEndId) {
    kind reference direction amount messageId payments payment { endToEndId state paidAmount } } }`;
  type Entries = { statementEntries: { kind: string; reference: string }[] };
  let batch: BatchView;

  beforeAll(async () => {
    const lines = newLines(3);
    batch = await sentBatch(harness, lines, { fundId });
    const client = await harness.as(operator);
    const account = await accountOf(harness, fundId);
    const movements = debitsOf(batch, lines);
    await client.statement(await noticeOf({ account }, movements)).expect(200);
    const booked = bookedMessage(`${batch.code}-C00001`, movements, 'BOOKED-7');
    await client.statement(await statementOf({ account }, [booked])).expect(200);
  });

  test('leads to its payment: the movement of its own, and the sum of its message', async () => {
    const endToEndId = endToEndIdOf(batch, 2);
    const { data, errors } = await ask<Entries>(await harness.as(maker), query, { endToEndId });
    expect(errors).toBeUndefined();
    const payment = { endToEndId, state: 'PAID', paidAmount: expect.stringMatching(/^[1-9]\d*$/) };
    expect(data!.statementEntries).toMatchObject([
      { kind: 'camt.054', direction: 'DEBIT', messageId: null, payments: null, payment },
      { kind: 'camt.053', reference: 'BOOKED-7', amount: batch.amount, payments: 3, payment },
    ]);
    expect(data!.statementEntries[1]).toMatchObject({ messageId: `${batch.code}-C00001` });
  });

  test('is not seen by another office, and what no payment bears is found nowhere', async () => {
    const foreign = await ask<Entries>(await harness.as(district261), query, {
      endToEndId: endToEndIdOf(batch, 2),
    });
    expect(foreign.data).toEqual({ statementEntries: [] });
    const unknown = await ask<Entries>(await harness.as(maker), query, {
      endToEndId: endToEndIdOf(batch, 9),
    });
    expect(unknown.data).toEqual({ statementEntries: [] });
    const malformed = await ask<Entries>(await harness.as(maker), query, { endToEndId: 'BOOKED-7' });
    expect(malformed.errors).toHaveLength(1);
  });

  test('is asked for all payments of a page at once', async () => {
    const ofBatch = `query ($id: ID!, $first: Int!) { batch(id: $id) { payments(first: $first) { edges { node {
      endToEndId statementEntries { reference } } } } } }`;
    const look = async (first: number) => {
      const runner = harness.dataSource.createQueryRunner();
      const spy = jest.spyOn(Object.getPrototypeOf(runner) as typeof runner, 'query');
      try {
        const answer = await ask<{ batch: { payments: Edges<{ statementEntries: object[] }> } }>(
          await harness.as(maker),
          ofBatch,
          { id: batch.id, first },
        );
        const entries = answer.data!.batch.payments.edges.map(({ node }) => node.statementEntries.length);
        return { entries, looks: spy.mock.calls.length };
      } finally {
        spy.mockRestore();
        await runner.release();
      }
    };
    const one = await look(1);
    const all = await look(3);
    expect(one.entries).toEqual([2]);
    expect(all.entries).toEqual([2, 2, 2]);
    expect(all.looks).toBe(one.looks);
  });
});
