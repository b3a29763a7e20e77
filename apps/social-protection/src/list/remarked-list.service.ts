import { PassThrough } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Scope, type Transaction } from '@ansinh/database';
import { maskNumbersIn } from '@ansinh/identity';
import type { Language, Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { cellsPlace, rowsPerBlock } from './copy-list.js';
import { factColumns, type ListForm, listForm, titlesOf } from './list-columns.js';
import type { SupportListView } from './list.dto.js';
import { ListService } from './list.service.js';
import { listProblems } from './list.problems.js';
import { findingText, type RowFinding } from './list-row.js';

interface RemarkedListRequest {
  format: 'csv' | 'xlsx';
  language: Language;
  isFlawedOnly: boolean;
}

const remarksTitle: Text = { vi: 'Ghi chú kiểm tra', en: 'Remarks' };
const sheetName: Text = { vi: 'Danh sách', en: 'List' };

/** A list as it came, with what was found beside each row: to be corrected by who sent it, and sent in again. */
@Injectable()
export class RemarkedListService {
  private readonly logger = new Logger('remarked-list');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
    private readonly lists: ListService,
  ) {}

  /**
   * Numbers stand whole for who states a purpose and brought the list, or may unmask; others see them masked.
   * @throws ProblemError SUPPORT_LIST_NOT_FOUND, SUPPORT_LIST_CLEAN, SUPPORT_LIST_NOT_KEPT, UNMASKING_REFUSED
   */
  async open(id: string, request: RemarkedListRequest, reader: Reader): Promise<PassThrough> {
    const list = await this.lists.get(id, reader.actor);
    if (list.blocked === 0) throw new ProblemError(listProblems.clean);
    const scope = scopeOf(reader.actor);
    const [kept] = (await inTransaction(this.dataSource, scope, (tx) =>
      tx.query('SELECT FROM list_cells WHERE list_id = $1 LIMIT 1', [id]),
    )) as object[];
    if (!kept) throw new ProblemError(listProblems.notKept);
    const isMasked = reader.purpose === null;
    // Committed before the first row is read: a list that breaks off has its row in the log as well.
    if (!isMasked) await inTransaction(this.dataSource, scope, (tx) => logReading(tx, list, reader));
    const { format, language } = request;
    const form = listForm(list.programme, list.choice)!;
    const columns = [
      ...titlesOf(form).map((title) => ({ title: title[language], width: 20 })),
      { title: remarksTitle[language], width: 80 },
    ];
    const content = new PassThrough();
    writeTable(this.rowsOf(list, form, { ...request, isMasked, scope }), content, {
      format,
      sheetName: sheetName[language],
      columns,
    }).catch((error: unknown) => {
      this.logger.error(error, 'list with remarks broke off');
      content.destroy(error as Error);
    });
    return content;
  }

  private async *rowsOf(
    { id, rows, programme, choice }: SupportListView,
    form: ListForm,
    { language, isFlawedOnly, isMasked, scope }: RemarkedListRequest & { isMasked: boolean; scope: Scope },
  ): AsyncGenerator<string[]> {
    const width = titlesOf(form).length;
    const columns = factColumns(programme, choice)!;
    for (let block = 0; block * rowsPerBlock < rows; block += 1) {
      const { cells, findings } = await inTransaction(this.dataSource, scope, (tx) =>
        this.blockOf(tx, id, block),
      );
      for (const [index, texts] of cells.entries()) {
        const found = findings.get(block * rowsPerBlock + index + 1) ?? [];
        if (isFlawedOnly && found.length === 0) continue;
        const shown = isMasked ? texts.map(maskNumbersIn) : texts;
        const padding = Array<string>(width - shown.length).fill('');
        const remarks = found.map((finding) => findingText(finding, columns)[language]);
        yield [...shown, ...padding, remarks.join('\n')];
      }
    }
  }

  private async blockOf(
    tx: Transaction,
    id: string,
    block: number,
  ): Promise<{ cells: string[][]; findings: Map<number, RowFinding[]> }> {
    const [kept] = (await tx.query('SELECT sealed FROM list_cells WHERE list_id = $1 AND block_no = $2', [
      id,
      block,
    ])) as { sealed: Buffer }[];
    const rows = (await tx.query(
      `SELECT row_no AS row, code, column_name AS column, facts FROM list_finding
       WHERE list_id = $1 AND row_no > $2 AND row_no <= $2 + $3 ORDER BY row_no, code, column_name`,
      [id, block * rowsPerBlock, rowsPerBlock],
    )) as (RowFinding & { row: number })[];
    return {
      cells: JSON.parse(this.sealer.open(kept!.sealed, cellsPlace(id, block))) as string[][],
      findings: Map.groupBy(rows, ({ row }) => row),
    };
  }
}

async function logReading(tx: Transaction, list: SupportListView, reader: Reader): Promise<void> {
  const { actor } = reader;
  const isOwn = list.createdBy === actor.id && actor.permissions.has('support:apply');
  await recordAccess(tx, reader, requirePurpose(reader, isOwn), {
    office: actor.office,
    subject: `support-list/${list.id}/list`,
    rows: { first: 1, last: list.rows },
    numbers: list.rows,
  });
}
