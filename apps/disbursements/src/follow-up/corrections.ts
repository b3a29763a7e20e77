import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { copyValue } from '@ansinh/copy-text';
import { copyRows, type Transaction } from '@ansinh/database';
import { type FieldError, ProblemError } from '@ansinh/problem';
import {
  correctionColumns,
  type CorrectionColumn,
  correctionNames,
  type ListFormat,
  type RawRow,
  readList,
} from '@ansinh/payment-list';
import type { Sealer } from '@ansinh/sealing';
import { readEndToEndId } from '../batch/batch-code.js';
import { RowErrors, rowErrorsMax } from '../row-errors.js';
import { followUpProblems } from './follow-up.problems.js';
import { returnedLines } from './follow-up-lines.js';

/** What somebody filled in for one line; empty where it stays as it was. */
export type Correction = Record<Exclude<CorrectionColumn, 'payment'>, string>;

const placeOf = (batchNumber: string, row: number) => `correction/${batchNumber}/${row}`;

export function openCorrection(sealer: Sealer, batchNumber: string, row: number, sealed: Buffer): Correction {
  return JSON.parse(sealer.open(sealed, placeOf(batchNumber, row))) as Correction;
}

/**
 * Reads corrections into the table `correction` of this transaction (accounts sealed, gone at its end), so that memory
 * stays flat; rows in which nothing is filled in are left out: their lines stay open.
 * @throws ProblemError CORRECTIONS_REFUSED, NO_CORRECTIONS; ListError for a file that is no list
 */
export async function readCorrections(
  tx: Transaction,
  sealer: Sealer,
  batchNumber: string,
  file: { path: string; format: ListFormat },
): Promise<void> {
  await tx.query(
    'CREATE TEMPORARY TABLE correction (row_no int NOT NULL, line int NOT NULL, sealed bytea NOT NULL) ON COMMIT DROP',
  );
  const errors = new RowErrors(followUpProblems.refused);
  await copyRows(
    tx,
    'correction (row_no, line, sealed)',
    Readable.from(textOf(sealer, batchNumber, file, errors)),
  );
  errors.refuseIfAny();
  await requireOpen(tx, batchNumber);
  await tx.query('ALTER TABLE correction ADD PRIMARY KEY (row_no)');
  await tx.query('ANALYZE correction');
}

async function* textOf(
  sealer: Sealer,
  batchNumber: string,
  file: { path: string; format: ListFormat },
  errors: RowErrors,
): AsyncGenerator<string> {
  for await (const rows of readList(createReadStream(file.path), file.format, correctionColumns)) {
    let text = '';
    for (const raw of rows) {
      const row = rowOf(raw, batchNumber, errors);
      const correction = correctionOf(raw);
      if (row === null || !isFilled(correction)) continue;
      const sealed = sealer.seal(JSON.stringify(correction), placeOf(batchNumber, row));
      text += `${row}\t${raw.line}\t${copyValue(sealed)}\n`;
    }
    if (text !== '') yield text;
    if (errors.isFull) return;
  }
}

/** The row of the source batch that is meant: by its end-to-end id, or by its number alone. */
function rowOf({ line, cells, problem }: RawRow, batchNumber: string, errors: RowErrors): number | null {
  if (problem) {
    const column = problem.columnIndex === undefined ? '' : correctionNames[problem.columnIndex]!;
    const detail = { vi: 'Dòng không đọc được.', en: 'The row cannot be read.' };
    errors.add(line, column, problem.reason, detail);
    return null;
  }
  const cell = cells[0]!.trim();
  const id = readEndToEndId(cell);
  if (id?.batchNumber === batchNumber) return id.row;
  if (id === null && /^[1-9]\d{0,8}$/.test(cell)) return Number(cell);
  const detail = {
    vi: `«${cell}» không phải là mã của một khoản trong lô này.`,
    en: `"${cell}" is not the id of a payment of this batch.`,
  };
  errors.add(line, 'payment', 'unknown', detail);
  return null;
}

function correctionOf({ cells }: RawRow): Correction {
  const texts = correctionNames.map((name, index) => [name, (cells[index] ?? '').trim()] as const);
  return Object.fromEntries(texts.slice(1)) as Correction;
}

const isFilled = ({ bankBin, account, payeeName, remittance, again }: Correction) =>
  [bankBin, account, payeeName, remittance, again].some((text) => text !== '');

const notOpen: Record<string, FieldError['detail']> = {
  none: { vi: 'Khoản này không bị trả lại.', en: 'This payment did not come back.' },
  followedUp: { vi: 'Khoản này đã có lô chi lại.', en: 'A follow-up pays this line again already.' },
  paidOtherwise: {
    vi: 'Khoản này đã được chi ở một lô khác.',
    en: 'Another batch pays this obligation already.',
  },
  twice: { vi: 'Khoản này có hai dòng sửa.', en: 'This payment is corrected twice.' },
};

async function requireOpen(tx: Transaction, batchNumber: string): Promise<void> {
  const errors = new RowErrors(followUpProblems.refused);
  const rows = (await tx.query(
    `SELECT line, CASE WHEN turn > 1 THEN 'twice' ELSE coalesce(returned.state, 'none') END AS state
     FROM (SELECT row_no, line, row_number() OVER (PARTITION BY row_no ORDER BY line) AS turn FROM correction) asked
     LEFT JOIN (${returnedLines} AND payment.batch_number = $1) returned USING (row_no)
     WHERE turn > 1 OR returned.state IS DISTINCT FROM 'open' ORDER BY line LIMIT $2`,
    [batchNumber, rowErrorsMax],
  )) as { line: number; state: string }[];
  for (const { line, state } of rows) errors.add(line, 'payment', state, notOpen[state]!);
  errors.refuseIfAny();
  const [any] = (await tx.query('SELECT FROM correction LIMIT 1')) as object[];
  if (!any) throw new ProblemError(followUpProblems.empty);
}
