import type { MigrationInterface, QueryRunner } from 'typeorm';

const guard = (condition: string) => `
CREATE OR REPLACE FUNCTION guard_survivor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${condition}IF NEW.survivor_id IS NOT NULL
     AND EXISTS (SELECT FROM person WHERE id = NEW.survivor_id AND survivor_id IS NOT NULL
                 UNION ALL SELECT FROM person WHERE survivor_id = NEW.id) THEN
    RAISE EXCEPTION 'who stands for another stands for himself'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'person_survivor_stands';
  END IF;
  RETURN NULL;
END $$;`;

const isThere = `IF NOT EXISTS (SELECT FROM person WHERE id = NEW.survivor_id) THEN
    RAISE EXCEPTION 'person refers to no row of person' USING ERRCODE = 'foreign_key_violation';
  END IF;
  `;

/**
 * Nobody is entered as absorbed, and yet the foreign key was asked of each person who entered, which was a sixtieth of a chunk. It is asked
 * of the people of a statement together, and of whoever is absorbed by the guard that is there for him.
 */
export class ReferToSurvivorsByStatement1796001222000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE person DROP CONSTRAINT person_survivor_id_fkey;
CREATE TRIGGER person_survivor_id_referred AFTER INSERT ON person REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION require_referred('survivor_id', 'person', 'id');
${guard(isThere)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
${guard('')}
DROP TRIGGER person_survivor_id_referred ON person;
-- Its rows are asked as the owner, who goes by the policies like everybody.
ALTER TABLE person NO FORCE ROW LEVEL SECURITY;
ALTER TABLE person ADD CONSTRAINT person_survivor_id_fkey FOREIGN KEY (survivor_id) REFERENCES person;
ALTER TABLE person FORCE ROW LEVEL SECURITY;`);
  }
}
