import { monthsBetween } from '@ansinh/calendar';
import type { EmployedPerson } from '@ansinh/client';

/** Why a worker who was found at work counts, or does not; who counts for another loan is found only once it is written. */
export type WorkerOutcome = 'counted' | 'unknown' | 'deceased' | 'notEmployed' | 'notInsured';

export interface JudgedWorker {
  outcome: WorkerOutcome;
  /** With the borrower; null for who works for himself. */
  contract: EmployedPerson['contracts'][number] | null;
}

export interface BorrowerOfJob {
  personId: string | null;
  employerId: string | null;
}

/**
 * Whether the registry confirms a job on the day of the check. Who borrows for himself has no contract: the law asks for a need that
 * the commune confirms, and its check finds him at work (Law 38/2013/QH13, article 12, clause 1, and 13, clause 2). Everybody else
 * is employed by the borrower, and insured.
 * @param found null where the registry does not know the worker
 */
export function judgeWorker(borrower: BorrowerOfJob, found: EmployedPerson | null, on: string): JudgedWorker {
  if (!found) return { outcome: 'unknown', contract: null };
  if (found.diedOn !== null && found.diedOn <= on) return { outcome: 'deceased', contract: null };
  if (borrower.personId !== null && [found.personId, found.standsForId].includes(borrower.personId))
    return { outcome: 'counted', contract: null };
  const contracts = found.contracts.filter(({ employerId }) => employerId === borrower.employerId);
  const insured = contracts.find((contract) => isInsured(contract, on));
  const contract = insured ?? contracts[0];
  if (!contract) return { outcome: 'notEmployed', contract: null };
  return { outcome: insured ? 'counted' : 'notInsured', contract };
}

/**
 * A contract of a month or more is insured (Law 58/2014/QH13, article 2, clause 1): from memory, an official must confirm that a job
 * without insurance does not count.
 */
function isInsured(
  { contractFrom, contractUntil, insuredFrom, insuredUntil }: EmployedPerson['contracts'][number],
  on: string,
): boolean {
  const isShort = contractUntil !== null && monthsBetween(contractFrom, contractUntil) < 1;
  return (
    isShort || (insuredFrom !== null && insuredFrom <= on && (insuredUntil === null || insuredUntil > on))
  );
}
