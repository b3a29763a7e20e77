import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { throwawayDirectory } from '@ansinh/embedded';
import { decodeCitizenNumber, isCitizenNumber, taxCodeFault } from '@ansinh/identity';
import { Sealer } from '@ansinh/sealing';
import { dataSourceOptions } from '../src/data-source.js';
import { openPerson } from '../src/person/sealed-person.js';
import { seedHouseholds, seedNumber, type SeedPerson } from '../src/seed/people.js';
import { type FiledPerson, seedPeople } from '../src/seed/seed-people.js';
import { seedProvince } from '../src/seed/seed-province.js';
import { type Harness, startHarness } from './harness.js';

const people = 3_000;
const keys = { sealing: new Map([[1, Buffer.alloc(32, 7)]]), lookup: Buffer.alloc(32, 8) };
const sealer = new Sealer(keys);

let harness: Harness;
let service: DataSource;
beforeAll(async () => {
  harness = await startHarness();
  // As the login of the service, like any other writing.
  service = await new DataSource(dataSourceOptions(harness.database.serviceUrl)).initialize();
  expect(await seedProvince(service, sealer, { people, seed: 7 })).toBe(people);
});
afterAll(async () => {
  await service.destroy();
  await harness.stop();
});

const query = async <Row>(sql: string) => (await harness.dataSource.query(sql)) as Row[];

test('there are so many people, all in one household, and nobody is entered twice', async () => {
  expect(await seedProvince(service, sealer, { people, seed: 8 })).toBe(0);
  const [counts] = await query<Record<string, number>>(
    `SELECT (SELECT count(*) FROM person)::int AS people, (SELECT count(*) FROM household_member)::int AS members,
            (SELECT count(*) FROM employer)::int AS employers, (SELECT count(*) FROM employment)::int AS employments,
            (SELECT count(*) FROM household WHERE NOT EXISTS (
               SELECT FROM household_member member WHERE member.household_id = household.id AND relation = 'head'
                 AND member.person_id = household.head_id))::int AS headless`,
  );
  expect(counts).toMatchObject({ people, members: people, employers: 75, headless: 0 });
  expect(counts!['employments']).toBeGreaterThan(people / 5);
});

test('numbers fit the people, tax codes have their check digits', async () => {
  const rows = await query<{ id: string; sealed: Buffer; birth_year: number; sex: string }>(
    'SELECT id, sealed, birth_year, sex FROM person',
  );
  for (const row of rows) {
    const { citizenNumber } = openPerson(sealer, row.id, row.sealed);
    expect(isCitizenNumber(citizenNumber!)).toBe(true);
    expect(decodeCitizenNumber(citizenNumber!, 2026)).toMatchObject({
      birthYear: row.birth_year,
      sex: row.sex,
    });
  }
  const codes = await query<{ tax_code: string }>('SELECT tax_code FROM employer');
  expect(codes.filter(({ tax_code: code }) => taxCodeFault(code) !== null)).toEqual([]);
});

test('the same seed gives the same people, another one others', () => {
  const of = (seed: number) => JSON.stringify([...seedHouseholds(500, seed)]);
  expect(of(7)).toBe(of(7));
  expect(of(7)).not.toBe(of(8));
});

test('a few have a second record, under another number, and a search for duplicates finds them', async () => {
  const firsts = new Map<string, SeedPerson>();
  const twice: SeedPerson[] = [];
  for (const { members } of seedHouseholds(20_000, 7))
    for (const person of members) {
      const key = `${person.plain} ${person.bornOn} ${person.sex}`;
      if (firsts.has(key)) twice.push(person);
      else firsts.set(key, person);
    }
  expect(twice.length).toBeGreaterThan(20);
  expect(twice.length).toBeLessThan(60);
  const [pair] = await query<{ one: string }>(
    `SELECT min(person.id::text) AS one FROM person JOIN name_form USING (name_key) GROUP BY plain, born_on, office_code HAVING count(*) = 2`,
  );
  const province = await harness.as({ sub: 'province', office: '27' });
  const { body } = await province.get(`/v1/people/${pair!.one}/duplicates`).expect(200);
  const { reasons } = (body as { items: { reasons: { code: string }[] }[] }).items[0]!;
  expect(reasons.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['SAME_NAME_BIRTH', 'OTHER_NUMBER']),
  );
});

test('numbers stay unique beyond a million people, born alike', () => {
  const count = 1_001_000;
  const seen = new Set<string>();
  for (let index = 0; index < count; index += 1) seen.add(seedNumber(index, 1985, 'male'));
  expect(seen.size).toBe(count);
});

test('an officer finds the seeded, and only his own', async () => {
  const commune = await query<{ office_code: string; people: number }>(
    'SELECT office_code, count(*)::int AS people FROM person GROUP BY office_code ORDER BY office_code LIMIT 1',
  );
  const officer = await harness.as({ sub: 'officer', office: commune[0]!.office_code });
  const { body } = await officer.get('/v1/people?limit=500').expect(200);
  expect((body as { items: object[] }).items).toHaveLength(commune[0]!.people);
});

test('people of a file are entered as it says, and told to those who follow', async () => {
  const path = join(throwawayDirectory('seed-people'), 'people.ndjson');
  const person = { name: 'Nguyễn Thị Hoà', placeCode: '09163', residentFrom: '2020-01-01' };
  const filed: FiledPerson[] = [
    { ...person, citizenNumber: seedNumber(1_500_001, 1985, 'female'), diedOn: null },
    { ...person, citizenNumber: seedNumber(1_500_002, 1985, 'female'), diedOn: '2022-01-15' },
  ];
  writeFileSync(path, filed.map((one) => `${JSON.stringify(one)}\n`).join(''));
  expect(await seedPeople(service, sealer, path)).toBe(2);
  const rows = await query<object>(
    `SELECT type, name, birth_year, sex, died_on::text, office_code, place_code, valid_from::text
     FROM event JOIN person ON person.id = event.person_id JOIN person_residence residence ON residence.person_id = person.id
     ORDER BY seq DESC LIMIT 2`,
  );
  const entered = {
    ...{ type: 'person.registered', name: 'Nguyễn Thị Hoà', birth_year: 1985, sex: 'female' },
    ...{ office_code: '09169', place_code: '09163', valid_from: '2020-01-01' },
  };
  expect(rows).toEqual([
    { ...entered, died_on: '2022-01-15' },
    { ...entered, died_on: null },
  ]);
});
