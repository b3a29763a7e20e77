import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keyRotationTables } from '@ansinh/key-rotation';

/** Rotation of the sealing key: the one change that a row of a list, or of a household of a closed review, may see. */
export class CreateKeyRotation1796100400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(keyRotationTables);
    await runner.query(`
DROP TRIGGER list_row_append_only ON list_row;
CREATE TRIGGER list_row_append_only BEFORE DELETE ON list_row FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER list_row_resealed BEFORE UPDATE ON list_row FOR EACH ROW EXECUTE FUNCTION guard_resealed_row('sealed');

DROP TRIGGER reviewed_household_open ON reviewed_household;
CREATE TRIGGER reviewed_household_open BEFORE INSERT ON reviewed_household
  FOR EACH ROW EXECUTE FUNCTION guard_reviewed_household();
CREATE TRIGGER reviewed_household_corrected BEFORE UPDATE ON reviewed_household
  FOR EACH ROW WHEN (NEW.sealed = OLD.sealed) EXECUTE FUNCTION guard_reviewed_household();
CREATE TRIGGER reviewed_household_resealed BEFORE UPDATE ON reviewed_household
  FOR EACH ROW WHEN (NEW.sealed <> OLD.sealed) EXECUTE FUNCTION guard_resealed_row('sealed');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TRIGGER list_row_append_only ON list_row;
DROP TRIGGER list_row_resealed ON list_row;
CREATE TRIGGER list_row_append_only BEFORE UPDATE OR DELETE ON list_row
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP TRIGGER reviewed_household_open ON reviewed_household;
DROP TRIGGER reviewed_household_corrected ON reviewed_household;
DROP TRIGGER reviewed_household_resealed ON reviewed_household;
CREATE TRIGGER reviewed_household_open BEFORE INSERT OR UPDATE ON reviewed_household
  FOR EACH ROW EXECUTE FUNCTION guard_reviewed_household();
DROP TABLE key_rotation;
DELETE FROM state_edge WHERE machine = 'keyRotation';
DROP FUNCTION guard_resealed_row();
DROP FUNCTION key_version(bytea);`);
  }
}
