/** Rows of one statement before they are judged. Lives as long as the transaction. */
export const createIncoming = `
CREATE TEMP TABLE incoming (
  entry_no int, batch_number bigint, row_no int, end_to_end_id text, direction text, amount bigint,
  account_key uuid, booked_on date, reference text, reason text
) ON COMMIT DROP`;

export const incomingColumns =
  'incoming (entry_no, batch_number, row_no, end_to_end_id, direction, amount, account_key, booked_on, reference, reason)';

/** Whether something is known already of the payments around those in `incoming`: of their chunks, by the counters. */
export const hasEarlierOutcomes = `
SELECT EXISTS (
  SELECT FROM (SELECT batch_number, min(row_no) AS first_row, max(row_no) AS last_row FROM incoming GROUP BY batch_number) told
  JOIN chunk ON chunk.batch_number = told.batch_number
    AND chunk.first_row <= told.last_row AND chunk.last_row >= told.first_row
  WHERE chunk.paid_count + chunk.returned_count + chunk.refused_count > 0
) AS found`;

const noEarlierOutcome = `
  SELECT NULL::bigint AS paid_amount, NULL::text AS paid_reference, NULL::text AS return_reference, NULL::date AS returned_on,
         false AS was_paid, false AS was_returned, false AS was_refused`;

/** Looked up line by line, through an aggregate that the planner cannot turn into another join. */
const earlierOutcome = `
  SELECT max(amount) FILTER (WHERE kind = 'paid') AS paid_amount,
         max(reference) FILTER (WHERE kind = 'paid') AS paid_reference,
         max(reference) FILTER (WHERE kind = 'returned') AS return_reference,
         max(booked_on) FILTER (WHERE kind = 'returned') AS returned_on,
         coalesce(bool_or(kind = 'paid'), false) AS was_paid,
         coalesce(bool_or(kind = 'returned'), false) AS was_returned,
         coalesce(bool_or(kind = 'refused'), false) AS was_refused
  FROM payment_outcome outcome
  WHERE outcome.batch_number = payment.batch_number AND outcome.row_no = payment.row_no
    AND chunk.paid_count + chunk.returned_count + chunk.refused_count > 0`;

/**
 * Judges each row of one direction: by end-to-end id, then amount, account and date. `paid` and `returned` are matches,
 * `known` was told before by the same bank reference; everything else is the code of an exception.
 * `$1` fund, `$2` direction. Debits are judged and booked before credits: a return follows its payment.
 *
 * Payments and earlier outcomes are looked up by their keys whatever the planner believes (OFFSET 0 keeps it from another
 * join): one join for each kind read all outcomes of all batches for every document, wherever statistics were older than
 * the rows. Where no chunk has an outcome, none is looked up: that is the case of nearly every line of a batch.
 * @param hasEarlier what {@link hasEarlierOutcomes} found
 */
export const judge = (hasEarlier: boolean) => `
CREATE TEMP TABLE judged ON COMMIT DROP AS
SELECT told.*, payment.chunk_no, payment.amount AS approved_amount, earlier.paid_amount, earlier.was_returned,
  CASE
    WHEN payment.row_no IS NULL OR batch.fund_id <> $1 THEN 'UNKNOWN_PAYMENT'
    WHEN told.direction = 'debit' THEN CASE
      WHEN told.is_repeated OR earlier.paid_reference = told.reference THEN 'known'
      WHEN earlier.was_refused THEN 'PAID_AFTER_REFUSAL'
      WHEN earlier.was_returned AND (earlier.was_paid OR told.booked_on > earlier.returned_on) THEN 'PAID_AFTER_RETURN'
      WHEN earlier.was_paid OR told.occurrence > 1 THEN 'PAID_TWICE'
      WHEN told.amount <> payment.amount THEN 'AMOUNT_DIFFERS'
      WHEN told.account_key <> payment.account_key THEN 'ACCOUNT_DIFFERS'
      WHEN chunk.first_sent_at IS NULL
        OR told.booked_on < (chunk.first_sent_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN 'DATE_DIFFERS'
      ELSE 'paid' END
    ELSE CASE
      WHEN told.is_repeated OR earlier.return_reference = told.reference THEN 'known'
      WHEN earlier.was_returned OR told.occurrence > 1 THEN 'RETURNED_TWICE'
      WHEN earlier.was_refused THEN 'RETURNED_AFTER_REFUSAL'
      WHEN chunk.first_sent_at IS NULL THEN 'DATE_DIFFERS'
      WHEN told.amount <> coalesce(earlier.paid_amount, payment.amount) THEN 'RETURN_AMOUNT_DIFFERS'
      ELSE 'returned' END
  END AS verdict
FROM (
  SELECT incoming.*,
         row_number() OVER line AS occurrence,
         row_number() OVER line > 1 AND reference = first_value(reference) OVER line AS is_repeated
  FROM incoming WHERE direction = $2
  -- The id says batch and row: they stand first because numbers are compared faster, and files come in their order.
  WINDOW line AS (PARTITION BY batch_number, row_no, end_to_end_id ORDER BY entry_no)
) told
LEFT JOIN LATERAL (
  SELECT * FROM payment WHERE payment.batch_number = told.batch_number AND payment.row_no = told.row_no OFFSET 0
) payment ON true
LEFT JOIN batch ON batch.number = payment.batch_number
LEFT JOIN chunk ON chunk.batch_number = payment.batch_number AND chunk.chunk_no = payment.chunk_no
CROSS JOIN LATERAL (${hasEarlier ? earlierOutcome : noEarlierOutcome}
) earlier`;

/**
 * A movement that stands as an exception stays that one: told again, it is neither another exception by now nor a match.
 * `$1` fund.
 */
export const dropKnownExceptions = `
DELETE FROM incoming USING payment_exception known
WHERE known.fund_id = $1 AND known.reference = incoming.reference AND known.end_to_end_id = incoming.end_to_end_id
  AND known.direction = incoming.direction`;

/** `$1` statement. */
export const bookOutcomes = `
INSERT INTO payment_outcome (batch_number, row_no, kind, amount, booked_on, reference, reason, statement_id)
SELECT batch_number, row_no, verdict, amount, booked_on, reference, reason, $1
FROM judged WHERE verdict IN ('paid', 'returned') ORDER BY batch_number, row_no`;

export const releaseReturned = `
UPDATE payment SET released = true FROM judged
WHERE judged.verdict = 'returned' AND payment.batch_number = judged.batch_number AND payment.row_no = judged.row_no`;

/** Counters of a chunk tell approved amounts, so that they add up to the chunk whatever the bank really moved. */
export const countOutcomes = `
UPDATE chunk SET
  paid_count = chunk.paid_count + told.paid - told.unpaid,
  paid_amount = chunk.paid_amount + told.paid_amount - told.unpaid_amount,
  returned_count = chunk.returned_count + told.returned,
  returned_amount = chunk.returned_amount + told.returned_amount
FROM (
  SELECT batch_number, chunk_no,
         count(*) FILTER (WHERE verdict = 'paid' AND NOT was_returned) AS paid,
         coalesce(sum(approved_amount) FILTER (WHERE verdict = 'paid' AND NOT was_returned), 0) AS paid_amount,
         count(*) FILTER (WHERE verdict = 'returned' AND paid_amount IS NOT NULL) AS unpaid,
         coalesce(sum(approved_amount) FILTER (WHERE verdict = 'returned' AND paid_amount IS NOT NULL), 0) AS unpaid_amount,
         count(*) FILTER (WHERE verdict = 'returned') AS returned,
         coalesce(sum(approved_amount) FILTER (WHERE verdict = 'returned'), 0) AS returned_amount
  FROM judged WHERE verdict IN ('paid', 'returned') GROUP BY batch_number, chunk_no
) told
WHERE chunk.batch_number = told.batch_number AND chunk.chunk_no = told.chunk_no`;

/** What the fund's ledger must move, by batch. A debit that is told after its return moves nothing any more. */
export const movedAmounts = `
SELECT batch_number,
       coalesce(sum(amount) FILTER (WHERE verdict = 'paid' AND NOT was_returned), 0)::bigint AS paid,
       coalesce(sum(paid_amount) FILTER (WHERE verdict = 'returned' AND paid_amount IS NOT NULL), 0)::bigint AS returned_paid,
       coalesce(sum(approved_amount) FILTER (WHERE verdict = 'returned' AND paid_amount IS NULL), 0)::bigint AS returned_unpaid
FROM judged WHERE verdict IN ('paid', 'returned') GROUP BY batch_number ORDER BY batch_number`;

/**
 * `$1` fund, `$2` statement. An exception that is known by its reference is not raised again. An unknown payment is never
 * laid at the door of a batch: the id may be that of another fund's, whose office has nothing to do with this statement.
 */
export const raiseExceptions = `
INSERT INTO payment_exception (id, fund_id, code, batch_number, row_no, end_to_end_id, direction, expected_amount,
                               observed_amount, booked_on, reference, statement_id, account_key)
SELECT gen_random_uuid(), $1, verdict, CASE WHEN verdict <> 'UNKNOWN_PAYMENT' THEN batch_number END,
       CASE WHEN verdict <> 'UNKNOWN_PAYMENT' THEN row_no END, end_to_end_id, direction,
       CASE WHEN verdict = 'UNKNOWN_PAYMENT' THEN NULL
            WHEN direction = 'credit' THEN coalesce(paid_amount, approved_amount) ELSE approved_amount END,
       amount, booked_on, reference, $2, CASE WHEN verdict = 'UNKNOWN_PAYMENT' THEN account_key END
FROM judged WHERE verdict NOT IN ('paid', 'returned', 'known')
ON CONFLICT ON CONSTRAINT payment_exception_once DO NOTHING
RETURNING id`;

/**
 * Messages that people carry may never get a status report: booked payments show that theirs was taken on. Where the bank
 * can be asked it is asked, since only its answer names the lines it refused. Two steps, along the table: `$1` the state
 * before, `$2` the state after.
 */
export const acceptByEvidence = `
UPDATE chunk SET state = $2, fence = fence + 1, lease_until = NULL, answered_at = clock_timestamp()
FROM (SELECT DISTINCT batch_number, chunk_no FROM judged WHERE verdict IN ('paid', 'returned')) told
WHERE chunk.batch_number = told.batch_number AND chunk.chunk_no = told.chunk_no AND chunk.state = $1
  AND chunk.due_at = 'infinity'`;

/** The same for one chunk: `$3` batch, `$4` chunk. */
export const acceptChunkByEvidence = `
UPDATE chunk SET state = $2, fence = fence + 1, lease_until = NULL, answered_at = clock_timestamp()
WHERE batch_number = $3 AND chunk_no = $4 AND state = $1 AND due_at = 'infinity'`;
