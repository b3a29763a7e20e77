import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canGo } from '@ansinh/database';
import { describeWith } from '@ansinh/testing';
import { type Harness, openFund, startHarness } from './harness.js';
import { type Machine, machines, wayTo } from './state-machines.js';

/** The program that an operator with a password would use; the embedded server brings none. */
const psql = {
  absent: spawnSync('psql', ['--version']).status === 0 ? undefined : 'no psql on the PATH',
};

describeWith(psql, 'psql', () => {
  let harness: Harness;
  let fundId: string;
  beforeAll(async () => {
    harness = await startHarness();
    fundId = await openFund(harness);
  });
  afterAll(() => harness.stop());

  /** @returns what psql complained of, statement by statement */
  function run(statements: string[]): string[] {
    const { stderr, status } = spawnSync('psql', ['--no-psqlrc', '--quiet', harness.database.url], {
      input: statements.map((sql) => `${sql};`).join('\n'),
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    return stderr.split('\n').filter((line) => line.includes('ERROR:'));
  }

  const query = (sql: string, parameters?: unknown[]) => harness.dataSource.query(sql, parameters);

  async function rowIn(machine: Machine, state: string): Promise<string> {
    const row = await machine.plant({ query, fundId }, machine.initial);
    for (const next of wayTo(machine, state))
      await query(`UPDATE ${machine.table} SET state = $1 WHERE ${row}`, [next]);
    return row;
  }

  // One state after the other: of some machines only one row may be under way.
  test.each(machines)('changes no state of $name that the table does not have', async (machine) => {
    const { table, transitions } = machine;
    const states = Object.keys(transitions);
    for (const from of states) {
      const row = await rowIn(machine, from);
      const statements = [...states, 'invented']
        .filter((to) => to !== from && !canGo(transitions, from, to))
        .map((to) => `UPDATE ${table} SET state = '${to}' WHERE ${row}`);
      expect(run(statements)).toHaveLength(statements.length);
      expect(await query(`SELECT state FROM ${table} WHERE ${row}`)).toEqual([{ state: from }]);
    }
  });

  test.each([
    'batch',
    'chunk',
    'payment',
    'payment_outcome',
    'payment_exception',
    'decision',
    'statement',
    'ledger_transaction',
    'ledger_posting',
    'audit_event',
  ])('deletes nothing of %s', (table) => {
    expect(run([`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`])).toHaveLength(2);
  });
});
