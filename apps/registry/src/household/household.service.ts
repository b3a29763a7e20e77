import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { isSetAside, selvesOf, standsFor, survivorOf } from '../person/merged-records.sql.js';
import { findPerson } from '../person/person-rows.js';
import type {
  ChooseHead,
  ClassifiedHouseholds,
  ClassifyHousehold,
  ClassifyHouseholds,
  FormHousehold,
  HouseholdsQuery,
  HouseholdSummary,
  HouseholdView,
  JoinHousehold,
  LeaveHousehold,
} from './household.dto.js';
import { householdProblems } from './household.problems.js';

@Injectable()
export class HouseholdService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** @throws ProblemError HOUSEHOLD_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<HouseholdView> {
    const view = (await this.byIds([id], actor)).get(id);
    if (!view) throw new ProblemError(householdProblems.notFound);
    return view;
  }

  async list({ class: held, after, limit }: HouseholdsQuery, actor: Actor): Promise<Page<HouseholdSummary>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT household.id, coalesce(head.id, head_id) AS "headId", head.name AS "headName", household.office_code AS "placeCode",
           (SELECT count(*)::int FROM household_member member
            WHERE household_id = household.id AND valid_until IS NULL AND ${holds}) AS members,
           held.class, held.year AS "classYear"
         FROM household
         LEFT JOIN person listed ON listed.id = head_id
         LEFT JOIN person head ON head.id = ${standsFor('listed')}
         LEFT JOIN LATERAL (SELECT year, class FROM household_class WHERE household_id = household.id
                            ORDER BY year DESC, id DESC LIMIT 1) held ON true
         WHERE ($1::uuid IS NULL OR household.id > $1) AND ($2::text IS NULL OR held.class = $2)
         ORDER BY household.id LIMIT $3`,
        [readCursor(after, 'uuid')?.[0] ?? null, held ?? null, limit + 1],
      ),
    )) as HouseholdSummary[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, HouseholdView>> {
    const views = await inTransaction(this.dataSource, scopeOf(actor), (tx) => readHouseholds(tx, ids));
    return new Map(views.map((view) => [view.id, view]));
  }

  /** The household that each person belongs to at present. */
  async ofPeople(personIds: readonly string[], actor: Actor): Promise<Map<string, HouseholdView>> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const members = (await tx.query(
        `SELECT asked.id AS "personId", household_id AS "householdId"
         FROM unnest($1::uuid[]) AS asked (id)
         JOIN household_member member ON person_id = ${selvesOf('asked.id')} AND valid_until IS NULL
         WHERE ${holds}`,
        [personIds],
      )) as { personId: string; householdId: string }[];
      const views = await readHouseholds(tx, [...new Set(members.map(({ householdId }) => householdId))]);
      const byId = new Map(views.map((view) => [view.id, view]));
      return new Map(members.map(({ personId, householdId }) => [personId, byId.get(householdId)!]));
    });
  }

  /** @throws ProblemError PERSON_NOT_FOUND, MEMBER_ELSEWHERE */
  async form({ headId, validFrom }: FormHousehold, command: Command): Promise<HouseholdView> {
    return this.commands.run(command, 'household.form', async (tx) => {
      const head = await findPerson(tx, headId, 'FOR SHARE');
      const id = uuidv7();
      await tx.query(
        'INSERT INTO household (id, head_id, office_code, recorded_by) VALUES ($1, $2, $3, $4)',
        [id, headId, head.office_code, command.actor.id],
      );
      await join(tx, id, { personId: headId, relation: 'head', validFrom }, command);
      const after = await digestOf(tx, 'household', id);
      return { result: await readOne(tx, id), subject: `household/${id}`, before: null, after };
    });
  }

  /** @throws ProblemError HOUSEHOLD_NOT_FOUND, PERSON_NOT_FOUND, MEMBER_ELSEWHERE */
  async join(id: string, input: JoinHousehold, command: Command): Promise<HouseholdView> {
    return this.change(id, 'household.join', command, async (tx) => {
      await findPerson(tx, input.personId, 'FOR SHARE');
      await join(tx, id, input, command);
    });
  }

  /** @throws ProblemError NOT_A_MEMBER, HEAD_STAYS */
  async leave(
    id: string,
    { personId, validUntil }: LeaveHousehold,
    command: Command,
  ): Promise<HouseholdView> {
    return this.change(id, 'household.leave', command, async (tx, headId) => {
      if (personId === headId) throw new ProblemError(householdProblems.headStays);
      const [, left] = (await tx.query(
        `UPDATE household_member member SET valid_until = $3
         WHERE household_id = $1 AND person_id = ${selvesOf('$2::uuid')} AND valid_until IS NULL AND valid_from < $3
           AND ${survivorOf('member.person_id')} = $2 AND ${holds}`,
        [id, personId, validUntil],
      )) as [unknown, number];
      if (left === 0) throw new ProblemError(householdProblems.noMember);
    });
  }

  /**
   * Relations are to the head: with another one each is said anew, from the same day.
   * @throws ProblemError PERSON_NOT_FOUND, RELATIONS_INCOMPLETE, HEAD_DAY
   */
  async chooseHead(id: string, input: ChooseHead, command: Command): Promise<HouseholdView> {
    const { headId, validFrom } = input;
    return this.change(id, 'household.head', command, async (tx) => {
      const head = await findPerson(tx, headId, 'FOR SHARE');
      const said = [{ personId: headId, relation: 'head' }, ...input.relations];
      const members = (await tx.query(
        `SELECT ${survivorOf('person_id')} AS "personId" FROM household_member member
         WHERE household_id = $1 AND valid_until IS NULL AND ${holds}`,
        [id],
      )) as { personId: string }[];
      const present = new Set(members.map(({ personId }) => personId));
      if (said.length !== present.size || !said.every(({ personId }) => present.has(personId)))
        throw new ProblemError(householdProblems.relations);
      const [ended] = (await tx.query(
        `UPDATE household_member member SET valid_until = $2
         WHERE household_id = $1 AND valid_until IS NULL AND valid_from < $2 AND ${holds}
         RETURNING person_id AS "recordId", ${survivorOf('person_id')} AS "personId"`,
        [id, validFrom],
      )) as [{ recordId: string; personId: string }[], number];
      if (ended.length !== said.length) throw new ProblemError(householdProblems.headDay);
      await tx.query(
        `INSERT INTO household_member (household_id, person_id, relation, valid_from, recorded_by)
         SELECT $1, person_id, relation, $2, $3 FROM unnest($4::uuid[], $5::text[]) AS said (person_id, relation)`,
        [
          id,
          validFrom,
          command.actor.id,
          said.map(({ personId }) => ended.find((one) => one.personId === personId)!.recordId),
          said.map(({ relation }) => relation),
        ],
      );
      await tx.query('UPDATE household SET head_id = $2, office_code = $3 WHERE id = $1', [
        id,
        headId,
        head.office_code,
      ]);
    });
  }

  async classify(id: string, input: ClassifyHousehold, command: Command): Promise<HouseholdView> {
    return this.change(id, 'household.classify', command, async (tx) => {
      await tx.query(
        `INSERT INTO household_class (household_id, year, class, basis, recorded_by) VALUES ($1, $2, $3, $4, $5)`,
        [id, input.year, input.class, input.basis, command.actor.id],
      );
    });
  }

  /**
   * A review at once. A household is found by somebody who lives in it, and classified by one statement; which has the class by this
   * decision already is left as it is, so that whoever was cut off tells it again.
   */
  async classifyMany(input: ClassifyHouseholds, command: Command): Promise<ClassifiedHouseholds> {
    const { year, basis } = input;
    const asked = new Map(input.households.map((each) => [each.personKey, each.class]));
    return this.commands.run(command, 'household.classifyMany', async (tx) => {
      const found = await lockByKeys(tx, [...asked.keys()]);
      const ids = found.map(({ id }) => id).join(',');
      const before = await digestOf(tx, 'householdClasses', ids);
      const [{ classified }] = (await tx.query(
        `WITH told AS (
           INSERT INTO household_class (household_id, year, class, basis, recorded_by)
           SELECT asked.id, $1, asked.class, $2, $3 FROM unnest($4::uuid[], $5::text[]) WITH ORDINALITY AS asked (id, class, number)
           LEFT JOIN LATERAL (
             SELECT class, basis FROM household_class WHERE household_id = asked.id AND year = $1 ORDER BY id DESC LIMIT 1) last ON true
           WHERE (last.class, last.basis) IS DISTINCT FROM (asked.class, $2) ORDER BY asked.number
           RETURNING household_id),
         changed AS (UPDATE household SET version = version + 1 FROM told WHERE household.id = told.household_id RETURNING 1)
         SELECT count(*)::int AS classified FROM changed`,
        [
          year,
          basis,
          command.actor.id,
          found.map(({ id }) => id),
          found.map(({ personKey }) => asked.get(personKey)),
        ],
      )) as [{ classified: number }];
      const after = await digestOf(tx, 'householdClasses', ids);
      const known = new Set(found.flatMap(({ keys }) => keys));
      const unknown = [...asked.keys()].filter((key) => !known.has(key));
      const result = { classified, unchanged: found.length - classified, unknown };
      const facts = { year, basis, classified, unchanged: result.unchanged, unknown: unknown.length };
      return { result, subject: `household-classes/${year}`, before, after, facts };
    });
  }

  private async change(
    id: string,
    verb: string,
    command: Command,
    write: (tx: Transaction, headId: string) => Promise<void>,
  ): Promise<HouseholdView> {
    return this.commands.run(command, verb, async (tx) => {
      const [row] = (await tx.query(
        `SELECT ${survivorOf('head_id')} AS head_id FROM household WHERE id = $1 FOR UPDATE`,
        [id],
      )) as { head_id: string }[];
      if (!row) throw new ProblemError(householdProblems.notFound);
      const before = await digestOf(tx, 'household', id);
      await write(tx, row.head_id);
      await tx.query('UPDATE household SET version = version + 1 WHERE id = $1', [id]);
      const after = await digestOf(tx, 'household', id);
      return { result: await readOne(tx, id), subject: `household/${id}`, before, after };
    });
  }
}

/** A `member` whom no merge has set aside for another membership of the same person. */
const holds = `NOT ${isSetAside('member_id', 'member', survivorOf('member.person_id'))}`;

async function join(
  tx: Transaction,
  id: string,
  { personId, relation, validFrom }: JoinHousehold,
  command: Command,
): Promise<void> {
  try {
    // Of merged people, a record may still have the household that was set aside: another one of theirs takes the place.
    const joined = (await tx.query(
      `WITH free AS (
         SELECT self.id FROM person self
         WHERE self.id = ${selvesOf('$2::uuid')}
           AND NOT EXISTS (SELECT FROM household_member WHERE person_id = self.id AND valid_until IS NULL)
         ORDER BY self.id = $2 DESC, self.id LIMIT 1)
       INSERT INTO household_member (household_id, person_id, relation, valid_from, recorded_by)
       SELECT $1, id, $3, $4, $5 FROM free
       WHERE NOT EXISTS (SELECT FROM household_member member
                         WHERE person_id = ${selvesOf('$2::uuid')} AND valid_until IS NULL AND ${holds})
       RETURNING id`,
      [id, personId, relation, validFrom, command.actor.id],
    )) as object[];
    if (joined.length === 0) throw new ProblemError(householdProblems.elsewhere);
  } catch (error) {
    if (violatedConstraint(error) !== 'household_member_once') throw error;
    throw new ProblemError(householdProblems.elsewhere);
  }
}

interface FoundHousehold {
  id: string;
  /** Of those who were asked for and live in it: the first one's class counts. */
  personKey: string;
  keys: string[];
}

/** Households in which these people live, each once, locked in one order. */
async function lockByKeys(tx: Transaction, keys: readonly string[]): Promise<FoundHousehold[]> {
  const found = (await tx.query(
    `SELECT member.household_id AS id, array_agg(person.number_key::text ORDER BY asked.number) AS keys
     FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (key, number)
     JOIN person ON person.number_key = asked.key
     JOIN household_member member ON member.person_id = ${selvesOf(standsFor('person'))} AND member.valid_until IS NULL AND ${holds}
     GROUP BY member.household_id`,
    [keys],
  )) as Omit<FoundHousehold, 'personKey'>[];
  const seen = (await tx.query(
    'SELECT id FROM household WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE',
    [found.map(({ id }) => id)],
  )) as { id: string }[];
  const keysOf = new Map(found.map((each) => [each.id, each.keys]));
  return seen.map(({ id }) => ({ id, personKey: keysOf.get(id)![0]!, keys: keysOf.get(id)! }));
}

async function readOne(tx: Transaction, id: string): Promise<HouseholdView> {
  const [view] = await readHouseholds(tx, [id]);
  return view!;
}

/** However many households: one statement. */
async function readHouseholds(tx: Transaction, ids: readonly string[]): Promise<HouseholdView[]> {
  return (await tx.query(
    `SELECT id, ${survivorOf('head_id')} AS "headId", office_code AS "placeCode", version,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('personId', ${survivorOf('person_id')}, 'relation', relation,
                 'validFrom', valid_from, 'validUntil', valid_until) ORDER BY valid_until DESC NULLS FIRST, member.id), '[]')
        FROM household_member member WHERE household_id = household.id AND ${holds}) AS members,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('year', year, 'class', class, 'basis', basis) ORDER BY year DESC), '[]')
        FROM (SELECT DISTINCT ON (year) year, class, basis FROM household_class
              WHERE household_id = household.id ORDER BY year, id DESC) held) AS classes
     FROM household WHERE id = ANY ($1::uuid[])`,
    [ids],
  )) as HouseholdView[];
}
