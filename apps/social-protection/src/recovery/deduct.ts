import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import { owedMonths, takenBy } from './owed-months.sql.js';

/**
 * Writes what is taken of the oldest months first, as far as each is owed.
 * @param claims SQL that gives recovery (`id`), beneficiary, the most that is taken (`cap`) and the entitlement that gives it
 */
const takeOldestFirst = (claims: string, kind: string) => `
WITH claim AS (${claims}), open AS (
  SELECT claim.*, stands.month, stands.owed,
    sum(stands.owed) OVER (PARTITION BY claim.id ORDER BY stands.month) - stands.owed AS before
  FROM claim JOIN beneficiary b ON b.id = claim.beneficiary_id CROSS JOIN LATERAL (${owedMonths}) stands WHERE stands.owed > 0
    -- Nobody has decided how what was found out since comes back.
    AND EXISTS (SELECT FROM decision told WHERE told.beneficiary_id = b.id AND told.month = stands.month AND told.change = 'overpaid'
      AND told.id < claim.id)
), taken AS (
  INSERT INTO recovery_entry (id, recovery_id, beneficiary_id, month, kind, amount, entitlement_id)
  SELECT uuidv7(), id, beneficiary_id, month, ${kind}, least(owed, cap - before), entitlement_id
  FROM open WHERE before < cap ORDER BY id, month RETURNING recovery_id, entitlement_id, amount
)`;

/**
 * Deducts from what the month of a run gives these people: at most what was approved for a month, what the month gives, what the
 * recovery still lacks, and what is owed as the decisions of this very run leave it. Two statements for all of them.
 */
export async function deductRecoveries(
  tx: Transaction,
  run: { id: string; month: string },
  beneficiaryIds: readonly string[],
): Promise<void> {
  // Few have a plan. All who were decided, as a condition of the statement below, would be sorted anew for each decision.
  const plans = (await tx.query(
    `SELECT id FROM recovery WHERE beneficiary_id = ANY ($1::uuid[]) AND manner = 'instalments' AND state = 'approved'`,
    [beneficiaryIds],
  )) as { id: string }[];
  if (plans.length === 0) return;
  await tx.query(
    `${takeOldestFirst(
      `SELECT r.id, r.beneficiary_id, least(r.most_a_month, e.amount, r.amount - ${takenBy}) AS cap, e.id AS entitlement_id
       FROM recovery r
       JOIN decision d ON d.run_id = $1 AND d.beneficiary_id = r.beneficiary_id AND d.month = $2
       -- What a month is short of is owed for a past one: only the month itself gives an instalment.
       JOIN entitlement e ON e.id = d.id AND e.ordinal = 1
       WHERE r.id = ANY ($3::uuid[])`,
      `'deducted'`,
    )}
     UPDATE entitlement SET deducted = given.amount
     FROM (SELECT entitlement_id, sum(amount) AS amount FROM taken GROUP BY entitlement_id) given
     WHERE id = given.entitlement_id`,
    [run.id, run.month, plans.map(({ id }) => id)],
  );
}

/** Books what was paid back or is waived, of the oldest months first. @returns how much of it there was to book */
export async function bookRecovery(tx: Transaction, id: string): Promise<bigint> {
  const [booked] = (await tx.query(
    `${takeOldestFirst(
      'SELECT r.id, r.beneficiary_id, r.amount AS cap, NULL::uuid AS entitlement_id FROM recovery r WHERE r.id = $1',
      `(SELECT CASE manner WHEN 'cash' THEN 'repaid' ELSE 'waived' END FROM recovery WHERE id = $1)`,
    )}
     SELECT coalesce(sum(amount), 0)::text AS amount FROM taken`,
    [id],
  )) as [{ amount: string }];
  return BigInt(booked.amount);
}

/**
 * Recoveries of which approved runs have taken everything are settled, by whoever approved the last of these runs. What a run has taken
 * that nobody has approved may be released yet.
 * @returns their ids
 */
export async function settleRecoveries(
  tx: Transaction,
  run: { id: string; programme: string },
  actor: Actor,
): Promise<string[]> {
  // As those who decide: of two runs that are approved at once the second one sees the first.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`support ${run.programme}`]);
  const [settled] = (await tx.query(
    `WITH done AS (
       SELECT r.id, r.moves + 1 AS number FROM recovery r
       WHERE r.state = 'approved' AND r.id IN (
         SELECT entry.recovery_id FROM entitlement e JOIN recovery_entry entry ON entry.entitlement_id = e.id
         WHERE e.run_id = $1 AND e.deducted > 0)
       AND r.amount = (SELECT sum(entry.amount) FROM recovery_entry entry JOIN entitlement e ON e.id = entry.entitlement_id
         JOIN support_run run ON run.id = e.run_id WHERE entry.recovery_id = r.id AND run.state = 'approved')
     ), moved AS (
       INSERT INTO recovery_move (record_id, number, kind, from_state, to_state, actor_id, actor_name)
       SELECT id, number, 'settled', 'approved', 'settled', $2, $3 FROM done RETURNING record_id, number)
     UPDATE recovery SET state = 'settled', moves = number FROM moved WHERE recovery.id = record_id RETURNING recovery.id`,
    [run.id, actor.id, actor.name],
  )) as [{ id: string }[], number];
  return settled.map(({ id }) => id);
}
