import { asSystem, type Transaction } from '@ansinh/database';
import { ProblemError } from '@ansinh/problem';
import type { Actor } from '@ansinh/auth';
import { rowPlaceSql } from '../list/copy-list.js';
import { beneficiaryProblems } from './beneficiary.problems.js';
import { beginToState } from './stating.js';

interface ListToEnter {
  id: string;
  programme: string;
  /** First day of the month from which everything that it states is so. */
  appliesFrom: string;
  placeCode: string;
  office: string;
  /** Who sent it, for the basis of each statement. */
  sender: string;
}

const elsewhereMax = 100;

/**
 * Enters the rows of a list that was taken into the register, by three statements: who is not in it yet comes in with the seal of
 * his row, and of everybody what the list states is recorded. Nobody is moved by a list: another commune's people refuse it.
 * Lock order: what is stated, entering lists, beneficiaries. Two lists of one programme enter one after the other: they may name the
 * same people in any order, and would wait for each other.
 * @returns how many came in
 * @throws ProblemError BENEFICIARY_ELSEWHERE
 */
export async function enterList(tx: Transaction, list: ListToEnter, actor: Actor): Promise<number> {
  const { id, programme, appliesFrom, placeCode, office, sender } = list;
  await beginToState(tx, programme);
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`entering ${programme}`]);
  // Whether somebody is in the register of another office is not for this one to see; that he is, it has to be told.
  return asSystem(tx, async () => {
    const [entered] = (await tx.query(
      `WITH entered AS (
         INSERT INTO beneficiary (id, programme, person_key, name, sealed, sealed_for, bank_bin, place_code, office_code, list_id,
           first_month, created_by, created_by_name)
         SELECT uuidv7(), $2, person_key, name, sealed, ${rowPlaceSql('list_id', 'row_no')}, bank_bin, $3, $4, list_id, $5, $6, $7
         FROM list_row WHERE list_id = $1 AND NOT is_blocked ORDER BY row_no
         ON CONFLICT (programme, person_key) DO NOTHING RETURNING 1)
       SELECT count(*)::int AS people FROM entered`,
      [id, programme, placeCode, office, appliesFrom, actor.id, actor.name],
    )) as [{ people: number }];
    // Only now: whom another office was entering at the same time is in the register by now.
    await requireNobodyElsewhere(tx, list);
    // In the order in which the registry's follower notes beneficiaries, for an end that is stated notes them too.
    await tx.query(
      `INSERT INTO beneficiary_statement (id, beneficiary_id, applies_from, facts, basis, recorded_by, recorded_by_name)
       SELECT uuidv7(), b.id, $3, r.facts, $4, $5, $6 FROM list_row r
       JOIN beneficiary b ON b.programme = $2 AND b.person_key = r.person_key
       WHERE r.list_id = $1 AND NOT r.is_blocked ORDER BY b.id`,
      [id, programme, appliesFrom, sender, actor.id, actor.name],
    );
    await tx.query(
      `UPDATE beneficiary b SET first_month = $3 FROM list_row r
       WHERE r.list_id = $1 AND NOT r.is_blocked AND b.programme = $2 AND b.person_key = r.person_key AND b.first_month > $3`,
      [id, programme, appliesFrom],
    );
    await tx.query('ANALYZE beneficiary, beneficiary_statement');
    return entered.people;
  });
}

async function requireNobodyElsewhere(
  tx: Transaction,
  { id, programme, office }: ListToEnter,
): Promise<void> {
  const elsewhere = (await tx.query(
    `SELECT r.row_no AS row FROM list_row r
     JOIN beneficiary b ON b.programme = $2 AND b.person_key = r.person_key AND b.office_code <> $3
     WHERE r.list_id = $1 AND NOT r.is_blocked ORDER BY r.row_no LIMIT $4`,
    [id, programme, office, elsewhereMax],
  )) as { row: number }[];
  if (elsewhere.length === 0) return;
  const { code, title } = beneficiaryProblems.elsewhere;
  const errors = elsewhere.map(({ row }) => ({
    pointer: `/rows/${row}/citizenNumber`,
    code,
    detail: title,
  }));
  throw new ProblemError(beneficiaryProblems.elsewhere, { errors });
}
