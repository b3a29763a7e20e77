import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A rotation goes through the tables of any service: its place is a table and a key. The columns of before stay, unused. */
export class PlaceKeyRotation1796001125000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE key_rotation ADD position_table text, ADD position_key text[]');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE key_rotation DROP position_table, DROP position_key');
  }
}
