import type { Transaction } from '@ansinh/database';
import { Ledger, moveBetween } from '@ansinh/ledger';

/**
 * Where the đồng of a fund stand. `allotted` is the source side and negative; the others hold what came from it:
 * available → reserved (approval) → inFlight (sending) → paid (statement), or back to available.
 */
type LedgerAccount = 'allotted' | 'available' | 'reserved' | 'inFlight' | 'paid';

type LedgerKind = 'allotment' | 'reservation' | 'release' | 'sending' | 'outcome' | 'resolution' | 'reversal';

interface LedgerEntry {
  fundId: string;
  kind: LedgerKind;
  /** Unique for the fund and kind: the same fact is never booked twice. */
  reference: string;
  batchNumber?: string;
  /** Signed amounts; they sum to zero, which the database checks at commit. Zeros are left out. */
  postings: Partial<Record<LedgerAccount, bigint>>;
}

/**
 * Takes the fund's row lock. Lock order everywhere: batch, then fund, then chunk; it keeps parallel answers of one batch
 * from waiting for each other in a circle. NO KEY, here and on batches: each row that refers to a fund or a batch holds
 * a share of its key from the moment of its insert, out of that order, and FOR UPDATE would wait for it.
 */
export async function lockFund(tx: Transaction, fundId: string): Promise<void> {
  await tx.query('SELECT FROM fund WHERE id = $1 FOR NO KEY UPDATE', [fundId]);
}

const ledger = new Ledger<LedgerAccount, LedgerKind, 'batch_number'>({
  name: 'ledger',
  ownerColumn: 'fund_id',
  notes: { batch_number: 'bigint' },
});

/** Books one entry; one of zeros is none. */
export async function post(tx: Transaction, entry: LedgerEntry): Promise<void> {
  const { fundId, kind, reference, batchNumber, postings } = entry;
  await ledger.post(tx, [
    { owner: fundId, kind, reference, postings, notes: { batch_number: batchNumber ?? null } },
  ]);
}

/** Books the opposite of an entry: the only correction there is. */
export async function reverse(tx: Transaction, transactionId: string): Promise<void> {
  await ledger.reverse(tx, transactionId);
}

/** Moves one amount from one account to another. */
export const move = moveBetween<LedgerAccount>;

export interface FundBalance {
  allotted: bigint;
  available: bigint;
  reserved: bigint;
  inFlight: bigint;
  paid: bigint;
}

/**
 * Balances as of an instant, by summing the postings up to it; without one, as of now.
 * @param at ISO 8601 text: a `Date` would forget the microseconds in which postings are told apart
 */
export async function balanceOf(tx: Transaction, fundId: string, at?: string): Promise<FundBalance> {
  return (await balancesOf(tx, [fundId], at)).get(fundId)!;
}

/** The same for many funds by one query; each of them has a balance, zeros where nothing was booked. */
export async function balancesOf(
  tx: Transaction,
  fundIds: readonly string[],
  at?: string,
): Promise<Map<string, FundBalance>> {
  const balances = await ledger.balances(tx, fundIds, at);
  return new Map([...balances].map(([fundId, amounts]) => [fundId, toBalance(amounts)]));
}

function toBalance({ allotted, available, reserved, inFlight, paid }: LedgerEntry['postings']): FundBalance {
  return {
    allotted: -(allotted ?? 0n),
    available: available ?? 0n,
    reserved: reserved ?? 0n,
    inFlight: inFlight ?? 0n,
    paid: paid ?? 0n,
  };
}
