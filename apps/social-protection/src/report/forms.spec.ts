import { describe, expect, test } from '@jest/globals';
import { nationalCatalogue } from '@ansinh/policy';
import { programmeOf } from '../programme/programmes.js';
import { type Counted, fill, formProgrammes, forms, none, notesOnTop, recipientOf } from './forms.js';

const counted = (over: Partial<Counted>): Counted => ({
  ...none,
  unit: 'u',
  programme: 'monthly-allowance',
  categories: ['SP-5.6-S-ADULT'],
  age: 'adult',
  disability: 'severe',
  people: 1,
  owed: 540_000n,
  ...over,
});

/** Of each form the line in which a row stands. */
const lineOf = (over: Partial<Counted>) =>
  fill([counted(over)]).flatMap(({ code, sections }) =>
    sections.flatMap((section) =>
      section.lines
        .filter(({ numbers }) => numbers && numbers.people > 0)
        .map((line) => `${code} ${section.code}.${line.code}`),
    ),
  );

test.each([
  [{}, ['10a I.6', '10d II.2']],
  [{ categories: ['SP-5.6-XS-CE'], age: 'child', disability: 'extremelySevere' }, ['10a I.6', '10d I.1']],
  [
    { categories: ['SP-5.6-XS-CE'], age: 'elderly', disability: 'extremelySevere' },
    ['10a I.6', '10c II.1', '10d I.3'],
  ],
  [{ categories: ['SP-5.6-S-CE'], age: 'elderly80' }, ['10a I.6', '10c II.2', '10d II.3']],
  [{ categories: ['SP-5.5c'], age: 'elderly80', disability: null }, ['10a I.5', '10c I.4']],
  // The higher one of two is paid: he is disabled still.
  [{ categories: ['SP-5.5a-80'], age: 'elderly80' }, ['10a I.5', '10c I.2', '10d III.3']],
  [{ categories: ['SP-5.1-U4'], age: 'child', disability: 'none' }, ['10a I.1']],
  [{ categories: ['SP-25-4UP'], age: 'elderly', disability: 'mild' }, ['10a III.2', '10c II.3']],
  [{ categories: ['SP-25-4UP'], age: 'adult' }, ['10a III.2', '10d III.2']],
  [{ categories: ['SP-PENSION-75'], age: 'elderly', disability: null }, ['10a I.9', '10c I.6']],
  [{ categories: ['SP-5.6-S-ADULT', 'SP-20.2a-1'] }, ['10a I.6', '10d II.2']],
  [{ categories: ['SP-5.4', 'SP-5.6-XS-ADULT'], disability: 'extremelySevere' }, ['10a I.6', '10d I.2']],
  [{ categories: ['SP-5.4', 'SP-5.5c'], age: 'elderly80', disability: null }, ['10a I.5', '10c I.4']],
  [{ categories: ['SP-5.4'], disability: null }, ['10a I.4']],
  [{ categories: ['SP-20.2a-1'] }, ['10a I.10', '10d III.1']],
  [{ categories: ['BN-OWN'], age: 'adult', disability: null }, ['10a IV.1']],
  [{ categories: ['BN-OWN'], age: 'elderly', disability: null }, ['10a IV.1', '10c II.4']],
  [
    { programme: 'care-support', categories: ['SP-20.2c'], age: 'unknown', disability: null },
    ['10a II.2', '10d IV.1'],
  ],
  [{ programme: 'funeral-support', categories: ['facilityResident'], age: 'unknown' }, ['10a V.2']],
  [{ programme: 'emergency-support', categories: ['houseDamaged'], age: 'unknown' }, ['10b III.3']],
  [{ programme: 'emergency-support', categories: ['flood'], age: 'unknown' }, ['10b IV.3']],
] as [Partial<Counted>, string[]][])('%j stands in %j', (over, lines) => expect(lineOf(over)).toEqual(lines));

describe('what is paid regularly, and once', () => {
  const categories = formProgrammes.flatMap((programme) => {
    const { choices, decides } = programmeOf(programme);
    const rules = nationalCatalogue().programmes[programme]!.programme.groups.flatMap((group) => group.rules);
    return (decides === 'lists' ? choices.map(({ code }) => code) : rules.map(({ id }) => id)).map(
      (category) => ({
        programme,
        category,
      }),
    );
  });

  test.each(categories)('stands in one line of 10a or 10b that names it: $programme $category', (row) => {
    const naming = forms
      .filter(({ code }) => code === '10a' || code === '10b')
      .flatMap(({ sections }) => sections.flatMap(({ lines }) => lines))
      .filter(({ of }) =>
        of.some((one) => one.programme === row.programme && one.categories?.includes(row.category)),
      );
    expect(naming).toHaveLength(1);
    expect(lineOf({ programme: row.programme, categories: [row.category], age: 'adult' })[0]).toMatch(
      /^10[ab] /,
    );
  });

  test('has no category that the law does not have', () => {
    const named = forms.flatMap(({ sections }) =>
      sections.flatMap(({ lines }) =>
        lines.flatMap(({ of }) =>
          of.flatMap((one) => (one.categories ?? []).map((category) => `${one.programme} ${category}`)),
        ),
      ),
    );
    const known = new Set(categories.map(({ programme, category }) => `${programme} ${category}`));
    expect(named.filter((one) => !known.has(one))).toEqual([]);
  });
});

test('lines add up to sections, and sections to the form', () => {
  const [form] = fill([
    counted({ before: 2, people: 3, times: 1, owed: 10n ** 15n, deducted: 5n, paid: 7n }),
    counted({ categories: ['SP-5.5c'], people: 4, owed: 1n }),
    counted({ categories: ['SP-5.5b'], people: 5, owed: 1n }),
  ]);
  expect(form!.sum).toEqual({
    before: 2,
    people: 12,
    times: 1,
    owed: 10n ** 15n + 2n,
    deducted: 5n,
    paid: 7n,
  });
  expect(form!.sections[0]!.sum).toEqual(form!.sum);
  expect(form!.sections[0]!.lines[4]!.numbers).toMatchObject({ people: 9, owed: 2n });
});

test('what is not kept here is empty, not nought', () => {
  const emergency = fill([]).find(({ code }) => code === '10b')!;
  expect(emergency.sections[0]!.lines.map(({ numbers }) => numbers)).toEqual([null]);
  expect(emergency.sum).toEqual(none);
});

describe('what comes on top of something else', () => {
  const [alone, both] = [
    counted({ categories: ['SP-20.2a-1'], people: 2 }),
    counted({ categories: ['SP-5.6-S-ADULT', 'SP-20.2a-1'], before: 1, people: 3 }),
  ];
  const cells = (rows: Counted[]) =>
    fill(rows)
      .flatMap(({ sections }) => sections.flatMap(({ lines }) => lines))
      .filter(({ legalBasis }) => legalBasis.includes('điều 20 khoản 2 điểm a'))
      .map(({ numbers }) => numbers && numbers.people);

  test.each([
    ['nobody has it', [counted({})], [0, 0], []],
    ['all have it on top: its part is not known', [both], [null, null], [3, 3]],
    ['some have nothing else', [alone, both], [2, 2], [3, 3]],
    ['nobody has anything else', [alone], [2, 2], []],
  ] as [string, Counted[], (number | null)[], number[]][])('%s', (_, rows, people, onTop) => {
    expect(cells(rows)).toEqual(people);
    const notes = notesOnTop(rows);
    expect(notes.map(({ en }) => Number(/: (\d+) people/.exec(en)![1]))).toEqual(onTop);
    const isEmpty = people.includes(null);
    for (const { vi, en } of notes)
      expect([en.includes('cells are empty'), vi.includes('ô để trống')]).toEqual([isEmpty, isEmpty]);
  });
});

test.each([
  ['commune', '2025-02-28', 'Phòng Lao động'],
  ['commune', '2025-03-01', 'Phòng chuyên môn'],
  ['commune', '2025-06-30', 'cấp huyện'],
  ['commune', '2025-07-01', 'cấp tỉnh'],
  ['commune', '2025-12-31', 'cấp tỉnh'],
  ['district', '2025-02-28', 'Sở Lao động'],
  ['district', '2025-03-01', 'Sở chuyên môn'],
  ['province', '2024-12-31', 'Bộ Lao động'],
  ['province', '2025-06-30', 'Bộ Y tế'],
] as const)('a %s reports the half-year that ends on %s to %s', (level, end, to) =>
  expect(recipientOf(level, end).to.vi).toContain(to),
);
