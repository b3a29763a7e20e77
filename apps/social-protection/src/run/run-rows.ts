import { type Actor, scopeOf } from '@ansinh/auth';
import { asSystem, type Transaction } from '@ansinh/database';
import type { ProgrammeCode } from '../programme/programmes.js';

interface NewRun {
  id: string;
  programme: ProgrammeCode;
  decidedOn: string;
}

/** Lists that wait, in the order in which they came, so that of two with one person the first one counts. @returns their rows */
export async function takeLists(
  tx: Transaction,
  { id, programme, decidedOn }: NewRun,
  lists: readonly string[] | undefined,
): Promise<number> {
  await tx.query(
    `INSERT INTO run_list (run_id, number, list_id)
     SELECT $1, row_number() OVER (ORDER BY received_on, id), id FROM support_list l
     WHERE programme = $2 AND received_on <= $3 AND NOT is_refused AND ($4::uuid[] IS NULL OR id = ANY ($4))
       AND NOT EXISTS (SELECT FROM run_list WHERE list_id = l.id AND NOT is_released)`,
    [id, programme, decidedOn, lists ?? null],
  );
  const [counted] = (await tx.query(
    `SELECT coalesce(sum(l.rows - l.blocked), 0)::int AS rows FROM run_list rl
     JOIN support_list l ON l.id = rl.list_id WHERE rl.run_id = $1`,
    [id],
  )) as [{ rows: number }];
  return counted.rows;
}

/** Members of a run that are kept together; the check of their table knows it too. */
export const membersPerBlock = 100;

/** Everybody of the caller's area of whom something was stated by now for the month. @returns how many */
export async function takeMembers(
  tx: Transaction,
  { id, programme }: NewRun,
  month: string,
  actor: Actor,
): Promise<number> {
  const { offices } = scopeOf(actor);
  // The caller's own rows; under the policies each member would be asked of its run once more.
  return asSystem(tx, async () => {
    const [taken] = (await tx.query(
      `WITH chosen AS (
         SELECT b.id, row_number() OVER (ORDER BY b.id) AS number FROM beneficiary b, support_run run
         WHERE run.id = $1 AND b.programme = $2 AND b.office_code = ANY ($3) AND b.first_month <= $4
           AND EXISTS (SELECT FROM beneficiary_statement s WHERE s.beneficiary_id = b.id AND s.recorded_at <= run.created_at)
       ), kept AS (
         INSERT INTO member_block (run_id, block_no, members)
         SELECT $1, (number - 1) / ${membersPerBlock}, array_agg(id ORDER BY number) FROM chosen GROUP BY 2
         RETURNING cardinality(members) AS members
       )
       SELECT coalesce(sum(members), 0)::int AS members FROM kept`,
      [id, programme, offices, month],
    )) as [{ members: number }];
    return taken.members;
  });
}

/**
 * The earliest month that something was stated for since the last approved run was made: what it did not know has to be looked
 * at again. Of the first run nothing was paid here before, so it looks at its own month alone.
 */
export async function monthsToLookAt(
  tx: Transaction,
  programme: ProgrammeCode,
  month: string,
  actor: Actor,
): Promise<string> {
  const { offices } = scopeOf(actor);
  // A month out of the caller's own rows; under the policies each statement would be asked of its beneficiary once more.
  const [found] = (await asSystem(tx, () =>
    tx.query(
      `SELECT least($2::date, min(s.applies_from))::text AS month
     FROM (SELECT max(created_at) AS at FROM support_run
       WHERE programme = $1 AND month IS NOT NULL AND state = 'approved' AND office_code = $3) last
     JOIN beneficiary_statement s ON s.recorded_at > last.at
     JOIN beneficiary b ON b.id = s.beneficiary_id AND b.programme = $1 AND b.office_code = ANY ($4)`,
      [programme, month, actor.office, offices],
    ),
  )) as [{ month: string }];
  return found.month;
}
