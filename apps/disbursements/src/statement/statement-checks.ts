import type { Transaction } from '@ansinh/database';
import { maskAccount } from '@ansinh/identity';
import { type ProblemDefinition, ProblemError } from '@ansinh/problem';
import type { StatementDocument } from './statement-document.js';
import type { ReadStatement } from './statement-file.js';
import { statementProblems } from './statement.problems.js';

const bankNumberForm = /^\d{6}$/;

/** Statements of account follow one another without a gap; notices and intraday reports come as they come. */
const sequentialKinds: readonly string[] = ['camt.053', 'mt940'];

const isSequential = ({ type }: StatementDocument) => sequentialKinds.includes(type);

interface Reader {
  tx: Transaction;
  fundId?: string;
}

/** The fund that pays from the account of a statement. @throws ProblemError STATEMENT_UNKNOWN_ACCOUNT, STATEMENT_OTHER_BANK */
export async function findFund(
  { account, servicer }: StatementDocument,
  { tx, fundId }: Reader,
): Promise<string> {
  const funds = (await tx.query(
    `SELECT id, account_bin FROM fund WHERE account_number = $1 AND ($2::uuid IS NULL OR id = $2)`,
    [account, fundId ?? null],
  )) as { id: string; account_bin: string }[];
  if (funds.length === 0) {
    const found = maskAccount(account);
    throw new ProblemError(statementProblems.unknownAccount, {
      detail: { vi: `Sao kê của tài khoản ${found}.`, en: `The statement is of account ${found}.` },
      extensions: { found },
    });
  }
  // A BIC is not compared: funds know their banks by the number at NAPAS.
  const isNamed = servicer !== null && bankNumberForm.test(servicer);
  const possible = isNamed ? funds.filter(({ account_bin }) => account_bin === servicer) : funds;
  if (possible.length === 1) return possible[0]!.id;
  throw differs(
    statementProblems.otherBank,
    funds.map(({ account_bin }) => account_bin).join(', '),
    servicer ?? '–',
  );
}

/** @throws ProblemError STATEMENT_OTHER_CURRENCY, STATEMENT_SUMS_DIFFER, STATEMENT_UNBALANCED */
export function requireConsistent({ document, sums }: ReadStatement): void {
  const { currency, contradiction, opening, closing } = document;
  if (currency !== null && currency !== 'VND')
    throw differs(statementProblems.otherCurrency, 'VND', currency);
  if (contradiction) {
    const { element, expected, found } = contradiction;
    throw differs(statementProblems.contradiction, expected, found, element);
  }
  if (opening === null || closing === null) return;
  const computed = opening + sums.credit - sums.debit;
  if (computed === closing) return;
  throw new ProblemError(statementProblems.unbalanced, {
    detail: {
      vi: `Đầu kỳ ${opening}, phát sinh có ${sums.credit}, nợ ${sums.debit}; cuối kỳ phải là ${computed}, sao kê ghi ${closing}.`,
      en: `Opening ${opening}, credits ${sums.credit}, debits ${sums.debit}: closing must be ${computed}, the statement says ${closing}.`,
    },
    extensions: { expected: String(computed), found: String(closing) },
  });
}

/** Statements of one account that follow one another are taken in one after the other; others only wait for themselves. */
export function sequenceLock(fundId: string, document: StatementDocument): string {
  return isSequential(document) ? `${fundId}/${document.type}` : `${fundId}/${document.type}/${document.id}`;
}

interface Predecessor {
  sequence: string | null;
  page: number;
  is_complete: boolean;
  closing: string | null;
  booked_on: string | null;
}

/**
 * A statement must be the one after the last that was taken in, by its number and by its opening balance. Where one of the
 * two is not given the other alone decides. The first statement of an account begins the sequence, whatever it is.
 * Under `sequenceLock`. @throws ProblemError STATEMENT_GAP, STATEMENT_OUT_OF_SEQUENCE, STATEMENT_OPENING_DIFFERS
 */
export async function requireNext(
  tx: Transaction,
  fundId: string,
  document: StatementDocument,
): Promise<void> {
  if (!isSequential(document)) return;
  const [last] = (await tx.query(
    `SELECT sequence, page, is_complete, closing, booked_on::text FROM statement
     WHERE fund_id = $1 AND kind = $2 ORDER BY position DESC LIMIT 1`,
    [fundId, document.type],
  )) as Predecessor[];
  if (!last) return;
  requireNumber(document, last);
  if (document.opening === null || last.closing === null || document.opening === BigInt(last.closing)) return;
  throw differs(statementProblems.openingDiffers, last.closing, String(document.opening));
}

function requireNumber({ sequence, page, on }: StatementDocument, last: Predecessor): void {
  if (sequence === null || last.sequence === null) return;
  const number = Number(last.sequence);
  const expected = last.is_complete
    ? { sequence: number + 1, page: 1 }
    : { sequence: number, page: last.page + 1 };
  if (sequence === expected.sequence && page === expected.page) return;
  // Many banks count anew each year.
  const isNewYear = on !== null && last.booked_on !== null && on.slice(0, 4) > last.booked_on.slice(0, 4);
  if (isNewYear && last.is_complete && sequence === 1 && page === 1) return;
  const isAhead =
    sequence > expected.sequence || (sequence === expected.sequence && page > expected.page) || isNewYear;
  throw differs(
    isAhead ? statementProblems.gap : statementProblems.outOfSequence,
    nameOf(expected),
    nameOf({ sequence, page }),
  );
}

const nameOf = ({ sequence, page }: { sequence: number; page: number }) =>
  page === 1 ? String(sequence) : `${sequence}/${page}`;

function differs(
  definition: ProblemDefinition,
  expected: string,
  found: string,
  element?: string,
): ProblemError {
  const place = element ? `${element}: ` : '';
  return new ProblemError(definition, {
    detail: {
      vi: `${place}phải là ${expected}, sao kê ghi ${found}.`,
      en: `${place}must be ${expected}, the statement says ${found}.`,
    },
    extensions: { expected, found, ...(element && { element }) },
  });
}
