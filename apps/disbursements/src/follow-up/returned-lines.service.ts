import { PassThrough } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  asSystem,
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Scope,
  type Transaction,
} from '@ansinh/database';
import { maskAccount, maskCitizenNumber } from '@ansinh/identity';
import type { Language, Text } from '@ansinh/language';
import { correctionTitles, writeTable } from '@ansinh/payment-list';
import { Sealer } from '@ansinh/sealing';
import { batchCode, endToEndId } from '../batch/batch-code.js';
import { type Batch } from '../batch/batch.entity.js';
import { findBatch } from '../batch/batch.service.js';
import { isCarriedOver, type UnpaidReasonCode, unpaidReasons } from '../cash-list/unpaid-reasons.js';
import { openLines } from '../list-import/sealed-lines.js';
import type { ReturnedLineView, ReturnedQuery } from './follow-up.dto.js';
import { returnedLines } from './follow-up-lines.js';

interface ReturnedRow {
  batch_number: string;
  row_no: number;
  amount: string;
  kind: string;
  reason: string | null;
  booked_on: string | null;
  state: string;
  next_batch: string | null;
  next_row: number | null;
  payee_name: string;
  bank_bin: string | null;
  place_code: string;
}

interface Download {
  format: 'csv' | 'xlsx';
  language: Language;
  state: string;
}

const rowsPerRound = 500;

/** What the bank refused or gave back, for those who have to correct it. */
@Injectable()
export class ReturnedLinesService {
  private readonly logger = new Logger('returned-lines');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  async list(batchId: string, query: ReturnedQuery, actor: Actor): Promise<Page<ReturnedLineView>> {
    const after = Number(readCursor(query.after, 'row')?.[0] ?? 0);
    const lines = await inTransaction(this.dataSource, scopeOf(actor), async (tx) =>
      this.linesOf(tx, await findBatch(tx, batchId), query.state ?? null, after, query.limit + 1),
    );
    return pageOf(
      lines.map((line) => ({
        ...line,
        payeeId: maskCitizenNumber(line.payeeId),
        account: line.account && maskAccount(line.account),
      })),
      query.limit,
      ({ row }) => [row],
    );
  }

  /**
   * The list in the form in which corrections are sent in. Numbers stay masked: a correction names its payment by the id,
   * and whoever needs the old number whole reads it for a stated purpose. What somebody did not collect in cash is marked to be
   * paid again, since the law carries it to the next month: sent in as it is, the list does that.
   */
  async open(
    batchId: string,
    request: Download,
    actor: Actor,
  ): Promise<{ content: PassThrough; fileName: string }> {
    const scope = scopeOf(actor);
    const batch = await inTransaction(this.dataSource, scope, (tx) => findBatch(tx, batchId));
    const content = new PassThrough();
    const { format, language } = request;
    const columns = downloadColumns.map(({ title, width }) => ({ title: title[language], width }));
    const sheetName = { vi: 'Khoản bị trả lại', en: 'Returned' }[language];
    writeTable(this.textsOf(batch, request, scope), content, { format, sheetName, columns }).catch(
      (error: unknown) => {
        this.logger.error(error, 'list of returned lines broke off');
        content.destroy(error as Error);
      },
    );
    return { content, fileName: `${batchCode(batch.number)}-returned.${format}` };
  }

  private async *textsOf(
    batch: Batch,
    { state, language }: Download,
    scope: Scope,
  ): AsyncGenerator<string[]> {
    for (let after = 0; ;) {
      const from = after;
      const lines = await inTransaction(this.dataSource, scope, (tx) =>
        this.linesOf(tx, batch, state, from, rowsPerRound),
      );
      for (const line of lines) {
        const payeeId = maskCitizenNumber(line.payeeId);
        const account = maskAccount(line.account ?? '');
        const { endToEndId: id, payeeName, amount, placeCode } = line;
        const bankBin = line.bankBin ?? '';
        const reason = reasonText(line.reason, language);
        const again = isCarriedOver(line.reason) ? 'x' : '';
        yield [id, payeeId, payeeName, bankBin, account, amount, placeCode, reason, '', '', '', '', again];
      }
      if (lines.length < rowsPerRound) return;
      after = lines.at(-1)!.row;
    }
  }

  private async linesOf(
    tx: Transaction,
    batch: Batch,
    state: string | null,
    after: number,
    limit: number,
  ): Promise<ReturnedLineView[]> {
    // Another batch may pay the line by now, and it may be another office's.
    const rows = (await asSystem(tx, () =>
      tx.query(
        `SELECT returned.*, line.payee_name, line.bank_bin, line.place_code
         FROM (${returnedLines} AND back.batch_number = $1 AND back.row_no > $2) returned
         JOIN payment_line line USING (batch_number, row_no)
         WHERE $3::text IS NULL OR state = $3 ORDER BY row_no LIMIT $4`,
        [batch.number, after, state, limit],
      ),
    )) as ReturnedRow[];
    // Block by block: what came back of a large batch is spread over it.
    const views: ReturnedLineView[] = [];
    let opened: Awaited<ReturnType<typeof openLines>> = new Map();
    for (const row of rows) {
      if (!opened.has(row.row_no)) {
        const first = row.row_no - ((row.row_no - 1) % rowsPerRound);
        opened = await openLines(tx, this.sealer, batch.number, first, first + rowsPerRound - 1);
      }
      const { payeeId, account } = opened.get(row.row_no)!;
      views.push(toView(row, payeeId!, account));
    }
    return views;
  }
}

/** Reasons of the post office in words; those of a bank stay the codes that its people know. */
function reasonText(reason: string | null, language: Language): string {
  if (reason === null || !(reason in unpaidReasons)) return reason ?? '';
  return unpaidReasons[reason as UnpaidReasonCode].name[language];
}

function toView(row: ReturnedRow, payeeId: string, account: string | null): ReturnedLineView {
  return {
    endToEndId: endToEndId(row.batch_number, row.row_no),
    row: row.row_no,
    payeeId,
    payeeName: row.payee_name,
    bankBin: row.bank_bin,
    account,
    amount: row.amount,
    placeCode: row.place_code,
    outcome: row.kind,
    reason: row.reason,
    bookedOn: row.booked_on,
    state: row.state,
    paidAgainBy: row.next_batch === null ? null : endToEndId(row.next_batch, row.next_row!),
  };
}

const downloadColumns: { title: Text; width: number }[] = [
  { title: correctionTitles.payment, width: 22 },
  { title: correctionTitles.payeeId, width: 16 },
  { title: { vi: 'Họ và tên đã gửi', en: 'Full name as sent' }, width: 26 },
  { title: { vi: 'Mã ngân hàng đã gửi', en: 'Bank code as sent' }, width: 12 },
  { title: { vi: 'Số tài khoản đã gửi', en: 'Account number as sent' }, width: 20 },
  { title: correctionTitles.amount, width: 14 },
  { title: { vi: 'Mã địa bàn', en: 'Place code' }, width: 12 },
  { title: { vi: 'Lý do trả lại', en: 'Reason' }, width: 12 },
  { title: correctionTitles.payeeName, width: 26 },
  { title: correctionTitles.bankBin, width: 12 },
  { title: correctionTitles.account, width: 20 },
  { title: correctionTitles.remittance, width: 30 },
  { title: correctionTitles.again, width: 14 },
];
