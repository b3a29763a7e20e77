import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, type Permission, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { AccessLogQuery, AccessView } from './access-log.dto.js';
import { accessProblems } from './access-log.problems.js';
import type { AccessPurpose, Reader } from './access-purpose.js';

/** One reading of whole numbers. */
interface Access {
  /** Of the record, which may lie under the reader's own. */
  office: string;
  /** e.g. `batch/LO-00000042/messages/3` */
  subject: string;
  rows: { first: number; last: number };
  /** Citizen numbers and accounts that are handed out. */
  numbers: number;
}

/**
 * The purpose under which this reader may see whole numbers.
 * @throws ProblemError UNMASKING_REFUSED where it has none of the rights, ACCESS_PURPOSE_MISSING
 */
export function requirePurpose({ actor, purpose }: Reader, isAllowed: boolean): AccessPurpose {
  if (!isAllowed && !actor.permissions.has('payee:unmask' satisfies Permission)) {
    throw new ProblemError(accessProblems.unmaskingRefused, {
      detail: {
        vi: 'Cần quyền «payee:unmask»; người lập xem được số trong danh sách của chính mình.',
        en: 'The permission "payee:unmask" is needed; makers may see the numbers of their own list.',
      },
    });
  }
  if (purpose === null) throw new ProblemError(accessProblems.purposeMissing);
  return purpose;
}

/** Writes the row of an unmasking, in the transaction that reads the numbers: none leaves before it is committed. */
export async function recordAccess(
  tx: Transaction,
  { actor, requestId }: Reader,
  purpose: AccessPurpose,
  access: Access,
): Promise<void> {
  await tx.query(
    `INSERT INTO access_log (actor_id, actor_name, actor_office, office, subject, first_row, last_row, numbers, purpose,
                             note, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      actor.id,
      actor.name,
      actor.office,
      access.office,
      access.subject,
      access.rows.first,
      access.rows.last,
      access.numbers,
      purpose.code,
      purpose.note,
      requestId,
    ],
  );
}

/** Who saw whole numbers of people, when, and what for. */
@Injectable()
export class AccessLogService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Newest first; of the records of the caller's offices, whoever read them. */
  async list(query: AccessLogQuery, actor: Actor): Promise<Page<AccessView>> {
    const after = readCursor(query.after, 'number')?.[0] ?? null;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT id, at, actor_id AS actor, actor_name AS name, actor_office AS "actorOffice", office, subject,
                first_row AS "firstRow", last_row AS "lastRow", numbers, purpose, note, request_id AS "requestId"
         FROM access_log
         WHERE ($1::text IS NULL OR actor_id = $1)
           AND ($2::text IS NULL OR starts_with(subject || '/', $2 || '/')) AND ($3::text IS NULL OR purpose = $3)
           AND ($4::date IS NULL OR (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = $4::date)
           AND ($5::bigint IS NULL OR id < $5)
         ORDER BY id DESC LIMIT $6`,
        [
          query.actor ?? null,
          query.subject ?? null,
          query.purpose ?? null,
          query.day ?? null,
          after,
          query.limit + 1,
        ],
      ),
    )) as (Omit<AccessView, 'at'> & { at: Date })[];
    const views = rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    return pageOf(views, query.limit, ({ id }) => [id]);
  }
}
