import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTransaction } from '@ansinh/database';
import { type PlayedClient, scopeOfOffice } from '@ansinh/testing';
import { lawsOf } from '../src/law.js';
import { type Harness, startHarness } from './harness.js';

let harness: Harness;
let maker: PlayedClient;
let checker: PlayedClient;
let district: PlayedClient;
beforeAll(async () => {
  harness = await startHarness();
  [maker, checker, district] = await Promise.all([
    harness.as({ sub: 'law-maker', office: '27' }),
    harness.as({ sub: 'law-checker', office: '27' }),
    harness.as({ sub: 'district', office: '256' }),
  ]);
});
afterAll(() => harness.stop());

const monthly = '/v1/law/programmes/monthly-allowance';
const severe = { bornOn: '1980-01-01', disability: 'severe', certificateOn: '2021-08-20' };
const resolution = {
  parameter: 'standardLevel',
  value: '400000',
  resolution: '99/2022/NQ-HĐND',
  article: '1',
  inForceFrom: '2023-01-01',
  appliedFrom: '2023-01-01',
};

async function levelOn(day: string) {
  const { body } = await district.get(`${monthly}?day=${day}`).expect(200);
  const { parameters } = body as { parameters: { parameter: string; at: Record<string, unknown> }[] };
  return parameters.find(({ parameter }) => parameter === 'standardLevel')!.at;
}

async function explained(day: string) {
  const { body } = await district.post(`${monthly}/explanations`, { day, facts: severe }).expect(200);
  return body as { outcome: string; amount: string; computed: string; text: { vi: string; en: string } };
}

async function enter(over: object = {}): Promise<string> {
  const { body } = await maker.post('/v1/law/parameter-rows', { ...resolution, ...over }).expect(201);
  return (body as { id: string }).id;
}

const verbs = async (subject: string) =>
  (
    (await harness.dataSource.query('SELECT verb FROM audit_event WHERE subject = $1 ORDER BY seq', [
      subject,
    ])) as { verb: string }[]
  ).map(({ verb }) => verb);

describe('a value of the province', () => {
  test('counts once somebody else has approved it, from its day, and is cited', async () => {
    const id = await enter();
    expect((await levelOn('2023-03-01')).value).toBe('360000');
    await maker.post(`/v1/law/parameter-rows/${id}/approval`).expect(403, /LAW_ROW_OWN/);
    expect((await levelOn('2023-03-01')).value).toBe('360000');

    await checker.post(`/v1/law/parameter-rows/${id}/approval`).expect(201);
    expect(await levelOn('2023-03-01')).toMatchObject({
      value: '400000',
      isOwn: true,
      isAwaiting: false,
      row: '99-2022-NQ-HDND.standardLevel.2023-01-01',
      citation: { number: '99/2022/NQ-HĐND', article: '1' },
    });
    expect((await levelOn('2022-12-31')).value).toBe('360000');
    const { amount, text } = await explained('2023-03-01');
    expect(amount).toBe('600000');
    expect(text.vi).toContain('Điều 1, Nghị quyết 99/2022/NQ-HĐND');
    expect(await verbs(`law-row/${id}`)).toEqual(['law.row.enter', 'law.row.approve']);

    await checker
      .post(`/v1/law/parameter-rows/${id}/rejection`, { reason: 'x' })
      .expect(409, /LAW_ROW_JUDGED/);
    const { body } = await district.get('/v1/law/parameter-rows?state=approved').expect(200);
    expect(body).toMatchObject({ items: [{ id, state: 'approved', value: '400000' }] });
  });

  test('is not there when it was rejected, and leaves room for another', async () => {
    const later = { appliedFrom: '2024-01-01', value: '450000' };
    const id = await enter(later);
    await checker.post(`/v1/law/parameter-rows/${id}/rejection`, { reason: 'Sai điều khoản' }).expect(201);
    expect((await levelOn('2024-01-01')).value).toBe('400000');
    const again = await enter(later);
    await checker.post(`/v1/law/parameter-rows/${again}/approval`).expect(201);
    expect((await levelOn('2024-01-01')).value).toBe('450000');
  });

  test('may be lower than that of the country, and then the country’s counts', async () => {
    const id = await enter({
      value: '100000',
      appliedFrom: '2022-01-01',
      inForceFrom: '2022-01-01',
      resolution: '1/2021/NQ-HĐND',
    });
    await checker.post(`/v1/law/parameter-rows/${id}/approval`).expect(201);
    expect(await levelOn('2022-06-01')).toMatchObject({ value: '360000', isOwn: false });
  });

  test.each<[string, object]>([
    ['a parameter that there is not', { parameter: 'mood' }],
    ['one that is the same everywhere', { parameter: 'meritStandard' }],
    ['the day of one that is approved', {}],
    [
      'a resolution that is in force on another day',
      { appliedFrom: '2025-01-01', inForceFrom: '2025-02-01' },
    ],
  ])('is refused for %s', async (_, over) => {
    await maker.post('/v1/law/parameter-rows', { ...resolution, ...over }).expect(422, /LAW_ROW_REFUSED/);
  });

  test('of two for one day that were entered beside each other one is approved', async () => {
    const ids = await Promise.all([
      enter({ appliedFrom: '2023-07-01' }),
      enter({ appliedFrom: '2023-07-01' }),
    ]);
    const answers = await Promise.all(
      ids.map((id) => checker.post(`/v1/law/parameter-rows/${id}/approval`).then(({ status }) => status)),
    );
    expect(answers.sort()).toEqual([201, 422]);
  });
});

describe('a row that nobody has read', () => {
  const row = 'SP-STD-500';
  const digestOf = async () => {
    const { body } = await district.get('/v1/law/awaiting-rows').expect(200);
    return (body as { items: { row: string; digest: string }[] }).items.find((one) => one.row === row)
      ?.digest;
  };

  test('grants nothing before a named person has confirmed it, as it is', async () => {
    // That of the province is lower by then, so the country's counts.
    const before = await explained('2026-03-01');
    expect(before).toMatchObject({ outcome: 'unconfirmed', amount: '0', computed: '750000' });
    const digest = (await digestOf())!;
    const confirm = (over: object = {}) =>
      checker.post('/v1/law/confirmations', { row, digest, basis: 'Công báo 76/2024', ...over });
    await confirm({ digest: '0'.repeat(64) }).expect(409, /LAW_ROW_CHANGED/);
    await confirm({ row: 'SP-STD-360' }).expect(404, /LAW_ROW_NOT_AWAITING/);
    const earlier = new Date();
    await confirm().expect(201);
    await confirm().expect(409, /LAW_ROW_CONFIRMED/);

    expect(await explained('2026-03-01')).toMatchObject({ outcome: 'granted', amount: '750000' });
    expect(await digestOf()).toBeUndefined();
    expect(await verbs(`law/${row}`)).toEqual(['law.row.confirm']);

    const decideAsRecorded = (at: Date | null) =>
      inTransaction(harness.dataSource, scopeOfOffice('27'), async (tx) =>
        (await lawsOf(tx))(at).evaluate('monthly-allowance', severe, '2026-03-01'),
      );
    expect((await decideAsRecorded(earlier)).outcome).toBe('unconfirmed');
    expect((await decideAsRecorded(null)).outcome).toBe('granted');
  });
});

describe('the law', () => {
  test('of two days is compared', async () => {
    const { body } = await district.get(`${monthly}/comparison?from=2025-06-30&to=2025-07-01`).expect(200);
    const changes = (body as { items: { code: string; change: string }[] }).items;
    expect(changes.map(({ code, change }) => [code, change])).toEqual([
      ['SP-5.5b', 'ended'],
      ['SP-5.5c', 'ended'],
      ['SP-PENSION-75', 'began'],
      ['SP-PENSION-70', 'began'],
      ['socialPension', 'changed'],
    ]);
  });

  test('is asked by GraphQL too', async () => {
    const { body } = await district
      .post('/graphql', {
        query: `{ lawProgrammes { code } law(programme: "rent-support", day: "2022-06-01") {
            digest rules { rule isAwaiting citation { number article } } }
          lawChanges(programme: "monthly-allowance", from: "2021-12-31", to: "2022-01-01") { code before after } }`,
      })
      .expect(200);
    expect(body).not.toHaveProperty('errors');
    const { data } = body as { data: Record<string, never[]> };
    expect(data['lawProgrammes']!.length).toBeGreaterThan(25);
    expect(data['law']).toMatchObject({
      rules: [
        { rule: 'RENT-G1', isAwaiting: false, citation: { number: '08/2022/QĐ-TTg', article: '5' } },
        { rule: 'RENT-G2' },
      ],
    });
  });

  test('of a programme that there is not, or of facts that it does not ask for', async () => {
    await district.get('/v1/law/programmes/mood').expect(404, /LAW_PROGRAMME_NOT_FOUND/);
    await district.get('/v1/law/programmes/constructor').expect(404, /LAW_PROGRAMME_NOT_FOUND/);
    const { body } = await district
      .post(`${monthly}/explanations`, { day: '2022-03-01', facts: { mood: true } })
      .expect(422);
    expect(body).toMatchObject({ code: 'LAW_FACTS', detail: 'No fact is called mood' });
    const wrong = await district
      .post(`${monthly}/explanations`, { day: '2022-03-01', facts: { disability: 'some' } })
      .set('accept-language', 'vi')
      .expect(422);
    expect((wrong.body as { detail: string }).detail).toMatch(
      /^Dữ kiện disability phải là một trong các mã /,
    );
  });
});
