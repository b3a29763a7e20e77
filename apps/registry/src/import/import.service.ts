import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { addDays, todayInVietnam } from '@ansinh/calendar';
import {
  asSystem,
  inTransaction,
  limitStatement,
  mayWaitForBeside,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import { type PageQuery, streamOf } from '@ansinh/service';
import { digestOfFile, formatOf, listTypes, refusingList, withSpooled } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import { Threads } from '../threads/threads.js';
import type { ImportView } from './import.dto.js';
import { analyseEntered, enterChunk } from './import-apply.sql.js';
import { claimChunk } from './import-chunks.sql.js';
import { checkList } from './import-check.sql.js';
import type { ImportKind } from './import-columns.js';
import { countedFindings, findingsNow, viewImport, viewImports } from './import-view.js';
import { type ImportSource, stageList } from './staged-list.js';

const bytesMax = 1024 ** 3;
const secondsMax = 900;
/** For how many days a list is kept, with the rows that were staged of it. */
export const importDaysKept = Symbol('importDaysKept');

/**
 * Lists that enter the registry in two steps. First the list is taken in whole and checked, which changes nothing of the
 * registry; then its rows enter, a chunk a command. Whoever was stopped asks for the next chunk: one is gone from those that
 * wait with the transaction of its rows.
 */
@Injectable()
export class ImportService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly threads: Threads,
    @Inject(importDaysKept) private readonly daysKept: number,
  ) {}

  /** @throws ProblemError LIST_REFUSED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE */
  async check(request: FastifyRequest, kind: ImportKind, command: Command): Promise<ImportView> {
    const format = formatOf(request.headers['content-type']);
    const { office } = command.actor;
    return withSpooled(streamOf(request, listTypes), bytesMax, async (path) => {
      const fileDigest = await digestOfFile(path);
      return this.commands.run(withFile(command, fileDigest), 'registry.import.check', async (tx) => {
        await limitStatement(tx, secondsMax);
        const source = { id: uuidv7(), kind, office, path, format };
        const result = await this.takeIn(tx, { ...source, fileDigest }, command.actor);
        const after = await digestOf(tx, 'import', source.id);
        const { rows, blocked, warned } = result;
        const facts = { kind, fileDigest, rows, blocked, warned };
        return { result, subject: `import/${source.id}`, before: null, after, facts };
      });
    });
  }

  /**
   * Enters the next rows. Repeated until `applied` is `rows`; of people, two calls at a time enter different ones.
   * @throws ProblemError IMPORT_NOT_FOUND, IMPORT_DONE, IMPORT_SWEPT
   */
  async apply(id: string, command: Command): Promise<ImportView> {
    return this.commands.run(command, 'registry.import.apply', async (tx) => {
      await limitStatement(tx, secondsMax);
      const { kind, rows } = await claimChunk(tx, id);
      const by = { id: command.actor.id, offices: scopeOf(command.actor).offices };
      // Rows were checked to be of this office; under the policies each of them would be asked of its person once more.
      const { entered, isWhole } = await asSystem(tx, () => enterChunk(tx, kind, rows, by));
      // From here on the other chunks wait, so that each one's digests are of its own count.
      await tx.query('SELECT FROM registry_import WHERE id = $1 FOR NO KEY UPDATE', [id]);
      const before = await digestOf(tx, 'import', id);
      const [[list]] = (await tx.query(
        `UPDATE registry_import SET taken_up = taken_up + $2, entered = entered + $3,
           counted_findings = ${isWhole ? countedFindings : findingsNow}
         WHERE id = $1 RETURNING taken_up = rows AS "isDone", rows`,
        [id, rows.to - rows.after, entered],
      )) as [[{ isDone: boolean; rows: number }]];
      if (list.isDone) await asSystem(tx, () => analyseEntered(tx, kind, list.rows));
      const after = await digestOf(tx, 'import', id);
      const facts = { kind, firstRow: rows.after + 1, lastRow: rows.to, entered };
      return { result: await viewImport(tx, id), subject: `import/${id}`, before, after, facts };
    });
  }

  /** @throws ProblemError IMPORT_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<ImportView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewImport(tx, id));
  }

  /** The newest first. */
  async list({ after, limit }: PageQuery, actor: Actor): Promise<Page<ImportView>> {
    const before = (readCursor(after, 'uuid')?.[0] as string | undefined) ?? null;
    const views = await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      viewImports(tx, before, limit + 1),
    );
    return pageOf(views, limit, ({ id }) => [id]);
  }

  private async takeIn(
    tx: Transaction,
    source: ImportSource & { fileDigest: string },
    actor: Actor,
  ): Promise<ImportView> {
    const { id, kind, office, fileDigest } = source;
    await tx.query(
      `INSERT INTO registry_import (id, kind, office_code, file_digest, rows, blocked, warned, created_by, kept_until)
       VALUES ($1, $2, $3, $4, 0, 0, 0, $5, $6)`,
      [id, kind, office, fileDigest, actor.id, addDays(todayInVietnam(), this.daysKept)],
    );
    // A workbook is read for longer than a session may be idle before its first row comes.
    await mayWaitForBeside(tx, secondsMax);
    // COPY, which PostgreSQL refuses where policies hold; the import is the office's own.
    const rows = await refusingList(() => asSystem(tx, () => stageList(tx, this.threads, source)));
    await checkList(tx, id, kind, scopeOf(actor).offices);
    await tx.query(
      `UPDATE registry_import SET rows = $2,
         blocked = (SELECT count(*) FROM import_row WHERE import_id = $1 AND is_blocked),
         warned = (SELECT count(DISTINCT row_no) FROM import_finding JOIN import_row USING (import_id, row_no)
                   WHERE import_id = $1 AND NOT is_blocked),
         counted_findings = ${findingsNow}
       WHERE id = $1`,
      [id, rows],
    );
    return viewImport(tx, id);
  }
}
