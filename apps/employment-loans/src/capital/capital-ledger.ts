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

/** What happened to a loan, of the capital of its plan. */
export interface CapitalMove {
  planId: string;
  kind: keyof typeof steps;
  /** The move of the loan: one move moves capital once. */
  reference: string;
  amount: bigint;
}

/**
 * Moves capital by what happened to a loan. As the system: whoever withdraws an application for a borrower does not see the plan
 * of the district. Lock order: loan, capital accounts, audit head.
 * @param reference the move of the loan: one move moves capital once
 * @throws ProblemError CAPITAL_EXHAUSTED
 */
export async function moveCapital(
  tx: Transaction,
  planId: string,
  kind: CapitalMove['kind'],
  { reference, amount }: Pick<CapitalMove, 'reference' | 'amount'>,
): Promise<void> {
  await moveCapitalOfMany(tx, [{ planId, kind, reference, amount }]);
}

/** The same by what happened to many loans, of one plan or of many, in their order. */
export async function moveCapitalOfMany(tx: Transaction, moves: readonly CapitalMove[]): Promise<void> {
  if (moves.length === 0) return;
  try {
    await asSystem(tx, async () => {
      await lockAccounts(tx, moves);
      await capitalLedger.post(
        tx,
        moves.map(({ planId, kind, reference, amount }) => {
          const [from, to] = steps[kind];
          return { owner: planId, kind, reference, postings: moveBetween<CapitalAccount>(from, to, amount) };
        }),
      );
    });
  } catch (error) {
    if (violatedConstraint(error) === 'capital_account_covered')
      throw new ProblemError(capitalProblems.exhausted);
    throw error;
  }
}

/** In one order, whatever the loans: who moves capital between the same accounts at the same time waits, and stops nobody. */
async function lockAccounts(tx: Transaction, moves: readonly CapitalMove[]): Promise<void> {
  const sides = moves.flatMap(({ planId, kind }) => steps[kind].map((account) => ({ planId, account })));
  await tx.query(
    `SELECT FROM capital_account WHERE (plan_id, kind) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
     ORDER BY plan_id, kind FOR NO KEY UPDATE`,
    [sides.map(({ planId }) => planId), sides.map(({ account }) => account)],
  );
}
