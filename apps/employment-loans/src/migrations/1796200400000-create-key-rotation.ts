import type { MigrationInterface, QueryRunner } from 'typeorm';
import { keyRotationTables } from '@ansinh/key-rotation';

/** Rotation of the sealing key: the one change that a contract may see. */
export class CreateKeyRotation1796200400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(keyRotationTables);
    await runner.query(`
DROP TRIGGER loan_contract_append_only ON loan_contract;
CREATE TRIGGER loan_contract_append_only BEFORE DELETE OR TRUNCATE ON loan_contract
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER loan_contract_resealed BEFORE UPDATE ON loan_contract
  FOR EACH ROW EXECUTE FUNCTION guard_resealed_row('sealed_payee');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP TRIGGER loan_contract_append_only ON loan_contract;
DROP TRIGGER loan_contract_resealed ON loan_contract;
CREATE TRIGGER loan_contract_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON loan_contract
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP TABLE key_rotation;
DELETE FROM state_edge WHERE machine = 'keyRotation';
DROP FUNCTION guard_resealed_row();
DROP FUNCTION key_version(bytea);`);
  }
}
