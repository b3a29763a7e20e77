import { describe, expect, test } from '@jest/globals';
import {
  instalmentsNeeded,
  scheduleOf,
  dueDaysOf,
  type RepaymentMethod,
  type ScheduleTerms,
} from './index.js';
import file from '../test/loan-schedules.json' with { type: 'json' };

/**
 * What other systems compute from the same terms. Their amounts have decimals: ours are the smallest unit, so a vector of two
 * decimals is read in hundredths.
 */
interface Vector {
  id: string;
  principal: string;
  annualPct: string;
  terms: number;
  method: string;
  amortization: string;
  interestPeriod: string;
  daysInYear?: string;
  disbursedOn: string;
  decimals: number;
  inMultiplesOf?: number;
  instalmentInMultiplesOf?: number;
  fixedPrincipalPct?: string;
  graceOnPrincipal?: Vector['terms'];
  expected?: string[][];
  expectedPartial?: Record<string, string[]>;
}

const vectors = file.vectors as unknown as Vector[];

function minorUnits(text: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

function ppm(percent: string): number {
  return Number(minorUnits(percent, 4));
}

function methodOf(vector: Vector): RepaymentMethod {
  if (vector.method === 'FLAT') return { kind: 'flat' };
  if (vector.fixedPrincipalPct) {
    const principal = minorUnits(vector.principal, vector.decimals);
    return { kind: 'fixedPrincipal', amount: (principal * BigInt(vector.fixedPrincipalPct)) / 100n };
  }
  return { kind: vector.amortization === 'EQUAL_PRINCIPAL' ? 'equalPrincipal' : 'equalInstalment' };
}

function termsOf(vector: Vector): ScheduleTerms {
  const one = 10n ** BigInt(vector.decimals);
  const unit = BigInt(vector.inMultiplesOf ?? 1);
  const instalmentUnit = vector.instalmentInMultiplesOf ? BigInt(vector.instalmentInMultiplesOf) * one : unit;
  const daily = vector.daysInYear === 'ACTUAL' ? 'actualActual' : 'actual365';
  return {
    tranches: [{ on: vector.disbursedOn, amount: minorUnits(vector.principal, vector.decimals) }],
    ratePpm: ppm(vector.annualPct),
    method: methodOf(vector),
    instalments: vector.terms,
    everyMonths: 1,
    restDays: 'kept',
    grace: { principalCount: vector.graceOnPrincipal ?? 0 },
    dayCount: vector.interestPeriod === 'DAILY' ? daily : 'thirty360',
    interestRounding: { mode: 'halfEven', unit },
    instalmentRounding: { mode: 'halfEven', unit: instalmentUnit },
  };
}

test('no vector is left out', () => {
  expect(vectors.map(({ id }) => id)).toEqual(
    ['01', '02', '04', '05', '09', '10', '11', '12'].map((number) => `FIN-C${number}`),
  );
  expect(file.frappe.map(({ id }) => id)).toEqual(['FRA-1', 'FRA-2']);
  expect(Object.keys(file.dueDates)).toEqual(['30', '31']);
});

describe.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
  const rows = scheduleOf(termsOf(vector));

  test('has the instalments that were asked for', () => {
    expect(rows).toHaveLength(vector.terms);
    expect(rows.reduce((sum, { principal }) => sum + principal, 0n)).toBe(
      minorUnits(vector.principal, vector.decimals),
    );
  });

  const expected =
    vector.expected?.map((row, index) => [index + 1, ...row] as const) ??
    Object.entries(vector.expectedPartial!).map(([number, row]) => [Number(number), ...row] as const);

  test.each(expected)('instalment %i', (number, dueOn, principal, interest) => {
    expect(rows[number - 1]).toMatchObject({
      number,
      dueOn,
      principal: minorUnits(principal!, vector.decimals),
      interest: minorUnits(interest!, vector.decimals),
    });
  });
});

/** The sources give whole units and computed in fractions: hundredths are close enough to round to the same. */
const frappeTerms = {
  tranches: [{ on: '2021-01-01', amount: 280_000_00n }],
  ratePpm: 84_000,
  everyMonths: 1,
  restDays: 'kept',
  dayCount: 'thirty360',
  interestRounding: { mode: 'halfEven', unit: 1n },
  instalmentRounding: { mode: 'up', unit: 100n },
} as const;

function whole(hundredths: bigint): string {
  return String((hundredths + 50n) / 100n);
}

test('FRA-1: an instalment that is rounded up to one unit', () => {
  const { expected } = file.frappe[0]!;
  const rows = scheduleOf({ ...frappeTerms, method: { kind: 'equalInstalment' }, instalments: 20 });
  const interest = rows.reduce((sum, row) => sum + row.interest, 0n);
  expect(rows.slice(0, -1).map((row) => whole(row.principal + row.interest))).toEqual(
    Array<string>(19).fill(expected.instalment!),
  );
  expect(whole(interest)).toBe(expected.totalInterest);
  expect(whole(interest + 280_000_00n)).toBe(expected.totalPayment);
  for (const [number, row] of Object.entries(expected.rows!)) {
    const { principal, interest: due, balance } = rows[Number(number) - 1]!;
    expect([whole(principal), whole(due), whole(balance)]).toEqual(row);
  }
});

test('FRA-2: as many instalments of one sum as it takes', () => {
  const { expected } = file.frappe[1]!;
  const instalments = instalmentsNeeded(14_000_00n, frappeTerms);
  expect(instalments).toBe(expected.terms);
  const rows = scheduleOf({
    ...frappeTerms,
    method: { kind: 'fixedInstalment', amount: 14_000_00n },
    instalments,
  });
  const interest = rows.reduce((sum, row) => sum + row.interest, 0n);
  expect(whole(interest)).toBe(expected.totalInterest);
  expect(whole(interest + 280_000_00n)).toBe(expected.totalPayment);
});

test.each(Object.entries(file.dueDates))('due days that keep the %s.', (_, expected) => {
  expect(
    dueDaysOf('2022-12-31', {
      instalments: expected.length,
      everyMonths: 1,
      firstDueOn: expected[0]!,
      restDays: 'kept',
    }),
  ).toEqual(expected);
});
