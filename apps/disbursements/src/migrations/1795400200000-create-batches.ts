import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches, their lists, what the check found, and who decided. */
export class CreateBatches1795400200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
INSERT INTO state_edge (machine, from_state, to_state) VALUES
  ('batch', 'draft', 'checking'), ('batch', 'draft', 'cancelled'),
  ('batch', 'checking', 'checked'),
  ('batch', 'checked', 'checking'), ('batch', 'checked', 'submitted'), ('batch', 'checked', 'cancelled'),
  ('batch', 'submitted', 'approved'), ('batch', 'submitted', 'rejected'), ('batch', 'submitted', 'cancelled'),
  ('batch', 'rejected', 'checking'), ('batch', 'rejected', 'cancelled'),
  ('batch', 'approved', 'transmitting'), ('batch', 'approved', 'cancelled'),
  ('batch', 'transmitting', 'paused'), ('batch', 'transmitting', 'transmitted'),
  ('batch', 'paused', 'transmitting'),
  ('batch', 'transmitted', 'reconciled'),
  ('batch', 'reconciled', 'closed');

CREATE TABLE batch (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT batch_number UNIQUE,
  fund_id uuid NOT NULL CONSTRAINT batch_fund REFERENCES fund,
  programme_code text NOT NULL CONSTRAINT batch_programme REFERENCES programme,
  purpose text NOT NULL,
  period text NOT NULL,
  channel text NOT NULL,
  office_code text NOT NULL,
  state text NOT NULL DEFAULT 'draft',
  -- Counts the imports: waivers hold for the list they were given for, not for the next one.
  import_number int NOT NULL DEFAULT 0,
  on_blocking text NOT NULL DEFAULT 'stop' CONSTRAINT batch_on_blocking CHECK (on_blocking IN ('stop', 'setAside')),
  rows int NOT NULL DEFAULT 0,
  set_aside int NOT NULL DEFAULT 0,
  kept_amount bigint NOT NULL DEFAULT 0,
  digest text,
  submission_number int NOT NULL DEFAULT 0,
  required_approvals int NOT NULL DEFAULT 0,
  created_by text NOT NULL,
  -- Everybody who had a hand in it (created, imported, waived, submitted): none of them may approve it.
  makers text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  submitted_by text,
  submitted_at timestamptz,
  approved_at timestamptz,
  CONSTRAINT batch_set_aside CHECK (0 <= set_aside AND set_aside <= rows)
);
CREATE INDEX batch_office ON batch (office_code, number);
CREATE TRIGGER batch_state BEFORE INSERT OR UPDATE OF state ON batch
  FOR EACH ROW EXECUTE FUNCTION guard_state('batch', 'draft');

-- One row a line of the list. No citizen number and no account: those are in sealed_block, here are their keyed hashes.
-- No foreign key: it would cost a trigger a row; the guard below reads the batch once a statement.
CREATE TABLE payment_line (
  batch_number bigint NOT NULL,
  row_no int NOT NULL,
  payee_key uuid,
  account_key uuid,
  obligation_key uuid,
  amount bigint,
  payee_name text,
  name_key text,
  bank_bin text,
  programme_code text,
  policy_code text,
  period text,
  place_code text,
  ordinal int,
  remittance text,
  set_aside boolean NOT NULL DEFAULT false,
  PRIMARY KEY (batch_number, row_no)
);

-- Citizen numbers and accounts of 500 lines under one AES-256-GCM seal: one by one would cost ten seconds a batch.
CREATE TABLE sealed_block (
  batch_number bigint NOT NULL,
  block_no int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (batch_number, block_no)
);
ALTER TABLE sealed_block ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- For comparing a name with the upper-case form without marks that banks and older lists use.
CREATE FUNCTION plain_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(normalize(replace(name, 'Đ', 'D'), NFD), '[\u0300-\u036f]', '', 'g')
$$;

-- A list may change only while nobody has been asked to sign it.
CREATE FUNCTION guard_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT batch_number FROM changed) touched
    LEFT JOIN batch ON batch.number = touched.batch_number
    WHERE batch.number IS NULL OR batch.state NOT IN ('draft', 'checking', 'checked', 'rejected')
  ) THEN
    RAISE EXCEPTION 'the list of a submitted batch is frozen: % on % refused', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'list_frozen';
  END IF;
  RETURN NULL;
END $$;`);
    for (const table of ['payment_line', 'sealed_block']) {
      await runner.query(`
CREATE TRIGGER ${table}_insert AFTER INSERT ON ${table}
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_list();
CREATE TRIGGER ${table}_update AFTER UPDATE ON ${table}
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_list();
CREATE TRIGGER ${table}_update_into AFTER UPDATE ON ${table}
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_list();
CREATE TRIGGER ${table}_delete AFTER DELETE ON ${table}
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_list();
CREATE TRIGGER ${table}_truncate BEFORE TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    }
    await runner.query(`
CREATE TABLE waiver (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  batch_number bigint NOT NULL REFERENCES batch (number),
  import_number int NOT NULL,
  code text NOT NULL,
  -- Rows that it holds for; null: every row of the code.
  rows int[],
  reason text NOT NULL CHECK (reason <> ''),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TRIGGER waiver_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON waiver
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- row_no 0 stands for the whole list. Written anew by each check.
CREATE TABLE finding (
  batch_number bigint NOT NULL,
  row_no int NOT NULL,
  code text NOT NULL,
  column_name text NOT NULL DEFAULT '',
  severity text NOT NULL CHECK (severity IN ('block', 'warn')),
  facts jsonb NOT NULL DEFAULT '{}',
  waiver_id bigint REFERENCES waiver,
  PRIMARY KEY (batch_number, row_no, code, column_name)
);
CREATE INDEX finding_code ON finding (batch_number, code, row_no);

-- Each checker decides once on each submission.
CREATE TABLE decision (
  batch_number bigint NOT NULL REFERENCES batch (number),
  submission_number int NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('approved', 'rejected')),
  digest text NOT NULL,
  reason text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT decision_once PRIMARY KEY (batch_number, submission_number, actor_id)
);
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Maker and checker are never one person, whatever the service believes.
CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verdict = 'approved' AND EXISTS (
    SELECT FROM batch WHERE number = NEW.batch_number AND NEW.actor_id = ANY(makers)
  ) THEN
    RAISE EXCEPTION 'the maker of a batch may not approve it'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'maker_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_maker BEFORE INSERT ON decision
  FOR EACH ROW EXECUTE FUNCTION refuse_own_approval();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TABLE decision, finding, waiver, sealed_block, payment_line, batch;
DROP FUNCTION refuse_own_approval(), guard_list(), plain_name(text);
DELETE FROM state_edge WHERE machine = 'batch';`);
  }
}
