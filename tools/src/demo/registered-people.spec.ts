import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { throwawayDirectory } from '@ansinh/embedded';
import { searchForm } from '@ansinh/identity';
import { generateRows, type SampleRow } from '@ansinh/samples';
import { type RegisteredPeople, writeRegisteredPeople } from './registered-people.js';

interface Person {
  citizenNumber: string;
  name: string;
  placeCode: string;
  diedOn: string | null;
}

const options = { rows: 5_000, seed: 3 };
const folder = throwawayDirectory('registered-people');

let counts: RegisteredPeople;
let people: Person[];
let rows: Map<string, SampleRow>;
beforeAll(async () => {
  const path = join(folder, 'people.ndjson');
  counts = await writeRegisteredPeople(path, options);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  people = lines.map((line) => JSON.parse(line) as Person);
  const flawless = [...generateRows(options)].filter(({ flaw }) => flaw === null);
  rows = new Map(flawless.map((row) => [row.payeeId, row]));
});

test('everybody of the list is there once', () => {
  expect(people).toHaveLength(counts.people);
  expect(new Set(people.map(({ citizenNumber }) => citizenNumber))).toEqual(new Set(rows.keys()));
});

test('so many are as the list has not got them as is said', () => {
  const rowOf = ({ citizenNumber }: Person) => rows.get(citizenNumber)!;
  expect(people.filter(({ diedOn }) => diedOn !== null)).toHaveLength(counts.dead);
  expect(people.filter((person) => person.placeCode !== rowOf(person).placeCode)).toHaveLength(counts.moved);
  const renamed = people.filter(({ name, ...of }) => name !== rowOf({ name, ...of }).payeeName);
  expect(renamed).toHaveLength(counts.renamed);
  for (const person of renamed) expect(searchForm(person.name)).not.toBe(searchForm(rowOf(person).payeeName));
  for (const count of [counts.dead, counts.moved, counts.renamed]) expect(count).toBeGreaterThan(0);
});

test('the same seed knows the same', async () => {
  const again = join(folder, 'again.ndjson');
  await writeRegisteredPeople(again, options);
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(join(folder, 'people.ndjson'), 'utf8'));
});
