import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { endToEndId, readEndToEndId } from '../batch/batch-code.js';
import type { StatementEntryModel } from './statement-entry.model.js';

/** An entry with the payment that it was asked for. */
export type StatementEntryView = StatementEntryModel & { endToEndId: string };

/** What a bank has booked of payments. */
@Injectable()
export class StatementEntryService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Of each payment its own movements, then the sums of its message. Statements are those of a fund: an office that sees a payment
   * and not the fund it was paid from sees none of them.
   */
  async ofPayments(ids: readonly string[], actor: Actor): Promise<Map<string, StatementEntryView[]>> {
    const asked = ids.flatMap((id) => readEndToEndId(id) ?? []);
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(entriesOfPayments, [asked.map(({ batchNumber }) => batchNumber), asked.map(({ row }) => row)]),
    )) as EntryRow[];
    const views = rows.map(({ batch_number, row_no, ...entry }) => ({
      ...entry,
      endToEndId: endToEndId(batch_number, row_no),
    }));
    return Map.groupBy(views, (view) => view.endToEndId);
  }
}

interface EntryRow extends StatementEntryModel {
  batch_number: string;
  row_no: number;
}

/** By the primary key of the outcomes, and by the index of messages: two look-ups a payment, however long its statements are. */
const entriesOfPayments = `
WITH asked AS MATERIALIZED (SELECT * FROM unnest($1::bigint[], $2::int[]) AS asked (batch_number, row_no))
SELECT * FROM (
  SELECT batch_number, row_no, statement.kind, statement.document_id AS "documentId", told.reference,
    CASE told.kind WHEN 'paid' THEN 'debit' ELSE 'credit' END AS direction, told.amount, told.booked_on::text AS "bookedOn",
    NULL::text AS "messageId", NULL::int AS payments, statement.at
  FROM asked JOIN payment_outcome told USING (batch_number, row_no) JOIN statement ON statement.id = told.statement_id
  WHERE told.kind IN ('paid', 'returned')
  UNION ALL
  SELECT batch_number, row_no, statement.kind, statement.document_id, entry.reference, entry.direction, entry.amount,
    entry.booked_on::text, entry.message_id, entry.payments, statement.at
  FROM asked JOIN payment USING (batch_number, row_no) JOIN chunk USING (batch_number, chunk_no)
  JOIN statement_entry entry ON entry.message_id = chunk.message_id
  JOIN statement ON statement.id = entry.statement_id
) booked ORDER BY batch_number, row_no, "messageId" NULLS FIRST, at, reference`;
