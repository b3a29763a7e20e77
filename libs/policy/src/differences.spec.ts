import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Decision, differences, type Facts, nationalCatalogue, openPolicy, rowDigest } from './index.js';

const rows = nationalCatalogue().programmes['monthly-allowance']!.parameters['standardLevel']!.rows;
const policy = openPolicy({
  confirmations: rows.map((row) => ({
    row: row.id,
    digest: rowDigest(row),
    confirmedBy: 'Vụ Pháp chế',
    confirmedOn: '2026-10-06',
  })),
});
const adult: Facts = { bornOn: '1980-01-01', disability: 'severe', certificateOn: '2021-08-20' };
const months = [
  '2026-05-01',
  '2026-06-01',
  '2026-07-01',
  '2026-08-01',
  '2026-09-01',
  '2026-10-01',
  '2026-11-01',
];
const decide = (facts: (day: string) => Facts, knownOn: (day: string) => string): Decision[] =>
  months.map((day) => policy.evaluate('monthly-allowance', facts(day), { day, knownOn: knownOn(day) }));

test('the level of July that was known in October gives arrears for the four months that were paid', () => {
  const lines = differences(
    decide(
      () => adult,
      (day) => day,
    ),
    decide(
      () => adult,
      () => '2026-11-01',
    ),
  );
  expect(
    lines.map(({ day, kind, before, after, difference }) => [day, kind, before, after, difference]),
  ).toEqual(
    ['2026-07-01', '2026-08-01', '2026-09-01', '2026-10-01'].map((day) => [
      day,
      'topUp',
      750_000n,
      810_000n,
      60_000n,
    ]),
  );
  expect(lines[0]!.reasons).toEqual([
    {
      kind: 'parameter',
      name: 'standardLevel',
      before: '500000',
      after: '540000',
      rows: ['SP-STD-500', 'SP-STD-540'],
    },
  ]);
});

test('a death that became known later is overpaid from the month after it, with the fact as its reason', () => {
  const known = '2026-12-01';
  const lines = differences(
    decide(
      () => adult,
      () => known,
    ),
    decide(
      () => ({ ...adult, diedOn: '2026-09-15' }),
      () => known,
    ),
  );
  expect(lines.map(({ day, kind, difference }) => [day, kind, difference])).toEqual([
    ['2026-10-01', 'overpaid', -810_000n],
    ['2026-11-01', 'overpaid', -810_000n],
  ]);
  expect(lines[0]!.reasons).toEqual([{ kind: 'fact', name: 'diedOn', before: null, after: '2026-09-15' }]);
});

test('a rule that began is the reason for what it gives', () => {
  const business: Facts = {
    policy: 'policy10',
    receivedOn: '2021-11-10',
    isPolicyAlreadyPaid: false,
    isOtherOneOffPaid: false,
    stoppedFrom: '2021-06-01',
    stoppedUntil: '2021-06-20',
    isRegisteredBusiness: false,
    meetsProvincialCriteria: true,
  };
  const known = (knownOn: string) => [
    policy.evaluate('covid-support', business, { day: '2021-11-10', knownOn }),
  ];
  expect(differences(known('2021-11-05'), known('2021-11-06'))).toMatchObject([
    { kind: 'topUp', difference: 3_000_000n, reasons: [{ kind: 'rule', rule: 'C-10a', change: 'began' }] },
  ]);
});

test('nothing is made of what is not confirmed', () => {
  const doubtful = openPolicy();
  const before = [policy.evaluate('monthly-allowance', adult, '2024-05-01')];
  const same = [doubtful.evaluate('monthly-allowance', adult, '2024-05-01')];
  expect(differences(before, same)).toEqual([]);
  const paid = [policy.evaluate('monthly-allowance', adult, '2024-07-01')];
  const unsure = [doubtful.evaluate('monthly-allowance', adult, '2024-07-01')];
  expect(differences(paid, unsure)).toMatchObject([{ kind: 'undecided', before: 750_000n, after: 0n }]);
});

test('what is not one to one is not compared', () => {
  const [first, second] = decide(
    () => adult,
    (day) => day,
  );
  expect(() => differences([first!], [second!])).toThrow(RangeError);
  expect(() => differences([first!], [])).toThrow(RangeError);
  expect(() => differences([first!, first!], [first!, second!])).toThrow(RangeError);
});

test('there and back comes to nothing, and a case has no difference to itself', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('none', 'mild', 'severe', 'extremelySevere'),
      fc.constantFrom(...months),
      (disability, knownOn) => {
        const [one, two] = [
          decide(
            () => adult,
            () => knownOn,
          ),
          decide(
            () => ({ ...adult, disability }),
            (day) => day,
          ),
        ];
        expect(differences(one, one)).toEqual([]);
        const sum = (lines: ReturnType<typeof differences>) =>
          lines.reduce((total, line) => total + line.difference, 0n);
        expect(sum(differences(one, two))).toBe(-sum(differences(two, one)));
      },
    ),
  ));
