import type { MigrationInterface, QueryRunner } from 'typeorm';

const handled = ['state', 'owner', 'resolution', 'note', 'resolved_by', 'resolved_at', 'loan_id'];

/** What somebody may write of an exception. */
const guard = (columns: readonly string[]) => `
CREATE OR REPLACE FUNCTION guard_bank_exception() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  handled text[] := ARRAY[${columns.map((column) => `'${column}'`).join(', ')}];
BEGIN
  IF OLD.state = 'resolved' OR to_jsonb(NEW) - handled IS DISTINCT FROM to_jsonb(OLD) - handled THEN
    RAISE EXCEPTION 'what the bank told stands; an exception is resolved once'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'bank_exception_told';
  END IF;
  RETURN NEW;
END $$;`;

/** The day whose balances agree, to be told in the reader's language. Notes that were written before stay as they were written. */
export class KeepTheDayThatAgrees1796200821000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE bank_exception ADD COLUMN agreed_on date
  CONSTRAINT bank_exception_agreed CHECK (agreed_on IS NULL OR (resolution = 'agrees' AND note IS NULL));
${guard([...handled, 'agreed_on'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
${guard(handled)}
ALTER TABLE bank_exception DISABLE TRIGGER bank_exception_told;
-- The owner sees no row of it.
SET LOCAL ROLE ansinh_system;
UPDATE bank_exception SET agreed_on = NULL, note = format('Số dư ngày %s đã khớp.', agreed_on) WHERE agreed_on IS NOT NULL;
RESET ROLE;
ALTER TABLE bank_exception ENABLE TRIGGER bank_exception_told;
ALTER TABLE bank_exception DROP COLUMN agreed_on;`);
  }
}
