import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween } from '@ansinh/calendar';
import {
  bookOn,
  entriesToAdd,
  ledgerBalances,
  type LoanBook,
  type LoanContract,
  type LoanEvent,
  nextDue,
  scheduleOf,
  type ScheduleTerms,
  statementOf,
} from './index.js';
import { type AgeBand, bandOf } from './loan-position.js';
import { wakesOn } from './wakes-on.js';
import { anyTerms } from '../test/any-schedule.js';
import { contractOf } from '../test/loan.js';

/** Flat interest is on what was lent, not on what is owed: no book is kept by it. */
const anyBookTerms = anyTerms.filter(({ method }) => method.kind !== 'flat');

interface Loan {
  contract: LoanContract;
  startsOn: string;
  /** The last day that is looked at. */
  endsOn: string;
  events: LoanEvent[];
}

const anyContract = fc
  .record({
    terms: anyBookTerms,
    overdueFrom: fc.constantFrom('dueDay', 'maturity'),
    earlyPrincipal: fc.constantFrom('next', 'last'),
    onTime: fc.shuffledSubarray(['overdueInterest', 'interestDue', 'principalDue'], { minLength: 3 }),
    pastDue: fc.shuffledSubarray(['overdueInterest', 'interestDue', 'principalDue'], { minLength: 3 }),
    ahead: fc.shuffledSubarray(['interestAccrued', 'principalAhead'], { minLength: 2 }),
    accrualPosted: fc.constantFrom('monthEnd', undefined),
  })
  .map(({ terms, onTime, pastDue, ahead, ...settings }) => ({
    terms,
    contract: { ...contractOf(terms), ...settings, allocation: { onTime, pastDue, ahead } } as LoanContract,
  }));

function disbursements({ tranches }: ScheduleTerms): LoanEvent[] {
  return tranches.map(({ on, amount }, index) => {
    return { id: `d${index}`, kind: 'disbursed', on, recordedOn: on, amount };
  });
}

/**
 * Repayments, decisions and ends of days, on any days from the disbursement to two years after the end, in any order. A decision
 * that names a due day comes without those that take that day away.
 */
const anyLoan: fc.Arbitrary<Loan> = anyContract.chain(({ terms, contract }) => {
  const startsOn = terms.tranches[0]!.on;
  const endsOn = addDays(contract.plan.at(-1)!.dueOn, 730);
  const span = daysBetween(startsOn, endsOn);
  const anyDay = fc.integer({ min: 0, max: span }).map((offset) => addDays(startsOn, offset));
  const paidOut = daysBetween(startsOn, terms.tranches.at(-1)!.on);
  const anyDayPaidOut = fc.integer({ min: paidOut, max: span }).map((offset) => addDays(startsOn, offset));
  const amount = fc.bigInt({ min: 1n, max: 3_000_000_000n });
  const later = fc.integer({ min: 1, max: 800 });
  const always = [
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('repaid'), on: anyDay, amount }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('accrued'), on: anyDay }) },
    fc.record({
      kind: fc.constantFrom('interestCancelled', 'principalCancelled', 'refunded'),
      on: anyDay,
      amount,
    }),
    fc.record({
      kind: fc.constant('rateChanged'),
      on: anyDay,
      ratePpm: fc.integer({ min: 0, max: 300_000 }),
    }),
  ] as const;
  const replans = [
    fc.tuple(anyDay, later).map(([on, days]) => ({ kind: 'frozen', on, until: addDays(on, days) })),
    fc.tuple(anyDayPaidOut, later).map(([on, days]) => {
      const plan = [{ dueOn: addDays(on, days), principal: 0n, isInterestDue: true }];
      return { kind: 'rescheduled', on, plan };
    }),
    fc.tuple(anyDayPaidOut, later).map(([on, days]) => {
      return { kind: 'recalled', on, dueOn: addDays(on, days - 1) };
    }),
  ] as const;
  const defers = fc.tuple(anyDay, fc.constantFrom(...contract.plan), later).map(([on, { dueOn }, days]) => {
    return { kind: 'deferred', on, dueOn, until: addDays(on > dueOn ? on : dueOn, days) };
  });
  const extension = anyDay.map((on) => ({ kind: 'extended', on, until: addDays(on, 30_000) }));
  return fc
    .record({
      events: fc.oneof(
        fc.array(fc.oneof(...always, ...replans), { maxLength: 25 }),
        fc.array(fc.oneof(...always, defers), { maxLength: 25 }),
      ),
      extensions: fc.array(extension, { maxLength: 1 }),
    })
    .map(({ events, extensions }) => ({
      contract,
      startsOn,
      endsOn,
      events: [
        ...disbursements(terms),
        ...[...events, ...extensions].map((event, index) => {
          return { ...event, id: `e${index}`, recordedOn: event.on } as LoanEvent;
        }),
      ],
    }));
});

const groups: readonly AgeBand[] = [
  { code: '1', fromDays: 0 },
  { code: '2', fromDays: 10 },
  { code: '3', fromDays: 91 },
];

/** What of a loan lists and groups are made by. */
function standing({ position: { daysPastDue, frozenUntil } }: LoanBook) {
  return { isPastDue: daysPastDue > 0, group: bandOf(daysPastDue, groups).code, frozenUntil };
}

function withoutZeros(balances: object) {
  return Object.fromEntries(Object.entries(balances).filter(([, amount]) => amount !== 0n));
}

/** Whatever the book makes of it: what went out less what came in. */
function moneyOut(events: readonly LoanEvent[]): bigint {
  return events.reduce((sum, event) => {
    if (event.kind === 'disbursed' || event.kind === 'refunded') return sum + event.amount;
    return event.kind === 'repaid' ? sum - event.amount : sum;
  }, 0n);
}

describe('whatever happens to a loan', () => {
  test('no balance is negative, no interest is lost, and the ledger agrees with the book', () => {
    fc.assert(
      fc.property(anyLoan, ({ contract, events, endsOn }) => {
        const end = { id: 'end', kind: 'accrued', on: endsOn, recordedOn: endsOn } as const;
        const { position, movements, entries } = bookOn(contract, [...events, end], endsOn);
        for (const amount of Object.values(position))
          if (typeof amount === 'bigint') expect(amount >= 0n).toBe(true);
        for (const { principal, interest } of movements) expect(principal >= 0n && interest >= 0n).toBe(true);
        for (const { postings } of entries) {
          const amounts = Object.values(postings);
          expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(0n);
          expect(amounts.includes(0n)).toBe(false);
        }
        const ledger = ledgerBalances(entries);
        expect((ledger.principal ?? 0n) + (ledger.overduePrincipal ?? 0n)).toBe(position.principal);
        expect(ledger.overduePrincipal ?? 0n).toBe(position.overduePrincipal);
        expect(ledger.interestReceivable ?? 0n).toBe(position.interestDue + position.interestAccrued);
        expect(ledger.overdueInterestReceivable ?? 0n).toBe(position.overdueInterest);
        expect(-(ledger.borrowerCredit ?? 0n)).toBe(position.credit);
        expect(-(ledger.capital ?? 0n)).toBe(moneyOut(events));
      }),
    );
  });

  test('the same events give the same book; the ends of days change no balance', () => {
    fc.assert(
      fc.property(anyLoan, ({ contract, events, endsOn }) => {
        const { position, movements } = bookOn(contract, events, endsOn);
        expect(bookOn(contract, events, endsOn).position).toEqual(position);
        const without = events.filter(({ kind }) => kind !== 'accrued');
        expect(bookOn(contract, without, endsOn)).toMatchObject({ position, movements });
      }),
    );
  });

  test('a statement opens as the loan stood before its first day, and closes as if nobody had asked', () => {
    fc.assert(
      fc.property(anyLoan, fc.nat(), ({ contract, events, startsOn, endsOn }, offset) => {
        const from = addDays(startsOn, offset % daysBetween(startsOn, endsOn));
        const whole = bookOn(contract, events, endsOn);
        expect(statementOf(contract, events, from, endsOn)).toEqual({
          opening: bookOn(contract, events, addDays(from, -1)).position,
          movements: whole.movements.filter(({ on }) => on >= from),
          closing: whole.position,
          upcoming: whole.upcoming,
        });
      }),
    );
  });

  test('the order in which it becomes known does not matter, but for decisions of one day', () => {
    const shuffled = anyLoan.chain((loan) => {
      const byDay = new Map(loan.events.map((event) => [`${event.on} ${event.kind === 'repaid'}`, event]));
      const repayments = loan.events.filter(({ kind }) => kind === 'repaid');
      const others = [...byDay.values()].filter(({ kind }) => kind !== 'repaid' && kind !== 'refunded');
      const events = [...repayments, ...others];
      return fc.tuple(
        fc.constant({ ...loan, events }),
        fc.shuffledSubarray(events, { minLength: events.length }),
      );
    });
    fc.assert(
      fc.property(shuffled, ([{ contract, events, endsOn }, otherOrder]) => {
        const { position } = bookOn(contract, events, endsOn);
        expect(bookOn(contract, otherOrder, endsOn).position).toEqual(position);
      }),
    );
  });

  test('two payments of one day are worth as much as their sum', () => {
    fc.assert(
      fc.property(anyLoan, fc.integer({ min: 1, max: 99 }), ({ contract, events, endsOn }, percent) => {
        const split = events.flatMap((event) => {
          if (event.kind !== 'repaid' || event.amount < 100n) return [event];
          const first = (event.amount * BigInt(percent)) / 100n;
          return [
            { ...event, amount: first },
            { ...event, id: `${event.id}b`, amount: event.amount - first },
          ];
        });
        expect(bookOn(contract, split, endsOn).position).toEqual(bookOn(contract, events, endsOn).position);
      }),
    );
  });

  test('a backdated event, and then its reversal, leave the ledger where it was', () => {
    fc.assert(
      fc.property(anyLoan, fc.nat(), ({ contract, events, startsOn, endsOn }, offset) => {
        const days = daysBetween(startsOn, endsOn);
        const on = addDays(startsOn, offset % days);
        const late = { id: 'late', kind: 'repaid', on, recordedOn: endsOn, amount: 1_000_000n } as const;
        const undo = { id: 'undo', kind: 'reversed', event: 'late', on: endsOn, recordedOn: endsOn } as const;
        const before = bookOn(contract, events, endsOn);
        const between = bookOn(contract, [...events, late], endsOn);
        const after = bookOn(contract, [...events, late, undo], endsOn);
        expect(after).toEqual(before);
        const added = entriesToAdd(before.entries, between.entries);
        const ledger = [...before.entries, ...added, ...entriesToAdd(between.entries, after.entries)];
        expect(withoutZeros(ledgerBalances([...before.entries, ...added]))).toEqual(
          withoutZeros(ledgerBalances(between.entries)),
        );
        expect(withoutZeros(ledgerBalances(ledger))).toEqual(withoutZeros(ledgerBalances(before.entries)));
      }),
    );
  });

  test('a day later the ledger has only grown', () => {
    fc.assert(
      fc.property(anyLoan, fc.nat(), ({ contract, events, startsOn, endsOn }, offset) => {
        const days = daysBetween(startsOn, endsOn);
        const day = addDays(startsOn, offset % days);
        const [before, after] = [day, addDays(day, 1)].map((on) => bookOn(contract, events, on).entries);
        expect(entriesToAdd(before!, after!).some(({ kind }) => kind === 'reversal')).toBe(false);
      }),
    );
  });

  test('until a loan wakes, no day brings an entry, arrears, another group or a thaw', () => {
    fc.assert(
      fc.property(anyLoan, fc.nat(), ({ contract, events, startsOn, endsOn }, offset) => {
        const from = addDays(startsOn, offset % daysBetween(startsOn, endsOn));
        const known = events.filter(({ on }) => on <= from);
        const asleep = bookOn(contract, known, from);
        const wakes = wakesOn(contract, asleep, groups) ?? addDays(from, 4_000);
        expect(wakes > from).toBe(true);
        for (const day of [addDays(from, 1), addDays(wakes, -1)]) {
          if (day >= wakes) continue;
          const later = bookOn(contract, known, day);
          expect(standing(later)).toEqual(standing(asleep));
          expect(later.entries).toEqual(asleep.entries);
        }
        // Whoever is reminded 15 days ahead is not found too late: what comes that near does so on a day of waking.
        const reminded = wakesOn(contract, asleep, groups, 15) ?? addDays(from, 4_000);
        const near = (day: string) => asleep.upcoming.filter(({ dueOn }) => dueOn <= addDays(day, 15)).length;
        expect(reminded > from && reminded <= wakes).toBe(true);
        if (asleep.position.payoff > 0n) expect(near(addDays(reminded, -1))).toBe(near(from));
      }),
    );
  });

  test('a loan that is closed on the days on which it wakes has the ledger of one that rested', () => {
    fc.assert(
      fc.property(anyLoan, fc.nat(), ({ contract, events, startsOn, endsOn }, offset) => {
        const from = addDays(startsOn, offset % daysBetween(startsOn, endsOn));
        const known = events.filter(({ on }) => on <= from);
        let book = bookOn(contract, known, from);
        const posted = [...book.entries];
        for (let day = wakesOn(contract, book, groups); day !== null && day <= endsOn;) {
          const next = bookOn(contract, known, day);
          posted.push(...entriesToAdd(book.entries, next.entries));
          book = next;
          day = wakesOn(contract, book, groups);
        }
        const rested = bookOn(contract, known, endsOn);
        expect(posted).toEqual(rested.entries);
        expect(standing(book)).toEqual(standing(rested));
      }),
      { numRuns: 50 },
    );
  });

  test('who pays the payoff owes nothing, on that day and ever after', () => {
    fc.assert(
      fc.property(anyLoan, ({ contract, events, endsOn }) => {
        const { position } = bookOn(contract, events, endsOn);
        fc.pre(position.payoff > 0n);
        const closing = { id: 'closing', kind: 'repaid', on: endsOn, recordedOn: endsOn } as const;
        const paid = [...events, { ...closing, amount: position.payoff }];
        for (const day of [endsOn, addDays(endsOn, 400)])
          expect(bookOn(contract, paid, day).position).toMatchObject({
            payoff: 0n,
            credit: position.credit,
            daysPastDue: 0,
          });
      }),
    );
  });
});

test('who pays what the schedule says, on its days, owes what it says: interest is rounded once in both', () => {
  fc.assert(
    fc.property(anyBookTerms, (terms) => {
      const rows = scheduleOf(terms);
      const contract = contractOf(terms);
      const events = disbursements(terms);
      const payments = rows
        .filter(({ principal, interest }) => principal + interest > 0n)
        .map(({ number, dueOn, principal, interest }) => {
          const amount = principal + interest;
          return { id: `p${number}`, kind: 'repaid', on: dueOn, recordedOn: dueOn, amount } as const;
        });
      for (const { dueOn, balance, number } of rows) {
        const paid = payments.slice(0, payments.findLastIndex(({ on }) => on <= dueOn) + 1);
        const { position } = bookOn(contract, [...events, ...paid], dueOn);
        const early = terms.tranches
          .filter(({ on }) => on === dueOn)
          .reduce((sum, { amount }) => sum + amount, 0n);
        expect([number, position.principal, position.interestDue]).toEqual([number, balance + early, 0n]);
      }
      const next = nextDue(contract, [...events, ...payments], terms.tranches[0]!.on);
      const first = rows.find(({ principal, interest }) => principal + interest > 0n);
      if (terms.tranches.length === 1)
        expect(next).toEqual({ dueOn: first!.dueOn, principal: first!.principal, interest: first!.interest });
    }),
  );
});
