import { applyDecorators, Injectable, type StreamableFile, type Type } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { PurposeApi, type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Page } from '@ansinh/database';
import { type Language, languageOf } from '@ansinh/language';
import {
  asksForWorkbook,
  ListApi as PageOrWorkbookApi,
  type ListHeaders,
  type ListSheet,
  workbook,
} from '@ansinh/uploads';

/** Also how many a row of the access log speaks of. */
const rowsPerPage = 1_000;

export type ExportColumn<Row> = ListSheet<Row>['columns'][number];

/** Documents a list that is a page as JSON, and whole as a workbook for a stated purpose. */
export const ListApi = (page: Type) => applyDecorators(PageOrWorkbookApi(page), PurposeApi());

/** A list as a workbook, and the pages that the caller may see. */
export interface ExportedList<Row> extends ListSheet<Row> {
  /** What the access log says was read; left out: the name. */
  subject?: string;
  page: (query: { limit: number; after?: string }) => Promise<Page<Row>>;
}

/**
 * Every list of the registry as a workbook. Numbers are masked in it; but thousands of people at once, with where they live, are
 * not taken along without a word: it needs a stated purpose, and each page is in the access log before it leaves.
 */
@Injectable()
export class ListExportService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @returns null where the caller asks for a page, not for a workbook */
  async asked<Row>(
    headers: ListHeaders,
    list: ExportedList<Row>,
    reader: Reader,
  ): Promise<StreamableFile | null> {
    if (!asksForWorkbook(headers)) return null;
    return this.open(list, languageOf(headers['accept-language']), reader);
  }

  /**
   * The first page is read before anything is sent, so that a refusal still answers as a problem.
   * @throws ProblemError ACCESS_PURPOSE_MISSING, and what the list refuses
   */
  private async open<Row>(
    list: ExportedList<Row>,
    language: Language,
    reader: Reader,
  ): Promise<StreamableFile> {
    requirePurpose(reader, true);
    const first = await list.page({ limit: rowsPerPage });
    return workbook(list, this.pages(list, first, reader), language);
  }

  private async *pages<Row>(
    list: ExportedList<Row>,
    first: Page<Row>,
    reader: Reader,
  ): AsyncGenerator<readonly Row[]> {
    let shown = 0;
    for (let page = first; ; page = await list.page({ limit: rowsPerPage, after: page.next! })) {
      const rows = { first: shown + 1, last: shown + page.items.length };
      await this.log(list, rows, reader);
      yield page.items;
      shown = rows.last;
      if (page.next === null) return;
    }
  }

  private async log(
    { name, subject = name }: Pick<ExportedList<never>, 'name' | 'subject'>,
    rows: { first: number; last: number },
    reader: Reader,
  ): Promise<void> {
    await inTransaction(this.dataSource, scopeOf(reader.actor), (tx) =>
      recordAccess(tx, reader, requirePurpose(reader, true), {
        office: reader.actor.office,
        subject,
        rows,
        numbers: 0,
      }),
    );
  }
}
