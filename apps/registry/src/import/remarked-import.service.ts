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
import type { ImportView } from './import.dto.js';
import { importColumns } from './import-columns.js';
import { findingSentence, type RowFinding } from './import-findings.js';
import { importProblems } from './import.problems.js';
import { viewImport } from './import-view.js';
import { cellsPlace, rowsPerBlock } from './staged-text.js';

export interface RemarkedImportRequest {
  format: 'csv' | 'xlsx';
  language: Language;
  isFlawedOnly: boolean;
}

const remarksTitle: Text = { vi: 'Ghi chú kiểm tra', en: 'Remarks' };
const sheetName: Text = { vi: 'Danh sách', en: 'List' };

/** The list as it came, with what was found beside each row: to be corrected and sent in again. */
@Injectable()
export class RemarkedImportService {
  private readonly logger = new Logger('remarked-import');

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Numbers stand whole for who states a purpose and brought the list, or may unmask; others see them masked.
   * @throws ProblemError IMPORT_NOT_FOUND, IMPORT_SWEPT, UNMASKING_REFUSED
   */
  async open(id: string, request: RemarkedImportRequest, reader: Reader): Promise<PassThrough> {
    const scope = scopeOf(reader.actor);
    const isMasked = reader.purpose === null;
    const found = await inTransaction(this.dataSource, scope, async (tx) => {
      const view = await viewImport(tx, id);
      if (view.sweptAt !== null) throw new ProblemError(importProblems.swept);
      // Committed before the first row is read: a list that breaks off has its row in the log as well.
      if (!isMasked) await logReading(tx, view, reader);
      return view;
    });
    const { format, language } = request;
    const columns = [
      ...importColumns[found.kind].map(({ title, width }) => ({ title: title[language], width })),
      { title: remarksTitle[language], width: 80 },
    ];
    const content = new PassThrough();
    writeTable(this.rowsOf(found, request, isMasked, scope), content, {
      format,
      sheetName: sheetName[language],
      columns,
    }).catch((error: unknown) => {
      this.logger.error(error, 'import with remarks broke off');
      content.destroy(error as Error);
    });
    return content;
  }

  private async *rowsOf(
    view: ImportView,
    { language, isFlawedOnly }: RemarkedImportRequest,
    isMasked: boolean,
    scope: Scope,
  ): AsyncGenerator<string[]> {
    const { id, kind, rows } = view;
    const width = importColumns[kind].length;
    for (let block = 0; block * rowsPerBlock < rows; block += 1) {
      const { cells, findings } = await inTransaction(this.dataSource, scope, (tx) =>
        this.blockOf(tx, id, block),
      );
      for (const [index, texts] of cells.entries()) {
        const found = findings.get(block * rowsPerBlock + index + 1) ?? [];
        if (isFlawedOnly && found.length === 0) continue;
        const shown = isMasked ? texts.map(maskNumbersIn) : texts;
        const padding = Array<string>(width - shown.length).fill('');
        const remarks = found.map((finding) => findingSentence(kind, finding, language));
        yield [...shown, ...padding, remarks.join('\n')];
      }
    }
  }

  private async blockOf(
    tx: Transaction,
    id: string,
    block: number,
  ): Promise<{ cells: string[][]; findings: Map<number, RowFinding[]> }> {
    const [sealed] = (await tx.query(
      'SELECT sealed FROM import_cells WHERE import_id = $1 AND block_no = $2',
      [id, block],
    )) as { sealed: Buffer }[];
    const rows = (await tx.query(
      `SELECT row_no AS row, code, column_name AS column, facts FROM import_finding
       WHERE import_id = $1 AND row_no > $2 AND row_no <= $2 + $3 ORDER BY row_no, code, column_name`,
      [id, block * rowsPerBlock, rowsPerBlock],
    )) as (RowFinding & { row: number })[];
    return {
      cells: JSON.parse(this.sealer.open(sealed!.sealed, cellsPlace(id, block))) as string[][],
      findings: Map.groupBy(rows, ({ row }) => row),
    };
  }
}

async function logReading(tx: Transaction, view: ImportView, reader: Reader): Promise<void> {
  const { actor } = reader;
  const isOwn = view.createdBy === actor.id && actor.permissions.has('registry:import');
  await recordAccess(tx, reader, requirePurpose(reader, isOwn), {
    office: actor.office,
    subject: `import/${view.id}/list`,
    rows: { first: Math.min(1, view.rows), last: view.rows },
    numbers: view.rows,
  });
}
