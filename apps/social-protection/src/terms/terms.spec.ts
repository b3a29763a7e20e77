import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isLate, paymentDays, paymentDueOn, reportDays, reportDueOn, termOn, terms } from './terms.js';

describe('a term', () => {
  test.each([
    ['povertyPosting', '2021-08-31', undefined],
    ['povertyPosting', '2021-09-01', 3],
    ['povertyComplaint', '2026-01-01', 7],
    ['rentSupportComplaint', '2022-03-27', undefined],
    ['rentSupportComplaint', '2022-03-28', 2],
    ['rentSupportComplaint', '2022-08-15', 2],
    ['rentSupportComplaint', '2022-08-16', undefined],
  ] as const)('%s on %s', (code, day, days) => expect(termOn(code, day)?.workingDays).toBe(days));
});

describe('money and list of a month are there before', () => {
  test.each([
    ['monthly-allowance', '2022-01-01', '2021-12-25'],
    ['care-support', '2022-03-01', '2022-02-25'],
    // The circular of people of merit is in force from the 5th of September.
    ['merit-allowance', '2022-09-01', null],
    ['merit-carer', '2022-10-01', '2022-09-25'],
    ['covid-support', '2022-10-01', null],
  ] as const)('%s, %s: %s', (programme, month, day) => expect(paymentDueOn(programme, month)).toBe(day));
});

describe('a half-year is reported before', () => {
  test.each([
    ['commune', '2022-01-01', '2022-06-15'],
    ['commune', '2022-07-01', '2022-12-15'],
    ['district', '2022-01-01', '2022-06-30'],
    ['district', '2022-07-01', '2022-12-31'],
    ['province', '2022-01-01', '2022-07-15'],
    ['province', '2022-07-01', '2023-01-15'],
    ['province', '2021-07-01', '2022-01-15'],
    // The circular applies from the 1st of July 2021.
    ['province', '2021-01-01', undefined],
  ] as const)('of a %s, from %s: %s', (level, first, day) =>
    expect(reportDueOn(level, first)?.before).toBe(day),
  );
});

test.each([
  ['2022-06-14', false],
  ['2022-06-15', true],
])('a commune that reports on %s is late: %s', (day, late) =>
  expect(isLate(reportDueOn('commune', '2022-01-01')!, day)).toBe(late),
);

interface Row {
  id: string;
  condition: string;
  value: number | string;
  unit: string;
  effectiveFrom: string;
  confidence: string;
}

/** The tables of law stand beside the checkout, never in it. */
function findLaw(from: string): string | undefined {
  const law = join(from, 'shared/law');
  if (existsSync(law)) return law;
  return dirname(from) === from ? undefined : findLaw(dirname(from));
}
const law = findLaw(import.meta.dirname);
const rowsOf = (name: string) =>
  law ? (JSON.parse(readFileSync(join(law, `${name}.json`), 'utf8')) as { rules: Row[] }).rules : [];
const whenAbsent = law ? '' : ' (skipped: no shared/law beside the checkout)';

(law ? describe : describe.skip)(`the tables of law${whenAbsent}`, () => {
  const rows = ['people-of-merit', 'poverty', 'rent-support', 'social-protection'].flatMap(rowsOf);
  test.each([...paymentDays])('say the same of $row', ({ row, day, from, confidence }) =>
    expect(rows.find(({ id }) => id === row)).toMatchObject({
      value: String(day),
      effectiveFrom: from,
      confidence,
    }),
  );
  test('say the same of the days of reports', () => {
    const found = rows.find(({ id }) => id === 'SP-REP')!;
    const days = ['2022-01-01', '2022-07-01'].flatMap((first) =>
      reportDays.map(({ level }) => {
        const [, month, day] = reportDueOn(level as 'commune', first)!
          .before.split('-')
          .map(Number);
        return [level, `${day}/${month}`] as const;
      }),
    );
    const said = found.condition.replace('reports: ', '').split('; ');
    for (const [level, day] of days)
      expect(said.find((part) => part.startsWith(level))!.split(' ')).toContain(day);
    for (const { confidence, from } of reportDays)
      expect(found).toMatchObject({ confidence, effectiveFrom: from });
  });
  test.each([...terms])('say the same of $row', ({ row, workingDays, from, confidence }) => {
    const found = rows.find(({ id }) => id === row)!;
    expect(found).toMatchObject({ value: workingDays, effectiveFrom: from, confidence });
    expect(found.unit).toMatch(/^working days/);
  });
});
