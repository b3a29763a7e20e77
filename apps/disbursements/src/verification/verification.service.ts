import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTransaction, limitStatement } from '@ansinh/database';
import type { VerificationView } from './verification.dto.js';

/**
 * What must hold at every moment. Each statement gives `expected` and `actual` as text, computed by different ways from
 * different rows; they agree, or money or a line was lost.
 */
const checks: Record<string, string> = {
  // Each event by its own content and the one before it, up to the head, and the days as they were counted. Signatures are
  // for whoever holds the key to check: `ansinh audit verify`.
  'the audit log is a whole chain': `
    SELECT head.seq || ' / ' || head.hash || ' / 0' AS expected,
           (SELECT count(*) FILTER (WHERE seq = place AND hash = computed AND previous_hash = before)
                   || ' / ' || coalesce((SELECT hash FROM audit_event ORDER BY seq DESC LIMIT 1), repeat('0', 64))
            FROM (SELECT seq, hash, previous_hash, audit_hash(audit_event) AS computed,
                         row_number() OVER (ORDER BY seq) AS place,
                         lag(hash, 1, repeat('0', 64)) OVER (ORDER BY seq) AS before FROM audit_event) chained)
           || ' / ' || (SELECT count(*) FROM audit_root root LEFT JOIN audit_event last ON last.seq = first_seq + events - 1
                        WHERE events > 0 AND root.chain_hash IS DISTINCT FROM last.hash) AS actual
    FROM audit_head head`,
  'every ledger transaction sums to zero': `
    SELECT '0' AS expected, count(*)::text AS actual FROM (
      SELECT FROM ledger_posting GROUP BY transaction_id HAVING sum(amount) <> 0) crooked`,
  'ledger balances are the sums of their postings': `
    SELECT '0' AS expected, count(*)::text AS actual FROM ledger_account account
    LEFT JOIN (SELECT fund_id, kind, sum(amount) AS amount FROM ledger_posting GROUP BY fund_id, kind) posted
      USING (fund_id, kind) WHERE account.balance <> coalesce(posted.amount, 0)`,
  'approved batches have exactly the payments that were signed': `
    SELECT coalesce(sum(rows - set_aside), 0) || ' / ' || coalesce(sum(kept_amount), 0) AS expected,
           (SELECT count(*) || ' / ' || coalesce(sum(amount), 0) FROM payment) AS actual
    FROM batch WHERE approved_at IS NOT NULL`,
  'chunks have exactly the payments of their batches': `
    SELECT (SELECT count(*) || ' / ' || coalesce(sum(amount), 0) FROM payment) AS expected,
           coalesce(sum(payments), 0) || ' / ' || coalesce(sum(amount), 0) AS actual FROM chunk`,
  'counters of chunks are what the outcome rows say': `
    SELECT coalesce(sum(paid_count), 0) || ' paid / ' || coalesce(sum(returned_count), 0) || ' returned / '
             || coalesce(sum(refused_count), 0) || ' refused' AS expected,
           (SELECT count(*) FILTER (WHERE kind = 'paid' AND NOT EXISTS (
                     SELECT FROM payment_outcome back WHERE back.batch_number = outcome.batch_number
                     AND back.row_no = outcome.row_no AND back.kind = 'returned')) || ' paid / '
                   || count(*) FILTER (WHERE kind = 'returned') || ' returned / '
                   || count(*) FILTER (WHERE kind = 'refused') || ' refused'
            FROM payment_outcome outcome) AS actual FROM chunk`,
  'no line is both refused and paid or returned': `
    SELECT '0' AS expected, count(*)::text AS actual FROM payment_outcome refused
    JOIN payment_outcome other USING (batch_number, row_no)
    WHERE refused.kind = 'refused' AND other.kind <> 'refused'`,
  'obligations are released exactly by refusals, returns and cancellations': `
    SELECT (SELECT count(*) FROM (
              SELECT batch_number, row_no FROM payment_outcome WHERE kind IN ('refused', 'returned')
              UNION SELECT payment.batch_number, row_no FROM payment
                    JOIN batch ON batch.number = payment.batch_number WHERE batch.state = 'cancelled') given_back)::text AS expected,
           count(*)::text AS actual FROM payment WHERE released`,
  'money paid in the ledgers is what the outcome rows say': `
    SELECT coalesce(sum(amount), 0)::text AS expected,
           (SELECT coalesce(sum(balance), 0) FROM ledger_account WHERE kind = 'paid')::text AS actual
    FROM payment_outcome outcome WHERE kind = 'paid' AND NOT EXISTS (
      SELECT FROM payment_outcome back WHERE back.batch_number = outcome.batch_number
      AND back.row_no = outcome.row_no AND back.kind = 'returned')`,
  'money reserved and in flight is that of the open lines': `
    SELECT coalesce(sum(chunk.amount - paid_amount - returned_amount - refused_amount), 0)::text AS expected,
           (SELECT coalesce(sum(balance), 0) FROM ledger_account WHERE kind IN ('reserved', 'inFlight'))::text AS actual
    FROM chunk JOIN batch ON batch.number = chunk.batch_number WHERE batch.state <> 'cancelled'`,
  'follow-ups pay what came back: to the same person, for the same obligation, the same amount': `
    SELECT '0' AS expected, count(*)::text AS actual
    FROM follow_up_line link
    JOIN payment again ON again.batch_number = link.batch_number AND again.row_no = link.row_no
    LEFT JOIN payment sent ON sent.batch_number = link.source_batch AND sent.row_no = link.source_row
    WHERE sent.released IS NOT TRUE OR (again.payee_key, again.obligation_key, again.amount)
          IS DISTINCT FROM (sent.payee_key, sent.obligation_key, sent.amount)`,
  'cash lists hold people of their own commune, and nobody else': `
    SELECT count(*)::text AS expected,
           count(*) FILTER (WHERE line.place_code = chunk.place_code AND payment.account_key IS NULL)::text AS actual
    FROM chunk JOIN batch ON batch.number = chunk.batch_number AND batch.channel = 'post-cash'
    JOIN payment USING (batch_number, chunk_no)
    JOIN payment_line line USING (batch_number, row_no)`,
  // Only where the bank has told of every debit of a message; until then the difference is what is in flight. What it paid
  // a second time may be booked with the message or by itself.
  'sums that the bank booked for messages are those of their payments': `
    WITH booked AS (
      SELECT message_id, sum(amount) AS amount FROM (
        SELECT DISTINCT message_id, reference, amount FROM statement_entry WHERE direction = 'debit') told
      GROUP BY message_id
    ), moved AS (
      SELECT payment.batch_number, payment.chunk_no, count(DISTINCT payment.row_no) AS payments,
             sum(told.amount) AS amount, sum(told.again) AS again
      FROM (
        SELECT batch_number, row_no, CASE kind WHEN 'paid' THEN amount ELSE 0 END AS amount, 0 AS again
        FROM payment_outcome WHERE kind IN ('paid', 'refused')
        UNION ALL
        SELECT batch_number, row_no, observed_amount,
               CASE WHEN code IN ('PAID_TWICE', 'PAID_AFTER_RETURN') THEN observed_amount ELSE 0 END
        FROM payment_exception WHERE direction = 'debit' AND resolution IS DISTINCT FROM 'recordAsPaid') told
      JOIN payment USING (batch_number, row_no)
      GROUP BY payment.batch_number, payment.chunk_no
    )
    SELECT count(*)::text AS expected,
           count(*) FILTER (WHERE booked.amount IN (moved.amount, moved.amount - moved.again))::text AS actual
    FROM booked JOIN chunk USING (message_id) JOIN moved USING (batch_number, chunk_no)
    WHERE moved.payments = chunk.payments`,
};

/** Recomputes the books from their rows. Read-only, one snapshot. */
@Injectable()
export class VerificationService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async verify(): Promise<VerificationView> {
    return inTransaction(this.dataSource, 'system', async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await limitStatement(tx, 300);
      // Whole tables are compared. Where statistics are older than the rows, a nested loop takes minutes for this.
      await tx.query('SET LOCAL enable_nestloop = off');
      const results = [];
      for (const [name, sql] of Object.entries(checks)) {
        const [row] = (await tx.query(sql)) as { expected: string; actual: string }[];
        results.push({ name, ok: row!.expected === row!.actual, ...row! });
      }
      return { ok: results.every(({ ok }) => ok), checks: results };
    });
  }
}
