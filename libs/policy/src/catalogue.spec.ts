import { describe, expect, test } from '@jest/globals';
import rent from './data/rent-support.json' with { type: 'json' };
import { nationalCatalogue, openCatalogue, PolicyFileError } from './index.js';
import { areTablesThere, lawTable, whenAbsent } from '../test/law-tables.js';

const tables = [
  'covid-support',
  'rent-support',
  'social-protection',
  'people-of-merit',
  'poverty',
  'employment-loans',
];

interface LawRow {
  id: string;
  confidence: string;
  amountVnd?: unknown;
}

test('the carried law holds together', () => {
  expect(Object.keys(nationalCatalogue().programmes)).toHaveLength(33);
});

(areTablesThere ? test : test.skip)(
  `no row is held for surer than the table that it was carried over from${whenAbsent}`,
  () => {
    const rows = new Map(
      tables.flatMap((table) => {
        const { rules } = lawTable<{ rules: LawRow[] }>(table);
        return rules.map((row) => [row.id, row] as const);
      }),
    );
    let compared = 0;
    for (const { programme, parameters } of Object.values(nationalCatalogue().programmes)) {
      const carried = [
        ...programme.groups.flatMap(({ rules }) => rules),
        ...Object.values(parameters).flatMap((p) => p.rows),
      ];
      for (const row of carried)
        for (const id of row.carriedFrom.filter((from) => !from.startsWith('woundedTables'))) {
          expect(rows.has(id) ? id : `${row.id}: there is no row ${id}`).toBe(id);
          if (rows.get(id)!.confidence !== 'verified')
            expect({ id: row.id, confidence: row.confidence }).not.toMatchObject({ confidence: 'verified' });
          if ('value' in row && row.value && row.id === id && rows.get(id)!.amountVnd !== undefined)
            expect({ id, value: row.value }).toEqual({ id, value: String(rows.get(id)!.amountVnd) });
          compared += 1;
        }
    }
    expect(compared).toBeGreaterThan(300);
  },
);

/** The file of rent support with one thing changed. */
function changed(change: (file: ReturnType<typeof copyOfRent>) => void): unknown {
  const file = copyOfRent();
  change(file);
  return file;
}
const copyOfRent = () => structuredClone(rent) as typeof rent & { parameters: Record<string, unknown> };
const first = (file: typeof rent) => file.programmes[0]!.groups[0]!.rules[0]!;
const level = (rows: object[]) => ({ name: { vi: 'Mức', en: 'Level' }, unit: 'vnd', rows });
const cited = {
  citation: { instrument: 'QD-08-2022', article: '5' },
  confidence: 'verified',
  carriedFrom: [],
};

describe('a file is refused', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'with a fact that is not declared',
      changed((file) => void (first(file).when[0]!.fact = 'mood')),
      /mood, which is not declared/,
    ],
    [
      'with a code that there is not',
      changed((file) => void ((first(file).when.at(-1) as { is: string }).is = 'enterprize')),
      /can never be enterprize/,
    ],
    [
      'with a rule that nothing combines',
      changed((file) => void (file.programmes[0]!.combination.sum = ['RENT-G1', 'RENT-G1'])),
      /RENT-G2 stands 0 times/,
    ],
    [
      'with a rule that counts twice',
      changed((file) => void (file.programmes[0]!.combination.sum = ['RENT-G1', 'RENT-G2', 'RENT-G1'])),
      /RENT-G1 stands 2 times/,
    ],
    [
      'with an instrument that is not there',
      changed((file) => void (first(file).citation.instrument = 'QD-9-2022')),
      /cites QD-9-2022/,
    ],
    [
      'with a rule without an article',
      changed((file) => void Reflect.deleteProperty(first(file).citation, 'article')),
      /neither an article nor an annex/,
    ],
    [
      'with a day that there never was',
      changed((file) => void (first(file).appliedFrom = '2022-02-30')),
      /not a day of the calendar/,
    ],
    [
      'with money as a number',
      changed((file) => void Object.assign(first(file), { amount: 500000 })),
      /amount/,
    ],
    [
      'with a word that the form does not know',
      changed((file) => void Object.assign(first(file), { unless: [] })),
      /unless/,
    ],
    [
      'with a parameter that is not there',
      changed((file) => void Object.assign(first(file), { amount: { parameter: 'rent' } })),
      /parameter rent/,
    ],
    [
      'with days before the first value',
      changed((file) => {
        Object.assign(first(file), { amount: { parameter: 'rent' } });
        file.parameters['rent'] = level([{ id: 'R-1', ...cited, appliedFrom: '2022-05-01', value: '5' }]);
      }),
      /rent has no value from 2022-03-28 to 2022-05-01/,
    ],
    [
      'with days after the last value',
      changed((file) => {
        file.parameters['rent'] = level([
          { id: 'R-1', ...cited, appliedFrom: '2022-01-01', appliedUntil: '2022-05-01', value: '5' },
        ]);
      }),
      /rent has no value from 2022-05-01 on/,
    ],
    [
      'with two values from one day',
      changed((file) => {
        file.parameters['rent'] = level(
          ['R-1', 'R-2'].map((id) => ({ id, ...cited, appliedFrom: '2022-01-01', value: '5' })),
        );
      }),
      /two versions begin on one day/,
    ],
    [
      'with a measure that is worked out of itself',
      changed((file) => {
        const measure = (of: string) => ({ name: { vi: 'Số', en: 'Number' }, is: { sum: [of, 1] } });
        Object.assign(file, { measures: { one: measure('two'), two: measure('one') } });
      }),
      /one is worked out of itself/,
    ],
    [
      'with a way of combining that leaves out without saying by what law',
      changed(
        (file) =>
          void Object.assign(file.programmes[0]!, { combination: { highest: ['RENT-G1', 'RENT-G2'] } }),
      ),
      /cites nothing/,
    ],
  ])('%s', (_, file, finding) => {
    expect(() => openCatalogue([file])).toThrow(PolicyFileError);
    expect(() => openCatalogue([file])).toThrow(finding);
  });
});
