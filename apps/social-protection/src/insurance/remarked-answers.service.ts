import { Injectable, type StreamableFile } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Reader } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import {
  recordListAccess,
  refuseLongWorkbook,
  remarkedFile,
  type RemarkedListRequest,
  remarkedRows,
  sweptProblem,
} from '@ansinh/uploads';
import { insuranceProblems } from './insurance.problems.js';
import { answerColumns, type AnswerFinding, answerFindingText } from './insurance-row.js';
import { answerCells, answerFindingTable, remarkedRowsMax } from './refused-answers.js';

interface BroughtList {
  rows: number;
  blocked: number;
  createdBy: string;
  sweptAt: Date | null;
}

/** A list of answers that was refused, as it came, with what is wrong beside each row. */
@Injectable()
export class RemarkedAnswersService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Numbers stand whole for who states a purpose and brought the list, or may unmask; others see them masked.
   * @throws ProblemError INSURANCE_LIST_NOT_FOUND, INSURANCE_LIST_TAKEN, INSURANCE_LIST_SWEPT, LIST_TOO_LONG_FOR_WORKBOOK,
   *   UNMASKING_REFUSED
   */
  async open(
    id: string,
    { isFlawedOnly, ...request }: RemarkedListRequest,
    reader: Reader,
  ): Promise<StreamableFile> {
    const { dataSource, sealer } = this;
    const { actor } = reader;
    const { rows } = await inTransaction(dataSource, scopeOf(actor), async (tx) => {
      const brought = await findRefused(tx, id);
      refuseLongWorkbook(
        request,
        isFlawedOnly ? Math.min(brought.blocked, remarkedRowsMax + 1) : brought.rows,
      );
      const isOwn = brought.createdBy === actor.id && actor.permissions.has('support:insurance');
      await recordListAccess(tx, reader, { subject: `insurance-list/${id}`, rows: brought.rows, isOwn });
      return brought;
    });
    const list = { id, rows, cells: answerCells, findings: answerFindingTable, key: 'list_id' };
    const sentenceOf = (finding: AnswerFinding) => answerFindingText(finding)[request.language];
    return remarkedFile(
      remarkedRows({ dataSource, sealer, actor }, list, isFlawedOnly, sentenceOf),
      { name: 'insurance-list', isMasked: reader.purpose === null, columns: answerColumns },
      request,
    );
  }
}

async function findRefused(tx: Transaction, id: string): Promise<BroughtList> {
  const [list] = (await tx.query(
    'SELECT rows, blocked, created_by AS "createdBy", cells_swept_at AS "sweptAt" FROM insurance_list WHERE id = $1',
    [id],
  )) as BroughtList[];
  if (!list) throw new ProblemError(insuranceProblems.notFound);
  if (list.blocked === 0) throw new ProblemError(insuranceProblems.taken);
  if (list.sweptAt !== null) throw sweptProblem(insuranceProblems.swept, list.sweptAt);
  return list;
}
