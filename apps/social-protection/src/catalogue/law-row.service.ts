import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction, violatedConstraint } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { type AddedRow, nationalCatalogue, PolicyFileError, withParameterRows } from '@ansinh/policy';
import { ProblemError } from '@ansinh/problem';
import { digestOf } from '../audit/record-digest.js';
import { approvedRows, ownProvince } from '../law.js';
import type { EnterLawRow, LawRowsQuery, OwnLawRow } from './law.dto.js';
import { lawProblems } from './law.problems.js';

/** What people of the province add to the law: its own values, by two persons. */
@Injectable()
export class LawRowService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
  ) {}

  async list({ state }: LawRowsQuery, actor: Actor): Promise<OwnLawRow[]> {
    return this.read(actor, (tx) =>
      tx.query(`SELECT * FROM (${rows}) own WHERE $1::text IS NULL OR state = $1 ORDER BY id`, [
        state ?? null,
      ]),
    );
  }

  /** @throws ProblemError LAW_ROW_REFUSED */
  async enter(input: EnterLawRow, command: Command): Promise<OwnLawRow> {
    return this.commands.run(command, 'law.row.enter', async (tx) => {
      const { actor } = command;
      const added = rowOf(input);
      await checkBeside(tx, added);
      const id = uuidv7();
      await tx.query(
        `INSERT INTO law_row (id, parameter, law, instrument, office_code, entered_by, entered_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, added.parameter, added.row, added.instrument, actor.office, actor.id, actor.name],
      );
      const after = await digestOf(tx, 'lawRow', id);
      const { parameter, value, appliedFrom } = input;
      const facts = { parameter, value, appliedFrom };
      return { result: await viewRow(tx, id), subject: `law-row/${id}`, before: null, after, facts };
    });
  }

  /** @throws ProblemError LAW_ROW_NOT_FOUND, LAW_ROW_JUDGED, LAW_ROW_OWN, LAW_ROW_REFUSED */
  async approve(id: string, command: Command): Promise<OwnLawRow> {
    return this.judge(id, { verdict: 'approved', reason: null }, command);
  }

  /** @throws ProblemError LAW_ROW_NOT_FOUND, LAW_ROW_JUDGED */
  async reject(id: string, reason: string, command: Command): Promise<OwnLawRow> {
    return this.judge(id, { verdict: 'rejected', reason }, command);
  }

  private async judge(
    id: string,
    { verdict, reason }: { verdict: 'approved' | 'rejected'; reason: string | null },
    command: Command,
  ): Promise<OwnLawRow> {
    return this.commands.run(
      command,
      verdict === 'approved' ? 'law.row.approve' : 'law.row.reject',
      async (tx) => {
        // Two rows that are right alone may stand in each other's place: they are judged one after the other.
        await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('law rows', 0))`);
        const { state } = await viewRow(tx, id);
        if (state !== 'entered') throw new ProblemError(lawProblems.judged);
        if (verdict === 'approved') await checkBeside(tx, await addedRow(tx, id));
        const before = await digestOf(tx, 'lawRow', id);
        await insertVerdict(tx, [id, verdict, reason, command.actor.id, command.actor.name]);
        const after = await digestOf(tx, 'lawRow', id);
        return { result: await viewRow(tx, id), subject: `law-row/${id}`, before, after, facts: { reason } };
      },
    );
  }

  private read<Row>(actor: Actor, work: (tx: Transaction) => Promise<unknown>): Promise<Row[]> {
    return inTransaction(this.dataSource, scopeOf(actor), work) as Promise<Row[]>;
  }
}

const rows = `SELECT id, law->>'id' AS row, parameter, law->>'value' AS value, instrument->>'number' AS resolution,
  instrument->>'inForceFrom' AS "inForceFrom", law->>'appliedFrom' AS "appliedFrom",
  coalesce(verdict, 'entered') AS state, entered_by_name AS "enteredBy", actor_name AS "judgedBy", reason
  FROM law_row LEFT JOIN law_verdict ON row_id = id`;

/** The row as the law has it. Its id says where it stands and since when. */
function rowOf({ parameter, value, resolution, article, inForceFrom, appliedFrom }: EnterLawRow): AddedRow {
  const code = resolution
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[đĐ]/g, 'D')
    .replaceAll('/', '-');
  const name = { vi: `Nghị quyết ${resolution}`, en: `Resolution ${resolution}` };
  return {
    parameter,
    row: {
      id: `${code}.${parameter}.${appliedFrom}`,
      citation: { instrument: code, article },
      confidence: 'verified',
      carriedFrom: [],
      appliedFrom,
      value,
      province: ownProvince,
    },
    instrument: { number: resolution, name, inForceFrom, source: 'province' },
  };
}

/** @throws ProblemError LAW_ROW_REFUSED */
async function checkBeside(tx: Transaction, added: AddedRow): Promise<void> {
  try {
    withParameterRows(nationalCatalogue(), [...(await approvedRows(tx)), added]);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    const findings = error.findings.join('; ');
    throw new ProblemError(lawProblems.refused, { detail: { vi: findings, en: findings } });
  }
}

/** @throws ProblemError LAW_ROW_NOT_FOUND */
async function viewRow(tx: Transaction, id: string): Promise<OwnLawRow> {
  const [row] = (await tx.query(`${rows} WHERE id = $1`, [id])) as OwnLawRow[];
  if (!row) throw new ProblemError(lawProblems.notFound);
  return row;
}

async function addedRow(tx: Transaction, id: string): Promise<AddedRow> {
  const [row] = (await tx.query('SELECT parameter, law AS row, instrument FROM law_row WHERE id = $1', [
    id,
  ])) as AddedRow[];
  return row!;
}

/** The database refuses an approval by the maker. @throws ProblemError LAW_ROW_OWN */
async function insertVerdict(tx: Transaction, verdict: unknown[]): Promise<void> {
  try {
    await tx.query(
      'INSERT INTO law_verdict (row_id, verdict, reason, actor_id, actor_name) VALUES ($1, $2, $3, $4, $5)',
      verdict,
    );
  } catch (error) {
    if (violatedConstraint(error) === 'law_maker_is_not_checker') throw new ProblemError(lawProblems.own);
    throw error;
  }
}
