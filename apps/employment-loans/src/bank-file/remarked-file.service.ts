import { PassThrough } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Scope, streamRows } from '@ansinh/database';
import { maskNumbersIn } from '@ansinh/identity';
import type { Language, Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { type BankRowOutcome, outcomeSentence } from '../bank-exception/bank-exception.codes.js';
import { bankFileColumns } from './bank-file-columns.js';
import { findingSentence, type RowFinding } from './bank-file-row.js';
import { type BankFileRow, findBankFile } from './bank-file-view.js';

export interface RemarkedFileRequest {
  format: 'csv' | 'xlsx';
  language: Language;
  isFlawedOnly: boolean;
}

const remarksTitle: Text = { vi: 'Kết quả', en: 'Remarks' };
const sheetName: Text = { vi: 'Danh sách', en: 'List' };

/** The file as it came, with what was found and what became of each row: to be corrected by the bank. */
@Injectable()
export class RemarkedFileService {
  private readonly logger = new Logger('remarked-bank-file');

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Numbers of people, where the bank wrote some, are masked. @throws ProblemError BANK_FILE_NOT_FOUND */
  async open(id: string, request: RemarkedFileRequest, actor: Actor): Promise<PassThrough> {
    const scope = scopeOf(actor);
    const file = await inTransaction(this.dataSource, scope, (tx) => findBankFile(tx, id));
    const { format, language } = request;
    const columns = [
      ...bankFileColumns[file.kind].map(({ title, width }) => ({ title: title[language], width })),
      { title: remarksTitle[language], width: 60 },
    ];
    const content = new PassThrough();
    writeTable(this.rowsOf(file, request, scope), content, {
      format,
      sheetName: sheetName[language],
      columns,
    }).catch((error: unknown) => {
      this.logger.error(error, 'bank file with remarks broke off');
      content.destroy(error as Error);
    });
    return content;
  }

  private async *rowsOf(
    { id, kind }: BankFileRow,
    { language, isFlawedOnly }: RemarkedFileRequest,
    scope: Scope,
  ): AsyncGenerator<string[]> {
    const width = bankFileColumns[kind].length;
    const rows = streamRows<{ cells: string[]; findings: RowFinding[]; outcome: BankRowOutcome | null }>(
      this.dataSource,
      scope,
      `SELECT cells, findings, outcome FROM bank_file_row
       WHERE file_id = $1 AND (NOT $2 OR is_blocked OR outcome NOT IN ('booked', 'known', 'agrees')) ORDER BY row_no`,
      [id, isFlawedOnly],
    );
    for await (const { cells, findings, outcome } of rows) {
      const remarks = findings.map((finding) => findingSentence(kind, finding, language));
      if (outcome !== null) remarks.push(outcomeSentence(outcome, language));
      const padding = Array<string>(width - cells.length).fill('');
      yield [...cells.map(maskNumbersIn), ...padding, remarks.join('\n')];
    }
  }
}
