import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { instant } from '../instant.sql.js';
import type { AnswerNotice, RegistryNoticesQuery, RegistryNoticeView } from './registry-notice.dto.js';
import { registryNoticeProblems } from './registry-notice.problems.js';

/** What the registry told of beneficiaries, what came of it by itself, and what an official has to decide. */
@Injectable()
export class RegistryNoticeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  async list(
    { state, kind, after, limit }: RegistryNoticesQuery,
    actor: Actor,
  ): Promise<Page<RegistryNoticeView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const seen = (await tx.query(
        `SELECT n.id FROM registry_notice n LEFT JOIN registry_notice_answer a ON a.notice_id = n.id
         WHERE ($1::uuid IS NULL OR n.id > $1) AND ($2::text IS NULL OR n.kind = $2)
           AND ($3::text IS NULL OR ${stateOfNotice} = $3) ORDER BY n.id LIMIT $4`,
        [readCursor(after, 'uuid')?.[0] ?? null, kind ?? null, state ?? null, limit + 1],
      )) as { id: string }[];
      return viewsOf(
        tx,
        seen.map(({ id }) => id),
      );
    })) as RegistryNoticeView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /**
   * An official has decided: what there is to state or to move he has stated or moved.
   * @throws ProblemError REGISTRY_NOTICE_NOT_FOUND, REGISTRY_NOTICE_NOT_OPEN
   */
  async answer(
    id: string,
    { answer, paper, note }: AnswerNotice,
    command: Command,
  ): Promise<RegistryNoticeView> {
    return this.commands.run(command, 'registry.notice.answer', async (tx) => {
      const [seen] = (await tx.query('SELECT FROM registry_notice WHERE id = $1', [id])) as object[];
      if (!seen) throw new ProblemError(registryNoticeProblems.notFound);
      const before = await digestOf(tx, 'registryNotice', id);
      const answered = (await tx.query(
        `INSERT INTO registry_notice_answer (notice_id, answer, paper, note, actor_id, actor_name)
         SELECT id, $2, $3, $4, $5, $6 FROM registry_notice WHERE id = $1 AND is_open
         ON CONFLICT DO NOTHING RETURNING notice_id`,
        [id, answer, paper ?? null, note, command.actor.id, command.actor.name],
      )) as object[];
      if (answered.length === 0) throw new ProblemError(registryNoticeProblems.notOpen);
      const after = await digestOf(tx, 'registryNotice', id);
      const [result] = await viewsOf(tx, [id]);
      return {
        result: result!,
        subject: `registry-notice/${id}`,
        before,
        after,
        facts: { answer, paper, note },
      };
    });
  }
}

const stateOfNotice = `coalesce(a.answer, CASE WHEN n.is_open THEN 'open' ELSE 'applied' END)`;

/** Of notices that were found in the caller's scope: the beneficiary may be another office's by now. */
async function viewsOf(tx: Transaction, ids: readonly string[]): Promise<RegistryNoticeView[]> {
  return (await asSystem(tx, () =>
    tx.query(
      `SELECT n.id, n.beneficiary_id AS "beneficiaryId", b.programme, n.name, n.office_code AS "officeCode", n.kind,
         n.died_on::text AS "diedOn", n.place_code AS "placeCode", n.resident_from::text AS "residentFrom", n.other_id AS "otherId",
         n.statement_id AS "statementId", ${stateOfNotice} AS state, n.event_id AS "eventId", n.event_type AS "eventType",
         ${instant('n.told_at')} AS "toldAt", a.paper, a.note, a.actor_name AS "answeredBy"
       FROM registry_notice n JOIN beneficiary b ON b.id = n.beneficiary_id
       LEFT JOIN registry_notice_answer a ON a.notice_id = n.id
       WHERE n.id = ANY ($1::uuid[]) ORDER BY n.id`,
      [ids],
    ),
  )) as RegistryNoticeView[];
}
