import type { Transaction } from '@ansinh/database';
import type { BankExceptionCode } from './bank-exception.codes.js';

/** A file of balances that is held against our books. */
export interface AgreedFile {
  fileId: string;
  office: string;
  asOf: string;
  /** Who takes it up. */
  actorId: string;
}

/** What is the same in a file and in our book. */
export interface Agreed {
  loanCode: string;
  code: BankExceptionCode;
}

/** Differences of a day before, or of the same one, that are none any more. @returns how many were still open */
export async function resolveAgreed(
  tx: Transaction,
  file: AgreedFile,
  agreed: readonly Agreed[],
): Promise<number> {
  if (agreed.length === 0) return 0;
  const [, count] = (await tx.query(
    `UPDATE bank_exception exception SET ${resolvedBy}
     FROM unnest($4::text[], $5::text[]) AS agreed (loan_code, code)
     WHERE ${isOpenUntil} AND exception.loan_code = agreed.loan_code AND exception.code = agreed.code`,
    [...valuesOf(file), agreed.map(({ loanCode }) => loanCode), agreed.map(({ code }) => code)],
  )) as [unknown, number];
  return count;
}

/**
 * The same of loans that a whole file does not name and that owe nothing: neither book has them any more. Where rows could not be
 * read, one of them might name the loan.
 * @param owing loans that owe and are not named: these are missing
 */
export async function resolveUnnamed(
  tx: Transaction,
  file: AgreedFile,
  owing: readonly string[],
): Promise<number> {
  const [, count] = (await tx.query(
    `UPDATE bank_exception exception SET ${resolvedBy}
     WHERE ${isOpenUntil} AND NOT (exception.loan_code = ANY($4::text[]))
       AND NOT EXISTS (SELECT FROM bank_file_row told
                       WHERE told.file_id = $5 AND (told.is_blocked OR told.loan_code = exception.loan_code))`,
    [...valuesOf(file), owing, file.fileId],
  )) as [unknown, number];
  return count;
}

const isOpenUntil = `exception.source = 'balances' AND exception.state = 'open' AND exception.office_code = $1
  AND exception.counts_on <= $2::date`;

const resolvedBy = `state = 'resolved', resolution = 'agrees', agreed_on = $2::date, resolved_by = $3, resolved_at = clock_timestamp()`;

const valuesOf = ({ office, asOf, actorId }: AgreedFile) => [office, asOf, actorId];
