import type { MigrationInterface, QueryRunner } from 'typeorm';
import { accessLogTable } from '@ansinh/access-log';
import { of, ofOffice, protect, unprotect } from '@ansinh/database';

/** A list with flawed rows is given back as it came, with its remarks; who reads numbers of it whole is written down. */
export class CreateRemarkedLists1796100640000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Cells as they came, sealed by block of rows; of lists alone in which something was wrong.
CREATE TABLE list_cells (
  list_id uuid NOT NULL REFERENCES support_list,
  block_no int NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (list_id, block_no)
);
CREATE TRIGGER list_cells_kept BEFORE DELETE OR TRUNCATE ON list_cells FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER list_cells_resealed BEFORE UPDATE ON list_cells
  FOR EACH ROW EXECUTE FUNCTION guard_resealed_row('sealed');
${accessLogTable}`);
    await runner.query(protect('list_cells', of('support_list', 'id', 'list_id')));
    await runner.query(protect('access_log', ofOffice('office')));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${unprotect('access_log')}
${unprotect('list_cells')}
DROP TABLE access_log, list_cells;`);
  }
}
