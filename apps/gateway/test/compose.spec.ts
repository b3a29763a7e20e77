import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { compose } from '../src/compose.js';
import { subgraphs, supergraphFile } from '../src/subgraphs.js';

const header = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

const payments = `${header}
  input PayeeInput { citizenNumber: String! name: String }
  type Query { payments(of: PayeeInput): [Payment] }
  type Payment @key(fields: "id") { id: ID! amount: String }`;

describe('composition', () => {
  test('the committed supergraph is that of the committed subgraphs', async () => {
    const texts = subgraphs.map(async ({ name, schema }) => ({ name, sdl: await readFile(schema, 'utf8') }));
    expect(`${compose(await Promise.all(texts)).trimEnd()}\n`).toBe(await readFile(supergraphFile, 'utf8'));
  });

  test('a hint fails it: an input field that only one subgraph has would be lost', () => {
    const people = `${header}
      input PayeeInput { citizenNumber: String! }
      type Query { people(of: PayeeInput): [String] }`;
    expect(() =>
      compose([
        { name: 'payments', sdl: payments },
        { name: 'people', sdl: people },
      ]),
    ).toThrow(/INCONSISTENT_INPUT_OBJECT_FIELD[^]*name/);
  });

  test('an error fails it: one field that two subgraphs resolve', () => {
    const other = `${header}
      type Query { one: Payment }
      type Payment @key(fields: "id") { id: ID! amount: String }`;
    expect(() =>
      compose([
        { name: 'payments', sdl: payments },
        { name: 'other', sdl: other },
      ]),
    ).toThrow(/Payment\.amount/);
  });
});
