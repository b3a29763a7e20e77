import type { Transaction } from '@ansinh/database';
import type { BankRowOutcome } from '../bank-exception/bank-exception.codes.js';

export interface RowOutcome {
  row: number;
  loanId: string | null;
  outcome: BankRowOutcome;
  amount: string;
}

/** What was done with some rows of a file. */
export interface Taken {
  outcomes: readonly RowOutcome[];
  /** Over what became of the loans. */
  digest: string;
  /** Of a file of balances. */
  ourPrincipal: bigint;
}

/** How many rows have an outcome, and how much money is in them. */
export interface OutcomeCount {
  outcome: BankRowOutcome;
  rows: number;
  amount: string;
}

/** Writes beside each row what became of it. */
export async function keepOutcomes(
  tx: Transaction,
  fileId: string,
  outcomes: readonly RowOutcome[],
): Promise<void> {
  await tx.query(
    `UPDATE bank_file_row told SET outcome = made.outcome, loan_id = made.loan_id
     FROM unnest($2::int[], $3::text[], $4::uuid[]) AS made (row_no, outcome, loan_id)
     WHERE told.file_id = $1 AND told.row_no = made.row_no`,
    [
      fileId,
      outcomes.map(({ row }) => row),
      outcomes.map(({ outcome }) => outcome),
      outcomes.map(({ loanId }) => loanId),
    ],
  );
}

/** Counts that were kept, and those of more rows. */
export function countOutcomes(
  kept: readonly OutcomeCount[],
  more: readonly Pick<RowOutcome, 'outcome' | 'amount'>[],
): OutcomeCount[] {
  const counts = new Map(kept.map((count) => [count.outcome, { ...count, amount: BigInt(count.amount) }]));
  for (const { outcome, amount } of more) {
    const count = counts.get(outcome) ?? { outcome, rows: 0, amount: 0n };
    counts.set(outcome, { outcome, rows: count.rows + 1, amount: count.amount + BigInt(amount) });
  }
  return [...counts.values()]
    .sort((a, b) => (a.outcome < b.outcome ? -1 : 1))
    .map(({ amount, ...count }) => ({ ...count, amount: amount.toString() }));
}
