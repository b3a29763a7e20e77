import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type Actor, scopeOf } from '@ansinh/auth';
import { inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { type Command, Commands } from '@ansinh/idempotency';
import { ProblemError } from '@ansinh/problem';
import { Sealer } from '@ansinh/sealing';
import { digestOf } from '../audit/record-digest.js';
import { keyContacts } from './contact-keys.js';
import type { DuplicateRunView } from './duplicate.dto.js';
import { duplicateProblems } from './duplicate.problems.js';
import { keepPairs } from './find-pairs.sql.js';

const secondsMax = 300;

/**
 * A search for pairs among the people of an office, a commune a command: whoever was stopped asks for the next one, for the
 * place reached stands in the transaction of its pairs. It looks under the policies of the caller: a pair is found by whoever
 * sees both.
 */
@Injectable()
export class DuplicateRunService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly commands: Commands,
    private readonly sealer: Sealer,
  ) {}

  async start(command: Command): Promise<DuplicateRunView> {
    return this.commands.run(command, 'duplicate.run.start', async (tx) => {
      const { actor } = command;
      const id = uuidv7();
      await tx.query(
        `INSERT INTO duplicate_run (id, office_code, communes, started_by)
         SELECT $1, $2, coalesce(array_agg(code ORDER BY code), '{}'), $3 FROM unnest($4::text[]) AS place (code)
         WHERE EXISTS (SELECT FROM person WHERE office_code = code)`,
        [id, actor.office, actor.id, scopeOf(actor).offices],
      );
      const after = await digestOf(tx, 'duplicateRun', id);
      return { result: await viewRun(tx, id), subject: `duplicateRun/${id}`, before: null, after };
    });
  }

  /** @throws ProblemError DUPLICATE_RUN_NOT_FOUND */
  async get(id: string, actor: Actor): Promise<DuplicateRunView> {
    return inTransaction(this.dataSource, scopeOf(actor), (tx) => viewRun(tx, id));
  }

  /**
   * Searches the next commune. Repeated until `searched` is `communes`.
   * @throws ProblemError DUPLICATE_RUN_NOT_FOUND, DUPLICATE_RUN_DONE
   */
  async searchNext(id: string, command: Command): Promise<DuplicateRunView> {
    return this.commands.run(command, 'duplicate.run.search', async (tx) => {
      await limitStatement(tx, secondsMax);
      const [run] = (await tx.query(
        'SELECT communes[searched + 1] AS commune FROM duplicate_run WHERE id = $1 FOR UPDATE',
        [id],
      )) as { commune: string | null }[];
      if (!run) throw new ProblemError(duplicateProblems.runNotFound);
      if (run.commune === null) throw new ProblemError(duplicateProblems.runDone);
      const before = await digestOf(tx, 'duplicateRun', id);
      await keyContacts(tx, this.sealer, run.commune);
      // Without fresh statistics the planner takes the table for empty.
      await tx.query('ANALYZE person_contact');
      const { people, pairs, passedOver } = await keepPairs(tx, run.commune);
      await tx.query(
        `UPDATE duplicate_run SET searched = searched + 1, people = people + $2, pairs = pairs + $3,
           passed_over = (SELECT coalesce(jsonb_object_agg(code, keys), '{}') FROM (
             SELECT key AS code, sum(value::int) AS keys
             FROM (SELECT * FROM jsonb_each_text(passed_over) UNION ALL SELECT * FROM jsonb_each_text($4::jsonb)) counted
             GROUP BY key) summed)
         WHERE id = $1`,
        [id, people, pairs, JSON.stringify(passedOver)],
      );
      const after = await digestOf(tx, 'duplicateRun', id);
      const facts = { commune: run.commune, people, pairs };
      return { result: await viewRun(tx, id), subject: `duplicateRun/${id}`, before, after, facts };
    });
  }
}

/** @throws ProblemError DUPLICATE_RUN_NOT_FOUND */
async function viewRun(tx: Transaction, id: string): Promise<DuplicateRunView> {
  const [run] = (await tx.query(
    `SELECT id, cardinality(communes) AS communes, searched, people, pairs, passed_over AS "passedOver",
       started_by AS "startedBy", started_at AS "startedAt"
     FROM duplicate_run WHERE id = $1`,
    [id],
  )) as (Omit<DuplicateRunView, 'startedAt'> & { startedAt: Date })[];
  if (!run) throw new ProblemError(duplicateProblems.runNotFound);
  return { ...run, startedAt: run.startedAt.toISOString() };
}
