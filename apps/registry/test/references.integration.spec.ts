import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { type Harness, startHarness } from './harness.js';
import { enterPerson } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let id: string;

beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  ({ id } = await enterPerson(officer));
});
afterAll(() => harness.stop());

const asSystem = (sql: string, parameters: unknown[]) =>
  harness.dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL ROLE ansinh_system');
    await tx.query(sql, parameters);
  });

const stranger = randomUUID();
const person = `INSERT INTO person (id, sealed, name, name_key, birth_year, sex, office_code, recorded_by)
  SELECT $1, sealed, name, 'NOBODY', birth_year, sex, office_code, 'x' FROM person LIMIT 1`;
const absorbed = `INSERT INTO person (id, sealed, name, name_key, birth_year, sex, office_code, recorded_by, survivor_id)
  SELECT gen_random_uuid(), sealed, name, name_key, birth_year, sex, office_code, 'x', $1 FROM person LIMIT 1`;
const residence = `INSERT INTO person_residence (person_id, place_code, valid_from, recorded_by)
  SELECT * FROM (VALUES ((SELECT id FROM person LIMIT 1), '09169', date '2022-01-01', 'x'), ($1, '09169', '2022-01-01', 'x')) rows`;
const eventOf = (column: string) =>
  `INSERT INTO event (seq, type, ${column}) VALUES (999, 'person.died', $1)`;

test.each([
  ['a person of a name that is not there', person],
  ['a residence of nobody, among others', residence],
  ['an event of nobody', eventOf('person_id')],
  ['an event of no employer', eventOf('employer_id')],
  ['an event of no dossier', eventOf('dossier_id')],
  ['a person for whom nobody stands', absorbed],
  ['to be absorbed by nobody', `UPDATE person SET survivor_id = $1 WHERE id <> $1`],
  ['another name that is not there', `UPDATE person SET name_key = 'NOBODY' WHERE id <> $1`],
])('%s is refused', async (_, sql) => {
  await expect(asSystem(sql, [stranger])).rejects.toThrow(/refers to no row of/);
});

test.each([
  ['DELETE FROM person WHERE id = $1', 'person'],
  ['UPDATE person SET id = gen_random_uuid() WHERE id = $1', 'person'],
  ['DELETE FROM employer WHERE id = $1', 'employer'],
  ['DELETE FROM registry_import WHERE id = $1', 'registry_import'],
])('what others refer to stays: %s', async (sql, table) => {
  await expect(asSystem(sql, [id])).rejects.toThrow(`${table} is append-only`);
});

test('a name stays, for the owner too', async () => {
  await expect(harness.dataSource.query('DELETE FROM name_form')).rejects.toThrow('name_form is append-only');
});
