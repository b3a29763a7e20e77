import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import { readSealingKeys, Sealer } from '@ansinh/sealing';
import { type PlayedClient, testKeys } from '@ansinh/testing';
import type { EmployedPerson } from '../src/employer/employment-lookup.dto.js';
import { type Harness, startHarness } from './harness.js';
import { merging } from './merging.js';
import { enterEmployer, enterPerson, formHousehold, joinHousehold, newEmployer } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let elsewhere: PlayedClient;
const { merged } = merging(() => officer);
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  elsewhere = await harness.as({ sub: 'elsewhere', office: '261' });
});
afterAll(() => harness.stop());

const codeOf = (reply: { body: unknown }) => (reply.body as { code: string }).code;

describe('a household', () => {
  test('has its head, its members with days, and the class of each year', async () => {
    const [head, child] = [await enterPerson(officer), await enterPerson(officer)];
    const id = await formHousehold(officer, head.id);
    await joinHousehold(officer, id, child.id).expect(201).expect('etag', '"2"');
    const classify = (input: object) =>
      officer.post(`/v1/households/${id}/classes`, { basis: 'QĐ 1', ...input }).expect(201);
    await classify({ year: 2021, class: 'poor' });
    await classify({ year: 2022, class: 'nearPoor' });
    await classify({ year: 2022, class: 'neither', basis: 'QĐ 2' });
    const leaves = { personId: child.id, validUntil: '2023-05-01' };
    await officer.post(`/v1/households/${id}/departures`, leaves).expect(201);
    expect((await officer.get(`/v1/households/${id}`).expect(200)).body).toMatchObject({
      headId: head.id,
      placeCode: '09169',
      members: [
        { personId: head.id, relation: 'head', validUntil: null },
        { personId: child.id, relation: 'child', validFrom: '2022-01-01', validUntil: '2023-05-01' },
      ],
      classes: [
        { year: 2022, class: 'neither', basis: 'QĐ 2' },
        { year: 2021, class: 'poor' },
      ],
    });
    expect(codeOf(await officer.post(`/v1/households/${id}/departures`, leaves).expect(409))).toBe(
      'NOT_A_MEMBER',
    );
    const headLeaves = { personId: head.id, validUntil: '2023-05-01' };
    expect(codeOf(await officer.post(`/v1/households/${id}/departures`, headLeaves).expect(409))).toBe(
      'HEAD_STAYS',
    );
  });

  test('is classified with many others by one decision, once, and by nobody who does not see it', async () => {
    const sealer = new Sealer(readSealingKeys(testKeys.SEALING_KEYS, testKeys.LOOKUP_KEY));
    const [one, two, foreign] = [
      await enterPerson(officer),
      await enterPerson(officer),
      await enterPerson(elsewhere, { residence: { placeCode: '09367', validFrom: '2025-07-01' } }),
    ];
    const ids = [await formHousehold(officer, one.id), await formHousehold(officer, two.id)];
    const theirs = await formHousehold(elsewhere, foreign.id);
    const keyOf = ({ citizenNumber }: { citizenNumber: string }) => sealer.lookupKey('payee', citizenNumber);
    const unheardOf = randomUUID();
    const households = [
      { personKey: keyOf(one), class: 'poor' },
      { personKey: keyOf(two), class: 'neither' },
      { personKey: keyOf(foreign), class: 'poor' },
      { personKey: unheardOf, class: 'poor' },
    ];
    const classify = (over: object = {}) =>
      officer.post('/v1/household-classes', { year: 2022, basis: 'QĐ 7', households, ...over }).expect(201);
    const unknown = [keyOf(foreign), unheardOf];
    expect((await classify()).body).toEqual({ classified: 2, unchanged: 0, unknown });
    expect((await classify()).body).toEqual({ classified: 0, unchanged: 2, unknown });
    expect((await classify({ basis: 'QĐ 8' })).body).toMatchObject({ classified: 2, unchanged: 0 });
    const views = await Promise.all(ids.map((id) => officer.get(`/v1/households/${id}`).expect(200)));
    expect(views.map(({ body }) => body as object)).toMatchObject([
      { version: 3, classes: [{ year: 2022, class: 'poor', basis: 'QĐ 8' }] },
      { version: 3, classes: [{ year: 2022, class: 'neither', basis: 'QĐ 8' }] },
    ]);
    const [{ body: kept }] = [await elsewhere.get(`/v1/households/${theirs}`).expect(200)];
    expect(kept).toMatchObject({ classes: [] });
    const [event] = (await harness.dataSource.query(
      `SELECT actor_name AS name, facts FROM audit_event WHERE verb = 'household.classifyMany' ORDER BY seq DESC LIMIT 1`,
    )) as object[];
    expect(event).toMatchObject({ facts: { year: 2022, basis: 'QĐ 8', classified: 2, unknown: 2 } });
  });

  test('chooses another head, to whom everybody is related anew; then the head of before may leave', async () => {
    const [head, spouse, child] = [
      await enterPerson(officer),
      await enterPerson(officer),
      await enterPerson(officer),
    ];
    const id = await formHousehold(officer, head.id);
    for (const member of [spouse, child]) await joinHousehold(officer, id, member.id).expect(201);
    const choose = (body: object) =>
      officer.post(`/v1/households/${id}/head`, { headId: spouse.id, validFrom: '2023-01-01', ...body });
    const [ofHead, ofChild] = [
      { personId: head.id, relation: 'spouse' },
      { personId: child.id, relation: 'child' },
    ];
    const stranger = { personId: (await enterPerson(officer)).id, relation: 'child' };
    for (const relations of [[ofHead], [ofHead, ofChild, stranger], [ofHead, stranger]])
      expect(codeOf(await choose({ relations }).expect(422))).toBe('RELATIONS_INCOMPLETE');
    const early = { relations: [ofHead, ofChild], validFrom: '2022-01-01' };
    expect(codeOf(await choose(early).expect(409))).toBe('HEAD_DAY');
    const { body } = await choose({ relations: [ofHead, ofChild] }).expect(201);
    expect(body).toMatchObject({ headId: spouse.id, version: 4 });
    const { members } = body as { members: { validUntil: string | null }[] };
    expect(members.filter(({ validUntil }) => validUntil === null)).toEqual([
      { personId: spouse.id, relation: 'head', validFrom: '2023-01-01', validUntil: null },
      { personId: head.id, relation: 'spouse', validFrom: '2023-01-01', validUntil: null },
      { personId: child.id, relation: 'child', validFrom: '2023-01-01', validUntil: null },
    ]);
    expect(members.filter(({ validUntil }) => validUntil === '2023-01-01')).toHaveLength(3);
    const leaves = { personId: head.id, validUntil: '2023-05-01' };
    await officer.post(`/v1/households/${id}/departures`, leaves).expect(201);
  });

  test('nobody lives in two at a time, also when both are told at once', async () => {
    const heads = await Promise.all([enterPerson(officer), enterPerson(officer)]);
    const child = await enterPerson(officer);
    const households = await Promise.all(heads.map(({ id }) => formHousehold(officer, id)));
    const replies = await Promise.all(households.map((id) => joinHousehold(officer, id, child.id)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(replies.map(({ body }) => (body as { code?: string }).code)).toContain('MEMBER_ELSEWHERE');
  });
});

describe('an employer', () => {
  test.each([
    ['2300000090', 'TAX_CODE_WRONG'],
    ['0100109107', 'TAX_CODE_WRONG'],
  ])('with the tax code %s is refused', async (taxCode, code) => {
    expect(codeOf(await officer.post('/v1/employers', newEmployer({ taxCode })).expect(422))).toBe(code);
  });

  test('is found by tax code and by a part of its name, changed by version, and closed once', async () => {
    const employer = newEmployer({ name: 'Hợp tác xã Đại Phúc', kind: 'cooperative' });
    const { body } = await officer.post('/v1/employers', employer).expect(201).expect('etag', '"1"');
    const { id } = body as { id: string };
    for (const q of [employer.taxCode, 'dai phuc', 'Đại Phúc']) {
      const found = await officer.get(`/v1/employers?q=${encodeURIComponent(q)}`).expect(200);
      expect(found.body).toMatchObject({ items: [{ id }] });
    }
    expect(codeOf(await officer.post('/v1/employers', employer).expect(409))).toBe('EMPLOYER_EXISTS');
    const change = { name: 'HTX Đại Phúc', kind: 'cooperative' };
    await officer.put(`/v1/employers/${id}`, change).set('if-match', '"1"').expect(200);
    await officer.put(`/v1/employers/${id}`, change).set('if-match', '"1"').expect(412);
    await officer.post(`/v1/employers/${id}/closure`, { closedOn: '2025-01-01' }).expect(201);
    expect(
      codeOf(await officer.post(`/v1/employers/${id}/closure`, { closedOn: '2025-01-01' }).expect(409)),
    ).toBe('EMPLOYER_CLOSED');
  });

  test('goes on where it had not closed; does not close on a day to come', async () => {
    const id = await enterEmployer(officer);
    const tomorrow = addDays(todayInVietnam(), 1);
    const isPast = { errors: [{ pointer: '/closedOn', code: 'isPast' }] };
    const close = (closedOn: string) => officer.post(`/v1/employers/${id}/closure`, { closedOn });
    const correct = (closedOn: string | null, client = officer) =>
      client.post(`/v1/employers/${id}/closure/correction`, { closedOn, basis: 'CV 3/KHĐT' });
    expect((await close(tomorrow).expect(400)).body).toMatchObject(isPast);
    expect(codeOf(await correct(null).expect(409))).toBe('EMPLOYER_NOT_CLOSED');
    await close(todayInVietnam()).expect(201);
    expect((await correct(tomorrow).expect(400)).body).toMatchObject(isPast);
    await correct(null, elsewhere).expect(404);
    expect((await correct('2025-01-02').expect(201)).body).toMatchObject({ closedOn: '2025-01-02' });
    expect((await correct(null).expect(201)).body).toMatchObject({ closedOn: null, version: 4 });
    const { id: personId } = await enterPerson(officer);
    await officer.post(`/v1/employers/${id}/workers`, { personId, contractFrom: '2025-02-01' }).expect(201);
    const facts = (await harness.dataSource.query(
      `SELECT facts FROM audit_event WHERE subject = $1 AND verb = 'employer.close.correct' ORDER BY seq`,
      [`employer/${id}`],
    )) as object[];
    expect(facts.at(-1)).toEqual({ facts: { was: '2025-01-02', closedOn: null, basis: 'CV 3/KHĐT' } });
  });

  test('has workers, page by page', async () => {
    const id = await enterEmployer(officer);
    for (let worker = 0; worker < 3; worker += 1) {
      const { id: personId } = await enterPerson(officer);
      const contract = { personId, contractFrom: '2022-01-01', insuredFrom: '2022-02-01' };
      await officer.post(`/v1/employers/${id}/workers`, contract).expect(201);
    }
    const first = await officer.get(`/v1/employers/${id}/workers?limit=2`).expect(200);
    const { items, next } = first.body as { items: object[]; next: string };
    const second = await officer.get(`/v1/employers/${id}/workers?limit=2&after=${next}`).expect(200);
    expect([items, second.body]).toMatchObject([
      [{ insuredFrom: '2022-02-01' }, {}],
      { items: [{ contractUntil: null }], next: null },
    ]);
  });

  test('ends a contract once, earlier than was agreed, after it began', async () => {
    const id = await enterEmployer(officer);
    const { id: personId } = await enterPerson(officer);
    const contract = { personId, contractFrom: '2022-01-01', contractUntil: '2023-01-01' };
    await officer.post(`/v1/employers/${id}/workers`, contract).expect(201);
    const { body } = await officer.get(`/v1/employers/${id}/workers`).expect(200);
    const [employment] = (body as { items: { id: string }[] }).items;
    const end = (days: object, of = id) =>
      officer.post(`/v1/employers/${of}/workers/${employment!.id}/end`, days);

    expect(codeOf(await end({ contractUntil: '2022-01-01' }).expect(422))).toBe('EMPLOYMENT_DAYS');
    const uninsured = await end({ contractUntil: '2022-06-01', insuredUntil: '2022-06-01' }).expect(422);
    expect(uninsured.body).toMatchObject({ errors: [{ pointer: '/insuredUntil' }] });
    expect(codeOf(await end({ contractUntil: '2023-01-01' }).expect(409))).toBe('EMPLOYMENT_ENDED');
    expect(codeOf(await end({ contractUntil: '2022-06-01' }, await enterEmployer(officer)).expect(404))).toBe(
      'EMPLOYMENT_NOT_FOUND',
    );
    expect((await end({ contractUntil: '2022-01-02' }).expect(201)).body).toMatchObject({
      id: employment!.id,
      contractUntil: '2022-01-02',
      insuredUntil: null,
    });
    expect(codeOf(await end({ contractUntil: '2022-01-02' }).expect(409))).toBe('EMPLOYMENT_ENDED');
  });

  test('is told with its workers of a day: from the first day of a contract to its last, and of the employer', async () => {
    const id = await enterEmployer(officer);
    const [employed, idle] = [await enterPerson(officer), await enterPerson(officer)];
    const days = { contractFrom: '2022-03-01', contractUntil: '2022-09-01', insuredFrom: '2022-04-01' };
    await officer.post(`/v1/employers/${id}/workers`, { personId: employed.id, ...days }).expect(201);
    const people = [idle.id, employed.id, randomUUID()];
    const contractsOn = async (on: string, client = officer) => {
      const { body } = await client.post('/v1/employments/lookups', { on, people }).expect(200);
      return (body as { items: EmployedPerson[] }).items.map(({ personId, contracts }) => [
        personId,
        contracts,
      ]);
    };
    const contract = { employerId: id, ...days, insuredUntil: null };
    const none = [
      [idle.id, []],
      [employed.id, []],
    ];
    const found = [
      [idle.id, []],
      [employed.id, [contract]],
    ];
    expect(await contractsOn('2022-02-28')).toEqual(none);
    expect(await contractsOn('2022-03-01')).toEqual(found);
    expect(await contractsOn('2022-08-31')).toEqual(found);
    expect(await contractsOn('2022-09-01')).toEqual(none);
    expect(await contractsOn('2022-08-31', elsewhere)).toEqual([]);
    await officer.post(`/v1/employers/${id}/closure`, { closedOn: '2022-07-31' }).expect(201);
    expect(await contractsOn('2022-07-31')).toEqual(found);
    expect(await contractsOn('2022-08-01')).toEqual(none);
  });

  test('is told by whoever he is since two records of him were merged', async () => {
    const id = await enterEmployer(officer);
    const kept = await enterPerson(officer);
    const { id: absorbed } = await enterPerson(officer, { citizenNumber: undefined });
    await officer
      .post(`/v1/employers/${id}/workers`, { personId: absorbed, contractFrom: '2022-01-01' })
      .expect(201);
    await merged(kept.id, absorbed);
    const { body } = await officer
      .post('/v1/employments/lookups', { on: '2022-06-01', people: [absorbed, kept.id] })
      .expect(200);
    const contracts = [{ employerId: id, contractFrom: '2022-01-01' }];
    expect((body as { items: object[] }).items).toMatchObject([
      { personId: absorbed, standsForId: kept.id, diedOn: null, contracts },
      { personId: kept.id, standsForId: kept.id, diedOn: null, contracts },
    ]);
  });
});
