import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOwnedDatabase, type OwnedDatabase } from '@ansinh/testing';
import { dataSourceOptions } from '../src/data-source.js';
import { freshDatabase } from './harness.js';
import { plantRows } from './planted-rows.js';

let owned: OwnedDatabase;
beforeAll(async () => {
  owned = await createOwnedDatabase({
    service: 'registry-owned',
    fresh: freshDatabase,
    optionsOf: dataSourceOptions,
  });
});
afterAll(() => owned.stop());

test('the last migrations are taken back and made again by a plain owner, over a list that is half entered', async () => {
  const { above, migrations } = owned;
  await plantRows(above, '09169', 1);
  await above.query(`
    UPDATE registry_import SET rows = 20000, taken_up = 10000, counted_findings = '[]';
    UPDATE import_row SET row_no = 10001, name_key = 'A B', plain_name = 'a b', initials = 'ab';
    UPDATE import_chunk SET first_row = 10001, last_row = 20000`);

  for (let left = 3; left > 0; left -= 1) await migrations.undoLastMigration();
  const listOfBefore = 'SELECT applied, counted_findings FROM registry_import';
  expect(await above.query(listOfBefore)).toEqual([{ applied: 10_000, counted_findings: null }]);

  expect(await migrations.runMigrations()).toHaveLength(3);
  expect(await above.query('SELECT first_row, last_row FROM import_chunk')).toEqual([
    { first_row: 10_001, last_row: 20_000 },
  ]);
  expect(await above.query(`SELECT plain FROM name_form WHERE name_key = 'A B'`)).toEqual([{ plain: 'a b' }]);

  await above.query('UPDATE registry_import SET taken_up = 9000');
  for (let left = 2; left > 0; left -= 1) await migrations.undoLastMigration();
  await expect(migrations.undoLastMigration()).rejects.toThrow('enter the rest of it first');
});
