import type { Transaction } from '@ansinh/database';
import { everOwed, stateOfEntitlement } from './entitlement-state.sql.js';

/**
 * Of months that are unpaid and of which a later approved decision grants less, no more is paid than that: what was owed is released, and
 * what the later decision still gives is owed by it, as another obligation. What is on its way, or paid, stays; what is too much of it is
 * owed back (ADR 76). Where a fact or a confirmation is missing nothing was decided, so nothing is changed.
 *
 * What something was deducted of stays too, and is on no list while less is granted: what was kept back rests on it.
 * @param owed SQL that gives the entitlements that would be listed
 */
export async function replaceLowered(
  tx: Transaction,
  owed: string,
  parameters: readonly string[],
): Promise<void> {
  await releaseTwice(tx, owed, parameters);
  await tx.query(
    `WITH lowered AS MATERIALIZED (
       SELECT DISTINCT ON (e.id) e.id, d.beneficiary_id, d.month, e.programme, e.person_key, e.period
       FROM decision lower JOIN decision d ON d.beneficiary_id = lower.beneficiary_id AND d.month = lower.month AND d.id <= lower.id
       JOIN entitlement e ON e.id = d.id AND NOT e.is_released
       WHERE lower.change = 'overpaid' AND ${isOf(owed)}
     ), month AS MATERIALIZED (
       SELECT DISTINCT beneficiary_id, month, programme, person_key, period FROM lowered
     ), stands AS MATERIALIZED (
       SELECT month.*, last.id, last.run_id, last.office_code, last.amount AS granted, last.rules[1] AS choice, had.*
       FROM month
       CROSS JOIN LATERAL (
         SELECT d.* FROM decision d JOIN support_run run ON run.id = d.run_id AND run.state = 'approved'
         WHERE d.beneficiary_id = month.beneficiary_id AND d.month = month.month ORDER BY d.id DESC LIMIT 1) last
       CROSS JOIN LATERAL (
         SELECT max(ordinal) AS times, coalesce(sum(amount) FILTER (WHERE has_reached OR NOT is_released), 0) AS total,
           sum(deducted) AS deducted, bool_or(id = last.id) AS is_of_last,
           coalesce(sum(amount) FILTER (WHERE has_reached), 0) AS reached
         FROM (
           -- Also one that was released and that the bank paid after all: it reached him.
           SELECT e.*, ${stateOfEntitlement('e', 'true')} IN ('inPayment', 'paid', 'recovered') AS has_reached FROM ${everOwed} e
           WHERE e.programme = month.programme AND e.person_key = month.person_key AND e.period = month.period) e) had
       WHERE last.outcome NOT IN ('incomplete', 'unconfirmed')
         -- What was kept back of the month, or for it, is for people to set right; so is what the last decision owes by itself, but
         -- where all that it grants has reached him.
         AND had.deducted = 0 AND (NOT had.is_of_last OR had.reached >= last.amount)
         AND NOT EXISTS (SELECT FROM recovery_entry entry WHERE entry.beneficiary_id = month.beneficiary_id AND entry.month = month.month)
     ), gone AS (
       UPDATE entitlement e SET is_released = true FROM stands JOIN lowered USING (beneficiary_id, month)
       WHERE stands.total > stands.granted AND e.id = lowered.id
       RETURNING stands.id, e.id AS entitlement_id
     ), forgotten AS (
       DELETE FROM unpaid_entitlement left_over USING gone WHERE left_over.entitlement_id = gone.entitlement_id
     ), made AS (
       INSERT INTO entitlement (id, run_id, programme, choice, person_key, office_code, benefit, ordinal, period, amount)
       SELECT id, run_id, programme, choice, person_key, office_code, period || '/' || times + 1, times + 1, period, granted - reached
       FROM stands WHERE granted > reached AND id IN (SELECT id FROM gone)
       RETURNING id, run_id
     )
     INSERT INTO unpaid_entitlement (run_id, entitlement_id)
     SELECT made.run_id, made.id FROM made JOIN support_run run ON run.id = made.run_id WHERE run.is_listed`,
    [...parameters],
  );
}

/**
 * Each by itself, which OFFSET 0 holds the planner to: few are asked, and everything that is owed would be put together for each of them.
 * @param owed SQL that gives the entitlements that would be listed
 */
const isOf = (owed: string) => `EXISTS (SELECT FROM (${owed}) owed WHERE owed.id = e.id OFFSET 0)`;

/**
 * Of two numbers of one person one goes on: months from the end of the other one on, which both were granted, are paid once. Whom the
 * registry calls two people after all, and an official lets go on, is owed them by the next month (ADR 88).
 */
async function releaseTwice(tx: Transaction, owed: string, parameters: readonly string[]): Promise<void> {
  const [one] = (await tx.query(`SELECT FROM (${endedTwin}) twin LIMIT 1`)) as object[];
  if (!one) return;
  await tx.query(
    `WITH gone AS (
       UPDATE entitlement e SET is_released = true FROM (${endedTwin}) twin
       JOIN entitlement had ON had.programme = twin.programme AND had.person_key = twin.other_key AND NOT had.is_released
       JOIN support_run run ON run.id = had.run_id AND run.state = 'approved'
       WHERE e.programme = twin.programme AND e.person_key = twin.person_key AND e.period = had.period AND NOT e.is_released
         AND e.deducted = 0 AND e.period >= to_char(twin.ended_from, 'YYYY-MM') AND ${isOf(owed)}
       RETURNING e.id)
     DELETE FROM unpaid_entitlement left_over USING gone WHERE left_over.entitlement_id = gone.id`,
    [...parameters],
  );
}

/** Who was ended by itself, for which other number; whoever was ended otherwise since, or goes on, is not meant. */
const endedTwin = `
SELECT b.programme, b.person_key, other.person_key AS other_key, stated.ended_from
FROM registry_notice notice JOIN beneficiary b ON b.id = notice.beneficiary_id JOIN beneficiary other ON other.id = notice.other_id
CROSS JOIN LATERAL (
  SELECT id, (facts->>'endedFrom')::date AS ended_from FROM beneficiary_statement
  WHERE beneficiary_id = b.id AND facts ? 'endedFrom' ORDER BY id DESC LIMIT 1) stated
WHERE notice.kind = 'samePerson' AND notice.statement_id = stated.id`;

/** Whether the last approved decision on its month grants at least what the month comes to; asked where something was deducted. @param e alias of what is owed, as SQL */
export const isNotLowered = (e: string) => `NOT EXISTS (
  SELECT FROM decision own JOIN decision lower ON lower.beneficiary_id = own.beneficiary_id AND lower.month = own.month AND lower.id > own.id
  CROSS JOIN LATERAL (
    SELECT last.outcome, last.amount FROM decision last JOIN support_run run ON run.id = last.run_id AND run.state = 'approved'
    WHERE last.beneficiary_id = own.beneficiary_id AND last.month = own.month ORDER BY last.id DESC LIMIT 1) last
  WHERE own.id = ${e}.id AND lower.change = 'overpaid' AND ${e}.deducted > 0 AND last.amount < (
    SELECT sum(whole.amount) FROM entitlement this JOIN entitlement whole USING (programme, person_key, period)
    WHERE this.id = ${e}.id AND NOT whole.is_released)
    AND last.outcome NOT IN ('incomplete', 'unconfirmed'))`;
