import { scheduleOf, planOf, type LoanContract, type LoanEvent, type ScheduleTerms } from '../src/index.js';

/** A loan of the employment fund: 120 million at 7.92 %, a quarter of it each half year. */
export const loanTerms = {
  tranches: [{ on: '2022-01-10', amount: 120_000_000n }],
  ratePpm: 79_200,
  method: { kind: 'equalPrincipal' },
  instalments: 4,
  everyMonths: 6,
  restDays: 'kept',
  dayCount: 'actual365',
  interestRounding: { mode: 'halfUp', unit: 1n },
  instalmentRounding: { mode: 'halfUp', unit: 1n },
} as const satisfies ScheduleTerms;

export function contractOf(terms: ScheduleTerms): LoanContract {
  const rows = scheduleOf(terms);
  const freeCount = terms.grace?.freeCount ?? 0;
  return {
    ratePpm: terms.ratePpm,
    overdueRatePercent: 130,
    overdueFrom: 'dueDay',
    interestFrom: rows[freeCount - 1]?.dueOn,
    dayCount: terms.dayCount,
    interestRounding: terms.interestRounding,
    plan: planOf(rows),
    allocation: {
      onTime: ['interestDue', 'overdueInterest', 'principalDue'],
      pastDue: ['principalDue', 'interestDue', 'overdueInterest'],
      ahead: ['interestAccrued', 'principalAhead'],
    },
    earlyPrincipal: 'next',
  };
}

type WithoutRecord<Event> = Event extends LoanEvent ? Omit<Event, 'id' | 'recordedOn'> : never;

/** Events that were recorded on their days, unless they say otherwise; named by their place. */
export function eventsOf(...events: (WithoutRecord<LoanEvent> & { recordedOn?: string })[]): LoanEvent[] {
  return events.map((event, index) => {
    return { recordedOn: event.on, ...event, id: `e${index + 1}` } as LoanEvent;
  });
}

export const disbursed = { kind: 'disbursed', on: '2022-01-10', amount: 120_000_000n } as const;
