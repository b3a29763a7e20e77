import { describe, expect, test } from '@jest/globals';
import {
  type AddedRow,
  compareLaw,
  confirmableRows,
  confirmableTexts,
  lawAt,
  nationalCatalogue,
  openPolicy,
  PolicyFileError,
  rowDigest,
  withParameterRows,
} from './index.js';

const national = openPolicy();
const resolution = (over: Partial<AddedRow> = {}): AddedRow => ({
  parameter: 'standardLevel',
  row: {
    id: 'NQ-99-2023',
    citation: { instrument: 'NQ-99-2023', article: '1' },
    confidence: 'verified',
    carriedFrom: [],
    appliedFrom: '2023-01-01',
    value: '400000',
    province: 'own',
  },
  instrument: {
    number: '99/2023/NQ-HĐND',
    name: { vi: 'Nghị quyết 99/2023/NQ-HĐND', en: 'Resolution 99/2023/NQ-HĐND' },
    inForceFrom: '2023-01-01',
    source: 'province',
  },
  ...over,
});

test('the law of a day with its articles, and with what waits for somebody', () => {
  const { rules, parameters, digest } = lawAt(national, 'monthly-allowance', '2025-08-01');
  expect(digest).toBe(national.programmeAt('monthly-allowance', '2025-08-01').digest);
  expect(rules.find(({ rule }) => rule === 'SP-PENSION-75')).toMatchObject({
    isAwaiting: true,
    confidence: 'secondary',
    citation: { number: '176/2025/NĐ-CP', article: '2', clause: '1' },
  });
  expect(rules.find(({ rule }) => rule === 'SP-5.2')).toMatchObject({ isAwaiting: false });
  expect(rules.find(({ rule }) => rule === 'SP-5.5c')).toBeUndefined();
  expect(parameters.find(({ parameter }) => parameter === 'standardLevel')?.at).toMatchObject({
    row: 'SP-STD-500',
    value: 500_000n,
    isAwaiting: true,
  });
});

describe('two days', () => {
  test('differ by rules that ended and began, and by values', () => {
    const changes = compareLaw(national, 'monthly-allowance', ['2025-06-30', '2025-07-01']);
    expect(
      changes.filter(({ kind }) => kind === 'rule').map((one) => [one.code, 'change' in one && one.change]),
    ).toEqual([
      ['SP-5.5b', 'ended'],
      ['SP-5.5c', 'ended'],
      ['SP-PENSION-75', 'began'],
      ['SP-PENSION-70', 'began'],
    ]);
    expect(compareLaw(national, 'monthly-allowance', ['2024-06-30', '2024-07-01'])).toEqual([
      expect.objectContaining({
        code: 'standardLevel',
        before: { row: 'SP-STD-360', value: 360_000n },
        after: { row: 'SP-STD-500', value: 500_000n },
      }),
    ]);
  });

  test('and one day as it was known on two', () => {
    const asKnown = (knownOn: string) => ({ day: '2026-08-01', knownOn });
    const change = compareLaw(national, 'monthly-allowance', [asKnown('2026-10-04'), asKnown('2026-10-05')]);
    expect(change.map(({ code }) => code)).toEqual(['standardLevel', 'socialPension']);
  });

  test('or not at all', () =>
    expect(compareLaw(national, 'monthly-allowance', ['2022-01-01', '2022-06-01'])).toEqual([]));
});

describe('a resolution of the province', () => {
  test('counts where the policy is of the province, and where a question names it', () => {
    const catalogue = withParameterRows(nationalCatalogue(), [resolution()]);
    const level = (province: string | undefined, day: string, asked?: string) =>
      lawAt(openPolicy({ catalogue, ...(province && { province }) }), 'monthly-allowance', {
        day,
        ...(asked && { province: asked }),
      }).parameters.find(({ parameter }) => parameter === 'standardLevel')!.at!;
    expect(level('own', '2023-01-01')).toMatchObject({ value: 400_000n, province: 'own' });
    expect(level('own', '2023-01-01').citation.number).toBe('99/2023/NQ-HĐND');
    expect(level('own', '2022-12-31').value).toBe(360_000n);
    expect(level(undefined, '2023-01-01').value).toBe(360_000n);
    expect(level(undefined, '2023-01-01', 'own').value).toBe(400_000n);
  });

  test.each<[string, AddedRow, RegExp]>([
    ['of a parameter that there is not', resolution({ parameter: 'mood' }), /no parameter mood/],
    [
      'of one that is the same everywhere',
      resolution({ parameter: 'meritStandard' }),
      /a province may not set meritStandard/,
    ],
    [
      'by an instrument that says something else elsewhere',
      resolution({
        row: { ...resolution().row, citation: { instrument: 'ND-20-2021', article: '1' } },
      }),
      /ND-20-2021: two files say different things/,
    ],
  ])('is refused %s', (_, row, finding) => {
    expect(() => withParameterRows(nationalCatalogue(), [row])).toThrow(PolicyFileError);
    expect(() => withParameterRows(nationalCatalogue(), [row])).toThrow(finding);
  });
});

test('what may be confirmed was read by nobody, and has a value', () => {
  const rows = confirmableRows(nationalCatalogue());
  expect(rows.has('SP-STD-500')).toBe(true);
  expect(rows.has('SP-PENSION-MAX')).toBe(true);
  expect(rows.has('SP-STD-360')).toBe(false);
  expect(rows.has('MR-TABLE-II-321')).toBe(false);
  expect(rowDigest(rows.get('SP-STD-500')!)).toMatch(/^[0-9a-f]{64}$/);
});

describe('what a row that waits says', () => {
  const texts = confirmableTexts(nationalCatalogue());

  test('is said of each of them, in both languages, and in words of the law', () => {
    expect([...texts.keys()].toSorted()).toEqual([...confirmableRows(nationalCatalogue()).keys()].toSorted());
    for (const { vi, en } of texts.values()) {
      for (const text of [vi, en]) expect(text).not.toMatch(/undefined|NaN|: $|: ;|\(\)/);
      // Names of facts and parameters in the files are none that anybody reads.
      expect(vi).not.toMatch(/\b[a-z]+[A-Z][A-Za-z]*\b/);
    }
  });

  test.each([
    ['EL-TERM-OLD', 'Longest term: 60 months', 'Thời hạn vay tối đa: 60 tháng'],
    ['SP-STD-500', /: 500,000 VND$/, /: 500\.000 đồng$/],
    [
      'LJ-SHORT',
      /Of a short contract.+\. When .+: no; .+: below .+\. Then /,
      /Hợp đồng ngắn hạn.+\. Khi .+: không; .+: đến trước .+\. Thì /,
    ],
    ['EL26-COLLATERAL-OL', /\. When /, /\. Khi /],
  ])('%s', (row, en, vi) => {
    expect(texts.get(row)!.en).toMatch(en);
    expect(texts.get(row)!.vi).toMatch(vi);
  });
});
