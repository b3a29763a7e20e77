import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { canGo, inTransaction, type Page, pageOf, readCursor, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { findPerson, personColumns, type PersonRow, toSummary } from '../person/person-rows.js';
import { openPerson } from '../person/sealed-person.js';
import { contactsOf } from './contact-keys.js';
import type {
  DuplicateOfPerson,
  DuplicatePair,
  DuplicateReason,
  DuplicatesQuery,
  JudgePair,
  PairJudged,
} from './duplicate.dto.js';
import { duplicateProblems } from './duplicate.problems.js';
import { type DuplicateReasonCode, duplicateReasons } from './duplicate-reasons.js';
import { pairsOfPerson } from './find-pairs.sql.js';
import { type PairState, pairStates } from './pair.states.js';

/** Records that may be of one person, and what people said of them. Nothing here merges anybody. */
@Injectable()
export class DuplicateService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** Found now, whether or not a search was made. @throws ProblemError PERSON_NOT_FOUND */
  async ofPerson(id: string, actor: Actor): Promise<DuplicateOfPerson[]> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const row = await findPerson(tx, id);
      const contacts = contactsOf(this.sealer, openPerson(this.sealer, id, row.sealed));
      const person = { id, birthYear: row.birth_year, contacts };
      const found = await pairsOfPerson(tx, { communes: [row.office_code], person });
      const others = found.map(({ oneId, otherId }) => (oneId === id ? otherId : oneId));
      const rows = (await tx.query(
        `SELECT ${personColumns}, pair.id AS "pairId", pair.state
         FROM person LEFT JOIN duplicate_pair pair
           ON (one_id, other_id) = (least(person.id, $2::uuid), greatest(person.id, $2::uuid))
         WHERE person.id = ANY ($1::uuid[])`,
        [others, id],
      )) as (PersonRow & { pairId: string | null; state: PairState | null })[];
      const byId = new Map(rows.map((other) => [other.id, other]));
      return found.map(({ score, reasons }, index) => {
        const { pairId, state, ...other } = byId.get(others[index]!)!;
        const person = toSummary(this.sealer, other);
        return { person, score, reasons: reasonsOf(reasons), state: state ?? 'open', pairId };
      });
    });
  }

  /** Of records that stand for themselves: a pair whose one was merged meanwhile is no work any more. */
  async list({ state, after, limit }: DuplicatesQuery, actor: Actor): Promise<Page<DuplicatePair>> {
    const [score, id] = readCursor(after, 'row', 'uuid') ?? [null, null];
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const rows = (await tx.query(
        `SELECT pair.id, one_id AS "oneId", other_id AS "otherId", score, reasons, state, found_at AS "foundAt"
         FROM duplicate_pair pair
         JOIN person one ON one.id = one_id AND one.survivor_id IS NULL
         JOIN person other ON other.id = other_id AND other.survivor_id IS NULL
         WHERE state = $1 AND ($2::int IS NULL OR score < $2 OR score = $2 AND pair.id > $3::uuid)
         ORDER BY score DESC, pair.id LIMIT $4`,
        [state, score, id, limit + 1],
      )) as PairRow[];
      const page = pageOf(rows, limit, (row) => [row.score, row.id]);
      const people = await this.summaries(
        tx,
        page.items.flatMap(({ oneId, otherId }) => [oneId, otherId]),
      );
      const items = page.items.map(({ oneId, otherId, reasons, foundAt, ...pair }) => ({
        ...pair,
        one: people.get(oneId)!,
        other: people.get(otherId)!,
        reasons: reasonsOf(reasons),
        foundAt: foundAt.toISOString(),
      }));
      return { items, next: page.next };
    });
  }

  /** @throws ProblemError DUPLICATE_NOT_FOUND, DUPLICATE_STATE */
  async judge(id: string, { verdict, reason }: JudgePair, command: Command): Promise<PairJudged> {
    return this.commands.run(command, 'duplicate.judge', async (tx) => {
      const [pair] = (await tx.query('SELECT state FROM duplicate_pair WHERE id = $1 FOR UPDATE', [id])) as {
        state: PairState;
      }[];
      if (!pair) throw new ProblemError(duplicateProblems.pairNotFound);
      if (!canGo(pairStates, pair.state, verdict)) throw new ProblemError(duplicateProblems.pairState);
      const before = await digestOf(tx, 'duplicatePair', id);
      await writeVerdict(tx, id, verdict, reason, command.actor);
      const after = await digestOf(tx, 'duplicatePair', id);
      const result = { id, state: verdict };
      return { result, subject: `duplicate/${id}`, before, after, facts: { from: pair.state, to: verdict } };
    });
  }

  private async summaries(tx: Transaction, ids: string[]) {
    const rows = (await tx.query(`SELECT ${personColumns} FROM person WHERE id = ANY ($1::uuid[])`, [
      ids,
    ])) as PersonRow[];
    return new Map(rows.map((row) => [row.id, toSummary(this.sealer, row)]));
  }
}

interface PairRow {
  id: string;
  oneId: string;
  otherId: string;
  score: number;
  reasons: DuplicateReasonCode[];
  state: PairState;
  foundAt: Date;
}

const reasonsOf = (codes: DuplicateReasonCode[]): DuplicateReason[] =>
  codes.map((code) => ({ code, ...duplicateReasons[code] }));

/** The row that says who and why, and the state that lists go by. The pair is locked by then. */
async function writeVerdict(
  tx: Transaction,
  id: string,
  verdict: PairState,
  reason: string,
  actor: Actor,
): Promise<void> {
  await tx.query(
    `INSERT INTO duplicate_verdict (pair_id, number, verdict, reason, reasons, actor_id, actor_name)
     SELECT id, 1 + (SELECT count(*) FROM duplicate_verdict WHERE pair_id = $1), $2, $3, reasons, $4, $5
     FROM duplicate_pair WHERE id = $1`,
    [id, verdict, reason, actor.id, actor.name],
  );
  await tx.query('UPDATE duplicate_pair SET state = $2, judged_on = reasons WHERE id = $1', [id, verdict]);
}

/** What a merge, or its undoing, says of the pair that the two were, if they were one. */
export async function sayOfPair(
  tx: Transaction,
  [one, other]: readonly [string, string],
  verdict: PairState,
  reason: string,
  actor: Actor,
): Promise<void> {
  const [pair] = (await tx.query(
    `SELECT id, state FROM duplicate_pair
     WHERE (one_id, other_id) = (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid)) FOR UPDATE`,
    [one, other],
  )) as { id: string; state: PairState }[];
  if (pair && canGo(pairStates, pair.state, verdict)) await writeVerdict(tx, pair.id, verdict, reason, actor);
}
