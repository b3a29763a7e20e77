import { createHash } from 'node:crypto';
import type { Transaction } from '@ansinh/database';
import { bookOn, type LoanPosition } from '@ansinh/loans';
import type { BankExceptionCode } from '../bank-exception/bank-exception.codes.js';
import { type NewException, raiseExceptions } from '../bank-exception/raise-exceptions.js';
import {
  type Agreed,
  type AgreedFile,
  resolveAgreed,
  resolveUnnamed,
} from '../bank-exception/resolve-agreed.js';
import { contractsOfLoans, eventsOfLoans } from '../loan/loan-events.js';
import type { RowRange } from './judge-repayments.js';
import { keepOutcomes, type RowOutcome, type Taken } from './row-outcomes.js';

interface ToldBalance {
  row: number;
  loanCode: string;
  loanId: string | null;
  principal: string;
  overdue: string | null;
  interest: string | null;
  isRepeated: boolean;
}

interface Difference {
  code: BankExceptionCode;
  expected: string | null;
  observed: string | null;
}

type Comparison = Omit<AgreedFile, 'fileId'> & { offices: readonly string[] };

type OurBalance = Pick<LoanPosition, 'principal' | 'overduePrincipal'> & { interest: bigint };
const nothing: OurBalance = { principal: 0n, overduePrincipal: 0n, interest: 0n };

/**
 * Holds balances of the bank against the books as of their day. A loan has as many exceptions as it has differences; one of an earlier
 * file that is none any more is resolved.
 */
export async function takeBalances(
  tx: Transaction,
  { fileId, after, to }: RowRange,
  { asOf, office, offices, actorId }: Comparison,
): Promise<Taken & { resolved: number }> {
  const told = (await tx.query(
    `SELECT told.row_no AS row, told.loan_code AS "loanCode", loan.id AS "loanId", told.principal, told.overdue, told.interest,
       EXISTS (SELECT FROM bank_file_row before
               WHERE before.file_id = told.file_id AND before.loan_code = told.loan_code AND before.row_no < told.row_no)
         AS "isRepeated"
     FROM bank_file_row told LEFT JOIN loan ON loan.code = told.loan_code AND loan.place_code = ANY($4::text[])
     WHERE told.file_id = $1 AND told.row_no > $2 AND told.row_no <= $3 AND NOT told.is_blocked ORDER BY told.row_no`,
    [fileId, after, to, offices],
  )) as ToldBalance[];
  const ours = await balancesOn(
    tx,
    told.flatMap(({ loanId }) => loanId ?? []),
    asOf,
  );
  let ourPrincipal = 0n;
  const hash = createHash('sha256');
  const outcomes: RowOutcome[] = [];
  const raised: NewException[] = [];
  const agreed: Agreed[] = [];
  for (const balance of told) {
    const { row, loanId, loanCode, isRepeated } = balance;
    const our = (loanId && ours.get(loanId)) || nothing;
    if (!isRepeated) ourPrincipal += our.principal;
    const differences = differencesOf(balance, our);
    for (const difference of differences) {
      const told = { loanCode, loanId, on: asOf, reference: '' };
      raised.push({ source: 'balances', office, fileId, row, disbursementId: null, ...told, ...difference });
    }
    agreed.push(...agreedOf(balance, differences));
    outcomes.push({ row, loanId, amount: balance.principal, outcome: differences[0]?.code ?? 'agrees' });
    hash.update(`${loanCode} ${our.principal} ${our.overduePrincipal} ${our.interest}\n`);
  }
  await keepOutcomes(tx, fileId, outcomes);
  const resolved = await resolveAgreed(tx, { fileId, office, asOf, actorId }, agreed);
  await raiseExceptions(tx, raised);
  return { outcomes, digest: hash.digest('hex'), ourPrincipal, resolved };
}

/** What a row has, and has as we do. With its principal the loan is known, named, and named once. */
function agreedOf(
  { loanCode, loanId, isRepeated, overdue, interest }: ToldBalance,
  differences: readonly Difference[],
): Agreed[] {
  if (loanId === null || isRepeated) return [];
  const codes: BankExceptionCode[] = [
    ...(['PRINCIPAL_DIFFERS', 'LOAN_UNKNOWN', 'LOAN_MISSING', 'LOAN_REPEATED'] as const),
    ...(overdue === null ? [] : (['OVERDUE_DIFFERS'] as const)),
    ...(interest === null ? [] : (['INTEREST_DIFFERS'] as const)),
  ];
  const differing = new Set(differences.map(({ code }) => code));
  const isPrincipalSame = !differing.has('PRINCIPAL_DIFFERS');
  return codes
    .filter((code) => !differing.has(code) && (isPrincipalSame || code.endsWith('_DIFFERS')))
    .map((code) => ({ loanCode, code }));
}

function differencesOf(told: ToldBalance, our: OurBalance): Difference[] {
  if (told.isRepeated) return [{ code: 'LOAN_REPEATED', expected: null, observed: told.principal }];
  if (told.loanId === null) return [{ code: 'LOAN_UNKNOWN', expected: null, observed: told.principal }];
  const compared = [
    ['PRINCIPAL_DIFFERS', our.principal, told.principal],
    ['OVERDUE_DIFFERS', our.overduePrincipal, told.overdue],
    ['INTEREST_DIFFERS', our.interest, told.interest],
  ] as const;
  return compared.flatMap(([code, expected, observed]) =>
    observed === null || BigInt(observed) === expected
      ? []
      : [{ code, expected: expected.toString(), observed }],
  );
}

async function balancesOn(
  tx: Transaction,
  ids: readonly string[],
  asOf: string,
): Promise<Map<string, OurBalance>> {
  const contracts = await contractsOfLoans(tx, ids);
  const events = await eventsOfLoans(tx, ids);
  const balances = new Map<string, OurBalance>();
  for (const [id, { terms }] of contracts) {
    const { position } = bookOn(terms, events.get(id) ?? [], asOf);
    const { principal, overduePrincipal, interestDue, interestAccrued, overdueInterest } = position;
    balances.set(id, {
      principal,
      overduePrincipal,
      interest: interestDue + interestAccrued + overdueInterest,
    });
  }
  return balances;
}

/**
 * Loans that owed principal at the end of the day, and that no row of the file names: by the ledger, which has principal to the
 * day, in one statement.
 */
export async function raiseMissing(
  tx: Transaction,
  fileId: string,
  { asOf, office, offices, actorId }: Comparison,
): Promise<{ missing: number; principal: bigint; resolved: number }> {
  const rows = (await tx.query(
    `SELECT loan.id, loan.code, sum(posting.amount)::bigint AS principal
     FROM loan JOIN book_transaction entry ON entry.loan_id = loan.id AND entry.counts_on <= $2::date
       JOIN book_posting posting ON posting.transaction_id = entry.id AND posting.kind IN ('principal', 'overduePrincipal')
     WHERE loan.place_code = ANY($3::text[])
       AND NOT EXISTS (SELECT FROM bank_file_row told WHERE told.file_id = $1 AND told.loan_code = loan.code)
     GROUP BY loan.id HAVING sum(posting.amount) > 0 ORDER BY loan.id`,
    [fileId, asOf, offices],
  )) as { id: string; code: string; principal: string }[];
  const owing = rows.map(({ code }) => code);
  const resolved = await resolveUnnamed(tx, { fileId, office, asOf, actorId }, owing);
  await raiseExceptions(
    tx,
    rows.map(({ id, code, principal }) => ({
      source: 'balances',
      code: 'LOAN_MISSING',
      office,
      fileId,
      row: null,
      disbursementId: null,
      loanCode: code,
      loanId: id,
      expected: principal,
      observed: null,
      on: asOf,
      reference: '',
    })),
  );
  const principal = rows.reduce((sum, row) => sum + BigInt(row.principal), 0n);
  return { missing: rows.length, principal, resolved };
}
