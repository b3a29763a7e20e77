import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';

/** What the bank tells of its book: files of repayments and of balances, and everything in them that is not as ours is. */
export class CreateBankFiles1796200600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE bank_file (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('repayments', 'balances')),
  -- Of a file of balances: the day at whose end they are.
  as_of date,
  office_code text NOT NULL,
  file_digest text NOT NULL,
  rows int NOT NULL DEFAULT 0,
  blocked int NOT NULL DEFAULT 0,
  -- By outcome, how many rows would have it: what a dry run tells.
  foreseen jsonb NOT NULL DEFAULT '[]',
  -- Rows that were taken up, and by outcome how many and how much.
  applied int NOT NULL DEFAULT 0,
  outcomes jsonb NOT NULL DEFAULT '[]',
  -- Of balances, by our book: principal of the loans that are named, and of those that owe and are not.
  our_principal bigint NOT NULL DEFAULT 0,
  missing int NOT NULL DEFAULT 0,
  missing_principal bigint NOT NULL DEFAULT 0,
  is_finished boolean NOT NULL DEFAULT false,
  created_by text NOT NULL,
  created_by_name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((kind = 'balances') = (as_of IS NOT NULL)),
  CHECK (applied BETWEEN 0 AND rows),
  -- The same file again is the same file.
  CONSTRAINT bank_file_once UNIQUE NULLS NOT DISTINCT (office_code, kind, file_digest, as_of)
);
CREATE TRIGGER bank_file_kept BEFORE DELETE OR TRUNCATE ON bank_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE bank_file_row (
  file_id uuid NOT NULL REFERENCES bank_file,
  row_no int NOT NULL CHECK (row_no > 0),
  -- As they came, for the workbook that goes back.
  cells jsonb NOT NULL,
  findings jsonb NOT NULL,
  is_blocked boolean NOT NULL,
  loan_code text,
  borrower_key text,
  amount bigint,
  principal bigint,
  overdue bigint,
  interest bigint,
  counts_on date,
  reference text,
  group_code text,
  -- What makes it one payment and no other one: its reference and, where a group hands in for many, the loan.
  payment_key text,
  -- What became of it when it was taken up.
  outcome text,
  loan_id uuid REFERENCES loan,
  PRIMARY KEY (file_id, row_no)
);
CREATE INDEX bank_file_row_payment ON bank_file_row (file_id, payment_key) WHERE payment_key IS NOT NULL;
CREATE INDEX bank_file_row_loan ON bank_file_row (file_id, loan_code) WHERE loan_code IS NOT NULL;
CREATE FUNCTION guard_bank_file_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome IS NOT NULL OR OLD.is_blocked OR NEW.outcome IS NULL
     OR to_jsonb(NEW) - 'outcome' - 'loan_id' IS DISTINCT FROM to_jsonb(OLD) - 'outcome' - 'loan_id' THEN
    RAISE EXCEPTION 'a row of a bank file is taken up once, and else never changed'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'bank_file_row_taken';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_file_row_taken BEFORE UPDATE ON bank_file_row FOR EACH ROW EXECUTE FUNCTION guard_bank_file_row();
CREATE TRIGGER bank_file_row_kept BEFORE DELETE OR TRUNCATE ON bank_file_row
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A payment that the bank named, and the event that it is in our book: once, whatever files name it.
CREATE TABLE bank_repayment (
  payment_key text PRIMARY KEY,
  loan_id uuid NOT NULL REFERENCES loan,
  event int NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  counts_on date NOT NULL,
  file_id uuid NOT NULL,
  row_no int NOT NULL,
  FOREIGN KEY (file_id, row_no) REFERENCES bank_file_row,
  FOREIGN KEY (loan_id, event) REFERENCES loan_event (loan_id, number)
);
CREATE TRIGGER bank_repayment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_repayment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE bank_exception (
  id uuid PRIMARY KEY,
  source text NOT NULL CHECK (source IN ('repayments', 'balances', 'disbursement')),
  code text NOT NULL,
  office_code text NOT NULL,
  file_id uuid,
  row_no int,
  disbursement_id uuid REFERENCES disbursement,
  -- As the bank has it; which of ours it is may be unknown.
  loan_code text NOT NULL,
  loan_id uuid REFERENCES loan,
  expected bigint,
  observed bigint,
  counts_on date NOT NULL,
  reference text NOT NULL,
  state text NOT NULL DEFAULT 'open',
  owner text,
  resolution text,
  note text,
  resolved_by text,
  resolved_at timestamptz,
  raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (file_id, row_no) REFERENCES bank_file_row,
  CHECK (CASE source WHEN 'disbursement' THEN disbursement_id IS NOT NULL ELSE file_id IS NOT NULL END),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
  -- A corrected file has what was right, and what was wrong, once more: it is one matter, raised once.
  CONSTRAINT bank_exception_once UNIQUE NULLS NOT DISTINCT
    (source, code, office_code, loan_code, reference, counts_on, observed, expected, disbursement_id)
);
CREATE INDEX bank_exception_by_state ON bank_exception (state, id);
CREATE INDEX bank_exception_file ON bank_exception (file_id) WHERE file_id IS NOT NULL;
INSERT INTO state_edge (machine, from_state, to_state) VALUES ('bankException', 'open', 'resolved');
CREATE TRIGGER bank_exception_state BEFORE INSERT OR UPDATE OF state ON bank_exception
  FOR EACH ROW EXECUTE FUNCTION guard_state('bankException', 'open');
CREATE FUNCTION guard_bank_exception() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  handled text[] := ARRAY['state', 'owner', 'resolution', 'note', 'resolved_by', 'resolved_at', 'loan_id'];
BEGIN
  IF OLD.state = 'resolved' OR to_jsonb(NEW) - handled IS DISTINCT FROM to_jsonb(OLD) - handled THEN
    RAISE EXCEPTION 'what the bank told stands; an exception is resolved once'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'bank_exception_told';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_exception_told BEFORE UPDATE ON bank_exception
  FOR EACH ROW EXECUTE FUNCTION guard_bank_exception();
CREATE TRIGGER bank_exception_kept BEFORE DELETE OR TRUNCATE ON bank_exception
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    await runner.query(protect('bank_file', ofOffice('office_code')));
    await runner.query(protect('bank_file_row', of('bank_file', 'id', 'file_id')));
    // The planner must know of the rows that have just come; the service is not their owner.
    await runner.query('GRANT MAINTAIN ON bank_file_row TO ansinh_system');
    await runner.query(protect('bank_repayment', of('loan', 'id', 'loan_id')));
    await runner.query(protect('bank_exception', ofOffice('office_code')));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['bank_file', 'bank_file_row', 'bank_repayment', 'bank_exception'])
      await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE bank_exception, bank_repayment, bank_file_row, bank_file;
DROP FUNCTION guard_bank_exception(), guard_bank_file_row();
DELETE FROM state_edge WHERE machine = 'bankException';`);
  }
}
