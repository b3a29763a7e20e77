import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Sealer } from '@ansinh/sealing';
import { type PlayedClient } from '@ansinh/testing';
import type { EventPage } from '../src/event/event.dto.js';
import { CreateEvents1796000700000 } from '../src/migrations/1796000700000-create-events.js';
import { numberKeyOf } from '../src/person/sealed-person.js';
import { moved, present } from './desk.js';
import { type Harness, startHarness } from './harness.js';
import { enterEmployer, enterPerson, newPerson } from './people.js';

let harness: Harness;
let officer: PlayedClient;
let follower: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  follower = await harness.as({ sub: 'follower', office: '27' });
});
afterAll(() => harness.stop());

async function read(after: string | null, limit = 1000, client = follower): Promise<EventPage> {
  const { body } = await client.get(`/v1/events?limit=${limit}${after ? `&after=${after}` : ''}`).expect(200);
  return body as EventPage;
}

/** What happened since; `isLast` says that it was all. */
async function since(work: () => Promise<unknown>): Promise<EventPage['items']> {
  const { next } = await read(null, 5000);
  await work();
  const { items, isLast } = await read(next);
  expect(isLast).toBe(true);
  return items;
}

const moveOf = { placeCode: '09367', validFrom: '2025-01-01' };

describe('what happens is told, once each, in its order', () => {
  test('a person who comes, changes the name, moves to another district and dies', async () => {
    let id = '';
    const person = newPerson();
    const items = await since(async () => {
      const { body } = await officer.post('/v1/people', person).expect(201);
      ({ id } = body as { id: string });
      const { residence: _, ...fields } = person;
      const renamed = officer.put(`/v1/people/${id}`, { ...fields, name: 'Nguyễn Thị Hồng' });
      await renamed.set('if-match', '"1"').expect(200);
      await officer.post(`/v1/people/${id}/residences`, moveOf).expect(201);
      const province = await harness.as({ sub: 'province', office: '27' });
      await province.post(`/v1/people/${id}/death`, { diedOn: '2026-02-03', basis: 'TLKT 1' }).expect(201);
    });
    expect(items.map(({ type }) => type)).toEqual([
      'person.registered',
      'person.changed',
      'person.moved',
      'person.died',
    ]);
    const sealer = new Sealer({ sealing: new Map([[1, Buffer.alloc(32, 7)]]), lookup: Buffer.alloc(32, 8) });
    for (const { data, subject, specversion, source } of items) {
      expect({ subject, specversion, source }).toEqual({
        subject: `person/${id}`,
        specversion: '1.0',
        source: '/registry',
      });
      // As it stands now, whichever event it is.
      expect(data).toEqual({
        id,
        numberKeys: [numberKeyOf(sealer, person.citizenNumber)],
        formerNumberKeys: [],
        mergedInto: null,
        name: 'Nguyễn Thị Hồng',
        placeCode: '09367',
        residentFrom: '2025-01-01',
        diedOn: '2026-02-03',
      });
    }
    expect(JSON.stringify(items)).not.toContain(person.citizenNumber);
  });

  test('a number that was replaced is told as a former one', async () => {
    const person = newPerson();
    const { residence: _, ...fields } = person;
    const items = await since(async () => {
      const { body } = await officer.post('/v1/people', person).expect(201);
      const other = { ...fields, citizenNumber: newPerson().citizenNumber };
      await officer
        .put(`/v1/people/${(body as { id: string }).id}`, other)
        .set('if-match', '"1"')
        .expect(200);
    });
    const { numberKeys, formerNumberKeys } = items.at(-1)!.data;
    expect([numberKeys, formerNumberKeys].map((keys) => keys?.length)).toEqual([1, 1]);
    expect(numberKeys).not.toEqual(formerNumberKeys);
  });

  test('an employer that closes, and a dossier that is decided', async () => {
    const items = await since(async () => {
      const employer = await enterEmployer(officer);
      await officer.post(`/v1/employers/${employer}/closure`, { closedOn: '2026-03-01' }).expect(201);
      await decide();
    });
    expect(items.map(({ type }) => type)).toEqual(['employer.closed', 'dossier.received', 'dossier.decided']);
    expect(items[0]!.data).toMatchObject({ closedOn: '2026-03-01' });
    expect(items[2]!.data).toMatchObject({ procedureCode: 'SP-MONTHLY', outcome: 'declined' });
  });

  test('who was taken for dead and lives, an employer that goes on, and an old number that comes to light', async () => {
    const items = await since(async () => {
      const { id } = await enterPerson(officer);
      await officer.post(`/v1/people/${id}/death`, { diedOn: '2026-02-03', basis: 'TLKT 1' }).expect(201);
      await officer.post(`/v1/people/${id}/death/correction`, { diedOn: null, basis: 'CV 1' }).expect(201);
      await officer.post(`/v1/people/${id}/numbers`, { number: '125111222' }).expect(201);
      const employer = await enterEmployer(officer);
      await officer.post(`/v1/employers/${employer}/closure`, { closedOn: '2026-03-01' }).expect(201);
      await officer
        .post(`/v1/employers/${employer}/closure/correction`, { closedOn: null, basis: 'CV 2' })
        .expect(201);
    });
    expect(items.map(({ type }) => type)).toEqual([
      'person.registered',
      'person.died',
      'person.changed',
      'person.changed',
      'employer.closed',
      'employer.closed',
    ]);
    expect(items[2]!.data).toMatchObject({ diedOn: null });
    expect(items[3]!.data.formerNumberKeys).toHaveLength(1);
    expect(items[5]!.data).toMatchObject({ closedOn: null });
  });

  test('what is refused is not told', async () => {
    const { citizenNumber } = await enterPerson(officer);
    const items = await since(() => officer.post('/v1/people', newPerson({ citizenNumber })).expect(409));
    expect(items).toEqual([]);
  });
});

async function decide(): Promise<void> {
  const desk = await harness.as({ sub: 'desk', office: '09169' });
  const declined = { outcome: 'declined', note: 'Không đủ điều kiện' };
  await moved(desk, await present(desk), ['forwarding'], ['decision', declined]);
}

test('fifty at once lose no event and give no number twice', async () => {
  const items = await since(() => Promise.all(Array.from({ length: 50 }, () => enterPerson(officer))));
  expect(items).toHaveLength(50);
  expect(new Set(items.map(({ id }) => id)).size).toBe(50);
});

test('an event is never seen before one with a lower number', async () => {
  // Whoever took a number holds the head to the commit: the next one waits, and so does its event.
  const { next } = await read(null, 5000);
  const { id } = await enterPerson(officer);
  const before = await read(next);
  const holding = harness.dataSource.createQueryRunner();
  await holding.startTransaction();
  await holding.query('SELECT last FROM event_head FOR UPDATE');
  const waiting = enterPerson(officer);
  await expect(
    Promise.race([waiting, new Promise((done) => setTimeout(() => done('waits'), 200))]),
  ).resolves.toBe('waits');
  expect((await read(next)).items.map(({ data }) => data.id)).toEqual([id]);
  await holding.rollbackTransaction();
  await holding.release();
  await waiting;
  expect((await read(before.next)).items).toHaveLength(1);
});

test('pages follow one another to the end, and the end is where the next call begins', async () => {
  const { items: all } = await read(null, 5000);
  const seen: string[] = [];
  for (let page = await read(null, 7); ; page = await read(page.next, 7)) {
    seen.push(...page.items.map(({ id }) => id));
    if (!page.isLast) continue;
    expect(await read(page.next)).toEqual({ items: [], next: page.next, isLast: true });
    break;
  }
  expect(seen).toEqual(all.map(({ id }) => id));
});

test('a registry that was put back to an earlier day says that it does not know the cursor', async () => {
  const { next } = await read(null, 5000);
  const runner = harness.dataSource.createQueryRunner();
  await runner.query('SET session_replication_role = replica');
  await runner.query('DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)');
  await runner.query('UPDATE event_head SET last = last - 1');
  await runner.query('RESET session_replication_role');
  await runner.release();
  const refused = async () => (await follower.get(`/v1/events?after=${next}`).expect(409)).body as object;
  expect(await refused()).toMatchObject({ code: 'EVENT_CURSOR_UNKNOWN' });
  // The number is given anew; it is still another event.
  await enterPerson(officer);
  expect(await refused()).toMatchObject({ code: 'EVENT_CURSOR_UNKNOWN' });
});

test('an office that follows hears of its own people alone', async () => {
  const { id } = await enterPerson(officer);
  const other = await harness.as({ sub: 'other', office: '261' });
  const heard = async (client: PlayedClient) =>
    (await read(null, 5000, client)).items.map(({ data }) => data.id);
  expect(await heard(officer)).toContain(id);
  expect(await heard(other)).not.toContain(id);
});

test('what was there before there were events is told by the migration', async () => {
  const { people } = await peopleAndEvents();
  const runner = harness.dataSource.createQueryRunner();
  await runner.startTransaction();
  const migration = new CreateEvents1796000700000();
  await migration.down(runner);
  await migration.up(runner);
  await runner.commitTransaction();
  await runner.release();
  const { items } = await read(null, 5000);
  expect(items.map(({ type }) => type)).toEqual(Array(people).fill('person.registered'));
  await enterPerson(officer);
  expect((await peopleAndEvents()).events).toBe(people + 1);
});

async function peopleAndEvents(): Promise<{ people: number; events: number }> {
  const [row] = (await harness.dataSource.query(
    'SELECT (SELECT count(*) FROM person)::int AS people, (SELECT count(*) FROM event)::int AS events',
  )) as { people: number; events: number }[];
  return row!;
}
