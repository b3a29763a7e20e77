import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which order statements were taken in, and what the next one must follow. */
export class OrderStatements1795501240000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE statement
  -- The last page that was taken in, and whether the statement ends with it.
  ADD page int NOT NULL DEFAULT 1,
  ADD is_complete boolean NOT NULL DEFAULT true,
  -- Statements that follow one another are taken in one after the other: the highest is the last.
  ADD position bigint GENERATED ALWAYS AS IDENTITY;
CREATE INDEX statement_last ON statement (fund_id, kind, position);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX statement_last;
ALTER TABLE statement DROP position, DROP is_complete, DROP page;`);
  }
}
