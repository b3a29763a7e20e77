import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import { present } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { enterEmployer, enterPerson, formHousehold, joinHousehold, newEmployer } from './people.js';
import { readList, xlsx } from './workbook.js';

let harness: Harness;
let officer: PlayedClient;
let stranger: PlayedClient;
let employerId: string;
let citizenNumber: string;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  stranger = await harness.as({ sub: 'stranger', office: '261' });
  const head = await enterPerson(officer, { name: '=Nguyễn Thị Lan' });
  ({ citizenNumber } = head);
  const child = await enterPerson(officer, { name: 'Trần Văn Con' });
  const household = await formHousehold(officer, head.id);
  await joinHousehold(officer, household, child.id).expect(201);
  const classified = { year: 2022, class: 'nearPoor', basis: 'QĐ 1' };
  await officer.post(`/v1/households/${household}/classes`, classified).expect(201);
  employerId = await enterEmployer(officer);
  const contract = { personId: head.id, contractFrom: '2022-01-01' };
  await officer.post(`/v1/employers/${employerId}/workers`, contract).expect(201);
  await present(officer, { applicant: { name: 'Nguyễn Thị Lan', personId: head.id } });
  const { taxCode } = newEmployer();
  const list = `taxCode,name,kind,placeCode\n${taxCode},A,enterprise,09169\n`;
  await officer.upload('/v1/imports?kind=employers', list, 'text/csv').expect(201);
});
afterAll(() => harness.stop());

const lists = () => ({
  '/v1/people?q=nguyen+thi+lan': ['=Nguyễn Thị Lan', `••••••••${citizenNumber.slice(-4)}`, '1985', 'Nữ'],
  '/v1/people': ['Trần Văn Con'],
  '/v1/households': ['=Nguyễn Thị Lan', '2', 'Hộ cận nghèo', '2022'],
  '/v1/households?class=nearPoor': ['=Nguyễn Thị Lan'],
  '/v1/employers': ['Công ty Đồng Tâm', 'Doanh nghiệp'],
  [`/v1/employers/${employerId}/workers`]: [
    '=Nguyễn Thị Lan',
    `••••••••${citizenNumber.slice(-4)}`,
    '2022-01-01',
  ],
  '/v1/dossiers': ['Nguyễn Thị Lan', 'Đã tiếp nhận'],
  '/v1/dossiers/workload': ['256', 'SP-MONTHLY', '', '1', '0', '0', '0'],
  '/v1/imports': ['Đơn vị sử dụng lao động', '1', 'officer'],
});

test('every list comes as a workbook too, with numbers masked, and says the same as its pages', async () => {
  for (const [path, cells] of Object.entries(lists())) {
    const [titles, ...rows] = await readList(officer, path);
    expect(titles!.every((title) => title !== '')).toBe(true);
    expect(rows).toContainEqual(expect.arrayContaining(cells));
    expect(rows.flat().join()).not.toContain(citizenNumber);
    const { body } = await officer.get(path).expect(200);
    expect(rows).toHaveLength((body as { items: object[] }).items.length);
  }
});

test('of another office nothing is in it; what is not there is not found', async () => {
  for (const path of [
    '/v1/people',
    '/v1/households',
    '/v1/employers',
    '/v1/dossiers',
    '/v1/dossiers/workload',
    '/v1/imports',
  ])
    expect(await readList(stranger, path)).toHaveLength(1);
  const { body } = await stranger
    .get(`/v1/employers/${employerId}/workers`)
    .set({ accept: xlsx, 'access-purpose': 'inspection; thanh%20tra%2012' })
    .expect(404);
  expect(body).toMatchObject({ code: 'EMPLOYER_NOT_FOUND' });
  const { items } = (await officer.get('/v1/households?class=poor').expect(200)).body as { items: object[] };
  expect(items).toEqual([]);
});

test('is for a stated purpose alone', async () => {
  for (const path of Object.keys(lists())) {
    const { body } = await officer.get(path).set('accept', xlsx).expect(400);
    expect(body).toMatchObject({ code: 'ACCESS_PURPOSE_MISSING' });
  }
});

test('of more than a page goes on to the end, and the access log says who saw which rows', async () => {
  await harness.dataSource.query(
    `INSERT INTO employer (id, tax_code, name, plain_name, kind, place_code, office_code, recorded_by)
     SELECT gen_random_uuid(), 'T' || number, 'Công ty ' || number, 'cong ty', 'enterprise', '09367', '09367', 'test'
     FROM generate_series(1, 2100) number`,
  );
  const [, ...rows] = await readList(stranger, '/v1/employers');
  expect(new Set(rows.map(([taxCode]) => taxCode)).size).toBe(2_100);
  const logged = (await harness.dataSource.query(
    `SELECT office, first_row, last_row, numbers, purpose FROM access_log
     WHERE actor_id = 'stranger' AND subject = 'employers' AND last_row > 0 ORDER BY first_row`,
  )) as object[];
  const page = { office: '261', numbers: 0, purpose: 'inspection' };
  expect(logged).toEqual([
    { ...page, first_row: 1, last_row: 1_000 },
    { ...page, first_row: 1_001, last_row: 2_000 },
    { ...page, first_row: 2_001, last_row: 2_100 },
  ]);
});
