/** Whether a day lies in the period of the line or before it: periods are months, `2022-03`, or years. */
const monthOrYear = (day: string) =>
  `to_char(${day}, CASE length(period) WHEN 4 THEN 'YYYY' ELSE 'YYYY-MM' END)`;

/** What is registered outside the offices of the batch is compared, and not told. */
const told = (column: string) => `CASE WHEN place_code = ANY ($6::text[]) THEN ${column} END`;

/**
 * What the registry says of the people of a list: one pass over the lines finds the few that differ in anything, and each rule
 * looks at those. `$1` is the batch number, `$2` to `$5` are the severities in the order of the rules, `$6` the offices of the
 * batch; `$7`, `$8` and `$9` are places and periods of the list, and the commune that each is today.
 *
 * A number of before counts as long as nobody has it now. The month of a death is still paid (Decree 20/2021/NĐ-CP, article
 * 8(2)), only later periods are not. Names: other letters may be somebody else; the same letters with other marks are a slip,
 * and without any marks the same name. Who moved only after the period may have lived where the list says.
 */
export const registryFindings = `
WITH suspect AS MATERIALIZED (
  SELECT line.row_no, line.period, line.name_key AS listed_key, known.name, known.name_key, known.plain_key,
         known.place_code, known.resident_from, known.died_on, place.today
  FROM payment_line line
  JOIN registry_payee known USING (payee_key)
  LEFT JOIN unnest($7::text[], $8::text[], $9::text[]) AS place (code, period, today)
    ON place.code = line.place_code AND place.period = line.period
  WHERE line.batch_number = $1
    AND (known.died_on IS NOT NULL OR known.place_code <> place.today
         OR line.name_key <> known.name_key AND line.name_key <> known.plain_key)
    AND (NOT known.is_former OR NOT EXISTS (
      SELECT FROM registry_payee holder WHERE holder.payee_key = known.payee_key AND NOT holder.is_former))
)
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, row_no, 'PAYEE_DECEASED', 'payeeId', $2, jsonb_build_object('day', died_on)
FROM suspect WHERE ${monthOrYear('died_on')} < period
UNION ALL
SELECT $1, row_no, 'NAME_MISMATCH', 'payeeName', $3, jsonb_strip_nulls(jsonb_build_object('name', ${told('name')}))
FROM suspect
WHERE listed_key <> name_key AND listed_key <> plain_key AND name_key <> plain_key AND plain_name(listed_key) = plain_key
UNION ALL
SELECT $1, row_no, 'REGISTERED_NAME_DIFFERS', 'payeeName', $4,
       jsonb_strip_nulls(jsonb_build_object('name', ${told('name')}))
FROM suspect WHERE listed_key <> plain_key AND plain_name(listed_key) <> plain_key
UNION ALL
SELECT $1, row_no, 'PAYEE_MOVED', 'placeCode', $5,
       jsonb_strip_nulls(jsonb_build_object('place', ${told('place_code')}, 'day', resident_from))
FROM suspect WHERE place_code <> today AND ${monthOrYear('resident_from')} <= period
ON CONFLICT DO NOTHING`;

/**
 * One person under two numbers is paid the same obligation once, though by their keys it would be two. Only people of several
 * numbers are looked at, and of a number of before only what nobody has now. `$1` is the batch number, `$2` the severity.
 */
export const duplicatePerson = `
WITH held AS MATERIALIZED (
  SELECT person_id, payee_key FROM registry_payee known
  WHERE person_id IN (SELECT person_id FROM registry_payee GROUP BY person_id HAVING count(*) > 1)
    AND (NOT is_former OR NOT EXISTS (
      SELECT FROM registry_payee holder WHERE holder.payee_key = known.payee_key AND NOT holder.is_former))
), line AS MATERIALIZED (
  SELECT row_no, person_id, payee_key, obligation_key FROM payment_line JOIN held USING (payee_key)
  WHERE batch_number = $1 AND NOT set_aside
)
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT DISTINCT ON (line.row_no) $1, line.row_no, 'DUPLICATE_PERSON', 'payeeId', $2,
       jsonb_build_object('batch', 'LO-' || lpad(payment.batch_number::text, 8, '0'), 'row', payment.row_no)
FROM line
JOIN held other ON other.person_id = line.person_id AND other.payee_key <> line.payee_key
JOIN payment ON payment.payee_key = other.payee_key AND payment.obligation_key = line.obligation_key
  AND NOT payment.released AND payment.batch_number <> $1
UNION ALL
SELECT $1, line.row_no, 'DUPLICATE_PERSON', 'payeeId', $2, jsonb_build_object('row', first.row_no)
FROM line
JOIN (SELECT person_id, obligation_key, min(row_no) AS row_no FROM line
      GROUP BY person_id, obligation_key HAVING count(*) > 1) first USING (person_id, obligation_key)
WHERE line.row_no > first.row_no
ON CONFLICT DO NOTHING`;

/** For the whole list: the rules above had nothing to look at, or something old. `$3` is how many hours are not yet old. */
export const registryUnread = `
INSERT INTO finding (batch_number, row_no, code, severity, facts)
SELECT $1, 0, 'REGISTRY_UNREAD', $2, jsonb_strip_nulls(jsonb_build_object('day', (read_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
FROM registry_cursor WHERE read_at IS NULL OR read_at < clock_timestamp() - make_interval(hours => $3)`;

/**
 * The places that a list names, with the periods for which. Told apart before they are looked at: the planner takes lines whose
 * place has five digits for so few that it would sort them.
 */
export const placesOfList = `
WITH named AS MATERIALIZED (SELECT DISTINCT place_code, period FROM payment_line WHERE batch_number = $1)
SELECT place_code AS code, period FROM named WHERE length(place_code) = 5 AND period IS NOT NULL`;
