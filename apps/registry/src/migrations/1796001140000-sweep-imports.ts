import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists are kept until a day that is written beside them: then what was staged goes, which is people of whom many never
 * entered, and the counts stay. Lists of before, and of services that do not know of it yet, are kept for a month.
 */
export class SweepImports1796001140000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE registry_import
  ADD COLUMN kept_until date NOT NULL DEFAULT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 30,
  ADD COLUMN swept_at timestamptz,
  -- How many rows had which remark, once the remarks themselves are gone.
  ADD COLUMN counted_findings jsonb,
  ADD CONSTRAINT registry_import_swept CHECK ((swept_at IS NULL) = (counted_findings IS NULL));
CREATE INDEX registry_import_kept ON registry_import (kept_until) WHERE swept_at IS NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE registry_import DROP COLUMN kept_until, DROP COLUMN swept_at, DROP COLUMN counted_findings',
    );
  }
}
