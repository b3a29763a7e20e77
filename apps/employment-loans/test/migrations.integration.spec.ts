import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migrateQueues, queueSchema } from '@ansinh/queue';
import { createOwnedDatabase, type OwnedDatabase } from '@ansinh/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { freshDatabase } from './harness.js';
import { plantRows } from './planted-rows.js';

let owned: OwnedDatabase;
let above: DataSource;
let migrations: DataSource;
beforeAll(async () => {
  owned = await createOwnedDatabase({
    service: 'employment-loans-owned',
    fresh: freshDatabase,
    optionsOf: dataSourceOptions,
    migrateFirst: migrateQueues,
    schemas: [queueSchema],
  });
  ({ above, migrations } = owned);
});
afterAll(() => owned.stop());

async function plant(): Promise<void> {
  await plantRows(above, '09169', 1);
  await above.transaction(async (tx) => {
    await tx.query(`
      SET LOCAL session_replication_role = replica;
      UPDATE loan SET is_priority = NULL;
      UPDATE job_finding SET outcome = 'undecided', unconfirmed = '{LJ-NOT-INSURED}';
      INSERT INTO job_finding (loan_id, move, person_id, outcome, found_on, answered_at, unconfirmed, judged)
        SELECT loan_id, move, person_id, 'notInsured', found_on, answered_at, '{}', 2 FROM job_finding;
      UPDATE bank_exception SET state = 'resolved', resolved_at = now(), resolution = 'agrees', agreed_on = '2022-01-31'`);
  });
}

const row = async (sql: string) => (await above.query<object[]>(sql))[0];

test('the last migrations are taken back and made again by a plain owner, over rows', async () => {
  await plant();
  const told = await row('SELECT is_priority FROM loan');
  expect(told).toEqual({ is_priority: null });

  await migrations.undoLastMigration();
  expect(await row('SELECT count(*)::int AS findings FROM job_finding')).toEqual({ findings: 1 });
  await migrations.undoLastMigration();
  expect(
    await row(
      'SELECT resolution, note, to_jsonb(bank_exception) ? $$agreed_on$$ AS kept FROM bank_exception',
    ),
  ).toEqual({
    resolution: 'agrees',
    note: 'Số dư ngày 2022-01-31 đã khớp.',
    kept: false,
  });
  await migrations.undoLastMigration();
  expect(await row('SELECT outcome FROM job_finding')).toEqual({ outcome: 'notInsured' });
  await migrations.undoLastMigration();
  expect(await row('SELECT is_priority FROM loan')).toEqual({ is_priority: false });

  const made = await migrations.runMigrations();
  expect(made.map(({ name }) => name)).toEqual([
    'KeepLawFacts1796200712000',
    'LeaveJobsUndecided1796200820000',
    'KeepTheDayThatAgrees1796200821000',
    'JudgeJobsAgain1796200830000',
  ]);
  expect(await row('SELECT law_facts FROM loan')).toEqual({ law_facts: [] });
  expect(await row('SELECT unconfirmed FROM job_finding')).toEqual({ unconfirmed: [] });
  // Rows are kept from everybody again.
  await expect(migrations.query('UPDATE job_finding SET outcome = outcome')).rejects.toThrow();
});

test('every migration is taken back by a plain owner, over rows', async () => {
  for (let left = migrations.migrations.length; left > 0; left -= 1) await migrations.undoLastMigration();
  expect(await row(`SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`)).toEqual({
    tables: 1,
  });
});
