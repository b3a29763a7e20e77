import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lines that came back and are paid again by another batch, line by line. */
export class CreateFollowUps1795501200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE batch ADD follow_up_of bigint CONSTRAINT batch_follow_up_of REFERENCES batch (number);

-- Each line of a follow-up batch, and the line that it pays again. No foreign keys, as for every bulk table.
CREATE TABLE follow_up_line (
  batch_number bigint NOT NULL,
  row_no int NOT NULL,
  source_batch bigint NOT NULL,
  source_row int NOT NULL,
  -- The line will not be paid by this batch (cancelled, or set aside at the approval): its source is open again.
  released boolean NOT NULL DEFAULT false,
  PRIMARY KEY (batch_number, row_no)
);
-- A line that came back is followed up once at a time, whoever asks and however many at once.
CREATE UNIQUE INDEX follow_up_line_once ON follow_up_line (source_batch, source_row) WHERE NOT released;

CREATE FUNCTION guard_follow_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released OR NOT NEW.released
     OR (OLD.batch_number, OLD.row_no, OLD.source_batch, OLD.source_row)
        IS DISTINCT FROM (NEW.batch_number, NEW.row_no, NEW.source_batch, NEW.source_row) THEN
    RAISE EXCEPTION 'the link of a follow-up is immutable; it can only be released'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'follow_up_immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follow_up_line_update BEFORE UPDATE ON follow_up_line
  FOR EACH ROW EXECUTE FUNCTION guard_follow_up();
CREATE TRIGGER follow_up_line_kept BEFORE DELETE OR TRUNCATE ON follow_up_line
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What came back is little beside what was paid, and is asked for by itself.
CREATE INDEX payment_outcome_back ON payment_outcome (batch_number, row_no) WHERE kind IN ('returned', 'refused');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX payment_outcome_back;
DROP TABLE follow_up_line;
DROP FUNCTION guard_follow_up();
ALTER TABLE batch DROP follow_up_of;`);
  }
}
