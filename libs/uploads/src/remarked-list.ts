import { PassThrough } from 'node:stream';
import { applyDecorators, Logger, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { DataSource } from 'typeorm';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { maskNumbersIn } from '@ansinh/identity';
import { languageOf } from '@ansinh/language';
import {
  cellsPlace,
  type RemarkedColumn,
  type RemarkedRow,
  type RemarksOptions,
  rowsPerBlock,
  SHEET_ROWS_MAX,
  writeRemarkedTable,
} from '@ansinh/payment-list';
import { type ProblemDefinition, ProblemError } from '@ansinh/problem';
import type { Sealer } from '@ansinh/sealing';
import { download } from '@ansinh/service';
import { asksForWorkbook, type ListHeaders } from './list-sheet.js';
import { listTypes } from './list-upload.js';

const logger = new Logger('remarked-list');
const binary = { schema: { type: 'string', format: 'binary' } };

/** Documents a route that gives a list back with a column of remarks. */
export const RemarkedListApi = () =>
  applyDecorators(ApiOkResponse({ content: { [listTypes.csv]: binary, [listTypes.xlsx]: binary } }));

export class RemarkedListQuery {
  @ApiProperty({
    required: false,
    enum: ['all', 'flawed'],
    default: 'all',
    description: 'Flawed: rows with a remark alone',
  })
  @IsOptional()
  @IsIn(['all', 'flawed'])
  rows: 'all' | 'flawed' = 'all';
}

export interface RemarkedListRequest extends RemarksOptions {
  isFlawedOnly: boolean;
}

export const remarkedListRequest = (
  headers: ListHeaders,
  { rows }: RemarkedListQuery,
): RemarkedListRequest => ({
  format: asksForWorkbook(headers) ? 'xlsx' : 'csv',
  language: languageOf(headers['accept-language']),
  isFlawedOnly: rows === 'flawed',
});

const tooLongForSheet = {
  code: 'LIST_TOO_LONG_FOR_WORKBOOK',
  status: 406,
  title: {
    vi: 'Danh sách dài hơn một trang tính Excel, chỉ tải về được dạng CSV',
    en: 'The list is longer than a sheet of a workbook; it is given as CSV alone',
  },
} satisfies ProblemDefinition;

/**
 * A list that no sheet holds is not spread over several: who sends the workbook in again is read by its first sheet alone.
 * @param rows that would be in it
 * @throws ProblemError LIST_TOO_LONG_FOR_WORKBOOK
 */
export function refuseLongWorkbook({ format }: Pick<RemarksOptions, 'format'>, rows: number): void {
  if (format !== 'xlsx' || rows <= SHEET_ROWS_MAX) return;
  throw new ProblemError(tooLongForSheet, {
    detail: {
      vi: `Danh sách có ${rows} dòng, một trang tính có tối đa ${SHEET_ROWS_MAX}: hãy yêu cầu ${listTypes.csv} (Accept), hoặc chỉ các dòng sai (rows=flawed).`,
      en: `The list has ${rows} rows, a sheet at most ${SHEET_ROWS_MAX}: ask for ${listTypes.csv} (Accept), or for flawed rows alone (rows=flawed).`,
    },
  });
}

/** What a list is given back as. Numbers of people are masked in its cells: one may stand in a wrong column. */
interface RemarkedFile {
  /** Of the file. */
  name: string;
  isMasked: boolean;
  columns: readonly RemarkedColumn[];
  /** Of the last one, where it is called otherwise. */
  remarks?: RemarkedColumn;
}

/** A list as it came, with what was found beside each row: to be corrected by who sent it, and sent in again. */
export function remarkedFile(
  rows: AsyncIterable<RemarkedRow<readonly string[]>>,
  { name, isMasked, columns, remarks }: RemarkedFile,
  { format, language }: RemarksOptions,
): StreamableFile {
  const content = new PassThrough();
  const shown = isMasked ? masked(rows) : rows;
  writeRemarkedTable(shown, content, { format, language, columns, remarks }).catch((error: unknown) => {
    logger.error(error, `${name} with remarks broke off`);
    content.destroy(error as Error);
  });
  return download({ type: listTypes[format], fileName: `${name}.${format}` }, content);
}

async function* masked(
  rows: AsyncIterable<RemarkedRow<readonly string[]>>,
): AsyncGenerator<RemarkedRow<string[]>> {
  for await (const { cells, remarks } of rows) yield { cells: cells.map(maskNumbersIn), remarks };
}

/** A list whose cells are kept in sealed blocks, and what was found in its rows. */
export interface KeptList {
  id: string;
  rows: number;
  /** Tables `(list, block_no, sealed)` and `(list, row_no, code, column_name, facts)`, and what both call the list. */
  cells: string;
  findings: string;
  key: string;
}

/** Block after block, each in a transaction of its own, so that memory stays flat and no lock is held while a caller reads. */
export async function* remarkedRows<Finding>(
  { dataSource, sealer, actor }: { dataSource: DataSource; sealer: Sealer; actor: Reader['actor'] },
  list: KeptList,
  isFlawedOnly: boolean,
  sentenceOf: (finding: Finding) => string,
): AsyncGenerator<RemarkedRow<string[]>> {
  for (let block = 0; block * rowsPerBlock < list.rows; block += 1) {
    const { sealed, findings } = await inTransaction(dataSource, scopeOf(actor), (tx) =>
      blockOf<Finding>(tx, list, block),
    );
    const rows = JSON.parse(sealer.open(sealed, cellsPlace(list.cells, list.id, block))) as string[][];
    for (const [index, cells] of rows.entries()) {
      const found = findings.get(block * rowsPerBlock + index + 1) ?? [];
      if (isFlawedOnly && found.length === 0) continue;
      yield { cells, remarks: found.map(sentenceOf).join('\n') };
    }
  }
}

async function blockOf<Finding>(
  tx: Transaction,
  { id, cells, findings, key }: KeptList,
  block: number,
): Promise<{ sealed: Buffer; findings: Map<number, Finding[]> }> {
  const [kept] = (await tx.query(`SELECT sealed FROM ${cells} WHERE ${key} = $1 AND block_no = $2`, [
    id,
    block,
  ])) as [{ sealed: Buffer }];
  const found = (await tx.query(
    `SELECT row_no AS row, code, column_name AS column, facts FROM ${findings}
     WHERE ${key} = $1 AND row_no > $2 AND row_no <= $2 + $3 ORDER BY row_no, code, column_name`,
    [id, block * rowsPerBlock, rowsPerBlock],
  )) as (Finding & { row: number })[];
  return { sealed: kept.sealed, findings: Map.groupBy(found, ({ row }) => row) };
}

/**
 * Writes down that a list is taken along with whole numbers; nothing where no purpose is stated, since they come masked then.
 * Committed before the first row is read: a list that breaks off has its row in the log as well.
 * @param list `isOwn`: the reader brought it, and so has its numbers already
 * @throws ProblemError UNMASKING_REFUSED
 */
export async function recordListAccess(
  tx: Transaction,
  reader: Reader,
  { subject, rows, isOwn }: { subject: string; rows: number; isOwn: boolean },
): Promise<void> {
  if (reader.purpose === null) return;
  await recordAccess(tx, reader, requirePurpose(reader, isOwn), {
    office: reader.actor.office,
    subject: `${subject}/list`,
    rows: { first: Math.min(1, rows), last: rows },
    numbers: rows,
  });
}
