import { describe, expect, test } from '@jest/globals';
import { buildSchema, Kind, parse } from 'graphql';
import { weigh, type Weight } from './limits.js';

const schema = buildSchema(`
  type Query { fund: Fund batches(first: Int! = 50): Batches _entities(representations: [String!]!): [Fund] }
  type Fund { id: ID batches(first: Int! = 50): Batches }
  type Batches { edges: [Edge] }
  type Edge { cursor: String node: Batch }
  type Batch { id: ID fund: Fund batches(first: Int! = 50): Batches }
`);

function weightOf(text: string, variables: Record<string, unknown> = {}): Weight {
  const { definitions } = parse(text);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)!;
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return weigh({ schema, operation, fragments, variables });
}

describe('the weight of a query', () => {
  test.each<[string, Weight, Record<string, unknown>]>([
    ['{ fund { id } }', { depth: 2, aliases: 0, cost: 2 }, {}],
    ['{ a: fund { b: id } fund { id } }', { depth: 2, aliases: 2, cost: 4 }, {}],
    ['{ batches(first: 10) { edges { cursor } } }', { depth: 3, aliases: 0, cost: 21 }, {}],
    ['{ batches { edges { cursor } } }', { depth: 3, aliases: 0, cost: 101 }, {}],
    [
      'query ($n: Int!) { batches(first: $n) { edges { cursor } } }',
      { depth: 3, aliases: 0, cost: 1001 },
      { n: 500 },
    ],
    [
      'query ($n: Int! = 7) { batches(first: $n) { edges { cursor } } }',
      { depth: 3, aliases: 0, cost: 15 },
      {},
    ],
    [
      'query ($n: Int!) { batches(first: $n) { edges { cursor } } }',
      { depth: 3, aliases: 0, cost: 1001 },
      { n: '1' },
    ],
    ['{ batches(first: -5) { edges { cursor } } }', { depth: 3, aliases: 0, cost: 3 }, {}],
    [
      'query ($r: [String!]!) { _entities(representations: $r) { id } }',
      { depth: 2, aliases: 0, cost: 4 },
      { r: ['a', 'b', 'c'] },
    ],
    [
      '{ ...F } fragment F on Query { fund { ...G } } fragment G on Fund { id }',
      { depth: 2, aliases: 0, cost: 2 },
      {},
    ],
    ['{ fund { ... on Fund { ... { a: id } } } }', { depth: 2, aliases: 1, cost: 2 }, {}],
    [
      '{ ...F } fragment F on Query { batches(first: 2) { edges { cursor } } }',
      { depth: 3, aliases: 0, cost: 5 },
      {},
    ],
    ['{ __schema { types { name } } a: __typename }', { depth: 1, aliases: 1, cost: 2 }, {}],
  ])('%s', (text, weight, variables) => {
    expect(weightOf(text, variables)).toEqual(weight);
  });

  test('pages inside pages multiply', () => {
    const inner = 'batches(first: 100) { edges { node { id } } }';
    expect(weightOf(`{ fund { batches(first: 100) { edges { node { ${inner} } } } } }`).cost).toBeGreaterThan(
      30_000,
    );
  });

  // Walked use by use this would be 2^60 steps and the test would never end.
  test('fragments that double at each step are weighed once each', () => {
    const chain = Array.from(
      { length: 60 },
      (_, nth) =>
        `fragment F${nth} on Batch { batches(first: 1) { edges { node { ...F${nth + 1} } } } fund { id } ...F${nth + 1} }`,
    );
    const text = `{ batches { edges { node { ...F0 } } } } ${chain.join(' ')} fragment F60 on Batch { id }`;
    expect(weightOf(text).cost).toBeGreaterThan(2 ** 60);
  });
});
