import type { MigrationInterface, QueryRunner } from 'typeorm';
import { open, unprotect } from '@ansinh/database';

/** A named person's word that a row of the carried law is right as it is: it is bound to what the row said. */
export class CreateLawConfirmations1796200710000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE law_confirmation (
  row_code text NOT NULL,
  digest text NOT NULL CONSTRAINT law_confirmation_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
  basis text NOT NULL,
  office_code text NOT NULL,
  confirmed_by text NOT NULL,
  confirmed_by_name text NOT NULL,
  confirmed_on date NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (row_code, digest)
);
CREATE TRIGGER law_confirmation_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON law_confirmation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    const reason = 'the law of the province is the same for all of its offices, and names no citizen';
    await runner.query(open('law_confirmation', reason, { office: 'SELECT, INSERT', system: 'SELECT' }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(unprotect('law_confirmation'));
    await runner.query('DROP TABLE law_confirmation');
  }
}
