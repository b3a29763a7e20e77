import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { register } from 'prom-client';
import { DataSource } from 'typeorm';
import type { RegisteredPerson, RegistryEvent, RegistryEventPage } from '@ansinh/client';
import { CursorUnknown, type RegistryFollower } from '@ansinh/events';
import type { PlayedClient } from '@ansinh/testing';
import type { BeneficiaryHistory } from '../src/beneficiary/beneficiary.dto.js';
import { dataSourceOptions } from '../src/data-source.js';
import { registryFollower } from '../src/registry/registry-follower.js';
import type { RegistryNoticePage, RegistryNoticeView } from '../src/registry/registry-notice.dto.js';
import type { ChangeView } from '../src/run/change.dto.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, changesOf, decidedMonth, disabled, entered } from './month.js';

let harness: Harness;
/** Under the login of the service, as in the worker. */
let service: DataSource;
let commune: PlayedClient;
let neighbour: PlayedClient;
let maker: PlayedClient;
let checker: PlayedClient;
let follower: RegistryFollower;
beforeAll(async () => {
  harness = await startHarness();
  service = await new DataSource(dataSourceOptions(harness.database.serviceUrl)).initialize();
  follower = newFollower();
  [commune, neighbour, maker, checker] = await Promise.all([
    harness.as({ sub: 'commune', office: '256', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'neighbour', office: '261', permissions: ['support:apply', 'support:read'] }),
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'checker' }),
  ]);
});
afterAll(async () => {
  await service.destroy();
  await harness.stop();
});

/** As after a restart: it knows nothing but what stands in the database. */
const newFollower = () =>
  registryFollower(service, {
    issuer: 'http://issuer.test',
    registryUrl: null,
    registryMs: 1,
    registryClientId: 'x',
    registryClientSecret: 'x',
  });

type PersonEventType = Extract<RegistryEvent, { data: RegisteredPerson }>['type'];

/** Events as the registry tells them: with each the record as it stands when it is read. */
class PlayedRegistry {
  readonly people = new Map<string, RegisteredPerson>();
  private events: { id: string; type: PersonEventType; of: string }[] = [];
  pageSize = 100;
  reads = 0;

  tell(type: PersonEventType, person: Partial<RegisteredPerson> & { id: string }): void {
    const known = this.people.get(person.id);
    const unknown = {
      mergedInto: null,
      numberKeys: [],
      formerNumberKeys: [],
      name: 'Trần Văn Bình',
      placeCode: '09169',
      residentFrom: '2020-01-01',
      diedOn: null,
    };
    this.people.set(person.id, { ...unknown, ...known, ...person });
    this.events.push({ id: randomUUID(), type, of: person.id });
  }

  /** A backup came back. */
  forgetAfter(events: number): void {
    this.events = this.events.slice(0, events);
  }

  after(cursor: string | null): Promise<RegistryEventPage> {
    this.reads += 1;
    const [at, id] = cursor === null ? [0] : cursor.split(' ');
    if (cursor !== null && this.events[Number(at) - 1]?.id !== id)
      return Promise.reject(new CursorUnknown('no such event'));
    const told = this.events.slice(Number(at), Number(at) + this.pageSize);
    const items = told.map((event) => ({
      id: event.id,
      time: '2026-11-03T00:00:00.000Z',
      type: event.type,
      data: this.people.get(event.of)!,
    }));
    const next = Number(at) + told.length;
    return Promise.resolve({
      items,
      next: told.length === 0 ? cursor : `${next} ${told.at(-1)!.id}`,
      isLast: next === this.events.length,
    });
  }
}
const registry = new PlayedRegistry();
const follow = () => follower.follow(registry);

const severe = disabled('severe', '1980-01-01');

/** A beneficiary, and the person of the registry who has his number. */
async function known(over: object = {}, person: Partial<RegisteredPerson> = {}) {
  const one = await entered(commune, severe, { appliesFrom: '2022-03', ...over });
  const id = randomUUID();
  registry.tell('person.registered', { id, numberKeys: [one.personKey], ...person });
  await follow();
  return { ...one, person: id };
}

const query = async <Row>(sql: string, ...values: unknown[]) =>
  (await harness.dataSource.query(sql, values)) as Row[];

const noticesOf = async (id: string, client = maker): Promise<RegistryNoticeView[]> => {
  const { body } = await client.get('/v1/registry-notices?limit=500').expect(200);
  return (body as RegistryNoticePage).items.filter(({ beneficiaryId }) => beneficiaryId === id);
};
const briefs = (notices: RegistryNoticeView[]) => notices.map(({ kind, state }) => `${kind} ${state}`);

const historyOf = async (id: string, client = maker) =>
  (await client.get(`/v1/beneficiaries/${id}`).expect(200)).body as BeneficiaryHistory;
const toldOf = async (id: string) =>
  (await historyOf(id)).statements
    .filter(({ recordedBy }) => recordedBy === 'system')
    .map(({ appliesFrom, facts }) => ({ appliesFrom, ...facts }));

const state = (id: string, facts: object, appliesFrom = '2022-03') =>
  commune
    .post(`/v1/beneficiaries/${id}/statements`, { appliesFrom, facts, basis: 'Giấy chứng tử 5' })
    .expect(201);

const changed = (id: string, changes: ChangeView[]) =>
  changes
    .filter(({ beneficiaryId }) => beneficiaryId === id)
    .map(({ month, change, amountBefore, amount }) => [month, change, amountBefore, amount]);

async function rejected(run: { id: string }): Promise<void> {
  await checker.post(`/v1/support-runs/${run.id}/rejection`, { reason: 'Chỉ để xem' }).expect(201);
}

describe('who died', () => {
  test('is stated once with its source, and the next month shows that it stops, and what was paid too much', async () => {
    const [last, first] = [await known(), await known()];
    await approvedMonth(maker, checker, '2022-03');
    await approvedMonth(maker, checker, '2022-04');
    // Both ends of the month in which one dies: it is still paid.
    registry.tell('person.died', { id: last.person, diedOn: '2022-03-31' });
    registry.tell('person.died', { id: first.person, diedOn: '2022-04-01' });
    registry.tell('person.changed', { id: last.person });
    await follow();
    registry.tell('person.changed', { id: last.person });
    await follow();
    expect(await toldOf(last.id)).toEqual([{ appliesFrom: '2022-03', diedOn: '2022-03-31' }]);
    const [notice] = await noticesOf(last.id, commune);
    expect(notice).toMatchObject({
      kind: 'died',
      state: 'applied',
      diedOn: '2022-03-31',
      eventType: 'person.changed',
    });
    expect(await noticesOf(last.id, neighbour)).toEqual([]);
    const audit = await query(
      `SELECT verb, actor_id, facts->>'diedOn' AS died FROM audit_event WHERE subject = $1 ORDER BY seq DESC LIMIT 1`,
      `beneficiary/${last.id}`,
    );
    expect(audit).toEqual([{ verb: 'beneficiary.told.died', actor_id: 'system', died: '2022-03-31' }]);
    const may = await decidedMonth(maker, '2022-05');
    const changes = await changesOf(maker, may);
    expect(changed(last.id, changes)).toEqual([
      ['2022-04', 'overpaid', '540000', '0'],
      ['2022-05', 'stopped', '540000', '0'],
    ]);
    expect(changed(first.id, changes)).toEqual([['2022-05', 'stopped', '540000', '0']]);
    await rejected(may);
  });

  test('as an officer has stated it is not told again; on another day an official decides', async () => {
    const [same, other] = [await known(), await known()];
    await state(same.id, { diedOn: '2022-05-10' });
    await state(other.id, { diedOn: '2022-05-10' });
    for (const { person } of [same, other])
      registry.tell('person.died', { id: person, diedOn: '2022-05-10' });
    await follow();
    expect([await noticesOf(same.id), await noticesOf(other.id)]).toEqual([[], []]);
    registry.tell('person.died', { id: other.person, diedOn: '2022-06-10' });
    await follow();
    expect(briefs(await noticesOf(other.id))).toEqual(['deathDiffers open']);
    expect(await toldOf(other.id)).toEqual([]);
    // The register says so by now: nothing is left to be decided.
    await state(other.id, { diedOn: '2022-06-10' });
    registry.tell('person.changed', { id: other.person });
    await follow();
    expect(briefs(await noticesOf(other.id))).toEqual(['deathDiffers superseded']);
  });

  test('on another day after all is stated anew from the earlier month; not at all is for an official', async () => {
    const one = await known();
    for (const diedOn of ['2022-05-10', '2022-08-02', null, null]) {
      registry.tell('person.died', { id: one.person, diedOn });
      await follow();
    }
    expect(await toldOf(one.id)).toEqual([
      { appliesFrom: '2022-05', diedOn: '2022-05-10' },
      { appliesFrom: '2022-05', diedOn: '2022-08-02' },
    ]);
    expect(briefs(await noticesOf(one.id))).toEqual(['died applied', 'died applied', 'deathTakenBack open']);
    await state(one.id, { diedOn: null });
    registry.tell('person.changed', { id: one.person });
    await follow();
    expect((await noticesOf(one.id)).at(-1)!.state).toBe('superseded');
  });

  test('is told, taken back and told again: each is a notice, and what is told many times is one', async () => {
    const one = await known();
    const officers = await known();
    await state(officers.id, { diedOn: '2022-05-10' });
    for (const diedOn of ['2022-05-10', null, '2022-05-10', null]) {
      for (const { person } of [one, officers]) registry.tell('person.died', { id: person, diedOn });
      await follow();
      for (const { person } of [one, officers]) registry.tell('person.changed', { id: person });
      await follow();
    }
    // It stands as it was stated first until an official takes it back.
    expect(await toldOf(one.id)).toEqual([{ appliesFrom: '2022-05', diedOn: '2022-05-10' }]);
    expect(briefs(await noticesOf(one.id))).toEqual([
      'died applied',
      'deathTakenBack superseded',
      'deathTakenBack open',
    ]);
    // What an officer had stated, and the registry agreed with, may be taken back too.
    expect(await toldOf(officers.id)).toEqual([]);
    expect(briefs(await noticesOf(officers.id))).toEqual([
      'deathTakenBack superseded',
      'deathTakenBack open',
    ]);
    registry.tell('person.died', { id: officers.person, diedOn: '2022-06-10' });
    await follow();
    registry.tell('person.died', { id: officers.person, diedOn: '2022-05-10' });
    await follow();
    registry.tell('person.died', { id: officers.person, diedOn: '2022-06-10' });
    await follow();
    expect(briefs(await noticesOf(officers.id)).slice(1)).toEqual([
      'deathTakenBack superseded',
      'deathDiffers superseded',
      'deathDiffers open',
    ]);
  });

  test('before the first month, or long known, is seen of who comes into the register later', async () => {
    const before = await known({}, { diedOn: '2021-01-05' });
    expect(await toldOf(before.id)).toEqual([{ appliesFrom: '2022-03', diedOn: '2021-01-05' }]);
    const anotherProgramme = await entered(commune, severe, { appliesFrom: '2022-03' });
    const person = randomUUID();
    registry.tell('person.registered', {
      id: person,
      numberKeys: [randomUUID()],
      formerNumberKeys: [anotherProgramme.personKey],
      diedOn: '2022-04-04',
    });
    await follow();
    expect(await toldOf(anotherProgramme.id)).toEqual([{ appliesFrom: '2022-04', diedOn: '2022-04-04' }]);
    // A number of before that somebody else has by now is his.
    const taken = await entered(commune, severe, { appliesFrom: '2022-03' });
    registry.tell('person.registered', { id: randomUUID(), numberKeys: [taken.personKey] });
    registry.tell('person.registered', {
      id: randomUUID(),
      numberKeys: [randomUUID()],
      formerNumberKeys: [taken.personKey],
      diedOn: '2022-04-04',
    });
    await follow();
    expect(await toldOf(taken.id)).toEqual([]);
  });

  test('of a programme whose law asks for no death, an official decides', async () => {
    const carer = await known({
      programme: 'care-support',
      facts: { decidedOn: '2022-03-01', disabledMembers: 1 },
    });
    registry.tell('person.died', { id: carer.person, diedOn: '2022-04-04' });
    await follow();
    expect(briefs(await noticesOf(carer.id))).toEqual(['died open']);
    expect(await toldOf(carer.id)).toEqual([]);
  });
});

describe('who moved', () => {
  test('is handed over to the other commune; both see it, and nothing of what he has changes', async () => {
    const one = await known({ appliesFrom: '2022-09' });
    await approvedMonth(maker, checker, '2022-09');
    registry.tell('person.moved', { id: one.person, placeCode: '09367', residentFrom: '2022-09-20' });
    await follow();
    await follow();
    await commune.get(`/v1/beneficiaries/${one.id}`).expect(404);
    expect(await historyOf(one.id, neighbour)).toMatchObject({ placeCode: '09367' });
    for (const client of [commune, neighbour])
      expect(await noticesOf(one.id, client)).toMatchObject([
        { kind: 'moved', state: 'applied', officeCode: '09169', placeCode: '09367' },
      ]);
    expect(
      await query(
        'SELECT from_place_code, to_place_code, moved_on::text, recorded_by FROM beneficiary_move WHERE beneficiary_id = $1',
        one.id,
      ),
    ).toEqual([
      {
        from_place_code: '09163',
        to_place_code: '09367',
        moved_on: '2022-09-20',
        recorded_by: 'system',
      },
    ]);
    const october = await decidedMonth(maker, '2022-10');
    expect(changed(one.id, await changesOf(maker, october))).toEqual([]);
    expect(
      await query(
        'SELECT amount FROM decision WHERE run_id = $1 AND beneficiary_id = $2',
        october.id,
        one.id,
      ),
    ).toEqual([{ amount: '540000' }]);
    await rejected(october);
    // Who is moved back by an officer is not moved again by what is told a second time.
    await neighbour
      .post(`/v1/beneficiaries/${one.id}/moves`, { placeCode: '09169', movedOn: '2022-09-25', basis: 'x' })
      .expect(201);
    registry.tell('person.changed', { id: one.person });
    await follow();
    expect(await historyOf(one.id, commune)).toMatchObject({ placeCode: '09169' });
  });

  test.each([
    ['on the first day of what the register knows', '2022-03-01', 'residenceDiffers open', '09163'],
    ['on the day after', '2022-03-02', 'moved applied', '09367'],
    ['nobody knows when', null, 'residenceDiffers open', '09163'],
    ['some day to come', '2999-01-01', 'residenceDiffers open', '09163'],
  ])('%s', async (_, residentFrom, notice, placeCode) => {
    const one = await known();
    registry.tell('person.moved', { id: one.person, placeCode: '09367', residentFrom });
    await follow();
    expect(briefs(await noticesOf(one.id))).toEqual([notice]);
    expect(await historyOf(one.id)).toMatchObject({ placeCode });
  });

  test('there and back and there again: each is a notice, and who did not die after all is looked for where he lives', async () => {
    const [differs, moves] = [await known(), await known()];
    const tell = async (placeCode: string, residentFrom: string) => {
      registry.tell('person.moved', { id: differs.person, placeCode, residentFrom: '2022-02-02' });
      registry.tell('person.moved', { id: moves.person, placeCode, residentFrom });
      await follow();
      for (const { person } of [differs, moves]) registry.tell('person.changed', { id: person });
      await follow();
    };
    await tell('09367', '2022-04-01');
    await tell('09169', '2022-04-02');
    await tell('09367', '2022-04-03');
    expect(briefs(await noticesOf(differs.id))).toEqual([
      'residenceDiffers superseded',
      'residenceDiffers open',
    ]);
    expect(briefs(await noticesOf(moves.id))).toEqual(['moved applied', 'moved applied', 'moved applied']);
    expect(await historyOf(moves.id)).toMatchObject({ placeCode: '09367' });
    const died = await known();
    registry.tell('person.died', {
      id: died.person,
      diedOn: '2022-05-05',
      placeCode: '09367',
      residentFrom: '2022-04-01',
    });
    await follow();
    registry.tell('person.changed', { id: died.person, diedOn: null });
    await follow();
    expect(briefs(await noticesOf(died.id))).toEqual([
      'died applied',
      'deathTakenBack open',
      'moved applied',
    ]);
  });

  test('out of the province: an official ends it, from a month on, and answers', async () => {
    const one = await known({ appliesFrom: '2022-11' });
    await approvedMonth(maker, checker, '2022-11');
    registry.tell('person.moved', { id: one.person, placeCode: '00001', residentFrom: '2022-11-15' });
    await follow();
    const [notice] = await noticesOf(one.id);
    expect(notice).toMatchObject({ kind: 'leftProvince', state: 'open', placeCode: '00001' });
    expect(await toldOf(one.id)).toEqual([]);
    await state(one.id, { endedFrom: '2022-12-01' }, '2022-12');
    const path = `/v1/registry-notices/${notice!.id}/answer`;
    const answer = { answer: 'acted', paper: 'QĐ 9/QĐ-UBND', note: 'Thôi chi trả từ tháng 12' };
    await neighbour.post(path, answer).expect(404, /REGISTRY_NOTICE_NOT_FOUND/);
    await commune.post(path, { ...answer, note: ' ' }).expect(400);
    expect((await commune.post(path, answer).expect(201)).body).toMatchObject({
      state: 'acted',
      paper: 'QĐ 9/QĐ-UBND',
    });
    await commune.post(path, answer).expect(409, /REGISTRY_NOTICE_NOT_OPEN/);
    const december = await decidedMonth(maker, '2022-12');
    const changes = await changesOf(maker, december);
    expect(changed(one.id, changes)).toEqual([['2022-12', 'stopped', '540000', '0']]);
    expect(changes.find(({ beneficiaryId }) => beneficiaryId === one.id)!.reasons).toMatchObject([
      { en: 'Ended from the month of this day on: none → 2022-12-01' },
    ]);
    await rejected(december);
  });
});

describe('one person of two numbers', () => {
  test('goes on once, with what is higher, and what was had twice is shown', async () => {
    const low = await known({ appliesFrom: '2023-03' });
    const high = await entered(neighbour, disabled('extremelySevere', '1980-01-01'), {
      appliesFrom: '2023-04',
      placeCode: '09367',
    });
    const absorbed = randomUUID();
    registry.tell('person.registered', {
      id: absorbed,
      numberKeys: [high.personKey],
      placeCode: '09367',
    });
    await follow();
    await approvedMonth(maker, checker, '2023-03');
    await approvedMonth(maker, checker, '2023-04');
    const merge = () => {
      registry.tell('person.merged', { id: low.person, numberKeys: [low.personKey, high.personKey] });
      registry.tell('person.merged', { id: absorbed, numberKeys: [], mergedInto: low.person });
    };
    merge();
    await follow();
    merge();
    await follow();
    // From the month on from which both are in the register.
    expect(await toldOf(low.id)).toEqual([{ appliesFrom: '2023-04', endedFrom: '2023-04-01' }]);
    expect(await toldOf(high.id)).toEqual([]);
    expect(await noticesOf(low.id, commune)).toMatchObject([
      { kind: 'samePerson', state: 'open', otherId: high.id },
    ]);
    const may = await decidedMonth(maker, '2023-05');
    const changes = await changesOf(maker, may);
    expect(changed(low.id, changes).slice(0, 1)).toEqual([['2023-04', 'overpaid', '540000', '0']]);
    expect(changed(high.id, changes)).toEqual([]);
    expect(
      await query(
        `SELECT count(*)::int AS paid FROM entitlement WHERE run_id = $1 AND person_key = ANY ($2::uuid[])`,
        may.id,
        [low.personKey, high.personKey],
      ),
    ).toEqual([{ paid: 1 }]);
    await rejected(may);
    // Whoever goes on after the end, or comes into the register under the other number, has it once all the same.
    await state(low.id, { endedFrom: null }, '2023-04');
    await follow();
    expect((await toldOf(low.id)).length).toBe(2);
    // Two people after all: that one of them is paid again is for an official to say.
    registry.tell('person.unmerged', { id: absorbed, numberKeys: [high.personKey], mergedInto: null });
    registry.tell('person.unmerged', { id: low.person, numberKeys: [low.personKey] });
    await follow();
    expect(briefs(await noticesOf(low.id))).toEqual([
      'samePerson superseded',
      'samePerson superseded',
      'twoPeople open',
    ]);
    await state(low.id, { endedFrom: null }, '2023-04');
    await follow();
    expect(briefs(await noticesOf(low.id)).at(-1)).toBe('twoPeople superseded');
    expect((await toldOf(low.id)).length).toBe(2);
  });

  /** Of who lives in two communes by two numbers the residence is told too. */
  const numbersOf = async (id: string, client = maker) =>
    (await noticesOf(id, client)).filter(({ kind }) => kind === 'samePerson' || kind === 'twoPeople');

  test('who comes into the register later under the other number is for an official, and told once', async () => {
    const one = await known();
    const later = await entered(neighbour, severe, { appliesFrom: '2022-06', placeCode: '09367' });
    const merge = async () => {
      registry.tell('person.changed', { id: one.person, numberKeys: [one.personKey, later.personKey] });
      await follow();
    };
    await merge();
    await merge();
    expect([await toldOf(later.id), await toldOf(one.id)]).toEqual([[], []]);
    expect(await numbersOf(later.id, neighbour)).toMatchObject([
      { kind: 'samePerson', state: 'open', otherId: one.id, statementId: null },
    ]);
    expect(await numbersOf(one.id)).toEqual([]);
    // An official has said which of them goes on.
    await state(one.id, { endedFrom: '2022-06-01' }, '2022-06');
    await follow();
    expect(briefs(await numbersOf(later.id))).toEqual(['samePerson superseded']);
    await state(one.id, { endedFrom: null }, '2022-06');
    await follow();
    await merge();
    expect(await toldOf(one.id)).toEqual([]);
    expect(briefs(await numbersOf(later.id))).toEqual(['samePerson superseded', 'samePerson open']);
  });

  /** Two of the register, in two communes, whom the registry has come to know as one. */
  const twins = async (appliesFrom: string) => {
    const one = await known({ appliesFrom });
    const two = await entered(neighbour, severe, { appliesFrom, placeCode: '09367' });
    const keys = { numberKeys: [one.personKey, two.personKey], placeCode: '09169' };
    registry.tell('person.merged', { id: one.person, ...keys });
    await follow();
    return { one, two };
  };
  const paidTo = async (run: { id: string }, people: readonly { personKey: string }[]) => {
    const input = {
      fundId: randomUUID(),
      channel: 'post-cash',
      purpose: 'Trợ cấp tháng',
    };
    const { body } = await maker.post(`/v1/support-runs/${run.id}/payouts`, input).expect(201);
    const lines = await query<{ line: string }>(
      `SELECT e.person_key || ' ' || e.period || ' ' || e.amount AS line
       FROM run_payout way JOIN payout_line line ON line.run_payout_id = way.id JOIN entitlement e ON e.id = line.entitlement_id
       WHERE way.payout_id = $1 AND e.person_key = ANY ($2::uuid[]) ORDER BY e.period, e.id`,
      (body as { id: string }).id,
      people.map(({ personKey }) => personKey),
    );
    return lines.map(({ line }) => line);
  };

  test('both granted by one month: the end is stated once it is approved, and the list pays one of them', async () => {
    const { one, two } = await twins('2023-06');
    expect([await toldOf(one.id), await toldOf(two.id)]).toEqual([[], []]);
    const seen = await decidedMonth(maker, '2023-06', { backTo: '2023-06' });
    await follow();
    expect(await toldOf(two.id)).toEqual([]);
    await rejected(seen);
    await follow();
    expect(await toldOf(two.id)).toEqual([]);
    const june = await approvedMonth(maker, checker, '2023-06', { backTo: '2023-06' });
    await follow();
    await follow();
    expect(await toldOf(two.id)).toEqual([{ appliesFrom: '2023-06', endedFrom: '2023-06-01' }]);
    expect(await toldOf(one.id)).toEqual([]);
    expect(briefs(await numbersOf(two.id))).toEqual(['samePerson superseded', 'samePerson open']);
    const [notice] = (await numbersOf(two.id)).slice(-1);
    await neighbour
      .post(`/v1/registry-notices/${notice!.id}/answer`, { answer: 'acted', note: 'Một người' })
      .expect(201);
    expect(await paidTo(june, [one, two])).toEqual([`${one.personKey} 2023-06 540000`]);
    const july = await approvedMonth(maker, checker, '2023-07');
    expect(july.backTo).toBe('2023-06');
    expect(await paidTo(july, [one, two])).toEqual([`${one.personKey} 2023-07 540000`]);
    // Two people after all, of whom the other is owed what was not paid.
    registry.tell('person.unmerged', { id: one.person, numberKeys: [one.personKey] });
    registry.tell('person.registered', { id: randomUUID(), numberKeys: [two.personKey], placeCode: '09367' });
    await follow();
    await neighbour
      .post(`/v1/beneficiaries/${two.id}/statements`, {
        appliesFrom: '2023-06',
        facts: { endedFrom: null },
        basis: 'x',
      })
      .expect(201);
    const august = await approvedMonth(maker, checker, '2023-08');
    expect(await paidTo(august, [two])).toEqual(
      ['2023-06', '2023-07', '2023-08'].map((month) => `${two.personKey} ${month} 540000`),
    );
  });

  test('merged, two people, merged again: each is a notice', async () => {
    const one = await known({ appliesFrom: '2023-09' });
    const two = await entered(neighbour, severe, { appliesFrom: '2023-09', placeCode: '09367' });
    await approvedMonth(maker, checker, '2023-09', { backTo: '2023-09' });
    const [both, alone] = [[one.personKey, two.personKey], [one.personKey]];
    const other = randomUUID();
    for (const numberKeys of [both, alone, both, alone]) {
      registry.tell('person.changed', { id: one.person, numberKeys });
      registry.tell('person.changed', { id: other, numberKeys: numberKeys === both ? [] : [two.personKey] });
      await follow();
      registry.tell('person.changed', { id: one.person });
      await follow();
    }
    expect(briefs(await numbersOf(two.id))).toEqual([
      'samePerson superseded',
      'twoPeople superseded',
      'samePerson superseded',
      'twoPeople open',
    ]);
    expect(await toldOf(two.id)).toEqual([{ appliesFrom: '2023-09', endedFrom: '2023-09-01' }]);
  });

  test('goes on by the one that is granted something today, whatever the other was granted once', async () => {
    const once = await known({
      appliesFrom: '2023-11',
      facts: disabled('extremelySevere', '1980-01-01'),
    });
    const today = await entered(neighbour, severe, { appliesFrom: '2023-11', placeCode: '09367' });
    await approvedMonth(maker, checker, '2023-11', { backTo: '2023-11' });
    await state(once.id, { disability: 'none' }, '2023-12');
    await approvedMonth(maker, checker, '2023-12');
    registry.tell('person.merged', { id: once.person, numberKeys: [once.personKey, today.personKey] });
    await follow();
    expect(await toldOf(today.id)).toEqual([]);
    expect(await toldOf(once.id)).toEqual([{ appliesFrom: '2023-11', endedFrom: '2023-11-01' }]);
  });
});

describe('what is told', () => {
  test('after days, in many pages, to two workers at once, by one that was killed in between: each once', async () => {
    const people = [await known(), await known(), await known()];
    for (const { person } of people) registry.tell('person.died', { id: person, diedOn: '2022-07-07' });
    for (const { person } of people) registry.tell('person.changed', { id: person });
    registry.pageSize = 2;
    const stopped = new AbortController();
    const dying = {
      after: async (cursor: string | null) => {
        const page = await registry.after(cursor);
        stopped.abort();
        return page;
      },
    };
    await follower.follow(dying, stopped.signal);
    const failing = { after: () => Promise.reject(new Error('away')) };
    await expect(newFollower().follow(failing)).rejects.toThrow('away');
    // Nobody is compared before all is read.
    expect(await toldOf(people[0]!.id)).toEqual([]);
    await Promise.all([newFollower().follow(registry), newFollower().follow(registry)]);
    registry.pageSize = 100;
    for (const { id } of people) {
      expect(await toldOf(id)).toEqual([{ appliesFrom: '2022-07', diedOn: '2022-07-07' }]);
      expect(briefs(await noticesOf(id))).toEqual(['died applied']);
    }
    expect(await query('SELECT FROM beneficiary_uncompared')).toEqual([]);
    const unread = (await register.metrics()).match(/^ansinh_registry_unread_seconds (.+)$/m)![1];
    expect(Number(unread)).toBeLessThan(3_600);
    const { body } = await maker.get('/v1/registry-reading').expect(200);
    expect((body as { readAt: string }).readAt).toMatch(/^20/);
  });

  test('by a registry that was put back to an earlier day is read anew, and changes nothing that stands', async () => {
    const one = await known();
    registry.tell('person.died', { id: one.person, diedOn: '2022-07-07' });
    await follow();
    const notices = await query('SELECT id FROM registry_notice ORDER BY id');
    const reads = registry.reads;
    registry.tell('person.changed', { id: one.person });
    registry.forgetAfter(3);
    registry.tell('person.changed', { id: one.person });
    await follow();
    expect(registry.reads).toBeGreaterThan(reads + 1);
    expect(await query('SELECT id FROM registry_notice ORDER BY id')).toEqual(notices);
    expect(await toldOf(one.id)).toHaveLength(1);
  });

  test('of somebody whom an officer is changing waits, and holds nobody up', async () => {
    const one = await known();
    const runner = harness.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT FROM beneficiary WHERE id = $1 FOR UPDATE', [one.id]);
    registry.tell('person.died', { id: one.person, diedOn: '2022-07-07' });
    await follow();
    expect(await toldOf(one.id)).toEqual([]);
    await runner.rollbackTransaction();
    await runner.release();
    await follow();
    expect(await toldOf(one.id)).toHaveLength(1);
  });

  test('is kept as it was told', async () => {
    for (const sql of [
      'UPDATE registry_notice SET is_open = false',
      'DELETE FROM registry_notice',
      'DELETE FROM registry_notice_answer',
    ])
      await expect(query(sql)).rejects.toThrow('is append-only');
  });

  test('is a list of the office, as a workbook too', async () => {
    const { body } = await commune.get('/v1/registry-notices?state=open&kind=samePerson').expect(200);
    expect((body as RegistryNoticePage).items.every(({ state: each }) => each === 'open')).toBe(true);
    const workbook = await commune
      .get('/v1/registry-notices')
      .set('accept', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
      .expect(200);
    expect(workbook.headers['content-disposition']).toContain('registry-notices.xlsx');
  });
});
