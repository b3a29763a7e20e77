import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

/** What each use check found of each worker whom it names, by what the registry said of the day. */
export class CreateJobFindings1796200711000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE job_finding (
  loan_id uuid NOT NULL,
  move int NOT NULL,
  person_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('counted', 'countedElsewhere', 'unknown', 'deceased', 'notEmployed', 'notInsured')),
  -- The day of the check, which the registry was asked about; and when it answered.
  found_on date NOT NULL,
  answered_at timestamptz NOT NULL,
  -- Of the contract with the borrower; none of who works for himself.
  contract_from date,
  contract_until date,
  insured_from date,
  PRIMARY KEY (loan_id, person_id, move),
  FOREIGN KEY (loan_id, person_id) REFERENCES loan_worker,
  FOREIGN KEY (loan_id, move) REFERENCES loan_move (loan_id, number),
  CHECK (contract_from IS NOT NULL OR num_nulls(contract_until, insured_from) = 2)
);
CREATE TRIGGER job_finding_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON job_finding
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Two records of one person are one worker: the registry says which record stands for both. What was counted before was not asked.
ALTER TABLE loan_job ADD COLUMN stands_for_id uuid;
CREATE UNIQUE INDEX loan_job_once ON loan_job (coalesce(stands_for_id, person_id));`);
    await runner.query(protect('job_finding', of('loan', 'id', 'loan_id')));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(unprotect('job_finding'));
    await runner.query(`
DROP INDEX loan_job_once;
ALTER TABLE loan_job DROP COLUMN stands_for_id;
DROP TABLE job_finding;`);
  }
}
