import type { Transaction } from '@ansinh/database';

/**
 * Where the đồng of a fund stand. `allotted` is the source side and negative; the others hold what came from it:
 * available → reserved (approval) → inFlight (sending) → paid (statement), or back to available.
 */
export type LedgerAccount = 'allotted' | 'available' | 'reserved' | 'inFlight' | 'paid';

export type LedgerKind =
  'allotment' | 'reservation' | 'release' | 'sending' | 'outcome' | 'resolution' | 'reversal';

export interface LedgerEntry {
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

/**
 * Books one entry. Entries are never changed: a correction is another entry.
 * @throws on a sum that is not zero, a second entry of the same reference, or an account that would fall below zero
 */
export async function post(tx: Transaction, entry: LedgerEntry): Promise<void> {
  const postings = Object.entries(entry.postings).filter(([, amount]) => amount !== 0n);
  if (postings.length === 0) return;
  const [transaction] = (await tx.query(
    `INSERT INTO ledger_transaction (fund_id, kind, reference, batch_number) VALUES ($1, $2, $3, $4) RETURNING id`,
    [entry.fundId, entry.kind, entry.reference, entry.batchNumber ?? null],
  )) as { id: string }[];
  // All sides of an entry bear its one instant: between two of them a balance of the past would not add up.
  await tx.query(
    `INSERT INTO ledger_posting (transaction_id, fund_id, kind, amount, at)
     SELECT booked.id, $2, posting.kind, posting.amount, booked.at
     FROM ledger_transaction booked, unnest($3::text[], $4::bigint[]) AS posting (kind, amount) WHERE booked.id = $1`,
    [
      transaction!.id,
      entry.fundId,
      postings.map(([kind]) => kind),
      postings.map(([, amount]) => amount.toString()),
    ],
  );
}

/**
 * Books the opposite of an entry: the only correction there is.
 * @throws on a second reversal of one entry, or when an account would fall below zero by it
 */
export async function reverse(tx: Transaction, transactionId: string): Promise<void> {
  await tx.query(
    `WITH reversal AS (
       INSERT INTO ledger_transaction (fund_id, kind, reference, batch_number, reverses)
       SELECT fund_id, 'reversal', kind || '/' || reference, batch_number, id FROM ledger_transaction WHERE id = $1
       RETURNING id, fund_id, at)
     INSERT INTO ledger_posting (transaction_id, fund_id, kind, amount, at)
     SELECT reversal.id, reversal.fund_id, posting.kind, -posting.amount, reversal.at
     FROM reversal, ledger_posting posting WHERE posting.transaction_id = $1`,
    [transactionId],
  );
}

/** Moves one amount from one account to another. */
export function move(from: LedgerAccount, to: LedgerAccount, amount: bigint): LedgerEntry['postings'] {
  return { [from]: -amount, [to]: amount };
}

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
  const rows = (await tx.query(
    at === undefined
      ? 'SELECT fund_id, kind, balance AS amount FROM ledger_account WHERE fund_id = ANY($1::uuid[])'
      : `SELECT fund_id, kind, sum(amount)::bigint AS amount FROM ledger_posting
         WHERE fund_id = ANY($1::uuid[]) AND at <= $2::timestamptz GROUP BY fund_id, kind`,
    at === undefined ? [fundIds] : [fundIds, at],
  )) as { fund_id: string; kind: LedgerAccount; amount: string }[];
  const ofFund = Map.groupBy(rows, ({ fund_id }) => fund_id);
  return new Map(fundIds.map((fundId) => [fundId, toBalance(ofFund.get(fundId) ?? [])]));
}

function toBalance(rows: { kind: LedgerAccount; amount: string }[]): FundBalance {
  const amounts = new Map(rows.map(({ kind, amount }) => [kind, BigInt(amount)]));
  return {
    allotted: -(amounts.get('allotted') ?? 0n),
    available: amounts.get('available') ?? 0n,
    reserved: amounts.get('reserved') ?? 0n,
    inFlight: amounts.get('inFlight') ?? 0n,
    paid: amounts.get('paid') ?? 0n,
  };
}
