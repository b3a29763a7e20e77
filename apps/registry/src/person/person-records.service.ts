import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, canGo, inTransaction, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import type { EventType } from '../event/event-types.js';
import { recordEvents } from '../event/record-events.js';
import { accountStates } from './account.states.js';
import type { FactsQuery, FactView, RecordFact } from './fact.dto.js';
import { factKinds } from './fact-kinds.js';
import type {
  CorrectDeath,
  JudgeAccount,
  PersonRecorded,
  RecordAccount,
  RecordDeath,
  RecordNumber,
  RecordResidence,
} from './person.dto.js';
import { keepNumber } from './keep-number.js';
import { selvesOf } from './merged-records.sql.js';
import { requirePast } from './past-day.js';
import { personProblems } from './person.problems.js';
import { findPerson, officeOfResidence, type PersonRow, recorded } from './person-rows.js';
import { accountPlace } from './sealed-person.js';

/** What stands beside a person with dates of its own. Records are added; a wrong one is answered by a later one. */
@Injectable()
export class PersonRecordsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** Facts with both times: what held on a day, as we knew it at a moment. */
  async facts(id: string, { on, knownAt }: FactsQuery, actor: Actor): Promise<FactView[]> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await findPerson(tx, id);
      const rows = (await tx.query(
        on === undefined ? allFacts : factsOn,
        on === undefined ? [id, knownAt ?? null] : [id, knownAt ?? null, on],
      )) as FactRow[];
      return rows.map(({ recordedAt, number: _, ...row }) => ({
        ...row,
        recordedAt: recordedAt.toISOString(),
      }));
    });
  }

  /** @throws ProblemError FACT_VALUE_UNKNOWN */
  async recordFact(id: string, input: RecordFact, command: Command): Promise<PersonRecorded> {
    const values: readonly string[] = factKinds[input.kind];
    if (input.value !== null && !values.includes(input.value)) {
      const list = values.join(', ');
      throw new ProblemError(personProblems.factValue, {
        detail: { vi: `Các giá trị: ${list}.`, en: `The values are ${list}.` },
      });
    }
    return this.record(id, 'person.fact', command, async (tx) => {
      await tx.query(
        `INSERT INTO person_fact (person_id, kind, value, basis, valid_from, valid_until, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          id,
          input.kind,
          input.value,
          input.basis,
          input.validFrom,
          input.validUntil ?? null,
          command.actor.id,
        ],
      );
      return { kind: input.kind };
    });
  }

  /**
   * A move may hand the person to another office, which then sees him, and this one no longer.
   * @throws ProblemError INVALID_REQUEST for a day to come
   */
  async recordResidence(id: string, input: RecordResidence, command: Command): Promise<PersonRecorded> {
    requirePast('/validFrom', input.validFrom);
    const office = officeOfResidence(input.placeCode, input.validFrom);
    return this.record(id, 'person.move', command, async (tx, person) => {
      await tx.query(
        `INSERT INTO person_residence (person_id, place_code, address, valid_from, recorded_by)
         VALUES ($1, $2, $3, $4, $5)`,
        [id, input.placeCode, input.address ?? '', input.validFrom, command.actor.id],
      );
      return { from: person.office_code, to: office };
    });
  }

  /** @throws ProblemError PERSON_DEAD, INVALID_REQUEST for a day before the birth, or to come */
  async recordDeath(id: string, { diedOn, basis }: RecordDeath, command: Command): Promise<PersonRecorded> {
    return this.record(id, 'person.death', command, async (tx, person) => {
      if (person.died_on !== null) throw new ProblemError(personProblems.dead);
      await writeDeath(tx, person, diedOn);
      return { diedOn, basis };
    });
  }

  /**
   * He lives, or died on another day: whoever is taken for dead is paid nothing.
   * @throws ProblemError PERSON_NOT_DEAD, INVALID_REQUEST as above
   */
  async correctDeath(id: string, { diedOn, basis }: CorrectDeath, command: Command): Promise<PersonRecorded> {
    return this.record(id, 'person.death.correct', command, async (tx, person) => {
      if (person.died_on === null) throw new ProblemError(personProblems.notDead);
      await writeDeath(tx, person, diedOn);
      return { was: person.died_on, diedOn, basis };
    });
  }

  /**
   * An old number that came to light later: he is found by it, and so is who has him under another record.
   * @throws ProblemError NUMBER_RECORDED for one that is recorded with another day: neither record could be told to hold
   */
  async recordNumber(
    id: string,
    { number, validUntil }: RecordNumber,
    command: Command,
  ): Promise<PersonRecorded> {
    return this.record(id, 'person.number', command, async (tx) => {
      const old = { kind: 'old', number, validUntil: validUntil ?? null } as const;
      const known = await keepNumber(tx, this.sealer, id, old, command.actor.id);
      if (known && old.validUntil !== null && known.validUntil !== old.validUntil)
        throw new ProblemError(personProblems.numberRecorded);
      return {};
    });
  }

  async recordAccount(id: string, input: RecordAccount, command: Command): Promise<PersonRecorded> {
    return this.record(id, 'person.account', command, async (tx) => {
      const account = uuidv7();
      await tx.query(
        `INSERT INTO person_account (id, person_id, bank_bin, account_key, sealed, holder, valid_from, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          account,
          id,
          input.bankBin,
          this.sealer.lookupKey('account', `${input.bankBin}|${input.account}`),
          this.sealer.seal(input.account, accountPlace(account)),
          input.holder,
          input.validFrom,
          command.actor.id,
        ],
      );
      return { account, bankBin: input.bankBin };
    });
  }

  /** @throws ProblemError ACCOUNT_NOT_FOUND, ACCOUNT_STATE */
  async judgeAccount(
    id: string,
    account: string,
    { state }: JudgeAccount,
    command: Command,
  ): Promise<PersonRecorded> {
    return this.record(id, 'person.account.judge', command, async (tx) => {
      const [row] = (await tx.query(
        `SELECT state FROM person_account WHERE id = $1 AND person_id = ${selvesOf('$2::uuid')} FOR UPDATE`,
        [account, id],
      )) as { state: keyof typeof accountStates }[];
      if (!row) throw new ProblemError(personProblems.accountNotFound);
      if (!canGo(accountStates, row.state, state)) throw new ProblemError(personProblems.accountState);
      await tx.query(
        `UPDATE person_account SET state = $2::text,
           valid_until = CASE WHEN $2::text = 'ended' THEN greatest($3::date, valid_from + 1) ELSE valid_until END
         WHERE id = $1`,
        [account, state, todayInVietnam()],
      );
      return { account, from: row.state, to: state };
    });
  }

  /** One command on a person: locked, written, digested before and after. `to` among the facts is the office that he moves to. */
  private async record(
    id: string,
    verb: string,
    command: Command,
    write: (tx: Transaction, person: PersonRow) => Promise<Record<string, unknown>>,
  ): Promise<PersonRecorded> {
    return this.commands.run(command, verb, async (tx) => {
      const person = await findPerson(tx, id, 'FOR UPDATE');
      const before = await digestOf(tx, 'person', id);
      const facts = await write(tx, person);
      const office = verb === 'person.move' ? (facts['to'] as string) : person.office_code;
      // All records of him move together. Beyond the office: whoever moves away is seen here for the last time, in the answer to this command.
      return asSystem(tx, async () => {
        await tx.query(
          `UPDATE person SET version = version + 1, office_code = $2 WHERE id = ${selvesOf('$1::uuid')}`,
          [id, office],
        );
        const result = await recorded(tx, this.sealer, id);
        const after = await digestOf(tx, 'person', id);
        const told = toldOf[verb];
        if (told) await recordEvents(tx, told, [id]);
        return { result, subject: `person/${id}`, before, after, facts };
      });
    });
  }
}

/** What other services are told of; facts and accounts they are not. */
const toldOf: Partial<Record<string, EventType>> = {
  'person.move': 'person.moved',
  'person.number': 'person.changed',
  'person.death': 'person.died',
  'person.death.correct': 'person.changed',
};

async function writeDeath(tx: Transaction, person: PersonRow, diedOn: string | null): Promise<void> {
  if (diedOn !== null) {
    requirePast('/diedOn', diedOn);
    if (diedOn < (person.born_on ?? `${person.birth_year}-01-01`)) throw diedBeforeBirth();
  }
  await tx.query('UPDATE person SET died_on = $2 WHERE id = $1', [person.id, diedOn]);
}

function diedBeforeBirth(): ProblemError {
  const detail = { vi: 'trước ngày sinh', en: 'is before the day of birth' };
  return new ProblemError(problems.invalidRequest, {
    errors: [{ pointer: '/diedOn', code: 'isAfter', detail }],
  });
}

type FactRow = Omit<FactView, 'recordedAt'> & { recordedAt: Date; number: string };

/** Merges that were in force at the moment of `$2`, or are now. */
const inForce = `merged_at <= coalesce($2::timestamptz, 'infinity')
  AND (undone_at IS NULL OR undone_at > coalesce($2::timestamptz, 'infinity'))`;

/** Facts of all records that were the person's at that moment, the last one first, and whether a merge had set them aside. */
const knownFacts = `
WITH self AS (
  SELECT $1::uuid AS id
  UNION
  SELECT person_id FROM person_merge JOIN person_merge_member ON merge_id = id
  LEFT JOIN person_merge_undoing undone ON undone.merge_id = id WHERE survivor_id = $1 AND ${inForce}
), known AS (
  SELECT kind, value, basis, valid_from::text AS "validFrom", valid_until::text AS "validUntil",
    recorded_at AS "recordedAt", recorded_by AS "recordedBy", person_id AS "originId", person_fact.id AS number,
    EXISTS (SELECT FROM person_merge_aside aside JOIN person_merge merged ON merged.id = aside.merge_id
            LEFT JOIN person_merge_undoing undone ON undone.merge_id = merged.id
            WHERE fact_id = person_fact.id AND survivor_id IN (SELECT id FROM self) AND ${inForce}) AS "isSetAside"
  FROM person_fact
  WHERE person_id IN (SELECT id FROM self) AND ($2::timestamptz IS NULL OR recorded_at <= $2)
)`;

const allFacts = `${knownFacts} SELECT * FROM known ORDER BY number DESC`;

/** Of the records that cover the day the last one holds; one without a value says that nothing does. */
const factsOn = `${knownFacts}
SELECT * FROM (
  SELECT DISTINCT ON (kind) * FROM known
  WHERE NOT "isSetAside" AND "validFrom"::date <= $3::date AND ("validUntil" IS NULL OR "validUntil"::date > $3::date)
  ORDER BY kind, number DESC) held
WHERE value IS NOT NULL ORDER BY kind`;
