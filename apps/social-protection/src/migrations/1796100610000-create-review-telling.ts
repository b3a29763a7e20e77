import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

/** How far the registry was told of what an approved review found. */
export class CreateReviewTelling1796100610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE review_telling (
  review_id uuid NOT NULL REFERENCES poverty_review,
  -- Number of the move by which it was approved.
  approval int NOT NULL,
  last_household uuid,
  told int NOT NULL,
  -- Of those no household is known in the registry.
  unknown int NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (review_id, approval)
);
${protect('review_telling', of('poverty_review', 'id', 'review_id'))}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(unprotect('review_telling'));
    await runner.query('DROP TABLE review_telling');
  }
}
