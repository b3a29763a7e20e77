import type { DataSource } from 'typeorm';
import { recordAudit, worker } from '@ansinh/audit';
import { todayInVietnam } from '@ansinh/calendar';
import { inTransaction, limitStatement, type Transaction } from '@ansinh/database';
import { ProblemError, type ProblemDefinition } from '@ansinh/problem';

const secondsMax = 900;

/** Which lists have had their last day, and what goes of them. The lists themselves stay, with their counts and digests. */
export interface ListSweep<Part extends string> {
  /** Of lists, with `id` and `office_code`. */
  table: string;
  /** SQL conditions on a list that is due; `$1` is a day. */
  isDue: string;
  /** The column by which the oldest one is taken first. */
  oldest: string;
  /** SQL: what is written of a list that is swept. */
  mark: string;
  /** What goes: tables by what the audit log calls their rows, and what they call the list. */
  parts: Record<Part, string>;
  key: string;
  verb: string;
  subjectOf: (id: string) => string;
  digestOf: (tx: Transaction, id: string) => Promise<string | null>;
}

interface SweptList<Part extends string> {
  id: string;
  /** How many rows went with it. */
  removed: Record<Part, number>;
}

/** One list a transaction. Of two workers each takes another one. */
export async function* sweepLists<Part extends string>(
  dataSource: DataSource,
  sweep: ListSweep<Part>,
  day: string,
): AsyncGenerator<SweptList<Part>> {
  for (;;) {
    const swept = await inTransaction(dataSource, 'system', (tx) => sweepNext(tx, sweep, day));
    if (swept === null) return;
    yield swept;
  }
}

/** A list that somebody holds, since he works on it, is passed over. @returns null: none is due */
async function sweepNext<Part extends string>(
  tx: Transaction,
  { table, isDue, oldest, mark, parts, key, verb, subjectOf, digestOf }: ListSweep<Part>,
  day: string,
): Promise<SweptList<Part> | null> {
  await limitStatement(tx, secondsMax);
  const [due] = (await tx.query(
    `SELECT id, office_code AS office FROM ${table} WHERE ${isDue} ORDER BY ${oldest}, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [day],
  )) as { id: string; office: string }[];
  if (!due) return null;
  const { id, office } = due;
  const before = await digestOf(tx, id);
  await tx.query(`UPDATE ${table} SET ${mark} WHERE id = $1`, [id]);
  const removed = {} as Record<Part, number>;
  for (const [name, part] of Object.entries(parts) as [Part, string][]) {
    const [, count] = (await tx.query(`DELETE FROM ${part} WHERE ${key} = $1`, [id])) as [unknown, number];
    removed[name] = count;
  }
  const after = await digestOf(tx, id);
  const subject = subjectOf(id);
  await recordAudit(tx, {
    ...worker,
    office,
    verb,
    subject,
    before,
    after,
    requestId: `sweep-${id}`,
    facts: removed,
  });
  return { id, removed };
}

/** For who asks for what is gone. */
export function sweptProblem(definition: ProblemDefinition, sweptAt: Date): ProblemError {
  const day = todayInVietnam(sweptAt);
  return new ProblemError(definition, {
    detail: {
      vi: `Đã xoá từ ngày ${day.split('-').reverse().join('/')}.`,
      en: `They are gone since ${day}.`,
    },
    extensions: { sweptAt: sweptAt.toISOString() },
  });
}
