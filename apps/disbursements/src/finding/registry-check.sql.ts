/**
 * What the registry says of the people of a list, each one set-based statement over `registry_payee`. `$1` is the batch
 * number, `$2` the severity. A number of before counts as long as nobody has it now.
 */
const known = (join = '') => `
FROM payment_line line JOIN registry_payee known USING (payee_key) ${join}
WHERE line.batch_number = $1
  AND (NOT known.is_former OR NOT EXISTS (
    SELECT FROM registry_payee holder WHERE holder.payee_key = known.payee_key AND NOT holder.is_former))`;

/** Whether a day lies in the period of the line or before it: periods are months, `2022-03`, or years. */
const untilPeriod = (day: string) =>
  `to_char(${day}, CASE length(line.period) WHEN 4 THEN 'YYYY' ELSE 'YYYY-MM' END) <= line.period`;

/** `$3`: the offices of the batch. What is registered elsewhere is compared, and not told. */
const told = (column: string) => `CASE WHEN known.place_code = ANY ($3::text[]) THEN known.${column} END`;

const placesToday = `
JOIN unnest($4::text[], $5::text[], $6::text[]) AS place (code, period, today)
  ON place.code = line.place_code AND place.period = line.period`;

export const registryStatements = {
  /** The month of the death is still paid (Decree 20/2021/NĐ-CP, article 8(2)): only later periods are not. */
  PAYEE_DECEASED: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, line.row_no, 'PAYEE_DECEASED', 'payeeId', $2, jsonb_build_object('day', known.died_on)
${known()} AND known.died_on IS NOT NULL
  AND to_char(known.died_on, CASE length(line.period) WHEN 4 THEN 'YYYY' ELSE 'YYYY-MM' END) < line.period
ON CONFLICT DO NOTHING`,

  /**
   * `$4`, `$5` and `$6`: places and periods of the list, and the commune that each is today. Who moved only after the
   * period may have lived where the list says.
   */
  PAYEE_MOVED: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, line.row_no, 'PAYEE_MOVED', 'placeCode', $2,
       jsonb_strip_nulls(jsonb_build_object('place', ${told('place_code')}, 'day', known.resident_from))
${known(placesToday)} AND known.place_code <> place.today AND ${untilPeriod('known.resident_from')}
ON CONFLICT DO NOTHING`,

  /** The same letters with other marks; a name without any is the same as one with them. */
  NAME_MISMATCH: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, line.row_no, 'NAME_MISMATCH', 'payeeName', $2, jsonb_strip_nulls(jsonb_build_object('name', ${told('name')}))
${known()} AND line.name_key <> known.name_key AND line.name_key <> known.plain_key AND known.name_key <> known.plain_key
  AND plain_name(line.name_key) = known.plain_key
ON CONFLICT DO NOTHING`,

  /** Other letters: the number may be that of somebody else. */
  REGISTERED_NAME_DIFFERS: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, line.row_no, 'REGISTERED_NAME_DIFFERS', 'payeeName', $2,
       jsonb_strip_nulls(jsonb_build_object('name', ${told('name')}))
${known()} AND line.name_key <> known.name_key AND line.name_key <> known.plain_key
  AND plain_name(line.name_key) <> known.plain_key
ON CONFLICT DO NOTHING`,
} as const;

/** For the whole list: the rules above had nothing to look at, or something old. `$3` is how many hours are not yet old. */
export const registryUnread = `
INSERT INTO finding (batch_number, row_no, code, severity, facts)
SELECT $1, 0, 'REGISTRY_UNREAD', $2, jsonb_strip_nulls(jsonb_build_object('day', (read_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
FROM registry_cursor WHERE read_at IS NULL OR read_at < clock_timestamp() - make_interval(hours => $3)`;

/** The places that a list names, with the periods for which. */
export const placesOfList = `
SELECT DISTINCT place_code AS code, period FROM payment_line
WHERE batch_number = $1 AND length(place_code) = 5 AND period IS NOT NULL`;
