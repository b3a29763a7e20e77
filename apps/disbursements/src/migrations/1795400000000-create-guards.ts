import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditTable } from '@ansinh/audit';
import { guards, unguard } from '@ansinh/database';
import { idempotencyTable } from '@ansinh/idempotency';

/** What every later table leans on: append-only tables, guarded states, remembered commands, the audit log. */
export class CreateGuards1795400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(guards);
    await runner.query(idempotencyTable);
    await runner.query(auditTable);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_event; DROP TABLE idempotency_key; ${unguard}`);
  }
}
