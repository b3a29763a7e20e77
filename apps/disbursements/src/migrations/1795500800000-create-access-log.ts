import type { MigrationInterface, QueryRunner } from 'typeorm';
import { accessLogTable } from '@ansinh/access-log';

/** Every reading of whole citizen numbers and accounts: who, whose, what for. */
export class CreateAccessLog1795500800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(accessLogTable);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE access_log');
  }
}
