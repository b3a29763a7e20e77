import { createHash } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { listPlaces } from '@ansinh/places';
import type { Chore } from '@ansinh/service';
import { lawOf } from '../law/law.js';
import { countJobs, type FoundWorker } from './count-jobs.js';
import { judgeUninsured } from './judge-worker.js';

/** Jobs that are judged in one transaction. */
const jobsMax = 1_000;

type JobKey = [loanId: string, personId: string];

/**
 * Judges jobs again that a check left undecided, once named persons have confirmed what they waited for: by the law of the day of
 * the check and by what the registry said of that day. Also those of loans that are repaid since, which nobody checks any more.
 */
@Injectable()
export class JobDecider implements OnModuleDestroy {
  readonly chore: Chore = { pauseMs: 5_000, work: () => this.decideDue() };
  private isStopping = false;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  async decideDue(): Promise<void> {
    for (let after: JobKey | null = null; !this.isStopping;) {
      const behind: JobKey | null = after;
      after = await inTransaction(this.dataSource, 'system', (tx) => decideJobs(tx, behind, jobsMax));
      if (after === null) return;
    }
  }
}

interface OpenJob {
  loanId: string;
  personId: string;
  standsForId: string;
  move: number;
  judged: number;
  foundOn: string;
  answeredAt: Date;
  contractFrom: string;
  contractUntil: string | null;
  insuredFrom: string | null;
  unconfirmed: string[];
}

/**
 * Judges up to so many jobs behind a key. Of two workers one has them in hand. A job that waits for another row now is written
 * with that one; one that still waits for the same, whose text is another since it was confirmed, is left as it is.
 * @returns the last key; null when no other job is due
 */
export async function decideJobs(
  tx: Transaction,
  after: JobKey | null,
  most: number,
): Promise<JobKey | null> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('loan_job'))`);
  const open = await openJobs(tx, after, most);
  const last = open.at(-1);
  if (!last) return null;
  const policy = await lawOf(tx);
  const judged = open.flatMap((job): FoundWorker[] => {
    const { contractFrom, contractUntil, insuredFrom, foundOn, unconfirmed, ...rest } = job;
    const found = judgeUninsured(policy, { contractFrom, contractUntil, insuredFrom }, foundOn);
    if (found.outcome === 'undecided' && String(found.unconfirmed) === String(unconfirmed)) return [];
    return [{ ...rest, ...found, foundOn, judged: job.judged + 1 }];
  });
  if (judged.length > 0) {
    await countJobs(tx, judged);
    await recordDecision(tx, judged);
  }
  return open.length < most ? null : [last.loanId, last.personId];
}

/** The last that was found of a worker, where it is undecided and everything that it waits for was confirmed. */
async function openJobs(tx: Transaction, after: JobKey | null, most: number): Promise<OpenJob[]> {
  return (await tx.query(
    `SELECT loan_id AS "loanId", person_id AS "personId", coalesce(stands_for_id, person_id) AS "standsForId", move, judged,
       found_on::text AS "foundOn", answered_at AS "answeredAt", contract_from::text AS "contractFrom",
       contract_until::text AS "contractUntil", insured_from::text AS "insuredFrom", unconfirmed
     FROM job_finding found
     WHERE outcome = 'undecided' AND unconfirmed <> '{}'
       AND unconfirmed <@ (SELECT coalesce(array_agg(row_code), '{}') FROM law_confirmation)
       AND ($1::uuid IS NULL OR (loan_id, person_id) > ($1, $2::uuid))
       AND NOT EXISTS (
         SELECT FROM job_finding later WHERE later.loan_id = found.loan_id AND later.person_id = found.person_id
           AND (later.move, later.judged) > (found.move, found.judged))
     ORDER BY loan_id, person_id LIMIT $3`,
    [...(after ?? [null, null]), most],
  )) as OpenJob[];
}

/** For the province: the law is the same for all of its offices. */
async function recordDecision(tx: Transaction, judged: readonly FoundWorker[]): Promise<void> {
  const hash = createHash('sha256');
  for (const { loanId, personId, move, outcome } of judged)
    hash.update(`${loanId} ${personId} ${move} ${outcome}\n`);
  const after = hash.digest('hex');
  await recordAudit(tx, {
    ...worker,
    office: listPlaces(todayInVietnam()).find(({ level }) => level === 'province')!.code,
    verb: 'loanJob.decide',
    subject: 'law/employment-loan-job',
    requestId: `jobs-${after.slice(0, 16)}`,
    before: null,
    after,
    facts: { jobs: judged.length, confirmed: judged.filter(({ outcome }) => outcome === 'counted').length },
  });
}
