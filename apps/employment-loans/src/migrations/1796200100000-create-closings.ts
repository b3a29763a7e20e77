import type { MigrationInterface, QueryRunner } from 'typeorm';
import { open, unprotect } from '@ansinh/database';

/** Ends of days: on which day a loan has to be looked at next, and what was done on it. */
export class CreateClosings1796200100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A loan that was there before wakes at the first closing; one whose money is not out has no day.
ALTER TABLE loan_book
  ADD wakes_on date DEFAULT '0001-01-01',
  -- How many entries its book has until booked_through. Null: not counted yet.
  ADD entries int,
  -- What is past due has been so since then, days of a freeze left out. Null: nothing is, or its days do not count now.
  ADD past_due_from date,
  ADD debt_group text;
ALTER TABLE loan_book ALTER COLUMN wakes_on DROP DEFAULT;
CREATE INDEX loan_book_wakes ON loan_book (wakes_on, loan_id) WHERE wakes_on IS NOT NULL;
CREATE INDEX loan_book_past_due ON loan_book (past_due_from, loan_id) WHERE past_due_from IS NOT NULL;

-- Closing only goes on: no day of a loan is closed a second time.
CREATE FUNCTION guard_loan_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.booked_through < OLD.booked_through OR NEW.events < OLD.events THEN
    RAISE EXCEPTION 'the book of a loan does not go back'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'loan_book_forward';
  END IF;
  -- While a release is rolled out, a service of before records events and knows nothing of these columns: counted anew, looked at soon.
  IF NEW.events > OLD.events AND NEW.entries IS NOT DISTINCT FROM OLD.entries THEN
    NEW.entries := NULL;
    NEW.wakes_on := NEW.booked_through + 1;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER loan_book_forward BEFORE UPDATE ON loan_book FOR EACH ROW EXECUTE FUNCTION guard_loan_book();

CREATE TABLE loan_closing (
  day date PRIMARY KEY,
  state text NOT NULL DEFAULT 'closing',
  -- That had to be looked at when it began.
  loans int NOT NULL CHECK (loans >= 0),
  chunks int NOT NULL DEFAULT 0,
  done int NOT NULL DEFAULT 0,
  entries int NOT NULL DEFAULT 0,
  moves int NOT NULL DEFAULT 0,
  office_code text NOT NULL,
  started_by text NOT NULL,
  started_by_name text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  closed_at timestamptz,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
INSERT INTO state_edge (machine, from_state, to_state) VALUES ('loanClosing', 'closing', 'closed');
CREATE TRIGGER loan_closing_state BEFORE INSERT OR UPDATE OF state ON loan_closing
  FOR EACH ROW EXECUTE FUNCTION guard_state('loanClosing', 'closing');
CREATE TRIGGER loan_closing_kept BEFORE DELETE OR TRUNCATE ON loan_closing
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was done in one transaction.
CREATE TABLE loan_closing_chunk (
  day date NOT NULL REFERENCES loan_closing,
  number int NOT NULL,
  loans int NOT NULL CHECK (loans > 0),
  entries int NOT NULL,
  moves int NOT NULL,
  -- Over each loan, how many entries it got and what state it has.
  digest text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (day, number)
);
CREATE TRIGGER loan_closing_chunk_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_closing_chunk
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    await runner.query(
      open('loan_closing', 'a day of the whole service names nobody', {
        office: 'SELECT, INSERT',
        system: 'SELECT, INSERT, UPDATE',
      }),
    );
    await runner.query(
      open('loan_closing_chunk', 'counts and a digest name nobody', {
        office: 'SELECT',
        system: 'SELECT, INSERT',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['loan_closing', 'loan_closing_chunk']) await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE loan_closing_chunk, loan_closing;
DELETE FROM state_edge WHERE machine = 'loanClosing';
DROP TRIGGER loan_book_forward ON loan_book;
DROP FUNCTION guard_loan_book();
ALTER TABLE loan_book DROP wakes_on, DROP entries, DROP past_due_from, DROP debt_group;`);
  }
}
