import { PassThrough } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Scope,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { maskAccount, maskCitizenNumber } from '@ansinh/identity';
import type { Language, Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { findPlace } from '@ansinh/places';
import { type FieldError, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import type { PageQuery } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import { batchCode, endToEndId, readEndToEndId } from '../batch/batch-code.js';
import { openLines } from '../list-import/sealed-lines.js';
import type { RecordResults, ResultInput, SampleLineView } from './sample.dto.js';
import { sampleProblems } from './sample.problems.js';
import { findSample } from './sample.service.js';
import type { SampleRow } from './sample-view.js';

interface LineRow {
  row_no: number;
  stratum_no: number;
  amount: string;
  payee_name: string;
  bank_bin: string | null;
  place_code: string;
  result_id: string | null;
  outcome: string;
  received: string | null;
  note: string | null;
  recorded_by_name: string;
  at: Date;
}

const rowsPerRound = 200;

/** The lines of a sample: whom to visit, and what was found there. */
@Injectable()
export class VisitService {
  private readonly logger = new Logger('visit-list');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  async list(id: string, query: PageQuery, actor: Actor): Promise<Page<SampleLineView>> {
    const after = Number(readCursor(query.after, 'row')?.[0] ?? 0);
    const lines = await inTransaction(this.dataSource, scopeOf(actor), async (tx) =>
      this.linesOf(tx, await findSample(tx, id), after, query.limit + 1),
    );
    return pageOf(lines, query.limit, ({ row }) => [row]);
  }

  /** The list to print and take along. */
  async open(
    id: string,
    { format, language }: { format: 'csv' | 'xlsx'; language: Language },
    actor: Actor,
  ): Promise<{ content: PassThrough; fileName: string }> {
    const scope = scopeOf(actor);
    const sample = await inTransaction(this.dataSource, scope, (tx) => findSample(tx, id));
    const content = new PassThrough();
    const columns = visitColumns.map(({ title, width }) => ({ title: title[language], width }));
    const sheetName = { vi: 'Phiếu kiểm tra', en: 'Visits' }[language];
    writeTable(this.textsOf(sample, scope), content, { format, sheetName, columns }).catch(
      (error: unknown) => {
        this.logger.error(error, 'list of visits broke off');
        content.destroy(error as Error);
      },
    );
    return { content, fileName: `${batchCode(sample.batch_number)}-sample.${format}` };
  }

  /**
   * Records what was found, all of it or nothing.
   * @throws ProblemError SAMPLE_NOT_FOUND, RESULTS_REFUSED, RESULT_RECORDED
   */
  async record(id: string, { results }: RecordResults, command: Command): Promise<{ recorded: number }> {
    return this.commands.run(command, 'sample.record', async (tx) => {
      const sample = await findSample(tx, id);
      const before = await digestOf(tx, 'sample', id);
      const rows = await readResults(tx, sample, results);
      await insertResults(tx, id, rows, results, command.actor);
      const facts = {
        results: results.map(({ payment, outcome, corrects }) => ({ payment, outcome, corrects })),
      };
      const after = await digestOf(tx, 'sample', id);
      return { result: { recorded: results.length }, subject: `sample/${id}`, before, after, facts };
    });
  }

  private async *textsOf(sample: SampleRow, scope: Scope): AsyncGenerator<string[]> {
    for (let after = 0; ;) {
      const from = after;
      const lines = await inTransaction(this.dataSource, scope, (tx) =>
        this.linesOf(tx, sample, from, rowsPerRound),
      );
      for (const {
        endToEndId: payment,
        payeeName,
        payeeId,
        placeCode,
        placeName,
        amount,
        account,
        result,
      } of lines) {
        const place = placeName === null ? placeCode : `${placeName} (${placeCode})`;
        const found = [result?.outcome ?? '', result?.received ?? '', result?.note ?? ''];
        yield [payment, payeeName, payeeId, place, amount, account, ...found];
      }
      if (lines.length < rowsPerRound) return;
      after = lines.at(-1)!.row;
    }
  }

  private async linesOf(
    tx: Transaction,
    sample: SampleRow,
    after: number,
    limit: number,
  ): Promise<SampleLineView[]> {
    const rows = (await tx.query(
      `SELECT drawn.row_no, drawn.stratum_no, line.amount, line.payee_name, line.bank_bin, line.place_code,
              result.id AS result_id, result.outcome, result.received, result.note, result.recorded_by_name, result.at
       FROM sample_line drawn
       JOIN payment_line line ON line.batch_number = $2 AND line.row_no = drawn.row_no
       LEFT JOIN LATERAL (
         SELECT * FROM sample_result WHERE sample_id = $1 AND sample_result.row_no = drawn.row_no
         ORDER BY id DESC LIMIT 1) result ON true
       WHERE drawn.sample_id = $1 AND drawn.row_no > $3 ORDER BY drawn.row_no LIMIT $4`,
      [sample.id, sample.batch_number, after, limit],
    )) as LineRow[];
    const views: SampleLineView[] = [];
    for (const row of rows) {
      const opened = await openLines(tx, this.sealer, sample.batch_number, row.row_no, row.row_no);
      const { payeeId, account } = opened.get(row.row_no)!;
      views.push(toView(sample.batch_number, row, maskCitizenNumber(payeeId!), maskAccount(account ?? '')));
    }
    return views;
  }
}

function toView(batchNumber: string, row: LineRow, payeeId: string, account: string): SampleLineView {
  return {
    ...{ endToEndId: endToEndId(batchNumber, row.row_no), row: row.row_no, stratum: row.stratum_no },
    ...{ payeeName: row.payee_name, payeeId, placeCode: row.place_code, amount: row.amount },
    placeName: findPlace(row.place_code)?.name ?? null,
    ...{ bankBin: row.bank_bin, account },
    result:
      row.result_id === null
        ? null
        : {
            ...{ id: row.result_id, outcome: row.outcome, received: row.received, note: row.note },
            ...{ by: row.recorded_by_name, at: row.at.toISOString() },
          },
  };
}

/** The rows that are meant. @throws ProblemError RESULTS_REFUSED */
async function readResults(tx: Transaction, sample: SampleRow, results: ResultInput[]): Promise<number[]> {
  const named = results.map(({ payment }) => {
    const id = readEndToEndId(payment);
    return id?.batchNumber === sample.batch_number ? id.row : 0;
  });
  const drawn = (await tx.query(
    `SELECT drawn.row_no, amount FROM sample_line drawn JOIN payment_line line USING (row_no)
     WHERE sample_id = $1 AND batch_number = $2 AND drawn.row_no = ANY($3::int[])`,
    [sample.id, sample.batch_number, named],
  )) as { row_no: number; amount: string }[];
  const amounts = new Map(drawn.map((row) => [row.row_no, BigInt(row.amount)]));
  const errors = results.flatMap((result, index) => {
    const amount = amounts.get(named[index]!);
    const isTwice = named.indexOf(named[index]!) !== index;
    return errorsOf(result, amount, isTwice).map(([field, vi, en]): FieldError => {
      return { pointer: `/results/${index}/${field}`, code: 'invalid', detail: { vi, en } };
    });
  });
  if (errors.length > 0) throw new ProblemError(sampleProblems.refused, { errors });
  return named;
}

function errorsOf(
  { outcome, received }: ResultInput,
  amount: bigint | undefined,
  isTwice: boolean,
): [field: string, vi: string, en: string][] {
  if (amount === undefined) return [['payment', 'không có trong mẫu', 'is not in the sample']];
  if (isTwice) return [['payment', 'có hai kết quả', 'has two results']];
  if (outcome !== 'wrongAmount')
    return received === undefined
      ? []
      : [['received', 'chỉ dùng với wrongAmount', 'is for wrongAmount only']];
  // More than twice the payment is no error of this payment; and the estimate rests on errors no larger than it.
  const isPossible = received !== undefined && BigInt(received) !== amount && BigInt(received) <= 2n * amount;
  if (isPossible) return [];
  return [
    [
      'received',
      `phải là số tiền đã nhận, khác ${amount} và không quá hai lần`,
      `must be what was received: not ${amount}, and at most twice that`,
    ],
  ];
}

async function insertResults(
  tx: Transaction,
  id: string,
  rows: number[],
  results: ResultInput[],
  { id: by, name }: Actor,
): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO sample_result (sample_id, row_no, outcome, received, note, corrects, recorded_by, recorded_by_name)
       SELECT $1, told.*, $7, $8
       FROM unnest($2::int[], $3::text[], $4::bigint[], $5::text[], $6::bigint[]) AS told`,
      [
        ...[id, rows, results.map(({ outcome }) => outcome)],
        results.map(({ received }) => received ?? null),
        results.map(({ note }) => note ?? null),
        results.map(({ corrects }) => corrects ?? null),
        ...[by, name],
      ],
    );
  } catch (error) {
    const taken = ['sample_result_once', 'sample_result_corrected_once', 'sample_result_corrects'];
    if (taken.includes(violatedConstraint(error) ?? '')) throw new ProblemError(sampleProblems.recorded);
    throw error;
  }
}

const visitColumns: { title: Text; width: number }[] = [
  { title: { vi: 'Mã khoản chi', en: 'Payment' }, width: 22 },
  { title: { vi: 'Họ và tên', en: 'Full name' }, width: 26 },
  { title: { vi: 'Số định danh', en: 'Citizen number' }, width: 16 },
  { title: { vi: 'Xã, phường', en: 'Commune' }, width: 26 },
  { title: { vi: 'Số tiền', en: 'Amount' }, width: 14 },
  { title: { vi: 'Số tài khoản', en: 'Account number' }, width: 20 },
  { title: { vi: 'Kết quả', en: 'Result' }, width: 14 },
  { title: { vi: 'Số tiền thực nhận', en: 'Received' }, width: 14 },
  { title: { vi: 'Ghi chú, chữ ký', en: 'Note, signature' }, width: 40 },
];
