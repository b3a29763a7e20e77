import type { PlannedDue } from './loan-contract.js';
import { LoanError } from './loan-error.js';

/** The days on which a loan falls due, in their order, as decisions and early payments have left them. */
export class DuePlan {
  private dues: PlannedDue[];
  private next = 0;

  constructor(planned: readonly PlannedDue[]) {
    this.dues = copyOf(planned);
  }

  /** The last of them is behind us: all that is owed is due. */
  get isOver(): boolean {
    return this.next === this.dues.length;
  }

  get upcoming(): PlannedDue[] {
    return this.dues.slice(this.next);
  }

  /** The next one, where it comes by that day. */
  dueBy(day: string): PlannedDue | undefined {
    const due = this.dues[this.next];
    return due && due.dueOn <= day ? due : undefined;
  }

  /** The next one has fallen due. */
  pass(): void {
    this.next += 1;
  }

  /** Principal was repaid early: the next ones are less by it. */
  lessen(amount: bigint): void {
    let left = amount;
    for (let index = this.next; left > 0n && index < this.dues.length; index += 1) {
      const due = this.dues[index]!;
      const part = due.principal < left ? due.principal : left;
      due.principal -= part;
      left -= part;
    }
  }

  /** Nothing falls due before that day. */
  restUntil(day: string): void {
    for (const due of this.upcoming) if (due.dueOn < day) due.dueOn = day;
  }

  /**
   * The end is later.
   * @param open principal that is due already, of a plan that is over
   * @throws LoanError for a day that is no later end
   */
  extend(until: string, open: bigint): void {
    const last = this.dues.at(-1)!;
    const { isOver } = this;
    if (!isOver && until <= last.dueOn)
      throw new LoanError({
        vi: `Không gia hạn đến ${until} được: khoản vay đến hạn ngày ${last.dueOn}`,
        en: `${until} extends nothing: it ends on ${last.dueOn}`,
      });
    const principal = isOver ? open : last.principal;
    if (!isOver) last.principal = 0n;
    this.dues.push({ dueOn: until, principal, isInterestDue: true });
  }

  /**
   * The principal of one day is due later.
   * @param open what of it is due already, where its day is behind us
   * @throws LoanError where nothing is due on that day
   */
  defer(dueOn: string, until: string, open: bigint): void {
    const place = this.dues.findIndex((planned) => planned.dueOn === dueOn);
    const due = this.dues[place];
    if (!due)
      throw new LoanError({ vi: `Ngày ${dueOn} không có kỳ trả nợ`, en: `Nothing is due on ${dueOn}` });
    const isToCome = place >= this.next;
    const principal = isToCome ? due.principal : open;
    if (isToCome) due.principal = 0n;
    const later = this.dues.findIndex((planned) => planned.dueOn >= until);
    const deferred = { dueOn: until, principal, isInterestDue: true };
    this.dues.splice(later === -1 ? this.dues.length : later, 0, deferred);
  }

  /** What is still to come is another plan. */
  replace(plan: readonly PlannedDue[]): void {
    this.dues = [...this.dues.slice(0, this.next), ...copyOf(plan)];
  }
}

const copyOf = (plan: readonly PlannedDue[]) => plan.map((due) => ({ ...due }));
