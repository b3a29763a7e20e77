import { PassThrough, type Readable } from 'node:stream';
import { applyDecorators, Injectable, Logger, type StreamableFile, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { PurposeApi, type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Page } from '@ansinh/database';
import { type Language, languageOf, type Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { download } from '@ansinh/service';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Also how many a row of the access log speaks of. */
const rowsPerPage = 1_000;

export interface ExportColumn<Row> {
  title: Text;
  width: number;
  text: (row: Row, language: Language) => string;
}

/** Documents a list that is a page as JSON, and whole as a workbook. */
export const ListApi = (page: Type) =>
  applyDecorators(
    ApiExtraModels(page),
    PurposeApi(),
    ApiOkResponse({
      content: {
        'application/json': { schema: { $ref: getSchemaPath(page) } },
        [xlsx]: { schema: { type: 'string', format: 'binary' } },
      },
    }),
  );

/** Of a request for a list. */
export interface ListHeaders {
  accept?: string;
  'accept-language'?: string;
}

/** A list as a workbook: what it is called, its columns, and the pages that the caller may see. */
export interface ExportedList<Row> {
  /** Of the file, and of what the access log says was read. */
  name: string;
  subject?: string;
  sheet: Text;
  columns: readonly ExportColumn<Row>[];
  page: (query: { limit: number; after?: string }) => Promise<Page<Row>>;
}

/**
 * Every list of the registry as a workbook. Numbers are masked in it; but thousands of people at once, with where they live, are
 * not taken along without a word: it needs a stated purpose, and each page is in the access log before it leaves.
 */
@Injectable()
export class ListExportService {
  private readonly logger = new Logger('list-export');

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @returns null where the caller asks for a page, not for a workbook */
  async asked<Row>(
    headers: ListHeaders,
    list: ExportedList<Row>,
    reader: Reader,
  ): Promise<StreamableFile | null> {
    if (!headers.accept?.includes(xlsx)) return null;
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
    const fileName = `${list.name}.xlsx`;
    return download({ type: xlsx, fileName }, this.write(list, first, language, reader));
  }

  private write<Row>(
    list: ExportedList<Row>,
    first: Page<Row>,
    language: Language,
    reader: Reader,
  ): Readable {
    const content = new PassThrough();
    const columns = list.columns.map(({ title, width }) => ({ title: title[language], width }));
    const options = { format: 'xlsx', sheetName: list.sheet[language], columns } as const;
    writeTable(this.rows(list, first, language, reader), content, options).catch((error: unknown) => {
      this.logger.error(error, `the list ${list.name} broke off`);
      content.destroy(error as Error);
    });
    return content;
  }

  private async *rows<Row>(
    list: ExportedList<Row>,
    first: Page<Row>,
    language: Language,
    reader: Reader,
  ): AsyncGenerator<string[]> {
    let shown = 0;
    for (let page = first; ; page = await list.page({ limit: rowsPerPage, after: page.next! })) {
      const rows = { first: shown + 1, last: shown + page.items.length };
      await this.log(list, rows, reader);
      for (const row of page.items) yield list.columns.map(({ text }) => text(row, language));
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
