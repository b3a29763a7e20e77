import { createHash } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction } from '@ansinh/database';
import { listPlaces } from '@ansinh/places';
import type { Policy } from '@ansinh/policy';
import type { Chore } from '@ansinh/service';
import { lawOf } from '../law/law.js';
import { countJobs, type FoundWorker, type WrittenFinding } from './count-jobs.js';
import { awaitedOn, judgeUninsured } from './judge-worker.js';

/** Jobs that are judged in one transaction. */
const jobsMax = 1_000;

type JobKey = [foundOn: string, loanId: string, personId: string];

/**
 * Judges jobs again that a check left undecided, once nothing waits any more that they waited for: because named persons confirmed
 * it, or a release has another law. By the law of the day of the check, and by what the registry said of that day; also those of
 * loans that are repaid since, which nobody checks any more.
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
}

/**
 * Judges up to so many jobs behind a key. Of two workers one has them in hand. A job that waits for other rows now is written with
 * those, and one of which the law says nothing any more as undecided and waiting for nothing.
 * @returns the last key; null when no other job is due
 */
export async function decideJobs(
  tx: Transaction,
  after: JobKey | null,
  most: number,
): Promise<JobKey | null> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('loan_job'))`);
  const policy = await lawOf(tx);
  const open = await openJobs(tx, await settledWaits(tx, policy), { after, most });
  const last = open.at(-1);
  if (!last) return null;
  const judged = open.map(({ contractFrom, contractUntil, insuredFrom, ...rest }): FoundWorker => {
    const found = judgeUninsured(policy, { contractFrom, contractUntil, insuredFrom }, rest.foundOn);
    return { ...rest, ...found, judged: rest.judged + 1 };
  });
  await recordDecision(tx, await countJobs(tx, judged));
  return open.length < most ? null : [last.foundOn, last.loanId, last.personId];
}

/** Of its worker and loan; what was judged since is no more open. */
const isLast = `NOT EXISTS (
  SELECT FROM job_finding later WHERE later.loan_id = found.loan_id AND later.person_id = found.person_id
    AND (later.move, later.judged) > (found.move, found.judged))`;

/** What jobs of a day wait for: an array of PostgreSQL, as its text. */
interface Waits {
  foundOn: string;
  rows: string[];
  text: string;
}

/** Of all that jobs are left undecided for, what waits no more. */
async function settledWaits(tx: Transaction, policy: Policy): Promise<Waits[]> {
  const waits = (await tx.query(
    `SELECT found_on::text AS "foundOn", unconfirmed AS rows, unconfirmed::text AS text FROM job_finding found
     WHERE outcome = 'undecided' AND unconfirmed <> '{}' AND ${isLast} GROUP BY found_on, unconfirmed`,
  )) as Waits[];
  return waits.filter(({ foundOn, rows }) => {
    const awaited = awaitedOn(policy, foundOn);
    return !rows.some((row) => awaited.has(row));
  });
}

/**
 * The last that was found of a worker, where nothing waits any more that it waited for. By day: who counts of two is who would have
 * counted had it been decided at once.
 */
async function openJobs(
  tx: Transaction,
  settled: readonly Waits[],
  { after, most }: { after: JobKey | null; most: number },
): Promise<OpenJob[]> {
  if (settled.length === 0) return [];
  return (await tx.query(
    `SELECT loan_id AS "loanId", person_id AS "personId", coalesce(stands_for_id, person_id) AS "standsForId", move, judged,
       found_on::text AS "foundOn", answered_at AS "answeredAt", contract_from::text AS "contractFrom",
       contract_until::text AS "contractUntil", insured_from::text AS "insuredFrom"
     FROM job_finding found
     WHERE outcome = 'undecided'
       AND (found_on, unconfirmed) IN (SELECT day, waits::text[] FROM unnest($1::date[], $2::text[]) AS settled (day, waits))
       AND ($3::date IS NULL OR (found_on, loan_id, person_id) > ($3, $4::uuid, $5::uuid))
       AND ${isLast}
     ORDER BY found_on, loan_id, person_id LIMIT $6`,
    [
      settled.map(({ foundOn }) => foundOn),
      settled.map(({ text }) => text),
      ...(after ?? [null, null, null]),
      most,
    ],
  )) as OpenJob[];
}

/** For the province: the law is the same for all of its offices. Of what was written, not of what was to be. */
async function recordDecision(tx: Transaction, written: readonly WrittenFinding[]): Promise<void> {
  const lines = written.map(
    ({ loanId, personId, move, outcome }) => `${loanId} ${personId} ${move} ${outcome}\n`,
  );
  // PostgreSQL tells what it wrote in no order.
  const after = createHash('sha256').update(lines.sort().join('')).digest('hex');
  await recordAudit(tx, {
    ...worker,
    office: listPlaces(todayInVietnam()).find(({ level }) => level === 'province')!.code,
    verb: 'loanJob.decide',
    subject: 'law/employment-loan-job',
    requestId: `jobs-${after.slice(0, 16)}`,
    before: null,
    after,
    facts: { jobs: written.length, counted: written.filter(({ outcome }) => outcome === 'counted').length },
  });
}
