import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, type Transaction } from '@ansinh/database';
import type { CountAndAmount } from '../batch/batch.dto.js';
import type { Batch } from '../batch/batch.entity.js';
import { findBatch } from '../batch/batch.service.js';
import { viewBatch } from '../batch/batch-view.js';
import type { ReconciliationView } from './statement.dto.js';

interface RowSums {
  kind: 'approved' | 'paid' | 'returned' | 'refused';
  count: number;
  amount: string;
}

/** Puts the counters of a batch beside what its rows and the fund's ledger say. */
@Injectable()
export class ReconciliationService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async ofBatch(id: string, actor: Actor): Promise<ReconciliationView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, id);
      // Who sees the batch sees all of it: asking the policy of 604,000 rows once more took longer than a statement may.
      return asSystem(tx, () => reconcile(tx, batch));
    });
  }
}

async function reconcile(tx: Transaction, batch: Batch): Promise<ReconciliationView> {
  const { totals } = await viewBatch(tx, batch);
  const [exceptions] = (await tx.query(
    `SELECT count(*) FILTER (WHERE state = 'open')::int AS open, count(*) FILTER (WHERE state = 'resolved')::int AS resolved
       FROM payment_exception WHERE batch_number = $1`,
    [batch.number],
  )) as ReconciliationView['exceptions'][];
  const [statement] = (await tx.query(
    // A movement keeps its reference in every statement that tells of it.
    `SELECT coalesce(sum(amount), 0)::text AS debits FROM (
         SELECT DISTINCT message_id, entry.reference, entry.amount FROM statement_entry entry
         JOIN chunk USING (message_id) WHERE chunk.batch_number = $1 AND entry.direction = 'debit') told`,
    [batch.number],
  )) as { debits: string }[];
  const rows = await sumsOfRows(tx, batch.number);
  const isSame = (kind: RowSums['kind'], told: CountAndAmount) =>
    rows.get(kind)?.count === told.count && BigInt(rows.get(kind)!.amount) === BigInt(told.amount);
  const open = await openInLedger(tx, batch.number);
  const balanced =
    isSame('approved', totals.approved) &&
    isSame('paid', totals.paid) &&
    isSame('returned', totals.returned) &&
    isSame('refused', totals.refused) &&
    open === BigInt(totals.inFlight.amount);
  return { ...totals, exceptions: exceptions!, statementDebits: statement!.debits, balanced };
}

/**
 * Counted from the payments and their outcomes, not from the counters. Amounts are those that were approved. A payment counts
 * where it has come to: few have more than one outcome, so those are looked for, and the others not gathered payment by payment.
 */
async function sumsOfRows(tx: Transaction, batchNumber: string): Promise<Map<string, RowSums>> {
  const rows = (await tx.query(
    `SELECT 'approved' AS kind, count(*)::int AS count, coalesce(sum(amount), 0)::text AS amount
       FROM payment JOIN batch ON batch.number = batch_number
       WHERE batch_number = $1 AND batch.state <> 'cancelled'
     UNION ALL
     SELECT outcome.kind, count(*)::int, sum(payment.amount)::text
       FROM payment_outcome outcome JOIN payment USING (batch_number, row_no)
       WHERE outcome.batch_number = $1 AND NOT EXISTS (
         SELECT FROM payment_outcome further
         WHERE further.batch_number = $1 AND further.row_no = outcome.row_no AND further.kind IN ('refused', 'returned')
           AND (outcome.kind = 'paid' OR outcome.kind = 'returned' AND further.kind = 'refused'))
       GROUP BY outcome.kind`,
    [batchNumber],
  )) as RowSums[];
  const none = (kind: RowSums['kind']): [string, RowSums] => [kind, { kind, count: 0, amount: '0' }];
  const sums = new Map([none('approved'), none('paid'), none('returned'), none('refused')]);
  for (const row of rows) sums.set(row.kind, row);
  return sums;
}

/** What the ledger still holds for the batch as reserved or in flight. */
async function openInLedger(tx: Transaction, batchNumber: string): Promise<bigint> {
  const [row] = (await tx.query(
    `SELECT coalesce(sum(posting.amount), 0)::text AS open FROM ledger_posting posting
       JOIN ledger_transaction booked ON booked.id = posting.transaction_id
       WHERE booked.batch_number = $1 AND posting.kind IN ('reserved', 'inFlight')`,
    [batchNumber],
  )) as { open: string }[];
  return BigInt(row!.open);
}
