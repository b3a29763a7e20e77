import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';
import { type Harness, startHarness } from './harness.js';
import { enterPerson, newPerson } from './people.js';

let harness: Harness;
/** Of two districts. */
let officer: PlayedClient;
let other: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  other = await harness.as({ sub: 'other', office: '261' });
});
afterAll(() => harness.stop());

const codeOf = (reply: { body: unknown }) => (reply.body as { code: string }).code;

describe('entering a person', () => {
  test('numbers are masked, the commune is that of today, the record has a version', async () => {
    const { id, citizenNumber } = await enterPerson(officer, {
      phone: '0912345678',
      insuranceNumber: '2700000001',
    });
    const reply = await officer.get(`/v1/people/${id}`).expect(200).expect('etag', '"1"');
    expect(reply.body).toMatchObject({
      name: 'Nguyễn Thị Hoà',
      citizenNumber: `••••••••${citizenNumber.slice(-4)}`,
      phone: '••••••5678',
      insuranceNumber: '••••••0001',
      isMasked: true,
      placeCode: '09169',
      residences: [{ placeCode: '09163', validFrom: '2020-01-01', validUntil: null }],
      warnings: [],
    });
  });

  test.each([
    [{ birthYear: 1986 }, ['NUMBER_BIRTH_YEAR']],
    [{ sex: 'male' }, ['NUMBER_SEX']],
    [
      { citizenNumber: '027399000001', birthYear: 1999 },
      ['NUMBER_BIRTH_YEAR', 'NUMBER_BIRTH_YEAR_IN_FUTURE'],
    ],
    [{ citizenNumber: '027100000001', birthYear: 1900 }, ['NUMBER_BORN_OVER_120_YEARS_AGO']],
  ])('what contradicts is taken, and said: %j', async (over, codes) => {
    const { id, warnings } = await enterPerson(officer, over);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
    const { body } = await officer.get(`/v1/people/${id}`).expect(200);
    expect(body).toMatchObject({ warnings: codes.map((code) => ({ code })) });
  });

  test('a number is one person’s, also across offices', async () => {
    const { citizenNumber } = await enterPerson(officer);
    const place = { residence: { placeCode: '09367', validFrom: '2022-01-01' } };
    expect(codeOf(await other.post('/v1/people', newPerson({ citizenNumber, ...place })).expect(409))).toBe(
      'PERSON_EXISTS',
    );
  });

  test('the same key again enters nobody twice', async () => {
    const person = newPerson();
    const first = await officer.post('/v1/people', person, 'key-of-person-1').expect(201);
    const again = await officer.post('/v1/people', person, 'key-of-person-1').expect(201);
    expect(again.body).toEqual(first.body);
  });

  test.each([
    [{ residence: { placeCode: '09367', validFrom: '2022-01-01' } }, 403, 'PLACE_OF_ANOTHER_OFFICE'],
    [{ residence: { placeCode: '09175', validFrom: '2025-01-01' } }, 422, 'PLACE_UNKNOWN'],
    [{ residence: { placeCode: '99999', validFrom: '2022-01-01' } }, 422, 'PLACE_UNKNOWN'],
    [{ citizenNumber: '111111111111' }, 400, 'INVALID_REQUEST'],
    [{ bornOn: '1986-01-01' }, 400, 'INVALID_REQUEST'],
  ])('%j is refused', async (over, status, code) => {
    expect(codeOf(await officer.post('/v1/people', newPerson(over)).expect(status))).toBe(code);
  });
});

describe('another office', () => {
  test('finds nobody, by id, number or name', async () => {
    const { id, citizenNumber } = await enterPerson(officer, { name: 'Lý Thị Ngoạn' });
    for (const path of [`/v1/people/${id}`, `/v1/people/${id}/facts`]) {
      expect(codeOf(await other.get(path).expect(404))).toBe('PERSON_NOT_FOUND');
    }
    await other.post('/v1/people/lookups', { number: citizenNumber }).expect(404);
    expect((await other.get('/v1/people?q=ly thi ngoan').expect(200)).body).toEqual({
      items: [],
      next: null,
    });
    await officer.post('/v1/people/lookups', { number: citizenNumber }).expect(200);
  });
});

describe('whole numbers', () => {
  test('are given for a purpose, which is logged, and not without the right', async () => {
    const { id, citizenNumber } = await enterPerson(officer, { oldNumber: '125000001' });
    const { body } = await officer.get(`/v1/people/${id}`).set(statedPurpose).expect(200);
    expect(body).toMatchObject({
      citizenNumber,
      isMasked: false,
      numbers: [{ kind: 'old', number: '125000001' }],
    });
    const log = await officer.get(`/v1/access-log?subject=person/${id}`).expect(200);
    expect(log.body).toMatchObject({ items: [{ actor: 'officer', numbers: 2, purpose: 'inspection' }] });
    const clerk = await harness.as({ sub: 'clerk', office: '256', permissions: ['registry:read'] });
    expect(codeOf(await clerk.get(`/v1/people/${id}`).set(statedPurpose).expect(403))).toBe(
      'UNMASKING_REFUSED',
    );
  });

  test('stand nowhere in the database, nor in what is remembered and audited', async () => {
    const { id, citizenNumber } = await enterPerson(officer, { phone: '0987654321' });
    const account = {
      bankBin: '970405',
      account: '2600205999777',
      holder: 'NGUYEN THI HOA',
      validFrom: '2022-01-01',
    };
    await officer.post(`/v1/people/${id}/accounts`, account).expect(201);
    for (const table of ['person', 'person_number', 'person_account', 'idempotency_key', 'audit_event']) {
      const rows = (await harness.dataSource.query(
        `SELECT to_jsonb(${table})::text AS text FROM ${table}`,
      )) as {
        text: string;
      }[];
      const all = rows.map(({ text }) => text).join('\n');
      for (const number of [citizenNumber, '0987654321', '2600205999777']) expect(all).not.toContain(number);
    }
  });
});

describe('changing a person', () => {
  const { residence: _, ...fields } = newPerson();

  test('asks for the version that was read', async () => {
    const { id, citizenNumber } = await enterPerson(officer);
    const change = { ...fields, citizenNumber, name: 'Nguyễn Thị Hòa' };
    expect(codeOf(await officer.put(`/v1/people/${id}`, change).expect(428))).toBe('PRECONDITION_REQUIRED');
    await officer.put(`/v1/people/${id}`, change).set('if-match', '"1"').expect(200).expect('etag', '"2"');
    const late = await officer.put(`/v1/people/${id}`, change).set('if-match', '"1"').expect(412);
    expect(codeOf(late)).toBe('PRECONDITION_FAILED');
  });

  test('of two at once one is refused', async () => {
    const { id, citizenNumber } = await enterPerson(officer);
    const puts = ['A', 'B'].map((name) =>
      officer.put(`/v1/people/${id}`, { ...fields, citizenNumber, name }).set('if-match', '"1"'),
    );
    expect((await Promise.all(puts)).map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('a new number finds the person, and so does the one before', async () => {
    const { id, citizenNumber } = await enterPerson(officer);
    const anew = newPerson().citizenNumber;
    await officer
      .put(`/v1/people/${id}`, { ...fields, citizenNumber: anew })
      .set('if-match', '"1"')
      .expect(200);
    for (const number of [citizenNumber, anew]) {
      const { body } = await officer.post('/v1/people/lookups', { number }).expect(200);
      expect(body).toMatchObject({ id });
    }
    const { body } = await officer.get(`/v1/people/${id}`).expect(200);
    expect(body).toMatchObject({
      numbers: [{ kind: 'citizen', number: `••••••••${citizenNumber.slice(-4)}` }],
    });
  });
});

describe('facts', () => {
  const basis = 'GXN 12/UBND';

  test('hold for their days, as we knew them: a later record corrects an earlier one', async () => {
    const { id } = await enterPerson(officer);
    const record = (fact: object) => officer.post(`/v1/people/${id}/facts`, { basis, ...fact }).expect(201);
    const held = async (query: string) =>
      ((await officer.get(`/v1/people/${id}/facts?${query}`).expect(200)).body as { items: object[] }).items;
    await record({ kind: 'disabilityLevel', value: 'mild', validFrom: '2020-01-01' });
    const [first] = (await held('')) as { recordedAt: string }[];
    await record({ kind: 'disabilityLevel', value: 'severe', validFrom: '2022-01-01' });
    await record({ kind: 'disabilityLevel', value: null, validFrom: '2023-01-01', validUntil: '2023-02-01' });
    expect(await held('on=2019-12-31')).toEqual([]);
    expect(await held('on=2021-12-31')).toMatchObject([{ value: 'mild' }]);
    expect(await held('on=2022-01-01')).toMatchObject([{ value: 'severe' }]);
    expect(await held('on=2023-01-31')).toEqual([]);
    expect(await held('on=2023-02-01')).toMatchObject([{ value: 'severe' }]);
    // What we knew after the first record was this.
    const then = new Date(new Date(first!.recordedAt).getTime() + 1).toISOString();
    expect(await held(`on=2022-01-01&knownAt=${then}`)).toMatchObject([{ value: 'mild' }]);
    expect(await held('')).toHaveLength(3);
  });

  test('a value that the law does not have is refused', async () => {
    const { id } = await enterPerson(officer);
    const fact = { kind: 'disabilityLevel', value: 'grave', basis, validFrom: '2022-01-01' };
    expect(codeOf(await officer.post(`/v1/people/${id}/facts`, fact).expect(422))).toBe('FACT_VALUE_UNKNOWN');
    const backwards = { ...fact, validUntil: fact.validFrom };
    const refused = await officer.post(`/v1/people/${id}/facts`, backwards).expect(400);
    expect(refused.body).toMatchObject({ errors: [{ pointer: '/validUntil', code: 'isAfter' }] });
  });

  test('nobody changes a record, psql neither', async () => {
    for (const sql of [
      "UPDATE person_fact SET value = 'mild'",
      'DELETE FROM person_fact',
      'TRUNCATE person_fact CASCADE',
    ]) {
      await expect(harness.dataSource.query(sql)).rejects.toThrow('append-only');
    }
  });
});

describe('a life', () => {
  test('who moves to another district is seen there, and here no longer', async () => {
    const { id } = await enterPerson(officer);
    const move = { placeCode: '09367', validFrom: '2026-01-01' };
    await officer.post(`/v1/people/${id}/residences`, { ...move, placeCode: '09175' }).expect(422);
    await officer.post(`/v1/people/${id}/residences`, move).expect(201);
    await officer.get(`/v1/people/${id}`).expect(404);
    const { body } = await other.get(`/v1/people/${id}`).expect(200);
    expect(body).toMatchObject({
      placeCode: '09367',
      residences: [{ placeCode: '09367' }, { placeCode: '09163' }],
    });
    const events = (await harness.dataSource.query(
      'SELECT verb, facts FROM audit_event WHERE subject = $1 ORDER BY seq',
      [`person/${id}`],
    )) as { verb: string }[];
    expect(events.map(({ verb }) => verb)).toEqual(['person.create', 'person.move']);
  });

  test('ends once', async () => {
    const { id } = await enterPerson(officer);
    const death = { diedOn: '2026-02-01', basis: 'TLKT 5/2026' };
    const unborn = await officer
      .post(`/v1/people/${id}/death`, { ...death, diedOn: '1899-12-31' })
      .expect(400);
    expect(unborn.body).toMatchObject({ errors: [{ pointer: '/diedOn' }] });
    await officer.post(`/v1/people/${id}/death`, death).expect(201);
    expect(codeOf(await officer.post(`/v1/people/${id}/death`, death).expect(409))).toBe('PERSON_DEAD');
    expect((await officer.get(`/v1/people/${id}`).expect(200)).body).toMatchObject({
      diedOn: '2026-02-01',
      version: 2,
    });
  });

  test('does not end on a day to come', async () => {
    const { id } = await enterPerson(officer);
    const today = todayInVietnam();
    const basis = 'TLKT 6/2026';
    const { body } = await officer
      .post(`/v1/people/${id}/death`, { diedOn: addDays(today, 1), basis })
      .expect(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/diedOn', code: 'isPast' }] });
    await officer.post(`/v1/people/${id}/death`, { diedOn: today, basis }).expect(201);
  });

  test('goes on where it had not ended, and ended on the day that is right', async () => {
    const { id } = await enterPerson(officer);
    const correct = (diedOn: string | null, client = officer) =>
      client.post(`/v1/people/${id}/death/correction`, { diedOn, basis: 'CV 12/UBND' });
    const diedOn = async () => ((await officer.get(`/v1/people/${id}`)).body as { diedOn: unknown }).diedOn;
    expect(codeOf(await correct(null).expect(409))).toBe('PERSON_NOT_DEAD');
    await officer.post(`/v1/people/${id}/death`, { diedOn: '2026-02-01', basis: 'TLKT 5/2026' }).expect(201);
    for (const wrong of ['1899-12-31', addDays(todayInVietnam(), 1)])
      expect((await correct(wrong).expect(400)).body).toMatchObject({ errors: [{ pointer: '/diedOn' }] });
    await correct(null, other).expect(404);
    expect(await diedOn()).toBe('2026-02-01');
    await correct('2026-02-03').expect(201);
    expect(await diedOn()).toBe('2026-02-03');
    await correct(null).expect(201);
    expect(await diedOn()).toBeNull();
    const facts = (await harness.dataSource.query(
      `SELECT facts FROM audit_event WHERE subject = $1 AND verb = 'person.death.correct' ORDER BY seq`,
      [`person/${id}`],
    )) as object[];
    expect(facts).toEqual([
      { facts: { was: '2026-02-01', diedOn: '2026-02-03', basis: 'CV 12/UBND' } },
      { facts: { was: '2026-02-03', diedOn: null, basis: 'CV 12/UBND' } },
    ]);
  });

  test('is lived where one moved to, not where one will', async () => {
    const { id } = await enterPerson(officer);
    const today = todayInVietnam();
    const move = (validFrom: string) =>
      officer.post(`/v1/people/${id}/residences`, { placeCode: '09169', validFrom });
    expect((await move(addDays(today, 1)).expect(400)).body).toMatchObject({
      errors: [{ pointer: '/validFrom', code: 'isPast' }],
    });
    await move(today).expect(201);
    const residence = { placeCode: '09163', validFrom: addDays(today, 1) };
    const { body } = await officer.post('/v1/people', newPerson({ residence })).expect(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/residence/validFrom' }] });
  });

  test('may have had an old number that comes to light later', async () => {
    const { id } = await enterPerson(officer);
    const old = { number: '125987654', validUntil: '2021-05-01' };
    const lookUp = () => officer.post('/v1/people/lookups', { number: old.number });
    await lookUp().expect(404);
    await officer.post(`/v1/people/${id}/numbers`, { number: '12598765' }).expect(400);
    await other.post(`/v1/people/${id}/numbers`, old).expect(404);
    await officer.post(`/v1/people/${id}/numbers`, old).expect(201);
    // Said twice it is known once.
    await officer.post(`/v1/people/${id}/numbers`, old).expect(201);
    expect((await lookUp().expect(200)).body).toMatchObject({ id });
    const { body } = await officer.get(`/v1/people/${id}`).expect(200);
    expect((body as { numbers: object[] }).numbers).toEqual([
      { kind: 'old', number: '•••••7654', validUntil: '2021-05-01', originId: id },
    ]);
  });

  test('an old number is not recorded with another day than it was', async () => {
    const [{ id }, without] = [await enterPerson(officer), await enterPerson(officer)];
    const validUntil = '2021-05-01';
    const record = (person: string, over: object) =>
      officer.post(`/v1/people/${person}/numbers`, { number: '125987655', ...over });
    await record(id, { validUntil }).expect(201);
    await record(without.id, {}).expect(201);
    for (const refused of [record(id, { validUntil: '2021-05-02' }), record(without.id, { validUntil })])
      expect(codeOf(await refused.expect(409))).toBe('NUMBER_RECORDED');
    // Nothing else is said by these.
    await record(id, { validUntil }).expect(201);
    await record(id, {}).expect(201);
    await record(without.id, {}).expect(201);
    const { body } = await officer.get(`/v1/people/${id}`).expect(200);
    expect(body).toMatchObject({ version: 4, numbers: [{ validUntil }] });
  });

  test('an account is verified, refused, ended; not the other way round', async () => {
    const { id } = await enterPerson(officer);
    const account = {
      bankBin: '970405',
      account: '2600205000001',
      holder: 'NGUYEN THI HOA',
      validFrom: '2022-01-01',
    };
    await officer.post(`/v1/people/${id}/accounts`, account).expect(201);
    const { body } = await officer.get(`/v1/people/${id}`).expect(200);
    const [entered] = (body as { accounts: { id: string }[] }).accounts;
    expect(entered).toMatchObject({ account: '•••••••••0001', state: 'unverified' });
    const judge = (state: string) =>
      officer.post(`/v1/people/${id}/accounts/${entered!.id}/verdict`, { state });
    await judge('verified').expect(201);
    await judge('ended').expect(201);
    expect(codeOf(await judge('verified').expect(409))).toBe('ACCOUNT_STATE');
  });
});
