import type { Transaction } from '@ansinh/database';
import type { JudgedWorker, WorkerOutcome } from './judge-worker.js';

/** A worker whom a use check names, and what the registry says of him. */
export interface FoundWorker extends JudgedWorker {
  personId: string;
  /** The record that stands for him; his own where the registry does not know him. */
  standsForId: string;
  loanId: string;
  move: number;
  /** How often what this check found was judged. */
  judged: number;
  foundOn: string;
  answeredAt: Date;
}

/** What was written of a worker: who counts for another loan is known only then. */
export interface WrittenFinding {
  loanId: string;
  personId: string;
  move: number;
  outcome: WorkerOutcome | 'countedElsewhere';
}

/**
 * A worker counts once: who counts for another loan already, whoever's it is, or under another record of his, is passed over. What was
 * found of each is kept beside it.
 */
export async function countJobs(tx: Transaction, found: readonly FoundWorker[]): Promise<WrittenFinding[]> {
  if (found.length === 0) return [];
  const confirmed = found.filter(({ outcome }) => outcome === 'counted');
  await tx.query(
    `INSERT INTO loan_job (person_id, stands_for_id, loan_id, move, counted_on)
     SELECT person_id, stands_for_id, loan_id, move, counted_on
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::date[])
       WITH ORDINALITY AS found (person_id, stands_for_id, loan_id, move, counted_on, place)
     ORDER BY place ON CONFLICT DO NOTHING`,
    [
      confirmed.map(({ personId }) => personId),
      confirmed.map(({ standsForId }) => standsForId),
      confirmed.map(({ loanId }) => loanId),
      confirmed.map(({ move }) => move),
      confirmed.map(({ foundOn }) => foundOn),
    ],
  );
  const of = <T>(value: (worker: FoundWorker) => T) => found.map(value);
  return (await tx.query(
    `INSERT INTO job_finding (loan_id, move, person_id, outcome, found_on, answered_at, contract_from, contract_until, insured_from,
       unconfirmed, judged, stands_for_id)
     SELECT loan_id, found.move, person_id,
       CASE WHEN outcome = 'counted' AND job.loan_id IS NULL THEN 'countedElsewhere' ELSE outcome END,
       found_on, answered_at, contract_from, contract_until, insured_from,
       array(SELECT jsonb_array_elements_text(found.unconfirmed)), judged, found.stands_for_id
     FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::date[], $6::timestamptz[], $7::date[], $8::date[], $9::date[],
         $10::jsonb[], $11::int[], $12::uuid[])
       AS found (loan_id, move, person_id, outcome, found_on, answered_at, contract_from, contract_until, insured_from, unconfirmed,
         judged, stands_for_id)
     LEFT JOIN loan_job job USING (loan_id, person_id)
     RETURNING loan_id AS "loanId", person_id AS "personId", move, outcome`,
    [
      of(({ loanId }) => loanId),
      of(({ move }) => move),
      of(({ personId }) => personId),
      of(({ outcome }) => outcome),
      of(({ foundOn }) => foundOn),
      of(({ answeredAt }) => answeredAt),
      of(({ contract }) => contract?.contractFrom ?? null),
      of(({ contract }) => contract?.contractUntil ?? null),
      of(({ contract }) => contract?.insuredFrom ?? null),
      of(({ unconfirmed }) => JSON.stringify(unconfirmed)),
      of(({ judged }) => judged),
      of(({ standsForId }) => standsForId),
    ],
  )) as WrittenFinding[];
}
