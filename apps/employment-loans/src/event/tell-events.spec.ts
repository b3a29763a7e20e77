import { describe, expect, test } from '@jest/globals';
import { addDays } from '@ansinh/calendar';
import { bookOn, findLoanProduct, type LoanEvent } from '@ansinh/loans';
import { contractOf } from '../product/contract-terms.js';
import { eventsOfBook } from './tell-events.js';

/** Interest falls due monthly on the 30th: of April 2022 on the Wednesday after the holidays, the 4th of May. */
const disbursedOn = '2022-01-28';
const contract = contractOf(findLoanProduct('EL-WORKER', disbursedOn)!, {
  ...{ amount: 60_000_000n, termMonths: 12, ratePpm: 79_200, signedOn: disbursedOn, disbursedOn },
  dueDayOfMonth: 30,
});
const event = (kind: 'disbursed' | 'repaid', on: string, amount: bigint): LoanEvent => ({
  ...{ id: `${kind} ${on}`, kind, on, recordedOn: on, amount },
});
const out = event('disbursed', disbursedOn, 60_000_000n);

/** Type and due day of what is told at the end of a day, by a book that was looked at until another one before. */
const told = (on: string, since = addDays(on, -1), more: LoanEvent[] = []) =>
  eventsOfBook('a', bookOn(contract, [out, ...more], on), since).map(({ type, dueOn }) => `${type} ${dueOn}`);
/** What is told for the first time on that day. */
const news = (on: string, more: LoanEvent[] = []) => {
  const before = told(addDays(on, -1), undefined, more);
  return told(on, undefined, more).filter((each) => !before.includes(each));
};

describe('what is told of an instalment', () => {
  test('its reminder 15 days before the working day on which it is due, and not a day earlier', () => {
    const due = contract.plan.map(({ dueOn }) => dueOn);
    expect(due).toContain('2022-05-04');
    expect(due).not.toContain('2022-04-30');
    expect(news('2022-04-18')).toEqual([]);
    expect(news('2022-04-19')).toEqual(['instalment.dueSoon 2022-05-04']);
  });

  test('once overdue when its day is over, and not where it was paid on the day', () => {
    expect(news('2022-05-04')).toEqual([]);
    expect(news('2022-05-05')).toEqual(['instalment.overdue 2022-05-04']);
    const { position } = bookOn(contract, [out], '2022-05-04');
    const owed = position.interestDue + position.principalDue + position.overdueInterest;
    const paid = [event('repaid', '2022-05-04', owed)];
    expect(told('2022-05-05', undefined, paid)).toEqual([]);
  });

  test('after a rest every instalment that came near meanwhile, also one that has fallen due', () => {
    const rested = told('2022-05-10', '2022-03-01');
    for (const dueOn of ['2022-03-30', '2022-05-04']) expect(rested).toContain(`instalment.dueSoon ${dueOn}`);
    expect(rested.filter((each) => each.startsWith('instalment.dueSoon'))).toHaveLength(2);
  });

  test('nothing more of a loan that is paid off', () => {
    const { position } = bookOn(contract, [out], '2022-03-10');
    const paid = [event('repaid', '2022-03-10', position.payoff)];
    expect(told('2022-03-20', '2022-03-10', paid)).toEqual([]);
  });
});
