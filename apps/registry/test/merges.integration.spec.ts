import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PlayedClient, statedPurpose } from '@ansinh/testing';
import supertest from 'supertest';
import { type Harness, startHarness } from './harness.js';
import { account, codeOf, merging, type Seen } from './merging.js';
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

const { seen, merge, merged, undo, lookUp, fact, heldOn, twoRecords } = merging(() => officer);

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

  test('is found by the name of either record, once, and the answer says by which', async () => {
    const birth = { birthYear: 1932, bornOn: '1932-05-06' };
    const one = await enterPerson(officer, { name: 'Lều Thị Giữ', ...birth });
    const other = await enterPerson(officer, { name: 'Lều Thị Gộp', ...birth });
    const third = await enterPerson(officer, { name: 'Lều Thị Gốp', birthYear: 1933, bornOn: '1933-05-06' });
    for (const { id } of [other, third]) await merged(one.id, id);
    /** Names that only look alike may come behind. */
    const found = async (query: string, client = officer) => {
      const { body } = await client.get(`/v1/people?${query}`).expect(200);
      return (body as { items: { id: string; name: string; foundByName: string | null }[] }).items
        .filter(({ id }) => [one.id, other.id, third.id].includes(id))
        .map(({ id, name, foundByName }) => [id, name, foundByName]);
    };
    const [asHimself, asOther] = [null, 'Lều Thị Gộp'].map((by) => [[one.id, 'Lều Thị Giữ', by]]);
    expect(await found('q=leu+thi+gop')).toEqual(asOther);
    expect(await found('q=leu+thi+giu')).toEqual(asHimself);
    // His own name fits, and those of the others: he is shown once.
    expect(await found('q=leu+thi')).toEqual(asHimself);
    expect(await found('q=ltg&limit=1')).toEqual(asHimself);
    // By his own year the third record would not be found, and by that year he is.
    expect(await found('q=leu+thi+1933')).toEqual([[one.id, 'Lều Thị Giữ', 'Lều Thị Gốp']]);
    const other261 = await harness.as({ sub: 'other', office: '261' });
    expect(await found('q=leu+thi+gop', other261)).toEqual([]);
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
    const leave = (household: string, personId: string) =>
      officer.post(`/v1/households/${household}/departures`, { personId, validUntil: '2024-01-01' });
    expect(codeOf(await leave(mine, one.id))).toEqual([409, 'HEAD_STAYS']);
    expect(codeOf(await leave(theirs, other.id))).toEqual([409, 'NOT_A_MEMBER']);
    await leave(theirs, one.id).expect(201);
    await joinHousehold(officer, third, one.id).expect(201);
  });
});
