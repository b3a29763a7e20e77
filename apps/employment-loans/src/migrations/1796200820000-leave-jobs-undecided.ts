import type { MigrationInterface, QueryRunner } from 'typeorm';

const outcomes = ['counted', 'countedElsewhere', 'unknown', 'deceased', 'notEmployed', 'notInsured'];
const oneOf = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Whether a job counts that is not insured is law that waits for a named person: until then it is not decided, and by which rows is kept. */
export class LeaveJobsUndecided1796200820000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE job_finding ADD COLUMN unconfirmed text[] NOT NULL DEFAULT '{}';
ALTER TABLE job_finding ALTER COLUMN unconfirmed DROP DEFAULT;
ALTER TABLE job_finding DROP CONSTRAINT job_finding_outcome_check,
  ADD CONSTRAINT job_finding_outcome_check CHECK (outcome IN (${oneOf([...outcomes, 'undecided'])})),
  ADD CONSTRAINT job_finding_open CHECK (outcome = 'undecided' OR unconfirmed = '{}');`);
  }

  /** Before, none of them counted. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE job_finding DROP CONSTRAINT job_finding_open, DROP CONSTRAINT job_finding_outcome_check;
ALTER TABLE job_finding DISABLE TRIGGER job_finding_append_only;
-- The owner sees no row of it.
SET LOCAL ROLE ansinh_system;
UPDATE job_finding SET outcome = 'notInsured' WHERE outcome = 'undecided';
RESET ROLE;
ALTER TABLE job_finding ENABLE TRIGGER job_finding_append_only;
ALTER TABLE job_finding ADD CONSTRAINT job_finding_outcome_check CHECK (outcome IN (${oneOf(outcomes)}));
ALTER TABLE job_finding DROP COLUMN unconfirmed;`);
  }
}
