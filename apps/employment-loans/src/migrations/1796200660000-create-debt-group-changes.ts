import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

/** What the portfolio as of a past day is made of: what has changed since. */
export class CreateDebtGroupChanges1796200660000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A loan moves from one group of debt to another on a day: the same rows, whether each day was closed or many at once.
CREATE TABLE debt_group_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  loan_id uuid NOT NULL REFERENCES loan,
  changed_on date NOT NULL,
  was text NOT NULL,
  becomes text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (was <> becomes)
);
CREATE INDEX debt_group_change_since ON debt_group_change (changed_on);
CREATE TRIGGER debt_group_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON debt_group_change
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Entries are written nearly in the order of their days: blocks of them are passed by, and writing one costs nothing more.
CREATE INDEX book_transaction_counts_on ON book_transaction USING brin (counts_on) WITH (pages_per_range = 16);`);
    await runner.query(protect('debt_group_change', of('loan', 'id', 'loan_id')));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(unprotect('debt_group_change'));
    await runner.query('DROP INDEX book_transaction_counts_on; DROP TABLE debt_group_change');
  }
}
