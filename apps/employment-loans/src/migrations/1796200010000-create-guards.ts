import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createGuards, dropGuards } from '@ansinh/idempotency';

/** What every later table leans on: append-only tables, guarded states, remembered commands, the audit log, offices. */
export class CreateGuards1796200010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createGuards(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropGuards(runner);
  }
}
