import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names are found by their words, whatever was typed: trigrams of whole names are asked for no more. */
export class CompareWords1796001180000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX name_form_plain');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX name_form_plain ON name_form USING gin (plain gin_trgm_ops)');
  }
}
