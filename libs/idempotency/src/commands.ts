import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Change, recordAuditOfMany } from '@ansinh/audit';
import { scopeOf } from '@ansinh/auth';
import { inTransaction, type Transaction } from '@ansinh/database';
import { problems, ProblemError } from '@ansinh/problem';
import type { Command } from './command.js';
import { idempotencyProblems } from './idempotency.problems.js';

/** What the audit row of a command says beyond who and when. */
export interface Effect<Result> extends Change {
  result: Result;
  facts?: Record<string, unknown>;
}

const unknownOffice = {
  vi: 'Đơn vị của tài khoản không có trong danh mục địa bàn.',
  en: 'The office of the account is not among the places.',
};

/** The one way to change something: effect, audit row and remembered answer stand in one transaction, or none does. */
@Injectable()
export class Commands {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Runs `work` once for each Idempotency-Key of a caller; the same key again gives the first answer.
   * @param verb e.g. `batch.approve`: the verb of the audit row
   * @param work SQL only, it may run again after a deadlock; its result must survive JSON
   * @throws ProblemError FORBIDDEN for an office that no place code names, IDEMPOTENCY_KEY_REUSED, COMMAND_STILL_RUNNING,
   *   and whatever `work` refuses
   */
  async run<Result>(
    command: Command,
    verb: string,
    work: (tx: Transaction) => Promise<Effect<Result>>,
  ): Promise<Result> {
    return this.once(command, verb, async (tx) => {
      const { result, ...change } = await work(tx);
      return { result, changes: [change] };
    });
  }

  /** The same of many records that are changed as a whole or not at all: one answer is remembered, and each has its audit row. */
  async runMany<Result>(
    command: Command,
    verb: string,
    work: (tx: Transaction) => Promise<readonly Effect<Result>[]>,
  ): Promise<Result[]> {
    return this.once(command, verb, async (tx) => {
      const effects = await work(tx);
      return {
        result: effects.map(({ result }) => result),
        changes: effects.map(({ result: _, ...change }) => change),
      };
    });
  }

  /**
   * The first answer to a command that was carried out; null to one that was not. For work that asks somebody outside before its
   * transaction: who sends a command again hears what was answered, also where they are away by then.
   * @throws ProblemError FORBIDDEN for an office that no place code names, IDEMPOTENCY_KEY_REUSED
   */
  async answered<Result>(command: Command): Promise<{ answer: Result } | null> {
    const { key } = command;
    if (key === null) return null;
    return inTransaction(this.dataSource, scopeFor(command), (tx) =>
      rememberedAnswer<Result>(tx, command, key),
    );
  }

  private async once<Result>(
    command: Command,
    verb: string,
    work: (tx: Transaction) => Promise<{ result: Result; changes: Omit<Effect<Result>, 'result'>[] }>,
  ): Promise<Result> {
    const { actor, key, requestId } = command;
    return inTransaction(this.dataSource, scopeFor(command), async (tx) => {
      const first = key === null ? null : await firstAnswer<Result>(tx, command, key);
      if (first) return first.answer;
      const { result, changes } = await work(tx);
      if (key !== null) await remember(tx, command, key, result);
      await recordAuditOfMany(
        tx,
        { actorId: actor.id, actorName: actor.name, office: actor.office, verb, requestId },
        changes.map(({ facts, ...change }) => ({
          ...change,
          facts: actor.service ? { ...facts, service: actor.service } : facts,
        })),
      );
      return result;
    });
  }
}

/** @throws ProblemError FORBIDDEN */
function scopeFor({ actor }: Command): ReturnType<typeof scopeOf> {
  const scope = scopeOf(actor);
  // It has no records, and its event of the audit log would be nobody's.
  if (scope.offices.length === 0) throw new ProblemError(problems.forbidden, { detail: unknownOffice });
  return scope;
}

/** The lock is held to the end of the transaction: of two equal requests at once, one is told to wait. */
async function firstAnswer<Result>(
  tx: Transaction,
  command: Command,
  key: string,
): Promise<{ answer: Result } | null> {
  const [lock] = (await tx.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken', [
    `${command.actor.id}\n${key}`,
  ])) as { taken: boolean }[];
  if (!lock?.taken) throw new ProblemError(idempotencyProblems.stillRunning);
  return rememberedAnswer(tx, command, key);
}

async function rememberedAnswer<Result>(
  tx: Transaction,
  command: Command,
  key: string,
): Promise<{ answer: Result } | null> {
  const [row] = (await tx.query(
    'SELECT request_digest, answer FROM idempotency_key WHERE actor_id = $1 AND key = $2',
    [command.actor.id, key],
  )) as { request_digest: string; answer: Result }[];
  if (!row) return null;
  if (row.request_digest !== command.digest) throw new ProblemError(idempotencyProblems.keyReused);
  return { answer: row.answer };
}

async function remember(tx: Transaction, command: Command, key: string, answer: unknown): Promise<void> {
  await tx.query(
    'INSERT INTO idempotency_key (actor_id, key, request_digest, answer) VALUES ($1, $2, $3, $4)',
    [command.actor.id, key, command.digest, JSON.stringify(answer ?? null)],
  );
}

/** DDL of the table, for a service's migration. */
export const idempotencyTable = `
CREATE TABLE idempotency_key (
  actor_id text NOT NULL,
  key text NOT NULL,
  request_digest text NOT NULL,
  answer jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (actor_id, key)
);`;
