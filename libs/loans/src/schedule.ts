import { roundQuotient, type Rounding } from '@ansinh/money';
import { type Clock, clockOf, type DayCount } from './day-count.js';
import { dueDaysOf, type DueDayTerms } from './due-days.js';
import { annuityOf, PARTS_PER_MILLION } from './interest.js';
import { LoanError } from './loan-error.js';

/** A part of the loan, and the day on which it is paid out: it bears interest from that day on. */
export interface Tranche {
  on: string;
  amount: bigint;
}

/**
 * How principal comes back. The last instalment always takes what is left, so that the sum is the loan.
 * - `equalPrincipal`: the same principal each time;
 * - `fixedPrincipal`: this principal each time, the rest with the last;
 * - `equalInstalment`: the same sum of principal and interest each time;
 * - `fixedInstalment`: this sum each time, the rest with the last;
 * - `flat`: interest on what was paid out, whatever has come back; the same sum each time.
 */
export type RepaymentMethod =
  | { kind: 'equalPrincipal' | 'equalInstalment' | 'flat' }
  | { kind: 'fixedPrincipal' | 'fixedInstalment'; amount: bigint };

/** Instalments without a part of what they would bring, counted from the first. */
export interface Grace {
  /** Without principal. */
  principalCount?: number;
  /** Without interest, which is collected with the first one after them. It bears no interest itself. */
  interestCount?: number;
  /** For whose periods no interest is charged at all. */
  freeCount?: number;
}

export interface ScheduleTerms extends DueDayTerms {
  tranches: readonly Tranche[];
  /** Parts per million a year: 79_200 is 7.92 %. Basis points do not hold 8.382 %. */
  ratePpm: number;
  method: RepaymentMethod;
  /** Principal falls due with each so-many-th instalment and with the last; the others bring interest alone. Default 1. */
  repaidEvery?: number;
  grace?: Grace;
  dayCount: DayCount;
  interestRounding: Rounding;
  /** Of the principal where that is equal, of the whole instalment where that is. */
  instalmentRounding: Rounding;
}

export interface Instalment {
  number: number;
  dueOn: string;
  principal: bigint;
  interest: bigint;
  /** False in a grace of interest. */
  isInterestDue: boolean;
  /** What is left of the principal that was paid out, after it. */
  balance: bigint;
}

const MOST_INSTALMENTS = 600;

/**
 * The instalments of a loan: as many as were asked for. Interest is exact over each period and rounded once, where it falls
 * due; amounts are whole numbers of the smallest unit, so another currency works as well as đồng.
 * @throws LoanError for terms that make no schedule
 */
export function scheduleOf(terms: ScheduleTerms): Instalment[] {
  checkTerms(terms);
  return new Schedule(terms).instalments();
}

/**
 * How many instalments of one sum a loan takes, the last being smaller.
 * @throws LoanError when they are more than 600, or do not bring the interest
 */
export function instalmentsNeeded(
  instalment: bigint,
  terms: Omit<ScheduleTerms, 'instalments' | 'method'>,
): number {
  const method = { kind: 'fixedInstalment', amount: instalment } as const;
  const rows = scheduleOf({ ...terms, method, instalments: MOST_INSTALMENTS });
  const needed = rows.findIndex(({ balance }) => balance === 0n) + 1;
  const last = rows[needed - 1]!;
  if (last.principal + last.interest > instalment)
    throw new LoanError({
      vi: `Không trả hết trong ${MOST_INSTALMENTS} kỳ`,
      en: `Not paid back by ${MOST_INSTALMENTS} instalments`,
    });
  return needed;
}

function checkTerms(terms: ScheduleTerms): void {
  const { tranches, ratePpm, method, instalments, repaidEvery = 1, grace = {} } = terms;
  if (tranches.length === 0 || tranches.some(({ amount }) => amount <= 0n))
    throw new LoanError({
      vi: 'Mỗi lần giải ngân phải lớn hơn 0',
      en: 'A loan is paid out in tranches above zero',
    });
  if (tranches.some(({ on }, index) => index > 0 && on <= tranches[index - 1]!.on))
    throw new LoanError({
      vi: 'Các lần giải ngân phải theo thứ tự ngày',
      en: 'Tranches stand in the order of their days',
    });
  const { principalCount = 0, interestCount = 0, freeCount = 0 } = grace;
  for (const count of [ratePpm, principalCount, interestCount, freeCount, repaidEvery - 1])
    if (!Number.isSafeInteger(count) || count < 0)
      throw new LoanError({
        vi: `Số kỳ hoặc lãi suất không hợp lệ: ${count}`,
        en: `Not a count or rate: ${count}`,
      });
  if (!Number.isSafeInteger(instalments) || instalments < 1 || instalments > MOST_INSTALMENTS)
    throw new LoanError({
      vi: `Số kỳ trả nợ phải từ 1 đến ${MOST_INSTALMENTS}: ${instalments}`,
      en: `Not a number of instalments, 1 to ${MOST_INSTALMENTS}: ${instalments}`,
    });
  if (Math.max(principalCount, interestCount, freeCount) >= instalments)
    throw new LoanError({
      vi: 'Thời gian ân hạn phải hết trước kỳ trả nợ cuối',
      en: 'A grace ends before the last instalment',
    });
  if (repaidEvery > 1 && (method.kind === 'equalInstalment' || method.kind === 'fixedInstalment'))
    throw new LoanError({
      vi: 'Trả góp số tiền bằng nhau thì kỳ nào cũng trả gốc',
      en: 'Instalments of one sum bring principal each time',
    });
  if ('amount' in method && method.amount <= 0n)
    throw new LoanError({ vi: 'Số tiền trả cố định phải lớn hơn 0', en: 'What is fixed is above zero' });
}

interface Period {
  number: number;
  from: string;
  dueOn: string;
}

class Schedule {
  private readonly clock: Clock;
  private readonly denominator: bigint;
  private readonly rate: bigint;
  private readonly periods: Period[];
  private readonly grace: Required<Grace>;
  private tranche = 0;
  private balance = 0n;
  /** What is paid back each time, as a quotient; anew when a tranche has come since. */
  private share: { numerator: bigint; denominator: bigint } | undefined;
  /** Exact interest that has not been collected. */
  private uncollected = 0n;
  private flatCollected = 0n;

  constructor(private readonly terms: ScheduleTerms) {
    this.clock = clockOf(terms.dayCount);
    this.denominator = this.clock.ticksPerYear * PARTS_PER_MILLION;
    this.rate = BigInt(terms.ratePpm);
    this.grace = { principalCount: 0, interestCount: 0, freeCount: 0, ...terms.grace };
    const startsOn = terms.tranches[0]!.on;
    const dueDays = dueDaysOf(startsOn, terms);
    if (terms.tranches.at(-1)!.on >= dueDays.at(-1)!)
      throw new LoanError({
        vi: 'Mỗi lần giải ngân phải trước ngày đến hạn cuối',
        en: 'A tranche is paid out before the last due day',
      });
    this.periods = dueDays.map((dueOn, index) => {
      return { number: index + 1, from: dueDays[index - 1] ?? startsOn, dueOn };
    });
  }

  instalments(): Instalment[] {
    return this.periods.map((period) => {
      const exact = this.accrue(period);
      const isInterestDue = period.number > this.grace.interestCount;
      const interest = isInterestDue ? this.collectInterest(period) : 0n;
      const principal = this.principalOf(period, exact, interest);
      this.balance -= principal;
      const { number, dueOn } = period;
      return { number, dueOn, principal, interest, isInterestDue, balance: this.balance };
    });
  }

  /** Interest on the actual balance, tranche by tranche; the numerator. */
  private accrue({ number, from, dueOn }: Period): bigint {
    let [exact, day] = [0n, from];
    for (;;) {
      const tranche = this.terms.tranches[this.tranche];
      const until = tranche && tranche.on < dueOn ? tranche.on : dueOn;
      exact += this.balance * this.rate * this.clock.ticks(day, until);
      day = until;
      if (!tranche || until === dueOn) break;
      this.balance += tranche.amount;
      this.share = undefined;
      this.tranche += 1;
    }
    const charged = number > this.grace.freeCount ? exact : 0n;
    this.uncollected += charged;
    return charged;
  }

  private collectInterest(period: Period): bigint {
    const exact = this.uncollected;
    this.uncollected = 0n;
    if (this.terms.method.kind === 'flat') return this.collectFlatInterest(period);
    return this.round(exact);
  }

  /** The interest of the whole term in equal parts; rounding is carried on, so that they sum to it. */
  private collectFlatInterest({ number }: Period): bigint {
    const without = Math.max(this.grace.interestCount, this.grace.freeCount);
    if (number <= without) return 0n;
    const last = this.periods.at(-1)!;
    const startsOn = this.periods[this.grace.freeCount]!.from;
    const total = this.terms.tranches.reduce((sum, { on, amount }) => {
      return sum + amount * this.rate * this.clock.ticks(on > startsOn ? on : startsOn, last.dueOn);
    }, 0n);
    const parts = BigInt(this.periods.length - without);
    const collected = roundQuotient(
      total * BigInt(number - without),
      this.denominator * parts,
      this.terms.interestRounding,
    );
    const interest = collected - this.flatCollected;
    this.flatCollected = collected;
    return interest;
  }

  private principalOf(period: Period, exact: bigint, interest: bigint): bigint {
    if (period.number === this.periods.length) return this.balance;
    if (!this.isPrincipalDue(period)) return 0n;
    const planned = this.plannedPrincipal(period, exact, interest);
    if (planned < 0n) return 0n;
    return planned < this.balance ? planned : this.balance;
  }

  private plannedPrincipal(period: Period, exact: bigint, interest: bigint): bigint {
    const { method } = this.terms;
    switch (method.kind) {
      case 'fixedPrincipal':
        return method.amount;
      case 'fixedInstalment': {
        const principal = method.amount - this.round(exact);
        if (principal < 0n)
          throw new LoanError({
            vi: `${method.amount} đồng không đủ trả lãi`,
            en: `${method.amount} does not bring the interest`,
          });
        return principal;
      }
      case 'equalPrincipal':
        this.share ??= { numerator: this.balance, denominator: this.principalPartsFrom(period) };
        return this.roundShare(0n);
      case 'flat':
        this.share ??= { numerator: this.balance, denominator: this.principalPartsFrom(period) };
        return this.roundShare(interest) - interest;
      case 'equalInstalment':
        this.share ??= this.equalInstalmentFrom(period, exact);
        return this.roundShare(0n) - this.round(exact);
    }
  }

  private equalInstalmentFrom(period: Period, exact: bigint) {
    const following = this.periods.slice(period.number).map(({ number, from, dueOn }) => {
      return number > this.grace.freeCount ? this.rate * this.clock.ticks(from, dueOn) : 0n;
    });
    return annuityOf(this.balance, exact, following, this.denominator);
  }

  private isPrincipalDue({ number }: Period): boolean {
    const { repaidEvery = 1 } = this.terms;
    return (
      number > this.grace.principalCount && (number % repaidEvery === 0 || number === this.periods.length)
    );
  }

  private principalPartsFrom({ number }: Period): bigint {
    return BigInt(this.periods.slice(number - 1).filter((period) => this.isPrincipalDue(period)).length);
  }

  private roundShare(addition: bigint): bigint {
    const { numerator, denominator } = this.share!;
    return roundQuotient(numerator + addition * denominator, denominator, this.terms.instalmentRounding);
  }

  private round(exact: bigint): bigint {
    return roundQuotient(exact, this.denominator, this.terms.interestRounding);
  }
}
