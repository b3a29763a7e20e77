import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Change } from '@ansinh/audit';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type PageOf, pagesByParent } from '@ansinh/graphql';
import { type Command, Commands } from '@ansinh/idempotency';
import type { Direction } from '@ansinh/iso20022';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { findBatch } from '../batch/batch.service.js';
import { fundProblems } from '../fund/fund.problems.js';
import { balanceOf, lockFund, move, post } from '../fund/ledger.js';
import { lockBatchNumber, settleBatch } from '../transmission/settle-batch.js';
import type { AssignmentInput, ExceptionQuery, ExceptionView, ResolutionInput } from './exception.dto.js';
import { exceptionProblems } from './exception.problems.js';

/** Exceptions of a line that has no outcome yet: what the bank moved can be taken for its payment. */
const recordable = new Set(['AMOUNT_DIFFERS', 'ACCOUNT_DIFFERS', 'DATE_DIFFERS']);

interface ExceptionRow {
  id: string;
  fund_id: string;
  code: string;
  batch_number: string | null;
  row_no: number | null;
  direction: Direction;
  observed_amount: string;
  booked_on: string;
  reference: string;
  statement_id: string;
  state: string;
}

/** As it was when it was locked. */
type LockedException = ExceptionRow & { before: string | null };

const viewColumns = `exception.id, exception.code, batch.id AS "batchId", exception.end_to_end_id AS "endToEndId",
  exception.direction, exception.expected_amount::text AS "expectedAmount",
  exception.observed_amount::text AS "observedAmount", exception.booked_on::text AS "bookedOn", exception.reference,
  exception.state AS status, exception.owner, exception.resolution, exception.note,
  exception.resolved_by AS "resolvedBy", exception.at`;

const fromExceptions = `FROM payment_exception exception LEFT JOIN batch ON batch.number = exception.batch_number`;

/** Instants leave the database in milliseconds: a cursor of finer ones would find its own row again. */
const cursorInstant = `date_trunc('milliseconds', exception.at)`;
const oldestFirst = `${cursorInstant}, exception.id`;

@Injectable()
export class ExceptionService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** Oldest first: what waits longest is on top. */
  async list(actor: Actor, query: ExceptionQuery): Promise<Page<ExceptionView>> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => listExceptions(tx, query));
  }

  /** @throws ProblemError BATCH_NOT_FOUND */
  async ofBatch(batchId: string, query: ExceptionQuery, actor: Actor): Promise<Page<ExceptionView>> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await findBatch(tx, batchId);
      return listExceptions(tx, { ...query, batchId });
    });
  }

  /** A page of the exceptions of each batch that the caller may see. */
  async ofBatches(
    batchIds: string[],
    query: PageOf<ExceptionQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<ExceptionView>>> {
    const after = readCursor(query.after, 'instant', 'uuid') ?? [null, null];
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.id AS parent_id, page.* FROM batch asked
         LEFT JOIN LATERAL (
           SELECT ${viewColumns}, ${cursorInstant} AS position ${fromExceptions}
           WHERE exception.batch_number = asked.number AND ($2::text IS NULL OR exception.state = $2)
             AND ($3::text IS NULL OR exception.code = $3)
             AND ($4::timestamptz IS NULL OR (${oldestFirst}) > ($4, $5::uuid))
           ORDER BY ${oldestFirst} LIMIT $6) page ON true
         WHERE asked.id = ANY($1::uuid[]) ORDER BY page.position, page.id`,
        [batchIds, query.status ?? null, query.code ?? null, ...after, query.limit + 1],
      ),
    )) as (ExceptionRowView & { parent_id: string; position: Date; id: string | null })[];
    const found = rows.map(({ parent_id, position: _, ...row }) => ({
      parentId: parent_id,
      child: row.id === null ? undefined : toView(row),
    }));
    return pagesByParent(found, query.limit, (exception) => [exception.at, exception.id]);
  }

  async assign(id: string, input: AssignmentInput, command: Command): Promise<ExceptionView> {
    return this.commands.run(command, 'exception.assign', async (tx) => {
      const exception = await lockException(tx, id);
      if (exception.state !== 'open') throw new ProblemError(exceptionProblems.resolved);
      await tx.query('UPDATE payment_exception SET owner = $2 WHERE id = $1', [id, input.owner]);
      return {
        result: await viewOf(tx, id),
        ...(await changeOf(tx, exception)),
        facts: { owner: input.owner },
      };
    });
  }

  /** @throws ProblemError EXCEPTION_RESOLVED, EXCEPTION_NOT_RECORDABLE, EXCEPTION_NOT_RETURNABLE, INSUFFICIENT_FUND */
  async resolve(id: string, input: ResolutionInput, command: Command): Promise<ExceptionView> {
    return this.commands.run(command, 'exception.resolve', async (tx) => {
      const exception = await lockException(tx, id);
      if (exception.state !== 'open') throw new ProblemError(exceptionProblems.resolved);
      if (input.action === 'recordAsPaid') await recordAsPaid(tx, exception);
      if (input.action === 'recordAsReturned') await recordAsReturned(tx, exception);
      await tx.query(
        `UPDATE payment_exception SET state = 'resolved', resolution = $2, note = $3, resolved_by = $4,
                resolved_at = clock_timestamp() WHERE id = $1`,
        [id, input.action, input.note, command.actor.id],
      );
      if (exception.batch_number !== null) await settleBatch(tx, exception.batch_number);
      return { result: await viewOf(tx, id), ...(await changeOf(tx, exception)), facts: { ...input } };
    });
  }
}

async function listExceptions(tx: Transaction, query: ExceptionQuery): Promise<Page<ExceptionView>> {
  const after = readCursor(query.after, 'instant', 'uuid') ?? [null, null];
  const rows = (await tx.query(
    `SELECT ${viewColumns} ${fromExceptions}
     WHERE ($1::text IS NULL OR exception.state = $1) AND ($2::uuid IS NULL OR batch.id = $2)
       AND ($3::text IS NULL OR exception.code = $3)
       AND ($4::timestamptz IS NULL OR (${oldestFirst}) > ($4, $5::uuid))
     ORDER BY ${oldestFirst} LIMIT $6`,
    [query.status ?? null, query.batchId ?? null, query.code ?? null, ...after, query.limit + 1],
  )) as ExceptionRowView[];
  return pageOf(rows.map(toView), query.limit, (row) => [row.at, row.id]);
}

type ExceptionRowView = Omit<ExceptionView, 'at'> & { at: Date };

function toView(row: ExceptionRowView): ExceptionView {
  return { ...row, at: row.at.toISOString() };
}

async function viewOf(tx: Transaction, id: string): Promise<ExceptionView> {
  const [row] = (await tx.query(`SELECT ${viewColumns} ${fromExceptions} WHERE exception.id = $1`, [
    id,
  ])) as ExceptionRowView[];
  return toView(row!);
}

/** Locks batch, then fund, then the exception: the order of all that touches money. */
async function lockException(tx: Transaction, id: string): Promise<LockedException> {
  const [found] = (await tx.query('SELECT batch_number, fund_id FROM payment_exception WHERE id = $1', [
    id,
  ])) as { batch_number: string | null; fund_id: string }[];
  if (!found) throw new ProblemError(exceptionProblems.notFound);
  if (found.batch_number !== null) await lockBatchNumber(tx, found.batch_number);
  await lockFund(tx, found.fund_id);
  const [row] = (await tx.query(
    'SELECT *, booked_on::text AS booked_on FROM payment_exception WHERE id = $1 FOR UPDATE',
    [id],
  )) as ExceptionRow[];
  return { ...row!, before: await digestOf(tx, 'exception', id) };
}

/** What the command did to the exception, for the audit log. */
async function changeOf(tx: Transaction, { id, before }: LockedException): Promise<Change> {
  return { subject: `exception/${id}`, before, after: await digestOf(tx, 'exception', id) };
}

/** Books what the bank really moved. A difference goes back to the fund, or is taken from it. */
async function recordAsPaid(tx: Transaction, exception: ExceptionRow): Promise<void> {
  const [line] = (await tx.query(
    `SELECT payment.amount, payment.chunk_no FROM payment JOIN chunk USING (batch_number, chunk_no)
     WHERE batch_number = $1 AND row_no = $2 AND chunk.first_sent_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM payment_outcome outcome
                       WHERE outcome.batch_number = payment.batch_number AND outcome.row_no = payment.row_no)`,
    [exception.batch_number, exception.row_no],
  )) as { amount: string; chunk_no: number }[];
  if (!recordable.has(exception.code) || exception.direction !== 'debit' || !line) {
    throw new ProblemError(exceptionProblems.notRecordable);
  }
  const [approved, moved] = [BigInt(line.amount), BigInt(exception.observed_amount)];
  const { available } = await balanceOf(tx, exception.fund_id);
  if (moved - approved > available) throw new ProblemError(fundProblems.insufficient);
  await tx.query(
    `INSERT INTO payment_outcome (batch_number, row_no, kind, amount, booked_on, reference, statement_id)
     VALUES ($1, $2, 'paid', $3, $4, $5, $6)`,
    [
      exception.batch_number,
      exception.row_no,
      exception.observed_amount,
      exception.booked_on,
      exception.reference,
      exception.statement_id,
    ],
  );
  await tx.query(
    `UPDATE chunk SET paid_count = paid_count + 1, paid_amount = paid_amount + $3
     WHERE batch_number = $1 AND chunk_no = $2`,
    [exception.batch_number, line.chunk_no, line.amount],
  );
  await post(tx, {
    fundId: exception.fund_id,
    kind: 'resolution',
    reference: exception.id,
    batchNumber: exception.batch_number!,
    postings: { inFlight: -approved, paid: moved, available: approved - moved },
  });
}

/**
 * Takes back what the post office said by mistake: the person did not have the money, which goes back to the fund, and the
 * obligation is open again.
 */
async function recordAsReturned(tx: Transaction, exception: ExceptionRow): Promise<void> {
  const [line] = (await tx.query(
    `SELECT payment.amount, payment.chunk_no FROM payment JOIN payment_outcome paid USING (batch_number, row_no)
     WHERE batch_number = $1 AND row_no = $2 AND paid.kind = 'paid' AND NOT payment.released`,
    [exception.batch_number, exception.row_no],
  )) as { amount: string; chunk_no: number }[];
  if (exception.code !== 'UNPAID_AFTER_PAID' || !line)
    throw new ProblemError(exceptionProblems.notReturnable);
  const key = [exception.batch_number, exception.row_no];
  await tx.query(
    `INSERT INTO payment_outcome (batch_number, row_no, kind, amount, booked_on, reference, statement_id)
     VALUES ($1, $2, 'returned', $3, $4, $5, $6)`,
    [...key, line.amount, exception.booked_on, exception.reference, exception.statement_id],
  );
  await tx.query('UPDATE payment SET released = true WHERE batch_number = $1 AND row_no = $2', key);
  await tx.query(
    `UPDATE chunk SET paid_count = paid_count - 1, paid_amount = paid_amount - $3,
            returned_count = returned_count + 1, returned_amount = returned_amount + $3
     WHERE batch_number = $1 AND chunk_no = $2`,
    [exception.batch_number, line.chunk_no, line.amount],
  );
  await post(tx, {
    fundId: exception.fund_id,
    kind: 'resolution',
    reference: exception.id,
    batchNumber: exception.batch_number!,
    postings: move('paid', 'available', BigInt(line.amount)),
  });
}
