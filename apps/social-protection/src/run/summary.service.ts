import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, limitStatement } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { RunSummary } from './run.dto.js';
import { runProblems } from './run.problems.js';

const secondsMax = 120;

/** What a run comes to, beside what was decided of the same people before. */
@Injectable()
export class SummaryService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @throws ProblemError SUPPORT_RUN_NOT_FOUND */
  async of(id: string, actor: Actor): Promise<RunSummary> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const [run] = (await tx.query(
        'SELECT programme, month IS NOT NULL AS "isMonthly" FROM support_run WHERE id = $1',
        [id],
      )) as { programme: string; isMonthly: boolean }[];
      if (!run) throw new ProblemError(runProblems.notFound);
      await limitStatement(tx, secondsMax);
      // The run was found in the caller's scope; these are numbers of its decisions, without people.
      const count = async <Row>(sql: string, ...more: unknown[]) =>
        (await asSystem(tx, () => tx.query(sql, [id, ...more]))) as Row[];
      type People = Pick<RunSummary, 'people' | 'newPeople' | 'grantedBefore' | 'refusedBefore'>;
      const [people] = run.isMonthly
        ? await count<People>(peopleOfMonth)
        : await count<People>(peopleOfRun, run.programme);
      return {
        ...people!,
        outcomes: await count(
          `SELECT outcome, count(*)::int AS decisions, sum(amount)::text AS amount
           FROM decision WHERE run_id = $1 GROUP BY outcome ORDER BY outcome`,
        ),
        rules: await count(
          `SELECT rules, count(*)::int AS decisions, sum(amount)::text AS amount
           FROM decision WHERE run_id = $1 AND outcome = 'granted' GROUP BY rules ORDER BY rules`,
        ),
        reasons: await count(
          `SELECT outcome, fact, count(*)::int AS decisions
           FROM decision, unnest(because) AS fact WHERE run_id = $1 GROUP BY outcome, fact ORDER BY outcome, fact`,
        ),
        changes: await count(
          `SELECT change, count(*)::int AS decisions, sum(amount_before)::text AS "amountBefore", sum(amount)::text AS amount
           FROM decision WHERE run_id = $1 AND change IS NOT NULL GROUP BY change
           UNION ALL
           SELECT 'recovered', count(*)::int, sum(amount)::text, sum(amount - deducted)::text
           FROM entitlement WHERE run_id = $1 AND deducted > 0 HAVING count(*) > 0
           ORDER BY change`,
        ),
      };
    });
  }
}

/** A decision of a month names the one that it is compared with. */
const peopleOfMonth = `
SELECT count(DISTINCT beneficiary_id)::int AS people,
  count(DISTINCT beneficiary_id) FILTER (WHERE earlier_id IS NULL)::int AS "newPeople",
  count(DISTINCT beneficiary_id) FILTER (WHERE outcome = 'granted' AND amount_before > 0)::int AS "grantedBefore",
  count(DISTINCT beneficiary_id) FILTER (WHERE outcome = 'granted' AND amount_before = 0 AND earlier_id IS NOT NULL)::int AS "refusedBefore"
FROM decision WHERE run_id = $1`;

const peopleOfRun = `
WITH own AS (
  SELECT person_key, bool_or(outcome = 'granted') AS is_granted FROM decision WHERE run_id = $1 GROUP BY person_key
), earlier AS (
  SELECT d.person_key, bool_or(d.outcome = 'granted') AS was_granted
  FROM own JOIN decision d USING (person_key) JOIN support_run run ON run.id = d.run_id
  WHERE d.list_id IS NOT NULL AND run.id <> $1 AND run.programme = $2 AND run.state = 'approved' GROUP BY d.person_key
)
SELECT count(*)::int AS people,
  count(*) FILTER (WHERE was_granted IS NULL)::int AS "newPeople",
  count(*) FILTER (WHERE is_granted AND was_granted)::int AS "grantedBefore",
  count(*) FILTER (WHERE is_granted AND NOT was_granted)::int AS "refusedBefore"
FROM own LEFT JOIN earlier USING (person_key)`;
