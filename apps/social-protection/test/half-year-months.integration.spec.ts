import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PlayedClient } from '@ansinh/testing';
import type { HalfYearForms } from '../src/report/half-year-form.dto.js';
import { type Harness, startHarness } from './harness.js';
import { approvedMonth, disabled, entered } from './month.js';
import { confirmLaw } from './support.js';

let harness: Harness;
/** Of the province, of the district of Bắc Ninh city, and of Từ Sơn. */
let maker: PlayedClient;
let city: PlayedClient;
let town: PlayedClient;
let first: HalfYearForms;

const died = { appliesFrom: '2024-06', facts: { diedOn: '2024-05-20' }, basis: 'x' };

beforeAll(async () => {
  harness = await startHarness();
  const [checker, cityMaker, cityChecker] = await Promise.all([
    harness.as({ sub: 'checker' }),
    harness.as({ sub: 'city-maker', office: '256' }),
    harness.as({ sub: 'city-checker', office: '256' }),
  ]);
  [maker, city, town] = await Promise.all([
    harness.as({ sub: 'maker' }),
    harness.as({ sub: 'city', office: '256', permissions: ['support:read'] }),
    harness.as({ sub: 'town', office: '261', permissions: ['support:read'] }),
  ]);
  await confirmLaw(maker, 'SP-STD-500');
  const ids = [];
  for (const placeCode of ['09169', '09169', '09367', '09367', '09367']) {
    const adult = disabled('severe', '1990-01-01');
    ids.push((await entered(maker, adult, { placeCode, appliesFrom: '2023-10' })).id);
  }
  // Of the half-year before November is the last one of all.
  await approvedMonth(maker, checker, '2023-11');
  await approvedMonth(maker, checker, '2024-04');
  // One of each died in May, and one moved to the city: he is decided on by both.
  for (const id of [ids[0], ids[2]]) await maker.post(`/v1/beneficiaries/${id}/statements`, died).expect(201);
  const move = { placeCode: '09169', movedOn: '2024-05-10', basis: 'x' };
  await maker.post(`/v1/beneficiaries/${ids[3]}/moves`, move).expect(201);
  await approvedMonth(cityMaker, cityChecker, '2024-06', { backTo: '2024-06' });
  first = await formsOf(maker, 1, '27');
});
afterAll(() => harness.stop());

const formsOf = async (client: PlayedClient, half: 1 | 2, placeCode?: string) => {
  const of = placeCode === undefined ? '' : `&placeCode=${placeCode}`;
  const { body } = await client.get(`/v1/half-year-forms?year=2024&half=${half}${of}`).expect(200);
  return body as HalfYearForms;
};

const sumOf = ({ forms }: HalfYearForms) => forms[0]!.sum;

const notesOf = ({ notes }: HalfYearForms) =>
  notes.map(({ en }) => en).filter((note) => note.includes('approved yet'));

test('people are counted by the last month that their own office has approved, each once', () => {
  const people = (code: string) => first.units.find(({ placeCode }) => placeCode === code)!.sums[0]!;
  // Of June: one of two is dead, and one has come.
  expect(people('256')).toMatchObject({ before: 2, people: 2 });
  // Of April: who died in May is among them, who moved is not any more.
  expect(people('261')).toMatchObject({ before: 3, people: 2 });
  expect(sumOf(first)).toMatchObject({ before: 5, people: 4 });
});

test('a note says which month stands for which unit, though another one has approved the last', async () => {
  const [now, before, ...others] = notesOf(first);
  expect(others).toEqual([]);
  expect(now).toMatch(
    /: 2024-06 is not approved yet; people at the end of the half-year are those of 2024-04\.$/,
  );
  expect(now).toContain('Thành phố Từ Sơn');
  expect(now).not.toContain('Thành phố Bắc Ninh');
  expect(before).toMatch(
    /^[^,]*: 2023-12 is not approved yet; people before the half-year are those of 2023-11\.$/,
  );
  expect(first.notes.map(({ vi }) => vi)).toContainEqual(
    expect.stringContaining('tháng 2024-06 chưa được duyệt, số người cuối kỳ tính theo tháng 2024-04'),
  );
  expect(notesOf(await formsOf(city, 1))).toEqual([before]);
  const [alone] = notesOf(await formsOf(town, 1));
  expect(alone).toMatch(/^[^,]*: 2024-06 is not approved yet/);
});

test('a half-year begins with whom the one before ended with; where nothing of it is approved that is said', async () => {
  const next = await formsOf(maker, 2, '27');
  expect(sumOf(next)).toMatchObject({ before: sumOf(first).people, people: 0 });
  const [before, none, ...others] = notesOf(next);
  expect(others).toEqual([]);
  expect(before).toMatch(
    /Thành phố Từ Sơn.*: 2024-06 is not approved yet; people before the half-year are those of 2024-04\.$/,
  );
  expect(none).toMatch(/no month of the half-year is approved yet, so the people at its end are 0\.$/);
  expect(none).toContain('at Phường Thị Cầu, ');
});
