import type { Actor } from '@ansinh/auth';
import type { Transaction } from '@ansinh/database';
import type { BankRowOutcome } from '../bank-exception/bank-exception.codes.js';
import { type NewException, raiseExceptions } from '../bank-exception/raise-exceptions.js';
import { type BankPayment, enterRepayments } from './enter-repayments.js';
import { type JudgedPayment, judgeRepayments, type RowRange } from './judge-repayments.js';
import { keepOutcomes, type RowOutcome, type Taken } from './row-outcomes.js';

/** Books the payments of some rows; what cannot be booked becomes an exception, and is not lost. */
export async function takeRepayments(
  tx: Transaction,
  rows: RowRange,
  {
    office,
    offices,
    actor,
    today,
  }: { office: string; offices: readonly string[]; actor: Actor; today: string },
): Promise<Taken> {
  const judged = await judgeRepayments(tx, rows, { offices, today });
  const { fileId } = rows;
  const payable = judged.filter((payment) => payment.verdict === null) as (JudgedPayment & BankPayment)[];
  const { entered, digest } = await enterRepayments(tx, payable, { fileId, actor, today });
  const ofRow = new Map<number, BankRowOutcome>(
    entered.map((each) => [each.payment.row, 'fault' in each ? each.fault : 'booked']),
  );
  const outcomes = judged.map(({ row, loanId, amount, verdict }): RowOutcome => ({
    row,
    loanId,
    amount,
    outcome: verdict ?? ofRow.get(row)!,
  }));
  await keepOutcomes(tx, fileId, outcomes);
  const raised = judged.flatMap((payment, index): NewException[] => {
    const { outcome } = outcomes[index]!;
    if (outcome === 'booked' || outcome === 'known' || outcome === 'agrees') return [];
    const { row, loanCode, loanId, amount, on, reference } = payment;
    const told = { loanCode, loanId, expected: null, observed: amount, on, reference };
    return [{ source: 'repayments', code: outcome, office, fileId, row, disbursementId: null, ...told }];
  });
  await raiseExceptions(tx, raised);
  return { outcomes, digest, ourPrincipal: 0n };
}
