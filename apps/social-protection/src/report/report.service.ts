import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { dayInMonth } from '@ansinh/calendar';
import { asSystem, inTransaction, limitStatement } from '@ansinh/database';
import { stateOfEntitlement } from '../payout/entitlement-state.sql.js';
import type { HalfYearLine, HalfYearQuery } from './report.dto.js';

const secondsMax = 120;

/** What an office reports each half-year (Circular 02/2021/TT-BLĐTBXH article 6): counted from decisions and payments, by statement. */
@Injectable()
export class ReportService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async ofHalfYear({ year, half }: HalfYearQuery, actor: Actor): Promise<HalfYearLine[]> {
    const first = `${year}-${half === 1 ? '01' : '07'}-01`;
    const scope = scopeOf(actor);
    return inTransaction(this.dataSource, scope, async (tx) => {
      await limitStatement(tx, secondsMax);
      // Numbers of the caller's own people, in whosever run they were decided.
      return asSystem(tx, async () => [
        ...((await tx.query(monthly, [
          scope.offices,
          dayInMonth(first, -1, 1),
          first,
          dayInMonth(first, 5, 1),
        ])) as HalfYearLine[]),
        ...((await tx.query(once, [scope.offices, first, dayInMonth(first, 6, 1)])) as HalfYearLine[]),
      ]);
    });
  }
}

const isPaid = `${stateOfEntitlement('e', 'true')} = 'paid'`;

/** $1: offices. $2, $3, $4: the month before, the first and the last one. Of each month the last approved decision holds. */
const monthly = `
WITH holding AS (
  -- Also one that another office made since.
  SELECT run.programme, d.month, d.outcome, d.rules[1] AS category
  FROM decision d JOIN support_run run ON run.id = d.run_id
  WHERE d.office_code = ANY ($1) AND d.month IN ($2, $4) AND d.beneficiary_id IS NOT NULL AND run.state = 'approved'
    AND NOT EXISTS (
      SELECT FROM decision later JOIN support_run other ON other.id = later.run_id AND other.state = 'approved'
      WHERE later.beneficiary_id = d.beneficiary_id AND later.month = d.month AND later.month IN ($2, $4) AND later.id > d.id)
), counted AS (
  SELECT programme, category, count(*) FILTER (WHERE month = $2)::int AS before, count(*) FILTER (WHERE month = $4)::int AS people
  FROM holding WHERE outcome = 'granted' GROUP BY programme, category
), money AS (
  SELECT e.programme, e.choice AS category, sum(e.amount) AS owed, sum(e.deducted) AS deducted, sum(e.amount - e.deducted) FILTER (WHERE ${isPaid}) AS paid
  FROM entitlement e JOIN support_run run ON run.id = e.run_id
  WHERE e.office_code = ANY ($1) AND run.month IS NOT NULL AND run.state = 'approved' AND NOT e.is_released
    AND e.period BETWEEN to_char($3::date, 'YYYY-MM') AND to_char($4::date, 'YYYY-MM')
  GROUP BY e.programme, e.choice
)
SELECT programme, category, coalesce(before, 0) AS before, coalesce(people, 0) AS people,
  coalesce(owed, 0)::text AS owed, coalesce(deducted, 0)::text AS deducted, coalesce(paid, 0)::text AS paid
FROM counted FULL JOIN money USING (programme, category) ORDER BY programme, category`;

/** $2: first day, $3: the first day after it. By the day of the decision. */
const once = `
SELECT e.programme, e.choice AS category, NULL AS before, count(DISTINCT e.person_key)::int AS people,
  sum(e.amount)::text AS owed, '0' AS deducted, coalesce(sum(e.amount) FILTER (WHERE ${isPaid}), 0)::text AS paid
FROM entitlement e JOIN support_run run ON run.id = e.run_id
WHERE e.office_code = ANY ($1) AND run.month IS NULL AND run.state = 'approved' AND NOT e.is_released
  AND run.decided_on >= $2 AND run.decided_on < $3
GROUP BY e.programme, e.choice ORDER BY e.programme, e.choice`;
