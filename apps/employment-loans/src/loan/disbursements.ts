import { asSystem, type Transaction } from '@ansinh/database';

/** What was ordered of a loan, and what became of it. */
export interface Disbursed {
  count: number;
  paidCount: number;
  paid: bigint;
  /** What went out or is on its way. */
  sent: bigint;
  isAwaited: boolean;
  /** What was granted, never went out, and went back to the plan when the loan was closed: no more of it goes out. */
  released: bigint;
}

const nothing: Disbursed = { count: 0, paidCount: 0, paid: 0n, sent: 0n, isAwaited: false, released: 0n };

export async function disbursedOfLoans(
  tx: Transaction,
  loanIds: readonly string[],
): Promise<(loanId: string) => Disbursed> {
  const rows = (await tx.query(
    `SELECT loan_id AS id, count(*)::int AS count, count(*) FILTER (WHERE state = 'paid')::int AS "paidCount",
       coalesce(sum(amount) FILTER (WHERE state = 'paid'), 0)::bigint AS paid,
       coalesce(sum(amount) FILTER (WHERE state <> 'returned'), 0)::bigint AS sent, bool_or(state = 'ordered') AS "isAwaited"
     FROM disbursement WHERE loan_id = ANY($1::uuid[]) GROUP BY loan_id`,
    [loanIds],
  )) as (Omit<Disbursed, 'paid' | 'sent' | 'released'> & { id: string; paid: string; sent: string })[];
  const released = await releasedOfLoans(
    tx,
    rows.map(({ id }) => id),
  );
  const byLoan = new Map(
    rows.map(({ id, paid, sent, ...rest }) => [
      id,
      { ...rest, paid: BigInt(paid), sent: BigInt(sent), released: released.get(id) ?? 0n },
    ]),
  );
  return (loanId) => byLoan.get(loanId) ?? nothing;
}

/** By the ledger of the capital, which an office does not see: a loan that is opened again has nothing more to release. */
async function releasedOfLoans(tx: Transaction, loanIds: readonly string[]): Promise<Map<string, bigint>> {
  const rows = (await asSystem(tx, () =>
    tx.query(
      `SELECT loan.id, sum(posting.amount)::bigint AS amount
       FROM loan_move move JOIN loan ON loan.id = move.loan_id
         JOIN capital_transaction entry ON entry.plan_id = loan.plan_id AND entry.kind = 'release'
           AND entry.reference = loan.code || '/' || move.number
         JOIN capital_posting posting ON posting.transaction_id = entry.id AND posting.kind = 'available'
       WHERE move.loan_id = ANY($1::uuid[]) AND move.to_state = 'closed' GROUP BY loan.id`,
      [loanIds],
    ),
  )) as { id: string; amount: string }[];
  return new Map(rows.map(({ id, amount }) => [id, BigInt(amount)]));
}

export interface NewDisbursement {
  id: string;
  loanId: string;
  number: number;
  contract: number;
  move: number;
  amount: bigint;
  ordinal: number;
}

/** The database holds that one of a loan is on its way at a time. */
export async function insertDisbursements(
  tx: Transaction,
  orders: readonly NewDisbursement[],
): Promise<void> {
  const of = <T>(value: (order: NewDisbursement) => T) => orders.map(value);
  await tx.query(
    `INSERT INTO disbursement (id, loan_id, number, contract, move, amount, ordinal)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::int[], $6::bigint[], $7::int[])`,
    [
      of(({ id }) => id),
      of(({ loanId }) => loanId),
      of(({ number }) => number),
      of(({ contract }) => contract),
      of(({ move }) => move),
      of(({ amount }) => amount.toString()),
      of(({ ordinal }) => ordinal),
    ],
  );
}
