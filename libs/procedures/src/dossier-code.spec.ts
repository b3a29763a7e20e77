import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agencyCode, dossierCodeFormOn, readDossierCode, writeDossierCode } from './index.js';

function findExamples(from: string): string | undefined {
  const examples = join(from, 'shared/law/one-stop-dossiers.json');
  if (existsSync(examples)) return examples;
  return dirname(from) === from ? undefined : findExamples(dirname(from));
}

const examples = findExamples(import.meta.dirname);
const whenAbsent = examples ? '' : ' (skipped: no shared/law beside the checkout)';

test.each([
  [
    '000.00.16.H05-221126-0001',
    { form: 'agencyLast', agency: '000.00.16.H05', receivedOn: '2022-11-26', sequence: 1 },
  ],
  ['H05.16-230601-0007', { form: 'agencyFirst', agency: 'H05.16', receivedOn: '2023-06-01', sequence: 7 }],
  ['H05-230601-9999', { form: 'agencyFirst', agency: 'H05', receivedOn: '2023-06-01', sequence: 9999 }],
  [
    'H05.251.63-240229-0001',
    { form: 'agencyFirst', agency: 'H05.251.63', receivedOn: '2024-02-29', sequence: 1 },
  ],
  [
    'G09.99.01.02.03-230601-1234567',
    { form: 'agencyFirst', agency: 'G09.99.01.02.03', receivedOn: '2023-06-01', sequence: 1234567 },
  ],
])('%s is read', (code, parts) => expect(readDossierCode(code)).toEqual(parts));

test.each([
  ['month 13', '000.00.00.H05-221326-0001'],
  ['day 0', '000.00.00.H05-221100-0001'],
  ['29 February of a year without one', 'H05.16-230229-0001'],
  ['one digit of sequence', '000.00.00.H05-221126-1'],
  ['five digits in the older form', '000.00.00.H05-221126-00001'],
  ['eight digits', 'H05-221126-00000001'],
  ['the dossier number nought', 'H05-221126-0000'],
  ['a letter beyond the list', 'Z05.16-230601-0007'],
  ['a small letter', 'h05.16-230601-0007'],
  ['a level of four digits', 'H05.1600-230601-0007'],
  ['six levels', 'H05.01.02.03.04.05-230601-0007'],
  ['more than 35 characters', 'H05.160.160.160.160-230601-000000700000'],
  ['something after it', 'H05.16-230601-0007\n'],
  ['nothing', ''],
])('%s is none: %s', (_, code) => expect(readDossierCode(code)).toBeNull());

(examples ? test : test.skip)(`agrees with the examples of the national forms${whenAbsent}`, () => {
  const { codeExamples } = JSON.parse(readFileSync(examples!, 'utf8')) as {
    codeExamples: { code: string; valid: boolean; form?: 'old' | 'new' }[];
  };
  expect(codeExamples.length).toBeGreaterThan(0);
  for (const { code, valid, form } of codeExamples) {
    const read = readDossierCode(code);
    expect({ code, valid: read !== null }).toEqual({ code, valid });
    if (read) expect(read.form).toBe(form === 'old' ? 'agencyLast' : 'agencyFirst');
  }
});

describe('writing', () => {
  test('what is written is read as the same', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
    const agency = fc
      .constantFrom('agencyFirst', 'agencyLast')
      .chain((form) =>
        (form === 'agencyLast'
          ? fc.tuple(digits(2), digits(2), digits(3))
          : fc.array(fc.oneof(digits(2), digits(3)), { maxLength: 4 })
        ).map((units) => ({ form, agency: agencyCode(form, units) })),
      );
    const code = fc.record({ of: agency, receivedOn: day, sequence: fc.integer({ min: 1, max: 9999 }) });
    fc.assert(
      fc.property(code, ({ of, receivedOn, sequence }) => {
        const parts = { ...of, receivedOn, sequence };
        expect(readDossierCode(writeDossierCode(parts))).toEqual(parts);
      }),
    );
  });

  const right = { form: 'agencyFirst', agency: 'H05.16', receivedOn: '2023-06-01', sequence: 1 } as const;
  test.each([
    ['the dossier 0 of a day', { sequence: 0 }],
    ['the ten-thousandth', { sequence: 10_000 }],
    ['half a dossier', { sequence: 1.5 }],
    ['an agency of the other form', { agency: '000.00.16.H05' }],
    ['another form', { form: 'agencyLast' as const }],
    ['no day', { receivedOn: '2023-02-30' }],
    ['a day of another century', { receivedOn: '1923-06-01' }],
  ])('refuses %s', (_, over) => expect(() => writeDossierCode({ ...right, ...over })).toThrow(RangeError));

  test('the agency of a desk in both forms', () => {
    expect(agencyCode('agencyFirst', [])).toBe('H05');
    expect(agencyCode('agencyFirst', ['251', '63'])).toBe('H05.251.63');
    expect(agencyCode('agencyLast', [])).toBe('000.00.00.H05');
    expect(agencyCode('agencyLast', ['16'])).toBe('000.00.16.H05');
    expect(agencyCode('agencyLast', ['16', '02', '063'])).toBe('063.02.16.H05');
  });
});

test.each([
  ['2019-01-06', 'agencyLast'],
  ['2020-09-14', 'agencyLast'],
  ['2020-09-15', 'agencyFirst'],
  ['2025-07-01', 'agencyFirst'],
])('on %s desks write %s', (day, form) => expect(dossierCodeFormOn(day)).toBe(form));

test('before the first form there is none', () =>
  expect(() => dossierCodeFormOn('2019-01-05')).toThrow(RangeError));
