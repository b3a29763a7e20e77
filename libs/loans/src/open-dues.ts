/** What fell due on one day and is not paid yet. */
export interface OpenDue {
  dueOn: string;
  amount: bigint;
}

/** Dues of one kind, the oldest first. Paying walks over each of them once, however many payments come. */
export class OpenDues {
  private dues: OpenDue[] = [];
  private first = 0;
  private sum = 0n;

  get total(): bigint {
    return this.sum;
  }

  get oldest(): string | null {
    return this.dues[this.first]?.dueOn ?? null;
  }

  open(): OpenDue[] {
    return this.dues.slice(this.first);
  }

  add(dueOn: string, amount: bigint): void {
    if (amount === 0n) return;
    this.dues.push({ dueOn, amount });
    this.sum += amount;
  }

  /** Takes an amount off the oldest ones; the caller asks for no more than the total. */
  pay(amount: bigint): void {
    this.sum -= amount;
    for (let left = amount; left > 0n;) {
      const due = this.dues[this.first]!;
      const part = left < due.amount ? left : due.amount;
      due.amount -= part;
      left -= part;
      if (due.amount === 0n) this.first += 1;
    }
  }

  /** Takes out what fell due on a day, or all of it, and says how much that was. */
  takeBack(dueOn?: string): bigint {
    const taken = this.open().filter((due) => dueOn === undefined || due.dueOn === dueOn);
    const amount = taken.reduce((total, due) => total + due.amount, 0n);
    this.dues = this.open().filter((due) => !taken.includes(due));
    this.first = 0;
    this.sum -= amount;
    return amount;
  }
}
