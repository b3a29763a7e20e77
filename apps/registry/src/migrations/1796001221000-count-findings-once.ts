import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Remarks of a list are counted where they come, and the counts stand beside it from then on: each chunk counted them anew, of a list
 * with a warning in every row for longer than its people took to enter.
 */
export class CountFindingsOnce1796001221000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE registry_import
  DROP CONSTRAINT registry_import_swept,
  ADD CONSTRAINT registry_import_swept CHECK (swept_at IS NULL OR counted_findings IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE registry_import DROP CONSTRAINT registry_import_swept;
SET LOCAL ROLE ansinh_system;
UPDATE registry_import SET counted_findings = NULL WHERE swept_at IS NULL AND counted_findings IS NOT NULL;
RESET ROLE;
ALTER TABLE registry_import
  ADD CONSTRAINT registry_import_swept CHECK ((swept_at IS NULL) = (counted_findings IS NULL))`);
  }
}
