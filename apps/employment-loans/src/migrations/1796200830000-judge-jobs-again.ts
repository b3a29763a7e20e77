import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the law left open of a job is judged again once it is confirmed, by what the registry said then: as a finding beside the first
 * one, of the same check. Which record stands for the worker is kept with it, so that he counts once.
 */
export class JudgeJobsAgain1796200830000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE job_finding
  -- Of this check: 1 is what it found itself.
  ADD COLUMN judged int NOT NULL DEFAULT 1 CHECK (judged > 0),
  -- Null where it was found before this was kept: he stands for himself.
  ADD COLUMN stands_for_id uuid;
ALTER TABLE job_finding DROP CONSTRAINT job_finding_pkey, ADD PRIMARY KEY (loan_id, person_id, move, judged);
CREATE INDEX job_finding_undecided ON job_finding (loan_id, person_id) WHERE outcome = 'undecided';`);
  }

  /** What was judged again is undecided as before; who was counted by it still counts. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE job_finding DISABLE TRIGGER job_finding_append_only;
-- The owner sees no row of it.
SET LOCAL ROLE ansinh_system;
DELETE FROM job_finding WHERE judged > 1;
RESET ROLE;
ALTER TABLE job_finding ENABLE TRIGGER job_finding_append_only;
DROP INDEX job_finding_undecided;
ALTER TABLE job_finding DROP CONSTRAINT job_finding_pkey, ADD PRIMARY KEY (loan_id, person_id, move);
ALTER TABLE job_finding DROP COLUMN judged, DROP COLUMN stands_for_id;`);
  }
}
