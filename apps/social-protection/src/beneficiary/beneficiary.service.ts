import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import {
  asSystem,
  inTransaction,
  type Page,
  pageOf,
  readCursor,
  type Transaction,
  violatedConstraint,
} from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { isTransferEnabled, normaliseAccount, normaliseName } from '@ansinh/identity';
import { communeToday, officeCovers } from '@ansinh/places';
import { FactError, nationalCatalogue, readFacts, unknownFact } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { factsOfRegister } from '../list/list-columns.js';
import type { MonthlyProgrammeCode } from '../programme/programmes.js';
import type {
  BeneficiariesQuery,
  BeneficiaryHistory,
  BeneficiaryView,
  ChangeAccount,
  EnterBeneficiary,
  MoveBeneficiary,
  StatementView,
  StateFacts,
} from './beneficiary.dto.js';
import { beneficiaryProblems } from './beneficiary.problems.js';
import { beginToState, beginToStateOf } from './stating.js';

type Locked = BeneficiaryView & { sealed: Buffer; sealedFor: string };

/** The register: who is decided on month by month, and everything that was stated of him. */
@Injectable()
export class BeneficiaryService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  /** @throws ProblemError BENEFICIARY_KNOWN, BENEFICIARY_FACT, BENEFICIARY_PLACE, BENEFICIARY_ACCOUNT */
  async enter(input: EnterBeneficiary, command: Command): Promise<BeneficiaryHistory> {
    const { programme, placeCode, appliesFrom } = input;
    checkFacts(programme, input.facts);
    const office = communeToday(placeCode, `${appliesFrom}-01`);
    if (office === null || !officeCovers(command.actor.office, office))
      throw new ProblemError(beneficiaryProblems.place);
    const { bankBin, account } = checkAccount(input);
    return this.commands.run(command, 'beneficiary.enter', async (tx) => {
      const id = uuidv7();
      const { actor } = command;
      const place = placeOf(id);
      await beginToState(tx, programme);
      try {
        await tx.query(
          `INSERT INTO beneficiary (id, programme, person_key, name, sealed, sealed_for, bank_bin, place_code, office_code,
             dossier_code, first_month, created_by, created_by_name)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
          [
            id,
            programme,
            this.sealer.lookupKey('payee', input.number),
            normaliseName(input.name),
            this.sealer.seal(`${input.number}\t${account ?? ''}`, place),
            place,
            bankBin,
            placeCode,
            office,
            input.dossierCode ?? null,
            `${input.appliesFrom}-01`,
            actor.id,
            actor.name,
          ],
        );
      } catch (error) {
        if (violatedConstraint(error) === 'beneficiary_once')
          throw new ProblemError(beneficiaryProblems.known);
        throw error;
      }
      await record(tx, id, input, actor);
      const after = await digestOf(tx, 'beneficiary', id);
      const facts = { programme, placeCode, appliesFrom: input.appliesFrom };
      return { result: await viewHistory(tx, id), subject: `beneficiary/${id}`, before: null, after, facts };
    });
  }

  async list(query: BeneficiariesQuery, actor: Actor): Promise<Page<BeneficiaryView>> {
    const { programme, placeCode, category, after, limit } = query;
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(
        `SELECT ${columns} FROM beneficiary b
         WHERE programme = $1 AND ($2::text IS NULL OR office_code = $2) AND ($3::text IS NULL OR category = $3)
           AND ($4::uuid IS NULL OR id > $4) ORDER BY id LIMIT $5`,
        [programme, placeCode ?? null, category ?? null, readCursor(after, 'uuid')?.[0] ?? null, limit + 1],
      ),
    )) as BeneficiaryView[];
    return pageOf(rows, limit, ({ id }) => [id]);
  }

  /** @throws ProblemError BENEFICIARY_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<BeneficiaryHistory> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewHistory(tx, id));
  }

  async byIds(ids: readonly string[], actor: Actor): Promise<Map<string, BeneficiaryView>> {
    const rows = (await inTransaction(this.dataSource, scopeOf(actor), (tx) =>
      tx.query(`SELECT ${columns} FROM beneficiary b WHERE id = ANY ($1::uuid[])`, [ids]),
    )) as BeneficiaryView[];
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** @throws ProblemError BENEFICIARY_NOT_FOUND, BENEFICIARY_FACT */
  async state(id: string, input: StateFacts, command: Command): Promise<BeneficiaryHistory> {
    return this.change(id, command, 'beneficiary.state', async (tx, { programme }) => {
      checkFacts(programme, input.facts);
      await record(tx, id, input, command.actor);
      await tx.query('UPDATE beneficiary SET first_month = least(first_month, $2) WHERE id = $1', [
        id,
        `${input.appliesFrom}-01`,
      ]);
      return { appliesFrom: input.appliesFrom, names: Object.keys(input.facts) };
    });
  }

  /** @throws ProblemError BENEFICIARY_NOT_FOUND, BENEFICIARY_PLACE */
  async move(id: string, input: MoveBeneficiary, command: Command): Promise<BeneficiaryHistory> {
    const { placeCode, movedOn, basis } = input;
    const office = communeToday(placeCode, movedOn);
    if (office === null) throw new ProblemError(beneficiaryProblems.place);
    return this.change(id, command, 'beneficiary.move', async (tx, before) => {
      const { actor } = command;
      await tx.query(
        `INSERT INTO beneficiary_move (id, beneficiary_id, from_place_code, to_place_code, moved_on, basis, recorded_by, recorded_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [uuidv7(), id, before.placeCode, placeCode, movedOn, basis, actor.id, actor.name],
      );
      // The other commune may be of another office; he was found in this one's scope.
      await asSystem(tx, () =>
        tx.query('UPDATE beneficiary SET place_code = $2, office_code = $3 WHERE id = $1', [
          id,
          placeCode,
          office,
        ]),
      );
      return { from: before.placeCode, to: placeCode, movedOn };
    });
  }

  /** @throws ProblemError BENEFICIARY_NOT_FOUND, BENEFICIARY_ACCOUNT */
  async changeAccount(id: string, input: ChangeAccount, command: Command): Promise<BeneficiaryHistory> {
    const { bankBin, account } = checkAccount(input);
    return this.change(id, command, 'beneficiary.account.change', async (tx, { sealed, sealedFor }) => {
      const [number] = this.sealer.open(sealed, sealedFor).split('\t');
      const place = placeOf(id);
      await tx.query('UPDATE beneficiary SET sealed = $2, sealed_for = $3, bank_bin = $4 WHERE id = $1', [
        id,
        this.sealer.seal(`${number}\t${account ?? ''}`, place),
        place,
        bankBin,
      ]);
      return { isPaidInCash: bankBin === null };
    });
  }

  private async change(
    id: string,
    command: Command,
    verb: string,
    work: (tx: Transaction, before: Locked) => Promise<Record<string, unknown>>,
  ): Promise<BeneficiaryHistory> {
    return this.commands.run(command, verb, async (tx) => {
      if (verb === 'beneficiary.state') await beginToStateOf(tx, id);
      const [found] = (await tx.query(
        `SELECT ${columns}, sealed, sealed_for AS "sealedFor" FROM beneficiary b WHERE id = $1 FOR UPDATE`,
        [id],
      )) as Locked[];
      if (!found) throw new ProblemError(beneficiaryProblems.notFound);
      const before = await digestOf(tx, 'beneficiary', id);
      const facts = await work(tx, found);
      // Who was moved to another office is not in this one's scope any more.
      return asSystem(tx, async () => {
        const after = await digestOf(tx, 'beneficiary', id);
        return { result: await viewHistory(tx, id), subject: `beneficiary/${id}`, before, after, facts };
      });
    });
  }
}

const placeOf = (id: string) => `beneficiary/${id}`;

const columns = `b.id, b.programme, b.person_key AS "personKey", b.name, b.place_code AS "placeCode",
  b.dossier_code AS "dossierCode", b.category, b.bank_bin IS NULL AS "isPaidInCash",
  to_char(b.first_month, 'YYYY-MM') AS "firstMonth", b.created_by AS "createdBy",
  to_char(b.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"`;

/** @throws ProblemError BENEFICIARY_NOT_FOUND */
async function viewHistory(tx: Transaction, id: string): Promise<BeneficiaryHistory> {
  const [found] = (await tx.query(`SELECT ${columns} FROM beneficiary b WHERE id = $1`, [
    id,
  ])) as BeneficiaryView[];
  if (!found) throw new ProblemError(beneficiaryProblems.notFound);
  const statements = (await tx.query(
    `SELECT id, to_char(applies_from, 'YYYY-MM') AS "appliesFrom", facts, basis, recorded_by AS "recordedBy",
       to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "recordedAt"
     FROM beneficiary_statement WHERE beneficiary_id = $1 ORDER BY id`,
    [id],
  )) as StatementView[];
  return { ...found, statements };
}

/** After `beginToState`. */
async function record(
  tx: Transaction,
  id: string,
  { appliesFrom, facts, basis }: StateFacts,
  actor: Actor,
): Promise<void> {
  await tx.query(
    `INSERT INTO beneficiary_statement (id, beneficiary_id, applies_from, facts, basis, recorded_by, recorded_by_name)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [uuidv7(), id, `${appliesFrom}-01`, JSON.stringify(facts), basis, actor.id, actor.name],
  );
}

/** @throws ProblemError BENEFICIARY_FACT */
function checkFacts(programme: MonthlyProgrammeCode, facts: Record<string, unknown>): void {
  const asked = new Set(factsOfRegister(programme));
  const unknown = Object.keys(facts).find((name) => !asked.has(name));
  try {
    if (unknown !== undefined) throw unknownFact(unknown);
    readFacts(nationalCatalogue().programmes[programme]!.facts, facts);
  } catch (error) {
    if (!(error instanceof FactError)) throw error;
    throw new ProblemError(beneficiaryProblems.fact, { detail: error.text });
  }
}

/** @throws ProblemError BENEFICIARY_ACCOUNT */
function checkAccount({ bankBin, account }: ChangeAccount): {
  bankBin: string | null;
  account: string | null;
} {
  if (bankBin === undefined && account === undefined) return { bankBin: null, account: null };
  const written = normaliseAccount(account ?? '');
  if (bankBin === undefined || !isTransferEnabled(bankBin) || written === null)
    throw new ProblemError(beneficiaryProblems.account);
  return { bankBin, account: written };
}
