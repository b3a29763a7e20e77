/**
 * Reasons by which a bank says that the account itself is wrong or closed (ISO 20022 external status and return reasons:
 * incorrect, invalid or closed account): another attempt at it can only come back.
 */
export const wrongAccountReasons = ['AC01', 'AC03', 'AC04', 'AC07'];

/** Lines of a follow-up that go to an account from which they came back before, however long ago. */
function accountAgain(code: string, condition: string): string {
  return `
WITH RECURSIVE earlier AS (
  SELECT row_no, source_batch, source_row FROM follow_up_line WHERE batch_number = $1
  UNION ALL
  SELECT earlier.row_no, link.source_batch, link.source_row
  FROM earlier JOIN follow_up_line link ON link.batch_number = earlier.source_batch AND link.row_no = earlier.source_row
)
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT DISTINCT ON (line.row_no) $1, line.row_no, '${code}', 'account', $2,
       jsonb_build_object('batch', 'LO-' || lpad(back.batch_number::text, 8, '0'), 'row', back.row_no,
                          'returnReason', back.reason)
FROM earlier
JOIN payment_line line ON line.batch_number = $1 AND line.row_no = earlier.row_no
JOIN payment_line sent ON sent.batch_number = earlier.source_batch AND sent.row_no = earlier.source_row
  AND sent.account_key = line.account_key
JOIN payment_outcome back ON back.batch_number = sent.batch_number AND back.row_no = sent.row_no
  AND back.kind IN ('returned', 'refused')
WHERE ${condition}
ORDER BY line.row_no, back.batch_number DESC`;
}

/** Most keys of a list stand in one line: counting lines tells the few that are worth a second look. */
function linesOfSeveral(key: 'payee_key' | 'account_key', columns: string): string {
  return `SELECT ${columns} FROM payment_line
  JOIN (SELECT ${key} FROM payment_line WHERE batch_number = $1 AND ${key} IS NOT NULL
        GROUP BY ${key} HAVING count(*) > 1) several USING (${key})
  WHERE batch_number = $1`;
}

/** The lines whose account is that of several payees. */
const sharedAccounts = `
WITH line AS MATERIALIZED (
  ${linesOfSeveral('account_key', 'row_no, account_key, payee_key')}
), shared AS (
  SELECT line.row_no, several.payees
  FROM (SELECT account_key, count(DISTINCT payee_key) AS payees FROM line
        GROUP BY account_key HAVING count(DISTINCT payee_key) > 1) several
  JOIN line USING (account_key)
)`;

/** More are not carried over from another connection: a list may have one account in all of its lines. */
const carriedMax = 10_000;

/** The same for a connection beside the check; `rows` is null where there are too many. `$1` is the batch number. */
export const sharedAccountsBeside = `
${sharedAccounts}
SELECT CASE WHEN count(*) <= ${carriedMax} THEN coalesce(array_agg(row_no)::text, '{}') END AS rows,
       CASE WHEN count(*) <= ${carriedMax} THEN coalesce(array_agg(payees)::text, '{}') END AS payees
FROM shared`;

/** The lines of payees who stand in several, for the rules that compare those. `$1` is the batch number. */
export const repeatPayees = `
CREATE TEMPORARY TABLE line_of_repeated_payee ON COMMIT DROP AS
${linesOfSeveral('payee_key', 'row_no, payee_key, obligation_key, payee_name, name_key')}`;

/**
 * The checks that need the whole list, each one set-based statement. `$1` is the batch number, `$2` the severity.
 * A line that is already set aside takes no part: it will not be paid, so it cannot be the first of two.
 */
export const checkStatements = {
  PROGRAMME_NOT_FUNDED: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity)
SELECT batch_number, row_no, 'PROGRAMME_NOT_FUNDED', 'programmeCode', $2
FROM payment_line
WHERE batch_number = $1 AND NOT programme_code = ANY((
  SELECT programme_codes FROM fund JOIN batch ON batch.fund_id = fund.id WHERE batch.number = $1)::text[])`,

  AMOUNT_OUT_OF_BOUNDS: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT line.batch_number, line.row_no, 'AMOUNT_OUT_OF_BOUNDS', 'amount', $2,
       jsonb_build_object('value', line.amount::text, 'min', programme.min_amount::text, 'max', programme.max_amount::text)
FROM payment_line line JOIN programme ON programme.code = line.programme_code
WHERE line.batch_number = $1 AND line.amount NOT BETWEEN programme.min_amount AND programme.max_amount`,

  DUPLICATE_OBLIGATION: `
INSERT INTO finding (batch_number, row_no, code, severity, facts)
SELECT line.batch_number, line.row_no, 'DUPLICATE_OBLIGATION', $2,
       jsonb_build_object('batch', 'LO-' || lpad(payment.batch_number::text, 8, '0'), 'row', payment.row_no)
FROM payment_line line
JOIN payment USING (payee_key, obligation_key)
WHERE line.batch_number = $1 AND NOT line.set_aside AND NOT payment.released AND payment.batch_number <> $1`,

  DUPLICATE_IN_LIST: `
INSERT INTO finding (batch_number, row_no, code, severity, facts)
SELECT $1, row_no, 'DUPLICATE_IN_LIST', $2, jsonb_build_object('row', first_row)
FROM (
  SELECT line.row_no, min(line.row_no) OVER (PARTITION BY line.payee_key, line.obligation_key) AS first_row
  FROM line_of_repeated_payee repeated
  JOIN payment_line line ON line.batch_number = $1 AND line.row_no = repeated.row_no
  WHERE NOT line.set_aside AND line.obligation_key IS NOT NULL
) standing
WHERE row_no > first_row`,

  /**
   * A name without marks is the same as one with them; two different names with marks are not. All are compared with the
   * payee's first name that has marks, if there is one: behind a name without them two others could hide.
   */
  NAME_MISMATCH: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, row_no, 'NAME_MISMATCH', 'payeeName', $2, jsonb_build_object('row', first_row, 'name', first_name)
FROM (
  SELECT row_no, name_key, plain_name(name_key) AS plain, first_value(row_no) OVER named AS first_row,
         first_value(payee_name) OVER named AS first_name, first_value(name_key) OVER named AS first_key
  FROM line_of_repeated_payee
  JOIN (SELECT payee_key FROM line_of_repeated_payee
        GROUP BY payee_key HAVING min(name_key) <> max(name_key)) named_twice USING (payee_key)
  WHERE name_key IS NOT NULL
  WINDOW named AS (PARTITION BY payee_key ORDER BY name_key = plain_name(name_key), row_no)
) line
WHERE name_key <> first_key
  AND NOT (plain = plain_name(first_key) AND (name_key = plain OR first_key = plain_name(first_key)))`,

  NAME_MISMATCH_EARLIER: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT DISTINCT ON (line.row_no) line.batch_number, line.row_no, 'NAME_MISMATCH', 'payeeName', $2,
       jsonb_build_object('batch', 'LO-' || lpad(other.batch_number::text, 8, '0'), 'row', other.row_no,
                          'name', other.payee_name)
FROM payment_line line
JOIN payment ON payment.payee_key = line.payee_key AND NOT payment.released AND payment.batch_number <> $1
JOIN payment_line other ON other.batch_number = payment.batch_number AND other.row_no = payment.row_no
WHERE line.batch_number = $1 AND line.name_key <> other.name_key
  AND NOT (plain_name(line.name_key) = plain_name(other.name_key)
           AND (line.name_key = plain_name(line.name_key) OR other.name_key = plain_name(other.name_key)))
ORDER BY line.row_no, other.batch_number DESC
ON CONFLICT DO NOTHING`,

  RETURNED_ACCOUNT: accountAgain('RETURNED_ACCOUNT', 'back.reason = ANY($3)'),
  SAME_ACCOUNT_AGAIN: accountAgain('SAME_ACCOUNT_AGAIN', 'back.reason = ANY($3) IS NOT TRUE'),

  /** By account and amount, since nothing else is known of such a payment; until somebody has cleared it up. */
  UNEXPLAINED_PAYMENT: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT DISTINCT ON (line.row_no) $1, line.row_no, 'UNEXPLAINED_PAYMENT', 'account', $2,
       jsonb_build_object('value', line.amount::text, 'endToEndId', paid.end_to_end_id)
FROM payment_exception paid
JOIN payment_line line ON line.account_key = paid.account_key AND line.amount = paid.observed_amount
WHERE line.batch_number = $1 AND paid.code = 'UNKNOWN_PAYMENT' AND paid.direction = 'debit' AND paid.state = 'open'
ORDER BY line.row_no, paid.end_to_end_id`,

  /** `$3` rows, `$4` how many payees stand beside the account of each: what {@link sharedAccountsBeside} found. */
  SHARED_ACCOUNT_FOUND: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, row_no, 'SHARED_ACCOUNT', 'account', $2, jsonb_build_object('payees', payees)
FROM unnest($3::int[], $4::bigint[]) AS shared (row_no, payees)`,

  SHARED_ACCOUNT: `
${sharedAccounts}
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT $1, row_no, 'SHARED_ACCOUNT', 'account', $2, jsonb_build_object('payees', payees) FROM shared`,
} as const;

/** What the payer's bank would refuse. Rules of its profile follow the batch and the severity. */
export const bankStatements = {
  /** `$3` đồng. */
  ABOVE_BANK_LIMIT: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity, facts)
SELECT batch_number, row_no, 'ABOVE_BANK_LIMIT', 'amount', $2,
       jsonb_build_object('value', amount::text, 'max', $3::bigint::text)
FROM payment_line WHERE batch_number = $1 AND amount > $3::bigint`,

  /** `$3` what is left of a text when the bank's characters are taken out of it; null where it takes all. */
  BANK_NAME_UNWRITABLE: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity)
SELECT batch_number, row_no, 'BANK_NAME_UNWRITABLE', 'payeeName', $2
FROM payment_line WHERE batch_number = $1 AND plain_name(upper(payee_name)) !~ $3`,

  BANK_REMITTANCE_MISSING: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity)
SELECT batch_number, row_no, 'BANK_FIELD_MISSING', 'remittance', $2
FROM payment_line
WHERE batch_number = $1 AND (remittance IS NULL OR $3::text IS NOT NULL AND plain_name(upper(remittance)) !~ $3)`,

  /** The address is the place; without a known one there is none, even where the finding was waived. */
  BANK_ADDRESS_MISSING: `
INSERT INTO finding (batch_number, row_no, code, column_name, severity)
SELECT batch_number, row_no, 'BANK_FIELD_MISSING', 'placeCode', $2
FROM finding WHERE batch_number = $1 AND code = 'UNKNOWN_PLACE'`,
} as const;

/** What the post office could not pay out: it does so commune by commune, and communes have codes of five digits. */
export const cashPlaceMissing = `
INSERT INTO finding (batch_number, row_no, code, column_name, severity)
SELECT batch_number, row_no, 'CASH_PLACE_MISSING', 'placeCode', $2
FROM payment_line
WHERE batch_number = $1 AND place_code IS NOT NULL
  AND (length(place_code) <> 5 OR EXISTS (
    SELECT FROM finding unknown WHERE unknown.batch_number = $1 AND unknown.row_no = payment_line.row_no
      AND unknown.code = 'UNKNOWN_PLACE'))`;

/** Severities of what was found while reading may have been configured otherwise since. */
export const applySeverities = `
UPDATE finding SET severity = configured.severity
FROM unnest($2::text[], $3::text[]) AS configured (code, severity)
WHERE finding.batch_number = $1 AND finding.code = configured.code AND finding.severity <> configured.severity`;

export const applyWaivers = `
UPDATE finding SET waiver_id = waiver.id
FROM waiver
WHERE finding.batch_number = $1 AND waiver.batch_number = $1 AND waiver.import_number = $2
  AND waiver.code = finding.code AND (waiver.rows IS NULL OR finding.row_no = ANY(waiver.rows))`;

/** Undoes the marks of an earlier check, while its findings still tell where they are. */
export const keepAgain = `
UPDATE payment_line line SET set_aside = false
FROM (SELECT DISTINCT row_no FROM finding WHERE batch_number = $1 AND row_no > 0) found
WHERE line.batch_number = $1 AND line.row_no = found.row_no AND line.set_aside`;

/** Marks the lines that a blocking finding keeps from being paid, and only where the mark changes. */
export const setAside = `
UPDATE payment_line line SET set_aside = true
FROM (SELECT DISTINCT row_no FROM finding
      WHERE batch_number = $1 AND severity = 'block' AND waiver_id IS NULL AND row_no > 0) blocked
WHERE line.batch_number = $1 AND line.row_no = blocked.row_no AND NOT line.set_aside`;
