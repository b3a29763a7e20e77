import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { copyValue } from '@ansinh/copy-text';
import { copyRows, type Transaction } from '@ansinh/database';
import { CellSealer, type ListFormat, type RawRow, readList } from '@ansinh/payment-list';
import type { FieldError } from '@ansinh/problem';
import type { Sealer } from '@ansinh/sealing';
import { type AnswerFinding, answerFindingText, answerHeader, readAnswer } from './insurance-row.js';

/** The tables of what is kept of a refused list. */
export const answerCells = 'insurance_cells';
export const answerFindingTable = 'insurance_finding';

/** Flaws that one refusal tells; the list that goes back has more. */
const errorsMax = 100;
/** Flawed rows with remarks: where there are more, one thing is wrong with most of them, and a few tell it. */
export const remarkedRowsMax = 20_000;

export interface AnswerFile {
  id: string;
  path: string;
  format: ListFormat;
}

export interface RefusedAnswers {
  id: string;
  rows: number;
  blocked: number;
  /** Each answer could be read; some came twice. */
  isRepeated: boolean;
  errors: FieldError[];
}

/** Rows as they stream in; others get their turn on this thread between them. */
export async function* rowsInTurns({ path, format }: AnswerFile): AsyncGenerator<RawRow[]> {
  for await (const rows of readList(createReadStream(path), format, answerHeader)) {
    yield rows;
    await setImmediate();
  }
}

/**
 * Keeps a list of which nothing is taken, to be given back: its cells sealed, and what is wrong with which row. The file is read
 * once for each, so that memory stays flat even where every row is flawed.
 */
export async function keepRefused(
  tx: Transaction,
  file: AnswerFile,
  sealer: Sealer,
): Promise<RefusedAnswers> {
  const { id } = file;
  await copyRows(tx, `${answerCells} (list_id, block_no, sealed)`, Readable.from(sealedBlocks(file, sealer)));
  await tx.query(`CREATE TEMPORARY TABLE told (row_no int, person_key uuid, month date, employer_tax_code text, code text,
    column_name text, facts jsonb) ON COMMIT DROP`);
  await copyRows(tx, 'told', Readable.from(toldLines(file, sealer)));
  await tx.query(
    `CREATE TEMPORARY TABLE repeated ON COMMIT DROP AS SELECT row_no, first_row FROM (
       SELECT row_no, min(row_no) OVER (PARTITION BY person_key, month, employer_tax_code) AS first_row
       FROM told WHERE code IS NULL) answer
     WHERE row_no > first_row`,
  );
  const [flawed] = (await tx.query(
    `WITH flawed AS MATERIALIZED (SELECT DISTINCT row_no FROM told WHERE code IS NOT NULL UNION ALL SELECT row_no FROM repeated)
     SELECT count(*)::int AS rows, (SELECT row_no FROM flawed ORDER BY row_no OFFSET $1 LIMIT 1) AS unremarked FROM flawed`,
    [remarkedRowsMax],
  )) as [{ rows: number; unremarked: number | null }];
  await tx.query(
    `INSERT INTO ${answerFindingTable} (list_id, row_no, code, column_name, facts)
     SELECT $1::uuid, row_no, code, column_name, facts FROM told
     WHERE code IS NOT NULL AND ($2::int IS NULL OR row_no < $2)
     UNION ALL
     SELECT $1, row_no, 'REPEATED', '', jsonb_build_object('row', first_row) FROM repeated WHERE $2 IS NULL OR row_no < $2
     UNION ALL
     SELECT $1, $2, 'MORE_FLAWED', '', jsonb_build_object('limit', $3::int) WHERE $2 IS NOT NULL`,
    [id, flawed.unremarked, flawed.rows - remarkedRowsMax],
  );
  const [list] = (await tx.query(
    `UPDATE insurance_list SET rows = (SELECT max(row_no) FROM told), blocked = $2 WHERE id = $1
     RETURNING rows, blocked, NOT EXISTS (SELECT FROM told WHERE code IS NOT NULL) AS "isRepeated"`,
    [id, flawed.rows],
  )) as [Pick<RefusedAnswers, 'rows' | 'blocked' | 'isRepeated'>[], number];
  const findings = (await tx.query(
    `SELECT row_no AS row, code, column_name AS column, facts FROM ${answerFindingTable} WHERE list_id = $1
     ORDER BY row_no, code, column_name LIMIT ${errorsMax}`,
    [id],
  )) as (AnswerFinding & { row: number })[];
  const errors = findings.map(({ row, ...finding }) => ({
    pointer: `/rows/${row}/${finding.column}`,
    code: finding.code,
    detail: answerFindingText(finding),
  }));
  return { id, ...list[0]!, errors };
}

async function* sealedBlocks(file: AnswerFile, sealer: Sealer): AsyncGenerator<string> {
  const cells = new CellSealer(answerCells, file.id, sealer);
  for await (const rows of rowsInTurns(file)) {
    for (const raw of rows) {
      const sealed = cells.add(raw);
      if (sealed !== '') yield sealed;
    }
  }
  yield cells.rest();
}

/** A line for each answer, by what it must not stand twice, and one for each flaw. */
async function* toldLines(file: AnswerFile, sealer: Sealer): AsyncGenerator<string> {
  for await (const rows of rowsInTurns(file)) {
    let lines = '';
    for (const raw of rows) {
      const read = readAnswer(raw);
      const told = Array.isArray(read)
        ? read.map(({ code, column, facts }) => [null, null, null, code, column ?? '', JSON.stringify(facts)])
        : [[sealer.lookupKey('payee', read.citizenNumber), read.month, read.taxCode, null, null, null]];
      for (const values of told) lines += `${[raw.row, ...values].map(copyValue).join('\t')}\n`;
    }
    yield lines;
  }
}
