import { createHash } from 'node:crypto';
import { addDays, dayInMonth } from '@ansinh/calendar';
import { bookOn, ledgerBalances, type LoanContract, type LoanEvent, planOf, scheduleOf } from '@ansinh/loans';

export interface SampleLoans {
  /** Another one gives other loans. */
  seed: string;
  count: number;
  placeCode: string;
  /** Account and number of whoever got the money, sealed with the contract of this loan. */
  seal(loanId: string): Buffer;
  /** Money goes out on this day and the 27 after it, as many loans on each. */
  disbursedFrom: string;
  /** How many payments each has made, one a month; every eighth loan has made none. */
  repayments: number;
  /** And so many small ones, one a day from the disbursement on; none where this is left out. */
  dailyPayments?: number;
  /** Their books are as if everything until this day had been posted; where this is left out, the first closing posts all. */
  bookedThrough?: string;
}

interface Statement {
  text: string;
  values: unknown[];
}

const disbursementDays = 28;
const amount = 80_000_000n;
const monthly = 2_500_000n;
const daysOfPayments = 360;

/**
 * SQL that writes loans in the middle of their lives into a database of the loans, past its guards: ten thousand lives by
 * their moves would take an hour. The session is one with `session_replication_role = replica`.
 */
export function sampleLoans(sample: SampleLoans): Statement[] {
  const { seed, count, placeCode, seal, disbursedFrom, repayments, dailyPayments = 0 } = sample;
  const days = Array.from({ length: disbursementDays }, (_, index) => addDays(disbursedFrom, index));
  const loans = `FROM (SELECT number, overlay(overlay(md5($1 || number) placing '7' from 13) placing '8' from 17)::uuid AS id, number % ${disbursementDays} + 1 AS slot,
      ($3::text[])[number % ${disbursementDays} + 1]::date AS disbursed_on FROM generate_series(1, $2::int) AS number) loan`;
  const common = [seed, count, days];
  const lives = days.flatMap((day) => [lifeOf(day, sample, false), lifeOf(day, sample, true)]);
  const insert = (text: string, ...more: unknown[]) => ({ text, values: [...common, ...more] });
  const planId = loanIdOf(seed, 0);
  return [
    ...planOfAll(planId, sample),
    insert(
      `INSERT INTO loan (id, product_code, place_code, office_code, borrower_kind, borrower_name, person_id, is_priority, amount,
                         term_months, project, granted_amount, granted_term_months, rate_ppm, plan_id, state, moves)
       SELECT id, 'EL-WORKER', $4, $4, 'worker', 'Nguyễn Văn ' || number, id, false, $5, 36, '{}', $5, 36, 79200, $6, 'active', 2 ${loans}`,
      placeCode,
      amount.toString(),
      planId,
    ),
    insert(
      `INSERT INTO loan_move (loan_id, number, kind, from_state, to_state, actor_id, actor_name)
       SELECT id, move.number, move.kind, move.from_state, move.to_state, 'sample', 'sample' ${loans},
         (VALUES (1, 'apply', NULL, 'applied'), (2, 'disbursementPaid', 'disbursing', 'active')) AS move (number, kind, from_state, to_state)
       WHERE $3::text[] IS NOT NULL`,
    ),
    insert(
      `INSERT INTO loan_contract (loan_id, number, move, contract_number, signed_on, product_from, terms, account_bin,
                                  account_holder, sealed_payee)
       SELECT id, 1, 2, 'HĐ ' || number, disbursed_on, disbursed_on, ($4::jsonb[])[slot], '970405', 'A', ($5::bytea[])[number] ${loans}`,
      days.map((day) => stored(contractOf(day))),
      Array.from({ length: count }, (_, index) => seal(loanIdOf(seed, index + 1))),
    ),
    insert(
      `INSERT INTO disbursement (id, loan_id, number, contract, move, amount, ordinal, state, settled_on)
       SELECT id, id, 1, 1, 2, $4, 1, 'paid', disbursed_on ${loans}`,
      amount.toString(),
    ),
    insert(
      `INSERT INTO loan_event (loan_id, number, kind, counts_on, recorded_on, facts, move)
       SELECT id, 1, 'disbursed', disbursed_on, disbursed_on, jsonb_build_object('amount', $4::text), 2 ${loans}
       UNION ALL
       SELECT id, month + 1, 'repaid', paid_on, paid_on, jsonb_build_object('amount', $5::text), 2 ${loans},
         generate_series(1, $6::int) AS month, LATERAL (SELECT (disbursed_on + make_interval(months => month))::date AS paid_on) paid
       WHERE number % 8 <> 0
       UNION ALL
       SELECT id, ${repayments + 1} + payment, 'repaid', paid_on, paid_on, '{"amount":"1000"}', 2 ${loans},
         generate_series(1, $7::int) AS payment, LATERAL (SELECT disbursed_on + payment % ${daysOfPayments} AS paid_on) paid`,
      amount.toString(),
      monthly.toString(),
      repayments,
      dailyPayments,
    ),
    insert(
      `INSERT INTO loan_book (loan_id, events, booked_through, entries, wakes_on)
       SELECT id, (life ->> 'events')::int, (life ->> 'through')::date, (life ->> 'entries')::int, (life ->> 'through')::date + 1
       ${loans}, LATERAL (SELECT ($4::jsonb[])[2 * slot - (number % 8 = 0)::int] AS life) lived`,
      lives,
    ),
    insert(
      `INSERT INTO book_account (loan_id, kind, balance)
       SELECT id, account, coalesce((life -> 'balances' ->> account)::bigint, 0)
       ${loans}, LATERAL (SELECT ($4::jsonb[])[2 * slot - (number % 8 = 0)::int] AS life) lived,
         unnest(ARRAY['capital', 'principal', 'overduePrincipal', 'interestReceivable', 'overdueInterestReceivable',
                      'interestIncome', 'writeOff', 'borrowerCredit']) AS account`,
      lives,
    ),
  ];
}

/** The plan that they are all lent from. */
function planOfAll(planId: string, { placeCode, disbursedFrom, count }: SampleLoans): Statement[] {
  return [
    {
      text: `INSERT INTO capital_plan (id, place_code, year, source, created_by) VALUES ($1, $2, $3, 'central', 'sample')`,
      values: [planId, placeCode, disbursedFrom.slice(0, 4)],
    },
    {
      text: `INSERT INTO capital_account (plan_id, kind, balance)
        SELECT $1, kind, CASE kind WHEN 'planned' THEN -$2::bigint WHEN 'lent' THEN $2 ELSE 0 END
        FROM unnest(ARRAY['planned', 'collected', 'carried', 'available', 'committed', 'ordered', 'lent']) kind`,
      values: [planId, (amount * BigInt(count)).toString()],
    },
  ];
}

/** The same id as in SQL. */
function loanIdOf(seed: string, number: number): string {
  const hex = createHash('md5').update(`${seed}${number}`).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `7${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ];
  return parts.join('-');
}

/** What the book of each loan has that went out on this day; whoever does not pay has no monthly payments. */
function lifeOf(disbursedOn: string, sample: SampleLoans, isPaying: boolean): string {
  const { repayments, dailyPayments = 0, bookedThrough } = sample;
  const through = bookedThrough ?? addDays(disbursedOn, -1);
  const event = (kind: 'disbursed' | 'repaid', on: string, sum: bigint) => ({
    kind,
    on,
    recordedOn: on,
    amount: sum,
  });
  const events = [
    event('disbursed', disbursedOn, amount),
    ...Array.from({ length: isPaying ? repayments : 0 }, (_, month) =>
      event('repaid', dayInMonth(disbursedOn, month + 1, Number(disbursedOn.slice(8))), monthly),
    ),
    ...Array.from({ length: dailyPayments }, (_, payment) =>
      event('repaid', addDays(disbursedOn, (payment + 1) % daysOfPayments), 1_000n),
    ),
  ].map((each, index): LoanEvent => ({ ...each, id: String(index + 1) }));
  const { entries } = bookOn(contractOf(disbursedOn), events, through);
  return stored({
    events: events.length,
    through,
    entries: entries.length,
    balances: ledgerBalances(entries),
  });
}

/** As JSON: amounts are text there. */
const stored = (value: object) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));

/** 80 million at 7.92 % for three years: interest monthly, principal each half year. */
function contractOf(disbursedOn: string): LoanContract {
  const wholeDong = { mode: 'halfUp', unit: 1n } as const;
  return {
    ratePpm: 79_200,
    overdueRatePercent: 130,
    overdueFrom: 'dueDay',
    dayCount: 'actual365',
    interestRounding: wholeDong,
    plan: planOf(
      scheduleOf({
        tranches: [{ on: disbursedOn, amount }],
        ratePpm: 79_200,
        method: { kind: 'equalPrincipal' },
        instalments: 36,
        everyMonths: 1,
        repaidEvery: 6,
        restDays: 'movedOn',
        dayCount: 'actual365',
        interestRounding: wholeDong,
        instalmentRounding: wholeDong,
      }),
    ),
    allocation: {
      onTime: ['interestDue', 'overdueInterest', 'principalDue'],
      pastDue: ['principalDue', 'interestDue', 'overdueInterest'],
      ahead: ['interestAccrued', 'principalAhead'],
    },
    earlyPrincipal: 'next',
    accrualPosted: 'monthEnd',
  };
}
