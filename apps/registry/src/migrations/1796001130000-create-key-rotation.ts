import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keyRotationTables } from '@ansinh/key-rotation';

/** The append-only tables with seals, and the column that has them. */
const guarded = { person_number: 'sealed', dossier_attachment: 'sealed_key' };

/** Rotation of the sealing key: the one change that a row of an append-only table may see. */
export class CreateKeyRotation1796001130000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(keyRotationTables);
    for (const [table, column] of Object.entries(guarded))
      await runner.query(`
DROP TRIGGER ${table}_append_only ON ${table};
CREATE TRIGGER ${table}_append_only BEFORE DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ${table}_resealed BEFORE UPDATE ON ${table}
  FOR EACH ROW EXECUTE FUNCTION guard_resealed_row('${column}');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of Object.keys(guarded))
      await runner.query(`
DROP TRIGGER ${table}_resealed ON ${table};
DROP TRIGGER ${table}_append_only ON ${table};
CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
    await runner.query(`
DROP TABLE key_rotation;
DELETE FROM state_edge WHERE machine = 'keyRotation';
DROP FUNCTION guard_resealed_row();
DROP FUNCTION key_version(bytea);`);
  }
}
