import type { Transaction } from '@ansinh/database';

/** What was ordered of a loan, and what became of it. */
export interface Disbursed {
  count: number;
  paidCount: number;
  paid: bigint;
  /** What went out or is on its way. */
  sent: bigint;
  isAwaited: boolean;
}

const nothing: Disbursed = { count: 0, paidCount: 0, paid: 0n, sent: 0n, isAwaited: false };

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
  )) as (Omit<Disbursed, 'paid' | 'sent'> & { id: string; paid: string; sent: string })[];
  const byLoan = new Map(
    rows.map(({ id, paid, sent, ...rest }) => [id, { ...rest, paid: BigInt(paid), sent: BigInt(sent) }]),
  );
  return (loanId) => byLoan.get(loanId) ?? nothing;
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
