import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Long values of which nobody asks by value: PostgreSQL took longer to sample them than all the others together. */
const unasked: Record<string, readonly string[]> = {
  decision: ['rules', 'because', 'facts', 'digest', 'earlier_id'],
  beneficiary: ['sealed', 'sealed_for', 'name'],
  beneficiary_statement: ['facts', 'basis'],
  list_row: ['sealed', 'facts', 'name'],
};

/**
 * Decisions of a month come at the end of an index, as its rows do. One by person or by beneficiary has them anywhere, on as many
 * pages as there are rows of a block, and more so with each month.
 */
export class FindDecisionsByMonth1796100700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
DROP INDEX decision_of_month, decision_beneficiary, decision_person;
-- All months of somebody are found by it too: months are few, and PostgreSQL skips from one to the next.
CREATE UNIQUE INDEX decision_of_month ON decision (month, beneficiary_id, run_id) WHERE beneficiary_id IS NOT NULL;
-- Decisions of a run lie together, and runs one after the other: a few bytes for every 32 pages find them, also after years of months.
CREATE INDEX decision_run ON decision USING brin (run_id) WITH (pages_per_range = 32, autosummarize = on);
-- Whom the register knows is found by his beneficiary.
CREATE INDEX decision_person ON decision (person_key, id) WHERE list_id IS NOT NULL;
${statistics(0)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${statistics('DEFAULT')}
DROP INDEX decision_of_month, decision_run, decision_person;
CREATE INDEX decision_person ON decision (person_key, id);
CREATE UNIQUE INDEX decision_of_month ON decision (run_id, beneficiary_id, month) WHERE beneficiary_id IS NOT NULL;
CREATE INDEX decision_beneficiary ON decision (beneficiary_id, month, id) WHERE beneficiary_id IS NOT NULL;`);
  }
}

const statistics = (target: 0 | 'DEFAULT') =>
  Object.entries(unasked)
    .map(
      ([table, columns]) =>
        `ALTER TABLE ${table} ${columns.map((column) => `ALTER ${column} SET STATISTICS ${target}`).join(', ')};`,
    )
    .join('\n');
