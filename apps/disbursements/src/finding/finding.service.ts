import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Page, pageOf, readCursor } from '@ansinh/database';
import { type PageOf, pagesByParent } from '@ansinh/graphql';
import { type Command, Commands } from '@ansinh/idempotency';
import { maskNumbersIn } from '@ansinh/identity';
import { ProblemError } from '@ansinh/problem';
import type { BatchView } from '../batch/batch.dto.js';
import { batchProblems, wrongState } from '../batch/batch.problems.js';
import { addMaker, changeOf, findBatch, lockBatch, moveBatch } from '../batch/batch.service.js';
import { viewBatch } from '../batch/batch-view.js';
import { Hints } from '../hints/hints.js';
import {
  findingCatalogue,
  type FindingCode,
  type FindingFacts,
  findingText,
  type ListColumn,
} from '@ansinh/payment-list';
import type { FindingQuery, FindingView, WaiveInput, WaiverView } from './finding.dto.js';

interface FindingRow {
  row_no: number;
  code: FindingCode;
  column_name: string;
  severity: string;
  facts: FindingFacts;
  waived_by: string | null;
  waived_reason: string | null;
  waived_at: Date | null;
}

/** What the check found, and who took the responsibility for letting it pass. */
@Injectable()
export class FindingService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly hints: Hints,
  ) {}

  async list(batchId: string, query: FindingQuery, actor: Actor): Promise<Page<FindingView>> {
    const after = readCursor(query.after, 'row', 'text', 'text') ?? [null, null, null];
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      return (await tx.query(
        `SELECT row_no, finding.code, column_name, severity, facts, waiver.actor_name AS waived_by,
                waiver.reason AS waived_reason, waiver.at AS waived_at
         FROM finding LEFT JOIN waiver ON waiver.id = waiver_id
         WHERE finding.batch_number = $1 AND ($2::text IS NULL OR finding.code = $2) AND ($3::text IS NULL OR severity = $3)
           AND ($4::int IS NULL OR (row_no, finding.code, column_name) > ($4, $5, $6))
         ORDER BY row_no, finding.code, column_name LIMIT $7`,
        [batch.number, query.code ?? null, query.severity ?? null, ...after, query.limit + 1],
      )) as FindingRow[];
    });
    const page = pageOf(rows, query.limit, (row) => [row.row_no, row.code, row.column_name]);
    return { items: page.items.map(toView), next: page.next };
  }

  /** A page of the findings of each batch that the caller may see. */
  async ofBatches(
    batchIds: string[],
    query: PageOf<FindingQuery>,
    actor: Actor,
  ): Promise<Map<string, Page<FindingView>>> {
    const after = readCursor(query.after, 'row', 'text', 'text') ?? [null, null, null];
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.id AS parent_id, page.* FROM batch asked
         LEFT JOIN LATERAL (
           SELECT row_no, finding.code, column_name, severity, facts, waiver.actor_name AS waived_by,
                  waiver.reason AS waived_reason, waiver.at AS waived_at
           FROM finding LEFT JOIN waiver ON waiver.id = waiver_id
           WHERE finding.batch_number = asked.number AND ($2::text IS NULL OR finding.code = $2)
             AND ($3::text IS NULL OR severity = $3)
             AND ($4::int IS NULL OR (row_no, finding.code, column_name) > ($4, $5, $6))
           ORDER BY row_no, finding.code, column_name LIMIT $7) page ON true
         WHERE asked.id = ANY($1::uuid[])
         ORDER BY page.row_no, page.code, page.column_name`,
        [batchIds, query.code ?? null, query.severity ?? null, ...after, query.limit + 1],
      ),
    )) as (FindingRow & { parent_id: string; row_no: number | null })[];
    const found = rows.map((row) => ({
      parentId: row.parent_id,
      child: row.row_no === null ? undefined : toView(row),
    }));
    return pagesByParent(found, query.limit, (finding) => [finding.row, finding.code, finding.column ?? '']);
  }

  /**
   * Lets lines with this finding be paid, under the caller's name; the list is checked again with it, since two lines
   * that now both stand may be one obligation.
   * @throws ProblemError FINDING_NOT_WAIVABLE, NOTHING_TO_WAIVE, BATCH_STATE
   */
  async waive(batchId: string, input: WaiveInput, command: Command): Promise<BatchView> {
    if (!findingCatalogue[input.code].waivable) throw new ProblemError(batchProblems.notWaivable);
    const view = await this.commands.run(command, 'batch.waive', async (tx) => {
      const batch = await lockBatch(tx, batchId);
      if (batch.state !== 'checked') throw wrongState(batch.state, ['checked']);
      const [found] = (await tx.query(
        `SELECT count(*)::int AS count FROM finding
         WHERE batch_number = $1 AND code = $2 AND ($3::int[] IS NULL OR row_no = ANY($3))`,
        [batch.number, input.code, input.rows ?? null],
      )) as { count: number }[];
      if (found!.count === 0) throw new ProblemError(batchProblems.nothingToWaive);
      await tx.query(
        `INSERT INTO waiver (batch_number, import_number, code, rows, reason, actor_id, actor_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          batch.number,
          batch.importNumber,
          input.code,
          input.rows ?? null,
          input.reason,
          command.actor.id,
          command.actor.name,
        ],
      );
      await addMaker(tx, batch, command.actor);
      await moveBatch(tx, batch, 'checking');
      const facts = { code: input.code, findings: found!.count, reason: input.reason };
      return { result: await viewBatch(tx, batch), ...(await changeOf(tx, batch)), facts };
    });
    await this.hints.checkDue(view.id);
    return view;
  }

  async waivers(batchId: string, actor: Actor): Promise<WaiverView[]> {
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const batch = await findBatch(tx, batchId);
      return (await tx.query(
        `SELECT code, rows, reason, actor_id AS by, actor_name AS name, at FROM waiver
         WHERE batch_number = $1 AND import_number = $2 ORDER BY id`,
        [batch.number, batch.importNumber],
      )) as (Omit<WaiverView, 'at'> & { at: Date })[];
    });
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }
}

function toView(row: FindingRow): FindingView {
  const column = row.column_name === '' ? null : row.column_name;
  return {
    row: row.row_no,
    column,
    code: row.code,
    severity: row.severity,
    message: findingText(row.code, shownFacts(row.facts), column as ListColumn | null),
    value: row.facts.value ?? null,
    waived:
      row.waived_by === null
        ? null
        : { by: row.waived_by, reason: row.waived_reason!, at: row.waived_at!.toISOString() },
  };
}

/** Another line's name is told as its list gave it: a number that slipped into the column of names is masked. */
export function shownFacts(facts: FindingFacts): FindingFacts {
  return facts.name === undefined ? facts : { ...facts, name: maskNumbersIn(facts.name) };
}
