import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * People of a name by commune: an office of one commune asks for its own, and passes over the ninety-nine of a hundred that
 * live elsewhere; all of it is in the index.
 */
export class IndexPeople1796000610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX person_name_form;
CREATE INDEX person_name_form ON person (name_key, office_code, birth_year, id);
CREATE INDEX person_birth ON person (birth_year, id) INCLUDE (office_code);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX person_birth;
DROP INDEX person_name_form;
CREATE INDEX person_name_form ON person (name_key, birth_year, id);`);
  }
}
