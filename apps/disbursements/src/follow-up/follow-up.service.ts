import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { asSystem, limitStatement, type Transaction } from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import {
  checkRow,
  findingText,
  type ListColumn,
  listColumns,
  type ListFormat,
  type PaymentMeans,
} from '@ansinh/payment-list';
import { Sealer } from '@ansinh/sealing';
import { streamOf } from '@ansinh/service';
import type { BatchView } from '../batch/batch.dto.js';
import { digestOf } from '../audit/record-digest.js';
import { batchCode } from '../batch/batch-code.js';
import type { Batch } from '../batch/batch.entity.js';
import { wrongState } from '../batch/batch.problems.js';
import { findFundFor, insertBatch, lockBatch } from '../batch/batch.service.js';
import type { BatchState } from '../batch/batch.states.js';
import { postCash } from '../channel/post-cash.js';
import { Hints } from '../hints/hints.js';
import { ListImportService, meansOf } from '../list-import/list-import.service.js';
import { linesPerBlock, openLines, type SealedLine } from '../list-import/sealed-lines.js';
import { streamedTypes } from '../rest.js';
import { RowErrors } from '../row-errors.js';
import { isMonth, monthOf } from '../schedule/cycle.js';
import { digestOfFile, formatOf, refusingList, withSpooled } from '@ansinh/uploads';
import type { FollowUpQuery } from './follow-up.dto.js';
import { type Correction, openCorrection, readCorrections } from './corrections.js';
import { followUpProblems } from './follow-up.problems.js';
import { linkLines } from './follow-up-lines.js';

const correctionBytesMax = 256 * 1024 ** 2;
const secondsMax = 900;

/** Nothing of it is sent any more: what came back is known. */
const followedUpStates: readonly BatchState[] = ['transmitted', 'reconciled', 'closed'];

interface CorrectedRow {
  row_no: number;
  line: number;
  sealed: Buffer;
  payee_name: string;
  bank_bin: string | null;
  amount: string;
  programme_code: string;
  policy_code: string;
  period: string;
  place_code: string;
  ordinal: number;
  remittance: string | null;
}

/** Makes the batch that pays again what came back. */
@Injectable()
export class FollowUpService {
  constructor(
    private readonly commands: Commands,
    private readonly hints: Hints,
    private readonly sealer: Sealer,
    private readonly imports: ListImportService,
  ) {}

  /**
   * The upload is a list of corrections. What it does not correct is taken from the line that came back; payee, amount and
   * obligation always are. The lines go through the importer as a list of their own, and then the ordinary way.
   * @throws ProblemError BATCH_STATE, FUND_NOT_FOUND, PROGRAMME_NOT_FUNDED, CORRECTIONS_REFUSED, NO_CORRECTIONS, RETURNED_LINE_TAKEN, LIST_REFUSED,
   *   UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
   */
  async create(
    id: string,
    request: FastifyRequest,
    query: FollowUpQuery,
    command: Command,
  ): Promise<BatchView> {
    const format = formatOf(request.headers['content-type']);
    const view = await withSpooled(streamOf(request, streamedTypes), correctionBytesMax, async (path) =>
      this.commands.run(withFile(command, await digestOfFile(path)), 'batch.followUp', async (tx) => {
        const source = await lockBatch(tx, id);
        if (!followedUpStates.includes(source.state)) throw wrongState(source.state, followedUpStates);
        const target = await targetOf(tx, source, query);
        // Whether another batch pays the line already is told whosever that batch is; and the list comes in by COPY.
        const batch = await asSystem(tx, () =>
          this.fill(tx, { source, target }, { path, format }, query, command),
        );
        const facts = { source: batchCode(source.number), rows: batch.rows };
        const after = await digestOf(tx, 'batch', batch.id);
        return { result: batch, subject: `batch/${batch.code}`, before: null, after, facts };
      }),
    );
    await this.hints.checkDue(view.id);
    return view;
  }

  private async fill(
    tx: Transaction,
    { source, target: { id: fundId, channel } }: { source: Batch; target: Target },
    file: { path: string; format: ListFormat },
    query: FollowUpQuery,
    { actor }: Command,
  ): Promise<BatchView> {
    await limitStatement(tx, secondsMax);
    await refusingList(() => readCorrections(tx, this.sealer, source.number, file));
    const { programmeCode, officeCode, number: followUpOf } = source;
    const period = query.period ?? periodAfter(source);
    const purpose = `${source.purpose.slice(0, 460)} (chi lại ${batchCode(source.number)})`;
    const fields = { fundId, programmeCode, purpose, period, channel, officeCode, followUpOf };
    const batch = await insertBatch(tx, fields, actor.id);
    await linkLines(tx, source.number, batch.number);
    const path = join(dirname(file.path), 'list');
    const errors = new RowErrors(followUpProblems.refused);
    const lines = Readable.from(this.correctedLines(tx, source.number, meansOf(batch), errors));
    await pipeline(lines, createWriteStream(path, { mode: 0o600 }));
    errors.refuseIfAny();
    return (await this.imports.fillList(tx, batch, { path, format: 'ndjson' }, query.onBlocking, actor)).view;
  }

  /** The corrected lines as a list, by the blocks under which their numbers are sealed. */
  private async *correctedLines(
    tx: Transaction,
    batchNumber: string,
    means: PaymentMeans,
    errors: RowErrors,
  ): AsyncGenerator<string> {
    const blocks = (await tx.query(
      `SELECT DISTINCT (row_no - 1) / ${linesPerBlock} AS block FROM correction ORDER BY block`,
    )) as { block: number }[];
    for (const { block } of blocks) {
      const [first, last] = [block * linesPerBlock + 1, (block + 1) * linesPerBlock];
      const rows = (await tx.query(
        `SELECT row_no, correction.line, correction.sealed, payee_name, bank_bin, amount, programme_code, policy_code,
                period, place_code, ordinal, remittance
         FROM correction JOIN payment_line USING (row_no)
         WHERE batch_number = $1 AND row_no BETWEEN $2 AND $3 ORDER BY row_no`,
        [batchNumber, first, last],
      )) as CorrectedRow[];
      const sealed = await openLines(tx, this.sealer, batchNumber, first, last);
      let text = '';
      for (const row of rows) {
        const correction = openCorrection(this.sealer, batchNumber, row.row_no, row.sealed);
        const cells = correctedCells(row, sealed.get(row.row_no)!, correction, means);
        findErrors(row, cells, { correction, means }, errors);
        text += `${JSON.stringify(cells)}\n`;
      }
      yield text;
      if (errors.isFull) return;
    }
  }
}

/** The fund that pays, and the way that it pays. */
interface Target {
  id: string;
  channel: string;
}

/** @throws ProblemError FUND_NOT_FOUND, PROGRAMME_NOT_FUNDED */
async function targetOf(
  tx: Transaction,
  { fundId, programmeCode, channel }: Batch,
  query: FollowUpQuery,
): Promise<Target> {
  if (query.fundId === undefined) return { id: fundId, channel };
  return findFundFor(tx, { fundId: query.fundId, programmeCode });
}

/**
 * What the post office could not hand out is carried to the next month (Decree 20/2021, article 34); a bank pays again for the
 * same one.
 */
function periodAfter({ channel, period }: Batch): string {
  return channel === postCash && isMonth(period) ? monthOf(`${period}-01`, 1) : period;
}

type Cells = Record<ListColumn, string>;

function correctedCells(
  row: CorrectedRow,
  sealed: SealedLine,
  correction: Correction,
  means: PaymentMeans,
): Cells {
  const toAccount = means === 'account';
  return {
    payeeId: sealed.payeeId!,
    payeeName: correction.payeeName || row.payee_name,
    bankBin: toAccount ? correction.bankBin || (row.bank_bin ?? '') : '',
    account: toAccount ? correction.account || (sealed.account ?? '') : '',
    amount: row.amount,
    programmeCode: row.programme_code,
    policyCode: row.policy_code,
    period: row.period,
    placeCode: row.place_code,
    ordinal: String(row.ordinal),
    remittance: correction.remittance || (row.remittance ?? ''),
  };
}

const corrected = new Set<ListColumn>(['bankBin', 'account', 'payeeName', 'remittance']);

/** A wrong cell is refused here, where the officer still has the list in hand, and not set aside later. */
function findErrors(
  row: CorrectedRow,
  cells: Cells,
  { correction, means }: { correction: Correction; means: PaymentMeans },
  errors: RowErrors,
): void {
  const raw = {
    row: 1,
    line: row.line,
    cells: listColumns.map((column) => cells[column]),
    problem: null,
    text: null,
  };
  for (const { code, column, facts } of checkRow(raw, means).findings) {
    if (column === null || !corrected.has(column)) continue;
    // What was paid in cash has no account that could stay as it was.
    if (code === 'MISSING_FIELD' || correction[column as keyof Correction] !== '')
      errors.add(row.line, column, code, findingText(code, facts, column));
  }
  if (means === 'cash' && (correction.bankBin !== '' || correction.account !== '')) {
    const cash = { vi: 'không dùng: lô này chi tiền mặt.', en: 'is of no use: this batch is paid in cash.' };
    errors.add(row.line, 'account', 'cash', cash);
  }
  const fixed = {
    vi: 'khác với khoản bị trả lại; người nhận và số tiền không sửa được ở đây.',
    en: 'differs from the payment that came back; payee and amount cannot be corrected here.',
  };
  if (correction.amount !== '' && correction.amount.replace(/[\s.,]/g, '') !== cells.amount)
    errors.add(row.line, 'amount', 'fixed', fixed);
  // As the list of what came back gives it: whole, or masked; a spreadsheet may have dropped the zeros in front.
  const { payeeId } = correction;
  const isMasked = payeeId.includes('•');
  if (payeeId !== '' && !isMasked && payeeId.padStart(12, '0') !== cells.payeeId)
    errors.add(row.line, 'payeeId', 'fixed', fixed);
}
