import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where somebody died, the law speaks of him, and somebody else is paid. */
export class AddPayees1796100600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE list_row
  -- HMAC of the payee's citizen number, which is sealed with the numbers of the row; null where the person is paid himself.
  ADD payee_key uuid,
  ADD payee_name text;
ALTER TABLE entitlement
  -- Of what is claimed: who is paid, be it the person himself. Two obligations to him have two numbers.
  ADD payee_key uuid;
CREATE INDEX entitlement_payee ON entitlement (payee_key, programme, period) WHERE payee_key IS NOT NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE entitlement DROP payee_key;
ALTER TABLE list_row DROP payee_key, DROP payee_name;`);
  }
}
