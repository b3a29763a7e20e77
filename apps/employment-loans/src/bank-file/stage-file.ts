import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { copyValue } from '@ansinh/copy-text';
import { copyRows, type Transaction } from '@ansinh/database';
import { type ListFormat, readList } from '@ansinh/payment-list';
import { ProblemError } from '@ansinh/problem';
import { type BankFileKind, columnsOf } from './bank-file-columns.js';
import { bankFileProblems } from './bank-file.problems.js';
import { type BankRow, readBankRow } from './bank-file-row.js';

/** Payments of a province in a month; it bounds how long the file holds its transaction. */
const rowsMax = 300_000;

interface StagedFile {
  id: string;
  kind: BankFileKind;
  path: string;
  format: ListFormat;
}

/** Copies a file into its rows, as it streams in: memory does not grow with it. @throws ListError, ProblemError BANK_FILE_TOO_LONG */
export async function stageFile(tx: Transaction, file: StagedFile): Promise<void> {
  await copyRows(
    tx,
    `bank_file_row (file_id, row_no, cells, findings, is_blocked, loan_code, borrower_key, amount, principal, overdue, interest,
       counts_on, reference, group_code, payment_key)`,
    Readable.from(textOf(file)),
  );
  // Fresh rows are unknown to the planner, which would look at them one by one.
  await tx.query('ANALYZE bank_file_row');
}

async function* textOf({ id, kind, path, format }: StagedFile): AsyncGenerator<string> {
  for await (const rows of readList(createReadStream(path), format, columnsOf(kind))) {
    if (rows.length === 0) continue;
    if (rows.at(-1)!.row > rowsMax) throw new ProblemError(bankFileProblems.tooLong);
    yield rows.map((raw) => lineOf(id, readBankRow(raw, kind))).join('');
    await setImmediate();
  }
}

function lineOf(id: string, row: BankRow): string {
  const values = [
    id,
    row.row,
    JSON.stringify(row.cells),
    JSON.stringify(row.findings),
    row.findings.length > 0,
    row.loanCode,
    row.borrowerKey,
    row.amount,
    row.principal,
    row.overdue,
    row.interest,
    row.countsOn,
    row.reference,
    row.group,
    paymentKeyOf(row),
  ];
  return `${values.map(copyValue).join('\t')}\n`;
}

/** A group hands in for its members by one paper; else a reference is of one payment. */
function paymentKeyOf({ reference, group, loanCode, findings }: BankRow): string | null {
  if (reference === null || findings.length > 0) return null;
  return group === null ? reference : `${reference}/${loanCode}`;
}
