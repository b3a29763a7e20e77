import { Injectable, type StreamableFile } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Reader } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { Sealer } from '@ansinh/sealing';
import {
  recordListAccess,
  refuseLongWorkbook,
  remarkedFile,
  type RemarkedListRequest,
  remarkedRows,
  sweptProblem,
} from '@ansinh/uploads';
import { importColumns } from './import-columns.js';
import { findingSentence, type RowFinding } from './import-findings.js';
import { importProblems } from './import.problems.js';
import { viewImport } from './import-view.js';
import { importCells } from './staged-text.js';

/** The list as it came, with what was found beside each row: to be corrected and sent in again. */
@Injectable()
export class RemarkedImportService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Numbers stand whole for who states a purpose and brought the list, or may unmask; others see them masked.
   * @throws ProblemError IMPORT_NOT_FOUND, IMPORT_SWEPT, LIST_TOO_LONG_FOR_WORKBOOK, UNMASKING_REFUSED
   */
  async open(
    id: string,
    { isFlawedOnly, ...request }: RemarkedListRequest,
    reader: Reader,
  ): Promise<StreamableFile> {
    const { dataSource, sealer } = this;
    const { actor } = reader;
    const { kind, rows } = await inTransaction(dataSource, scopeOf(actor), async (tx) => {
      const view = await viewImport(tx, id);
      if (view.sweptAt !== null) throw sweptProblem(importProblems.swept, new Date(view.sweptAt));
      refuseLongWorkbook(request, isFlawedOnly ? view.blocked : view.rows);
      const isOwn = view.createdBy === actor.id && actor.permissions.has('registry:import');
      await recordListAccess(tx, reader, { subject: `import/${id}`, rows: view.rows, isOwn });
      return view;
    });
    const list = { id, rows, cells: importCells, findings: 'import_finding', key: 'import_id' };
    const sentenceOf = (finding: RowFinding) => findingSentence(kind, finding, request.language);
    return remarkedFile(
      remarkedRows({ dataSource, sealer, actor }, list, isFlawedOnly, sentenceOf),
      { name: 'import', isMasked: reader.purpose === null, columns: importColumns[kind] },
      request,
    );
  }
}
