import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a bank wants of its messages, as it was when a batch was checked; and where a list is cut into messages. */
export class CreateBankProfiles1795500500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE bank_profile (
  digest text PRIMARY KEY,
  content jsonb NOT NULL
);
CREATE TRIGGER bank_profile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_profile
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Null: checked before there were profiles, and written by the standard.
ALTER TABLE batch ADD bank_profile text CONSTRAINT batch_bank_profile REFERENCES bank_profile;

-- Cuts the kept lines of a list, in order, into pieces of at most so many lines and so many đồng. Row by row, because
-- where a piece begins depends on all before it. A line above the amount is a piece by itself.
CREATE FUNCTION cut_list(list bigint, lines_max int, amount_max bigint)
RETURNS TABLE (piece int, first_row int, last_row int) LANGUAGE plpgsql STABLE AS $$
DECLARE
  line record;
  lines int := 0;
  total bigint := 0;
BEGIN
  piece := 1;
  FOR line IN SELECT row_no, amount FROM payment_line
              WHERE batch_number = list AND NOT set_aside ORDER BY row_no LOOP
    IF lines > 0 AND (lines >= lines_max OR total + line.amount > amount_max) THEN
      RETURN NEXT;
      piece := piece + 1;
      lines := 0;
      total := 0;
    END IF;
    IF lines = 0 THEN first_row := line.row_no; END IF;
    last_row := line.row_no;
    lines := lines + 1;
    total := total + line.amount;
  END LOOP;
  IF lines > 0 THEN RETURN NEXT; END IF;
END $$;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP FUNCTION cut_list(bigint, int, bigint);
ALTER TABLE batch DROP bank_profile;
DROP TABLE bank_profile;`);
  }
}
