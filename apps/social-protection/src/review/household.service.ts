import { setImmediate } from 'node:timers/promises';
import { createReadStream } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  inTransaction,
  limitStatement,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
} from '@ansinh/database';
import { type Command, Commands, withFile } from '@ansinh/idempotency';
import { isCitizenNumber, normaliseName } from '@ansinh/identity';
import { type ListFormat, readList, rowsOf } from '@ansinh/payment-list';
import { explanationText, FactError, FormError } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { type PageQuery, streamOf } from '@ansinh/service';
import { digestOfFile, formatOf, listTypes, refusingList, withSpooled } from '@ansinh/uploads';
import { digestOf } from '../audit/record-digest.js';
import { lawOf, lawsOf } from '../law.js';
import {
  type ClassifiedHousehold,
  classify,
  classifyRow,
  enterHouseholds,
  type Taking,
} from './enter-households.js';
import {
  columnsOfForm,
  findingOfForm,
  formColumns,
  type HouseholdFinding,
  householdFindingText,
  readHousehold,
} from './household-row.js';
import type {
  ExplainedHousehold,
  HouseholdsQuery,
  RecordHousehold,
  ReviewedHouseholdView,
  ReviewFindingView,
  ReviewListQuery,
  ReviewListView,
} from './review.dto.js';
import { reviewProblems } from './review.problems.js';
import { lockReview } from './review-view.js';

const bytesMax = 32 * 1024 ** 2;
const secondsMax = 120;
/** Of the largest commune; it also bounds what is kept in memory to find heads who stand twice in a list. */
const rowsMax = 20_000;
const rowsPerChunk = 1_000;

/** Households as their commune found them, one by one or by list. */
@Injectable()
export class HouseholdService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** Also corrects one: the record of before no longer counts. @throws ProblemError REVIEW_FORM, REVIEW_STATE, REVIEWED_ELSEWHERE */
  async record(id: string, input: RecordHousehold, command: Command): Promise<ExplainedHousehold> {
    if (!isCitizenNumber(input.citizenNumber)) throw new ProblemError(reviewProblems.form);
    const key = this.sealer.lookupKey('payee', input.citizenNumber);
    const recorded = await this.commands.run(command, 'poverty.household.record', async (tx) => {
      const taking = await this.takingOf(tx, id, null, command);
      const before = await digestOf(tx, 'povertyReview', id);
      const decision = ofForm(() => classify(input.facts, taking));
      const household = { ...input, name: normaliseName(input.name), row: null, key, decision };
      const { ids } = await enterHouseholds(tx, taking, [household]);
      if (ids.length === 0) throw new ProblemError(reviewProblems.elsewhere);
      const [result] = (await tx.query(`${selectHouseholds} WHERE h.id = $1`, ids)) as [
        ReviewedHouseholdView,
      ];
      const after = await digestOf(tx, 'povertyReview', id);
      const facts = { household: result.id, class: result.class };
      return { result, subject: `poverty-review/${id}`, before, after, facts };
    });
    return this.get(recorded.id, command.actor);
  }

  /**
   * Takes a list in whole, or, where the office says so, without its flawed rows.
   * @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE, REVIEW_LIST_TOO_LONG, LIST_REFUSED, UNSUPPORTED_MEDIA_TYPE,
   *   PAYLOAD_TOO_LARGE
   */
  async bring(
    id: string,
    request: FastifyRequest,
    { onFlawed }: ReviewListQuery,
    command: Command,
  ): Promise<ReviewListView> {
    const format = formatOf(request.headers['content-type']);
    return withSpooled(streamOf(request, listTypes), bytesMax, async (path) => {
      const fileDigest = await digestOfFile(path);
      return this.commands.run(withFile(command, fileDigest), 'poverty.list.bring', async (tx) => {
        await limitStatement(tx, secondsMax);
        const listId = uuidv7();
        const taking = await this.takingOf(tx, id, listId, command);
        const before = await digestOf(tx, 'povertyReview', id);
        await tx.query(
          `INSERT INTO review_list (id, review_id, file_digest, rows, blocked, is_refused, brought_by, brought_by_name)
           VALUES ($1, $2, $3, 0, 0, true, $4, $5)`,
          [listId, id, fileDigest, command.actor.id, command.actor.name],
        );
        await tx.query('SAVEPOINT before_households');
        const { rows, findings } = await refusingList(() => takeList(tx, taking, { path, format }));
        const isRefused = rows === findings.size || (findings.size > 0 && onFlawed === 'refuse');
        if (isRefused) await tx.query('ROLLBACK TO SAVEPOINT before_households');
        await insertFindings(tx, listId, findings);
        await tx.query('UPDATE review_list SET rows = $2, blocked = $3, is_refused = $4 WHERE id = $1', [
          listId,
          rows,
          findings.size,
          isRefused,
        ]);
        const result = { id: listId, fileDigest, rows, blocked: findings.size, isRefused };
        const after = await digestOf(tx, 'povertyReview', id);
        return { result, subject: `poverty-review/${id}`, before, after, facts: { ...result } };
      });
    });
  }

  /** What is wrong with which row and column. @throws ProblemError REVIEW_LIST_NOT_FOUND */
  async findings(
    listId: string,
    { after, limit }: PageQuery,
    actor: Actor,
  ): Promise<Page<ReviewFindingView>> {
    const [row, code, column] = readCursor(after, 'row', 'text', 'text') ?? [0, '', ''];
    const rows = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const lists = (await tx.query('SELECT id FROM review_list WHERE id = $1', [listId])) as object[];
      if (lists.length === 0) throw new ProblemError(reviewProblems.listNotFound);
      return (await tx.query(
        `SELECT row_no AS row, code, column_name AS column, facts FROM review_finding
         WHERE list_id = $1 AND (row_no, code, column_name) > ($2, $3, $4)
         ORDER BY row_no, code, column_name LIMIT $5`,
        [listId, row, code, column, limit + 1],
      )) as (HouseholdFinding & { row: number })[];
    });
    const page = pageOf(rows, limit, (finding) => [finding.row, finding.code, finding.column]);
    return {
      next: page.next,
      items: page.items.map((finding) => ({
        row: finding.row,
        code: finding.code,
        column: finding.column || null,
        message: householdFindingText(finding),
      })),
    };
  }

  async list(query: HouseholdsQuery, actor: Actor): Promise<Page<ReviewedHouseholdView>> {
    const { year, reviewId, class: held, indicator, after, limit } = query;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `${selectHouseholds}
         WHERE h.year = $1 AND h.is_current AND ($2::uuid IS NULL OR h.id > $2) AND ($3::uuid IS NULL OR h.review_id = $3)
           AND ($4::text IS NULL OR h.class = $4) AND ($5::text IS NULL OR h.deprived_of @> ARRAY[$5::text])
         ORDER BY h.id LIMIT $6`,
        [
          year,
          readCursor(after, 'uuid')?.[0] ?? null,
          reviewId ?? null,
          held ?? null,
          indicator ?? null,
          limit + 1,
        ],
      ),
    )) as ReviewedHouseholdView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** Classified again by the law as it was recorded then. @throws ProblemError REVIEWED_HOUSEHOLD_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<ExplainedHousehold> {
    const { found, policy } = await inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const [row] = (await tx.query(
        `SELECT found.*, h.facts, h.at, r.area, r.reviewed_on::text AS "reviewedOn"
         FROM (${selectHouseholds} WHERE h.id = $1) found
         JOIN reviewed_household h ON h.id = found.id JOIN poverty_review r ON r.id = h.review_id`,
        [id],
      )) as KeptHousehold[];
      if (!row) throw new ProblemError(reviewProblems.householdNotFound);
      return { found: row, policy: (await lawsOf(tx))(row.at) };
    });
    const { at: _, area, reviewedOn, ...view } = found;
    const decision = classify(view.facts, { policy, area, reviewedOn });
    const explanation = { vi: explanationText(decision, 'vi'), en: explanationText(decision, 'en') };
    return { ...view, explanation, isReproduced: decision.digest === view.digest };
  }

  /** @throws ProblemError REVIEW_NOT_FOUND, REVIEW_STATE */
  private async takingOf(
    tx: Transaction,
    id: string,
    listId: string | null,
    { actor }: Command,
  ): Promise<Taking> {
    const { year, officeCode, reviewedOn, area, state } = await lockReview(tx, id);
    if (state !== 'open') throw new ProblemError(reviewProblems.state);
    const { sealer } = this;
    return {
      reviewId: id,
      year,
      officeCode,
      reviewedOn,
      area,
      listId,
      policy: await lawOf(tx),
      sealer,
      actor,
    };
  }
}

type KeptHousehold = ReviewedHouseholdView & {
  facts: Record<string, unknown>;
  at: Date;
  area: string;
  reviewedOn: string;
};

const selectHouseholds = `
SELECT h.id, h.review_id AS "reviewId", review.place_code AS "placeCode", h.person_key AS "personKey", h.name, h.members,
  h.outcome, h.class, h.points_b1 AS "pointsB1", h.points_b2 AS "pointsB2", h.deprived_of AS "deprivedOf",
  h.is_current AS "isCurrent", encode(h.digest, 'hex') AS digest
FROM reviewed_household h JOIN poverty_review review ON review.id = h.review_id`;

/** Facts of another name or type, or a form that cannot be right: what the caller can mend. @throws ProblemError REVIEW_FORM */
export function ofForm<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormError)
      throw new ProblemError(reviewProblems.form, { detail: householdFindingText(findingOfForm(error)) });
    if (!(error instanceof FactError)) throw error;
    throw new ProblemError(reviewProblems.form, { detail: error.text });
  }
}

/** Findings by row. */
type Findings = Map<number, HouseholdFinding[]>;

/** Row by row in chunks: memory holds the numbers of the rows and what is wrong with them. @throws ListError */
async function takeList(
  tx: Transaction,
  taking: Taking,
  { path, format }: { path: string; format: ListFormat },
): Promise<{ rows: number; findings: Findings }> {
  const columns = formColumns(taking.policy, taking.reviewedOn);
  const firstRows = new Map<string, number>();
  const findings: Findings = new Map();
  let rows = 0;
  let chunk: ClassifiedHousehold[] = [];
  const enter = async () => {
    for (const { row } of (await enterHouseholds(tx, taking, chunk)).elsewhere)
      findings.set(row!, [{ code: 'REVIEWED_ELSEWHERE', column: 'citizenNumber', facts: {} }]);
    chunk = [];
    await setImmediate();
  };
  for await (const part of readList(createReadStream(path), format, columnsOfForm(columns)).parts()) {
    for (const raw of rowsOf(part)) {
      rows += 1;
      if (rows > rowsMax) throw new ProblemError(reviewProblems.tooLong);
      const read = readHousehold(raw, columns);
      const classified = read.household && classifyRow(read.household, taking);
      if (!classified || 'finding' in classified) {
        findings.set(raw.row, classified ? [classified.finding] : read.findings);
        continue;
      }
      const first = firstRows.get(classified.classified.key);
      if (first !== undefined) {
        findings.set(raw.row, [{ code: 'REPEATED', column: 'citizenNumber', facts: { row: first } }]);
        continue;
      }
      firstRows.set(classified.classified.key, raw.row);
      chunk.push(classified.classified);
      if (chunk.length === rowsPerChunk) await enter();
    }
  }
  await enter();
  return { rows, findings };
}

async function insertFindings(tx: Transaction, listId: string, findings: Findings): Promise<void> {
  const all = [...findings].flatMap(([row, found]) => found.map((finding) => ({ row, ...finding })));
  for (let first = 0; first < all.length; first += rowsPerChunk) {
    const some = all.slice(first, first + rowsPerChunk);
    await tx.query(
      `INSERT INTO review_finding (list_id, row_no, code, column_name, facts)
       SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::jsonb[])`,
      [
        listId,
        some.map(({ row }) => row),
        some.map(({ code }) => code),
        some.map(({ column }) => column),
        some.map(({ facts }) => JSON.stringify(facts)),
      ],
    );
  }
}
