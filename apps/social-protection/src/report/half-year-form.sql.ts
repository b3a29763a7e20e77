import { paidOf } from '../payout/entitlement-state.sql.js';

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
), run AS MATERIALIZED (
  SELECT id, programme, month, back_to, decided_on FROM support_run WHERE state = 'approved' AND programme = ANY ($6)
), owed AS MATERIALIZED (
  -- Of the months by the month; what is paid once by the day of its decision.
  SELECT e.id, e.programme, e.choice, e.office_code, e.amount, e.deducted
  FROM run JOIN entitlement e ON e.run_id = run.id
  WHERE e.office_code = ANY ($1) AND NOT e.is_released AND CASE WHEN run.month IS NULL
    THEN run.decided_on BETWEEN $3 AND $5
    ELSE run.month >= $3 AND run.back_to <= $4 AND e.period BETWEEN to_char($3::date, 'YYYY-MM') AND to_char($4::date, 'YYYY-MM') END
), spent AS (
  SELECT o.*, CASE WHEN paid.id IS NULL THEN 0 ELSE o.amount - o.deducted END AS paid
  FROM owed o LEFT JOIN (${paidOf('owed')}) paid ON paid.id = o.id
), monthly AS (
  -- Of each month the last approved decision holds, in whatever office it was made.
  SELECT d.id, d.beneficiary_id, run.programme, d.rules AS categories, d.office_code, d.facts,
    (d.month = $2)::int AS before, (d.month = $4)::int AS people, 0 AS times, 0 AS owed, 0 AS deducted, 0 AS paid
  FROM run JOIN decision d ON d.run_id = run.id
  WHERE run.month >= $2 AND run.back_to <= $4 AND d.month IN ($2, $4) AND d.office_code = ANY ($1) AND d.outcome = 'granted'
    AND NOT EXISTS (
      SELECT FROM decision later JOIN support_run other ON other.id = later.run_id AND other.state = 'approved'
      WHERE later.beneficiary_id = d.beneficiary_id AND later.month = d.month AND later.month IN ($2, $4) AND later.id > d.id)
  UNION ALL
  SELECT d.id, d.beneficiary_id, s.programme, d.rules, s.office_code, d.facts, 0, 0, 0, s.amount, s.deducted, s.paid
  FROM spent s JOIN decision d ON d.id = s.id WHERE d.beneficiary_id IS NOT NULL
), placed AS (
  SELECT m.programme, m.categories, m.office_code, m.facts, m.before, m.people, m.times, m.owed, m.deducted, m.paid,
    coalesce(earlier.place_code, later.place_code, b.place_code) AS place_code,
    coalesce(earlier.meant_on, l.received_on, entry.meant_on, b.first_month) AS meant_on
  FROM monthly m JOIN beneficiary b ON b.id = m.beneficiary_id LEFT JOIN support_list l ON l.id = b.list_id
  LEFT JOIN LATERAL (
    SELECT to_place_code AS place_code, moved_on AS meant_on FROM beneficiary_move
    WHERE beneficiary_id = m.beneficiary_id AND id < m.id ORDER BY id DESC LIMIT 1) earlier ON true
  LEFT JOIN LATERAL (
    SELECT from_place_code AS place_code FROM beneficiary_move
    WHERE beneficiary_id = m.beneficiary_id AND id > m.id ORDER BY id LIMIT 1) later ON true
  -- Later statements may go further back, to when his code was another commune's: asked of codes that were, and of no others.
  LEFT JOIN LATERAL (
    SELECT applies_from AS meant_on FROM beneficiary_statement
    WHERE b.place_code = ANY ($12) AND beneficiary_id = b.id ORDER BY id LIMIT 1) entry ON true
  UNION ALL
  -- What is paid once counts each time that it is paid.
  SELECT s.programme, ARRAY[s.choice], s.office_code, d.facts, 0, 0, 1, s.amount, s.deducted, s.paid, l.place_code, l.received_on
  FROM spent s JOIN decision d ON d.id = s.id JOIN support_list l ON l.id = d.list_id
), alike AS MATERIALIZED (
  -- Added up before anything is looked for in the list of places: the day says something of codes alone that several communes had.
  SELECT place_code, CASE WHEN place_code = ANY ($12) THEN meant_on END AS meant_on, office_code, programme, categories,
    CASE WHEN aged.years IS NULL THEN 'unknown' WHEN aged.years < 16 THEN 'child' WHEN aged.years < 60 THEN 'adult'
      WHEN aged.years < 80 THEN 'elderly' ELSE 'elderly80' END AS age,
    facts ->> 'disability' AS disability,
    sum(before) AS before, sum(people) AS people, sum(times) AS times, sum(owed) AS owed, sum(deducted) AS deducted, sum(paid) AS paid
  FROM placed CROSS JOIN LATERAL (SELECT extract(year FROM age($5::date, (facts ->> 'bornOn')::date)) AS years) aged
  GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT CASE WHEN at.today = a.office_code THEN at.unit ELSE latest.unit END AS unit, programme, categories, age, disability,
  sum(before)::int AS before, sum(people)::int AS people, sum(times)::int AS times, sum(owed)::text AS owed,
  sum(deducted)::text AS deducted, sum(paid)::text AS paid
FROM alike a
LEFT JOIN place at ON at.code = a.place_code AND (a.meant_on IS NULL OR (a.meant_on >= at.since AND a.meant_on < at.until))
JOIN place latest ON latest.code = a.office_code AND latest.until = '9999-12-31'
GROUP BY 1, 2, 3, 4, 5`;
