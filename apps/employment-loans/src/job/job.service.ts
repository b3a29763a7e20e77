import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import type { JobFilter, JobView } from './job.dto.js';

/** Jobs that loans make or keep, as their last use checks found them. */
@Injectable()
export class JobService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** By loan, the oldest on top. */
  async list({ after, limit, loanId, outcome, placeCode }: JobFilter, actor: Actor): Promise<Page<JobView>> {
    const [loan, person] = readCursor(after, 'uuid', 'uuid') ?? [null, null];
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${jobColumns} ${jobsFound}
         WHERE ($1::uuid IS NULL OR (worker.loan_id, worker.person_id) > ($1, $2::uuid))
           AND ($3::uuid IS NULL OR worker.loan_id = $3) AND ($4::text IS NULL OR found.outcome = $4)
           AND ($5::text IS NULL OR loan.place_code = $5)
         ORDER BY worker.loan_id, worker.person_id LIMIT $6`,
        [loan, person, loanId ?? null, outcome ?? null, placeCode ?? null, limit + 1],
      ),
    )) as JobRow[];
    return pageOf(rows.map(viewOf), limit, ({ loanId: last, personId }) => [last, personId]);
  }

  /** Of each loan all that was found; a loan of which nothing was is left out. */
  async ofLoans(loanIds: readonly string[], actor: Actor): Promise<Map<string, JobView[]>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${jobColumns} ${jobsFound} WHERE worker.loan_id = ANY($1::uuid[]) ORDER BY worker.name, worker.person_id`,
        [loanIds],
      ),
    )) as JobRow[];
    return Map.groupBy(rows.map(viewOf), ({ loanId }) => loanId);
  }
}

type JobRow = Omit<JobView, 'answeredAt'> & { answeredAt: Date };
const viewOf = (row: JobRow): JobView => ({ ...row, answeredAt: row.answeredAt.toISOString() });

const jobColumns = `worker.loan_id AS "loanId", loan.code, loan.borrower_name AS "borrowerName", loan.place_code AS "placeCode",
  worker.person_id AS "personId", worker.name, worker.kind, found.outcome, found.found_on::text AS "foundOn",
  found.answered_at AS "answeredAt", found.contract_from::text AS "contractFrom",
  found.contract_until::text AS "contractUntil", found.insured_from::text AS "insuredFrom",
  found.unconfirmed`;

const jobsFound = `FROM loan_worker worker JOIN loan ON loan.id = worker.loan_id
  JOIN LATERAL (SELECT * FROM job_finding WHERE loan_id = worker.loan_id AND person_id = worker.person_id
    ORDER BY move DESC, judged DESC LIMIT 1) found ON true`;
