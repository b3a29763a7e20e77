/**
 * Accounts of the book of one loan. Debit is positive.
 * - `capital`: of the fund that lends, negative by what is out;
 * - `principal`, `overduePrincipal`, `interestReceivable`, `overdueInterestReceivable`: what the borrower owes;
 * - `interestIncome`: what was earned, negative;
 * - `writeOff`: what was cancelled by decision;
 * - `borrowerCredit`: what was paid too much and is owed to the borrower, negative.
 */
export type LoanAccount =
  | 'capital'
  | 'principal'
  | 'overduePrincipal'
  | 'interestReceivable'
  | 'overdueInterestReceivable'
  | 'interestIncome'
  | 'writeOff'
  | 'borrowerCredit';

export type Postings = Partial<Record<LoanAccount, bigint>>;

/** One entry of the ledger. Its postings sum to zero, and none of them is zero. */
export interface LoanEntry {
  /** The day for which it counts. */
  on: string;
  kind: 'disbursed' | 'accrued' | 'fellOverdue' | 'repaid' | 'refunded' | 'writtenOff' | 'reversal';
  /** The event, or the day, that it comes from. */
  cause: string;
  postings: Postings;
}

/** null where nothing has moved. A book has thousands of them: those that hold no zero, which are most, are taken as they are. */
export function entryOf(entry: LoanEntry): LoanEntry | null {
  let [sum, moved, zeros] = [0n, 0, 0];
  for (const account in entry.postings) {
    const amount = entry.postings[account as LoanAccount]!;
    sum += amount;
    if (amount === 0n) zeros += 1;
    else moved += 1;
  }
  if (sum !== 0n) throw new RangeError(`The entry of ${entry.cause} on ${entry.on} does not sum to zero`);
  if (moved === 0) return null;
  if (zeros === 0) return entry;
  const postings = Object.entries(entry.postings).filter(([, amount]) => amount !== 0n);
  return { ...entry, postings: Object.fromEntries(postings) };
}

/**
 * What the ledger has to add when a book has changed: nothing in it is altered. What both books begin with stays; the rest of
 * the old one is reversed, the latest first, and what the new one has instead is entered. In the usual case, an event of today,
 * nothing is reversed.
 */
export function entriesToAdd(before: readonly LoanEntry[], after: readonly LoanEntry[]): LoanEntry[] {
  const differs = before.findIndex((entry, index) => !isSameEntry(entry, after[index]));
  const kept = differs === -1 ? before.length : differs;
  return [...before.slice(kept).reverse().map(reversalOf), ...after.slice(kept)];
}

/** Balances of the accounts after these entries; an account without an entry is not among them. */
export function ledgerBalances(entries: readonly LoanEntry[]): Postings {
  const balances: Postings = {};
  for (const { postings } of entries) addTo(balances, postings);
  return balances;
}

/** The principal that came in by the borrower's payments, less what was given back of it. */
export function collectedBy(entries: readonly LoanEntry[]): bigint {
  const paid = ledgerBalances(entries.filter(({ kind }) => kind === 'repaid' || kind === 'refunded'));
  const { principal = 0n, overduePrincipal = 0n } = paid;
  return -principal - overduePrincipal;
}

export function addTo(balances: Postings, postings: Postings): void {
  for (const key in postings) {
    const account = key as LoanAccount;
    balances[account] = (balances[account] ?? 0n) + postings[account]!;
  }
}

function reversalOf({ on, cause, postings }: LoanEntry): LoanEntry {
  const opposite = Object.entries(postings).map(([account, amount]) => [account, -amount]);
  return { on, kind: 'reversal', cause, postings: Object.fromEntries(opposite) as Postings };
}

function isSameEntry(a: LoanEntry, b: LoanEntry | undefined): boolean {
  if (!b || a.on !== b.on || a.kind !== b.kind || a.cause !== b.cause) return false;
  const [left, right] = [Object.entries(a.postings), b.postings as Record<string, bigint | undefined>];
  return (
    left.length === Object.keys(right).length && left.every(([account, amount]) => right[account] === amount)
  );
}
