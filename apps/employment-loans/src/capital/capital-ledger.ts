import { asSystem, type Transaction, violatedConstraint } from '@ansinh/database';
import { Ledger, moveBetween } from '@ansinh/ledger';
import { ProblemError } from '@ansinh/problem';
import { capitalProblems } from './capital.problems.js';

/**
 * Where the đồng of a plan stand. `planned` is the source side and negative; the others hold what came from it: available →
 * committed (approval) → ordered (disbursement) → lent (the bank paid), or one step back.
 */
export const capitalAccounts = ['planned', 'available', 'committed', 'ordered', 'lent'] as const;
type CapitalAccount = (typeof capitalAccounts)[number];

export const capitalLedger = new Ledger<
  CapitalAccount,
  'plan' | 'commitment' | 'release' | 'order' | 'payment' | 'return' | 'lateReturn'
>({ name: 'capital', ownerColumn: 'plan_id' });

const steps = {
  commitment: ['available', 'committed'],
  release: ['committed', 'available'],
  order: ['committed', 'ordered'],
  payment: ['ordered', 'lent'],
  return: ['ordered', 'committed'],
  lateReturn: ['lent', 'committed'],
} as const;

/**
 * Moves capital by what happened to a loan. As the system: whoever withdraws an application for a borrower does not see the plan
 * of the district. Lock order: loan, capital accounts, audit head.
 * @param reference the move of the loan: one move moves capital once
 * @throws ProblemError CAPITAL_EXHAUSTED
 */
export async function moveCapital(
  tx: Transaction,
  planId: string,
  kind: keyof typeof steps,
  { reference, amount }: { reference: string; amount: bigint },
): Promise<void> {
  const [from, to] = steps[kind];
  try {
    await asSystem(tx, () =>
      capitalLedger.post(tx, [
        { owner: planId, kind, reference, postings: moveBetween<CapitalAccount>(from, to, amount) },
      ]),
    );
  } catch (error) {
    if (violatedConstraint(error) === 'capital_account_covered')
      throw new ProblemError(capitalProblems.exhausted);
    throw error;
  }
}
