import type { MigrationInterface, QueryRunner } from 'typeorm';
import { databaseOptions, guards, migrateDatabase, officeRoles } from '@ansinh/database';
import { dropPayoutTables, payoutTables } from '@ansinh/payouts';

/** The least that a service has which pays by the disbursements: its payouts, and what it was told of their rows. */
class CreateProgramme1796900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(guards);
    await runner.query(officeRoles);
    await runner.query('GRANT SELECT ON state_edge TO ansinh_office, ansinh_system');
    await runner.query(payoutTables);
    await runner.query(`
CREATE TABLE told (
  payout_id uuid, row_no int, status text, amount bigint, booked_on text, reason text, findings text[],
  times int NOT NULL DEFAULT 1, PRIMARY KEY (payout_id, row_no));
GRANT SELECT, INSERT, UPDATE ON told TO ansinh_system`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE told; ${dropPayoutTables}`);
  }
}

const optionsOf = (url: string) =>
  databaseOptions({
    url,
    applicationName: 'programme-test',
    entities: [],
    migrations: [CreateProgramme1796900000000],
  });

export const programmeOptions = optionsOf;

export const migrateProgramme = (url: string, serviceUrl: string) =>
  migrateDatabase({ options: optionsOf(url), serviceUrl });
