import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

const ofList = of('insurance_list', 'id', 'list_id');

/** A list of the insurance office that is refused goes back to it as it came, with its remarks. */
export class KeepRefusedAnswers1796100760000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Rows in which something is wrong: where there are any, nothing of the list was taken.
ALTER TABLE insurance_list ADD COLUMN blocked int NOT NULL DEFAULT 0;

-- Cells as they came, sealed by block of rows; of refused lists alone.
CREATE TABLE insurance_cells (
  list_id uuid NOT NULL REFERENCES insurance_list,
  block_no int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (list_id, block_no)
);
CREATE TRIGGER insurance_cells_kept BEFORE DELETE OR TRUNCATE ON insurance_cells
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER insurance_cells_resealed BEFORE UPDATE ON insurance_cells
  FOR EACH ROW EXECUTE FUNCTION guard_resealed_row('sealed');

CREATE TABLE insurance_finding (
  list_id uuid NOT NULL REFERENCES insurance_list,
  row_no int NOT NULL,
  code text NOT NULL,
  column_name text NOT NULL,
  facts jsonb NOT NULL,
  PRIMARY KEY (list_id, row_no, code, column_name)
);
CREATE TRIGGER insurance_finding_append_only BEFORE UPDATE OR DELETE ON insurance_finding
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    await runner.query(protect('insurance_cells', ofList));
    await runner.query(protect('insurance_finding', ofList));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${unprotect('insurance_finding')}
${unprotect('insurance_cells')}
DROP TABLE insurance_finding, insurance_cells;
ALTER TABLE insurance_list DROP COLUMN blocked;`);
  }
}
