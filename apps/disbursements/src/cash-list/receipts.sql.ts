/** What a file says of lines of one batch. Lives as long as the transaction. */
export const createReceipt = `
CREATE TEMPORARY TABLE receipt (
  row_no int NOT NULL, line int NOT NULL, result text NOT NULL, paid_on date, reason text, amount bigint
) ON COMMIT DROP`;

export const receiptTarget = 'receipt (row_no, line, result, paid_on, reason, amount)';

/**
 * Rows that cannot be right, by the line of the file. `$1` batch, `$2` today, `$3` how many. What the same file says twice
 * in the same words is no contradiction.
 */
export const wrongReceipts = `
SELECT line, wrong FROM (
  SELECT receipt.line,
    CASE WHEN payment.row_no IS NULL THEN 'unknown'
         WHEN first.line <> receipt.line AND (receipt.result, receipt.paid_on, receipt.reason)
              IS DISTINCT FROM (first.result, first.paid_on, first.reason) THEN 'twice'
         WHEN receipt.amount <> payment.amount THEN 'amount'
         WHEN receipt.paid_on < (chunk.first_sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN 'early'
         WHEN receipt.paid_on > $2::date THEN 'late' END AS wrong
  FROM receipt
  JOIN (SELECT DISTINCT ON (row_no) * FROM receipt ORDER BY row_no, line) first ON first.row_no = receipt.row_no
  LEFT JOIN payment ON payment.batch_number = $1 AND payment.row_no = receipt.row_no
  LEFT JOIN chunk ON chunk.batch_number = $1 AND chunk.chunk_no = payment.chunk_no
) checked WHERE wrong IS NOT NULL ORDER BY line LIMIT $3`;

/** Of rows that say the same, one is enough. */
export const dropRepeated = `
DELETE FROM receipt USING receipt earlier WHERE earlier.row_no = receipt.row_no AND earlier.line < receipt.line`;

/**
 * Puts each result beside what is known of its line. fresh: nothing is; known: the same; anything else is the code of an
 * exception: somebody has to find out which paper is right. `$1` batch, `$2` today, for results that have no day of their own.
 */
export const judgeReceipts = `
CREATE TEMPORARY TABLE judged_receipt ON COMMIT DROP AS
SELECT receipt.row_no, receipt.line, receipt.reason, payment.amount,
       CASE receipt.result WHEN 'paid' THEN 'debit' ELSE 'credit' END AS direction,
       coalesce(receipt.paid_on, $2::date) AS booked_on,
       concat_ws('/', end_to_end.id, receipt.result, receipt.paid_on) AS reference, end_to_end.id AS end_to_end_id,
       CASE WHEN earlier.kind IS NULL THEN 'fresh'
            WHEN earlier.kind = 'returned' AND receipt.result = 'unpaid' THEN 'known'
            WHEN earlier.kind = 'returned' THEN 'PAID_AFTER_RETURN'
            WHEN receipt.result = 'unpaid' THEN 'UNPAID_AFTER_PAID'
            WHEN earlier.booked_on = receipt.paid_on THEN 'known'
            ELSE 'PAID_TWICE' END AS verdict
FROM receipt
JOIN payment ON payment.batch_number = $1 AND payment.row_no = receipt.row_no
CROSS JOIN LATERAL (SELECT 'LO-' || lpad($1::text, greatest(8, length($1::text)), '0') || '-'
                           || lpad(receipt.row_no::text, greatest(7, length(receipt.row_no::text)), '0') AS id) end_to_end
LEFT JOIN LATERAL (
  -- A line that came back after it was paid (by an exception that was resolved so) counts as come back.
  SELECT kind, booked_on FROM payment_outcome outcome
  WHERE outcome.batch_number = $1 AND outcome.row_no = receipt.row_no ORDER BY kind = 'returned' DESC LIMIT 1
) earlier ON true`;

/** In the form in which a statement is judged, so that both are booked by the same statements. `$1` batch. */
export const tellFresh = `
INSERT INTO incoming (entry_no, batch_number, row_no, end_to_end_id, direction, amount, booked_on, reference, reason)
SELECT line, $1, row_no, end_to_end_id, direction, amount, booked_on, reference, reason
FROM judged_receipt WHERE verdict = 'fresh'`;

/** `$1` fund, `$2` statement, `$3` batch. A contradiction that is told again is not raised again. */
export const raiseContradictions = `
INSERT INTO payment_exception (id, fund_id, code, batch_number, row_no, end_to_end_id, direction, expected_amount,
                               observed_amount, booked_on, reference, statement_id)
SELECT gen_random_uuid(), $1, verdict, $3, row_no, end_to_end_id, direction, amount, amount, booked_on, reference, $2
FROM judged_receipt WHERE verdict NOT IN ('fresh', 'known')
ON CONFLICT ON CONSTRAINT payment_exception_once DO NOTHING
RETURNING id`;
