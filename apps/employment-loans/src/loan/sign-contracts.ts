import type { Transaction } from '@ansinh/database';
import type { Sealer } from '@ansinh/sealing';
import { bookAccounts, bookLedger } from './book-ledger.js';
import type { Decision } from './loan.dto.js';
import type { BorrowerAccount } from './loan-moves.dto.js';
import { sealPayee } from './sealed-payee.js';

export interface NewContract {
  loanId: string;
  /** Of the contracts of this loan, from 1. */
  number: number;
  move: number;
  decision: Decision;
  productFrom: string;
  /** As JSON. */
  terms: string;
  account: BorrowerAccount;
}

/** The number of the contract of each loan that was signed last; a loan without one is left out. */
export async function numbersOfContracts(
  tx: Transaction,
  loanIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = (await tx.query(
    'SELECT loan_id AS id, max(number) AS number FROM loan_contract WHERE loan_id = ANY($1::uuid[]) GROUP BY loan_id',
    [loanIds],
  )) as { id: string; number: number }[];
  return new Map(rows.map(({ id, number }) => [id, number]));
}

/** With the first contract of a loan its book begins. */
export async function insertContracts(
  tx: Transaction,
  contracts: readonly NewContract[],
  sealer: Sealer,
): Promise<void> {
  const first = contracts.filter(({ number }) => number === 1);
  if (first.length > 0) {
    const loanIds = first.map(({ loanId }) => loanId);
    await bookLedger.open(tx, loanIds, bookAccounts);
    await tx.query(
      'INSERT INTO loan_book (loan_id, booked_through) SELECT * FROM unnest($1::uuid[], $2::date[])',
      [loanIds, first.map(({ decision }) => decision.on)],
    );
  }
  const of = <T>(value: (contract: NewContract) => T) => contracts.map(value);
  await tx.query(
    `INSERT INTO loan_contract (loan_id, number, move, contract_number, signed_on, product_from, terms, account_bin,
                                account_holder, sealed_payee)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::date[], $6::date[], $7::jsonb[], $8::text[],
                          $9::text[], $10::bytea[])`,
    [
      of(({ loanId }) => loanId),
      of(({ number }) => number),
      of(({ move }) => move),
      of(({ decision }) => decision.number),
      of(({ decision }) => decision.on),
      of(({ productFrom }) => productFrom),
      of(({ terms }) => terms),
      of(({ account }) => account.bankBin),
      of(({ account }) => account.holder),
      of(({ loanId, number, account }) => sealPayee(sealer, { loanId, contract: number }, account)),
    ],
  );
}
