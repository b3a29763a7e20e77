import fc from 'fast-check';
import { addDays } from '@ansinh/calendar';
import type { Rounding } from '@ansinh/money';
import { type RepaymentMethod, scheduleOf, type ScheduleTerms } from '../src/index.js';

const anyRounding: fc.Arbitrary<Rounding> = fc.record({
  mode: fc.constantFrom('halfUp', 'halfEven', 'up', 'down'),
  unit: fc.constantFrom(1n, 100n, 1_000n),
});

export const anyDay = fc.integer({ min: 0, max: 5_000 }).map((offset) => addDays('2015-01-01', offset));

const anyMethod: fc.Arbitrary<RepaymentMethod> = fc.oneof(
  fc.record({ kind: fc.constantFrom('equalPrincipal', 'equalInstalment', 'flat') }),
  fc.record({ kind: fc.constant('fixedPrincipal'), amount: fc.bigInt({ min: 1n, max: 100_000_000n }) }),
);

/** Terms of every kind, in one to three tranches, that make a schedule. */
export const anyTerms: fc.Arbitrary<ScheduleTerms> = fc
  .record({
    startsOn: anyDay,
    amounts: fc.array(fc.bigInt({ min: 1n, max: 2_000_000_000n }), { minLength: 1, maxLength: 3 }),
    trancheGap: fc.integer({ min: 1, max: 200 }),
    ratePpm: fc.integer({ min: 0, max: 300_000 }),
    method: anyMethod,
    instalments: fc.integer({ min: 1, max: 60 }),
    everyMonths: fc.constantFrom(1, 3, 6, 12),
    firstAfterDays: fc.option(fc.integer({ min: 1, max: 400 })),
    dueDayOfMonth: fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined }),
    restDays: fc.constantFrom('kept', 'movedOn'),
    repaidEvery: fc.integer({ min: 1, max: 12 }),
    grace: fc.record({ principalCount: fc.nat(8), interestCount: fc.nat(8), freeCount: fc.nat(8) }),
    dayCount: fc.constantFrom('actual365', 'actual360', 'actualActual', 'thirty360'),
    interestRounding: anyRounding,
    instalmentRounding: anyRounding,
  })
  .map(({ startsOn, amounts, trancheGap, firstAfterDays, instalments, grace, ...terms }) => {
    const lastGrace = instalments - 1;
    return {
      ...terms,
      instalments,
      // The seed day of the month could lie before the disbursement: then the first due day is given.
      firstDueOn: addDays(startsOn, firstAfterDays ?? 31),
      tranches: amounts
        .map((amount, index) => ({ on: addDays(startsOn, index * trancheGap), amount }))
        .filter(({ on }, index) => index === 0 || on < addDays(startsOn, instalments * 28 - 28)),
      repaidEvery: terms.method.kind === 'equalInstalment' ? 1 : terms.repaidEvery,
      grace: {
        principalCount: Math.min(grace.principalCount, lastGrace),
        interestCount: Math.min(grace.interestCount, lastGrace),
        freeCount: Math.min(grace.freeCount, lastGrace),
      },
    };
  })
  .filter(hasDueDays);

/** Before a long holiday, the first due day and another day of the month after it may both move to the day on which it ends. */
function hasDueDays(terms: ScheduleTerms): boolean {
  try {
    scheduleOf(terms);
    return true;
  } catch (error) {
    if (error instanceof RangeError && /is due, but/.test(error.message)) return false;
    throw error;
  }
}
