import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type PageOf, pagesByParent } from '@ansinh/graphql';
import type { Language } from '@ansinh/language';
import { ProblemError } from '@ansinh/problem';
import type { Batch } from '../batch/batch.entity.js';
import { findBatch, subjectOf } from '../batch/batch.service.js';
import { Fund } from '../fund/fund.entity.js';
import { linesPerBlock, type SealedBlock } from '../list-import/sealed-lines.js';
import { resultsDueOn } from '../schedule/cycle.js';
import { Threads } from '../threads/threads.js';
import type { CashListQuery, CashListView } from './cash-list.dto.js';
import { type CashListFormat, type CashListHead, type CashListParts, placeOf } from './cash-list-file.js';
import { cashListProblems } from './cash-list.problems.js';

interface CashListRow {
  chunk_no: number;
  message_id: string;
  place_code: string;
  first_row: number;
  last_row: number;
  payments: number;
  amount: string;
  paid_count: number;
  paid_amount: string;
  unpaid_count: number;
  unpaid_amount: string;
  state: string;
  first_sent_at: Date | null;
}

/** Lists of a batch that is paid in cash. @param batch its number, as SQL */
const cashLists = (batch: string) => `
SELECT chunk_no, message_id, place_code, first_row, last_row, payments, amount, first_sent_at, paid_count, paid_amount,
       returned_count AS unpaid_count, returned_amount AS unpaid_amount,
       CASE WHEN first_sent_at IS NULL THEN 'approved'
            WHEN paid_count + returned_count = payments THEN 'settled' ELSE 'issued' END AS state
FROM chunk WHERE batch_number = ${batch} AND place_code IS NOT NULL`;

interface Download {
  format: CashListFormat;
  language: Language;
}

/** What the post office pays out, commune by commune: where each list stands, and the list itself. */
@Injectable()
export class CashListService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly threads: Threads,
  ) {}

  /** None where a bank pays. @throws ProblemError BATCH_NOT_FOUND */
  async list(batchId: string, query: CashListQuery, actor: Actor): Promise<Page<CashListView>> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      const rows = (await tx.query(
        `SELECT * FROM (${cashLists('$1')}) list
         WHERE chunk_no > $2::int AND ($3::text IS NULL OR state = $3) ORDER BY chunk_no LIMIT $4`,
        [batch.number, readCursor(query.after, 'row')?.[0] ?? 0, query.state ?? null, query.limit + 1],
      )) as CashListRow[];
      return pageOf(
        rows.map((row) => toView(row, batch)),
        query.limit,
        ({ number }) => [number],
      );
    });
  }

  /** A page of the lists of each batch that the caller may see. */
  async ofBatches(
    batchIds: string[],
    query: PageOf<CashListQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<CashListView>>> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const rows = (await tx.query(
        `SELECT asked.id AS parent_id, asked.period, asked.created_at, page.* FROM batch asked
         LEFT JOIN LATERAL (
           SELECT * FROM (${cashLists('asked.number')}) list
           WHERE chunk_no > $2::int AND ($3::text IS NULL OR state = $3) ORDER BY chunk_no LIMIT $4) page ON true
         WHERE asked.id = ANY($1::uuid[]) ORDER BY page.chunk_no`,
        [batchIds, readCursor(query.after, 'row')?.[0] ?? 0, query.state ?? null, query.limit + 1],
      )) as (CashListRow & {
        parent_id: string;
        period: string;
        created_at: Date;
        chunk_no: number | null;
      })[];
      const found = rows.map((row) => ({
        parentId: row.parent_id,
        child:
          row.chunk_no === null ? undefined : toView(row, { period: row.period, createdAt: row.created_at }),
      }));
      return pagesByParent(found, query.limit, ({ number }) => [number]);
    });
  }

  /** @throws ProblemError BATCH_NOT_FOUND, CASH_LIST_NOT_FOUND */
  async get(batchId: string, number: number, actor: Actor): Promise<CashListView> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      return toView(await findList(tx, batch, number), batch);
    });
  }

  /**
   * A list to print, or to fill in and send back. Numbers are masked; whole for a stated purpose to who may unmask, and to
   * who sends the batch, since the post office compares them with identity cards.
   * @throws ProblemError BATCH_NOT_FOUND, CASH_LIST_NOT_FOUND, CASH_LIST_NOT_ISSUED, UNMASKING_REFUSED
   */
  async file(
    batchId: string,
    number: number,
    download: Download,
    reader: Reader,
  ): Promise<{ content: Uint8Array; fileName: string }> {
    // What is read is committed before the file is made: making it takes a second, and needs no connection.
    const parts = await inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      const list = await findList(tx, batch, number);
      if (list.first_sent_at === null) throw new ProblemError(cashListProblems.notIssued);
      if (reader.purpose !== null) await noteReading(tx, batch, list, reader);
      return partsOf(tx, batch, list, { ...download, isMasked: reader.purpose === null });
    });
    const fileName = `${parts.head.code}.${download.format}`;
    return { content: await this.threads.writeCashList(parts), fileName };
  }
}

async function findList(tx: Transaction, batch: Batch, number: number): Promise<CashListRow> {
  const [row] = (await tx.query(`${cashLists('$1')} AND chunk_no = $2::numeric`, [
    batch.number,
    number,
  ])) as CashListRow[];
  if (!row) throw new ProblemError(cashListProblems.notFound);
  return row;
}

async function noteReading(tx: Transaction, batch: Batch, list: CashListRow, reader: Reader): Promise<void> {
  const purpose = requirePurpose(reader, reader.actor.permissions.has('batch:transmit'));
  await recordAccess(tx, reader, purpose, {
    office: batch.officeCode,
    subject: `${subjectOf(batch)}/cash-lists/${list.chunk_no}`,
    rows: { first: list.first_row, last: list.last_row },
    numbers: list.payments,
  });
}

/** Everything that a list says, from rows that no longer change: the same list is the same paper, whenever it is printed. */
async function partsOf(
  tx: Transaction,
  batch: Batch,
  list: CashListRow,
  download: Download & { isMasked: boolean },
): Promise<CashListParts> {
  const key = [batch.number, list.first_row, list.last_row, list.chunk_no];
  const ofList = 'batch_number = $1 AND row_no BETWEEN $2 AND $3 AND chunk_no = $4';
  // One text, not 5,000 rows, as for a message; names and remittances hold no separators.
  const [payments] = (await tx.query(
    `SELECT string_agg(concat_ws(E'\\x1f', payment.row_no, payment.amount, payment.payee_key, line.payee_name,
                                 line.remittance), E'\\x1e' ORDER BY payment.row_no) AS lines
     FROM (SELECT * FROM payment WHERE ${ofList}) payment CROSS JOIN LATERAL (
       SELECT payee_name, remittance FROM payment_line
       WHERE payment_line.batch_number = payment.batch_number AND payment_line.row_no = payment.row_no OFFSET 0) line`,
    key,
  )) as { lines: string }[];
  // People of one commune may stand anywhere in the list of the batch: only the blocks that hold one are read.
  const blocks = (await tx.query(
    `SELECT block_no, sealed FROM sealed_block WHERE batch_number = $1 AND block_no IN (
       SELECT (row_no - 1) / ${linesPerBlock} FROM payment WHERE ${ofList})`,
    key,
  )) as SealedBlock[];
  return {
    ...download,
    head: await headOf(tx, batch, list),
    batchNumber: batch.number,
    payments: payments!.lines,
    blocks,
  };
}

async function headOf(tx: Transaction, batch: Batch, list: CashListRow): Promise<CashListHead> {
  const fund = await tx.findOneByOrFail(Fund, { id: batch.fundId });
  return {
    code: list.message_id,
    payer: fund.accountName,
    fund: fund.code,
    programme: batch.programmeCode,
    purpose: batch.purpose,
    period: batch.period,
    placeCode: list.place_code,
    issuedOn: todayInVietnam(list.first_sent_at!),
    resultsDueOn: resultsDueOn(batch.period),
  };
}

function toView(row: CashListRow, batch: Pick<Batch, 'period' | 'createdAt'>): CashListView {
  const { chunk_no: number, message_id: code, place_code: placeCode, first_sent_at: issuedAt } = row;
  const issuedOn = todayInVietnam(issuedAt ?? batch.createdAt);
  const [paid, unpaid] = [BigInt(row.paid_amount), BigInt(row.unpaid_amount)];
  return {
    ...{ number, code, placeCode, state: row.state },
    placeName: placeOf({ placeCode, issuedOn }).name,
    approved: { count: row.payments, amount: row.amount },
    paid: { count: row.paid_count, amount: row.paid_amount },
    unpaid: { count: row.unpaid_count, amount: row.unpaid_amount },
    missing: {
      count: row.payments - row.paid_count - row.unpaid_count,
      amount: (BigInt(row.amount) - paid - unpaid).toString(),
    },
    issuedAt: issuedAt?.toISOString() ?? null,
    resultsDueOn: resultsDueOn(batch.period),
  };
}
