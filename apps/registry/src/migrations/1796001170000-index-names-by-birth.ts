import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Of a name and a day of birth there are one or two people; of a name alone hundreds, and of a day fifty, among 1.5 million.
 * Names are looked for as a whole as well, which takes an index of trigrams longer than all the rest.
 */
export class IndexNamesByBirth1796001170000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX person_born_on;
CREATE INDEX person_born_on ON person (born_on, name_key) WHERE born_on IS NOT NULL;
CREATE INDEX name_form_whole ON name_form (plain);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX name_form_whole;
DROP INDEX person_born_on;
CREATE INDEX person_born_on ON person (born_on) WHERE born_on IS NOT NULL;`);
  }
}
