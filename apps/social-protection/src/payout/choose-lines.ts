import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { ProgrammeCode } from '../programme/programmes.js';
import { stateOfEntitlement } from './entitlement-state.sql.js';
import { payoutProblems } from './payout.problems.js';
import { isNotLowered, replaceLowered } from './replace-lowered.js';

export interface RunToPay {
  id: string;
  programme: ProgrammeCode;
  state: string;
  decidedOn: string;
  office: string;
  /** First day; null where it was decided on lists. */
  month: string | null;
}

const isUnpaid = `${stateOfEntitlement('e', 'true')} NOT IN ('inPayment', 'paid', 'recovered')`;
/** The same, where hardly any was on a list before: of those that were on none the state need not be worked out. */
const isUnpaidYet = `e.deducted < e.amount
  AND (NOT EXISTS (SELECT FROM payout_line line WHERE line.entitlement_id = e.id) OR ${isUnpaid})`;

/**
 * What is owed by some runs and neither paid nor on its way: everything of those that were on no list yet, and of the others what
 * was noted as unpaid (`unpaid_entitlement`). Months that are paid are not looked at, however many there are.
 * @param runs condition on `run`
 */
const owedBy = (runs: string) => `
SELECT e.id, e.amount, e.deducted FROM support_run run JOIN entitlement e ON e.run_id = run.id
WHERE ${runs} AND NOT run.is_listed AND NOT e.is_released AND ${isUnpaidYet}
UNION ALL
SELECT e.id, e.amount, e.deducted FROM support_run run JOIN unpaid_entitlement left_over ON left_over.run_id = run.id
JOIN entitlement e ON e.id = left_over.entitlement_id
WHERE ${runs} AND run.is_listed AND NOT e.is_released
  AND ${isUnpaid}`;

/** $1: the run. */
const runOfLists = 'run.id = $1';
/** $1, $2, $3: programme, office, month. */
const runsOfMonths = `run.programme = $1 AND run.office_code = $2 AND run.month <= $3 AND run.state = 'approved'`;

/** $4: those without an account, or those with one. Of a month also what is unpaid of the months before. */
export const owedOfMonth = `
SELECT owed.id FROM (${owedBy(runsOfMonths)}) owed
JOIN decision d ON d.id = owed.id JOIN beneficiary b ON b.id = d.beneficiary_id
WHERE (b.bank_bin IS NULL) = $4 AND (owed.deducted = 0 OR ${isNotLowered('owed')})`;

/**
 * Puts what is owed on a list of the run, line by line, in one order.
 * @returns the way of the list
 * @throws ProblemError SUPPORT_PAYOUT_EMPTY
 */
export async function chooseLines(tx: Transaction, run: RunToPay, isInCash: boolean): Promise<string> {
  const id = uuidv7();
  await tx.query('INSERT INTO run_payout (id, run_id) VALUES ($1, $2)', [id, run.id]);
  const [runs, scope] =
    run.month === null ? [runOfLists, [run.id]] : [runsOfMonths, [run.programme, run.office, run.month]];
  if (run.month !== null) await replaceLowered(tx, `SELECT id FROM (${owedBy(runs)}) owed`, scope);
  const [owed, parameters] = run.month === null ? [owedBy(runs), scope] : [owedOfMonth, [...scope, isInCash]];
  // Chosen as a whole before the first of them is written: a table without statistics is read from its beginning for each
  // entitlement, past all lines that were just added.
  await tx.query(
    `INSERT INTO payout_line (run_payout_id, row_no, entitlement_id)
     SELECT $${parameters.length + 1}, owed.row, owed.id
     FROM unnest(ARRAY(SELECT id FROM (${owed}) owed ORDER BY id)) WITH ORDINALITY AS owed (id, row)`,
    [...parameters, id],
  );
  const [chosen] = (await tx.query(
    'SELECT coalesce(max(row_no), 0) AS lines FROM payout_line WHERE run_payout_id = $1',
    [id],
  )) as [{ lines: number }];
  if (chosen.lines === 0) throw new ProblemError(payoutProblems.nothing);
  // What they are found by: sampling sealed numbers and facts takes longer, and nobody asks for them.
  await tx.query(
    `ANALYZE payout_line${run.month === null ? ', support_list (id), list_row (list_id, row_no)' : ''}`,
  );
  await noteListed(tx, id, runs, scope);
  return id;
}

/** What was put on the list is noted as unpaid no more; of runs that were on none before, what it leaves out is. */
async function noteListed(
  tx: Transaction,
  id: string,
  runs: string,
  scope: readonly string[],
): Promise<void> {
  await tx.query(
    `DELETE FROM unpaid_entitlement left_over USING payout_line line
     WHERE line.run_payout_id = $1 AND line.entitlement_id = left_over.entitlement_id`,
    [id],
  );
  await tx.query(
    `WITH listed AS (UPDATE support_run run SET is_listed = true WHERE ${runs} AND NOT is_listed RETURNING id)
     INSERT INTO unpaid_entitlement (run_id, entitlement_id)
     SELECT e.run_id, e.id FROM (
       SELECT e.* FROM listed JOIN entitlement e ON e.run_id = listed.id
       -- As a rule the list took everything: OFFSET 0 has this found out first, and what is on it is not asked where it stands.
       WHERE NOT e.is_released AND NOT EXISTS (
         SELECT FROM payout_line line WHERE line.run_payout_id = $${scope.length + 1} AND line.entitlement_id = e.id) OFFSET 0) e
     WHERE ${isUnpaid}`,
    [...scope, id],
  );
}
