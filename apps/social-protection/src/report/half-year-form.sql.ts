import { stateOfEntitlement } from '../payout/entitlement-state.sql.js';

const isPaid = `${stateOfEntitlement('e', 'true')} = 'paid'`;

/**
 * Everything that the forms of a half-year are made of, by the unit in which it was decided, by one statement for all of them: what
 * differs between two units of the tree is in their rows, so that a district is the sum of its communes.
 *
 * A decision stands in the place that somebody had when it was made. Moves come with time in their ids, as decisions do: what was
 * moved after a decision is not looked at. Where the place of a row and the office that decided disagree, the office counts.
 *
 * $1: offices. $2, $3, $4: the month before, the first and the last one. $5: last day. $6: programmes. $7 to $11: codes of places,
 * from when until when, which commune holds them today, and key of their unit. $12: codes that several communes had.
 */
export const countHalfYear = `
WITH place AS MATERIALIZED (
  SELECT * FROM unnest($7::text[], $8::date[], $9::date[], $10::text[], $11::text[]) AS place (code, since, until, today, unit)
), stay AS (
  SELECT beneficiary_id, to_place_code AS place_code, moved_on AS meant_on, id AS since,
    lead(id) OVER (PARTITION BY beneficiary_id ORDER BY id) AS until
  FROM beneficiary_move
  UNION ALL (
    SELECT DISTINCT ON (beneficiary_id) beneficiary_id, from_place_code, NULL, '00000000-0000-0000-0000-000000000000', id
    FROM beneficiary_move ORDER BY beneficiary_id, id)
), run AS MATERIALIZED (
  SELECT id, programme, month, back_to, decided_on FROM support_run WHERE state = 'approved' AND programme = ANY ($6)
), monthly AS (
  -- Of each month the last approved decision holds, in whatever office it was made.
  SELECT d.id, d.beneficiary_id, run.programme, d.rules[1] AS category, d.office_code, d.facts,
    (d.month = $2)::int AS before, (d.month = $4)::int AS people, 0 AS times, 0 AS owed, 0 AS deducted, 0 AS paid
  FROM run JOIN decision d ON d.run_id = run.id
  WHERE run.month >= $2 AND run.back_to <= $4 AND d.month IN ($2, $4) AND d.office_code = ANY ($1) AND d.outcome = 'granted'
    AND NOT EXISTS (
      SELECT FROM decision later JOIN support_run other ON other.id = later.run_id AND other.state = 'approved'
      WHERE later.beneficiary_id = d.beneficiary_id AND later.month = d.month AND later.id > d.id)
  UNION ALL
  SELECT d.id, d.beneficiary_id, e.programme, e.choice, e.office_code, d.facts, 0, 0, 0, e.amount, e.deducted,
    CASE WHEN ${isPaid} THEN e.amount - e.deducted ELSE 0 END
  FROM run JOIN entitlement e ON e.run_id = run.id JOIN decision d ON d.id = e.id
  WHERE run.month >= $3 AND run.back_to <= $4 AND e.office_code = ANY ($1) AND NOT e.is_released
    AND e.period BETWEEN to_char($3::date, 'YYYY-MM') AND to_char($4::date, 'YYYY-MM')
), placed AS (
  SELECT m.programme, m.category, m.office_code, m.facts, m.before, m.people, m.times, m.owed, m.deducted, m.paid,
    coalesce(stay.place_code, b.place_code) AS place_code,
    coalesce(stay.meant_on, l.received_on, entry.meant_on, b.first_month) AS meant_on
  FROM monthly m JOIN beneficiary b ON b.id = m.beneficiary_id LEFT JOIN support_list l ON l.id = b.list_id
  -- Later statements may go further back, to when his code was another commune's: asked of codes that were, and of no others.
  LEFT JOIN LATERAL (
    SELECT applies_from AS meant_on FROM beneficiary_statement
    WHERE b.place_code = ANY ($12) AND beneficiary_id = b.id ORDER BY id LIMIT 1) entry ON true
  LEFT JOIN stay ON stay.beneficiary_id = m.beneficiary_id AND m.id >= stay.since AND (stay.until IS NULL OR m.id < stay.until)
  UNION ALL
  -- What is paid once counts by the day of its decision, and each time that it is paid.
  SELECT e.programme, e.choice, e.office_code, d.facts, 0, 0, 1, e.amount, e.deducted,
    CASE WHEN ${isPaid} THEN e.amount - e.deducted ELSE 0 END, l.place_code, l.received_on
  FROM run JOIN entitlement e ON e.run_id = run.id JOIN decision d ON d.id = e.id JOIN support_list l ON l.id = d.list_id
  WHERE run.month IS NULL AND run.decided_on BETWEEN $3 AND $5 AND e.office_code = ANY ($1) AND NOT e.is_released
)
SELECT CASE WHEN at.today = p.office_code THEN at.unit ELSE latest.unit END AS unit, p.programme, p.category,
  CASE WHEN aged.years IS NULL THEN 'unknown' WHEN aged.years < 16 THEN 'child' WHEN aged.years < 60 THEN 'adult'
    WHEN aged.years < 80 THEN 'elderly' ELSE 'elderly80' END AS age,
  p.facts ->> 'disability' AS disability,
  sum(p.before)::int AS before, sum(p.people)::int AS people, sum(p.times)::int AS times, sum(p.owed)::text AS owed, sum(p.deducted)::text AS deducted,
  sum(p.paid)::text AS paid
FROM placed p
CROSS JOIN LATERAL (SELECT extract(year FROM age($5::date, (p.facts ->> 'bornOn')::date)) AS years) aged
LEFT JOIN place at ON at.code = p.place_code AND p.meant_on >= at.since AND p.meant_on < at.until
JOIN place latest ON latest.code = p.office_code AND latest.until = '9999-12-31'
GROUP BY 1, 2, 3, 4, 5`;
