import { expect } from '@jest/globals';
import { bookOn, ledgerBalances } from '@ansinh/loans';
import { contractsOfLoans, eventsOfLoans } from '../src/loan/loan-events.js';
import type { Harness } from './harness.js';
import { balancesOf } from './lending.js';

/** The ledger of so many loans, whichever they are, is what folding their events gives. */
export async function expectFolded(harness: Harness, count: number): Promise<void> {
  const books = await harness.dataSource.query<{ id: string; through: string }[]>(
    `SELECT loan_id AS id, booked_through::text AS through FROM loan_book ORDER BY md5(loan_id::text) LIMIT $1`,
    [count],
  );
  const ids = books.map(({ id }) => id);
  const [contracts, events] = await harness.dataSource.transaction(
    async (tx) => [await contractsOfLoans(tx, ids), await eventsOfLoans(tx, ids)] as const,
  );
  for (const { id, through } of books) {
    const { entries } = bookOn(contracts.get(id)!.terms, events.get(id)!, through);
    const folded = Object.entries(ledgerBalances(entries)).filter(([, amount]) => amount !== 0n);
    expect(await balancesOf(harness, { id })).toEqual(
      Object.fromEntries(folded.map(([account, amount]) => [account, amount.toString()])),
    );
  }
}
