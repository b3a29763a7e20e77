import { describe, expect, test } from '@jest/globals';
import {
  arrearsByAge,
  bandOf,
  bookOn,
  entriesToAdd,
  ledgerBalances,
  type LoanContract,
  type LoanEvent,
  nextDue,
  statementOf,
  upcomingDues,
  wakesOn,
} from './index.js';
import { contractOf, disbursed, eventsOf, loanTerms } from '../test/loan.js';
import { expectRefused } from '../test/refusal.js';

const contract = contractOf(loanTerms);
/** 120 million for the 181 days to 10 July; 90 million for the 184 to January. */
const [firstInterest, secondInterest] = [4_712_942n, 3_593_293n];

function owed(events: LoanEvent[], day: string, by: Partial<LoanContract> = {}) {
  const { position } = bookOn({ ...contract, ...by }, events, day);
  const { principal, principalDue, interestDue, interestAccrued, overdueInterest, credit } = position;
  return { principal, principalDue, interestDue, interestAccrued, overdueInterest, credit };
}

const nothing = {
  principal: 0n,
  principalDue: 0n,
  interestDue: 0n,
  interestAccrued: 0n,
  overdueInterest: 0n,
  credit: 0n,
};

describe('a loan that is paid on its days', () => {
  const events = eventsOf(
    disbursed,
    { kind: 'repaid', on: '2022-07-10', amount: 30_000_000n + firstInterest },
    { kind: 'repaid', on: '2023-01-10', amount: 30_000_000n + secondInterest },
  );

  test.each([
    ['2022-01-09', nothing],
    ['2022-01-10', { ...nothing, principal: 120_000_000n }],
    ['2022-01-11', { ...nothing, principal: 120_000_000n, interestAccrued: 26_038n }],
    ['2022-07-10', { ...nothing, principal: 90_000_000n }],
    ['2023-01-09', { ...nothing, principal: 90_000_000n, interestAccrued: 3_573_764n }],
    ['2023-01-10', { ...nothing, principal: 60_000_000n }],
  ])('on %s', (day, expected) => expect(owed(events, day)).toEqual(expected));

  test('is never past due', () => {
    for (const day of ['2022-07-10', '2022-07-11', '2023-01-10', '2023-01-11'])
      expect(bookOn(contract, events, day).position.daysPastDue).toBe(0);
  });
});

describe('an instalment that is missed', () => {
  const events = eventsOf(disbursed);

  test('is due on its day, and overdue from the next one on: its principal bears 130 % of the rate', () => {
    expect(owed(events, '2022-07-10')).toEqual({
      ...nothing,
      principal: 120_000_000n,
      principalDue: 30_000_000n,
      interestDue: firstInterest,
    });
    // 30 million at 10.296 % and 90 million at 7.92 %, for ten days.
    expect(owed(events, '2022-07-20')).toEqual({
      principal: 120_000_000n,
      principalDue: 30_000_000n,
      interestDue: firstInterest,
      interestAccrued: 195_288n,
      overdueInterest: 84_625n,
      credit: 0n,
    });
    expect(bookOn(contract, events, '2022-07-20').position).toMatchObject({
      daysPastDue: 10,
      payoff: 120_000_000n + firstInterest + 195_288n + 84_625n,
    });
  });

  test('bears the ordinary rate until the loan ends, where the product says so', () => {
    const atMaturity = { overdueFrom: 'maturity' } as const;
    expect(owed(events, '2022-07-20', atMaturity)).toMatchObject({
      interestAccrued: 260_384n,
      overdueInterest: 0n,
    });
    const afterTheEnd = bookOn({ ...contract, ...atMaturity }, events, '2024-01-20').position;
    expect(afterTheEnd).toMatchObject({ principalDue: 120_000_000n, overdueInterest: 338_499n });
  });

  test('moves to overdue in the ledger when its day is over', () => {
    const { entries } = bookOn(contract, events, '2022-07-11');
    expect(entries.filter(({ kind }) => kind === 'fellOverdue')).toEqual([
      {
        on: '2022-07-11',
        kind: 'fellOverdue',
        cause: '2022-07-10',
        postings: { overduePrincipal: 30_000_000n, principal: -30_000_000n },
      },
    ]);
    const paidInPart = eventsOf(disbursed, { kind: 'repaid', on: '2022-07-10', amount: 10_000_000n });
    for (const known of [events, paidInPart]) {
      const book = bookOn(contract, known, '2022-07-10');
      expect(book.position.overduePrincipal).toBe(0n);
      expect(book.entries.some(({ kind }) => kind === 'fellOverdue')).toBe(false);
    }
    const paidLate = eventsOf(disbursed, { kind: 'repaid', on: '2022-07-20', amount: 10_000_000n });
    expect(ledgerBalances(bookOn(contract, paidLate, '2022-07-20').entries)).toMatchObject({
      principal: 90_000_000n,
      overduePrincipal: 20_000_000n,
    });
  });

  test('is shown by its age', () => {
    const bands = [
      { code: 'current', fromDays: 0 },
      { code: 'late', fromDays: 10 },
      { code: 'doubtful', fromDays: 91 },
    ];
    expect(bandOf(9, bands).code).toBe('current');
    expect(bandOf(10, bands).code).toBe('late');
    const { position } = bookOn(contract, events, '2023-01-15');
    expect(arrearsByAge(position, bands)).toEqual([
      // The second instalment: 90 million at the ordinary rate; the 30 million that are overdue have their own interest.
      { code: 'current', principal: 30_000_000n, interest: secondInterest },
      { code: 'late', principal: 0n, interest: 0n },
      { code: 'doubtful', principal: 30_000_000n, interest: firstInterest },
    ]);
    expect(() => bandOf(0, [])).toThrow(RangeError);
    expect(() => bandOf(0, [...bands].reverse())).toThrow(RangeError);
  });
});

describe('a repayment', () => {
  test('in part, on time: interest first', () => {
    const events = eventsOf(disbursed, { kind: 'repaid', on: '2022-07-10', amount: 10_000_000n });
    expect(owed(events, '2022-07-10')).toMatchObject({
      interestDue: 0n,
      principalDue: 30_000_000n - 10_000_000n + firstInterest,
    });
  });

  test('past due: principal first, by the order of the product', () => {
    const events = eventsOf(disbursed, { kind: 'repaid', on: '2022-07-20', amount: 10_000_000n });
    expect(owed(events, '2022-07-20')).toMatchObject({
      interestDue: firstInterest,
      principalDue: 20_000_000n,
      overdueInterest: 84_625n,
    });
    const allocation = { ...contract.allocation, pastDue: contract.allocation.onTime };
    expect(owed(events, '2022-07-20', { allocation })).toMatchObject({
      interestDue: 0n,
      overdueInterest: 0n,
    });
  });

  test('of a day that began past due: one order for all, also when the first has cleared what was late', () => {
    const payments = (...amounts: bigint[]) =>
      eventsOf(
        disbursed,
        { kind: 'repaid', on: '2022-07-10', amount: firstInterest },
        ...amounts.map((amount) => ({ kind: 'repaid', on: '2023-01-10', amount }) as const),
      );
    const by = { overdueFrom: 'maturity' } as const;
    const interestDue = 4_791_058n;
    expect(owed(payments(30_000_000n), '2023-01-10', by)).toMatchObject({
      interestDue,
      principalDue: 30_000_000n,
    });
    const together = owed(payments(40_000_000n), '2023-01-10', by);
    expect(together).toMatchObject({ interestDue, principalDue: 20_000_000n });
    expect(owed(payments(30_000_000n, 10_000_000n), '2023-01-10', by)).toEqual(together);
  });

  test.each([
    ['next', [0n, 20_000_000n]],
    ['last', [30_000_000n, 30_000_000n]],
  ] as const)('before its day makes the %s instalments smaller', (earlyPrincipal, [next, after]) => {
    // 31 days of interest are paid with it.
    const amount = 40_000_000n + 807_189n;
    const events = eventsOf(disbursed, { kind: 'repaid', on: '2022-02-10', amount });
    const by = { ...contract, earlyPrincipal };
    expect(owed(events, '2022-02-10', by)).toEqual({ ...nothing, principal: 80_000_000n });
    const dues = upcomingDues(by, events, '2022-02-10', 3_650).map(({ principal }) => principal);
    expect([dues[0], dues[1]]).toEqual([next, after]);
    expect(dues.reduce((sum, principal) => sum + principal, 0n)).toBe(80_000_000n);
    expect(dues.at(-1)).toBe(earlyPrincipal === 'next' ? 30_000_000n : 20_000_000n);
  });

  test('of the payoff closes the loan; what is too much is the borrower’s, and can be given back', () => {
    const { payoff } = bookOn(contract, eventsOf(disbursed), '2022-03-15').position;
    const events = eventsOf(
      disbursed,
      { kind: 'repaid', on: '2022-03-15', amount: payoff + 5_000n },
      { kind: 'refunded', on: '2022-04-01', amount: 5_000n },
    );
    expect(owed(events, '2022-03-15')).toEqual({ ...nothing, credit: 5_000n });
    expect(owed(events, '2025-01-01')).toEqual(nothing);
    expect(nextDue(contract, events, '2022-03-15')).toBeNull();
    const bounced = [
      ...events,
      { kind: 'reversed', id: 'r', event: 'e2', on: '2022-04-05', recordedOn: '2022-04-05' } as const,
    ];
    // What was given back of it is owed.
    expect(owed(bounced, '2022-04-01')).toMatchObject({
      principal: 120_005_000n,
      principalDue: 5_000n,
      credit: 0n,
    });
  });
});

describe('what was backdated', () => {
  const late = eventsOf(
    disbursed,
    { kind: 'accrued', on: '2022-07-31' },
    { kind: 'repaid', on: '2022-07-10', amount: 30_000_000n + firstInterest, recordedOn: '2022-08-02' },
  );

  test('counts from its day: nothing was overdue', () => {
    expect(owed(late, '2022-07-31')).toMatchObject({ overdueInterest: 0n, principalDue: 0n });
    expect(bookOn(contract, late, '2022-07-31').position.daysPastDue).toBe(0);
  });

  test('leaves the ledger as it was, and adds reversals', () => {
    const before = bookOn(contract, late.slice(0, 2), '2022-07-31').entries;
    const after = bookOn(contract, late, '2022-07-31').entries;
    const added = entriesToAdd(before, after);
    expect(added.map(({ on, kind, cause }) => [on, kind, cause])).toEqual([
      ['2022-07-31', 'reversal', 'e2'],
      ['2022-07-11', 'reversal', '2022-07-10'],
      ['2022-07-10', 'repaid', 'e3'],
      ['2022-07-31', 'accrued', 'e2'],
    ]);
    expect(withoutZeros(ledgerBalances([...before, ...added]))).toEqual(withoutZeros(ledgerBalances(after)));
  });

  test('a statement shows what was known on a day', () => {
    const known = statementOf(contract, late, '2022-07-01', '2022-07-31', '2022-08-01');
    expect(known.closing.daysPastDue).toBe(21);
    expect(known.movements.map(({ kind }) => kind)).toEqual(['fellDue']);
    const now = statementOf(contract, late, '2022-07-01', '2022-07-31');
    expect(now.opening.principal).toBe(120_000_000n);
    expect(now.movements).toEqual([
      {
        on: '2022-07-10',
        kind: 'fellDue',
        event: null,
        allocation: { principalDue: 30_000_000n, interestDue: firstInterest },
        principal: 120_000_000n,
        interest: firstInterest,
      },
      {
        on: '2022-07-10',
        kind: 'repaid',
        event: 'e3',
        allocation: { interestDue: firstInterest, principalDue: 30_000_000n },
        principal: 90_000_000n,
        interest: 0n,
      },
    ]);
    expect(now.closing).toMatchObject({ principal: 90_000_000n, daysPastDue: 0 });
  });

  test('a reversal takes a payment back as if it had never been', () => {
    const reversed = [
      ...late,
      { kind: 'reversed', id: 'r', event: 'e3', on: '2022-08-05', recordedOn: '2022-08-05' } as const,
    ];
    expect(bookOn(contract, reversed, '2022-09-01')).toEqual(
      bookOn(contract, late.slice(0, 2), '2022-09-01'),
    );
  });
});

function withoutZeros(balances: object) {
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0n));
}

describe('a decision', () => {
  test('another rate counts from its day', () => {
    const events = eventsOf(disbursed, { kind: 'rateChanged', on: '2022-01-20', ratePpm: 39_600 });
    // Ten days at 7.92 %, ten at 3.96 %.
    expect(owed(events, '2022-01-30').interestAccrued).toBe(390_575n);
  });

  test('an extension moves the end, before it and after it', () => {
    const before = eventsOf(disbursed, { kind: 'extended', on: '2023-12-01', until: '2024-07-10' });
    expect(owed(before, '2024-01-11').principalDue).toBe(90_000_000n);
    expect(owed(before, '2024-07-10').principalDue).toBe(120_000_000n);
    const after = eventsOf(disbursed, { kind: 'extended', on: '2024-02-01', until: '2024-07-10' });
    expect(owed(after, '2024-01-31').principalDue).toBe(120_000_000n);
    expect(owed(after, '2024-02-01')).toMatchObject({ principal: 120_000_000n, principalDue: 0n });
    expect(ledgerBalances(bookOn(contract, after, '2024-02-01').entries)).toMatchObject({
      principal: 120_000_000n,
      overduePrincipal: 0n,
    });
    expect(owed(after, '2024-07-10').principalDue).toBe(120_000_000n);
    const none = eventsOf(disbursed, { kind: 'extended', on: '2023-12-01', until: '2024-01-10' });
    expectRefused(() => bookOn(contract, none, '2023-12-01'), /extends nothing/);
  });

  test('a deferral moves one instalment, to come or open', () => {
    const defer = { kind: 'deferred', dueOn: '2022-07-10', until: '2022-10-10' } as const;
    for (const on of ['2022-06-01', '2022-07-20']) {
      const events = eventsOf(disbursed, { ...defer, on });
      expect(owed(events, '2022-07-31')).toMatchObject({ principalDue: 0n, interestDue: firstInterest });
      expect(owed(events, '2022-10-10').principalDue).toBe(30_000_000n);
      expect(owed(events, '2024-01-10').principalDue).toBe(120_000_000n);
    }
    const unknown = eventsOf(disbursed, { ...defer, on: '2022-06-01', dueOn: '2022-07-11' });
    expectRefused(() => bookOn(contract, unknown, '2022-06-01'), /Nothing is due/);
  });

  test('a rescheduling gives all principal a new plan', () => {
    const plan = [
      { dueOn: '2023-06-30', principal: 20_000_000n, isInterestDue: true },
      { dueOn: '2025-06-30', principal: 1n, isInterestDue: true },
    ];
    const events = eventsOf(disbursed, { kind: 'rescheduled', on: '2022-08-01', plan });
    expect(owed(events, '2022-08-01')).toMatchObject({ principalDue: 0n, interestDue: firstInterest });
    expect(
      upcomingDues(contract, events, '2022-08-01', 3_650).map(({ dueOn, principal }) => [dueOn, principal]),
    ).toEqual([
      ['2023-06-30', 20_000_000n],
      ['2025-06-30', 100_000_000n],
    ]);
  });

  test('a freeze: no interest, nothing falls due, no day counts', () => {
    const events = eventsOf(disbursed, { kind: 'frozen', on: '2022-07-20', until: '2023-07-20' });
    const { overdueInterest, interestAccrued } = owed(events, '2022-07-20');
    expect(owed(events, '2023-07-19')).toMatchObject({
      overdueInterest,
      interestAccrued,
      principalDue: 30_000_000n,
    });
    expect(bookOn(contract, events, '2023-07-19').position.daysPastDue).toBe(10);
    expect(owed(events, '2023-07-20').principalDue).toBe(90_000_000n);
    expect(bookOn(contract, events, '2023-07-25').position.daysPastDue).toBe(15);
    // Two due days that were moved to its end.
    expect(nextDue(contract, events, '2022-08-01')).toEqual({
      dueOn: '2023-07-20',
      principal: 60_000_000n,
      interest: interestAccrued,
    });
  });

  test('interest and principal are cancelled, no more than is owed', () => {
    const events = eventsOf(
      disbursed,
      { kind: 'interestCancelled', on: '2022-07-20', amount: firstInterest + 84_625n + 1n },
      { kind: 'principalCancelled', on: '2022-07-20', amount: 200_000_000n },
    );
    expect(owed(events, '2022-07-20')).toEqual({ ...nothing, interestAccrued: 195_287n });
    expect(ledgerBalances(bookOn(contract, events, '2022-07-20').entries)).toMatchObject({
      writeOff: 120_000_000n + firstInterest + 84_626n,
    });
  });

  test('an early recall makes all of it due', () => {
    const recall = { kind: 'recalled', on: '2022-03-01' } as const;
    const later = eventsOf(disbursed, { ...recall, dueOn: '2022-03-31' });
    expect(owed(later, '2022-03-30').principalDue).toBe(0n);
    expect(owed(later, '2022-03-31').principalDue).toBe(120_000_000n);
    const atOnce = eventsOf(disbursed, { ...recall, dueOn: '2022-03-01' });
    expect(owed(atOnce, '2022-03-01').principalDue).toBe(120_000_000n);
    expect(bookOn(contract, atOnce, '2022-03-11').position.daysPastDue).toBe(10);
  });
});

test('a reminder names what falls due in the next fifteen days, with its interest', () => {
  const events = eventsOf(disbursed);
  const due = { dueOn: '2022-07-10', principal: 30_000_000n, interest: firstInterest };
  expect(upcomingDues(contract, events, '2022-06-24', 15)).toEqual([]);
  expect(upcomingDues(contract, events, '2022-06-25', 15)).toEqual([due]);
  expect(upcomingDues(contract, events, '2022-07-10', 15)).toEqual([]);
  expect(nextDue(contract, events, '2022-01-10')).toEqual(due);
  expect(nextDue(contract, events, '2024-01-10')).toBeNull();
});

test.each([
  ['2022-06-24', '2022-06-25'],
  // It was told of that day already; a loan never wakes on the day at whose end it was looked at.
  ['2022-06-25', '2022-07-10'],
  ['2022-07-10', '2022-07-11'],
])('at the end of %s a loan that is reminded of wakes on %s', (on, wakes) => {
  const groups = [{ code: '1', fromDays: 0 }];
  expect(wakesOn(contract, bookOn(contract, eventsOf(disbursed), on), groups, 15)).toBe(wakes);
});

test.each([
  ['an event twice', [{ ...disbursed, id: 'e1' }], /Two events/],
  [
    'the reversal of nothing',
    [{ kind: 'reversed', id: 'r', on: '2022-02-01', event: 'x' }],
    /can be reversed/,
  ],
  ['an amount of nothing', [{ kind: 'repaid', id: 'r', on: '2022-02-01', amount: 0n }], /no amount/],
  [
    'a freeze without a day',
    [{ kind: 'frozen', id: 'f', on: '2022-02-01', until: '2022-02-01' }],
    /ends before/,
  ],
  [
    'a recall for yesterday',
    [{ kind: 'recalled', id: 'f', on: '2022-02-01', dueOn: '2022-01-31' }],
    /is over/,
  ],
  ['a plan without a day', [{ kind: 'rescheduled', id: 'p', on: '2022-02-01', plan: [] }], /is due/],
  ['a tranche of a loan that is due', [{ ...disbursed, id: 'd', on: '2024-01-10' }], /a loan that is due/],
] as const)('%s is refused', (_, more, message) => {
  const events = [
    ...eventsOf(disbursed),
    ...more.map((event) => ({ ...event, recordedOn: event.on }) as LoanEvent),
  ];
  expectRefused(() => bookOn(contract, events, '2025-01-01'), message);
});

test.each([
  ['no plan', { plan: [] }],
  ['an order without principal', { allocation: { ...contract.allocation, pastDue: ['interestDue'] } }],
  ['a rate below zero', { ratePpm: -1 }],
] as const)('a contract with %s is refused', (_, wrong) => {
  expectRefused(
    () => bookOn({ ...contract, ...(wrong as object) }, [], '2022-01-01'),
    /a plan|an order|a rate/i,
  );
});
