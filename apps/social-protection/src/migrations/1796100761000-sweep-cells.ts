import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables of what is kept of flawed lists, and of the lists. */
const listsOf = {
  list_cells: 'support_list',
  insurance_cells: 'insurance_list',
  insurance_finding: 'insurance_list',
};

/** What is kept of a flawed list, to be given back, goes after its last day; the list says since when it is gone. */
export class SweepCells1796100761000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Argument: the table of the lists. What is kept of a list goes with a note on it, or not at all.
CREATE FUNCTION refuse_unswept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_kept boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM gone JOIN %I list ON list.id = gone.list_id WHERE cells_swept_at IS NULL)', TG_ARGV[0])
    INTO is_kept;
  IF is_kept THEN
    RAISE EXCEPTION '% is append-only: its rows go when their list is swept', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER list_cells_kept ON list_cells;
DROP TRIGGER insurance_cells_kept ON insurance_cells;
DROP TRIGGER insurance_finding_append_only ON insurance_finding;
CREATE TRIGGER insurance_finding_append_only BEFORE UPDATE ON insurance_finding
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    for (const [table, lists] of Object.entries(listsOf)) {
      await runner.query(`
CREATE TRIGGER ${table}_kept BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ${table}_swept AFTER DELETE ON ${table} REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_unswept('${lists}')`);
    }
    for (const lists of ['support_list', 'insurance_list']) {
      await runner.query(`
ALTER TABLE ${lists} ADD COLUMN cells_swept_at timestamptz;
CREATE INDEX ${lists}_flawed ON ${lists} (created_at) WHERE blocked > 0 AND cells_swept_at IS NULL`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(listsOf)) {
      await runner.query(`DROP TRIGGER ${table}_swept ON ${table}; DROP TRIGGER ${table}_kept ON ${table}`);
    }
    await runner.query(`
DROP TRIGGER insurance_finding_append_only ON insurance_finding;
CREATE TRIGGER insurance_finding_append_only BEFORE UPDATE OR DELETE ON insurance_finding
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insurance_cells_kept BEFORE DELETE OR TRUNCATE ON insurance_cells
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER list_cells_kept BEFORE DELETE OR TRUNCATE ON list_cells FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION refuse_unswept();
ALTER TABLE support_list DROP COLUMN cells_swept_at;
ALTER TABLE insurance_list DROP COLUMN cells_swept_at`);
  }
}
