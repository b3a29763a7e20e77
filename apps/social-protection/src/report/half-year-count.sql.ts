import { paidOf } from '../payout/entitlement-state.sql.js';

/**
 * Everything that the forms of a half-year are made of, by the unit in which it was decided, by one statement for all of them: what
 * differs between two units of the tree is in their rows, so that a district is the sum of its communes.
 *
 * Somebody counts by the last month of a half-year that was approved of him: an office whose June waits is counted by its May.
 *
 * A decision stands in the place that somebody had when it was made. Moves come with time in their ids, as decisions do: what was
 * moved after a decision is not looked at. Where the place of a row and the office that decided disagree, the office counts.
 *
 * $1: offices. $2: the first month of the half-year before. $3, $4: the first month and the last one. $5: last day. $6: programmes.
 * $7 to $11: codes of places, from when until when, which commune holds them today, and key of their unit. $12: codes that several
 * communes had.
 */
export const countHalfYear = `
WITH place AS MATERIALIZED (
  SELECT * FROM unnest($7::text[], $8::date[], $9::date[], $10::text[], $11::text[]) AS place (code, since, until, today, unit)
), run AS MATERIALIZED (
  -- Of the months by the month; what is paid once by the day of its decision.
  SELECT id, programme, month, back_to FROM support_run WHERE state = 'approved' AND programme = ANY ($6)
    AND CASE WHEN month IS NULL THEN decided_on BETWEEN $3 AND $5 ELSE month >= $2 AND back_to <= $4 END
), owed AS MATERIALIZED (
  SELECT e.id, e.choice, e.amount, e.deducted FROM run JOIN entitlement e ON e.run_id = run.id
  WHERE e.office_code = ANY ($1) AND NOT e.is_released
    AND (run.month IS NULL OR e.period BETWEEN to_char($3::date, 'YYYY-MM') AND to_char($4::date, 'YYYY-MM'))
), spent AS (
  SELECT o.*, CASE WHEN paid.id IS NULL THEN 0 ELSE o.amount - o.deducted END AS paid
  FROM owed o LEFT JOIN (${paidOf('owed')}) paid ON paid.id = o.id
), last AS (
  -- Somebody's last month, and in it the last approved decision, in whatever office it was made. Who is of another office now, and was
  -- of one of these, has moved. DISTINCT tells the planner that none comes twice.
  SELECT DISTINCT id FROM (
    SELECT substr(max(d.month || ' ' || d.id), 12)::uuid AS id FROM run JOIN decision d ON d.run_id = run.id
    WHERE d.month BETWEEN $2 AND $4 AND d.beneficiary_id IN (
      SELECT id FROM beneficiary WHERE office_code = ANY ($1) UNION SELECT beneficiary_id FROM beneficiary_move)
    GROUP BY d.beneficiary_id, d.month >= $3) of_one
), stay AS MATERIALIZED (
  -- Where those who moved were, from one of their moves to the next.
  SELECT beneficiary_id, lag(id, 1, '00000000-0000-0000-0000-000000000000') OVER of_one AS since, id AS until,
    lag(to_place_code, 1, from_place_code) OVER of_one AS place_code, lag(moved_on) OVER of_one AS meant_on
  FROM beneficiary_move WINDOW of_one AS (PARTITION BY beneficiary_id ORDER BY id)
  UNION ALL
  (SELECT DISTINCT ON (beneficiary_id) beneficiary_id, id, 'ffffffff-ffff-ffff-ffff-ffffffffffff', to_place_code, moved_on
  FROM beneficiary_move ORDER BY beneficiary_id, id DESC)
), entry AS (
  -- Later statements may go further back, to when his code was another commune's: asked of codes that were, and of no others.
  SELECT DISTINCT ON (s.beneficiary_id) s.beneficiary_id, s.applies_from AS meant_on
  FROM beneficiary b JOIN beneficiary_statement s ON s.beneficiary_id = b.id
  WHERE b.place_code = ANY ($12) AND (b.office_code = ANY ($1) OR EXISTS (SELECT FROM beneficiary_move WHERE beneficiary_id = b.id))
  ORDER BY s.beneficiary_id, s.id
), alike AS MATERIALIZED (
  -- Added up before anything is looked for in the list of places: the day says something of codes alone that several communes had.
  SELECT coalesce(stay.place_code, b.place_code, l.place_code) AS place_code,
    CASE WHEN coalesce(stay.place_code, b.place_code, l.place_code) = ANY ($12)
      THEN coalesce(stay.meant_on, l.received_on, entry.meant_on, b.first_month) END AS meant_on,
    d.office_code, run.programme, CASE WHEN run.month IS NULL THEN ARRAY[s.choice] ELSE d.rules END AS categories,
    -- At 80, at 60 and at 16 on the last day. A fact is opened once.
    width_bucket((d.facts ->> 'bornOn')::date, ARRAY[($5::date - interval '80 years')::date + 1,
      ($5::date - interval '60 years')::date + 1, ($5::date - interval '16 years')::date + 1]) AS age,
    d.facts ->> 'disability' AS disability,
    count(*) FILTER (WHERE last.id IS NOT NULL AND d.month < $3) AS before, count(*) FILTER (WHERE last.id IS NOT NULL AND d.month >= $3) AS people,
    -- What is paid once counts each time that it is paid.
    count(*) FILTER (WHERE run.month IS NULL) AS times, coalesce(sum(s.amount), 0) AS owed, coalesce(sum(s.deducted), 0) AS deducted,
    coalesce(sum(s.paid), 0) AS paid
  FROM run JOIN decision d ON d.run_id = run.id LEFT JOIN last ON last.id = d.id LEFT JOIN spent s ON s.id = d.id
  LEFT JOIN beneficiary b ON b.id = d.beneficiary_id LEFT JOIN support_list l ON l.id = coalesce(d.list_id, b.list_id)
  LEFT JOIN stay ON stay.beneficiary_id = d.beneficiary_id AND stay.since < d.id AND d.id < stay.until
  LEFT JOIN entry ON entry.beneficiary_id = d.beneficiary_id
  WHERE d.office_code = ANY ($1) AND d.outcome = 'granted' AND (d.month IS NULL OR d.month BETWEEN $2 AND $4)
    AND (last.id IS NOT NULL OR s.id IS NOT NULL)
  GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT CASE WHEN at.today = a.office_code THEN at.unit ELSE latest.unit END AS unit, programme, categories,
  coalesce((ARRAY['elderly80', 'elderly', 'adult', 'child'])[age + 1], 'unknown') AS age, disability,
  sum(before)::int AS before, sum(people)::int AS people, sum(times)::int AS times, sum(owed)::text AS owed,
  sum(deducted)::text AS deducted, sum(paid)::text AS paid
FROM alike a
LEFT JOIN place at ON at.code = a.place_code AND (a.meant_on IS NULL OR (a.meant_on >= at.since AND a.meant_on < at.until))
JOIN place latest ON latest.code = a.office_code AND latest.until = '9999-12-31'
GROUP BY 1, 2, 3, 4, 5`;

/**
 * The last month of a half-year that an office approved of a programme. $1, $2: first and last months of half-years. $3: programmes.
 */
export const selectApprovedMonths = `
SELECT run.programme, run.office_code AS office, to_char(half.last, 'YYYY-MM') AS last, to_char(max(least(run.month, half.last)), 'YYYY-MM') AS month
FROM unnest($1::date[], $2::date[]) AS half (first, last) JOIN support_run run ON run.month >= half.first AND run.back_to <= half.last
WHERE run.state = 'approved' AND run.programme = ANY ($3) GROUP BY 1, 2, half.last`;
