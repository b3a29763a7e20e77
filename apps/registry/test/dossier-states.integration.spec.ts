import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canGo, sqlState, unreachableStates, violatedConstraint } from '@ansinh/database';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../src/data-source.js';
import { dossierStates, dossierTransitions, openStates } from '../src/dossier/dossier.states.js';
import { freshDatabase } from './harness.js';

let owner: DataSource;
beforeAll(async () => {
  const { url } = await freshDatabase();
  owner = await new DataSource(dataSourceOptions(url)).initialize();
});
afterAll(() => owner.destroy());

/** A dossier in a state, put there past every trigger. */
async function plant(state: string): Promise<string> {
  const id = randomUUID();
  await owner.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    const outcome = ['decided', 'returned'].includes(state) ? 'granted' : null;
    await tx.query(
      `INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code, applicant_name,
         state, outcome, presented_at) VALUES ($1, $2, 'SP-MONTHLY', '2021-07-01', '256', '256', '09169', 'A', $3, $4, now())`,
      [id, id, state, outcome],
    );
    await tx.query(
      `INSERT INTO dossier_move (dossier_id, number, kind, at, holder_code, actor_id, actor_name)
       VALUES ($1, 1, 'presented', now(), '256', 'a', 'a')`,
      [id],
    );
  });
  return id;
}

/** Goes past the service; what refuses it, or null. */
async function refusalOf(sql: string, parameters: unknown[]): Promise<string | null> {
  try {
    await owner.query(sql, parameters);
    return null;
  } catch (error) {
    return violatedConstraint(error) ?? sqlState(error) ?? String(error);
  }
}

const insertMove = `INSERT INTO dossier_move (dossier_id, number, kind, at, holder_code, actor_id, actor_name)
  VALUES ($1, $2, $3, now(), '256', 'a', 'a')`;

describe('the states of a dossier', () => {
  test('every state is reached, and the database has the same edges', async () => {
    expect(unreachableStates(dossierTransitions, 'presented')).toEqual([]);
    const edges = (await owner.query(
      `SELECT from_state || ' ' || to_state AS edge FROM state_edge WHERE machine = 'dossier' ORDER BY 1`,
    )) as { edge: string }[];
    const table = dossierStates.flatMap((from) => dossierTransitions[from].map((to) => `${from} ${to}`));
    expect(edges.map(({ edge }) => edge)).toEqual(table.sort());
  });

  test.each(dossierStates)('from %s only where the table says', async (from) => {
    for (const to of [...dossierStates, 'invented'].filter((state) => state !== from)) {
      const id = await plant(from);
      const outcome = ['decided', 'returned'].includes(to) ? 'granted' : null;
      const isAllowed = to !== 'invented' && canGo(dossierTransitions, from, to as never);
      await owner.query(insertMove, [id, 2, 'held']);
      const refusal = await refusalOf(
        'UPDATE dossier SET state = $2, outcome = $3, moves = 2 WHERE id = $1',
        [id, to, outcome],
      );
      expect({ from, to, refusal }).toEqual({ from, to, refusal: isAllowed ? null : 'state_edge' });
    }
  });

  test('it begins as presented, and the predicate of the index knows every open state', async () => {
    const insert = `INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code,
      applicant_name, state, presented_at) VALUES ($1, 'x', 'SP-MONTHLY', '2021-07-01', '256', '256', '09169', 'A', $2, now())`;
    expect(await refusalOf(insert, [randomUUID(), 'received'])).toBe('state_edge');
    const [index] = (await owner.query(`SELECT pg_get_indexdef('dossier_open'::regclass) AS definition`)) as {
      definition: string;
    }[];
    const named = index!.definition
      .split(' WHERE ')[1]!
      .match(/'(\w+)'/g)!
      .map((state) => state.slice(1, -1));
    expect(named.sort()).toEqual([...openStates].sort());
  });
});

describe('no change without its move', () => {
  test.each([
    ['a change that counts no move', `UPDATE dossier SET assignee = 'B' WHERE id = $1`],
    ['one that counts two', `UPDATE dossier SET moves = 3 WHERE id = $1`],
    ['one whose move is not there', `UPDATE dossier SET moves = 2, assignee = 'B' WHERE id = $1`],
    ['another code', `UPDATE dossier SET moves = 2, code = 'other' WHERE id = $1`],
    ['another desk', `UPDATE dossier SET moves = 2, office_code = '261' WHERE id = $1`],
  ])('refuses %s', async (_, sql) => {
    expect(await refusalOf(sql, [await plant('received')])).toBe('dossier_moved');
  });

  test('a dossier that has no move at all is not kept', async () => {
    const insert = `INSERT INTO dossier (id, code, procedure_code, procedure_from, office_code, holder_code, place_code,
      applicant_name, presented_at) VALUES ($1, 'y', 'SP-MONTHLY', '2021-07-01', '256', '256', '09169', 'A', now())`;
    expect(await refusalOf(insert, [randomUUID()])).toBe('dossier_moved');
  });

  test.each([
    'DELETE FROM dossier WHERE id = $1',
    'DELETE FROM dossier_move WHERE dossier_id = $1',
    `UPDATE dossier_move SET note = 'x' WHERE dossier_id = $1`,
  ])('refuses %s', async (sql) => expect(await refusalOf(sql, [await plant('received')])).toBe('23000'));

  test('a second apology, and one that promises no day', async () => {
    const id = await plant('processing');
    const apologise = `INSERT INTO dossier_move (dossier_id, number, kind, at, holder_code, actor_id, actor_name, promised_on)
      VALUES ($1, $2, 'apologised', now(), '256', 'a', 'a', $3)`;
    expect(await refusalOf(apologise, [id, 2, null])).toBe('dossier_move_promise');
    await owner.query(apologise, [id, 2, '2026-03-02']);
    expect(await refusalOf(apologise, [id, 3, '2026-03-03'])).toBe('dossier_move_one_apology');
  });

  test('a second request to supplement at one step', async () => {
    const id = await plant('processing');
    await owner.query(insertMove, [id, 2, 'supplementAsked']);
    expect(await refusalOf(insertMove, [id, 3, 'supplementAsked'])).toBe('dossier_move_one_request');
  });
});
