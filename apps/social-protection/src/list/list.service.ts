import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import {
  asSystem,
  inTransaction,
  limitStatement,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import { taxCodeFault } from '@ansinh/identity';
import { communeToday, officeCovers } from '@ansinh/places';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { type PageQuery, streamOf } from '@ansinh/service';
import { digestOfFile, formatOf, listTypes, refusingList, withSpooled } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import { enterList } from '../beneficiary/enter-list.js';
import { isMonthly, programmeOf } from '../programme/programmes.js';
import type { ListFindingView, SupportListQuery, SupportListsQuery, SupportListView } from './list.dto.js';
import { factColumns, type ListForm, listForm } from './list-columns.js';
import { listProblems } from './list.problems.js';
import { findingText, type RowFinding } from './list-row.js';
import { copyList } from './copy-list.js';

const bytesMax = 64 * 1024 ** 2;
const secondsMax = 120;

/** Lists of people for whom an employer or a commune asks for support. */
@Injectable()
export class ListService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /**
   * @throws ProblemError SUPPORT_CHOICE_UNKNOWN, SUPPORT_MONTHS, SUPPORT_PLACE, SUPPORT_TAX_CODE, SUPPORT_FUTURE_DAY,
   *   SUPPORT_LIST_TOO_LONG, BENEFICIARY_ELSEWHERE, LIST_REFUSED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE
   */
  async bring(request: FastifyRequest, head: SupportListQuery, command: Command): Promise<SupportListView> {
    const format = formatOf(request.headers['content-type']);
    const { form, office } = checkHead(head, command.actor);
    return withSpooled(streamOf(request, listTypes), bytesMax, async (path) => {
      const fileDigest = await digestOfFile(path);
      return this.commands.run(withFile(command, fileDigest), 'support.list.bring', async (tx) => {
        await limitStatement(tx, secondsMax);
        const id = uuidv7();
        const { actor } = command;
        await tx.query(
          `INSERT INTO support_list (id, programme, choice, months, employer_tax_code, employer_name, employer_type,
             place_code, office_code, received_on, file_digest, rows, blocked, is_refused, created_by, created_by_name)
           VALUES ($1, $2, $3, $4::date[], $5, $6, $7, $8, $9, $10, $11, 0, 0, true, $12, $13)`,
          [
            id,
            head.programme,
            head.choice,
            head.months.map((month) => `${month}-01`),
            head.taxCode ?? null,
            head.employerName,
            head.employerType,
            head.placeCode,
            office,
            head.receivedOn,
            fileDigest,
            actor.id,
            actor.name,
          ],
        );
        // COPY, which PostgreSQL refuses where policies hold; the list is the office's own.
        const { rows, blocked } = await refusingList(() =>
          asSystem(tx, () => copyList(tx, { id, path, format, form, sealer: this.sealer })),
        );
        const isRefused = rows === blocked || (blocked > 0 && head.onFlawed === 'refuse');
        await tx.query('UPDATE support_list SET rows = $2, blocked = $3, is_refused = $4 WHERE id = $1', [
          id,
          rows,
          blocked,
          isRefused,
        ]);
        const entered = isRefused ? {} : await enterPeople(tx, id, { head, office, actor });
        const [result] = (await tx.query(`${selectLists} WHERE l.id = $1`, [id])) as [SupportListView];
        const after = await digestOf(tx, 'list', id);
        const facts = {
          programme: head.programme,
          choice: head.choice,
          fileDigest,
          rows,
          blocked,
          isRefused,
          ...entered,
        };
        return { result, subject: `support-list/${id}`, before: null, after, facts };
      });
    });
  }

  async list({ programme, after, limit }: SupportListsQuery, actor: Actor): Promise<Page<SupportListView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `${selectLists} WHERE ($1::uuid IS NULL OR l.id > $1) AND ($2::text IS NULL OR l.programme = $2)
         ORDER BY l.id LIMIT $3`,
        [readCursor(after, 'uuid')?.[0] ?? null, programme ?? null, limit + 1],
      ),
    )) as SupportListView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError SUPPORT_LIST_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<SupportListView> {
    const [found] = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`${selectLists} WHERE l.id = $1`, [id]),
    )) as SupportListView[];
    if (!found) throw new ProblemError(listProblems.notFound);
    return found;
  }

  /** What is wrong with which row and column. @throws ProblemError SUPPORT_LIST_NOT_FOUND */
  async findings(id: string, { after, limit }: PageQuery, actor: Actor): Promise<Page<ListFindingView>> {
    const { programme, choice } = await this.get(id, actor);
    const [row, code, column] = readCursor(after, 'row', 'text', 'text') ?? [0, '', ''];
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT row_no AS row, code, column_name AS column, facts FROM list_finding
         WHERE list_id = $1 AND (row_no, code, column_name) > ($2, $3, $4)
         ORDER BY row_no, code, column_name LIMIT $5`,
        [id, row, code, column, limit + 1],
      ),
    )) as (RowFinding & { row: number; column: string })[];
    const columns = factColumns(programme, choice)!;
    const page = pageOf(rows, limit, (finding) => [finding.row, finding.code, finding.column]);
    return {
      next: page.next,
      items: page.items.map((finding) => ({
        row: finding.row,
        code: finding.code,
        column: finding.column || null,
        message: findingText(finding, columns),
      })),
    };
  }
}

/** Lists with the run that decides them. */
const selectLists = `
SELECT l.id, l.programme, l.choice, l.months::text[] AS months, l.employer_tax_code AS "taxCode",
  l.employer_name AS "employerName", l.employer_type AS "employerType", l.place_code AS "placeCode",
  l.received_on::text AS "receivedOn", l.file_digest AS "fileDigest", l.rows, l.blocked, l.is_refused AS "isRefused",
  (SELECT run_id FROM run_list WHERE list_id = l.id AND NOT is_released) AS "runId",
  l.created_by AS "createdBy", to_char(l.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"
FROM support_list l`;

/** A list of a monthly programme enters its people into the register. */
async function enterPeople(
  tx: Transaction,
  id: string,
  { head, office, actor }: { head: SupportListQuery; office: string; actor: Actor },
): Promise<{ entered?: number }> {
  const { programme, months, placeCode, employerName: sender } = head;
  if (!isMonthly(programme)) return {};
  const list = { id, programme, appliesFrom: `${months[0]!}-01`, placeCode, office, sender };
  return { entered: await enterList(tx, list, actor) };
}

interface CheckedHead {
  form: ListForm;
  office: string;
}

function checkHead(head: SupportListQuery, actor: Actor): CheckedHead {
  const form = listForm(head.programme, head.choice);
  if (!form) throw new ProblemError(listProblems.choice);
  const { period, decides } = programmeOf(head.programme);
  const monthsMax = decides === 'register' ? 1 : Infinity;
  const isByMonths =
    head.months.length > 0 &&
    head.months.length <= monthsMax &&
    new Set(head.months).size === head.months.length;
  if (period === 'month' ? !isByMonths : head.months.length > 0) throw new ProblemError(listProblems.months);
  if (head.receivedOn > todayInVietnam()) throw new ProblemError(listProblems.future);
  if (head.taxCode !== undefined && taxCodeFault(head.taxCode) !== null)
    throw new ProblemError(listProblems.taxCode);
  const office = communeToday(head.placeCode, head.receivedOn);
  if (office === null || !officeCovers(actor.office, office)) throw new ProblemError(listProblems.place);
  return { form, office };
}
