import { addDays } from '@ansinh/calendar';
import { DuePlan } from './due-plan.js';
import type { AheadPart, DuePart, LoanContract, PlannedDue } from './loan-contract.js';
import { checkContract } from './loan-contract.js';
import { effectiveEvents, type LoanEvent, type LoanEventKind } from './loan-event.js';
import { AccruingInterest } from './loan-interest.js';
import { addTo, entryOf, type LoanEntry, type Postings } from './loan-ledger.js';
import { type Freeze, type LoanPosition, positionOf } from './loan-position.js';
import { OpenDues } from './open-dues.js';
import { nextMonthEnd } from './wakes-on.js';
import { LoanError } from './loan-error.js';

/** What a payment or a cancellation went to; what it did not go to is left out. */
export type Allocation = Partial<Record<DuePart | AheadPart | 'borrowerCredit', bigint>>;

/** A line of the statement of account. */
export interface LoanMovement {
  on: string;
  kind: LoanEventKind | 'fellDue';
  /** null where something fell due. */
  event: string | null;
  allocation: Allocation;
  /** After it: principal, and interest that is due or has accrued. */
  principal: bigint;
  interest: bigint;
}

/** The book of a loan at the end of a day. */
export interface LoanBook {
  position: LoanPosition;
  movements: readonly LoanMovement[];
  entries: readonly LoanEntry[];
  /** What is planned after that day. */
  upcoming: readonly PlannedDue[];
}

/**
 * The book of a loan at the end of a day: its events folded in the order of their days, whenever they became known. A payment
 * that comes to light later is one more event, and the whole book is folded anew; {@link entriesToAdd} says what the ledger has
 * to add. Linear in the number of events.
 *
 * An event that was right when it was recorded folds after any other one that came later. Where less is owed than it says, money
 * that came in is the borrower's credit, and a cancellation cancels what there is.
 * @param through shows what falls due until a later day if nothing more happens
 * @throws LoanError for events that never made sense
 */
export function bookOn(
  contract: LoanContract,
  events: readonly LoanEvent[],
  day: string,
  through: string = day,
): LoanBook {
  checkContract(contract);
  const fold = new Fold(contract);
  for (const event of effectiveEvents(events)) {
    if (event.on > day) break;
    fold.apply(event);
  }
  fold.advanceTo(through);
  return fold.book();
}

/** The same at the end of a day, with how the loan stood at the end of an earlier one: by one fold. */
export function bookSince(
  contract: LoanContract,
  events: readonly LoanEvent[],
  before: string,
  day: string,
): { opening: LoanPosition; book: LoanBook } {
  checkContract(contract);
  const fold = new Fold(contract);
  let opening: LoanPosition | undefined;
  for (const event of effectiveEvents(events)) {
    if (event.on > day) break;
    if (event.on > before) opening ??= fold.positionAt(before);
    fold.apply(event);
  }
  opening ??= fold.positionAt(before);
  fold.advanceTo(day);
  return { opening, book: fold.book() };
}

class Fold {
  private day = '';
  /** The first after the day, once somebody asked. */
  private monthEnd = '';
  private ahead = 0n;
  private credit = 0n;
  private readonly principalDues = new OpenDues();
  private readonly interestDues = new OpenDues();
  private readonly interest: AccruingInterest;
  private readonly freezes: Freeze[] = [];
  private readonly plan: DuePlan;
  private pastDue = { on: '', isPastDue: false };
  /** What the ledger has so far. */
  private readonly posted = { ordinary: 0n, overdue: 0n, overduePrincipal: 0n };
  private readonly entries: LoanEntry[] = [];
  private readonly movements: LoanMovement[] = [];

  constructor(private readonly contract: LoanContract) {
    this.interest = new AccruingInterest(contract);
    this.plan = new DuePlan(contract.plan);
  }

  apply(event: LoanEvent): void {
    this.advanceTo(event.on);
    if (this.pastDue.on !== event.on) this.pastDue = { on: event.on, isPastDue: this.isPastDue(event.on) };
    this.postInterest(event.id);
    const allocation = this.change(event);
    this.fallDueUntil(event.on);
    this.postOverdue(event.id, false);
    if (event.kind !== 'accrued') this.note(event.on, event.kind, event.id, allocation);
  }

  /** Everything that a day brings by itself, up to this one. */
  advanceTo(day: string): void {
    this.fallDueUntil(day);
    this.accrueTo(day);
  }

  book(): LoanBook {
    const { movements, entries, plan } = this;
    return { position: this.position(), movements, entries, upcoming: plan.upcoming };
  }

  positionAt(day: string): LoanPosition {
    this.advanceTo(day);
    return this.position();
  }

  private position(): LoanPosition {
    const { day, ahead, credit, principalDues, interestDues, interest, freezes } = this;
    const { overduePrincipal } = this.posted;
    return positionOf({
      day,
      ahead,
      overduePrincipal,
      credit,
      principalDues,
      interestDues,
      interest,
      freezes,
    });
  }

  private fallDueUntil(day: string): void {
    for (let due = this.plan.dueBy(day); due; due = this.plan.dueBy(day)) {
      this.accrueTo(due.dueOn);
      this.plan.pass();
      this.fallDue(due);
    }
  }

  private fallDue({ dueOn, principal: planned, isInterestDue }: PlannedDue): void {
    const isLast = this.plan.isOver;
    const principal = isLast || planned > this.ahead ? this.ahead : planned;
    this.ahead -= principal;
    this.principalDues.add(dueOn, principal);
    this.postInterest(dueOn);
    const interest = isLast || isInterestDue ? this.interest.endPeriod() : 0n;
    this.interestDues.add(dueOn, interest);
    if (principal + interest > 0n)
      this.note(dueOn, 'fellDue', null, { principalDue: principal, interestDue: interest });
  }

  /** A due day that was paid for on the day itself is not overdue: principal is so when that day is over. */
  private accrueTo(day: string): void {
    if (day <= this.day) return;
    if (this.day !== '') {
      this.postOverdue(this.day, true);
      const overdue = this.overduePrincipal();
      const ordinary = this.ahead + this.principalDues.total - overdue;
      for (let end = this.monthEndUntil(day); end !== null; end = this.monthEndUntil(day)) {
        this.interest.accrue(this.day, end, ordinary, overdue);
        this.day = end;
        this.postInterest(end);
      }
      this.interest.accrue(this.day, day, ordinary, overdue);
    }
    this.day = day;
  }

  /** The next end of a month that the ledger is to see, where it comes by that day. */
  private monthEndUntil(day: string): string | null {
    if (this.contract.accrualPosted !== 'monthEnd') return null;
    if (this.monthEnd <= this.day) this.monthEnd = nextMonthEnd(this.day);
    return this.monthEnd <= day ? this.monthEnd : null;
  }

  private overduePrincipal(): bigint {
    return this.contract.overdueFrom === 'dueDay' || this.plan.isOver ? this.principalDues.total : 0n;
  }

  private isPastDue(on: string): boolean {
    const oldest = [this.principalDues.oldest, this.interestDues.oldest];
    return this.interest.overdue > 0n || oldest.some((dueOn) => dueOn !== null && dueOn < on);
  }

  private change(event: LoanEvent): Allocation {
    switch (event.kind) {
      case 'disbursed':
        return this.disburse(event.id, event.on, event.amount);
      case 'repaid':
        return this.repay(event.id, event.on, event.amount);
      case 'refunded':
        return this.refund(event.id, event.on, event.amount);
      case 'interestCancelled':
        return this.cancel(event.id, event.amount, ['interestDue', 'overdueInterest', 'interestAccrued']);
      case 'principalCancelled':
        return this.cancel(event.id, event.amount, ['principalDue', 'principalAhead']);
      case 'rateChanged':
        this.interest.changeRate(event.ratePpm);
        return {};
      case 'frozen':
        this.freezes.push({ from: event.on, until: event.until });
        this.interest.restUntil(event.until);
        this.plan.restUntil(event.until);
        return {};
      case 'extended':
        this.extend(event.until);
        return {};
      case 'deferred':
        this.defer(event.dueOn, event.until);
        return {};
      case 'rescheduled':
        this.ahead += this.principalDues.takeBack();
        this.plan.replace(event.plan);
        return {};
      case 'recalled':
        this.plan.replace([{ dueOn: event.dueOn, principal: this.ahead, isInterestDue: true }]);
        return {};
      case 'accrued':
      case 'reversed':
        return {};
    }
  }

  private disburse(cause: string, on: string, amount: bigint): Allocation {
    if (this.plan.isOver)
      throw new LoanError({
        vi: `Lần ghi sổ ${cause} giải ngân khoản vay đã đến hạn trả`,
        en: `${cause} pays out a loan that is due`,
      });
    this.ahead += amount;
    this.enter(on, 'disbursed', cause, { principal: amount, capital: -amount });
    return { principalAhead: amount };
  }

  private repay(cause: string, on: string, amount: bigint): Allocation {
    const { onTime, pastDue, ahead } = this.contract.allocation;
    // One order for a whole day: two payments are worth as much as their sum.
    const due = this.pastDue.isPastDue ? pastDue : onTime;
    const allocation: Allocation = {};
    const postings: Postings = { capital: amount };
    let left = this.spread(amount, due, { allocation, postings });
    left = this.spread(left, ahead, { allocation, postings });
    if (left > 0n) {
      this.credit += left;
      allocation.borrowerCredit = left;
      postings.borrowerCredit = -left;
    }
    this.enter(on, 'repaid', cause, postings);
    return allocation;
  }

  /** What was given back and, by what is known now, was not the borrower's, is owed at once: the money is out. */
  private refund(cause: string, on: string, amount: bigint): Allocation {
    const ofCredit = amount < this.credit ? amount : this.credit;
    const owed = amount - ofCredit;
    this.credit -= ofCredit;
    this.principalDues.add(on, owed);
    this.enter(on, 'refunded', cause, { borrowerCredit: ofCredit, principal: owed, capital: -amount });
    return owed === 0n ? { borrowerCredit: ofCredit } : { borrowerCredit: ofCredit, principalDue: owed };
  }

  private cancel(cause: string, most: bigint, parts: readonly (DuePart | AheadPart)[]): Allocation {
    const allocation: Allocation = {};
    const postings: Postings = { writeOff: most };
    const left = this.spread(most, parts, { allocation, postings });
    postings.writeOff = most - left;
    this.enter(this.day, 'writtenOff', cause, postings);
    return allocation;
  }

  /** Takes from each part as much as it holds, until the amount is used up. @returns what is left: it found nothing that is owed */
  private spread(
    amount: bigint,
    parts: readonly (DuePart | AheadPart)[],
    to: { allocation: Allocation; postings: Postings },
  ): bigint {
    let left = amount;
    for (const part of parts) {
      if (left === 0n) break;
      const open = this.openOf(part);
      const taken = open < left ? open : left;
      if (taken === 0n) continue;
      to.allocation[part] = taken;
      addTo(to.postings, this.take(part, taken));
      left -= taken;
    }
    return left;
  }

  private openOf(part: DuePart | AheadPart): bigint {
    switch (part) {
      case 'overdueInterest':
        return this.interest.overdue;
      case 'interestDue':
        return this.interestDues.total;
      case 'principalDue':
        return this.principalDues.total;
      case 'interestAccrued':
        return this.interest.accrued;
      case 'principalAhead':
        return this.ahead;
    }
  }

  private take(part: DuePart | AheadPart, amount: bigint): Postings {
    switch (part) {
      case 'overdueInterest':
        this.interest.settleOverdue(amount);
        return { overdueInterestReceivable: -amount };
      case 'interestDue':
        this.interestDues.pay(amount);
        return { interestReceivable: -amount };
      case 'interestAccrued':
        this.interest.settleAccrued(amount);
        return { interestReceivable: -amount };
      case 'principalDue':
        this.principalDues.pay(amount);
        return this.takeOverdueFirst(amount);
      case 'principalAhead':
        this.ahead -= amount;
        if (this.contract.earlyPrincipal === 'next') this.plan.lessen(amount);
        return { principal: -amount };
    }
  }

  /** The oldest dues are paid first, and those are what is overdue. */
  private takeOverdueFirst(amount: bigint): Postings {
    const overdue = amount < this.posted.overduePrincipal ? amount : this.posted.overduePrincipal;
    this.posted.overduePrincipal -= overdue;
    return { overduePrincipal: -overdue, principal: overdue - amount };
  }

  private extend(until: string): void {
    const open = this.plan.isOver ? this.principalDues.takeBack() : 0n;
    this.ahead += open;
    this.plan.extend(until, open);
  }

  private defer(dueOn: string, until: string): void {
    const open = this.principalDues.takeBack(dueOn);
    this.ahead += open;
    this.plan.defer(dueOn, until, open);
  }

  private postInterest(cause: string): void {
    const { ordinary, overdue } = this.interest.charged;
    const more = ordinary - this.posted.ordinary;
    const moreOverdue = overdue - this.posted.overdue;
    // The second event of a day, and most others.
    if (more === 0n && moreOverdue === 0n) return;
    this.posted.ordinary = ordinary;
    this.posted.overdue = overdue;
    this.enter(this.day, 'accrued', cause, {
      interestReceivable: more,
      overdueInterestReceivable: moreOverdue,
      interestIncome: -more - moreOverdue,
    });
  }

  /** @param isOver the day is over: what is due now is overdue. A decision can only make less of it so. */
  private postOverdue(cause: string, isOver: boolean): void {
    const overdue = this.overduePrincipal();
    const change = overdue - this.posted.overduePrincipal;
    if (change === 0n || (change > 0n && !isOver)) return;
    this.posted.overduePrincipal = overdue;
    const on = isOver ? addDays(this.day, 1) : this.day;
    this.enter(on, 'fellOverdue', cause, { overduePrincipal: change, principal: -change });
  }

  private enter(on: string, kind: LoanEntry['kind'], cause: string, postings: Postings): void {
    const entry = entryOf({ on, kind, cause, postings });
    if (entry) this.entries.push(entry);
  }

  private note(on: string, kind: LoanMovement['kind'], event: string | null, allocation: Allocation): void {
    const principal = this.ahead + this.principalDues.total;
    const interest = this.interestDues.total + this.interest.accrued + this.interest.overdue;
    this.movements.push({ on, kind, event, allocation, principal, interest });
  }
}
