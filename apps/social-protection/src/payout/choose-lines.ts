import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import { rowPlaceSql } from '../list/copy-list.js';
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

const owedColumns = 'e.id, e.amount, e.deducted, e.period, e.choice, e.ordinal';

/**
 * What is owed by some runs and neither paid nor on its way: everything of those that were on no list yet, and of the others what
 * was noted as unpaid (`unpaid_entitlement`). Months that are paid are not looked at, however many there are.
 * @param runs condition on `run`
 */
const owedBy = (runs: string) => `
SELECT ${owedColumns} FROM support_run run JOIN entitlement e ON e.run_id = run.id
WHERE ${runs} AND NOT run.is_listed AND NOT e.is_released AND ${isUnpaidYet}
UNION ALL
SELECT ${owedColumns} FROM support_run run JOIN unpaid_entitlement left_over ON left_over.run_id = run.id
JOIN entitlement e ON e.id = left_over.entitlement_id
WHERE ${runs} AND run.is_listed AND NOT e.is_released
  AND ${isUnpaid}`;

/** $1: the run. */
const runOfLists = 'run.id = $1';
/** $1, $2, $3: programme, office, month. */
const runsOfMonths = `run.programme = $1 AND run.office_code = $2 AND run.month <= $3 AND run.state = 'approved'`;

/** A line of the list, as it is made to go out. */
export interface ChosenLine {
  amount: string;
  period: string;
  choice: string;
  ordinal: number;
  name: string;
  sealed: Buffer;
  sealedFor: string;
  bankBin: string | null;
  placeCode: string;
}

const ofOwed =
  'row_number() OVER (ORDER BY owed.id), owed.id, owed.amount - owed.deducted, owed.period, owed.choice, owed.ordinal';

/** $4: those without an account, or those with one. Of a month also what is unpaid of the months before. */
export const linesOfMonth = `
SELECT ${ofOwed}, b.name, b.sealed, b.sealed_for, b.bank_bin, b.place_code FROM (${owedBy(runsOfMonths)}) owed
JOIN decision d ON d.id = owed.id JOIN beneficiary b ON b.id = d.beneficiary_id
WHERE (b.bank_bin IS NULL) = $4 AND (owed.deducted = 0 OR ${isNotLowered('owed')})`;

const linesOfLists = `
SELECT ${ofOwed}, coalesce(r.payee_name, r.name), r.sealed, ${rowPlaceSql('r.list_id', 'r.row_no')}, r.bank_bin, l.place_code
FROM (${owedBy(runOfLists)}) owed JOIN decision d ON d.id = owed.id
JOIN list_row r ON r.list_id = d.list_id AND r.row_no = d.row_no JOIN support_list l ON l.id = r.list_id`;

/** Lines in the order of their rows. */
export const chosenLines = `
SELECT amount::text AS amount, period, choice, ordinal, name, sealed, sealed_for AS "sealedFor", bank_bin AS "bankBin",
  place_code AS "placeCode" FROM chosen_line ORDER BY row_no`;

/**
 * Puts what is owed on a list of the run, line by line, in one order. Who is paid, and where, is looked up with it, and stands in
 * `chosen_line` until the transaction ends.
 * @returns the way of the list
 * @throws ProblemError SUPPORT_PAYOUT_EMPTY
 */
export async function chooseLines(tx: Transaction, run: RunToPay, isInCash: boolean): Promise<string> {
  const id = uuidv7();
  await tx.query('INSERT INTO run_payout (id, run_id) VALUES ($1, $2)', [id, run.id]);
  const [runs, scope] =
    run.month === null ? [runOfLists, [run.id]] : [runsOfMonths, [run.programme, run.office, run.month]];
  if (run.month !== null) await replaceLowered(tx, `SELECT id FROM (${owedBy(runs)}) owed`, scope);
  // What rows are found by: sampling sealed numbers and facts takes longer, and nobody asks for them.
  else await tx.query('ANALYZE support_list (id), list_row (list_id, row_no)');
  await tx.query(`CREATE TEMPORARY TABLE chosen_line (row_no int PRIMARY KEY, entitlement_id uuid, amount bigint, period text, choice text,
    ordinal smallint, name text, sealed bytea, sealed_for text, bank_bin text, place_code text) ON COMMIT DROP`);
  const [lines, parameters] =
    run.month === null ? [linesOfLists, scope] : [linesOfMonth, [...scope, isInCash]];
  await tx.query(`INSERT INTO chosen_line ${lines}`, parameters);
  await tx.query(
    'INSERT INTO payout_line (run_payout_id, row_no, entitlement_id) SELECT $1, row_no, entitlement_id FROM chosen_line ORDER BY row_no',
    [id],
  );
  const [chosen] = (await tx.query('SELECT EXISTS (SELECT FROM chosen_line) AS some')) as [{ some: boolean }];
  if (!chosen.some) throw new ProblemError(payoutProblems.nothing);
  await tx.query('ANALYZE payout_line');
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
