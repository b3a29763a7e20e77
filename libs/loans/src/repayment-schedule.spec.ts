import { describe, expect, test } from '@jest/globals';
import { bookOn, type LoanEvent, repaymentSchedule, scheduleOf } from './index.js';
import { contractOf, disbursed, eventsOf, loanTerms } from '../test/loan.js';

const contract = contractOf(loanTerms);
const schedule = (...events: Parameters<typeof eventsOf>) => repaymentSchedule(contract, eventsOf(...events));
const principalOf = ({ dues }: ReturnType<typeof repaymentSchedule>) =>
  dues.reduce((total, { principal }) => total + principal, 0n);

test('of what has gone out is what the schedule of the contract said', () => {
  const rows = scheduleOf(loanTerms).map(({ dueOn, principal, interest, balance }) => ({
    ...{ dueOn, principal, interest, balance },
  }));
  expect(schedule(disbursed)).toEqual({ tranches: loanTerms.tranches, changedOn: null, dues: rows });
});

test('is the same after a payment, in time, early or late', () => {
  const before = schedule(disbursed);
  for (const on of ['2022-03-01', '2022-07-10', '2022-09-01'])
    expect(schedule(disbursed, { kind: 'repaid', on, amount: 40_000_000n })).toEqual(before);
});

test('of a part of the loan is of that part, and of none is empty', () => {
  expect(principalOf(schedule({ ...disbursed, amount: 50_000_000n }))).toBe(50_000_000n);
  const none = { tranches: [], changedOn: null, dues: [] };
  expect(schedule()).toEqual(none);
  const cameBack = { kind: 'reversed', on: '2022-01-12', event: 'e1' } as const;
  expect(schedule(disbursed, cameBack)).toEqual(none);
});

describe('after a decision', () => {
  const paid = { kind: 'repaid', on: '2022-07-10', amount: 34_712_942n } as const;
  const plan = [
    { dueOn: '2023-06-10', principal: 40_000_000n, isInterestDue: true },
    { dueOn: '2024-06-10', principal: 50_000_000n, isInterestDue: true },
  ];
  const decisions = {
    rescheduled: { kind: 'rescheduled', on: '2022-09-01', plan },
    deferred: { kind: 'deferred', on: '2022-09-01', dueOn: '2023-01-10', until: '2023-04-10' },
    extended: { kind: 'extended', on: '2022-09-01', until: '2024-07-10' },
    frozen: { kind: 'frozen', on: '2022-09-01', until: '2023-09-01' },
    recalled: { kind: 'recalled', on: '2022-09-01', dueOn: '2022-12-01' },
    principalCancelled: { kind: 'principalCancelled', on: '2022-09-01', amount: 5_000_000n },
  } as const;

  test.each(Object.keys(decisions) as (keyof typeof decisions)[])(
    '%s, it brings all principal that is out then, once',
    (kind) => {
      for (const before of [[disbursed], [disbursed, paid]]) {
        const events = eventsOf(...before, decisions[kind]);
        const changed = repaymentSchedule(contract, events);
        expect(changed.changedOn).toBe('2022-09-01');
        expect(principalOf(changed)).toBe(bookOn(contract, events, '2022-09-01').position.principal);
        expect(changed.dues.at(-1)!.balance).toBe(0n);
      }
    },
  );

  test('that was reversed, it is that of the contract again', () => {
    const reversed = { kind: 'reversed', on: '2022-10-01', event: 'e2' } as const;
    expect(schedule(disbursed, decisions.rescheduled, reversed)).toEqual(schedule(disbursed));
  });

  test('it begins with what was open, and goes on by the new plan', () => {
    const events: LoanEvent[] = eventsOf(disbursed, decisions.deferred);
    const days = repaymentSchedule(contract, events).dues.map(({ dueOn }) => dueOn);
    expect(days.slice(0, 3)).toEqual(['2022-07-10', '2023-01-10', '2023-04-10']);
  });
});
