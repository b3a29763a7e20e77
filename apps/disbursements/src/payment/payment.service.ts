import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  asSystem,
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  streamRows,
  type Transaction,
} from '@ansinh/database';
import { type PageOf, pagesByParent } from '@ansinh/graphql';
import { maskCitizenNumber, maskNumbersIn } from '@ansinh/identity';
import { Sealer } from '@ansinh/sealing';
import { batchCode, endToEndId, readEndToEndId } from '../batch/batch-code.js';
import { findBatch } from '../batch/batch.service.js';
import type { BatchPaymentsQuery, PayeePaymentsQuery, PayeePaymentView, PaymentView } from './payment.dto.js';

interface PaymentRow {
  batch_number: string;
  row_no: number;
  amount: string;
  state: string;
  paid_amount: string | null;
  paid_on: string | null;
  reason: string | null;
  exception_debit: string | null;
  exception_credit: string | null;
  next_batch: string | null;
  next_row: number | null;
  source_batch: string | null;
  source_row: number | null;
}

/** A pseudonym of a citizen number, by which another service knows a person. */
export interface PersonKey {
  numberKey: string | null;
}

/** Payments with what became of them. The state is never stored: it follows from the outcome rows and the chunk. */
const paymentsWithState = `
SELECT payment.batch_number, payment.row_no, payment.amount, batch.id AS batch_id, batch.approved_at,
  CASE WHEN batch.state = 'cancelled' THEN 'cancelled' WHEN refused.kind IS NOT NULL THEN 'refused'
       WHEN returned.kind IS NOT NULL THEN 'returned' WHEN paid.kind IS NOT NULL THEN 'paid'
       WHEN chunk.first_sent_at IS NOT NULL THEN 'inFlight' ELSE 'awaiting' END AS state,
  paid.amount AS paid_amount, paid.booked_on::text AS paid_on, coalesce(refused.reason, returned.reason) AS reason,
  next.batch_number AS next_batch, next.row_no AS next_row, source.source_batch, source.source_row,
  odd.debit AS exception_debit, odd.credit AS exception_credit
FROM payment
JOIN batch ON batch.number = payment.batch_number
JOIN chunk ON chunk.batch_number = payment.batch_number AND chunk.chunk_no = payment.chunk_no
LEFT JOIN payment_outcome paid ON (paid.batch_number, paid.row_no, paid.kind) = (payment.batch_number, payment.row_no, 'paid')
LEFT JOIN payment_outcome returned
  ON (returned.batch_number, returned.row_no, returned.kind) = (payment.batch_number, payment.row_no, 'returned')
LEFT JOIN payment_outcome refused
  ON (refused.batch_number, refused.row_no, refused.kind) = (payment.batch_number, payment.row_no, 'refused')
LEFT JOIN follow_up_line next
  ON next.source_batch = payment.batch_number AND next.source_row = payment.row_no AND NOT next.released
LEFT JOIN follow_up_line source ON source.batch_number = payment.batch_number AND source.row_no = payment.row_no
CROSS JOIN LATERAL (
  SELECT sum(observed_amount) FILTER (WHERE direction = 'debit') AS debit,
         sum(observed_amount) FILTER (WHERE direction = 'credit') AS credit
  FROM payment_exception exception
  WHERE exception.batch_number = payment.batch_number AND exception.row_no = payment.row_no
    AND coalesce(resolution, '') NOT IN ('recordAsPaid', 'recordAsReturned')
) odd`;

@Injectable()
export class PaymentService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  async ofBatch(batchId: string, query: BatchPaymentsQuery, actor: Actor): Promise<Page<PaymentView>> {
    const after = readCursor(query.after, 'row')?.[0] ?? 0;
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      return (await tx.query(
        `SELECT * FROM (${paymentsWithState} WHERE payment.batch_number = $1 AND payment.row_no > $2) page
         WHERE ($3::text IS NULL OR state = $3) ORDER BY row_no LIMIT $4`,
        [batch.number, after, query.state ?? null, query.limit + 1],
      )) as PaymentRow[];
    });
    return pageOf(rows.map(toView), query.limit, (row) => [row.row]);
  }

  /** A page of the payments of each batch that the caller may see. */
  async ofBatches(
    batchIds: string[],
    query: PageOf<BatchPaymentsQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<PaymentView>>> {
    const after = readCursor(query.after, 'row')?.[0] ?? 0;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.id AS parent_id, page.* FROM batch asked
         LEFT JOIN LATERAL (
           SELECT * FROM (${paymentsWithState} WHERE payment.batch_number = asked.number AND payment.row_no > $2) found
           WHERE ($3::text IS NULL OR state = $3) ORDER BY row_no LIMIT $4) page ON true
         WHERE asked.id = ANY($1::uuid[]) ORDER BY page.row_no`,
        [batchIds, after, query.state ?? null, query.limit + 1],
      ),
    )) as (PaymentRow & { parent_id: string; row_no: number | null })[];
    const found = rows.map((row) => ({
      parentId: row.parent_id,
      child: row.row_no === null ? undefined : toView(row),
    }));
    return pagesByParent(found, query.limit, (payment) => [payment.row]);
  }

  /** Payments by their end-to-end ids, of the batches that the caller may see. */
  async byEndToEndIds(endToEndIds: readonly string[], actor: Actor): Promise<Map<string, PaymentView>> {
    const ids = endToEndIds.flatMap((id) => readEndToEndId(id) ?? []);
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT page.* FROM unnest($1::bigint[], $2::int[]) AS asked (batch_number, row_no)
         CROSS JOIN LATERAL (${paymentsWithState}
           WHERE payment.batch_number = asked.batch_number AND payment.row_no = asked.row_no OFFSET 0) page`,
        [ids.map(({ batchNumber }) => batchNumber), ids.map(({ row }) => row)],
      ),
    )) as PaymentRow[];
    return new Map(rows.map(toView).map((view) => [view.endToEndId, view]));
  }

  /** All payments of a batch by a cursor, in the order of their end-to-end ids. */
  async *streamOfBatch(batchId: string, actor: Actor): AsyncGenerator<PaymentView> {
    const batch = await inTransaction(this.dataSource, scopeOf(actor), (tx) => findBatch(tx, batchId));
    const sql = `${paymentsWithState} WHERE payment.batch_number = $1 ORDER BY payment.row_no`;
    // Who sees the batch sees all of it: the policies of seven tables would be asked for each of 604,000 rows.
    for await (const row of streamRows<PaymentRow>(this.dataSource, 'system', sql, [batch.number]))
      yield toView(row);
  }

  /**
   * A person's payments over all programmes, newest first, as far as they are of the caller's offices: by every number under
   * which the registry knows him. Only the number that the caller brought is shown.
   */
  async ofPayee(query: PayeePaymentsQuery, actor: Actor): Promise<Page<PayeePaymentView>> {
    const key = this.sealer.lookupKey('payee', query.payeeId);
    const { items, next } = (await this.pagesOf([key], query, actor)).get(key)!;
    const payeeId = maskCitizenNumber(query.payeeId);
    const shown = (row: PayeePaymentRow) =>
      row.line_key === key ? { ...toPayeeView(row), payeeId } : toPayeeView(row);
    return { items: items.map(shown), next };
  }

  /** The same of many people at once, by the keys of their numbers; the numbers themselves are hidden whole. */
  async ofPayees(
    keys: readonly string[],
    query: PageOf<PayeePaymentsQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<PayeePaymentView>>> {
    const pages = await this.pagesOf(keys, query, actor);
    return new Map(
      [...pages].map(([key, { items, next }]) => [key, { items: items.map(toPayeeView), next }]),
    );
  }

  private async pagesOf(
    keys: readonly string[],
    query: PageOf<PayeePaymentsQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<PayeePaymentRow>>> {
    const after = readCursor(query.after, 'number', 'row') ?? [null, null];
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const lines = await visibleLines(tx, await paymentsOf(tx, keys), after, query.limit + 1);
      return withStates(tx, lines);
    });
    return pagesByParent<PayeePaymentRow>(
      [
        ...keys.map((parentId) => ({ parentId, child: undefined })),
        ...rows.map((child) => ({ parentId: child.asked_key, child })),
      ],
      query.limit,
      (row) => [row.batch_number, row.row_no],
    );
  }

  /** By which key the registry knows who is paid by each; of the payments whose lines the caller may see. */
  async peopleOf(endToEndIds: readonly string[], actor: Actor): Promise<Map<string, PersonKey>> {
    const ids = endToEndIds.flatMap((id) => readEndToEndId(id) ?? []);
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT batch_number, row_no, payee_key
         FROM payment_line JOIN unnest($1::bigint[], $2::int[]) AS asked (batch_number, row_no) USING (batch_number, row_no)`,
        [ids.map(({ batchNumber }) => batchNumber), ids.map(({ row }) => row)],
      ),
    )) as { batch_number: string; row_no: number; payee_key: string | null }[];
    return new Map(
      rows.map((row) => [endToEndId(row.batch_number, row.row_no), { numberKey: row.payee_key }]),
    );
  }
}

/**
 * The numbers of people's payments, which tell nothing else: hundreds in a lifetime. By two partial indexes. Of merged people
 * the registry has told several keys: whoever is asked for by one of them was paid by the others as well.
 */
async function paymentsOf(tx: Transaction, payeeKeys: readonly string[]): Promise<PaymentKeys> {
  const [keys] = (await asSystem(tx, () =>
    tx.query(
      `WITH same AS MATERIALIZED (
         SELECT key AS asked_key, key AS payee_key FROM unnest($1::uuid[]) AS key
         UNION
         SELECT one.payee_key, other.payee_key FROM registry_payee one JOIN registry_payee other USING (person_id)
         WHERE one.payee_key = ANY ($1::uuid[]) AND NOT one.is_former AND NOT other.is_former)
       SELECT coalesce(array_agg(asked_key), '{}') AS asked, coalesce(array_agg(batch_number), '{}') AS batches,
              coalesce(array_agg(row_no), '{}') AS rows
       FROM (SELECT payee_key, batch_number, row_no FROM payment
             WHERE payee_key = ANY (ARRAY(SELECT payee_key FROM same)) AND NOT released
             UNION ALL
             SELECT payee_key, batch_number, row_no FROM payment
             WHERE payee_key = ANY (ARRAY(SELECT payee_key FROM same)) AND released) paid
       JOIN same USING (payee_key)`,
      [payeeKeys],
    ),
  )) as PaymentKeys[];
  return keys!;
}

/** Of them those that the caller may see: of its batches, and what others pay to people of its places; so many of each. */
async function visibleLines(
  tx: Transaction,
  { asked, batches, rows }: PaymentKeys,
  after: (string | number | null)[],
  limit: number,
): Promise<LineRow[]> {
  return (await tx.query(
    `SELECT * FROM (
       SELECT asked_key, payee_key AS line_key, batch_number, row_no, programme_code, policy_code, period, ordinal, payee_name, bank_bin,
              place_code, row_number() OVER (PARTITION BY asked_key ORDER BY batch_number DESC, row_no DESC) AS place
       FROM payment_line
       JOIN unnest($1::uuid[], $2::bigint[], $3::int[]) AS paid (asked_key, batch_number, row_no) USING (batch_number, row_no)
       WHERE $4::bigint IS NULL OR (batch_number, row_no) < ($4, $5::int)) seen
     WHERE place <= $6 ORDER BY batch_number DESC, row_no DESC`,
    [asked, batches, rows, ...after, limit],
  )) as LineRow[];
}

/**
 * What became of lines that the caller may see; their batches may be another office's. Line by line, whatever the planner
 * believes (OFFSET 0): it read all outcomes of all batches for three payments.
 */
async function withStates(tx: Transaction, lines: LineRow[]): Promise<PayeePaymentRow[]> {
  const found = (await asSystem(tx, () =>
    tx.query(
      `SELECT state.* FROM unnest($1::bigint[], $2::int[]) AS asked (batch_number, row_no)
       CROSS JOIN LATERAL (
         ${paymentsWithState} WHERE payment.batch_number = asked.batch_number AND payment.row_no = asked.row_no OFFSET 0) state`,
      [lines.map((line) => line.batch_number), lines.map((line) => line.row_no)],
    ),
  )) as (PaymentRow & Pick<PayeePaymentRow, 'batch_id' | 'approved_at'>)[];
  const keyOf = (row: { batch_number: string; row_no: number }) => `${row.batch_number}/${row.row_no}`;
  const states = new Map(found.map((row) => [keyOf(row), row]));
  return lines.map((line) => ({ ...states.get(keyOf(line))!, ...line }));
}

interface PaymentKeys {
  /** The key that the payment is told under. */
  asked: string[];
  batches: string[];
  rows: number[];
}

/** A line without its numbers. */
interface LineRow {
  asked_key: string;
  line_key: string;
  batch_number: string;
  row_no: number;
  programme_code: string;
  policy_code: string;
  period: string;
  ordinal: number;
  payee_name: string;
  bank_bin: string | null;
  place_code: string;
}

type PayeePaymentRow = PaymentRow & LineRow & { batch_id: string; approved_at: Date | null };

/** Where nobody brought the number: it stays sealed, and not a digit is shown. */
const hiddenNumber = '•'.repeat(12);

function toPayeeView(row: PayeePaymentRow): PayeePaymentView {
  return {
    ...toView(row),
    batchId: row.batch_id,
    batchCode: batchCode(row.batch_number),
    programmeCode: row.programme_code,
    policyCode: row.policy_code,
    period: row.period,
    ordinal: row.ordinal,
    payeeName: maskNumbersIn(row.payee_name),
    payeeId: hiddenNumber,
    bankBin: row.bank_bin,
    placeCode: row.place_code,
    approvedAt: row.approved_at?.toISOString() ?? null,
  };
}

function toView(row: PaymentRow): PaymentView {
  return {
    endToEndId: endToEndId(row.batch_number, row.row_no),
    row: row.row_no,
    amount: row.amount,
    state: row.state,
    paidAmount: row.paid_amount,
    paidOn: row.paid_on,
    reason: row.reason,
    exceptionDebit: row.exception_debit,
    exceptionCredit: row.exception_credit,
    followUp: row.next_batch === null ? null : endToEndId(row.next_batch, row.next_row!),
    followUpOf: row.source_batch === null ? null : endToEndId(row.source_batch, row.source_row!),
  };
}
