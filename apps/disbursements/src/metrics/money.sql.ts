/** What one reading gives. Sums of money are floating point here: a gauge is for looking at, the books are elsewhere. */
export interface MoneyReading {
  batches: Record<string, number>;
  chunks: Record<string, number>;
  /** Seconds since the chunk was due that waits for longest. */
  overdue: number;
  /** Seconds since the registry was read to its end. Never is since 1970: no rule takes that for fresh. */
  registryUnread: number;
  reservedDong: number;
  inFlightDong: number;
  unreconciledDong: number;
  unreconciledPayments: number;
  /** Seconds since the bank took on the oldest message of which it has not told everything. */
  unreconciledOldest: number;
  exceptions: Record<string, { count: number; dong: number }>;
}

export const exceptionAges = ['under1d', 'from1dTo3d', 'from3dTo7d', 'over7d'] as const;

/**
 * Over chunks of batches under way, never over payments: of 604,000 payments there are 121. Batches that are over, and
 * their chunks, are not looked at but for the count by state.
 */
export const readMoney = `
WITH live AS MATERIALIZED (
  SELECT chunk.*, batch.state AS batch_state,
         payments - paid_count - returned_count - refused_count AS open_payments,
         chunk.amount - paid_amount - returned_amount - refused_amount AS open_amount
  FROM batch JOIN chunk ON chunk.batch_number = batch.number
  WHERE batch.state IN ('approved', 'transmitting', 'paused', 'transmitted')
), unreconciled AS (
  SELECT * FROM live WHERE state = 'accepted' AND open_payments > 0
), aged AS (
  SELECT CASE WHEN at > clock_timestamp() - interval '1 day' THEN 'under1d'
              WHEN at > clock_timestamp() - interval '3 days' THEN 'from1dTo3d'
              WHEN at > clock_timestamp() - interval '7 days' THEN 'from3dTo7d' ELSE 'over7d' END AS age,
         count(*) AS count, sum(observed_amount)::float8 AS dong
  FROM payment_exception WHERE state = 'open' GROUP BY 1
)
SELECT
  coalesce((SELECT jsonb_object_agg(state, batches) FROM (
    SELECT state, count(*) AS batches FROM batch GROUP BY state) counted), '{}') AS batches,
  coalesce((SELECT jsonb_object_agg(state, chunks) FROM (
    SELECT state, count(*) AS chunks FROM live GROUP BY state) counted), '{}') AS chunks,
  coalesce((SELECT extract(epoch FROM clock_timestamp() - min(CASE state WHEN 'sending' THEN lease_until ELSE due_at END))
            FROM live WHERE batch_state = 'transmitting'
              AND (state IN ('pending', 'unknown') AND due_at < clock_timestamp()
                   OR state = 'sending' AND lease_until < clock_timestamp())), 0)::float8 AS overdue,
  (SELECT extract(epoch FROM clock_timestamp() - coalesce(read_at, 'epoch'))::float8 FROM registry_cursor) AS "registryUnread",
  (SELECT coalesce(sum(balance), 0)::float8 FROM ledger_account WHERE kind = 'reserved') AS "reservedDong",
  (SELECT coalesce(sum(balance), 0)::float8 FROM ledger_account WHERE kind = 'inFlight') AS "inFlightDong",
  (SELECT coalesce(sum(open_amount), 0)::float8 FROM unreconciled) AS "unreconciledDong",
  (SELECT coalesce(sum(open_payments), 0)::float8 FROM unreconciled) AS "unreconciledPayments",
  coalesce((SELECT extract(epoch FROM clock_timestamp() - min(coalesce(answered_at, first_sent_at)))
            FROM unreconciled), 0)::float8 AS "unreconciledOldest",
  coalesce((SELECT jsonb_object_agg(age, jsonb_build_object('count', count, 'dong', dong)) FROM aged), '{}') AS exceptions`;
