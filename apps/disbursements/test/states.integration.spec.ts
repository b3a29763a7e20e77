import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { canGo, unreachableStates, violatedConstraint } from '@ansinh/database';
import { type Harness, openFund, startHarness } from './harness.js';
import { machines, type Plot, wayTo } from './state-machines.js';

let harness: Harness;
let runner: QueryRunner;
let plot: Plot;

/** Everything here is planted by SQL alone, in one transaction that is never committed. */
beforeAll(async () => {
  harness = await startHarness();
  const fundId = await openFund(harness);
  runner = harness.dataSource.createQueryRunner();
  plot = { query: (sql, parameters) => runner.query(sql, parameters), fundId };
  await runner.startTransaction();
});
afterAll(async () => {
  await runner.rollbackTransaction();
  await runner.release();
  await harness.stop();
});

/** Runs SQL that may be refused; the constraint that refused it, or null. */
async function refusalOf(work: () => Promise<unknown>): Promise<string | null> {
  await runner.query('SAVEPOINT attempt');
  try {
    await work();
    return null;
  } catch (error) {
    return violatedConstraint(error) ?? String(error);
  } finally {
    await runner.query('ROLLBACK TO attempt');
  }
}

describe.each(machines)('$name', (machine) => {
  const { name, table, initial, transitions, plant } = machine;
  const states = Object.keys(transitions);

  test('the table of the code is the table of the database', async () => {
    const rows = (await runner.query(
      `SELECT from_state || ' → ' || to_state AS edge FROM state_edge WHERE machine = $1 ORDER BY 1`,
      [name],
    )) as { edge: string }[];
    const inCode = states.flatMap((from) => transitions[from]!.map((to) => `${from} → ${to}`));
    expect(rows.map(({ edge }) => edge).sort()).toEqual(inCode.sort());
  });

  test('every state can be reached', () => {
    expect(unreachableStates(transitions, initial)).toEqual([]);
  });

  test.each(states)('a row that begins as %s', async (state) => {
    const refusal = await refusalOf(() => plant(plot, state));
    expect(refusal).toBe(state === initial ? null : 'state_edge');
  });

  test.each(states)('from %s every edge is accepted and nothing else', async (from) => {
    const row = await plant(plot, initial);
    for (const state of wayTo(machine, from)) {
      await runner.query(`UPDATE ${table} SET state = $1 WHERE ${row}`, [state]);
    }
    for (const to of [...states, 'invented'].filter((state) => state !== from)) {
      const refusal = await refusalOf(() =>
        runner.query(`UPDATE ${table} SET state = $1 WHERE ${row}`, [to]),
      );
      expect({ to, refusal }).toEqual({ to, refusal: canGo(transitions, from, to) ? null : 'state_edge' });
    }
  });
});
