import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { copyValue } from '@ansinh/copy-text';
import { copyInto, copyRows, type Transaction } from '@ansinh/database';
import { CellSealer, type ListFormat, readList, rowsOf } from '@ansinh/payment-list';
import { ProblemError } from '@ansinh/problem';
import type { Sealer } from '@ansinh/sealing';
import { columnsOf, type ListForm } from './list-columns.js';
import { listProblems } from './list.problems.js';
import { type ReadRow, readRow } from './list-row.js';

/** Of the largest employer; it also bounds what is kept in memory to find people who stand twice in a list. */
const rowsMax = 60_000;
/** The table of the cells. */
export const listCells = 'list_cells';
/** Rows that are handed to PostgreSQL at once, after which others get their turn on this thread: some milliseconds of work. */
const rowsPerTurn = 500;

interface ListFile {
  id: string;
  path: string;
  format: ListFormat;
  form: ListForm;
  sealer: Sealer;
}

/**
 * Copies a list into its table, numbers and accounts sealed.
 * @throws ListError where the file is no list, ProblemError SUPPORT_LIST_TOO_LONG
 */
export async function copyList(tx: Transaction, file: ListFile): Promise<{ rows: number; blocked: number }> {
  const target = await copyInto(
    tx,
    'list_row (list_id, row_no, is_blocked, person_key, name, sealed, bank_bin, facts, payee_key, payee_name)',
  );
  const firstRows = new Map<string, number>();
  const lines: string[] = [];
  const findings: string[] = [];
  const sealer = new CellSealer(listCells, file.id, file.sealer);
  const cells: string[] = [];
  const counts = { rows: 0, blocked: 0 };
  try {
    for await (const part of readList(
      createReadStream(file.path),
      file.format,
      columnsOf(file.form),
    ).parts()) {
      for (const raw of rowsOf(part)) {
        const read = readRow(raw, file.form);
        counts.rows += 1;
        const sealed = sealer.add(raw);
        if (sealed !== '') cells.push(sealed);
        if (counts.rows > rowsMax) throw new ProblemError(listProblems.tooLong);
        const key = read.citizenNumber && file.sealer.lookupKey('payee', read.citizenNumber);
        refuseRepeated(read, key, firstRows);
        if (read.findings.length > 0) counts.blocked += 1;
        for (const { code, column, facts } of read.findings) {
          findings.push(
            `${[file.id, read.row, code, column ?? ''].join('\t')}\t${copyValue(JSON.stringify(facts))}\n`,
          );
        }
        lines.push(lineOf(file, read, key));
        if (lines.length < rowsPerTurn) continue;
        if (!target.write(lines.splice(0).join(''))) await once(target, 'drain');
        await setImmediate();
      }
    }
    target.end(lines.join(''));
    await finished(target);
  } catch (error) {
    // Lets go of an unfinished COPY, so that the transaction can roll back.
    target.on('error', () => undefined).destroy();
    throw error;
  }
  await copyRows(tx, 'list_finding (list_id, row_no, code, column_name, facts)', Readable.from(findings));
  // Of a list in which nothing is wrong nobody asks for its remarks.
  if (counts.blocked > 0)
    await copyRows(tx, `${listCells} (list_id, block_no, sealed)`, Readable.from([...cells, sealer.rest()]));
  return counts;
}

/** One person once a list: the second row of somebody is not decided on. */
function refuseRepeated(read: ReadRow, key: string | null, firstRows: Map<string, number>): void {
  if (key === null) return;
  const first = firstRows.get(key);
  if (first === undefined) firstRows.set(key, read.row);
  else read.findings.push({ code: 'REPEATED', column: 'citizenNumber', facts: { row: first } });
}

function lineOf({ id, sealer }: ListFile, read: ReadRow, key: string | null): string {
  const { row, citizenNumber, account, payee, findings } = read;
  const isReadable = citizenNumber !== null && (account !== null || findings.length === 0);
  const payeeNumber = payee?.citizenNumber ?? null;
  const numbers = isReadable ? [citizenNumber, account ?? '', payeeNumber ?? ''].join('\t') : null;
  const sealed = numbers && `\\x${sealer.seal(numbers, rowPlace(id, row)).toString('hex')}`;
  const values = [
    id,
    row,
    findings.length > 0,
    key,
    read.name,
    sealed,
    read.bankBin,
    JSON.stringify(read.facts),
    payeeNumber && sealer.lookupKey('payee', payeeNumber),
    payee?.name ?? null,
  ];
  return `${values.map(copyValue).join('\t')}\n`;
}

/** Where the numbers of a row are sealed for. */
export const rowPlace = (listId: string, row: number) => `list_row/${listId}/${row}`;

/** The same in SQL. */
export const rowPlaceSql = (listId: string, row: string) => `'list_row/' || ${listId} || '/' || ${row}`;
