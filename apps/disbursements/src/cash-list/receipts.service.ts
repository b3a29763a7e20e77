import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { asSystem, copyRows, limitStatement, type Transaction } from '@ansinh/database';
import { type Command, Commands, type Effect, withFile } from '@ansinh/idempotency';
import { type ListFormat, readList, receiptColumns } from '@ansinh/payment-list';
import { type FieldError, ProblemError } from '@ansinh/problem';
import { streamOf } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import type { Batch } from '../batch/batch.entity.js';
import { batchCode } from '../batch/batch-code.js';
import { wrongState } from '../batch/batch.problems.js';
import { lockBatch } from '../batch/batch.service.js';
import type { BatchState } from '../batch/batch.states.js';
import { postCash } from '../channel/post-cash.js';
import { lockFund } from '../fund/ledger.js';
import { streamedTypes } from '../rest.js';
import { RowErrors, rowErrorsMax } from '../row-errors.js';
import { today } from '../schedule/schedule-runner.js';
import { digestOfFile, formatOf, refusingList, withSpooled } from '@ansinh/uploads';
import { createIncoming } from '../statement/reconcile.sql.js';
import { reconcile } from '../statement/reconciler.js';
import type { ReceiptsView } from './cash-list.dto.js';
import { cashListProblems } from './cash-list.problems.js';
import { readReceipt } from './receipt-row.js';
import {
  createReceipt,
  dropRepeated,
  judgeReceipts,
  raiseContradictions,
  receiptTarget,
  tellFresh,
  wrongReceipts,
} from './receipts.sql.js';

const receiptsBytesMax = 256 * 1024 ** 2;
const secondsMax = 300;

/** The lists are out, and nobody has closed the books on them. */
const openStates: readonly BatchState[] = ['transmitted', 'reconciled'];

interface ReceiptsFile {
  path: string;
  format: ListFormat;
  /** SHA-256: the same file again changes nothing. */
  digest: string;
}

/** Takes in what the post office handed out, and books it as a bank's statement is booked. */
@Injectable()
export class ReceiptsService {
  constructor(private readonly commands: Commands) {}

  /**
   * The file is taken whole or not at all. A result that is told again changes nothing; one that contradicts an earlier one
   * is an exception, and nothing is booked for its line.
   * @throws ProblemError BATCH_NOT_FOUND, NOT_PAID_IN_CASH, BATCH_STATE, RECEIPTS_REFUSED, NO_RECEIPTS, LIST_REFUSED,
   *   UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
   */
  async record(id: string, request: FastifyRequest, command: Command): Promise<ReceiptsView> {
    const format = formatOf(request.headers['content-type']);
    return withSpooled(streamOf(request, streamedTypes), receiptsBytesMax, async (path) => {
      const digest = await digestOfFile(path);
      return this.commands.run(withFile(command, digest), 'batch.receipts', async (tx) => {
        const batch = await lockBatch(tx, id);
        if (batch.channel !== postCash) throw new ProblemError(cashListProblems.notCash);
        if (!openStates.includes(batch.state)) throw wrongState(batch.state, openStates);
        // As what a bank tells of a fund: books and lines of a batch that was found in the caller's scope, by COPY.
        return asSystem(tx, () => this.take(tx, batch, { path, format, digest }, command));
      });
    });
  }

  private async take(
    tx: Transaction,
    batch: Batch,
    file: ReceiptsFile,
    { actor }: Command,
  ): Promise<Effect<ReceiptsView>> {
    await limitStatement(tx, secondsMax);
    await lockFund(tx, batch.fundId);
    const documentId = `${batchCode(batch.number)}/${file.digest.slice(0, 16)}`;
    const before = await digestOf(tx, 'statement', file.digest);
    let told = await findEarlier(tx, batch, documentId);
    if (!told) {
      await readReceipts(tx, batch, file);
      told = await this.book(tx, batch, { documentId, digest: file.digest, importedBy: actor.id });
    }
    const result = { ...told, missing: await missingLines(tx, batch) };
    const after = await digestOf(tx, 'statement', file.digest);
    return { result, subject: `statement/${documentId}`, before, after, facts: { ...result } };
  }

  private async book(
    tx: Transaction,
    batch: Batch,
    { documentId, digest, importedBy }: { documentId: string; digest: string; importedBy: string },
  ): Promise<Omit<ReceiptsView, 'missing'>> {
    const on = await today(tx);
    await refuseWrong(tx, batch, on);
    await tx.query(dropRepeated);
    await tx.query(judgeReceipts, [batch.number, on]);
    const [counts] = (await tx.query('SELECT count(*)::int AS results FROM receipt')) as {
      results: number;
    }[];
    const id = uuidv7();
    await tx.query(
      `INSERT INTO statement (id, fund_id, kind, document_id, digest, entries, imported_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, batch.fundId, postCash, documentId, digest, counts!.results, importedBy],
    );
    await tx.query(createIncoming);
    await tx.query(tellFresh, [batch.number]);
    // Before the batch is settled: what is contradicted keeps it open.
    const raised = (await tx.query(raiseContradictions, [batch.fundId, id, batch.number])) as object[];
    const { matched } = await reconcile(tx, { id, fundId: batch.fundId });
    await tx.query('UPDATE statement SET matched = $2, exceptions = $3 WHERE id = $1', [
      id,
      matched,
      raised.length,
    ]);
    const { results } = counts!;
    return { id, results, booked: matched, exceptions: raised.length, alreadyImported: false };
  }
}

async function findEarlier(
  tx: Transaction,
  batch: Batch,
  documentId: string,
): Promise<Omit<ReceiptsView, 'missing'> | undefined> {
  const rows = (await tx.query(
    `SELECT id, entries AS results, matched AS booked, exceptions, true AS "alreadyImported" FROM statement
     WHERE fund_id = $1 AND kind = $2 AND document_id = $3`,
    [batch.fundId, postCash, documentId],
  )) as Omit<ReceiptsView, 'missing'>[];
  return rows[0];
}

/** Into the table `receipt`, as it streams in, so that memory stays flat. @throws ProblemError RECEIPTS_REFUSED, LIST_REFUSED */
async function readReceipts(tx: Transaction, batch: Batch, file: ReceiptsFile): Promise<void> {
  await tx.query(createReceipt);
  const errors = new RowErrors(cashListProblems.receiptsRefused);
  await refusingList(() => copyRows(tx, receiptTarget, Readable.from(textOf(batch, file, errors))));
  errors.refuseIfAny();
  await tx.query('ANALYZE receipt');
}

async function* textOf(batch: Batch, file: ReceiptsFile, errors: RowErrors): AsyncGenerator<string> {
  for await (const rows of readList(createReadStream(file.path), file.format, receiptColumns)) {
    let text = '';
    for (const raw of rows) {
      const receipt = readReceipt(raw, batch.number, errors);
      if (receipt === null) continue;
      const { row, line, result, paidOn, reason, amount } = receipt;
      text += `${[row, line, result, paidOn ?? '\\N', reason ?? '\\N', amount ?? '\\N'].join('\t')}\n`;
    }
    if (text !== '') yield text;
    if (errors.isFull) return;
  }
}

const wrong: Record<string, { column: string; detail: FieldError['detail'] }> = {
  unknown: {
    column: 'payment',
    detail: { vi: 'Lô này không có khoản như vậy.', en: 'This batch has no such payment.' },
  },
  twice: {
    column: 'result',
    detail: { vi: 'Khoản này có hai kết quả khác nhau.', en: 'This payment has two results that differ.' },
  },
  amount: {
    column: 'amount',
    detail: { vi: 'Khác số tiền trong danh sách.', en: 'It differs from the amount of the list.' },
  },
  early: {
    column: 'paidOn',
    detail: { vi: 'Trước ngày phát hành danh sách.', en: 'It is before the list was issued.' },
  },
  late: { column: 'paidOn', detail: { vi: 'Ngày này chưa đến.', en: 'This day is still to come.' } },
};

async function refuseWrong(tx: Transaction, batch: Batch, on: string): Promise<void> {
  const errors = new RowErrors(cashListProblems.receiptsRefused);
  const rows = (await tx.query(wrongReceipts, [batch.number, on, rowErrorsMax])) as {
    line: number;
    wrong: string;
  }[];
  for (const { line, wrong: code } of rows) errors.add(line, wrong[code]!.column, code, wrong[code]!.detail);
  errors.refuseIfAny();
  const [any] = (await tx.query('SELECT FROM receipt LIMIT 1')) as object[];
  if (!any) throw new ProblemError(cashListProblems.receiptsEmpty);
}

async function missingLines(tx: Transaction, batch: Batch): Promise<number> {
  const [row] = (await tx.query(
    'SELECT sum(payments - paid_count - returned_count)::int AS missing FROM chunk WHERE batch_number = $1',
    [batch.number],
  )) as { missing: number }[];
  return row!.missing;
}
