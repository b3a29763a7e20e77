import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { register } from 'prom-client';
import { DataSource } from 'typeorm';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';
import type { ImportView } from '../src/import/import.dto.js';
import { rowsPerChunk } from '../src/import/import-chunks.sql.js';
import { ImportSweepService } from '../src/import/import-sweep.service.js';
import { type Harness, startHarness } from './harness.js';
import { merging } from './merging.js';
import {
  enterEmployer,
  enterPerson,
  formHousehold,
  joinHousehold,
  newEmployer,
  newPerson,
} from './people.js';

let harness: Harness;
let officer: PlayedClient;
let other: PlayedClient;

beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  other = await harness.as({ sub: 'other', office: '261' });
});
afterAll(() => harness.stop());

const csv = 'text/csv';
const numberOf = () => newPerson().citizenNumber;

async function check(kind: string, lines: string[], client = officer): Promise<ImportView> {
  const { body } = await client.upload(`/v1/imports?kind=${kind}`, lines.join('\n'), csv).expect(201);
  return body as ImportView;
}

const chunk = (id: string, key?: string) => officer.post(`/v1/imports/${id}/chunks`, {}, key);

async function apply(view: ImportView): Promise<ImportView> {
  let last = view;
  while (last.applied < last.rows) last = (await chunk(view.id).expect(201)).body as ImportView;
  return last;
}

/** What was found, by row. */
async function findingsOf(id: string): Promise<[number, string, string][]> {
  const rows = (await harness.dataSource.query(
    'SELECT row_no, code, column_name FROM import_finding WHERE import_id = $1 ORDER BY row_no, code, column_name',
    [id],
  )) as { row_no: number; code: string; column_name: string }[];
  return rows.map((row) => [row.row_no, row.code, row.column_name]);
}

async function countOf(table: string): Promise<number> {
  const rows = (await harness.dataSource.query(`SELECT count(*)::int AS count FROM ${table}`)) as [
    { count: number },
  ];
  return rows[0].count;
}

const header = 'Số định danh,Họ và tên,Ngày sinh,Giới tính,Mã xã,Cư trú từ ngày,Điện thoại';
const woman = (number: string, over = '') =>
  `${number},Nguyễn Thị Hoà,07/03/1985,Nữ,09169,2025-07-01,${over}`;
const womenOf = (place: string, count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `${place}${85_000_000 + index},Lê Thị ${String.fromCharCode(65 + (index % 26))},1985,Nữ,09169,2025-07-01,`,
  );

describe('people', () => {
  test('are checked row by row, and nothing is entered by that', async () => {
    const [known, fresh] = [await enterPerson(officer), numberOf()];
    const elsewhere = await enterPerson(other, {
      residence: { placeCode: '09367', validFrom: '2022-01-01' },
    });
    const before = await countOf('person');
    const eventsBefore = await countOf('event');
    const view = await check('people', [
      header,
      woman(fresh, '0912000000'),
      woman(fresh),
      woman(known.citizenNumber),
      woman(elsewhere.citizenNumber),
      `${numberOf()},Trần Văn Đức,1990,Nam,09169,,`,
      `12345,Trần Văn Đức,30/02/1990,X,99999,,12`,
      `,Bé Chưa Có Số,2024-05-01,Nam,09367,,`,
      `,,2024-05-01,Nam,09169,,`,
      'một ô',
    ]);
    expect(await findingsOf(view.id)).toEqual([
      [2, 'REPEATED', ''],
      [3, 'EXISTS_ALREADY', ''],
      [4, 'EXISTS_ALREADY', ''],
      [5, 'NUMBER_CONTRADICTS', 'citizenNumber'],
      [6, 'UNKNOWN_COMMUNE', 'placeCode'],
      [6, 'WRONG_CELL', 'birth'],
      [6, 'WRONG_CELL', 'citizenNumber'],
      [6, 'WRONG_CELL', 'phone'],
      [6, 'WRONG_CHOICE', 'sex'],
      [7, 'COMMUNE_OF_ANOTHER_OFFICE', 'placeCode'],
      [8, 'MISSING_CELL', 'name'],
      [9, 'UNREADABLE_ROW', ''],
    ]);
    expect(view).toMatchObject({ rows: 9, blocked: 7, warned: 1, applied: 0, entered: 0 });
    expect(await countOf('person')).toBe(before);

    expect(await apply(view)).toMatchObject({ applied: 9, entered: 2 });
    expect(await countOf('person')).toBe(before + 2);
    // Whoever follows the registry hears of them.
    expect(await countOf('event')).toBe(eventsBefore + 2);
    const { body } = await officer.post('/v1/people/lookups', { number: fresh }).expect(200);
    const person = await officer.get(`/v1/people/${(body as { id: string }).id}`).set(statedPurpose);
    expect(person.body).toMatchObject({
      name: 'Nguyễn Thị Hoà',
      citizenNumber: fresh,
      phone: '0912000000',
      bornOn: '1985-03-07',
      sex: 'female',
      placeCode: '09169',
      residences: [{ placeCode: '09169', validFrom: '2025-07-01' }],
    });
    const found = await officer.get('/v1/people?q=hoa+nguyen+thi&limit=500').expect(200);
    expect(JSON.stringify(found.body)).toContain((body as { id: string }).id);
    await chunk(view.id).expect(409, /IMPORT_DONE/);
  });

  test('do not live anywhere from a day to come', async () => {
    const today = todayInVietnam();
    const from = (day: string) => woman(numberOf()).replace('2025-07-01', day);
    const view = await check('people', [header, from(today), from(addDays(today, 1))]);
    expect(await findingsOf(view.id)).toEqual([[2, 'DAY_TO_COME', 'residentFrom']]);
    const list = await officer.get(`/v1/imports/${view.id}/list?rows=flawed`).expect(200);
    expect(list.text).toContain('is still to come.');
    expect(await apply(view)).toMatchObject({ applied: 2, entered: 1 });
  });

  test('whom somebody enters between the check and the chunk is left out, with a remark', async () => {
    const person = newPerson();
    const view = await check('people', [
      header,
      woman(numberOf()),
      woman(person.citizenNumber),
      woman(numberOf()),
    ]);
    await officer.post('/v1/people', person).expect(201);
    expect(await apply(view)).toMatchObject({ applied: 3, entered: 2 });
    expect(await findingsOf(view.id)).toEqual([[2, 'EXISTS_ALREADY', '']]);
    // The others are there once each, with where they live and who is told of them.
    const others = await harness.dataSource.query(
      `SELECT row_no, (SELECT count(*)::int FROM person_residence WHERE person_id = person.id) AS residences,
         (SELECT array_agg(type) FROM event WHERE person_id = person.id) AS events
       FROM import_row JOIN person ON person.id = record_id WHERE import_id = $1 ORDER BY row_no`,
      [view.id],
    );
    expect(others).toEqual([
      { row_no: 1, residences: 1, events: ['person.registered'] },
      { row_no: 3, residences: 1, events: ['person.registered'] },
    ]);
  });

  test('whom two lists bring at a time enters by the one that was first', async () => {
    const [shared, own] = [numberOf(), numberOf()];
    const first = await check('people', [header, woman(shared)]);
    const second = await check('people', [header, woman(own), woman(shared)]);
    // The first one has written its people, and is held up at the head of the events; the second one waits for it.
    const release = await holdEvents();
    const entering = chunk(first.id).then(({ body }) => body as ImportView);
    await untilWaiting();
    const after = chunk(second.id).then(({ body }) => body as ImportView);
    await untilWaiting(2);
    await release();
    expect(await entering).toMatchObject({ applied: 1, entered: 1 });
    expect(await after).toMatchObject({ applied: 2, entered: 1 });
    expect(await findingsOf(second.id)).toEqual([[2, 'EXISTS_ALREADY', '']]);
    const { body } = await officer.get(`/v1/imports/${second.id}`).expect(200);
    expect((body as ImportView).findings).toEqual([{ code: 'EXISTS_ALREADY', isBlocking: true, rows: 1 }]);
  });

  test('chunks enter two at a time once the first is there, and one that was killed leaves nothing', async () => {
    const rows = 2 * rowsPerChunk + 500;
    const view = await check('people', [header, ...womenOf('0241', rows)]);
    expect(view).toMatchObject({ rows, blocked: 0 });
    const before = await countOf('person');
    const key = randomUUID();
    const first = await chunk(view.id, key).expect(201);
    expect(first.body).toMatchObject({ applied: rowsPerChunk, entered: rowsPerChunk });
    expect((await chunk(view.id, key).expect(201)).body).toEqual(first.body);

    // Two have written their people, and are held up at the head of the events; the connection of one of them dies.
    const release = await holdEvents();
    const both = [chunk(view.id), chunk(view.id)].map((asked) => asked.then((answer) => answer));
    await untilWaiting(2, atEvents);
    await killOneWaiting();
    await release();
    const [entered, killed] = (await Promise.all(both)).sort((one, other) => one.status - other.status);
    expect(killed!.status).toBeGreaterThanOrEqual(500);
    const { applied } = entered!.body as ImportView;
    expect(entered!.body).toMatchObject({ entered: applied });
    expect(await countOf('person')).toBe(before + applied);

    const last = await apply(entered!.body as ImportView);
    expect(last).toMatchObject({ applied: rows, entered: rows });
    expect(await countOf('person')).toBe(before + rows);
    const events = (await harness.dataSource.query(
      `SELECT verb, facts FROM audit_event WHERE subject = $1 ORDER BY (facts ->> 'firstRow')::int NULLS FIRST`,
      [`import/${view.id}`],
    )) as { verb: string; facts: object }[];
    expect(events).toMatchObject([
      { verb: 'registry.import.check', facts: { rows } },
      { verb: 'registry.import.apply', facts: { firstRow: 1, lastRow: rowsPerChunk } },
      { verb: 'registry.import.apply', facts: { firstRow: rowsPerChunk + 1, lastRow: 2 * rowsPerChunk } },
      {
        verb: 'registry.import.apply',
        facts: { firstRow: 2 * rowsPerChunk + 1, lastRow: rows, entered: 500 },
      },
    ]);
  });

  test('whoever finds the last chunk taken waits for it, and enters it if it comes back', async () => {
    const rows = rowsPerChunk + 2;
    const view = await check('people', [header, ...womenOf('0242', rows)]);
    await chunk(view.id).expect(201);
    const release = await holdEvents();
    const taken = chunk(view.id).then((answer) => answer);
    await untilWaiting();
    const waiting = [chunk(view.id), chunk(view.id)].map((asked) => asked.then((answer) => answer));
    await untilWaiting(3);
    // The one who has it waits for the events, the others for him.
    await killOneWaiting(atEvents);
    await release();
    expect((await taken).status).toBeGreaterThanOrEqual(500);
    const [entered, late] = (await Promise.all(waiting)).sort((one, other) => one.status - other.status);
    expect(entered).toMatchObject({ status: 201, body: { applied: rows, entered: rows } });
    expect(late).toMatchObject({ status: 409, body: { code: 'IMPORT_DONE' } });
  });

  test('people who enter anew after a backup came back are told of by other events', async () => {
    const view = await check('people', [header, ...womenOf('0244', 2)]);
    await apply(view);
    const of = `(SELECT record_id FROM import_row WHERE import_id = '${view.id}')`;
    const eventsOf = () =>
      harness.dataSource.query<{ id: string }[]>(
        `SELECT id FROM event WHERE person_id IN ${of} ORDER BY seq`,
      );
    const before = await eventsOf();
    const runner = harness.dataSource.createQueryRunner();
    await runner.query('SET session_replication_role = replica');
    for (const table of ['event', 'person_residence'])
      await runner.query(`DELETE FROM ${table} WHERE person_id IN ${of}`);
    await runner.query(`DELETE FROM person WHERE id IN ${of}`);
    await runner.query('UPDATE registry_import SET taken_up = 0, entered = 0 WHERE id = $1', [view.id]);
    await runner.query('RESET session_replication_role');
    await runner.release();
    await apply(view);
    const ids = [...before, ...(await eventsOf())].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });
});

const atEvents = `query LIKE '%event_head%'`;

/** Nobody gets past the events that it writes. @returns lets them go on */
async function holdEvents(): Promise<() => Promise<void>> {
  const holder = harness.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT FROM event_head FOR UPDATE');
  return async () => {
    await holder.rollbackTransaction();
    await holder.release();
  };
}

async function killOneWaiting(who = 'true'): Promise<void> {
  await harness.dataSource.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND datname = current_database() AND ${who} ORDER BY pid LIMIT 1`,
  );
}

async function untilWaiting(count = 1, who = 'true'): Promise<void> {
  for (;;) {
    const rows = (await harness.dataSource.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND ${who}`,
    )) as unknown[];
    if (rows.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('households enter with one head each, members of others do not', async () => {
  const people = [];
  for (let count = 0; count < 5; count += 1) people.push(await enterPerson(officer));
  const [head, child, member, second, third] = people.map(({ citizenNumber }) => citizenNumber);
  const foreign = await enterPerson(other, { residence: { placeCode: '09367', validFrom: '2022-01-01' } });
  const taken = await officer.post('/v1/households', { headId: people[2]!.id, validFrom: '2022-01-01' });
  expect(taken.status).toBe(201);
  const view = await check('households', [
    'Mã hộ;Số định danh;Quan hệ với chủ hộ;Từ ngày',
    `H1;${child};Con;01/02/2024`,
    `H1;${head};Chủ hộ;01/02/2024`,
    `H1;${foreign.citizenNumber};Vợ;01/02/2024`,
    `H2;${member};Chủ hộ;01/02/2024`,
    `H2;${second};Con;01/02/2024`,
    `H3;${third};Hàng xóm;01/02/2024`,
  ]);
  expect(await findingsOf(view.id)).toEqual([
    [3, 'PERSON_UNKNOWN', ''],
    [4, 'MEMBER_ELSEWHERE', ''],
    [5, 'HOUSEHOLD_WITHOUT_HEAD', ''],
    [6, 'WRONG_CHOICE', 'relation'],
  ]);
  expect(await apply(view)).toMatchObject({ applied: 6, entered: 2 });
  const [household] = (await harness.dataSource.query(
    'SELECT household_id AS id FROM household_member WHERE person_id = $1',
    [people[0]!.id],
  )) as { id: string }[];
  const { body } = await officer.get(`/v1/households/${household!.id}`).expect(200);
  expect(body).toMatchObject({ headId: people[0]!.id, placeCode: '09169' });
  expect(
    (body as { members: { relation: string }[] }).members.map(({ relation }) => relation).sort(),
  ).toEqual(['child', 'head']);
});

test('a household does not enter whose head somebody enters elsewhere before the chunk', async () => {
  const head = await enterPerson(officer);
  const [child, alone] = [await enterPerson(officer), await enterPerson(officer)];
  const view = await check('households', [
    'Mã hộ;Số định danh;Quan hệ với chủ hộ;Từ ngày',
    `H1;${child.citizenNumber};Con;01/02/2024`,
    `H1;${head.citizenNumber};Chủ hộ;01/02/2024`,
    `H2;${alone.citizenNumber};Chủ hộ;01/02/2024`,
  ]);
  expect(view.blocked).toBe(0);
  await officer.post('/v1/households', { headId: head.id, validFrom: '2022-01-01' }).expect(201);
  const before = await countOf('household');
  expect(await apply(view)).toMatchObject({ applied: 3, entered: 1 });
  expect(await findingsOf(view.id)).toEqual([
    [1, 'HOUSEHOLD_WITHOUT_HEAD', ''],
    [2, 'MEMBER_ELSEWHERE', ''],
  ]);
  expect(await countOf('household')).toBe(before + 1);
});

describe('a household does not enter without its head', () => {
  const households = 'Mã hộ;Số định danh;Quan hệ với chủ hộ;Từ ngày';
  const line = (household: string, { citizenNumber }: { citizenNumber: string }, relation: string) =>
    `${household};${citizenNumber};${relation};01/02/2024`;
  const people = (count: number) => Promise.all(Array.from({ length: count }, () => enterPerson(officer)));
  const { merged } = merging(() => officer);

  /** Every household that the list entered: whether its head lives in it, and how many do. */
  const enteredBy = async ({ id }: ImportView) =>
    (await harness.dataSource.query(
      `SELECT household_code AS code, bool_or(person_id = head_id AND member.relation = 'head') AS "hasHead",
         count(*)::int AS members
       FROM import_row JOIN household ON household.id = record_id
       LEFT JOIN household_member member ON household_id = household.id
       WHERE import_id = $1 GROUP BY household_code ORDER BY household_code`,
      [id],
    )) as object[];

  test('who has two numbers: the check says so', async () => {
    const [a, b, child, other] = await people(4);
    await merged(b!.id, a!.id);
    const view = await check('households', [
      households,
      line('H1', a!, 'Chủ hộ'),
      line('H2', b!, 'Chủ hộ'),
      line('H2', child!, 'Con'),
      line('H3', other!, 'Chủ hộ'),
      line('H3', b!, 'Con'),
    ]);
    expect(await findingsOf(view.id)).toEqual([
      [2, 'REPEATED', ''],
      [3, 'HOUSEHOLD_WITHOUT_HEAD', ''],
      [5, 'REPEATED', ''],
    ]);
    expect(await apply(view)).toMatchObject({ applied: 5, entered: 2 });
    expect(await enteredBy(view)).toEqual([
      { code: 'H1', hasHead: true, members: 1 },
      { code: 'H3', hasHead: true, members: 1 },
    ]);
  });

  test('of two heads who are one person since the check, the second one', async () => {
    const [a, b, c, d, child, other] = await people(6);
    const view = await check('households', [
      households,
      line('H1', a!, 'Chủ hộ'),
      line('H2', b!, 'Chủ hộ'),
      line('H2', child!, 'Con'),
      line('H3', other!, 'Chủ hộ'),
      line('H3', c!, 'Con'),
      line('H1', d!, 'Con'),
    ]);
    expect(view.blocked).toBe(0);
    await merged(b!.id, a!.id);
    await merged(b!.id, c!.id);
    await merged(b!.id, d!.id);
    expect(await apply(view)).toMatchObject({ applied: 6, entered: 2 });
    expect(await findingsOf(view.id)).toEqual([
      [2, 'MEMBER_ELSEWHERE', ''],
      [3, 'HOUSEHOLD_WITHOUT_HEAD', ''],
      [5, 'MEMBER_ELSEWHERE', ''],
      [6, 'MEMBER_ELSEWHERE', ''],
    ]);
    expect(await enteredBy(view)).toEqual([
      { code: 'H1', hasHead: true, members: 1 },
      { code: 'H3', hasHead: true, members: 1 },
    ]);
  });

  test('who lives in another one by a record that was merged since the check', async () => {
    const [a, b, c, d, child] = await people(5);
    const view = await check('households', [
      households,
      line('H1', b!, 'Chủ hộ'),
      line('H1', child!, 'Con'),
      line('H2', c!, 'Chủ hộ'),
      line('H2', d!, 'Con'),
    ]);
    await formHousehold(officer, a!.id);
    await merged(b!.id, a!.id);
    expect(await apply(view)).toMatchObject({ applied: 4, entered: 2 });
    expect(await findingsOf(view.id)).toEqual([
      [1, 'MEMBER_ELSEWHERE', ''],
      [2, 'HOUSEHOLD_WITHOUT_HEAD', ''],
    ]);
    expect(await enteredBy(view)).toEqual([{ code: 'H2', hasHead: true, members: 2 }]);
  });

  test('who has a record whose household was set aside enters all the same', async () => {
    const [a, b, c] = await people(3);
    await formHousehold(officer, a!.id);
    const theirs = await formHousehold(officer, c!.id);
    await joinHousehold(officer, theirs, b!.id).expect(201);
    await merged(b!.id, a!.id, { choices: [{ kind: 'household', keep: 'survivor' }] });
    await officer
      .post(`/v1/households/${theirs}/departures`, { personId: b!.id, validUntil: '2024-01-01' })
      .expect(201);
    const view = await check('households', [households, line('H1', b!, 'Chủ hộ')]);
    expect(await apply(view)).toMatchObject({ blocked: 0, entered: 1 });
    expect(await enteredBy(view)).toEqual([{ code: 'H1', hasHead: true, members: 1 }]);
  });

  test('whose row is in the chunk after: he enters with the first of the rows, and counts once', async () => {
    const [h1, c1, h2, c2, h3, c3, h4, c4] = await people(8);
    // Of nobody: rows that fill the chunk up.
    const filler = Array.from(
      { length: rowsPerChunk - 4 },
      (_, index) => `F;0273${85_000_000 + index};Con;01/02/2024`,
    );
    const view = await check('households', [
      households,
      line('H1', c1!, 'Con'),
      line('H2', c2!, 'Con'),
      line('H3', c3!, 'Con'),
      line('H4', h4!, 'Chủ hộ'),
      ...filler,
      line('H1', h1!, 'Chủ hộ'),
      line('H2', h2!, 'Chủ hộ'),
      line('H3', h3!, 'Chủ hộ'),
      line('H4', c4!, 'Con'),
    ]);
    expect(view.blocked).toBe(filler.length);
    const theirs = await formHousehold(officer, h2!.id);
    await joinHousehold(officer, theirs, h4!.id).expect(201);
    const first = (await chunk(view.id).expect(201)).body as ImportView;
    expect(first).toMatchObject({ applied: rowsPerChunk, entered: 2 });
    const entered = [
      { code: 'H1', hasHead: true, members: 2 },
      { code: 'H3', hasHead: true, members: 2 },
    ];
    expect(await enteredBy(view)).toEqual(entered);
    // Too late for a head who has entered with his household.
    await officer.post('/v1/households', { headId: h3!.id, validFrom: '2022-01-01' }).expect(409);
    // And too late to be free again for one whose row was left out.
    await officer
      .post(`/v1/households/${theirs}/departures`, { personId: h4!.id, validUntil: '2024-01-01' })
      .expect(201);
    expect(await apply(first)).toMatchObject({ applied: rowsPerChunk + 4, entered: 4 });
    expect(await enteredBy(view)).toEqual(entered);
    const remarks = (await findingsOf(view.id)).filter(([, code]) => code !== 'PERSON_UNKNOWN');
    expect(remarks).toEqual([
      [2, 'HOUSEHOLD_WITHOUT_HEAD', ''],
      [4, 'MEMBER_ELSEWHERE', ''],
      [rowsPerChunk + 2, 'MEMBER_ELSEWHERE', ''],
      [rowsPerChunk + 4, 'HOUSEHOLD_WITHOUT_HEAD', ''],
    ]);
  });

  test('who moved to another office since the check', async () => {
    const [head, child, other, moved] = await people(4);
    const view = await check('households', [
      households,
      line('H1', head!, 'Chủ hộ'),
      line('H1', child!, 'Con'),
      line('H2', other!, 'Chủ hộ'),
      line('H2', moved!, 'Con'),
    ]);
    expect(view.blocked).toBe(0);
    for (const { id } of [head!, moved!]) await moveAway(id);
    expect(await apply(view)).toMatchObject({ applied: 4, entered: 1 });
    expect(await findingsOf(view.id)).toEqual([
      [1, 'PERSON_UNKNOWN', ''],
      [2, 'HOUSEHOLD_WITHOUT_HEAD', ''],
      [4, 'PERSON_UNKNOWN', ''],
    ]);
  });
});

const moveAway = (id: string) =>
  officer.post(`/v1/people/${id}/residences`, { placeCode: '09367', validFrom: '2025-08-01' }).expect(201);

test('employment is left out for what is gone since the check', async () => {
  const [closing, standing] = [newEmployer(), newEmployer()];
  const closingId = await enterEmployer(officer, closing);
  await enterEmployer(officer, standing);
  const [stays, leaves] = [await enterPerson(officer), await enterPerson(officer)];
  const view = await check('employment', [
    'MST,CCCD,Hợp đồng từ ngày',
    `${closing.taxCode},${stays.citizenNumber},2024-01-01`,
    `${standing.taxCode},${leaves.citizenNumber},2024-01-01`,
    `${standing.taxCode},${stays.citizenNumber},2024-01-01`,
  ]);
  expect(view.blocked).toBe(0);
  await officer.post(`/v1/employers/${closingId}/closure`, { closedOn: todayInVietnam() }).expect(201);
  await moveAway(leaves.id);
  expect(await apply(view)).toMatchObject({ applied: 3, entered: 1 });
  expect(await findingsOf(view.id)).toEqual([
    [1, 'EMPLOYER_UNKNOWN', ''],
    [2, 'PERSON_UNKNOWN', ''],
  ]);
});

test('employment of one person by two numbers is the same', async () => {
  const employer = newEmployer();
  await enterEmployer(officer, employer);
  const [a, b] = [await enterPerson(officer), await enterPerson(officer)];
  await merging(() => officer).merged(b.id, a.id);
  const { id } = await check('employment', [
    'MST,CCCD,Hợp đồng từ ngày',
    `${employer.taxCode},${a.citizenNumber},2024-01-01`,
    `${employer.taxCode},${b.citizenNumber},2024-01-01`,
    `${employer.taxCode},${b.citizenNumber},2024-01-02`,
  ]);
  expect(await findingsOf(id)).toEqual([[2, 'REPEATED', '']]);
});

test('employers and employment enter by tax code and number', async () => {
  const [one, two] = [newEmployer(), newEmployer()];
  const existing = newEmployer();
  await enterEmployer(officer, existing);
  const employers = await check('employers', [
    'MST,Tên đơn vị,Loại hình,KCN,Mã xã',
    `${one.taxCode},Công ty A,Doanh nghiệp,KCN Quế Võ,09169`,
    `${two.taxCode},HTX B,Hợp tác xã,,09169`,
    `${existing.taxCode},C,Doanh nghiệp,,09169`,
    `2300000044,D,Doanh nghiệp,,09169`,
  ]);
  expect(await findingsOf(employers.id)).toEqual([
    [3, 'EXISTS_ALREADY', ''],
    [4, 'WRONG_TAX_CODE', 'taxCode'],
  ]);
  expect(await apply(employers)).toMatchObject({ entered: 2 });

  const { id, citizenNumber } = await enterPerson(officer);
  const list = [
    'MST,CCCD,Hợp đồng từ ngày,Hợp đồng đến ngày,Đóng BHXH từ ngày',
    `${one.taxCode},${citizenNumber},2024-01-01,2025-01-01,2024-01-01`,
    `${two.taxCode},${citizenNumber},2024-01-01,2023-01-01,`,
    `${two.taxCode},${numberOf()},2024-01-01,,`,
    `${newEmployer().taxCode},${citizenNumber},2024-01-01,,`,
  ];
  const employment = await check('employment', list);
  expect(await findingsOf(employment.id)).toEqual([
    [2, 'DAYS_IN_WRONG_ORDER', 'contractUntil'],
    [3, 'PERSON_UNKNOWN', ''],
    [4, 'EMPLOYER_UNKNOWN', ''],
  ]);
  expect(await apply(employment)).toMatchObject({ entered: 1 });
  const again = await check('employment', list.slice(0, 2));
  expect(await findingsOf(again.id)).toEqual([[1, 'EXISTS_ALREADY', '']]);
  const rows = await harness.dataSource.query(
    `SELECT contract_until::text, insured_from::text FROM employment WHERE person_id = $1`,
    [id],
  );
  expect(rows).toEqual([{ contract_until: '2025-01-01', insured_from: '2024-01-01' }]);
});

describe('the list comes back with its remarks', () => {
  test('masked, and whole for who brought it and says why', async () => {
    const number = numberOf();
    const lines = [header, woman(number), `${numberOf()},Trần Văn Đức,1990,Nam,09169,,`];
    const { id } = await check('people', lines);
    const masked = await officer.get(`/v1/imports/${id}/list`).expect(200);
    expect(masked.text).toContain(`••••••••${number.slice(-4)}`);
    expect(masked.text).not.toContain(number);
    expect(masked.text).toContain('By the number the year of birth is 1985, by the record 1990.');

    const whole = await officer.get(`/v1/imports/${id}/list`).set(statedPurpose).expect(200);
    expect(whole.text).toContain(number);
    const flawed = await officer.get(`/v1/imports/${id}/list?rows=flawed`).expect(200);
    expect(flawed.text.trim().split('\r\n')).toHaveLength(2);
    const colleague = await harness.as({ sub: 'colleague', office: '256', permissions: ['registry:import'] });
    await colleague
      .get(`/v1/imports/${id}/list`)
      .set(statedPurpose)
      .expect(403, /UNMASKING_REFUSED/);
    // It can be sent in again: the column of remarks is nobody's.
    await officer.upload('/v1/imports?kind=people', whole.text, csv).expect(201);
  });

  test('as a workbook too, and to nobody of another office', async () => {
    const { id } = await check('people', [header, woman(numberOf())]);
    const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    const sheet = await officer.get(`/v1/imports/${id}/list`).set('accept', xlsx).expect(200);
    expect(sheet.headers['content-type']).toBe(xlsx);
    await other.get(`/v1/imports/${id}/list`).expect(404, /IMPORT_NOT_FOUND/);
    await other.post(`/v1/imports/${id}/chunks`).expect(404, /IMPORT_NOT_FOUND/);
  });
});

describe('lists of the office', () => {
  const list = (query = '', client = officer) => client.get(`/v1/imports?${query}`).expect(200);

  test('come with the newest first, page by page, and nobody else has them', async () => {
    const tuSon = await harness.as({ sub: 'tuSon', office: '261' });
    const checked: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const people = [header, woman(numberOf()).replace('09169', '09367')];
      checked.unshift((await check('people', people, tuSon)).id);
    }
    const paged: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const { body } = await list(`limit=2${after && `&after=${after}`}`, tuSon);
      const { items, next } = body as { items: ImportView[]; next: string | null };
      paged.push(...items.map(({ id }) => id));
      after = next;
    }
    expect(paged).toEqual(checked);
    const { body } = await list('limit=500');
    const mine = (body as { items: ImportView[] }).items.map(({ id }) => id);
    for (const id of checked) expect(mine).not.toContain(id);
    const province = await harness.as({ sub: 'province', office: '27' });
    expect(
      ((await list('limit=3', province)).body as { items: ImportView[] }).items.map(({ id }) => id),
    ).toEqual(checked);
  });

  test('lose their rows and remarks after their last day, and keep what they came to', async () => {
    const known = await enterPerson(officer);
    const view = await check('people', [header, woman(numberOf()), woman(known.citizenNumber)]);
    const kept = await check('people', [header, woman(numberOf())]);
    expect(view.keptUntil).toBe(addDays(todayInVietnam(), 30));
    const countRows = async (id: string) => {
      const rows = (await harness.dataSource.query(
        `SELECT (SELECT count(*) FROM import_row WHERE import_id = $1)
           + (SELECT count(*) FROM import_cells WHERE import_id = $1)
           + (SELECT count(*) FROM import_finding WHERE import_id = $1) AS count`,
        [id],
      )) as { count: string }[];
      return Number(rows[0]!.count);
    };
    const sweeper = new ImportSweepService(harness.app.get(DataSource));
    await harness.dataSource.query('UPDATE registry_import SET kept_until = $2 WHERE id = $1', [
      view.id,
      '2026-03-31',
    ]);
    // On its last day it is still there.
    await sweeper.sweepDue('2026-03-31');
    expect(await countRows(view.id)).toBe(4);
    const before = await sweptCount();
    await Promise.all([sweeper.sweepDue('2026-04-01'), sweeper.sweepDue('2026-04-01')]);
    expect(await sweptCount()).toBe(before + 2);
    expect([await countRows(view.id), await countRows(kept.id)]).toEqual([0, 2]);

    const { body } = await officer.get(`/v1/imports/${view.id}`).expect(200);
    const { sweptAt, ...after } = body as ImportView;
    expect(sweptAt).not.toBeNull();
    expect(after).toEqual({ ...view, keptUntil: '2026-03-31', sweptAt: undefined });
    expect(after.findings).toEqual([{ code: 'EXISTS_ALREADY', isBlocking: true, rows: 1 }]);
    await chunk(view.id).expect(410, /IMPORT_SWEPT/);
    await officer.get(`/v1/imports/${view.id}/list`).expect(410, /IMPORT_SWEPT/);
    const gone = await officer.get(`/v1/imports/${view.id}/list`).set('accept-language', 'en');
    expect(gone.body).toMatchObject({ sweptAt, detail: `They are gone since ${todayInVietnam()}.` });
    const events = await harness.dataSource.query(
      `SELECT office, facts FROM audit_event WHERE verb = 'registry.import.sweep' AND subject = $1`,
      [`import/${view.id}`],
    );
    expect(events).toEqual([{ office: '256', facts: { rows: 2, findings: 1, cells: 1, chunks: 0 } }]);
  });

  async function sweptCount(): Promise<number> {
    const { values } = await register.getSingleMetric('ansinh_import_rows_swept_total')!.get();
    return values[0]!.value;
  }
});

test.each([
  ['people', 'name\nA\n', 422, /MISSING_COLUMN/],
  ['nothing', `${header}\n`, 400, /INVALID_REQUEST/],
])('a list of %s that cannot be read leaves nothing', async (kind, list, status, code) => {
  const before = await countOf('registry_import');
  await officer.upload(`/v1/imports?kind=${kind}`, list, csv).expect(status, code);
  expect(await countOf('registry_import')).toBe(before);
});

test('the key of an import stands for its file', async () => {
  const [file, other] = [`${header}\n${woman(numberOf())}`, `${header}\n${woman(numberOf())}`];
  const key = randomUUID();
  const send = (text: string, by?: string) => officer.upload('/v1/imports?kind=people', text, csv, by);
  const before = await countOf('registry_import');
  const first = await send(file, key).expect(201);
  expect((await send(file, key).expect(201)).body).toEqual(first.body);
  expect(await countOf('registry_import')).toBe(before + 1);
  await send(other, key).expect(422, /IDEMPOTENCY_KEY_REUSED/);
  expect(await countOf('registry_import')).toBe(before + 1);
  await send(other).expect(201);
});
