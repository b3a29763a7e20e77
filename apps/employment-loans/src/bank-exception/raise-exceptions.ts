import type { Transaction } from '@ansinh/database';
import type { BankExceptionCode } from './bank-exception.codes.js';

export interface NewException {
  source: 'repayments' | 'balances' | 'disbursement';
  code: BankExceptionCode;
  office: string;
  fileId: string | null;
  row: number | null;
  disbursementId: string | null;
  loanCode: string;
  loanId: string | null;
  /** What we have, and what the bank has; null where there is nothing of the kind. */
  expected: string | null;
  observed: string | null;
  on: string;
  reference: string;
}

/** What was raised before is not raised again, whichever file tells it. @returns how many are new */
export async function raiseExceptions(tx: Transaction, raised: readonly NewException[]): Promise<number> {
  if (raised.length === 0) return 0;
  const of = <T>(value: (exception: NewException) => T) => raised.map(value);
  const rows = (await tx.query(
    `INSERT INTO bank_exception (id, source, code, office_code, file_id, row_no, disbursement_id, loan_code, loan_id, expected,
       observed, counts_on, reference)
     SELECT uuidv7(), * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::int[], $6::uuid[], $7::text[], $8::uuid[],
       $9::bigint[], $10::bigint[], $11::date[], $12::text[])
     ON CONFLICT ON CONSTRAINT bank_exception_once DO NOTHING RETURNING id`,
    [
      of(({ source }) => source),
      of(({ code }) => code),
      of(({ office }) => office),
      of(({ fileId }) => fileId),
      of(({ row }) => row),
      of(({ disbursementId }) => disbursementId),
      of(({ loanCode }) => loanCode),
      of(({ loanId }) => loanId),
      of(({ expected }) => expected),
      of(({ observed }) => observed),
      of(({ on }) => on),
      of(({ reference }) => reference),
    ],
  )) as unknown[];
  return rows.length;
}
