import type { Transaction } from '@ansinh/database';
import type { Payout, PayoutProblem, PayoutState } from './payout.js';

interface PayoutRow {
  id: string;
  office_code: string;
  fund_id: string;
  programme_code: string;
  purpose: string;
  period: string;
  channel: string;
  decided_by: string;
  rows: number;
  amount: string;
  list_digest: string;
  state: PayoutState;
  withdrawal: string | null;
  batch_id: string | null;
  batch_code: string | null;
  problem: PayoutProblem | null;
}

const columns = `id, office_code, fund_id, programme_code, purpose, period, channel, decided_by, rows, amount, list_digest, state,
  withdrawal, batch_id, batch_code, problem`;

/** The payouts of these ids that the scope sees. */
export async function findPayouts(tx: Transaction, ids: readonly string[]): Promise<Payout[]> {
  const sql = `SELECT ${columns} FROM payout WHERE id = ANY ($1::uuid[]) ORDER BY id`;
  return ((await tx.query(sql, [ids])) as PayoutRow[]).map(payoutOf);
}

/** The payout of a batch: what leads from a payment of the disbursements back to the programme. */
export async function findPayoutOfBatch(tx: Transaction, batchCode: string): Promise<Payout | null> {
  const sql = `SELECT ${columns} FROM payout WHERE batch_code = $1`;
  const [row] = (await tx.query(sql, [batchCode])) as PayoutRow[];
  return row ? payoutOf(row) : null;
}

/** One that is due, put off by the lease: nobody else takes it up meanwhile, and after a death somebody does. */
export async function claimPayout(tx: Transaction, leaseMs: number): Promise<Payout | null> {
  const [[row]] = (await tx.query(
    `UPDATE payout SET due_at = clock_timestamp() + $1 * interval '1 ms'
     WHERE id = (SELECT id FROM payout WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING ${columns}`,
    [leaseMs],
  )) as [PayoutRow[], number];
  return row ? payoutOf(row) : null;
}

/** Until the next one is due, in milliseconds; null where none ever is. */
export async function nextPayoutInMs(tx: Transaction): Promise<number | null> {
  const [row] = (await tx.query(
    `SELECT extract(epoch FROM due_at - clock_timestamp())::float8 * 1000 AS ms FROM payout
     WHERE due_at < 'infinity' ORDER BY due_at LIMIT 1`,
  )) as { ms: number }[];
  return row ? row.ms : null;
}

/**
 * Has a payout cancelled, as long as nothing of it was sent: its batch is taken back, and every row comes as an outcome. One of which
 * something was sent is paid all the same: its state and outcomes say so.
 */
export async function withdrawPayout(tx: Transaction, id: string, reason: string): Promise<void> {
  await tx.query(
    `UPDATE payout SET withdrawal = $2, due_at = clock_timestamp() WHERE id = $1 AND state <> 'cancelled'`,
    [id, reason],
  );
}

/** Looks at it now: somebody has seen to what it was refused for. */
export async function hurryPayout(tx: Transaction, id: string): Promise<void> {
  await tx.query(`UPDATE payout SET due_at = clock_timestamp() WHERE id = $1 AND due_at < 'infinity'`, [id]);
}

function payoutOf(row: PayoutRow): Payout {
  return {
    id: row.id,
    officeCode: row.office_code,
    fundId: row.fund_id,
    programmeCode: row.programme_code,
    purpose: row.purpose,
    period: row.period,
    channel: row.channel,
    decidedBy: row.decided_by,
    rows: row.rows,
    amount: BigInt(row.amount),
    listDigest: row.list_digest,
    state: row.state,
    withdrawal: row.withdrawal,
    batchId: row.batch_id,
    batchCode: row.batch_code,
    problem: row.problem,
  };
}
