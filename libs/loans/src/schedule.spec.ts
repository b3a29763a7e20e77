import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysBetween } from '@ansinh/calendar';
import { instalmentsNeeded, scheduleOf, type ScheduleTerms } from './index.js';
import { anyTerms } from '../test/any-schedule.js';
import { expectRefused } from '../test/refusal.js';

const dong = { mode: 'halfUp', unit: 1n } as const;

/** A loan of the employment fund as the policy bank lends it: 7.92 % by actual days over 365. */
const base = {
  tranches: [{ on: '2022-01-10', amount: 100_000_000n }],
  ratePpm: 79_200,
  method: { kind: 'equalPrincipal' },
  instalments: 4,
  everyMonths: 3,
  restDays: 'kept',
  dayCount: 'actual365',
  interestRounding: dong,
  instalmentRounding: dong,
} as const satisfies ScheduleTerms;

function rowsOf(terms: Partial<ScheduleTerms>) {
  return scheduleOf({ ...base, ...terms }).map(({ dueOn, principal, interest }) => {
    return [dueOn, principal, interest];
  });
}

test.each([
  ['7.92 %', 79_200, 672_658n],
  ['3.96 %, of priority groups', 39_600, 336_329n],
])('the law’s example: 31 days of 100 million at %s', (_, ratePpm, interest) => {
  expect(rowsOf({ ratePpm, instalments: 1, everyMonths: 1 })).toEqual([
    ['2022-02-10', 100_000_000n, interest],
  ]);
});

describe('principal', () => {
  test('in equal parts, the last with what rounding left', () => {
    expect(rowsOf({ instalments: 3 }).map(([, principal]) => principal)).toEqual([
      33_333_333n,
      33_333_333n,
      33_333_334n,
    ]);
  });

  test('each 24 months, interest each month: the policy bank’s way for terms up to five years', () => {
    const rows = scheduleOf({ ...base, instalments: 60, everyMonths: 1, repaidEvery: 24 });
    expect(rows.filter(({ principal }) => principal > 0n).map(({ number }) => number)).toEqual([24, 48, 60]);
    expect(rows.every(({ interest }) => interest > 0n)).toBe(true);
  });

  test('of a loan in tranches is shared anew when one comes', () => {
    const tranches = [
      { on: '2022-01-10', amount: 60_000_000n },
      { on: '2022-05-10', amount: 40_000_000n },
    ];
    expect(rowsOf({ tranches, ratePpm: 0 }).map(([, principal]) => principal)).toEqual([
      15_000_000n,
      28_333_333n,
      28_333_333n,
      28_333_334n,
    ]);
  });

  test('a tranche bears interest from its day on', () => {
    const tranches = [
      { on: '2022-01-10', amount: 50_000_000n },
      { on: '2022-01-20', amount: 50_000_000n },
    ];
    // 50 million for 31 days and 50 million for 21.
    expect(rowsOf({ tranches, instalments: 1, everyMonths: 1 })).toEqual([
      ['2022-02-10', 100_000_000n, 564_164n],
    ]);
  });

  test('that is fixed at more than the loan ends early, and the instalments stay as many as were asked for', () => {
    const rows = rowsOf({ method: { kind: 'fixedPrincipal', amount: 60_000_000n } });
    expect(rows.map(([, principal]) => principal)).toEqual([60_000_000n, 40_000_000n, 0n, 0n]);
  });
});

describe('grace', () => {
  test('of principal: interest alone', () => {
    expect(rowsOf({ grace: { principalCount: 2 } })).toEqual([
      ['2022-04-10', 0n, 1_952_877n],
      ['2022-07-10', 0n, 1_974_575n],
      ['2022-10-10', 50_000_000n, 1_996_274n],
      ['2023-01-10', 50_000_000n, 998_137n],
    ]);
  });

  test('of interest: it is collected with the first instalment after, rounded once', () => {
    expect(
      rowsOf({ grace: { principalCount: 2, interestCount: 2 } }).map(([, , interest]) => interest),
    ).toEqual([0n, 0n, 5_923_726n, 998_137n]);
  });

  test('without interest: none is charged', () => {
    expect(rowsOf({ grace: { freeCount: 2 } }).map(([, , interest]) => interest)).toEqual([
      0n,
      0n,
      998_137n,
      499_068n,
    ]);
  });

  test('of an equal instalment: the sum is that of the instalments that are left', () => {
    const rows = scheduleOf({ ...base, method: { kind: 'equalInstalment' }, grace: { principalCount: 2 } });
    const sums = rows.map(({ principal, interest }) => principal + interest);
    expect(sums.slice(0, 2)).toEqual([1_952_877n, 1_974_575n]);
    expect(sums[3]! - sums[2]!).toBeLessThanOrEqual(1n);
    expect(rows[3]!.balance).toBe(0n);
  });
});

describe('due days', () => {
  test('an irregular first period', () => {
    expect(rowsOf({ firstDueOn: '2022-02-15' })).toEqual([
      ['2022-02-15', 25_000_000n, 781_151n],
      ['2022-05-15', 25_000_000n, 1_448_384n],
      ['2022-08-15', 25_000_000n, 998_137n],
      ['2022-11-15', 25_000_000n, 499_068n],
    ]);
  });

  test('move on from days of rest, and the next one is on its own day again', () => {
    const rows = rowsOf({ restDays: 'movedOn', instalments: 3, everyMonths: 1, firstDueOn: '2022-01-31' });
    // Tết of 2022 is over on 7 February; 30 April and 1 May are holidays, made good by 2 and 3 May.
    expect(rows.map(([dueOn]) => dueOn)).toEqual(['2022-02-07', '2022-02-28', '2022-03-31']);
  });

  test('on the transaction day of a commune', () => {
    const rows = rowsOf({ everyMonths: 1, dueDayOfMonth: 6 });
    expect(rows.map(([dueOn]) => dueOn)).toEqual(['2022-02-06', '2022-03-06', '2022-04-06', '2022-05-06']);
  });
});

test('flat: interest on what was paid out, tranche by tranche, in equal parts', () => {
  const tranches = [
    { on: '2022-01-10', amount: 60_000_000n },
    { on: '2022-04-10', amount: 40_000_000n },
  ];
  // 60 million for 365 days and 40 million for 275: 4,752,000 and 2,386,849.
  expect(rowsOf({ tranches, method: { kind: 'flat' } })).toEqual([
    ['2022-04-10', 15_000_000n, 1_784_712n],
    ['2022-07-10', 28_333_333n, 1_784_713n],
    ['2022-10-10', 28_333_333n, 1_784_712n],
    ['2023-01-10', 28_333_334n, 1_784_712n],
  ]);
});

test.each([
  ['actual365', 1_994_521n],
  ['actual360', 2_022_222n],
  ['actualActual', 1_992_544n],
  ['thirty360', 1_977_778n],
] as const)('a quarter over the end of a leap year by %s', (dayCount, interest) => {
  const tranches = [{ on: '2024-11-29', amount: 100_000_000n }];
  // 8 million a year for 91 days, 33 of them in the leap year; for 89 days in months of thirty.
  const rows = rowsOf({
    tranches,
    ratePpm: 80_000,
    dayCount,
    instalments: 1,
    firstDueOn: '2025-02-28',
  });
  expect(rows[0]![2]).toBe(interest);
});

test.each([
  ['no tranche', { tranches: [] }, /tranches above zero/],
  ['a tranche of nothing', { tranches: [{ on: '2022-01-10', amount: 0n }] }, /tranches above zero/],
  ['tranches out of order', { tranches: [...base.tranches, ...base.tranches] }, /order of their days/],
  [
    'a tranche after the end',
    { tranches: [...base.tranches, { on: '2023-01-10', amount: 1n }] },
    /last due day/,
  ],
  ['no instalment', { instalments: 0 }, /Not a number of/],
  ['601 instalments', { instalments: 601 }, /1 to 600/],
  ['a grace without end', { grace: { principalCount: 4 } }, /grace ends/],
  ['a negative rate', { ratePpm: -1 }, /Not a count or rate/],
  ['a due day before the loan', { firstDueOn: '2022-01-10' }, /is due, but/],
  ['the 32nd', { dueDayOfMonth: 32 }, /Not a day of a month/],
  [
    'interest alone between equal instalments',
    { method: { kind: 'equalInstalment' }, repaidEvery: 2 },
    /one sum/,
  ],
  ['a fixed principal of nothing', { method: { kind: 'fixedPrincipal', amount: 0n } }, /above zero/],
  [
    'an instalment below the interest',
    { method: { kind: 'fixedInstalment', amount: 1n } },
    /bring the interest/,
  ],
] as const)('%s is refused', (_, terms, message) => {
  expectRefused(() => scheduleOf({ ...base, ...(terms as Partial<ScheduleTerms>) }), message);
});

test('what is no day of the calendar makes no schedule', () => {
  expect(() => scheduleOf({ ...base, firstDueOn: '2022-02-30' })).toThrow(/Not a day/);
});

test('an instalment too small to end is refused', () => {
  expectRefused(() => instalmentsNeeded(672_658n, { ...base, everyMonths: 1 }), /600 instalments/);
});

describe('whatever the terms', () => {
  test('principal sums to the loan, no balance is negative, and there are as many instalments as were asked for', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const rows = scheduleOf(terms);
        expect(rows).toHaveLength(terms.instalments);
        const lent = terms.tranches.reduce((sum, { amount }) => sum + amount, 0n);
        expect(rows.reduce((sum, { principal }) => sum + principal, 0n)).toBe(lent);
        expect(rows.at(-1)!.balance).toBe(0n);
        for (const { principal, interest, balance } of rows)
          expect(principal >= 0n && interest >= 0n && balance >= 0n).toBe(true);
        rows.reduce((before, { dueOn }) => {
          expect(daysBetween(before, dueOn)).toBeGreaterThan(0);
          return dueOn;
        }, terms.tranches[0]!.on);
      }),
    );
  });

  test('an equal instalment is equal, but for the last by what rounding left', () => {
    fc.assert(
      fc.property(anyTerms, (terms) => {
        const tranches = terms.tranches.slice(0, 1);
        // A few đồng in many instalments are paid off before the last one, each being rounded up.
        fc.pre(tranches[0]!.amount >= BigInt(terms.instalments) ** 2n);
        const rows = scheduleOf({
          ...terms,
          tranches,
          method: { kind: 'equalInstalment' },
          repaidEvery: 1,
          grace: {},
          firstDueOn: undefined,
          dueDayOfMonth: undefined,
          everyMonths: 1,
          interestRounding: dong,
          instalmentRounding: dong,
        });
        const sums = new Set(rows.slice(0, -1).map(({ principal, interest }) => principal + interest));
        expect(sums.size).toBeLessThanOrEqual(1);
        const [first, last] = [rows[0]!, rows.at(-1)!];
        const difference = first.principal + first.interest - last.principal - last.interest;
        // Each of up to 60 roundings is half a đồng at most, and bears interest to the end.
        expect(difference < 400n && difference > -400n).toBe(true);
      }),
    );
  });
});
