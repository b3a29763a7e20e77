import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditChain, auditUnchain } from '@ansinh/audit';

/** The audit log becomes a chain of hashes, whose days are signed. */
export class ChainAuditLog1795500700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(auditChain);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(auditUnchain);
  }
}
