import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Reader, recordAccess, requirePurpose } from '@ansinh/access-log';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { nameInitials, nameKey, normaliseName, searchForm } from '@ansinh/identity';
import { officeCovers } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { recordEvents } from '../event/record-events.js';
import type { ChangePerson, CreatePerson, PersonRecorded, PersonSummary, PersonView } from './person.dto.js';
import { keepNumber } from './keep-number.js';
import { standsFor } from './merged-records.sql.js';
import { requirePast } from './past-day.js';
import { personProblems } from './person.problems.js';
import {
  findPerson,
  officeOfResidence,
  personColumns,
  type PersonRow,
  readPerson,
  recorded,
  toSummary,
} from './person-rows.js';
import { numberKeyOf, openPerson, type PersonNumbers, sealPerson } from './sealed-person.js';

@Injectable()
export class PersonService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /**
   * One person; whole numbers where a purpose is stated, and then the reading is logged before it leaves.
   * @throws ProblemError PERSON_NOT_FOUND, UNMASKING_REFUSED
   */
  async get(id: string, reader: Reader): Promise<PersonView> {
    return inTransaction(this.dataSource, scopeOf(reader.actor), async (tx) => {
      const row = await findPerson(tx, id);
      const isMasked = reader.purpose === null;
      const view = await readPerson(tx, this.sealer, row, isMasked);
      if (!isMasked) {
        const own = [view.citizenNumber, view.insuranceNumber, view.phone].filter((part) => part !== null);
        await recordAccess(tx, reader, requirePurpose(reader, false), {
          office: row.office_code,
          subject: `person/${id}`,
          rows: { first: 1, last: 1 },
          numbers: own.length + view.numbers.length + view.accounts.length,
        });
      }
      return view;
    });
  }

  /** By the citizen number, or one that the person had before. @throws ProblemError PERSON_NOT_FOUND */
  async byNumber(number: string, actor: Actor): Promise<PersonSummary> {
    const [row] = await this.rowsByKeys([numberKeyOf(this.sealer, number)], actor);
    if (!row) throw new ProblemError(personProblems.notFound);
    return toSummary(this.sealer, row);
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, PersonSummary>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${personColumns} FROM person WHERE id = ANY ($1::uuid[])`, [ids]),
    )) as PersonRow[];
    return new Map(rows.map((row) => [row.id, toSummary(this.sealer, row)]));
  }

  /** By the keys of citizen numbers, as other services hold them; of a merged record, who stands for it. */
  async byNumberKeys(keys: readonly string[], actor: Actor): Promise<Map<string, PersonSummary>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.number_key AS key, ${personColumns} FROM person asked
         JOIN person ON person.id = ${standsFor('asked')} WHERE asked.number_key = ANY ($1::uuid[])`,
        [keys],
      ),
    )) as (PersonRow & { key: string })[];
    return new Map(rows.map(({ key, ...row }) => [key, toSummary(this.sealer, row)]));
  }

  /** @throws ProblemError PERSON_EXISTS, PLACE_UNKNOWN, PLACE_OF_ANOTHER_OFFICE */
  async create(input: CreatePerson, command: Command): Promise<PersonRecorded> {
    const { residence, citizenNumber = null, insuranceNumber = null, phone = null } = input;
    requireBirthYear(input);
    requirePast('/residence/validFrom', residence.validFrom);
    const officeCode = officeOfResidence(residence.placeCode, residence.validFrom);
    if (!officeCovers(command.actor.office, officeCode)) throw new ProblemError(personProblems.foreignPlace);
    return this.commands.run(command, 'person.create', async (tx) => {
      const id = uuidv7();
      await this.write(tx, id, { ...input, citizenNumber, insuranceNumber, phone }, officeCode, command);
      if (input.oldNumber) {
        const old = { kind: 'old', number: input.oldNumber, validUntil: null } as const;
        await keepNumber(tx, this.sealer, id, old, command.actor.id);
      }
      await tx.query(
        `INSERT INTO person_residence (person_id, place_code, address, valid_from, recorded_by)
         VALUES ($1, $2, $3, $4, $5)`,
        [id, residence.placeCode, residence.address ?? '', residence.validFrom, command.actor.id],
      );
      const result = await recorded(tx, this.sealer, id);
      const after = await digestOf(tx, 'person', id);
      const facts = { warnings: result.warnings.map(({ code }) => code) };
      await recordEvents(tx, 'person.registered', [id]);
      return { result, subject: `person/${id}`, before: null, after, facts };
    });
  }

  /**
   * Writes the record anew. A citizen number that differs replaces the one before, which stays findable.
   * @param version that the caller has read
   * @throws ProblemError PERSON_NOT_FOUND, PRECONDITION_FAILED, PERSON_EXISTS
   */
  async change(id: string, version: number, input: ChangePerson, command: Command): Promise<PersonRecorded> {
    requireBirthYear(input);
    return this.commands.run(command, 'person.change', async (tx) => {
      const row = await findPerson(tx, id, 'FOR UPDATE');
      if (row.version !== version) throw new ProblemError(problems.preconditionFailed);
      const before = await digestOf(tx, 'person', id);
      const known = openPerson(this.sealer, id, row.sealed).citizenNumber;
      const citizenNumber = input.citizenNumber ?? known;
      if (known !== null && citizenNumber !== known) {
        const former = { kind: 'citizen', number: known, validUntil: todayInVietnam() } as const;
        await keepNumber(tx, this.sealer, id, former, command.actor.id);
      }
      const { insuranceNumber = null, phone = null } = input;
      await this.write(tx, id, { ...input, citizenNumber, insuranceNumber, phone }, row.office_code, command);
      const result = await recorded(tx, this.sealer, id);
      const after = await digestOf(tx, 'person', id);
      const facts = { warnings: result.warnings.map(({ code }) => code) };
      await recordEvents(tx, 'person.changed', [id]);
      return { result, subject: `person/${id}`, before, after, facts };
    });
  }

  /** Whoever has the number now, and then who had it, of whom it was recorded last before the others. */
  private async rowsByKeys(keys: string[], actor: Actor): Promise<PersonRow[]> {
    return (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${personColumns} FROM (
           SELECT id, NULL::bigint AS recorded FROM person WHERE number_key = ANY ($1::uuid[])
           UNION ALL SELECT person_id, id FROM person_number WHERE number_key = ANY ($1::uuid[])) held
         JOIN person asked ON asked.id = held.id
         JOIN person ON person.id = ${standsFor('asked')} ORDER BY held.recorded DESC NULLS FIRST`,
        [keys],
      ),
    )) as PersonRow[];
  }

  private async write(
    tx: Transaction,
    id: string,
    person: Omit<ChangePerson, keyof PersonNumbers> & PersonNumbers,
    officeCode: string,
    command: Command,
  ): Promise<void> {
    const key = nameKey(person.name);
    await tx.query(
      `INSERT INTO name_form (name_key, plain, initials) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [key, searchForm(person.name), nameInitials(person.name)],
    );
    try {
      await tx.query(
        `INSERT INTO person (id, number_key, sealed, name, name_key, birth_year, born_on, sex, ethnicity, office_code, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET
           number_key = EXCLUDED.number_key, sealed = EXCLUDED.sealed, name = EXCLUDED.name,
           name_key = EXCLUDED.name_key, birth_year = EXCLUDED.birth_year, born_on = EXCLUDED.born_on,
           sex = EXCLUDED.sex, ethnicity = EXCLUDED.ethnicity, version = person.version + 1`,
        [
          id,
          person.citizenNumber && numberKeyOf(this.sealer, person.citizenNumber),
          sealPerson(this.sealer, id, person),
          normaliseName(person.name),
          key,
          person.birthYear,
          person.bornOn ?? null,
          person.sex,
          person.ethnicity ?? null,
          officeCode,
          command.actor.id,
        ],
      );
    } catch (error) {
      if (violatedConstraint(error) === 'person_number_once') throw new ProblemError(personProblems.exists);
      throw error;
    }
  }
}

function requireBirthYear({ bornOn, birthYear }: { bornOn?: string; birthYear: number }): void {
  if (bornOn === undefined || Number(bornOn.slice(0, 4)) === birthYear) return;
  throw new ProblemError(problems.invalidRequest, {
    errors: [
      {
        pointer: '/bornOn',
        code: 'birthYear',
        detail: { vi: 'không cùng năm với birthYear', en: 'is not of the year birthYear' },
      },
    ],
  });
}
