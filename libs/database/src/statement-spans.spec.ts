import { expect, test } from '@jest/globals';
import { withoutLiterals } from './statement-spans.js';

test.each([
  ["SELECT name FROM payee\n  WHERE id = '000000000012'", 'SELECT name FROM payee WHERE id = ?'],
  ["SELECT 'it''s 1' , 2, 3.5 FROM t1 WHERE a = $1 LIMIT 10", 'SELECT ? , ?, ? FROM t1 WHERE a = $1 LIMIT ?'],
  ['DO $do$ BEGIN PERFORM 1; END $do$', 'DO ?'],
  ['INSERT INTO t VALUES ($1, $2)', 'INSERT INTO t VALUES ($1, $2)'],
])('%s', (sql, told) => {
  expect(withoutLiterals(sql)).toBe(told);
});

test('a long statement is cut', () => {
  expect(withoutLiterals(`SELECT ${'a, '.repeat(1_000)}`)).toHaveLength(300);
});
