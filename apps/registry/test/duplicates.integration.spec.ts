import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unreachableStates } from '@ansinh/database';
import type { PlayedClient } from '@ansinh/testing';
import { pairStates } from '../src/duplicate/pair.states.js';
import { type Harness, startHarness } from './harness.js';
import { enterPerson, newPerson } from './people.js';
import { readList } from './workbook.js';

let harness: Harness;
let officer: PlayedClient;
/** Of another district, and of both. */
let other: PlayedClient;
let province: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  officer = await harness.as({ sub: 'officer', office: '256' });
  other = await harness.as({ sub: 'other', office: '261' });
  province = await harness.as({ sub: 'province', office: '27' });
});
afterAll(() => harness.stop());

interface Found {
  person: { id: string };
  score: number;
  state: string;
  pairId: string | null;
  reasons: { code: string; weight: number }[];
}

interface Pair {
  id: string;
  one: { id: string };
  other: { id: string };
  score: number;
  reasons: { code: string }[];
}

async function duplicatesOf(client: PlayedClient, id: string): Promise<Found[]> {
  const { body } = await client.get(`/v1/people/${id}/duplicates`).expect(200);
  return (body as { items: Found[] }).items;
}

/** A search to its end. */
async function search(client: PlayedClient): Promise<{ passedOver: object; pairs: number }> {
  const started = (await client.post('/v1/duplicate-runs', {}).expect(201)).body as { id: string };
  for (;;) {
    const { body } = await client.post(`/v1/duplicate-runs/${started.id}/chunks`, {}).expect(201);
    const run = body as { communes: number; searched: number; passedOver: object; pairs: number };
    if (run.searched === run.communes) return run;
  }
}

async function queue(client: PlayedClient, query = ''): Promise<Pair[]> {
  const { body } = await client.get(`/v1/duplicates?limit=200${query}`).expect(200);
  return (body as { items: Pair[] }).items;
}

const isOf =
  (...ids: string[]) =>
  ({ one, other: second }: Pair) =>
    ids.every((id) => [one.id, second.id].includes(id));

let days = 0;
/** A day on which nobody else of these tests was born. */
const newBirth = () => {
  days += 1;
  const bornOn = new Date(Date.UTC(1970, 0, days)).toISOString().slice(0, 10);
  return { bornOn, birthYear: Number(bornOn.slice(0, 4)) };
};
const account = (number: string) => ({
  bankBin: '970405',
  account: number,
  holder: 'A',
  validFrom: '2022-01-01',
});
const noNumber = { citizenNumber: undefined };
const inTuSon = { residence: { placeCode: '09367', validFrom: '2022-01-01' } };

describe('who may be the same person', () => {
  test.each<[string, object, object, string[] | null]>([
    ['an old number in common', { oldNumber: '125000001' }, { oldNumber: '125000001' }, ['SAME_NUMBER']],
    [
      'an old number in common, another year of birth',
      { oldNumber: '125000002', birthYear: 1985, bornOn: undefined },
      { oldNumber: '125000002', birthYear: 1986, bornOn: undefined },
      ['SAME_NUMBER', 'OTHER_BIRTH'],
    ],
    [
      'the insurance number',
      { insuranceNumber: '2700000009' },
      { insuranceNumber: '2700000009' },
      ['SAME_INSURANCE'],
    ],
    [
      'a name without marks',
      { name: 'Lý Thị Hoà', ...noNumber },
      { name: 'Lý Thị Hoa' },
      ['SAME_NAME_BIRTH'],
    ],
    [
      'a name with a slip',
      { name: 'Lý Văn Đức', ...noNumber },
      { name: 'Lý Văn Đước' },
      ['SIMILAR_NAME_BIRTH'],
    ],
    ['another name of that day', { name: 'Lý Văn Đức', ...noNumber }, { name: 'Phạm Thị Thuỷ' }, null],
    [
      'a name with the year alone',
      { name: 'Lý Thị Năm', bornOn: undefined, ...noNumber },
      { name: 'Lý Thị Năm' },
      ['SAME_NAME_YEAR'],
    ],
    ['a telephone alone', { phone: '0912000001' }, { phone: '0912000001', name: 'Phạm Thị Thuỷ' }, null],
    [
      'a telephone and a name with a slip, numbers of their own',
      { phone: '0912000002', name: 'Lý Văn Đức' },
      { phone: '0912000002', name: 'Lý Văn Đước' },
      ['SIMILAR_NAME_BIRTH', 'SAME_PHONE', 'SAME_PLACE', 'OTHER_NUMBER'],
    ],
  ])('%s', async (_, first, second, codes) => {
    const birth = newBirth();
    const one = await enterPerson(officer, { name: 'Lý Thị Một', ...birth, ...first });
    const two = await enterPerson(officer, { name: 'Tống Văn Hai', ...birth, ...second });
    await search(officer);
    const found = await duplicatesOf(officer, two.id);
    const reasons = found.find(({ person }) => person.id === one.id)?.reasons.map(({ code }) => code);
    if (codes === null) expect(reasons).toBeUndefined();
    else expect(reasons).toEqual(expect.arrayContaining(codes));
    expect((await queue(officer)).some(isOf(one.id, two.id))).toBe(codes !== null);
  });

  test('an account in common, found before any search', async () => {
    const birth = newBirth();
    const one = await enterPerson(officer, { ...birth, ...noNumber });
    const two = await enterPerson(officer, { ...birth, name: 'Tống Thị Hai' });
    for (const { id } of [one, two])
      await officer.post(`/v1/people/${id}/accounts`, account('2600205000077')).expect(201);
    const [found] = await duplicatesOf(officer, one.id);
    expect(found).toMatchObject({ person: { id: two.id }, state: 'open', pairId: null });
    expect(found?.reasons).toContainEqual({
      code: 'SAME_ACCOUNT',
      weight: 45,
      message: { vi: 'Cùng tài khoản ngân hàng', en: 'The same bank account' },
    });
    // Sorted by what speaks most, the sum is the score.
    expect(found?.score).toBe(found?.reasons.reduce((sum, { weight }) => sum + weight, 0));
  });

  test('across districts a pair is for those alone who see both', async () => {
    const birth = newBirth();
    const same = { name: 'Triệu Thị Biên', ...birth };
    const mine = await enterPerson(officer, { ...same, ...noNumber });
    const theirs = await enterPerson(other, { ...same, ...inTuSon });
    expect(await duplicatesOf(officer, mine.id)).toEqual([]);
    expect(await duplicatesOf(province, mine.id)).toMatchObject([{ person: { id: theirs.id } }]);
    await search(province);
    expect((await queue(province)).some(isOf(mine.id, theirs.id))).toBe(true);
    for (const client of [officer, other])
      expect((await queue(client)).filter(isOf(mine.id)).filter(isOf(theirs.id))).toEqual([]);
    await other.get(`/v1/people/${mine.id}/duplicates`).expect(404);
  });

  test('a key that too many share makes no pair, and the search says so', async () => {
    const shareAccount = async (people: number, number: string) => {
      for (let count = 0; count < people; count += 1) {
        const { id } = await enterPerson(other, { ...newBirth(), ...noNumber, ...inTuSon });
        await other.post(`/v1/people/${id}/accounts`, account(number)).expect(201);
      }
      const { passedOver } = await search(other);
      const pairs = (await queue(other)).filter(({ reasons }) =>
        reasons.some(({ code }) => code === 'SAME_ACCOUNT'),
      );
      return { passedOver, pairs: pairs.length };
    };
    expect(await shareAccount(21, '2600205000021')).toEqual({ passedOver: { SAME_ACCOUNT: 1 }, pairs: 0 });
    // Of twenty each is a pair with each.
    expect(await shareAccount(20, '2600205000020')).toMatchObject({ pairs: 190 });
  });
});

describe('the queue', () => {
  test('comes by pages, the likeliest first, and as a workbook', async () => {
    const all = await queue(officer);
    expect(all.length).toBeGreaterThan(3);
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a));
    const seen: string[] = [];
    for (let after = ''; ;) {
      const { body } = await officer.get(`/v1/duplicates?limit=2${after}`).expect(200);
      const page = body as { items: Pair[]; next: string | null };
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    const [titles, ...rows] = await readList(officer, '/v1/duplicates');
    expect(titles).toContain('Lý do');
    expect(rows).toHaveLength(all.length);
    expect(rows.flat()).toEqual(expect.arrayContaining(['Lý Thị Hoà', 'Chưa xem xét']));
  });

  test('what was judged different does not come back, until something new speaks for it', async () => {
    const birth = newBirth();
    const same = { name: 'Trịnh Thị Sinh', ...birth };
    const { residence: _, ...fields } = newPerson({ ...same, ...noNumber });
    const [one, two] = [
      await enterPerson(officer, { ...same, ...noNumber }),
      await enterPerson(officer, same),
    ];
    await search(officer);
    const [pair] = (await queue(officer)).filter(isOf(one.id, two.id));
    const judged = { verdict: 'different', reason: 'Hai chị em họ' };
    const { body } = await officer.post(`/v1/duplicates/${pair!.id}/verdicts`, judged).expect(201);
    expect(body).toEqual({ id: pair!.id, state: 'different' });
    const again = await officer.post(`/v1/duplicates/${pair!.id}/verdicts`, judged).expect(409);
    expect(again.body).toMatchObject({ code: 'DUPLICATE_STATE' });
    await search(officer);
    expect((await queue(officer)).some(isOf(one.id, two.id))).toBe(false);
    expect((await queue(officer, '&state=different')).some(isOf(one.id, two.id))).toBe(true);
    // What speaks against it is new as well, and nothing to look at again for.
    await officer
      .put(`/v1/people/${one.id}`, { ...fields, sex: 'male' })
      .set('if-match', '"1"')
      .expect(200);
    await search(officer);
    const [kept] = (await queue(officer, '&state=different')).filter(isOf(one.id, two.id));
    expect(kept!.reasons.map(({ code }) => code)).toContain('OTHER_SEX');
    for (const { id } of [one, two])
      await officer.post(`/v1/people/${id}/accounts`, account('2600205000088')).expect(201);
    await search(officer);
    expect((await queue(officer)).some(isOf(one.id, two.id))).toBe(true);
  });

  test('what speaks for it no more is gone, unless somebody judged it', async () => {
    const birth = newBirth();
    const person = newPerson({ name: 'Vũ Thị Đổi', ...birth, ...noNumber });
    const one = await enterPerson(officer, person);
    const two = await enterPerson(officer, { ...person, citizenNumber: newPerson().citizenNumber });
    await search(officer);
    expect((await queue(officer)).some(isOf(one.id, two.id))).toBe(true);
    const { residence: _, citizenNumber: __, ...fields } = person;
    await officer
      .put(`/v1/people/${one.id}`, { ...fields, name: 'Cao Bá Quát' })
      .set('if-match', '"1"')
      .expect(200);
    await search(officer);
    expect((await queue(officer)).some(isOf(one.id, two.id))).toBe(false);
  });

  test('whoever may not merge may look, and neither judge nor search', async () => {
    const reader = await harness.as({ sub: 'reader', office: '256', permissions: ['registry:read'] });
    const [pair] = await queue(reader);
    await reader.post(`/v1/duplicates/${pair!.id}/verdicts`, { verdict: 'same', reason: 'x' }).expect(403);
    await reader.post('/v1/duplicate-runs', {}).expect(403);
  });
});

test('every state of a pair is reached', () => {
  expect(unreachableStates(pairStates, 'open')).toEqual([]);
});
