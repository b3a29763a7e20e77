import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, readCursor } from '@ansinh/database';
import { pagesByParent } from '@ansinh/graphql';
import { stateOfEntitlement } from '../payout/entitlement-state.sql.js';

/** Of a month that was paid too much, by a recovery. */
export interface DeductionView {
  recoveryId: string;
  month: string;
  amount: string;
  paper: string;
}

/** What somebody is to be paid by a decision. It has the id of that decision. */
export interface EntitlementView {
  id: string;
  programme: string;
  choice: string;
  period: string;
  /** What is granted; of it may be kept back what was paid too much before, and the rest is paid. */
  amount: string;
  deducted: string;
  net: string;
  deductions: DeductionView[];
  state: string;
  /** Line of the disbursements that pays it, the last one; null where there is no batch yet. */
  endToEndId: string | null;
  personKey: string;
}

@Injectable()
export class EntitlementService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, EntitlementView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`${selectEntitlements} WHERE NOT e.is_released AND e.id = ANY ($1::uuid[])`, [ids]),
    )) as EntitlementView[];
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Entitlements of many people, each a page; those of a run that nobody has approved yet are among them. */
  async ofPeople(
    keys: readonly string[],
    { after, limit }: { after?: string; limit: number },
    actor: Actor,
  ): Promise<Map<string, Page<EntitlementView>>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.key AS "parentId", found.* FROM unnest($1::uuid[]) AS asked (key)
         LEFT JOIN LATERAL (${selectEntitlements}
           WHERE e.person_key = asked.key AND NOT e.is_released AND ($2::uuid IS NULL OR e.id > $2)
           ORDER BY e.id LIMIT $3) found ON true
         ORDER BY found.id`,
        [keys, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      ),
    )) as (EntitlementView & { parentId: string })[];
    const found = rows.map(({ parentId, ...child }) => ({ parentId, child: child.id ? child : undefined }));
    return pagesByParent(found, limit, ({ id }) => [id]);
  }

  /** What payments of the disbursements pay, by their end-to-end ids. */
  async ofPayments(endToEndIds: readonly string[], actor: Actor): Promise<Map<string, EntitlementView>> {
    const asked = endToEndIds.flatMap((id) => {
      const parts = /^(?<code>.+)-(?<row>\d{7,9})$/.exec(id)?.groups;
      return parts ? [{ id, code: parts['code'], row: Number(parts['row']) }] : [];
    });
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.id AS "paymentId", found.* FROM unnest($1::text[], $2::text[], $3::int[]) AS asked (id, code, row)
         JOIN payout ON payout.batch_code = asked.code
         JOIN run_payout way ON way.payout_id = payout.id
         JOIN payout_line line ON line.run_payout_id = way.id AND line.row_no = asked.row
         JOIN LATERAL (${selectEntitlements} WHERE e.id = line.entitlement_id) found ON true`,
        [asked.map(({ id }) => id), asked.map(({ code }) => code), asked.map(({ row }) => row)],
      ),
    )) as (EntitlementView & { paymentId: string })[];
    return new Map(rows.map(({ paymentId, ...view }) => [paymentId, view]));
  }
}

const selectEntitlements = `
SELECT e.id, e.programme, e.choice, e.period, e.amount::text AS amount, e.deducted::text AS deducted, (e.amount - e.deducted)::text AS net,
  CASE WHEN e.deducted = 0 THEN '[]' ELSE (
    SELECT coalesce(jsonb_agg(jsonb_build_object('recoveryId', r.id, 'month', to_char(entry.month, 'YYYY-MM'), 'amount', entry.amount::text,
      'paper', r.paper) ORDER BY entry.id), '[]')
    FROM recovery_entry entry JOIN recovery r ON r.id = entry.recovery_id WHERE entry.entitlement_id = e.id) END AS deductions,
  e.person_key AS "personKey",
  ${stateOfEntitlement('e', "run.state = 'approved'")} AS state,
  (SELECT payout.batch_code || '-' || lpad(line.row_no::text, 7, '0')
   FROM payout_line line JOIN run_payout way ON way.id = line.run_payout_id JOIN payout ON payout.id = way.payout_id
   WHERE line.entitlement_id = e.id ORDER BY way.id DESC LIMIT 1) AS "endToEndId"
FROM entitlement e JOIN support_run run ON run.id = e.run_id`;
