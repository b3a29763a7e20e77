import { asSystem, type Transaction } from '@ansinh/database';
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
 * Moves capital by what happened to loans, of one plan or of many, in their order. As the system: whoever withdraws an application for
 * a borrower does not see the plan of the district. Lock order: loan, capital accounts, audit head.
 * @param refuse how the first move is told for which too little is left
 * @throws ProblemError CAPITAL_EXHAUSTED
 */
export async function moveCapitalOfMany(
  tx: Transaction,
  moves: readonly CapitalMove[],
  refuse: (error: ProblemError, move: CapitalMove) => ProblemError = (error) => error,
): Promise<void> {
  if (moves.length === 0) return;
  await asSystem(tx, async () => {
    const balances = await lockAccounts(tx, moves);
    for (const move of moves) {
      if (!take(balances, move)) throw refuse(new ProblemError(capitalProblems.exhausted), move);
    }
    await capitalLedger.post(
      tx,
      moves.map(({ planId, kind, reference, amount }) => {
        const [from, to] = steps[kind];
        return { owner: planId, kind, reference, postings: moveBetween<CapitalAccount>(from, to, amount) };
      }),
    );
  });
}

const accountOf = (planId: string, account: CapitalAccount) => `${planId}/${account}`;

/** @returns whether the move leaves no account below zero. The database asks it again of what all of them leave. */
function take(balances: Map<string, bigint>, { planId, kind, amount }: CapitalMove): boolean {
  const [from, to] = steps[kind].map((account) => accountOf(planId, account)) as [string, string];
  const left = (balances.get(from) ?? 0n) - amount;
  balances.set(from, left).set(to, (balances.get(to) ?? 0n) + amount);
  return left >= 0n;
}

/** In one order, whatever the loans: who moves capital between the same accounts at the same time waits, and stops nobody. */
async function lockAccounts(tx: Transaction, moves: readonly CapitalMove[]): Promise<Map<string, bigint>> {
  const sides = moves.flatMap(({ planId, kind }) => steps[kind].map((account) => ({ planId, account })));
  const rows = (await tx.query(
    `SELECT plan_id, kind, balance FROM capital_account
     WHERE (plan_id, kind) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
     ORDER BY plan_id, kind FOR NO KEY UPDATE`,
    [sides.map(({ planId }) => planId), sides.map(({ account }) => account)],
  )) as { plan_id: string; kind: CapitalAccount; balance: string }[];
  return new Map(rows.map(({ plan_id, kind, balance }) => [accountOf(plan_id, kind), BigInt(balance)]));
}
