import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';
import type { Response } from 'supertest';
import type { LookupAnswer } from '../src/lookup/lookup.dto.js';
import { type Harness, startHarness } from './harness.js';
import { enterPerson, formHousehold } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let other: PlayedClient;
const [csv, ndjson] = ['text/csv', 'application/x-ndjson'];
const residence = { placeCode: '09367', validFrom: '2022-01-01' };

beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  other = await harness.as({ sub: 'other', office: '261' });
});
afterAll(() => harness.stop());

const ask = (client: PlayedClient, list: string, { query = '', type = csv } = {}) =>
  client.upload(`/v1/people/bulk-lookups${query}`, list, type!).set(statedPurpose);

async function answersTo(client: PlayedClient, list: string, options = {}): Promise<LookupAnswer[]> {
  const { body } = await ask(client, list, options).buffer(true).parse(textOf).expect(200);
  return (body as string)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LookupAnswer);
}

/** supertest would read a stream of objects as one. */
function textOf(response: Response, done: (error: Error | null, text: string) => void): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (piece: string) => (text += piece));
  response.on('end', () => done(null, text));
}

test('each row is answered in its order: who it is, and how what was sent differs', async () => {
  const first = await enterPerson(officer, { name: 'Nguyễn Thị Hoà', bornOn: '1985-03-07' });
  const second = await enterPerson(officer, { name: 'Trần Văn Đức', oldNumber: '125000001' });
  const list = [
    'CCCD;Họ và tên;Ngày sinh',
    `${first.citizenNumber};NGUYỄN THỊ HOÀ;07/03/1985`,
    `${first.citizenNumber};Nguyễn Thị Hòa;1986`,
    `${first.citizenNumber};Nguyen Thi Hoa;1985-03-08`,
    `${first.citizenNumber};Nguyễn Thị Hoài;31/02/1985`,
    `125000001;;`,
    '027185999999;Ai Đó;1985',
    '27185999999;Ai Đó;1985',
  ].join('\r\n');
  const answers = await answersTo(officer, list);
  expect(answers.map(({ row, outcome, nameFit, birthFit }) => [row, outcome, nameFit, birthFit])).toEqual([
    [1, 'found', 'exact', 'same'],
    [2, 'found', 'marks', 'different'],
    [3, 'found', 'marks', 'different'],
    [4, 'found', 'different', 'unreadable'],
    [5, 'found', null, null],
    [6, 'notFound', null, null],
    [7, 'malformed', null, null],
  ]);
  const { personId, name, bornOn, sex, placeCode, diedOn, number } = answers[0]!;
  expect({ personId, name, bornOn, sex, placeCode, diedOn, number }).toEqual({
    personId: first.id,
    name: 'Nguyễn Thị Hoà',
    bornOn: '1985-03-07',
    sex: 'female',
    placeCode: '09169',
    diedOn: null,
    number: `••••••••${first.citizenNumber.slice(-4)}`,
  });
  expect(answers[4]!.personId).toBe(second.id);
  expect(JSON.stringify(answers)).not.toContain(first.citizenNumber);
});

test('of two who had a number, the one of whom it was recorded last, however it is asked', async () => {
  const [first, second, third] = [
    await enterPerson(officer),
    await enterPerson(officer),
    await enterPerson(officer),
  ];
  const number = '125000077';
  for (const { id } of [second, third, first]) {
    await officer.post(`/v1/people/${id}/numbers`, { number }).expect(201);
    const [answer] = await answersTo(officer, `CCCD;Họ và tên;Ngày sinh\n${number};;`);
    const { body } = await officer.post('/v1/people/lookups', { number }).expect(200);
    expect([answer!.personId, (body as { id: string }).id]).toEqual([id, id]);
  }
});

test('facts that decide money are those of the day asked for', async () => {
  const { id, citizenNumber } = await enterPerson(officer);
  const household = await formHousehold(officer, id);
  const fact = { kind: 'disabilityLevel', basis: 'GXN 1' };
  await officer
    .post(`/v1/people/${id}/facts`, { ...fact, value: 'mild', validFrom: '2023-01-01' })
    .expect(201);
  await officer
    .post(`/v1/people/${id}/facts`, { ...fact, value: 'severe', validFrom: '2024-01-01' })
    .expect(201);
  await officer.post(`/v1/people/${id}/facts`, { ...fact, value: null, validFrom: '2025-01-01' }).expect(201);
  const poverty = { class: 'poor', basis: 'QĐ 1' };
  await officer.post(`/v1/households/${household}/classes`, { ...poverty, year: 2023 }).expect(201);
  await officer
    .post(`/v1/households/${household}/classes`, { ...poverty, class: 'nearPoor', year: 2023 })
    .expect(201);
  const on = async (day: string) => {
    const options = { query: `?on=${day}`, type: ndjson };
    const [answer] = await answersTo(officer, JSON.stringify({ number: citizenNumber }), options);
    return [answer!.facts['disabilityLevel'], answer!.povertyClass];
  };
  expect(await on('2022-12-31')).toEqual([undefined, null]);
  expect(await on('2023-06-01')).toEqual(['mild', 'nearPoor']);
  expect(await on('2024-06-01')).toEqual(['severe', null]);
  expect(await on('2025-06-01')).toEqual([undefined, null]);
});

test('people of another district are not found, the province finds both', async () => {
  const mine = await enterPerson(officer);
  const theirs = await enterPerson(other, { residence, oldNumber: '125000002' });
  const list = `number\n${mine.citizenNumber}\n${theirs.citizenNumber}\n125000002\n`;
  const outcomes = async (client: PlayedClient) =>
    (await answersTo(client, list)).map(({ outcome }) => outcome);
  expect(await outcomes(officer)).toEqual(['found', 'notFound', 'notFound']);
  expect(await outcomes(other)).toEqual(['notFound', 'found', 'found']);
  expect(await outcomes(await harness.as({ sub: 'province' }))).toEqual(['found', 'found', 'found']);
});

describe('a list', () => {
  const lines = (count: number) =>
    `number\n${Array.from({ length: count }, (_, index) => `027185${String(index).padStart(6, '0')}\n`).join('')}`;

  test('comes back whole, over several looks, with one row in the access log', async () => {
    const { citizenNumber } = await enterPerson(officer);
    const answers = await answersTo(officer, `${lines(4_500)}${citizenNumber}\n`);
    expect(answers).toHaveLength(4_501);
    expect(answers.every(({ row }, index) => row === index + 1)).toBe(true);
    expect(answers.at(-1)!.outcome).toBe('found');
    const { body } = await officer.get('/v1/access-log?limit=500').expect(200);
    const { items } = body as { items: { subject: string; lastRow: number; purpose: string }[] };
    expect(items.filter(({ lastRow }) => lastRow === 4_501)).toMatchObject([
      { subject: expect.stringMatching(/^people\/lookup\//), purpose: 'inspection', numbers: 0 },
    ]);
  });

  test('may have a hundred thousand rows, and not one more', async () => {
    const before = await harness.dataSource.query('SELECT count(*) FROM access_log');
    await ask(officer, lines(100_001)).expect(413, /LOOKUP_TOO_LARGE/);
    expect(await harness.dataSource.query('SELECT count(*) FROM access_log')).toEqual(before);
  });

  test('is answered as a table too', async () => {
    const { citizenNumber } = await enterPerson(officer, { name: 'Lê Thị Mai' });
    const { text } = await ask(officer, `number,name\n${citizenNumber},Lê Thị Mái\n`)
      .set('accept', csv!)
      .expect(200);
    expect(text).toMatch(/Row,Citizen number,Outcome.*\r\n1,•{8}\d{4},Found,Lê Thị Mai,But for marks/);
  });

  test.each([
    ['without a purpose', 'number\n027185999999\n', csv, {}, 400, /ACCESS_PURPOSE_MISSING/],
    ['without the column', 'name\nA\n', csv, statedPurpose, 422, /MISSING_COLUMN/],
    ['of no rows', 'number\n', csv, statedPurpose, 422, /EMPTY_LIST/],
    ['of another kind', '<a/>', 'application/json', statedPurpose, 415, /UNSUPPORTED_MEDIA_TYPE/],
  ])('%s is refused before anything leaves', async (_, list, type, headers, status, code) => {
    const body = type === 'application/json' ? '{}' : list;
    await officer.upload('/v1/people/bulk-lookups', body, type!).set(headers).expect(status, code);
  });

  test('leaves nothing on the disk', () => {
    const mine = readdirSync(tmpdir()).filter(
      (name) => name.startsWith('ansinh-upload-') && name.includes(`-${process.pid}-`),
    );
    expect(mine).toEqual([]);
  });
});
