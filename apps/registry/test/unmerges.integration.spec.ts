import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { violatedConstraint } from '@ansinh/database';
import type { PlayedClient } from '@ansinh/testing';
import { type Harness, startHarness } from './harness.js';
import { account, codeOf, merging } from './merging.js';
import { enterPerson, formHousehold } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let province: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  province = await harness.as({ sub: 'province', office: '27' });
});
afterAll(() => harness.stop());

const { seen, merge, merged, undo, lookUp, fact, heldOn, twoRecords } = merging(() => officer);

const tables = [
  'person',
  'person_number',
  'person_residence',
  'person_fact',
  'person_account',
  'household',
  'household_member',
  'household_class',
  'employment',
  'dossier',
  'dossier_move',
];

/** A digest of every row of every table; versions, which only rise, apart. */
async function everyRow(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of tables) {
    const [row] = (await harness.dataSource.query(
      `SELECT md5(string_agg(said, E'\\n' ORDER BY said)) AS digest
       FROM (SELECT (to_jsonb(line) ${table === 'person' ? "- 'version'" : ''})::text AS said FROM ${table} line) lines`,
    )) as { digest: string }[];
    digests[table] = row!.digest;
  }
  return digests;
}

describe('a merge that is undone', () => {
  test('gives back every row as it was', async () => {
    const { one, other } = await twoRecords();
    await fact(one.id, 'mild');
    await fact(other.id, 'severe');
    await formHousehold(officer, one.id);
    await formHousehold(officer, other.id);
    await officer.post(`/v1/people/${other.id}/death`, { diedOn: '2024-05-01', basis: 'TLKT 1' }).expect(201);
    const before = await everyRow();
    const choices = ['disabilityLevel', 'household', 'death'].map((kind) => ({ kind, keep: 'absorbed' }));
    const mergeId = await merged(one.id, other.id, { choices });
    expect((await everyRow())['person']).not.toBe(before['person']);
    expect(await undo(one.id, mergeId)).toMatchObject({ status: 201, body: { survivorId: one.id } });
    expect(await everyRow()).toEqual(before);
    expect([await heldOn(one.id), await heldOn(other.id)]).toEqual([['mild'], ['severe']]);
    expect(await lookUp(other.citizenNumber)).toBe(other.id);
    expect(codeOf(await undo(one.id, mergeId))).toEqual([409, 'MERGE_UNDONE']);
    const { body } = await officer.get(`/v1/people/${other.id}/merges`).expect(200);
    expect(body).toMatchObject({ items: [{ id: mergeId, choices, undone: { reason: 'Hai người' } }] });
    // And may be merged again, the other way round.
    await merged(other.id, one.id, { choices });
    expect(await lookUp(one.citizenNumber)).toBe(other.id);
  });

  test('what was recorded in between stays with the record that stayed, and is told', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    await officer.post(`/v1/people/${other.id}/accounts`, account).expect(201);
    const mergeId = await merged(one.id, other.id);
    await fact(one.id, 'mild');
    const [kept] = (await seen(one.id)).accounts;
    await officer
      .post(`/v1/people/${one.id}/accounts/${kept!.id}/verdict`, { state: 'verified' })
      .expect(201);
    // All records of a person move with him.
    await officer
      .post(`/v1/people/${one.id}/residences`, { placeCode: '09169', validFrom: '2025-08-01' })
      .expect(201);
    const reply = await undo(one.id, mergeId);
    expect(reply).toMatchObject({
      status: 201,
      body: { recordedSince: { fact: 1, residence: 1, account: 0, number: 0 } },
    });
    expect([await heldOn(one.id), await heldOn(other.id)]).toEqual([['mild'], []]);
    expect((await seen(other.id)).accounts).toMatchObject([{ id: kept!.id, state: 'verified' }]);
  });

  test('a death that changed since cannot be undone', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    await officer.post(`/v1/people/${one.id}/death`, { diedOn: '2024-05-01', basis: 'TLKT 1' }).expect(201);
    const mergeId = await merged(one.id, other.id, { choices: [{ kind: 'death', keep: 'absorbed' }] });
    await officer.post(`/v1/people/${one.id}/death`, { diedOn: '2024-06-01', basis: 'TLKT 2' }).expect(201);
    expect(codeOf(await undo(one.id, mergeId))).toEqual([409, 'MERGE_DEATH_CHANGED']);
  });

  test('a death that was corrected to what it was before the merge can be undone', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    await officer.post(`/v1/people/${other.id}/death`, { diedOn: '2024-05-01', basis: 'TLKT 1' }).expect(201);
    const mergeId = await merged(one.id, other.id, { choices: [{ kind: 'death', keep: 'absorbed' }] });
    const correct = (diedOn: string | null) =>
      officer.post(`/v1/people/${one.id}/death/correction`, { diedOn, basis: 'TLKT 2' }).expect(201);
    await correct('2024-06-01');
    expect(codeOf(await undo(one.id, mergeId))).toEqual([409, 'MERGE_DEATH_CHANGED']);
    await correct(null);
    expect(await undo(one.id, mergeId)).toMatchObject({ status: 201 });
    expect([(await seen(one.id)).diedOn, (await seen(other.id)).diedOn]).toEqual([null, '2024-05-01']);
  });

  test('of a chain the last merge first', async () => {
    const people = [await enterPerson(officer), await enterPerson(officer), await enterPerson(officer)];
    const [a, b, c] = people.map(({ id }) => id) as [string, string, string];
    const before = await everyRow();
    const first = await merged(b, a);
    const between = await everyRow();
    const second = await merged(c, b);
    for (const { citizenNumber } of people) expect(await lookUp(citizenNumber)).toBe(c);
    expect([(await seen(a)).mergedInto, (await seen(b)).mergedInto]).toEqual([c, c]);
    // No circle, no second survivor, and not what lies below.
    expect(codeOf(await merge(a, c))).toEqual([409, 'PERSON_MERGED']);
    expect(codeOf(await merge(c, b))).toEqual([409, 'PERSON_MERGED']);
    expect(codeOf(await undo(b, first))).toEqual([409, 'PERSON_MERGED']);
    expect(await undo(c, second)).toMatchObject({ status: 201 });
    expect(await everyRow()).toEqual(between);
    expect(await lookUp(people[0]!.citizenNumber)).toBe(b);
    expect(await undo(b, first)).toMatchObject({ status: 201 });
    expect(await everyRow()).toEqual(before);
  });
});

describe('a merge is', () => {
  test('refused for versions that are not those, itself, and a record without a number', async () => {
    const [one, child] = [
      await enterPerson(officer),
      await enterPerson(officer, { citizenNumber: undefined }),
    ];
    const sent = { absorbedId: child.id, absorbedVersion: 1, reason: 'x' };
    const send = (id: string, over: object, tag = '"1"') =>
      officer.post(`/v1/people/${id}/merges`, { ...sent, ...over }).set('if-match', tag);
    expect(codeOf(await officer.post(`/v1/people/${one.id}/merges`, sent))).toEqual([
      428,
      'PRECONDITION_REQUIRED',
    ]);
    expect(codeOf(await send(one.id, {}, '"2"'))).toEqual([412, 'PRECONDITION_FAILED']);
    expect(codeOf(await send(one.id, { absorbedVersion: 2 }))).toEqual([412, 'PRECONDITION_FAILED']);
    expect(codeOf(await send(one.id, { absorbedId: one.id }))).toEqual([422, 'MERGE_WITH_ITSELF']);
    expect(codeOf(await merge(child.id, one.id))).toEqual([422, 'MERGE_SURVIVOR_WITHOUT_NUMBER']);
    expect(codeOf(await undo(one.id, randomUUID()))).toEqual([404, 'MERGE_NOT_FOUND']);
    const writer = await harness.as({
      sub: 'writer',
      office: '256',
      permissions: ['registry:read', 'registry:write'],
    });
    expect(codeOf(await merge(one.id, child.id, { client: writer }))).toEqual([403, 'FORBIDDEN']);
  });

  test('made once: the same key again gives the first answer', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    const key = randomUUID();
    const body = { absorbedId: other.id, absorbedVersion: 1, reason: 'x' };
    const send = () =>
      officer.post(`/v1/people/${one.id}/merges`, body, key).set('if-match', '"1"').expect(201);
    const [first, again] = [await send(), await send()];
    expect(again.body).toEqual(first.body);
    const audit = (await harness.dataSource.query(
      `SELECT facts, before_digest <> after_digest AS "isChanged" FROM audit_event WHERE subject = $1 AND verb = 'person.merge'`,
      [`person/${one.id}`],
    )) as object[];
    expect(audit).toEqual([
      { facts: expect.objectContaining({ absorbedId: other.id, reason: 'x' }) as object, isChanged: true },
    ]);
  });

  test('of many at once that touch one record one alone', async () => {
    const [a, b, c, d] = await Promise.all(Array.from({ length: 4 }, () => enterPerson(officer)));
    const pairs = [
      [a, b],
      [b, a],
      [c, b],
      [d, b],
      [b, d],
    ] as const;
    const replies = await Promise.all(
      pairs.map(([survivor, absorbed]) =>
        officer
          .post(`/v1/people/${survivor!.id}/merges`, {
            absorbedId: absorbed!.id,
            absorbedVersion: 1,
            reason: 'x',
          })
          .set('if-match', '"1"'),
      ),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const reply of replies.filter(({ status }) => status !== 201))
      expect([409, 412]).toContain(reply.status);
  });

  test('for those who see both: the absorbed record goes with the other, and comes back', async () => {
    const tuSon = await harness.as({ sub: 'tuSon', office: '261' });
    const theirs = await enterPerson(tuSon, { residence: { placeCode: '09367', validFrom: '2022-01-01' } });
    const mine = await enterPerson(officer);
    const before = await everyRow();
    const body = { absorbedId: theirs.id, absorbedVersion: 1, reason: 'x' };
    for (const client of [officer, tuSon]) {
      const reply = client.post(`/v1/people/${mine.id}/merges`, body).set('if-match', '"1"');
      expect(codeOf(await reply)).toEqual([404, 'PERSON_NOT_FOUND']);
    }
    const mergeId = await merged(mine.id, theirs.id, { client: province });
    await tuSon.get(`/v1/people/${theirs.id}`).expect(404);
    expect((await seen(theirs.id)).placeCode).toBe('09169');
    expect(await lookUp(theirs.citizenNumber)).toBe(mine.id);
    expect(await undo(mine.id, mergeId)).toMatchObject({ status: 201 });
    await officer.get(`/v1/people/${theirs.id}`).expect(404);
    expect((await seen(theirs.id, tuSon)).placeCode).toBe('09367');
    expect(await everyRow()).toEqual(before);
  });
});

test('the database itself lets nobody stand for another by way of a third', async () => {
  const people = [await enterPerson(officer), await enterPerson(officer), await enterPerson(officer)];
  const [a, b, c] = people.map(({ id }) => id) as [string, string, string];
  const point = (from: string, to: string) =>
    harness.dataSource.query('UPDATE person SET survivor_id = $2 WHERE id = $1', [from, to]);
  await point(a, b);
  for (const [from, to] of [
    [b, c],
    [c, a],
    [b, a],
  ] as const)
    expect(await point(from, to).catch((error: unknown) => violatedConstraint(error))).toBe(
      'person_survivor_stands',
    );
  expect(await point(c, c).catch((error: unknown) => violatedConstraint(error))).toBe(
    'person_survivor_another',
  );
});
