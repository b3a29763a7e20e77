import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, limitStatement, type Page, pageOf, readCursor } from '@ansinh/database';
import { owedMonths, plannedOf } from './owed-months.sql.js';
import type { OverpaymentsQuery, OverpaymentView } from './recovery.dto.js';

const secondsMax = 120;

/** Who was paid too much and owes it still, whether something is granted to him any more or not. */
@Injectable()
export class OverpaymentService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async list(
    { programme, placeCode, after, limit }: OverpaymentsQuery,
    actor: Actor,
  ): Promise<Page<OverpaymentView>> {
    const scope = scopeOf(actor);
    const rows = (await inTransaction(this.dataSource, scope, async (tx) => {
      await limitStatement(tx, secondsMax);
      // Of the caller's own people, in whosever run they were decided.
      return asSystem(tx, () =>
        tx.query(selectOverpayments, [
          programme,
          scope.offices,
          placeCode ?? null,
          readCursor(after, 'uuid')?.[0] ?? null,
          limit + 1,
        ]),
      );
    })) as OverpaymentView[];
    return pageOf(rows, limit, ({ beneficiaryId }) => [beneficiaryId]);
  }
}

const selectOverpayments = `
SELECT b.id AS "beneficiaryId", b.name, b.place_code AS "placeCode", total.months, total.owed::text AS owed,
  ${plannedOf}::text AS planned,
  (SELECT to_char(d.month, 'YYYY-MM') FROM decision d JOIN support_run run ON run.id = d.run_id
   WHERE d.beneficiary_id = b.id AND d.outcome = 'granted' AND run.state = 'approved'
     AND NOT EXISTS (SELECT FROM decision later JOIN support_run after ON after.id = later.run_id
       WHERE later.beneficiary_id = b.id AND later.month = d.month AND later.id > d.id AND after.state = 'approved'
         AND later.outcome <> 'granted')
   ORDER BY d.month DESC LIMIT 1) AS "grantedUntil"
FROM beneficiary b
CROSS JOIN LATERAL (
  SELECT sum(owed) AS owed, jsonb_agg(jsonb_build_object('month', to_char(month, 'YYYY-MM'), 'paid', paid::text,
    'granted', granted::text, 'returned', returned::text, 'waived', waived::text, 'owed', owed::text) ORDER BY month) AS months
  FROM (${owedMonths}) owing WHERE owed > 0) total
WHERE b.programme = $1 AND b.office_code = ANY ($2) AND ($3::text IS NULL OR b.office_code = $3) AND ($4::uuid IS NULL OR b.id > $4)
  AND b.id IN (SELECT beneficiary_id FROM decision WHERE change = 'overpaid') AND total.owed > 0
ORDER BY b.id LIMIT $5`;
