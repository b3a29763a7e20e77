import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type PlayedClient, statedPurpose, testKeyRotation } from '@ansinh/testing';
import type { ImportView } from '../src/import/import.dto.js';
import { tablesWithSeals } from '../src/sealed-tables.js';
import { png, present } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { enterPerson, newPerson } from './people.js';

/** What has to be read after the rotation as it was before. */
let personId: string;
let former: string;
let citizenNumber: string;
let dossierId: string;
let listId: string;
const picture = png();
const people = 40;

const officerOf = (harness: Harness): Promise<PlayedClient> => harness.as({ sub: 'officer', office: '256' });

/** Something sealed in every table that has seals. */
async function fill(harness: Harness): Promise<void> {
  const officer = await officerOf(harness);
  const person = newPerson();
  former = person.citizenNumber;
  ({ citizenNumber } = newPerson());
  const { body } = await officer.post('/v1/people', person).expect(201);
  personId = (body as { id: string }).id;
  const { residence: _, ...fields }: Record<string, unknown> = { ...person, citizenNumber };
  await officer.put(`/v1/people/${personId}`, fields).set('if-match', '"1"').expect(200);
  const account = { bankBin: '970405', account: '26002000', holder: 'A', validFrom: '2022-01-01' };
  await officer.post(`/v1/people/${personId}/accounts`, account).expect(201);
  dossierId = (await present(officer)).id;
  await officer.upload(`/v1/dossiers/${dossierId}/attachments`, picture, 'image/png').expect(201);
  const lines = Array.from(
    { length: people },
    () => `${newPerson().citizenNumber},Lê Thị Hoà,1985,Nữ,09169,2025-07-01`,
  );
  const list = ['Số định danh,Họ và tên,Ngày sinh,Giới tính,Mã xã,Cư trú từ ngày', ...lines].join('\n');
  listId = (
    (await officer.upload('/v1/imports?kind=people', list, 'text/csv').expect(201)).body as ImportView
  ).id;
  await officer.post(`/v1/imports/${listId}/chunks`).expect(201);
  await enterPerson(officer);
}

const service = testKeyRotation({
  app: 'registry',
  start: startHarness,
  fill,
  tables: tablesWithSeals,
  guarded: ['person_number', 'dossier_attachment'],
  environmentOf: ({ objects }: Harness) => ({ OBJECT_STORE: pathToFileURL(objects).href }),
});

describe('of the rows of people and files', () => {
  test('nothing else changes', async () => {
    const attempt = service().dataSource.query(
      'UPDATE person_number SET valid_until = NULL',
    ) as Promise<unknown>;
    await expect(attempt).rejects.toThrow(/append-only/);
  });

  test('everything is read as before', async () => {
    const reader = await officerOf(service());
    const whole = await reader.get(`/v1/people/${personId}`).set(statedPurpose).expect(200);
    for (const number of [citizenNumber, former, '26002000'])
      expect(JSON.stringify(whole.body)).toContain(number);
    const file = reader.get(`/v1/dossiers/${dossierId}/attachments/1`).set(statedPurpose);
    expect(((await file.responseType('blob').expect(200)).body as Buffer).equals(picture)).toBe(true);
    const list = await reader.get(`/v1/imports/${listId}/list`).set(statedPurpose).expect(200);
    expect(list.text.split('\n').filter((line) => line.includes('Lê Thị Hoà'))).toHaveLength(people);
  });
});
