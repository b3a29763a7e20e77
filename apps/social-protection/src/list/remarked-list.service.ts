import { Injectable, type StreamableFile } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Reader } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import {
  recordListAccess,
  remarkedFile,
  type RemarkedListRequest,
  remarkedRows,
  sweptProblem,
} from '@ansinh/uploads';
import { listCells } from './copy-list.js';
import { factColumns, listForm, titlesOf } from './list-columns.js';
import { ListService } from './list.service.js';
import { listProblems } from './list.problems.js';
import { findingText, type RowFinding } from './list-row.js';

/** A list as it came, with what was found beside each row: to be corrected by who sent it, and sent in again. */
@Injectable()
export class RemarkedListService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
    private readonly lists: ListService,
  ) {}

  /**
   * Numbers stand whole for who states a purpose and brought the list, or may unmask; others see them masked.
   * @throws ProblemError SUPPORT_LIST_NOT_FOUND, SUPPORT_LIST_CLEAN, SUPPORT_LIST_SWEPT, SUPPORT_LIST_NOT_KEPT,
   *   UNMASKING_REFUSED
   */
  async open(
    id: string,
    { isFlawedOnly, ...request }: RemarkedListRequest,
    reader: Reader,
  ): Promise<StreamableFile> {
    const { dataSource, sealer } = this;
    const { actor } = reader;
    const { rows, blocked, createdBy, programme, choice } = await this.lists.get(id, actor);
    if (blocked === 0) throw new ProblemError(listProblems.clean);
    await inTransaction(dataSource, scopeOf(actor), async (tx) => {
      const [{ sweptAt, isKept }] = (await tx.query(
        `SELECT cells_swept_at AS "sweptAt", EXISTS (SELECT FROM ${listCells} WHERE list_id = $1) AS "isKept"
         FROM support_list WHERE id = $1`,
        [id],
      )) as [{ sweptAt: Date | null; isKept: boolean }];
      if (sweptAt !== null) throw sweptProblem(listProblems.swept, sweptAt);
      if (!isKept) throw new ProblemError(listProblems.notKept);
      const isOwn = createdBy === actor.id && actor.permissions.has('support:apply');
      await recordListAccess(tx, reader, { subject: `support-list/${id}`, rows, isOwn });
    });
    const list = { id, rows, cells: listCells, findings: 'list_finding', key: 'list_id' };
    const facts = factColumns(programme, choice)!;
    const sentenceOf = (finding: RowFinding) => findingText(finding, facts)[request.language];
    const columns = titlesOf(listForm(programme, choice)!).map((title) => ({ title, width: 20 }));
    return remarkedFile(
      remarkedRows({ dataSource, sealer, actor }, list, isFlawedOnly, sentenceOf),
      { name: 'support-list', isMasked: reader.purpose === null, columns },
      request,
    );
  }
}
