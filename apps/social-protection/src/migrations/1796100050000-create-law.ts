import type { MigrationInterface, QueryRunner } from 'typeorm';
import { open, unprotect } from '@ansinh/database';

const tables = ['law_row', 'law_verdict', 'law_confirmation'];
const reason = 'the law of the province is the same for all of its offices, and names no citizen';

/** What people of the province add to the law: its own values, and the word of named persons that a row is right. */
export class CreateLaw1796100050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- A value of the province's own, as the law library reads it, with the resolution that it stands in.
CREATE TABLE law_row (
  id uuid PRIMARY KEY,
  parameter text NOT NULL,
  law jsonb NOT NULL,
  instrument jsonb NOT NULL,
  office_code text NOT NULL,
  entered_by text NOT NULL,
  entered_by_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- It counts once somebody else has approved it.
CREATE TABLE law_verdict (
  row_id uuid PRIMARY KEY REFERENCES law_row,
  verdict text NOT NULL CONSTRAINT law_verdict_verdict CHECK (verdict IN ('approved', 'rejected')),
  reason text CONSTRAINT law_verdict_reason CHECK ((reason IS NOT NULL) = (verdict = 'rejected')),
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION refuse_own_law_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.verdict = 'approved' AND EXISTS (
    SELECT FROM law_row WHERE id = NEW.row_id AND entered_by = NEW.actor_id)
  THEN
    RAISE EXCEPTION 'the maker of law row % may not approve it', NEW.row_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'law_maker_is_not_checker';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER law_verdict_maker BEFORE INSERT ON law_verdict FOR EACH ROW EXECUTE FUNCTION refuse_own_law_row();

-- A named person's word that a row of the carried law is right as it is: it is bound to what the row said.
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
);`);
    for (const table of tables) {
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
      await runner.query(open(table, reason, { office: 'SELECT, INSERT', system: 'SELECT' }));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(unprotect(table));
    await runner.query(`
DROP TABLE law_confirmation, law_verdict, law_row;
DROP FUNCTION refuse_own_law_row();`);
  }
}
