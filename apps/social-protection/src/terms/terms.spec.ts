import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { paymentDays, paymentDueOn, termOn, terms } from './terms.js';

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

interface Row {
  id: string;
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
  test.each([...terms])('say the same of $row', ({ row, workingDays, from, confidence }) => {
    const found = rows.find(({ id }) => id === row)!;
    expect(found).toMatchObject({ value: workingDays, effectiveFrom: from, confidence });
    expect(found.unit).toMatch(/^working days/);
  });
});
