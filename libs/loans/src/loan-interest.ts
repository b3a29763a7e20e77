import { roundQuotient } from '@ansinh/money';
import { type Clock, clockOf } from './day-count.js';
import { PARTS_PER_MILLION } from './interest.js';
import type { LoanContract } from './loan-contract.js';

/**
 * Interest that accrues: exact between two due days, rounded when it is looked at. The interest of a period is rounded once
 * where it falls due, so it is what the schedule said; what was posted for single days before is a part of it.
 */
export class AccruingInterest {
  private readonly clock: Clock;
  private readonly denominator: bigint;
  /** Of the period that has not ended, and what of it was paid or cancelled already. */
  private exact = 0n;
  private settled = 0n;
  private ended = 0n;
  /** On overdue principal, since the beginning: it is due each day. */
  private overdueExact = 0n;
  private overdueSettled = 0n;
  private ratePpm: bigint;
  private readonly overduePercent: bigint;
  private startsOn: string;

  constructor(private readonly contract: LoanContract) {
    this.clock = clockOf(contract.dayCount);
    this.denominator = this.clock.ticksPerYear * PARTS_PER_MILLION * 100n;
    this.ratePpm = BigInt(contract.ratePpm);
    this.overduePercent = BigInt(contract.overdueRatePercent);
    this.startsOn = contract.interestFrom ?? '';
  }

  changeRate(ratePpm: number): void {
    this.ratePpm = BigInt(ratePpm);
  }

  /** No interest before that day. */
  restUntil(day: string): void {
    if (day > this.startsOn) this.startsOn = day;
  }

  accrue(from: string, to: string, principal: bigint, overdue: bigint): void {
    const start = from > this.startsOn ? from : this.startsOn;
    if (start >= to || principal + overdue === 0n) return;
    const ticks = this.clock.ticks(start, to) * this.ratePpm;
    this.exact += principal * ticks * 100n;
    this.overdueExact += overdue * ticks * this.overduePercent;
  }

  /** Interest of the period that is not due yet. */
  get accrued(): bigint {
    return this.round(this.exact) - this.settled;
  }

  get overdue(): bigint {
    return this.round(this.overdueExact) - this.overdueSettled;
  }

  /** All that was ever charged; neither falls. */
  get charged(): { ordinary: bigint; overdue: bigint } {
    return { ordinary: this.ended + this.round(this.exact), overdue: this.round(this.overdueExact) };
  }

  settleAccrued(amount: bigint): void {
    this.settled += amount;
  }

  settleOverdue(amount: bigint): void {
    this.overdueSettled += amount;
  }

  /** The period ends: what it has brought and is not settled falls due. */
  endPeriod(): bigint {
    const due = this.accrued;
    this.ended += this.round(this.exact);
    this.exact = 0n;
    this.settled = 0n;
    return due;
  }

  private round(exact: bigint): bigint {
    return roundQuotient(exact, this.denominator, this.contract.interestRounding);
  }
}
