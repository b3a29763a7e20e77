import { describe, expect, test } from '@jest/globals';
import { evaluate, type Facts, nationalCatalogue, openPolicy, rowDigest } from './index.js';

const wounded: Facts = { statuses: ['wounded'], injuryPercent: 45, concludedOn: '2022-01-01' };
const { parameters } = nationalCatalogue().programmes['merit-allowance']!;

describe.each(['woundedTable', 'woundedTableB'] as const)('%s', (table) => {
  const statuses = [table === 'woundedTable' ? 'wounded' : 'woundedTypeB'];
  const rows = parameters[table]!.rows.filter(({ confidence }) => confidence === 'verified');
  test.each(rows.map((row) => [row.id, row] as const))('each of its 80 degrees, by %s', (_, row) => {
    expect(Object.keys(row.table!)).toHaveLength(80);
    for (const [percent, value] of Object.entries(row.table!)) {
      const supplement = Number(percent) >= 81 ? BigInt(row.id.endsWith('-77') ? 1_399_000 : 1_031_000) : 0n;
      const facts = { ...wounded, statuses, injuryPercent: Number(percent) };
      const day = row.id.endsWith('-77') ? '2025-01-01' : '2024-01-01';
      expect(evaluate('merit-allowance', facts, day)).toMatchObject({
        outcome: 'granted',
        amount: BigInt(value) + supplement,
      });
    }
  });
});

test.each<[string, string, string, Facts, bigint]>([
  ['merit-allowance', '20 %', '2024-01-01', { ...wounded, injuryPercent: 20 }, 0n],
  ['merit-allowance', '21 %', '2024-01-01', { ...wounded, injuryPercent: 21 }, 1_384_000n],
  [
    'merit-allowance',
    '81 % with special wounds',
    '2024-01-01',
    { ...wounded, injuryPercent: 81, isSpeciallySevere: true },
    7_448_000n,
  ],
  [
    'merit-allowance',
    'the month before the conclusion',
    '2023-12-31',
    { ...wounded, concludedOn: '2024-01-10' },
    0n,
  ],
  ['merit-allowance', 'a Heroic Mother', '2024-01-01', { statuses: ['heroicMother'] }, 7_887_000n],
  [
    'merit-allowance',
    'who is a relative of two martyrs too',
    '2024-01-01',
    { statuses: ['heroicMother', 'martyrRelative'], martyrs: 2 },
    11_997_000n,
  ],
  [
    'merit-allowance',
    'a survivor of one with 60 %',
    '2024-01-01',
    { statuses: ['survivorOfWounded'], deceasedPercent: 60, isAlone: true },
    0n,
  ],
  [
    'merit-allowance',
    'of one with 61 %',
    '2024-01-01',
    { statuses: ['survivorOfWounded'], deceasedPercent: 61, isAlone: true },
    2_797_000n,
  ],
  [
    'merit-allowance',
    'five years of seniority',
    '2024-01-01',
    { statuses: ['revolutionaryFullTime'], seniorityYears: 5 },
    4_247_000n,
  ],
  [
    'merit-carer',
    'only the higher of two carers',
    '2024-01-01',
    { statuses: ['heroicMother', 'wounded'], injuryPercent: 85, isSpeciallySevere: true, isAtHome: true },
    2_640_000n,
  ],
  ['merit-injury-once', '10 %', '2024-01-01', { isAlreadyHad: false, injuryPercent: 10 }, 8_220_000n],
  ['merit-injury-once', '11 %', '2024-01-01', { isAlreadyHad: false, injuryPercent: 11 }, 12_330_000n],
  ['merit-injury-once', '16 %', '2024-01-01', { isAlreadyHad: false, injuryPercent: 16 }, 16_440_000n],
  ['merit-injury-once', '4 %', '2024-01-01', { isAlreadyHad: false, injuryPercent: 4 }, 0n],
  [
    'merit-convalescence',
    'at home, rounded up to a thousand',
    '2022-06-01',
    { isAlreadyHad: false, convalescence: 'home' },
    1_462_000n,
  ],
  [
    'merit-convalescence',
    'at a centre, rounded down',
    '2022-06-01',
    { isAlreadyHad: false, convalescence: 'centre' },
    2_923_000n,
  ],
])('%s: %s', (programme, _, day, facts, amount) =>
  expect(evaluate(programme, facts, day).amount).toBe(amount),
);

test('the tables of 2021 were derived, so that nothing is paid by them before they are confirmed', () =>
  expect(evaluate('merit-allowance', wounded, '2022-05-01')).toMatchObject({
    outcome: 'unconfirmed',
    computed: 2_343_000n,
  }));

test('the tables of 2026 were never seen: the older ones hold until they are in force, and then none', () => {
  const at = (knownOn: string) => evaluate('merit-allowance', wounded, { day: '2026-09-01', knownOn });
  expect(at('2026-09-30')).toMatchObject({ outcome: 'granted', amount: 4_024_000n });
  const unknown = at('2026-10-01');
  expect(unknown).toMatchObject({ outcome: 'unconfirmed', amount: 0n });
  expect(unknown.unconfirmed).toContainEqual({ row: 'MR-TABLE-II-321', confidence: 'missing' });
});

describe('yearly and single items, whose article the tables do not tell', () => {
  const { rules } = nationalCatalogue().programmes['merit-item']!.programme.groups[0]!;
  const confirmations = rules.map((rule) => {
    const { id: row } = rule;
    return { row, digest: rowDigest(rule), confirmedBy: 'Sở Nội vụ', confirmedOn: '2022-01-10' };
  });
  const confirmed = openPolicy({ confirmations });
  const asked = (facts: Facts): Facts => ({ isAlreadyHad: false, ...facts });
  test.each<[string, Facts, bigint]>([
    ['worship of one martyr', { meritItem: 'worship', martyrsWorshipped: 1 }, 1_400_000n],
    ['worship of two', { meritItem: 'worship', martyrsWorshipped: 2 }, 2_800_000n],
    ['a nursery school, rounded down', { meritItem: 'education', school: 'nursery' }, 325_000n],
    ['a school, rounded up', { meritItem: 'education', school: 'general' }, 650_000n],
    ['a grave, two visitors', { meritItem: 'graveVisit', kilometres: 120, visitors: 2 }, 720_000n],
    ['a grave, three visitors', { meritItem: 'graveVisit', kilometres: 120, visitors: 3 }, 1_080_000n],
    ['a grave, four visitors', { meritItem: 'graveVisit', kilometres: 120, visitors: 4 }, 1_080_000n],
    ['remains that are moved', { meritItem: 'movingRemains' }, 4_000_000n],
    ['a grave that is built', { meritItem: 'graveBuilding' }, 10_000_000n],
  ])('%s is paid once it was confirmed, and not before', (_, facts, amount) => {
    const unread = evaluate('merit-item', asked(facts), '2022-06-01');
    expect(unread).toMatchObject({ outcome: 'unconfirmed', amount: 0n, computed: amount });
    expect(confirmed.evaluate('merit-item', asked(facts), '2022-06-01')).toMatchObject({
      outcome: 'granted',
      amount,
    });
    expect(confirmed.evaluate('merit-item', { ...facts, isAlreadyHad: true }, '2022-06-01').outcome).toBe(
      'refused',
    );
  });
});
