import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, type Transaction, violatedConstraint } from '@ansinh/database';
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
  const moved = moves.filter(({ amount }) => amount !== 0n);
  if (moved.length === 0) return;
  try {
    await asSystem(tx, async () => {
      const legs = await legsOf(tx, moved);
      await lockAccounts(
        tx,
        legs.flatMap(({ planId, between }) => between.map((account) => ({ planId, account }))),
      );
      await capitalLedger.post(
        tx,
        legs.map(({ planId, kind, reference, between: [from, to], amount }) => ({
          owner: planId,
          kind,
          reference,
          postings: moveBetween<CapitalAccount>(from, to, amount),
        })),
      );
    });
  } catch (error) {
    if (violatedConstraint(error) === 'capital_account_covered')
      throw new ProblemError(capitalProblems.exhausted);
    throw error;
  }
}

type Leg = CapitalMove & { between: readonly [CapitalAccount, CapitalAccount] };

/**
 * What is collected is collected of the plan that was lent from, and is available in the plan of the same fund for this year,
 * where there is one: that is the one which is approved from.
 */
async function legsOf(tx: Transaction, moves: readonly CapitalMove[]): Promise<Leg[]> {
  const collected = moves.filter(({ kind }) => kind === 'collection').map(({ planId }) => planId);
  const inUse = await plansInUse(tx, collected);
  return moves.flatMap((move): Leg[] => {
    const planId = inUse.get(move.planId) ?? move.planId;
    if (planId === move.planId || move.kind !== 'collection') return [{ ...move, between: steps[move.kind] }];
    return [
      { ...move, between: ['collected', 'carried'] },
      { ...move, planId, between: ['carried', 'available'] },
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
): Promise<void> {
  await tx.query(
    `SELECT FROM capital_account WHERE (plan_id, kind) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
     ORDER BY plan_id, kind FOR NO KEY UPDATE`,
    [sides.map(({ planId }) => planId), sides.map(({ account }) => account)],
  );
}
