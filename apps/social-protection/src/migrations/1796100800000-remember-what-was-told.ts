import type { MigrationInterface, QueryRunner } from 'typeorm';
import { of, protect, unprotect } from '@ansinh/database';

const protectedTables: Record<string, string> = {
  beneficiary_told: of('beneficiary', 'id', 'beneficiary_id'),
  run_uncompared: of('support_run', 'id', 'run_id'),
};

/**
 * What the registry said when somebody was compared last: a notice is of what is new beside that, also where it was said before and taken
 * back. And which approved months nobody has held against those who stand in the register by two numbers.
 */
export class RememberWhatWasTold1796100800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE beneficiary_told (
  beneficiary_id uuid PRIMARY KEY,
  died_on date,
  -- Where he was told to live while he was alive; null where nobody has looked at it yet.
  place_code text,
  resident_from date
);
CREATE TABLE run_uncompared (run_id uuid PRIMARY KEY);
-- Of all that was told, who stands in the register by two numbers.
CREATE INDEX registry_notice_two_numbers ON registry_notice (beneficiary_id, other_id) WHERE kind = 'samePerson';
CREATE FUNCTION note_run_uncompared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO run_uncompared VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER support_run_uncompared AFTER UPDATE OF state ON support_run FOR EACH ROW
  WHEN (NEW.state = 'approved' AND OLD.state <> NEW.state AND NEW.month IS NOT NULL) EXECUTE FUNCTION note_run_uncompared();`);
    for (const [table, isVisible] of Object.entries(protectedTables))
      await runner.query(protect(table, isVisible));
    // The owner sees no row of his tables. Who waits to be compared was not compared with what the registry says by now.
    await runner.query(`
SET LOCAL ROLE ansinh_system;
INSERT INTO beneficiary_told
SELECT b.id, p.died_on, CASE WHEN p.died_on IS NULL THEN p.place_code END, CASE WHEN p.died_on IS NULL THEN p.resident_from END
FROM beneficiary b CROSS JOIN LATERAL (
  SELECT * FROM registry_person told WHERE told.person_key = b.person_key AND (NOT told.is_former OR NOT EXISTS (
    SELECT FROM registry_person holder WHERE holder.person_key = told.person_key AND holder.person_id <> told.person_id))
  ORDER BY is_former LIMIT 1) p
WHERE NOT EXISTS (SELECT FROM beneficiary_uncompared WHERE beneficiary_id = b.id);
INSERT INTO beneficiary_told (beneficiary_id, died_on, place_code, resident_from)
SELECT b.id, death.died_on, home.place_code, home.resident_from
FROM beneficiary_uncompared waiting JOIN beneficiary b ON b.id = waiting.beneficiary_id
LEFT JOIN LATERAL (SELECT died_on FROM registry_notice
  WHERE beneficiary_id = b.id AND aspect = 'death' ORDER BY id DESC LIMIT 1) death ON true
LEFT JOIN LATERAL (SELECT place_code, resident_from FROM registry_notice
  WHERE beneficiary_id = b.id AND aspect = 'residence' ORDER BY id DESC LIMIT 1) home ON true;
-- What is approved and on no list yet may have granted both numbers of one person.
INSERT INTO run_uncompared SELECT id FROM support_run WHERE state = 'approved' AND month IS NOT NULL AND NOT is_listed;
RESET ROLE;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TRIGGER support_run_uncompared ON support_run; DROP FUNCTION note_run_uncompared(); DROP INDEX registry_notice_two_numbers;',
    );
    for (const table of Object.keys(protectedTables))
      await runner.query(`${unprotect(table)} DROP TABLE ${table};`);
  }
}
