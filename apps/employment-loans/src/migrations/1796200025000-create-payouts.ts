import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropPayoutTables, payoutTables } from '@ansinh/payouts';

/** Lists of disbursements on their way into batches, and what is read of their outcomes. */
export class CreatePayouts1796200025000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(payoutTables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropPayoutTables);
  }
}
