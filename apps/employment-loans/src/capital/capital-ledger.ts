import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, type Transaction } from '@ansinh/database';
import { Ledger, type LedgerEntry, moveBetween } from '@ansinh/ledger';
import { ProblemError } from '@ansinh/problem';
import { capitalProblems } from './capital.problems.js';

/**
 * Where the đồng of a plan come from and where they stand. `planned` and `collected` are the sources and negative; `carried` is what
 * other years brought (negative) or took. The others hold what came from them: available → committed (approval) → ordered
 * (disbursement) → lent (the bank paid), or one step back. What borrowers repay is not taken from `lent`, which says what
 * was ever paid out.
 */
export const capitalAccounts = [
  'planned',
  'collected',
  'carried',
  'available',
  'committed',
  'ordered',
  'lent',
] as const;
export type CapitalAccount = (typeof capitalAccounts)[number];

type CapitalEntryKind =
  | 'plan'
  | 'carryOver'
  | 'collection'
  | 'commitment'
  | 'release'
  | 'order'
  | 'payment'
  | 'return'
  | 'lateReturn';
export type CapitalEntry = LedgerEntry<CapitalAccount, CapitalEntryKind>;

export const capitalLedger = new Ledger<CapitalAccount, CapitalEntryKind>({
  name: 'capital',
  ownerColumn: 'plan_id',
});

const steps = {
  collection: ['collected', 'available'],
  commitment: ['available', 'committed'],
  release: ['committed', 'available'],
  order: ['committed', 'ordered'],
  payment: ['ordered', 'lent'],
  return: ['ordered', 'committed'],
  lateReturn: ['lent', 'committed'],
} as const satisfies Record<string, readonly [CapitalAccount, CapitalAccount]>;

/** What happened to a loan, of the capital of its plan. */
export interface CapitalMove {
  planId: string;
  kind: keyof typeof steps;
  /** The move of the loan: one move moves capital once of each kind. */
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
  const moved = moves.filter(({ amount }) => amount !== 0n);
  if (moved.length === 0) return;
  await asSystem(tx, async () => {
    const legs = await legsOf(tx, moved);
    const sides = legs.flatMap(({ planId, between }) => between.map((account) => ({ planId, account })));
    const balances = await lockAccounts(tx, sides);
    for (const leg of legs) {
      if (!take(balances, leg)) throw refuse(new ProblemError(capitalProblems.exhausted), leg.move);
    }
    await capitalLedger.post(
      tx,
      legs.map(({ move: { kind, reference, amount }, planId, between: [from, to] }) => ({
        owner: planId,
        kind,
        reference,
        postings: moveBetween<CapitalAccount>(from, to, amount),
      })),
    );
  });
}

const accountOf = (planId: string, account: CapitalAccount) => `${planId}/${account}`;

/**
 * @returns whether the move takes no more than there is. The database asks it again of what all of them leave. What was collected may
 *   be taken back when it is lent again: the plan is short by it.
 */
function take(balances: Map<string, bigint>, { move: { kind, amount }, planId, between }: Leg): boolean {
  const [from, to] = between.map((account) => accountOf(planId, account)) as [string, string];
  const left = (balances.get(from) ?? 0n) - amount;
  balances.set(from, left).set(to, (balances.get(to) ?? 0n) + amount);
  return kind === 'collection' || left >= 0n;
}

interface Leg {
  move: CapitalMove;
  planId: string;
  between: readonly [CapitalAccount, CapitalAccount];
}

/**
 * What is collected is collected of the plan that was lent from, and is available in the plan of the same fund for this year,
 * where there is one: that is the one which is approved from.
 */
async function legsOf(tx: Transaction, moves: readonly CapitalMove[]): Promise<Leg[]> {
  const collected = moves.filter(({ kind }) => kind === 'collection').map(({ planId }) => planId);
  const inUse = await plansInUse(tx, collected);
  return moves.flatMap((move): Leg[] => {
    const planId = inUse.get(move.planId) ?? move.planId;
    if (planId === move.planId || move.kind !== 'collection')
      return [{ move, planId: move.planId, between: steps[move.kind] }];
    return [
      { move, planId: move.planId, between: ['collected', 'carried'] },
      { move, planId, between: ['carried', 'available'] },
    ];
  });
}

/** Of each of these plans the one of the same place and source for this year; a plan of which there is none is left out. */
async function plansInUse(tx: Transaction, planIds: readonly string[]): Promise<Map<string, string>> {
  if (planIds.length === 0) return new Map();
  const rows = (await tx.query(
    `SELECT plan.id, now.id AS "inUse" FROM capital_plan plan
       JOIN capital_plan now ON now.place_code = plan.place_code AND now.source = plan.source AND now.year = $2
     WHERE plan.id = ANY($1::uuid[])`,
    [[...new Set(planIds)], yearNow()],
  )) as { id: string; inUse: string }[];
  return new Map(rows.map(({ id, inUse }) => [id, inUse]));
}

export const yearNow = () => Number(todayInVietnam().slice(0, 4));

/** In one order, whatever the loans: who moves capital between the same accounts at the same time waits, and stops nobody. */
export async function lockAccounts(
  tx: Transaction,
  sides: readonly { planId: string; account: CapitalAccount }[],
): Promise<Map<string, bigint>> {
  const rows = (await tx.query(
    `SELECT plan_id, kind, balance FROM capital_account
     WHERE (plan_id, kind) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
     ORDER BY plan_id, kind FOR NO KEY UPDATE`,
    [sides.map(({ planId }) => planId), sides.map(({ account }) => account)],
  )) as { plan_id: string; kind: CapitalAccount; balance: string }[];
  return new Map(rows.map(({ plan_id, kind, balance }) => [accountOf(plan_id, kind), BigInt(balance)]));
}
