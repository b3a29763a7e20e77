import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { violatedConstraint } from '@ansinh/database';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';
import supertest from 'supertest';
import { present } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { enterEmployer, enterPerson, formHousehold, joinHousehold, newPerson } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let province: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  province = await harness.as({ sub: 'province', office: '27' });
});
afterAll(() => harness.stop());

interface Seen {
  id: string;
  version: number;
  mergedInto: string | null;
  placeCode: string;
  diedOn: string | null;
  numbers: { number: string; originId: string }[];
  residences: { originId: string }[];
  accounts: { id: string; originId: string }[];
}

const seen = async (id: string, client = officer) =>
  (await client.get(`/v1/people/${id}`).expect(200)).body as Seen;

interface Sent {
  client?: PlayedClient;
  choices?: object[];
  key?: string;
}

/** Merges the second into the first, by the versions that both have now. The reply is not judged. */
async function merge(survivor: string, absorbed: string, { client = officer, choices = [], key }: Sent = {}) {
  const { version } = await seen(survivor, client);
  const { version: absorbedVersion } = await seen(absorbed, client);
  const body = { absorbedId: absorbed, absorbedVersion, reason: 'Một người hai hồ sơ', choices };
  return client.post(`/v1/people/${survivor}/merges`, body, key).set('if-match', `"${version}"`);
}

async function merged(survivor: string, absorbed: string, sent: Sent = {}): Promise<string> {
  const reply = await merge(survivor, absorbed, sent);
  expect(reply).toMatchObject({ status: 201, body: { survivorId: survivor, absorbedId: absorbed } });
  return (reply.body as { mergeId: string }).mergeId;
}

async function undo(survivor: string, mergeId: string, client = officer) {
  const { version } = await seen(survivor, client);
  const reply = client.post(`/v1/people/${survivor}/merges/${mergeId}/undoing`, { reason: 'Hai người' });
  return reply.set('if-match', `"${version}"`);
}

const lookUp = async (number: string, client = officer) =>
  ((await client.post('/v1/people/lookups', { number }).expect(200)).body as { id: string }).id;

const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  [status, (body as { code?: string }).code] as const;

const fact = (id: string, value: string | null, over: object = {}) =>
  officer
    .post(`/v1/people/${id}/facts`, {
      kind: 'disabilityLevel',
      value,
      basis: 'GXN 1',
      validFrom: '2020-01-01',
      ...over,
    })
    .expect(201);

const heldOn = async (id: string, query = 'on=2022-01-01') =>
  (
    (await officer.get(`/v1/people/${id}/facts?${query}`).expect(200)).body as { items: { value: string }[] }
  ).items.map(({ value }) => value);

const account = {
  bankBin: '970405',
  account: '2600205000001',
  holder: 'NGUYEN THI HOA',
  validFrom: '2022-01-01',
};

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

/** Two records with all that a record can have. */
async function twoRecords() {
  const one = await enterPerson(officer, { name: 'Nguyễn Thị Hoà', oldNumber: '125000011' });
  const other = await enterPerson(officer, { name: 'Nguyễn Thị Hoa', oldNumber: '125000012' });
  for (const { id } of [one, other]) {
    await officer.post(`/v1/people/${id}/accounts`, account).expect(201);
    const employer = await enterEmployer(officer);
    const contract = { personId: id, contractFrom: '2022-01-01' };
    await officer.post(`/v1/employers/${employer}/workers`, contract).expect(201);
    await present(officer, { applicant: { name: 'Nguyễn Thị Hoà', personId: id } });
  }
  return { one, other };
}

describe('one person of two records', () => {
  test('keeps both histories, and is found by every number', async () => {
    const { one, other } = await twoRecords();
    await fact(other.id, 'severe');
    await merged(one.id, other.id);
    const view = await seen(one.id);
    expect(view.mergedInto).toBeNull();
    expect(view.numbers.map(({ originId }) => originId).toSorted()).toEqual(
      [one.id, other.id, other.id].toSorted(),
    );
    for (const kept of [view.residences, view.accounts])
      expect(kept.map(({ originId }) => originId).toSorted()).toEqual([one.id, other.id].toSorted());
    expect(await heldOn(one.id)).toEqual(['severe']);
    for (const number of [one.citizenNumber, other.citizenNumber, '125000011', '125000012'])
      expect(await lookUp(number)).toBe(one.id);
    const { body } = await officer.get(`/v1/dossiers?personId=${one.id}`).expect(200);
    const dossiers = (body as { items: { personId: string }[] }).items;
    expect(dossiers.map(({ personId }) => personId)).toEqual([one.id, one.id]);
    // The absorbed record is still there, and says whom to ask.
    expect(await seen(other.id)).toMatchObject({ mergedInto: one.id, name: 'Nguyễn Thị Hoa' });
    // With its own number, whole, for a purpose alone.
    const whole = await officer.get(`/v1/people/${one.id}`).set(statedPurpose).expect(200);
    expect((whole.body as Seen).numbers.map(({ number }) => number)).toContain(other.citizenNumber);
    expect(JSON.stringify(view)).not.toContain(other.citizenNumber);
  });

  test('is one in a search, whatever is typed', async () => {
    const birth = { birthYear: 1931, bornOn: '1931-05-06' };
    const one = await enterPerson(officer, { name: 'Khổng Thị Gộp', ...birth });
    const other = await enterPerson(officer, { name: 'Khổng Thị Gộp', ...birth });
    const found = async (query: string) =>
      ((await officer.get(`/v1/people?${query}`).expect(200)).body as { items: { id: string }[] }).items.map(
        ({ id }) => id,
      );
    expect((await found('q=khong+thi+gop')).toSorted()).toEqual([one.id, other.id].toSorted());
    await merged(one.id, other.id);
    for (const query of ['q=khong+thi+gop', 'q=ktg&birthYear=1931', 'birthYear=1931'])
      expect(await found(query)).toEqual([one.id]);
  });

  test('is asked for once in the graph, and no reference leads nowhere', async () => {
    const { one, other } = await twoRecords();
    const keys = await Promise.all(
      [one, other].map(async ({ id }) => (await seen(id)) as Seen & { numberKey: string }),
    );
    await merged(one.id, other.id);
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person {
      id mergedInto { id } employments { contractFrom } dossiers(first: 5) { edges { node { person { id } } } } } } }`;
    const of = [{ id: other.id }, { id: one.id }, ...keys.map(({ numberKey }) => ({ numberKey }))];
    const { body } = await supertest(harness.app.getHttpServer())
      .post('/graphql')
      .set('authorization', `Bearer ${officer.token}`)
      .send({ query, variables: { of: of.map((key) => ({ __typename: 'Person', ...key })) } });
    const whole = {
      id: one.id,
      mergedInto: null,
      employments: [{}, {}],
      dossiers: { edges: Array(2).fill({ node: { person: { id: one.id } } }) as object[] },
    };
    expect(body).toMatchObject({
      data: { _entities: [{ id: other.id, mergedInto: { id: one.id } }, whole, whole, whole] },
    });
  });

  test('is not changed by way of the absorbed record', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    const household = await formHousehold(officer, (await enterPerson(officer)).id);
    const employer = await enterEmployer(officer);
    await merged(one.id, other.id);
    const { residence: _, citizenNumber: __, ...fields } = newPerson();
    const refused = [
      officer.put(`/v1/people/${other.id}`, fields).set('if-match', '"2"'),
      officer.post(`/v1/people/${other.id}/accounts`, account),
      officer.post(`/v1/people/${other.id}/death`, { diedOn: '2022-01-01', basis: 'TLKT 1' }),
      joinHousehold(officer, household, other.id),
      officer.post('/v1/households', { headId: other.id, validFrom: '2022-01-01' }),
      officer.post(`/v1/employers/${employer}/workers`, { personId: other.id, contractFrom: '2022-01-01' }),
    ];
    for (const request of refused)
      expect((await request.expect(409)).body).toMatchObject({ code: 'PERSON_MERGED', mergedInto: one.id });
  });

  test('is told to those who follow, with all numbers as one person’s', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    const [first, second] = [await seen(one.id), await seen(other.id)] as (Seen & { numberKey: string })[];
    const read = async () => {
      const { body } = await province.get('/v1/events?limit=5000').expect(200);
      return (
        body as { items: { type: string; data: { id: string; numberKeys: string[]; mergedInto: string } }[] }
      ).items;
    };
    const before = (await read()).length;
    const mergeId = await merged(one.id, other.id);
    const numberKeys = [first!.numberKey, second!.numberKey];
    expect((await read()).slice(before)).toMatchObject([
      { type: 'person.merged', data: { id: one.id, numberKeys, mergedInto: null } },
      { type: 'person.merged', data: { id: other.id, numberKeys: [], mergedInto: one.id } },
    ]);
    expect(await undo(one.id, mergeId)).toMatchObject({ status: 201 });
    expect((await read()).slice(before + 2)).toMatchObject([
      { type: 'person.unmerged', data: { id: other.id, numberKeys: [numberKeys[1]], mergedInto: null } },
      { type: 'person.unmerged', data: { id: one.id, numberKeys: [numberKeys[0]], mergedInto: null } },
    ]);
  });

  test('in a list that is looked up, and in one that enters', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    await fact(other.id, 'mild');
    const household = await formHousehold(officer, other.id);
    await officer
      .post(`/v1/households/${household}/classes`, { year: 2022, class: 'poor', basis: 'QĐ 1' })
      .expect(201);
    await merged(one.id, other.id);
    const { text } = await officer
      .upload(
        '/v1/people/bulk-lookups?on=2022-06-01',
        `number\n${other.citizenNumber}\n${one.citizenNumber}\n`,
        'text/csv',
      )
      .set(statedPurpose)
      .buffer(true)
      .parse((response, done) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => done(null, text));
      })
      .expect(200)
      .then(({ body }) => ({ text: body as string }));
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const found = { personId: one.id, facts: { disabilityLevel: 'mild' }, povertyClass: 'poor' };
    expect(answers).toMatchObject([found, found]);

    const rows = `Mã hộ;Số định danh;Quan hệ với chủ hộ;Từ ngày\nH1;${one.citizenNumber};Chủ hộ;01/02/2024\n`;
    const { body } = await officer.upload('/v1/imports?kind=households', rows, 'text/csv').expect(201);
    expect(body).toMatchObject({
      findings: [{ code: 'MEMBER_ELSEWHERE', isBlocking: true, rows: 1 }],
    });
    const employer = await enterEmployer(officer);
    const { body: firm } = await officer.get(`/v1/employers/${employer}`).expect(200);
    const contracts = `taxCode,citizenNumber,contractFrom\n${(firm as { taxCode: string }).taxCode},${other.citizenNumber},2022-01-01\n`;
    const list = await officer.upload('/v1/imports?kind=employment', contracts, 'text/csv').expect(201);
    await officer.post(`/v1/imports/${(list.body as { id: string }).id}/chunks`, {}).expect(201);
    const workers = await officer.get(`/v1/employers/${employer}/workers`).expect(200);
    expect(workers.body).toMatchObject({ items: [{ personId: one.id }] });
  });
});

describe('what contradicts', () => {
  test('is shown, and has to be chosen; what was not chosen does not hold, and is not lost', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    await fact(one.id, 'mild');
    await fact(other.id, 'severe', { validFrom: '2021-01-01' });
    const proposal = await officer
      .get(`/v1/people/${one.id}/merge-proposal?absorbedId=${other.id}`)
      .expect(200);
    const contradictions = [
      {
        kind: 'disabilityLevel',
        survivor: [{ value: 'mild', validFrom: '2020-01-01', validUntil: null, basis: 'GXN 1' }],
        absorbed: [{ value: 'severe', validFrom: '2021-01-01', validUntil: null, basis: 'GXN 1' }],
      },
    ];
    expect(proposal.body).toMatchObject({ contradictions });
    const undecided = await merge(one.id, other.id);
    expect(undecided).toMatchObject({ status: 422, body: { code: 'MERGE_UNDECIDED', contradictions } });
    const tooMany = [
      { kind: 'disabilityLevel', keep: 'absorbed' },
      { kind: 'death', keep: 'absorbed' },
    ];
    expect(codeOf(await merge(one.id, other.id, { choices: tooMany }))).toEqual([422, 'MERGE_UNDECIDED']);
    const before = new Date().toISOString();
    await merged(one.id, other.id, { choices: tooMany.slice(0, 1) });
    expect(await heldOn(one.id)).toEqual(['severe']);
    expect(await heldOn(one.id, 'on=2020-06-01')).toEqual([]);
    // What was known before the merge is still what was known then.
    expect(await heldOn(one.id, `on=2022-01-01&knownAt=${before}`)).toEqual(['mild']);
    const { body } = await officer.get(`/v1/people/${one.id}/facts`).expect(200);
    expect(body).toMatchObject({
      items: [
        { value: 'severe', originId: other.id, isSetAside: false },
        { value: 'mild', originId: one.id, isSetAside: true },
      ],
    });
    // What is recorded from now on holds.
    await fact(one.id, 'exceptionallySevere', { validFrom: '2022-01-01' });
    expect(await heldOn(one.id)).toEqual(['exceptionallySevere']);
  });

  test('a death: the day that is chosen is the person’s', async () => {
    const [one, other] = [await enterPerson(officer), await enterPerson(officer)];
    await officer.post(`/v1/people/${other.id}/death`, { diedOn: '2024-05-01', basis: 'TLKT 1' }).expect(201);
    const mergeId = await merged(one.id, other.id, { choices: [{ kind: 'death', keep: 'absorbed' }] });
    expect((await seen(one.id)).diedOn).toBe('2024-05-01');
    expect(await undo(one.id, mergeId)).toMatchObject({ status: 201 });
    expect((await seen(one.id)).diedOn).toBeNull();
    expect((await seen(other.id)).diedOn).toBe('2024-05-01');
  });

  test('two households: one is chosen, and a head of others is not taken from them', async () => {
    const [one, other, child] = [
      await enterPerson(officer),
      await enterPerson(officer),
      await enterPerson(officer),
    ];
    const [mine, theirs] = [await formHousehold(officer, one.id), await formHousehold(officer, other.id)];
    await joinHousehold(officer, theirs, child.id).expect(201);
    expect(codeOf(await merge(one.id, other.id))).toEqual([422, 'MERGE_UNDECIDED']);
    const keepSurvivor = [{ kind: 'household', keep: 'survivor' }];
    expect(codeOf(await merge(one.id, other.id, { choices: keepSurvivor }))).toEqual([
      409,
      'MERGE_HEAD_OF_HOUSEHOLD',
    ]);
    await merged(one.id, other.id, { choices: [{ kind: 'household', keep: 'absorbed' }] });
    const members = async (household: string) =>
      (await officer.get(`/v1/households/${household}`).expect(200)).body as {
        headId: string;
        members: object[];
      };
    expect(await members(mine)).toMatchObject({ headId: one.id, members: [] });
    expect(await members(theirs)).toMatchObject({
      headId: one.id,
      members: [{ personId: one.id }, { personId: child.id }],
    });
    const third = await formHousehold(officer, (await enterPerson(officer)).id);
    expect(codeOf(await joinHousehold(officer, third, one.id))).toEqual([409, 'MEMBER_ELSEWHERE']);
    // He is its head by whichever record: the household chooses another, and he leaves it.
    const head = {
      headId: child.id,
      validFrom: '2023-01-01',
      relations: [{ personId: one.id, relation: 'other' }],
    };
    await officer.post(`/v1/households/${theirs}/head`, head).expect(201);
    expect(await members(theirs)).toMatchObject({ headId: child.id });
  });
});

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
