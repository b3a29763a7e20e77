import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person was owed, released or not, is asked for one by one: without an index of what was released the whole table was read for each. */
export class FindReleased1796100801000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX entitlement_released ON entitlement (person_key, period) WHERE is_released',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX entitlement_released');
  }
}
