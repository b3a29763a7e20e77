import { PassThrough } from 'node:stream';
import { applyDecorators, Logger, type StreamableFile, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { Page } from '@ansinh/database';
import { type Language, languageOf, type Text } from '@ansinh/language';
import { writeTable } from '@ansinh/payment-list';
import { download } from '@ansinh/service';
import { listTypes } from './list-upload.js';

const logger = new Logger('list-sheet');

const rowsPerPage = 1_000;

interface SheetColumn<Row> {
  title: Text;
  width: number;
  text: (row: Row, language: Language) => string;
}

/** @param text of a cell; null is an empty one */
export const column = <Row>(
  vi: string,
  en: string,
  width: number,
  text: (row: Row, language: Language) => string | number | null,
): SheetColumn<Row> => ({
  title: { vi, en },
  width,
  text: (row, language) => String(text(row, language) ?? ''),
});

/** A list as a workbook. No number of a person stands in such a list, so that nobody is asked for a purpose. */
export interface ListSheet<Row> {
  /** Of the file. */
  name: string;
  sheet: Text;
  columns: readonly SheetColumn<Row>[];
}

/** Of a request for a list. */
export interface ListHeaders {
  accept?: string;
  'accept-language'?: string;
}

/** Documents a list that is a page as JSON, and whole as a workbook by `Accept`. */
export const ListApi = (page: Type) =>
  applyDecorators(
    ApiExtraModels(page),
    ApiOkResponse({
      content: {
        'application/json': { schema: { $ref: getSchemaPath(page) } },
        [listTypes.xlsx]: { schema: { type: 'string', format: 'binary' } },
      },
    }),
  );

type Pages = { limit: number; after?: string | undefined };

/**
 * What was asked for: a page, or all pages as a workbook. The first one is read before anything is sent, so that a refusal
 * answers as a problem.
 * @param read the list as it was asked for, by other pages where they are given
 */
export async function pageOrWorkbook<Row, Shown extends Page<Row>>(
  headers: ListHeaders,
  list: ListSheet<Row>,
  read: (pages?: Pages) => Promise<Shown>,
): Promise<Shown | StreamableFile> {
  if (!asksForWorkbook(headers)) return read();
  const first = await read({ limit: rowsPerPage, after: undefined });
  return workbook(list, pagesFrom(first, read), languageOf(headers['accept-language']));
}

export const asksForWorkbook = ({ accept }: ListHeaders): boolean =>
  accept?.includes(listTypes.xlsx) === true;

export function workbook<Row>(
  { name, sheet, columns }: ListSheet<Row>,
  pages: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  language: Language,
): StreamableFile {
  const content = new PassThrough();
  const options = {
    format: 'xlsx',
    sheetName: sheet[language],
    columns: columns.map(({ title, width }) => ({ title: title[language], width })),
  } as const;
  const rows = (async function* () {
    for await (const page of pages)
      for (const row of page) yield columns.map(({ text }) => text(row, language));
  })();
  writeTable(rows, content, options).catch((error: unknown) => {
    logger.error(error, `the list ${name} broke off`);
    content.destroy(error as Error);
  });
  return download({ type: listTypes.xlsx, fileName: `${name}.xlsx` }, content);
}

async function* pagesFrom<Row>(
  first: Page<Row>,
  read: (pages: Pages) => Promise<Page<Row>>,
): AsyncGenerator<readonly Row[]> {
  for (let page = first; ; page = await read({ limit: rowsPerPage, after: page.next! })) {
    yield page.items;
    if (page.next === null) return;
  }
}
