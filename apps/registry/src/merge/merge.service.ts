import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, inTransaction, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { problems, ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { sayOfPair } from '../duplicate/duplicate.service.js';
import { recordEvents } from '../event/record-events.js';
import { selvesOf } from '../person/merged-records.sql.js';
import { findPerson, type PersonRow } from '../person/person-rows.js';
import type {
  MergeChoice,
  MergePeople,
  MergeProposal,
  MergeUndone,
  MergeView,
  PeopleMerged,
} from './merge.dto.js';
import { mergeProblems } from './merge.problems.js';
import { type Compared, compareRecords, type Sided } from './read-contradictions.js';

/**
 * Two records of one person become one, and two again. Nothing that was recorded of either is written anew (ADR 35): the
 * absorbed record points to the one that stands for it, and what contradicts is set aside. So undoing gives back exactly what
 * was there; what was recorded in between was recorded of the one that stayed, and stays with him.
 */
@Injectable()
export class MergeService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  /** What would have to be chosen. @throws ProblemError PERSON_NOT_FOUND */
  async propose(survivorId: string, absorbedId: string, actor: Actor): Promise<MergeProposal> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      const survivor = await findPerson(tx, survivorId);
      const absorbed = await findPerson(tx, absorbedId);
      const { contradictions } = await compareRecords(tx, { survivor, absorbed });
      return { survivorVersion: survivor.version, absorbedVersion: absorbed.version, contradictions };
    });
  }

  /** Of a record, whichever side it was on. @throws ProblemError PERSON_NOT_FOUND */
  async list(personId: string, actor: Actor): Promise<MergeView[]> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await findPerson(tx, personId);
      const rows = (await tx.query(
        `SELECT id, survivor_id AS "survivorId", absorbed_id AS "absorbedId", merged.reason, choices, merged_at AS at,
           merged_by_name AS by,
           CASE WHEN undone.merge_id IS NOT NULL THEN jsonb_build_object(
             'reason', undone.reason, 'at', undone_at, 'by', undone_by_name) END AS undone
         FROM person_merge merged LEFT JOIN person_merge_undoing undone ON undone.merge_id = id
         WHERE $1 IN (survivor_id, absorbed_id) ORDER BY id DESC`,
        [personId],
      )) as (Omit<MergeView, 'at'> & { at: Date })[];
      return rows.map(({ undone, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        undone: undone && { ...undone, at: new Date(undone.at).toISOString() },
      }));
    });
  }

  /**
   * @param version of the record that stays, which the caller has read
   * @throws ProblemError PERSON_NOT_FOUND, PERSON_MERGED, PRECONDITION_FAILED, MERGE_WITH_ITSELF, MERGE_UNDECIDED,
   *   MERGE_SURVIVOR_WITHOUT_NUMBER, MERGE_HEAD_OF_HOUSEHOLD
   */
  async merge(
    survivorId: string,
    version: number,
    input: MergePeople,
    command: Command,
  ): Promise<PeopleMerged> {
    const { absorbedId, absorbedVersion, reason, choices } = input;
    if (survivorId === absorbedId) throw new ProblemError(mergeProblems.itself);
    return this.commands.run(command, 'person.merge', async (tx) => {
      const people = await lockBoth(tx, survivorId, absorbedId);
      const { survivor, absorbed } = people;
      if (survivor.version !== version || absorbed.version !== absorbedVersion)
        throw new ProblemError(problems.preconditionFailed);
      if (survivor.number_key === null && absorbed.number_key !== null)
        throw new ProblemError(mergeProblems.numberless);
      const compared = await compareRecords(tx, people);
      requireChoices(compared, choices);
      const before = await digestOf(tx, 'person', survivorId);
      const mergeId = uuidv7();
      const members = await this.write(tx, mergeId, people, input, compared, command.actor);
      await sayOfPair(tx, [survivorId, absorbedId], 'same', reason, command.actor);
      const after = await digestOf(tx, 'person', survivorId);
      const facts = { mergeId, absorbedId, reason, choices };
      // Whoever follows should know each number all the time: the one that stays is told first.
      await recordEvents(tx, 'person.merged', [survivorId, ...members]);
      const result = { mergeId, survivorId, absorbedId, version: version + 1 };
      return { result, subject: `person/${survivorId}`, before, after, facts };
    });
  }

  /**
   * @throws ProblemError PERSON_NOT_FOUND, PERSON_MERGED where the record that stayed was merged itself since,
   *   PRECONDITION_FAILED, MERGE_NOT_FOUND, MERGE_UNDONE, MERGE_DEATH_CHANGED
   */
  async undo(
    survivorId: string,
    mergeId: string,
    version: number,
    reason: string,
    command: Command,
  ): Promise<MergeUndone> {
    return this.commands.run(command, 'person.unmerge', async (tx) => {
      const survivor = await findPerson(tx, survivorId, 'FOR UPDATE');
      const merged = await findMerge(tx, survivorId, mergeId);
      if (merged.isUndone) throw new ProblemError(mergeProblems.undone);
      if (survivor.version !== version) throw new ProblemError(problems.preconditionFailed);
      const isDeathMerged = merged.diedOnBefore !== merged.diedOnAfter;
      // Whoever corrected it to what it was before has said what undoing says.
      if (isDeathMerged && ![merged.diedOnAfter, merged.diedOnBefore].includes(survivor.died_on))
        throw new ProblemError(mergeProblems.deathChanged);
      const { absorbedId } = merged;
      const before = await digestOf(tx, 'person', survivorId);
      const recordedSince = await countSince(tx, survivorId, merged.at);
      await sayOfPair(tx, [survivorId, absorbedId], 'open', reason, command.actor);
      await tx.query(
        `INSERT INTO person_merge_undoing (merge_id, reason, undone_by, undone_by_name) VALUES ($1, $2, $3, $4)`,
        [mergeId, reason, command.actor.id, command.actor.name],
      );
      // Beyond the office: a record may go back to another one.
      return asSystem(tx, async () => {
        const restored = await restoreMembers(tx, mergeId);
        await tx.query('UPDATE person SET version = version + 1, died_on = $2 WHERE id = $1', [
          survivorId,
          isDeathMerged ? merged.diedOnBefore : survivor.died_on,
        ]);
        const after = await digestOf(tx, 'person', survivorId);
        await recordEvents(tx, 'person.unmerged', [...restored, survivorId]);
        const result = { mergeId, survivorId, absorbedId, version: version + 1, recordedSince };
        const facts = { mergeId, absorbedId, reason };
        return { result, subject: `person/${survivorId}`, before, after, facts };
      });
    });
  }

  /** @returns the records that the survivor stands for since, the absorbed one and all whom that one stood for */
  private async write(
    tx: Transaction,
    mergeId: string,
    { survivor, absorbed }: Sided<PersonRow>,
    { reason, choices }: MergePeople,
    compared: Compared,
    actor: Actor,
  ): Promise<string[]> {
    const isDeathOfAbsorbed = sideOf(choices, 'death') === 'absorbed';
    const diedOn = isDeathOfAbsorbed ? absorbed.died_on : survivor.died_on;
    await tx.query(
      `INSERT INTO person_merge (id, survivor_id, absorbed_id, reason, choices, died_on_before, died_on_after, merged_by,
                                 merged_by_name)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        mergeId,
        survivor.id,
        absorbed.id,
        reason,
        JSON.stringify(choices),
        survivor.died_on,
        diedOn,
        actor.id,
        actor.name,
      ],
    );
    const members = (await tx.query(
      `INSERT INTO person_merge_member (merge_id, person_id, survivor_before, office_before)
       SELECT $1, id, survivor_id, office_code FROM person WHERE id = ${selvesOf('$2::uuid')} ORDER BY id
       RETURNING person_id AS id`,
      [mergeId, absorbed.id],
    )) as { id: string }[];
    const ids = members.map(({ id }) => id);
    await tx.query(
      `INSERT INTO person_merge_aside (merge_id, fact_id, member_id)
       SELECT $1::uuid, fact_id, NULL::bigint FROM unnest($2::bigint[]) AS fact_id
       UNION ALL SELECT $1::uuid, NULL, member_id FROM unnest($3::bigint[]) AS member_id`,
      [mergeId, ...recordsAside(compared, choices)],
    );
    // With the record that stands for them, so that whoever sees the person sees what was recorded of him.
    await tx.query(
      `UPDATE person SET survivor_id = $2, office_code = $3, version = version + 1 WHERE id = ANY ($1::uuid[])`,
      [ids, survivor.id, survivor.office_code],
    );
    await tx.query('UPDATE person SET version = version + 1, died_on = $2 WHERE id = $1', [
      survivor.id,
      diedOn,
    ]);
    return ids;
  }
}

const sideOf = (choices: readonly MergeChoice[], kind: string) =>
  choices.find((choice) => choice.kind === kind)?.keep;

/**
 * By id, so that of two merges of the same people one waits for the other, and then finds that it came too late.
 * @throws ProblemError PERSON_NOT_FOUND, PERSON_MERGED
 */
async function lockBoth(tx: Transaction, survivorId: string, absorbedId: string): Promise<Sided<PersonRow>> {
  const locked = new Map<string, PersonRow>();
  for (const id of [survivorId, absorbedId].toSorted())
    locked.set(id, await findPerson(tx, id, 'FOR UPDATE'));
  return { survivor: locked.get(survivorId)!, absorbed: locked.get(absorbedId)! };
}

/** @throws ProblemError MERGE_UNDECIDED with what is to be chosen, MERGE_HEAD_OF_HOUSEHOLD */
function requireChoices({ contradictions, members }: Compared, choices: readonly MergeChoice[]): void {
  const chosen = choices.map(({ kind }) => kind).toSorted();
  const asked = contradictions.map(({ kind }) => kind).toSorted();
  if (chosen.join() !== asked.join())
    throw new ProblemError(mergeProblems.undecided, { extensions: { contradictions } });
  const kept = sideOf(choices, 'household');
  if (kept === undefined) return;
  const left = kept === 'survivor' ? members.absorbed : members.survivor;
  if (left.some(({ leadsOthers }) => leadsOthers)) throw new ProblemError(mergeProblems.head);
}

/** The facts and memberships of the side that was not chosen. */
function recordsAside({ facts, members }: Compared, choices: readonly MergeChoice[]): [string[], string[]] {
  const other = (kind: string) => {
    const kept = sideOf(choices, kind);
    return kept && (kept === 'survivor' ? 'absorbed' : 'survivor');
  };
  const household = other('household');
  return [
    (['survivor', 'absorbed'] as const).flatMap((side) =>
      facts[side].filter(({ kind }) => other(kind) === side).map(({ id }) => id),
    ),
    household ? members[household].map(({ id }) => id) : [],
  ];
}

interface MergeRow {
  absorbedId: string;
  diedOnBefore: string | null;
  diedOnAfter: string | null;
  at: Date;
  isUndone: boolean;
}

/** @throws ProblemError MERGE_NOT_FOUND */
async function findMerge(tx: Transaction, survivorId: string, mergeId: string): Promise<MergeRow> {
  const [row] = (await tx.query(
    `SELECT absorbed_id AS "absorbedId", died_on_before::text AS "diedOnBefore", died_on_after::text AS "diedOnAfter",
       merged_at AS at, undone.merge_id IS NOT NULL AS "isUndone"
     FROM person_merge LEFT JOIN person_merge_undoing undone ON undone.merge_id = id
     WHERE id = $1 AND survivor_id = $2`,
    [mergeId, survivorId],
  )) as MergeRow[];
  if (!row) throw new ProblemError(mergeProblems.notFound);
  return row;
}

/** As they were before: whom they had stood for, and their offices. */
async function restoreMembers(tx: Transaction, mergeId: string): Promise<string[]> {
  const [rows] = (await tx.query(
    `UPDATE person SET survivor_id = survivor_before, office_code = office_before, version = version + 1
     FROM person_merge_member member WHERE member.merge_id = $1 AND person.id = member.person_id
     RETURNING person.id`,
    [mergeId],
  )) as [{ id: string }[], number];
  return rows.map(({ id }) => id);
}

/** Records of the one that stayed, made since the merge. The names are those of the tables. */
async function countSince(tx: Transaction, id: string, since: Date): Promise<Record<string, number>> {
  const tables = ['person_fact', 'person_residence', 'person_account', 'person_number'];
  const counted = tables.map(
    (table) =>
      `SELECT '${table.replace('person_', '')}' AS kind, count(*)::int AS records FROM ${table}
       WHERE person_id = $1 AND recorded_at > $2`,
  );
  const rows = (await tx.query(counted.join(' UNION ALL '), [id, since])) as {
    kind: string;
    records: number;
  }[];
  return Object.fromEntries(rows.map(({ kind, records }) => [kind, records]));
}
