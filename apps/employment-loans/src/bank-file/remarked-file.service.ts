import { Injectable, type StreamableFile } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Scope, streamRows } from '@ansinh/database';
import type { RemarkedRow } from '@ansinh/payment-list';
import { remarkedFile, type RemarkedListRequest } from '@ansinh/uploads';
import { type BankRowOutcome, outcomeSentence } from '../bank-exception/bank-exception.codes.js';
import { bankFileColumns } from './bank-file-columns.js';
import { findingSentence, type RowFinding } from './bank-file-row.js';
import { type BankFileRow, findBankFile } from './bank-file-view.js';

const remarks = { title: { vi: 'Kết quả', en: 'Remarks' }, width: 60 };

/** The file as it came, with what was found and what became of each row: to be corrected by the bank. */
@Injectable()
export class RemarkedFileService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Numbers of people, where the bank wrote some, are masked. @throws ProblemError BANK_FILE_NOT_FOUND */
  async open(id: string, request: RemarkedListRequest, actor: Actor): Promise<StreamableFile> {
    const scope = scopeOf(actor);
    const file = await inTransaction(this.dataSource, scope, (tx) => findBankFile(tx, id));
    const columns = bankFileColumns[file.kind];
    return remarkedFile(
      this.rowsOf(file, request, scope),
      { name: 'bank-file', isMasked: true, columns, remarks },
      request,
    );
  }

  private async *rowsOf(
    { id, kind }: BankFileRow,
    { language, isFlawedOnly }: RemarkedListRequest,
    scope: Scope,
  ): AsyncGenerator<RemarkedRow<string[]>> {
    const rows = streamRows<{ cells: string[]; findings: RowFinding[]; outcome: BankRowOutcome | null }>(
      this.dataSource,
      scope,
      `SELECT cells, findings, outcome FROM bank_file_row
       WHERE file_id = $1 AND (NOT $2 OR is_blocked OR outcome NOT IN ('booked', 'known', 'agrees')) ORDER BY row_no`,
      [id, isFlawedOnly],
    );
    for await (const { cells, findings, outcome } of rows) {
      const sentences = findings.map((finding) => findingSentence(kind, finding, language));
      if (outcome !== null) sentences.push(outcomeSentence(outcome, language));
      yield { cells, remarks: sentences.join('\n') };
    }
  }
}
