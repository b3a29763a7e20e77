import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { BankFileView } from './bank-file.dto.js';
import { bankFileProblems } from './bank-file.problems.js';
import type { BankFileKind } from './bank-file-columns.js';
import type { OutcomeCount } from './row-outcomes.js';

export interface BankFileRow {
  id: string;
  kind: BankFileKind;
  asOf: string | null;
  officeCode: string;
  fileDigest: string;
  rows: number;
  blocked: number;
  foreseen: OutcomeCount[];
  applied: number;
  outcomes: OutcomeCount[];
  ourPrincipal: string;
  missing: number;
  missingPrincipal: string;
  isFinished: boolean;
  createdBy: string;
  createdAt: Date;
}

export const fileColumns = `id, kind, as_of::text AS "asOf", office_code AS "officeCode", file_digest AS "fileDigest", rows, blocked,
  foreseen, applied, outcomes, our_principal AS "ourPrincipal", missing, missing_principal AS "missingPrincipal",
  is_finished AS "isFinished", created_by AS "createdBy", created_at AS "createdAt"`;

/** @throws ProblemError BANK_FILE_NOT_FOUND, also for a file of another office */
export async function findBankFile(tx: Transaction, id: string, lock = ''): Promise<BankFileRow> {
  const [row] = (await tx.query(`SELECT ${fileColumns} FROM bank_file WHERE id = $1 ${lock}`, [
    id,
  ])) as BankFileRow[];
  if (!row) throw new ProblemError(bankFileProblems.notFound);
  return row;
}

export function viewOf(row: BankFileRow): BankFileView {
  const { officeCode: _, createdAt, ourPrincipal, missingPrincipal, ...file } = row;
  const isWhole = row.isFinished && row.blocked === 0 && row.missing === 0;
  return {
    ...file,
    agrees: row.isFinished ? isWhole && row.outcomes.every(({ outcome }) => isFine(outcome)) : null,
    ourPrincipal:
      row.kind === 'balances' ? (BigInt(ourPrincipal) + BigInt(missingPrincipal)).toString() : null,
    createdAt: createdAt.toISOString(),
  };
}

const isFine = (outcome: string) => outcome === 'booked' || outcome === 'known' || outcome === 'agrees';
