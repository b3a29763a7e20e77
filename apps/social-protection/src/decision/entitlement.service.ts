import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, readCursor } from '@ansinh/database';
import { pagesByParent } from '@ansinh/graphql';

/** What somebody is to be paid by a decision. It has the id of that decision. */
export interface EntitlementView {
  id: string;
  programme: string;
  choice: string;
  period: string;
  amount: string;
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
}

const selectEntitlements = `
SELECT e.id, e.programme, e.choice, e.period, e.amount::text AS amount, e.person_key AS "personKey" FROM entitlement e`;
