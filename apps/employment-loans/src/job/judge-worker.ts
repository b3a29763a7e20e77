import type { EmployedPerson } from '@ansinh/client';
import type { Decision, Policy } from '@ansinh/policy';

/** Why a worker who was found at work counts, or does not; who counts for another loan is found only once it is written. */
export type WorkerOutcome = 'counted' | 'unknown' | 'deceased' | 'notEmployed' | 'notInsured' | 'undecided';

type Contract = EmployedPerson['contracts'][number];
type KeptContract = Pick<Contract, 'contractFrom' | 'contractUntil' | 'insuredFrom'>;

export interface JudgedWorker {
  outcome: WorkerOutcome;
  /** With the borrower; null for who works for himself. */
  contract: KeptContract | null;
  /** Rows of law that a named person has to confirm before it is decided. */
  unconfirmed: readonly string[];
}

export interface BorrowerOfJob {
  personId: string | null;
  employerId: string | null;
}

/**
 * Whether the registry confirms a job on the day of the check. Who borrows for himself has no contract: the law asks for a need that
 * the commune confirms, and its check finds him at work (Law 38/2013/QH13, article 12, clause 1, and 13, clause 2). Everybody else
 * is employed by the borrower, and whether he has to be insured the policy says.
 * @param found null where the registry does not know the worker
 */
export function judgeWorker(
  policy: Policy,
  borrower: BorrowerOfJob,
  found: EmployedPerson | null,
  on: string,
): JudgedWorker {
  if (!found) return unasked('unknown');
  if (found.diedOn !== null && found.diedOn <= on) return unasked('deceased');
  if (borrower.personId !== null && [found.personId, found.standsForId].includes(borrower.personId))
    return unasked('counted');
  const judged = found.contracts
    .filter(({ employerId }) => employerId === borrower.employerId)
    .map((contract) => ({
      contract,
      decision: decideJob(policy, contract, { on, isInsured: isInsured(contract, on) }),
    }))
    // Of those that are open one is kept: the one by which he counts, should the rows be confirmed as they are.
    .sort((one, other) => Number(wouldCount(other.decision)) - Number(wouldCount(one.decision)))
    .map(({ contract, decision }) => judgedBy(decision, contract));
  // Of several contracts the best one is his job; one that is open may turn out to be.
  for (const outcome of ['counted', 'undecided', 'notInsured'] as const) {
    const best = judged.find((each) => each.outcome === outcome);
    if (best) return best;
  }
  return unasked('notEmployed');
}

const unasked = (outcome: WorkerOutcome): JudgedWorker => ({ outcome, contract: null, unconfirmed: [] });

const isInsured = ({ insuredFrom, insuredUntil }: Contract, on: string): boolean =>
  insuredFrom !== null && insuredFrom <= on && (insuredUntil === null || insuredUntil > on);

/** Of a job that was left undecided: who is insured waits for no law, so nobody of them was. */
export const judgeUninsured = (policy: Policy, contract: KeptContract, on: string): JudgedWorker =>
  judgedBy(decideJob(policy, contract, { on, isInsured: false }), contract);

const programme = 'employment-loan-job';

function decideJob(
  policy: Policy,
  { contractFrom, contractUntil }: KeptContract,
  { on, isInsured }: { on: string; isInsured: boolean },
): Decision {
  return policy.evaluate(
    programme,
    { isInsured, employedFrom: contractFrom, employedUntil: contractUntil },
    on,
  );
}

const wouldCount = ({ chosen }: Decision): boolean => chosen[0]?.rule.answer === 'counted';

const judgedBy = ({ answer, unconfirmed }: Decision, contract: KeptContract): JudgedWorker => ({
  outcome: (answer as 'counted' | 'notInsured' | null) ?? 'undecided',
  contract,
  unconfirmed: unconfirmed.map(({ row }) => row),
});

/** Rows of law that a job of that day may wait for. */
export const awaitedOn = (policy: Policy, on: string): ReadonlySet<string> =>
  policy.programmeAt(programme, on).awaited;
