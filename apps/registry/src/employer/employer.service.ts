import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import {
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { searchForm, taxCodeFault } from '@ansinh/identity';
import { officeCovers } from '@ansinh/places';
import { problems, ProblemError } from '@ansinh/problem';
import type { PageQuery } from '@ansinh/service';
import { digestOf } from '../audit/record-digest.js';
import { recordEvents } from '../event/record-events.js';
import { requirePast } from '../person/past-day.js';
import { personProblems } from '../person/person.problems.js';
import { PersonService } from '../person/person.service.js';
import { selvesOf, standsFor, survivorOf } from '../person/merged-records.sql.js';
import { findPerson, officeOfResidence } from '../person/person-rows.js';
import type {
  ChangeEmployer,
  CloseEmployer,
  CorrectClosure,
  EmployersQuery,
  EmployerView,
  EmploymentView,
  EmployPerson,
  EndEmployment,
  EnterEmployer,
  WorkerRow,
} from './employer.dto.js';
import type { EmployedPerson } from './employment-lookup.dto.js';
import { employerProblems } from './employer.problems.js';

@Injectable()
export class EmployerService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly people: PersonService,
  ) {}

  async list({ q, after, limit }: EmployersQuery, actor: Actor): Promise<Page<EmployerView>> {
    const typed = q === undefined ? null : searchForm(q);
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${columns} FROM employer
         WHERE ($1::uuid IS NULL OR id > $1)
           AND ($2::text IS NULL OR tax_code = $2 OR position($2 IN plain_name) > 0)
         ORDER BY id LIMIT $3`,
        [readCursor(after, 'uuid')?.[0] ?? null, typed, limit + 1],
      ),
    )) as EmployerView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError EMPLOYER_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<EmployerView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => findEmployer(tx, id));
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, EmployerView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${columns} FROM employer WHERE id = ANY ($1::uuid[])`, [ids]),
    )) as EmployerView[];
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Where each person works or worked, the newest contract first. */
  async employmentsOf(personIds: readonly string[], actor: Actor): Promise<Map<string, EmploymentView[]>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT asked.id AS "askedId", employed.* FROM unnest($1::uuid[]) AS asked (id)
         CROSS JOIN LATERAL (SELECT ${employmentColumns}
           FROM employment WHERE person_id = ${selvesOf('asked.id')}) employed
         ORDER BY employed."contractFrom" DESC, employed.id`,
        [personIds],
      ),
    )) as (EmploymentView & { askedId: string })[];
    const byAsked = Map.groupBy(rows, ({ askedId }) => askedId);
    return new Map(
      [...byAsked].map(([id, employed]) => [id, employed.map(({ askedId: _, ...employment }) => employment)]),
    );
  }

  /**
   * Contracts in force on a day, of each person whom the office sees. One statement, however many people: whoever was merged is asked
   * for under all his records.
   */
  async employedOn(on: string, personIds: readonly string[], actor: Actor): Promise<EmployedPerson[]> {
    return (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT person.id AS "personId", kept.id AS "standsForId", kept.died_on::text AS "diedOn", coalesce(held.contracts, '[]') AS contracts
         FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
         JOIN person ON person.id = asked.id
         JOIN person kept ON kept.id = ${standsFor('person')}
         LEFT JOIN LATERAL (
           SELECT jsonb_agg(jsonb_build_object('employerId', employer_id, 'contractFrom', contract_from, 'contractUntil',
             contract_until, 'insuredFrom', insured_from, 'insuredUntil', insured_until) ORDER BY contract_from DESC, employment.id) AS contracts
           FROM employment LEFT JOIN employer ON employer.id = employer_id
           WHERE person_id = ${selvesOf('kept.id')}
             AND contract_from <= $2 AND (contract_until IS NULL OR contract_until > $2)
             AND (employer.closed_on IS NULL OR employer.closed_on >= $2)) held ON true
         ORDER BY asked.place`,
        [personIds, on],
      ),
    )) as EmployedPerson[];
  }

  /** @throws ProblemError EMPLOYER_NOT_FOUND */
  async workers(id: string, { after, limit }: PageQuery, actor: Actor): Promise<Page<EmploymentView>> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => {
      await findEmployer(tx, id);
      const rows = (await tx.query(
        `SELECT ${employmentColumns} FROM employment
         WHERE employer_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
        [id, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      )) as EmploymentView[];
      return pageOf(rows, limit, (row) => [row.id]);
    });
  }

  /** The same, for those who do not know people by their ids. @throws ProblemError EMPLOYER_NOT_FOUND */
  async namedWorkers(id: string, query: PageQuery, actor: Actor): Promise<Page<WorkerRow>> {
    const { items, next } = await this.workers(id, query, actor);
    const people = await this.people.byIds(
      items.map(({ personId }) => personId),
      actor,
    );
    return { items: items.map((item) => ({ ...item, person: people.get(item.personId) })), next };
  }

  /** @throws ProblemError TAX_CODE_WRONG, EMPLOYER_EXISTS, PLACE_UNKNOWN, PLACE_OF_ANOTHER_OFFICE */
  async enter(input: EnterEmployer, command: Command): Promise<EmployerView> {
    requireTaxCode(input.taxCode);
    const office = officeOfResidence(input.placeCode, todayInVietnam());
    if (!officeCovers(command.actor.office, office)) throw new ProblemError(personProblems.foreignPlace);
    return this.commands.run(command, 'employer.enter', async (tx) => {
      const id = uuidv7();
      try {
        await tx.query(
          `INSERT INTO employer (id, tax_code, name, plain_name, kind, park, place_code, office_code, recorded_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            id,
            input.taxCode,
            input.name,
            searchForm(input.name),
            input.kind,
            input.park ?? null,
            input.placeCode,
            office,
            command.actor.id,
          ],
        );
      } catch (error) {
        if (violatedConstraint(error) === 'employer_tax_code')
          throw new ProblemError(employerProblems.exists);
        throw error;
      }
      const after = await digestOf(tx, 'employer', id);
      return { result: await findEmployer(tx, id), subject: `employer/${id}`, before: null, after };
    });
  }

  /** @throws ProblemError EMPLOYER_NOT_FOUND, PRECONDITION_FAILED */
  async change(id: string, version: number, input: ChangeEmployer, command: Command): Promise<EmployerView> {
    return this.write(id, 'employer.change', command, async (tx, employer) => {
      if (employer.version !== version) throw new ProblemError(problems.preconditionFailed);
      await tx.query('UPDATE employer SET name = $2, plain_name = $3, kind = $4, park = $5 WHERE id = $1', [
        id,
        input.name,
        searchForm(input.name),
        input.kind,
        input.park ?? null,
      ]);
    });
  }

  /** @throws ProblemError EMPLOYER_CLOSED, INVALID_REQUEST for a day to come */
  async close(id: string, { closedOn }: CloseEmployer, command: Command): Promise<EmployerView> {
    requirePast('/closedOn', closedOn);
    return this.write(id, 'employer.close', command, async (tx, employer) => {
      if (employer.closedOn !== null) throw new ProblemError(employerProblems.closed);
      await tx.query('UPDATE employer SET closed_on = $2 WHERE id = $1', [id, closedOn]);
    });
  }

  /**
   * It goes on, or closed on another day: whoever works for it is taken for unemployed.
   * @throws ProblemError EMPLOYER_NOT_CLOSED, INVALID_REQUEST for a day to come
   */
  async correctClosure(
    id: string,
    { closedOn, basis }: CorrectClosure,
    command: Command,
  ): Promise<EmployerView> {
    if (closedOn !== null) requirePast('/closedOn', closedOn);
    return this.write(id, 'employer.close.correct', command, async (tx, employer) => {
      if (employer.closedOn === null) throw new ProblemError(employerProblems.notClosed);
      await tx.query('UPDATE employer SET closed_on = $2 WHERE id = $1', [id, closedOn]);
      return { was: employer.closedOn, closedOn, basis };
    });
  }

  /** @throws ProblemError EMPLOYER_CLOSED, PERSON_NOT_FOUND */
  async employ(id: string, input: EmployPerson, command: Command): Promise<EmployerView> {
    return this.write(id, 'employer.employ', command, async (tx, employer) => {
      if (employer.closedOn !== null) throw new ProblemError(employerProblems.closed);
      await findPerson(tx, input.personId, 'FOR SHARE');
      await tx.query(
        `INSERT INTO employment (id, employer_id, person_id, contract_from, contract_until, insured_from, insured_until, recorded_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          uuidv7(),
          id,
          input.personId,
          input.contractFrom,
          input.contractUntil ?? null,
          input.insuredFrom ?? null,
          input.insuredUntil ?? null,
          command.actor.id,
        ],
      );
    });
  }

  /**
   * Ends a contract, or a fixed term earlier than was agreed.
   * @throws ProblemError EMPLOYER_NOT_FOUND, EMPLOYMENT_NOT_FOUND, EMPLOYMENT_ENDED, EMPLOYMENT_DAYS
   */
  async endEmployment(
    id: string,
    employmentId: string,
    { contractUntil, insuredUntil }: EndEmployment,
    command: Command,
  ): Promise<EmploymentView> {
    return this.commands.run(command, 'employer.endEmployment', async (tx) => {
      await findEmployer(tx, id);
      const employment = await findEmployment(tx, id, employmentId, 'FOR UPDATE');
      if (employment.contractUntil !== null && employment.contractUntil <= contractUntil)
        throw new ProblemError(employerProblems.employmentEnded);
      if (contractUntil <= employment.contractFrom)
        throw daysProblem('contractUntil', employment.contractFrom);
      if (insuredUntil !== undefined && !isAfter(insuredUntil, employment.insuredFrom))
        throw daysProblem('insuredUntil', employment.insuredFrom);
      const before = await digestOf(tx, 'employment', employmentId);
      await tx.query(
        `UPDATE employment SET contract_until = $2, insured_until = coalesce($3, insured_until) WHERE id = $1`,
        [employmentId, contractUntil, insuredUntil ?? null],
      );
      const after = await digestOf(tx, 'employment', employmentId);
      const result = await findEmployment(tx, id, employmentId);
      return { result, subject: `employment/${employmentId}`, before, after };
    });
  }

  private async write(
    id: string,
    verb: string,
    command: Command,
    work: (tx: Transaction, employer: EmployerView) => Promise<Record<string, unknown> | undefined>,
  ): Promise<EmployerView> {
    return this.commands.run(command, verb, async (tx) => {
      const employer = await findEmployer(tx, id, 'FOR UPDATE');
      const before = await digestOf(tx, 'employer', id);
      const facts = (await work(tx, employer)) ?? {};
      await tx.query('UPDATE employer SET version = version + 1 WHERE id = $1', [id]);
      const after = await digestOf(tx, 'employer', id);
      const result = await findEmployer(tx, id);
      if (verb.startsWith('employer.close')) await recordEvents(tx, 'employer.closed', [id]);
      return { result, subject: `employer/${id}`, before, after, facts };
    });
  }
}

const columns = `id, tax_code AS "taxCode", name, kind, park, place_code AS "placeCode",
  closed_on::text AS "closedOn", version`;

const employmentColumns = `id, employer_id AS "employerId", ${survivorOf('person_id')} AS "personId",
  contract_from::text AS "contractFrom", contract_until::text AS "contractUntil",
  insured_from::text AS "insuredFrom", insured_until::text AS "insuredUntil"`;

async function findEmployer(
  tx: Transaction,
  id: string,
  lock: 'FOR UPDATE' | '' = '',
): Promise<EmployerView> {
  const [row] = (await tx.query(`SELECT ${columns} FROM employer WHERE id = $1 ${lock}`, [
    id,
  ])) as EmployerView[];
  if (!row) throw new ProblemError(employerProblems.notFound);
  return row;
}

async function findEmployment(
  tx: Transaction,
  employerId: string,
  id: string,
  lock: 'FOR UPDATE' | '' = '',
): Promise<EmploymentView> {
  const [row] = (await tx.query(
    `SELECT ${employmentColumns} FROM employment WHERE employer_id = $1 AND id = $2 ${lock}`,
    [employerId, id],
  )) as EmploymentView[];
  if (!row) throw new ProblemError(employerProblems.noEmployment);
  return row;
}

const isAfter = (day: string, beganOn: string | null) => beganOn !== null && day > beganOn;

/** @param beganOn null where it never began */
function daysProblem(field: 'contractUntil' | 'insuredUntil', beganOn: string | null): ProblemError {
  const detail =
    beganOn === null
      ? { vi: 'Hợp đồng này không có bảo hiểm xã hội.', en: 'This contract has no social insurance.' }
      : { vi: `Bắt đầu từ ${beganOn}.`, en: `It began on ${beganOn}.` };
  return new ProblemError(employerProblems.employmentDays, {
    errors: [{ pointer: `/${field}`, code: 'isAfter', detail }],
  });
}

/** Form and check digit refuse, unlike what contradicts in a number of a person: a code without them is nobody's. */
function requireTaxCode(code: string): void {
  const fault = taxCodeFault(code);
  if (fault === null) return;
  const details = {
    form: { vi: 'Mã có 10 chữ số, hoặc 13 với mã phụ.', en: 'It has ten digits, or thirteen with a suffix.' },
    checkDigit: { vi: 'Sai chữ số kiểm tra.', en: 'The check digit is wrong.' },
  };
  throw new ProblemError(employerProblems.taxCode, { detail: details[fault] });
}
