import { everOwed, stateOfEntitlement } from '../payout/entitlement-state.sql.js';

/** Whether an entry counts: what was deducted by a run that is rejected was not. @param entry its alias, as SQL */
export const holds = (entry: string) =>
  `NOT EXISTS (SELECT FROM entitlement gone WHERE gone.id = ${entry}.entitlement_id AND gone.is_released)`;

/** The last decision on a month of somebody by runs in these states. */
const lastDecision = (states: string) => `
SELECT d.outcome, d.amount FROM decision d JOIN support_run run ON run.id = d.run_id
WHERE d.beneficiary_id = b.id AND d.month = found.month AND run.state ${states} ORDER BY d.id DESC LIMIT 1`;

const entries = (kinds: string) => `
SELECT coalesce(sum(entry.amount), 0)::bigint FROM recovery_entry entry
WHERE entry.beneficiary_id = b.id AND entry.month = found.month AND entry.kind ${kinds} AND ${holds('entry')}`;

/**
 * Months of a beneficiary (alias `b`) that were paid too much, with what is owed of each: what reached him, and what was kept
 * back of it though its rest did not, less what the last approved decision grants, less what came back or was waived. Where a run that nobody has approved yet grants more, that counts:
 * it set off nothing, so nothing may be taken meanwhile. Where a fact or a confirmation is missing, nothing is made of the month.
 */
export const owedMonths = `
SELECT month, paid, granted, returned, waived, greatest(paid - granted - returned - waived, 0) AS owed
FROM (
  SELECT found.month, greatest(approved.amount, latest.amount) AS granted,
    (${entries("<> 'waived'")}) AS returned, (${entries("= 'waived'")}) AS waived,
    (SELECT coalesce(sum(CASE ${stateOfEntitlement('e', "run.state = 'approved'")}
         WHEN 'proposed' THEN 0 WHEN 'paid' THEN e.amount ELSE CASE WHEN e.is_released THEN 0 ELSE e.deducted END END), 0)::bigint
     FROM ${everOwed} e JOIN support_run run ON run.id = e.run_id
     WHERE e.programme = b.programme AND e.person_key = b.person_key AND e.period = to_char(found.month, 'YYYY-MM')) AS paid
  FROM (SELECT d.month FROM decision d WHERE d.beneficiary_id = b.id AND d.change = 'overpaid'
    UNION SELECT entry.month FROM recovery_entry entry WHERE entry.beneficiary_id = b.id) found
  CROSS JOIN LATERAL (${lastDecision("= 'approved'")}) approved
  CROSS JOIN LATERAL (${lastDecision("<> 'rejected'")}) latest
  WHERE approved.outcome NOT IN ('incomplete', 'unconfirmed') AND latest.outcome NOT IN ('incomplete', 'unconfirmed')
) stands`;

/** What a recovery (alias `r`) has taken. */
export const takenBy = `
(SELECT coalesce(sum(entry.amount), 0)::bigint FROM recovery_entry entry WHERE entry.recovery_id = r.id AND ${holds('entry')})`;

/** What of a beneficiary (alias `b`) is spoken for: proposals, and what approved plans have not taken yet. */
export const plannedOf = `
(SELECT coalesce(sum(r.amount - ${takenBy}), 0)::bigint FROM recovery r
 WHERE r.beneficiary_id = b.id AND r.state IN ('proposed', 'approved'))`;
