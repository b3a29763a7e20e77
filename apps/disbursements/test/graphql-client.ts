import { randomUUID } from 'node:crypto';
import type { BatchView } from '../src/batch/batch.dto.js';
import { CheckService } from '../src/finding/check.service.js';
import { createBatch, csvOf, type Harness, listLine, type PlayedClient } from './harness.js';

export interface Answer<Data> {
  data: Data | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; problem: { code: string; title: string; status: number; instance?: string } };
  }[];
}

export interface Edges<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** Asks the subgraph; each command gets a fresh Idempotency-Key unless one is given. */
export async function ask<Data>(
  client: PlayedClient,
  query: string,
  variables: object = {},
  key: string = randomUUID(),
): Promise<Answer<Data>> {
  const { body } = await client.post('/graphql', { query, variables }, key).expect(200);
  return body as Answer<Data>;
}

/** A checked batch of three good lines and one of an unknown bank, which is set aside. */
export async function checkedBatch(
  harness: Harness,
  client: PlayedClient,
  fundId: string,
  from: number,
): Promise<BatchView> {
  const batch = await createBatch(client, fundId);
  const lines = [0, 1, 2].map((index) => listLine(from + index));
  const flawed = listLine(from + 3, { bankBin: '000000' });
  await client
    .list(`/v1/batches/${batch.id}/payments?onBlocking=setAside`, csvOf([...lines, flawed]), 'text/csv')
    .expect(202);
  await harness.app.get(CheckService).check(batch.id);
  return batch;
}
