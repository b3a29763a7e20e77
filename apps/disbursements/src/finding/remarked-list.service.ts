import { PassThrough } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Scope, type Transaction } from '@ansinh/database';
import { maskAccount, maskCitizenNumber, maskNumbersIn } from '@ansinh/identity';
import type { Language } from '@ansinh/language';
import { Sealer } from '@ansinh/sealing';
import { batchCode } from '../batch/batch-code.js';
import { type Batch } from '../batch/batch.entity.js';
import { findBatch, subjectOf } from '../batch/batch.service.js';
import {
  findingCatalogue,
  type FindingCode,
  type FindingFacts,
  findingText,
  type ListColumn,
  type OriginalRow,
  type RemarkedRow,
  writeRemarks,
} from '@ansinh/payment-list';
import { shownFacts } from './finding.service.js';
import { linesPerBlock, openLines, type SealedLine } from '../list-import/sealed-lines.js';

interface LineRow {
  row_no: number;
  payee_name: string | null;
  bank_bin: string | null;
  amount: string | null;
  programme_code: string | null;
  policy_code: string | null;
  period: string | null;
  place_code: string | null;
  ordinal: number | null;
  remittance: string | null;
  findings: { code: FindingCode; column: string; facts: FindingFacts; waived: boolean }[];
}

export interface RemarkedListRequest {
  format: 'csv' | 'xlsx';
  language: Language;
  isFlawedOnly: boolean;
}

/** Hands the list back as it came, with what was found beside each line. */
@Injectable()
export class RemarkedListService {
  private readonly logger = new Logger('remarked-list');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Numbers stand whole for who states a purpose and is a maker of this list, since makers have to correct it, or may
   * unmask. Others see them masked.
   * @throws ProblemError BATCH_NOT_FOUND; UNMASKING_REFUSED for a purpose without the right: a list that comes masked
   *   would be taken for the whole one
   */
  async open(
    batchId: string,
    request: RemarkedListRequest,
    reader: Reader,
  ): Promise<{ content: PassThrough; fileName: string }> {
    const isMasked = reader.purpose === null;
    const scope = scopeOf(reader.actor);
    const batch = isMasked
      ? await inTransaction(this.dataSource, scope, (tx) => findBatch(tx, batchId))
      : await this.unmask(batchId, request, reader);
    const content = new PassThrough();
    const rows = this.rowsOf(batch, request, isMasked, scope);
    writeRemarks(rows, content, request).catch((error: unknown) => {
      this.logger.error(error, 'list with remarks broke off');
      content.destroy(error as Error);
    });
    return { content, fileName: `${batchCode(batch.number)}.${request.format}` };
  }

  /** The row of the access log is committed before the first line is read: a list that breaks off has its row as well. */
  private async unmask(batchId: string, request: RemarkedListRequest, reader: Reader): Promise<Batch> {
    return inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      const isMaker = batch.makers.includes(reader.actor.id) && reader.actor.permissions.has('batch:write');
      const purpose = requirePurpose(reader, isMaker);
      const [shown] = (await tx.query(
        `SELECT count(*)::int AS lines FROM payment_line line WHERE batch_number = $1
         AND (NOT $2 OR EXISTS (SELECT FROM finding WHERE finding.batch_number = $1 AND finding.row_no = line.row_no))`,
        [batch.number, request.isFlawedOnly],
      )) as { lines: number }[];
      await recordAccess(tx, reader, purpose, {
        office: batch.officeCode,
        subject: `${subjectOf(batch)}/list`,
        rows: { first: Math.min(1, batch.rows), last: batch.rows },
        numbers: 2 * shown!.lines,
      });
      return batch;
    });
  }

  private async *rowsOf(
    batch: Batch,
    { language, isFlawedOnly }: RemarkedListRequest,
    isMasked: boolean,
    scope: Scope,
  ): AsyncGenerator<RemarkedRow> {
    for (let first = 1; first <= batch.rows; first += linesPerBlock) {
      const last = first + linesPerBlock - 1;
      const { lines, sealed } = await inTransaction(this.dataSource, scope, async (tx) => {
        const found = await linesOf(tx, batch, first, last, isFlawedOnly);
        if (found.length === 0) return { lines: found, sealed: null };
        return { lines: found, sealed: await openLines(tx, this.sealer, batch.number, first, last) };
      });
      for (const line of lines) yield remarked(line, sealed!.get(line.row_no)!, language, isMasked);
    }
  }
}

async function linesOf(
  tx: Transaction,
  batch: Batch,
  first: number,
  last: number,
  isFlawedOnly: boolean,
): Promise<LineRow[]> {
  return (await tx.query(
    `SELECT line.row_no, payee_name, bank_bin, amount, programme_code, policy_code, period, place_code, ordinal, remittance,
              coalesce(found.findings, '[]') AS findings
       FROM payment_line line
       LEFT JOIN (
         SELECT row_no, jsonb_agg(jsonb_build_object('code', code, 'column', column_name, 'facts', facts,
                                                     'waived', waiver_id IS NOT NULL) ORDER BY code, column_name) AS findings
         FROM finding WHERE batch_number = $1 AND row_no BETWEEN $2 AND $3 GROUP BY row_no
       ) found USING (row_no)
       WHERE line.batch_number = $1 AND line.row_no BETWEEN $2 AND $3 AND (NOT $4 OR found.findings IS NOT NULL)
       ORDER BY line.row_no`,
    [batch.number, first, last, isFlawedOnly],
  )) as LineRow[];
}

function remarked(line: LineRow, sealed: SealedLine, language: Language, isMasked: boolean): RemarkedRow {
  const waived = language === 'vi' ? ' (đã miễn)' : ' (waived)';
  const remarks = line.findings.map(({ code, column, facts, waived: isWaived }) => {
    const text = findingText(code, shownFacts(facts), column === '' ? null : (column as ListColumn));
    return `${findingCatalogue[code].title[language]}: ${text[language]}${isWaived ? waived : ''}`;
  });
  return { cells: cellsOf(line, sealed, isMasked), remarks: remarks.join('\n') };
}

/** In a row that could not be cut into cells, any of its words may be an account: those have six letters or digits. */
const wordsWithDigits = /\b(?=[A-Za-z]*[0-9])[0-9A-Za-z]{6,}\b/g;

function cellsOf(line: LineRow, sealed: SealedLine, isMasked: boolean): OriginalRow {
  const cells: OriginalRow = sealed.original ?? {
    payeeId: sealed.payeeId ?? '',
    payeeName: line.payee_name ?? '',
    bankBin: line.bank_bin ?? '',
    account: sealed.account ?? '',
    amount: line.amount ?? '',
    programmeCode: line.programme_code ?? '',
    policyCode: line.policy_code ?? '',
    period: line.period ?? '',
    placeCode: line.place_code ?? '',
    ordinal: line.ordinal === null ? '' : String(line.ordinal),
    remittance: line.remittance ?? '',
  };
  if (!isMasked) return cells;
  // A cell may stand in a wrong column: whatever looks like a number of a person or an account is masked.
  return Object.fromEntries(
    Object.entries(cells).map(([column, text]) => {
      if (column === 'payeeId') return [column, maskCitizenNumber(text)];
      if (column === 'account') return [column, maskAccount(text)];
      if (column === 'text') return [column, text.replace(wordsWithDigits, maskAccount)];
      return [column, maskNumbersIn(text)];
    }),
  );
}
