import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A record that was merged into another one is found by its name as well, in the same walk over the index: whoever asks by the
 * name of a person's other record is shown the person.
 */
export class SearchFormerNames1796001150000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX person_name_form;
CREATE INDEX person_name_form ON person (name_key, office_code, birth_year, id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX person_name_form;
CREATE INDEX person_name_form ON person (name_key, office_code, birth_year, id) WHERE survivor_id IS NULL;`);
  }
}
